//! Writes the committed `fixtures/` folder anew: `cargo run -p clearance-testkit --bin
//! make-fixtures [FOLDER]`. Needs the `ffmpeg` program.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clearance_testkit::fixtures;

fn main() -> ExitCode {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let root = std::env::args_os().nth(1).map_or(default, PathBuf::from);
    let (line, code) = match fixtures::write_all(&root) {
        Ok((files, bytes)) => (format!("{files} files, {bytes} bytes"), ExitCode::SUCCESS),
        Err(error) => (format!("error: {error}"), ExitCode::FAILURE),
    };
    // A closed terminal is no reason to fail.
    writeln!(std::io::stderr(), "{line}").ok();
    code
}
