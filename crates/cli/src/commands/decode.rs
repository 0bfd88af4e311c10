//! `clearance decode`: reads items for `clearance scan --isolate`, which starts it.

use crate::exit::Exit;

/// Nobody reads what it would print: the scan sees its exit code.
pub(crate) fn run() -> Exit {
    match clearance_scan::serve_decoding() {
        Ok(()) => Exit::Clean,
        Err(_) => Exit::CannotRun,
    }
}
