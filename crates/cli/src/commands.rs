//! One module a command.

mod dataset;
pub(crate) mod decode;
pub(crate) mod disclose;
pub(crate) mod exchange;
pub(crate) mod explain;
pub(crate) mod filter;
pub(crate) mod fingerprint;
pub(crate) mod gate;
pub(crate) mod inspect;
pub(crate) mod judge;
pub(crate) mod keys;
pub(crate) mod ledger;
pub(crate) mod log;
pub(crate) mod merge;
pub(crate) mod owners;
mod recordings;
pub(crate) mod register;
pub(crate) mod report;
pub(crate) mod scan;
pub(crate) mod stamp;
pub(crate) mod verify;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use crate::args::Global;
use crate::config::remote_settings;

/// Sets up the thread pool and the way Ctrl-C ends a run: the first asks to
/// stop, a second ends the process.
pub(crate) fn prepare(global: &Global) -> anyhow::Result<Arc<AtomicBool>> {
    clearance_scan::set_remote(remote_settings(global));
    if let Some(threads) = global.threads {
        anyhow::ensure!(threads > 0, "--threads must be at least 1");
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global()
            .context("starting threads")?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            stop_at_once();
        }
    })
    .context("watching for Ctrl-C")?;
    Ok(stop)
}

#[expect(
    clippy::exit,
    reason = "the second Ctrl-C must end a run that does not end by itself"
)]
fn stop_at_once() {
    std::process::exit(130);
}
