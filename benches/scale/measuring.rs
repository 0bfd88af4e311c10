//! What the system says of this process and its files (Linux).

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context;

/// Makes the most memory held so far that which is held now (`proc(5)`, `clear_refs`).
pub(crate) fn forget_peak() -> anyhow::Result<()> {
    std::fs::write("/proc/self/clear_refs", "5").context("/proc/self/clear_refs")
}

/// Memory that this process holds and no file stands behind, in MiB.
pub(crate) fn own_memory_mib() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("RssAnon"));
    let value = line.and_then(|line| line.split_whitespace().nth(1));
    let kib: f64 = value.context("/proc/self/status")?.parse()?;
    Ok(kib / 1024.0)
}

/// Takes files out of the page cache; returns whether all went. `dd` asks the system to
/// (`posix_fadvise(2)`, `POSIX_FADV_DONTNEED`), which needs no rights beyond reading them.
pub(crate) fn forget_files(files: &[PathBuf]) -> bool {
    let has_forgotten = |path: &PathBuf| {
        let mut input = std::ffi::OsString::from("if=");
        input.push(path);
        let mut dd = Command::new("dd");
        dd.arg(input)
            .args(["iflag=nocache", "count=0", "status=none"]);
        let ended = dd.stdout(Stdio::null()).stderr(Stdio::null()).status();
        ended.is_ok_and(|status| status.success())
    };
    files.iter().all(has_forgotten)
}
