//! What the programs that fill registries share.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clearance_index::ChangeNote;

/// All files under `folder`, sorted.
pub(crate) fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for found in std::fs::read_dir(folder).context(folder.display().to_string())? {
        let path = found?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014): the same works everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from 0 up to `end`, that one excluded.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A number from 0 to 1, that one excluded.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// CPU seconds of all threads of this process so far (`proc(5)`, in hundredths).
pub(crate) fn cpu_s() -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or("");
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |index: usize| {
        fields
            .get(index)
            .and_then(|field| field.parse::<f64>().ok())
    };
    let (user, system) = ticks(11).zip(ticks(12)).context("/proc/self/stat")?;
    Ok((user + system) / 100.0)
}

/// The most memory this process has held, in MiB.
pub(crate) fn peak_memory_mib() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let value = line.and_then(|line| line.split_whitespace().nth(1));
    let kib: f64 = value.context("/proc/self/status")?.parse()?;
    Ok(kib / 1024.0)
}

/// The note of the filling: without a date, so that the same works make the same registry.
pub(crate) fn undated() -> ChangeNote {
    ChangeNote::default()
}
