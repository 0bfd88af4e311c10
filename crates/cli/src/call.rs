//! Commands for a process that is not a terminal: the same arguments, with exit codes and errors as
//! values and results in files.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use clap::Parser;
use clearance_index::Snapshot;
use clearance_scan::{Overrides, ScanOptions, TableOptions};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::args::{Args, Command, Scan};
use crate::commands;
use crate::config;
use crate::exit::Exit;
use crate::ui::{self, Ui};

/// Whose trouble an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Arguments or settings.
    Usage,
    /// A registry or a catalog.
    Registry,
    /// The dataset.
    Dataset,
    /// A folder of results.
    Results,
    /// The machine: files, space, threads.
    Machine,
}

/// Why a command could not run, as the command line says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Whose trouble it is.
    pub kind: FailureKind,
    /// What is wrong.
    pub words: String,
    /// What to do next, where that is known.
    pub hint: Option<String>,
}

impl Failure {
    fn usage(words: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Usage,
            words: words.into(),
            hint: None,
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self {
            kind: kind(&error),
            words: ui::in_words(&error),
            hint: ui::hint(&error).map(str::to_owned),
        }
    }
}

impl From<clearance_scan::Error> for Failure {
    fn from(error: clearance_scan::Error) -> Self {
        anyhow::Error::from(error).into()
    }
}

impl From<clearance_index::Error> for Failure {
    fn from(error: clearance_index::Error) -> Self {
        anyhow::Error::from(error).into()
    }
}

impl From<clap::Error> for Failure {
    /// Without the lines about usage and help, which are those of a terminal.
    fn from(error: clap::Error) -> Self {
        let text = error.render().to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text);
        let said = text.split("\n\nUsage:").next().unwrap_or_default();
        let said = said.split("\n\nFor more").next().unwrap_or_default();
        let (words, tip) = match said.split_once("\n\n  tip: ") {
            Some((words, tip)) => (words, Some(tip.trim().to_owned())),
            None => (said, None),
        };
        Self {
            kind: FailureKind::Usage,
            words: words.trim().to_owned(),
            hint: tip,
        }
    }
}

fn kind(error: &anyhow::Error) -> FailureKind {
    for cause in error.chain() {
        if let Some(index) = cause.downcast_ref::<clearance_index::Error>() {
            return match index {
                clearance_index::Error::Io { .. } => FailureKind::Machine,
                _ => FailureKind::Registry,
            };
        }
        if let Some(scan) = cause.downcast_ref::<clearance_scan::Error>() {
            return match scan {
                clearance_scan::Error::Input { .. } => FailureKind::Dataset,
                clearance_scan::Error::Column { .. } => FailureKind::Usage,
                clearance_scan::Error::Shards { .. } | clearance_scan::Error::Corrupt { .. } => {
                    FailureKind::Results
                }
                _ => FailureKind::Machine,
            };
        }
        if let Some(report) = cause.downcast_ref::<clearance_report::Error>() {
            match report {
                clearance_report::Error::Scan(_) => {}
                clearance_report::Error::Io { .. } => return FailureKind::Machine,
                _ => return FailureKind::Results,
            }
        } else if cause.is::<std::io::Error>() {
            return FailureKind::Machine;
        }
    }
    FailureKind::Usage
}

/// Runs a command that leaves its results in files: `register`, `scan`, `merge`, `judge` or
/// `fingerprint`. `arguments` are those of the command line without the program's name; nothing is
/// printed. Answers with the exit code; `stop` ends the command early, with 130.
///
/// Works on threads of its own, as many as `--threads` says.
///
/// # Errors
///
/// Where the command line would end with 2.
pub fn call<T: Into<OsString>>(
    arguments: impl IntoIterator<Item = T>,
    stop: &AtomicBool,
) -> Result<u8, Failure> {
    let args = parse(arguments)?;
    let ui = Ui::silent();
    clearance_scan::set_remote(config::remote_settings(&args.global));
    let exit = pool(args.global.threads)?.install(|| match &args.command {
        Command::Register(register) => commands::register::run(register, &ui, stop),
        Command::Scan(scan) => commands::scan::run(scan, &ui, stop),
        Command::Merge(merge) => commands::merge::run(merge, &ui),
        Command::Judge(judge) => commands::judge::run(judge, &ui),
        Command::Fingerprint(table) => commands::fingerprint::run(table, &ui, stop),
        _ => Err(anyhow::anyhow!(
            "this command prints its results: run it as a program, clearance or python -m clearance"
        )),
    })?;
    Ok(Exit::code(exit))
}

/// Whether the arguments of a scan and its settings fit: before it is handed to many machines, which
/// would all say so.
///
/// # Errors
///
/// Where [`call`] would not even begin.
pub fn check_scan<T: Into<OsString>>(
    arguments: impl IntoIterator<Item = T>,
) -> Result<(), Failure> {
    let Command::Scan(scan) = parse(arguments)?.command else {
        return Err(Failure::usage("arguments of another command"));
    };
    config::scan_settings(&scan)?;
    Ok(())
}

/// How batches are scanned.
pub struct BatchSettings {
    /// The settings of a scan.
    pub options: ScanOptions,
    /// How many threads to work with; all cores without.
    pub threads: Option<usize>,
}

/// The settings of a scan of rows in memory. `flags` are those of `clearance scan`; the date is
/// today unless they say another.
///
/// # Errors
///
/// For flags that are wrong, and for those that say something of a dataset or a folder of results.
pub fn batch_settings<T: Into<OsString>>(
    flags: impl IntoIterator<Item = T>,
) -> Result<BatchSettings, Failure> {
    let start = ["scan", "-", "--registry", "-", "--out", "-"].map(OsString::from);
    let args = parse(start.into_iter().chain(flags.into_iter().map(Into::into)))?;
    let Command::Scan(mut scan) = args.command else {
        return Err(Failure::usage("flags of another command"));
    };
    if let Some(flag) = flag_of_datasets(&scan) {
        return Err(Failure::usage(format!(
            "{flag} is about a whole dataset; rows in memory have none"
        )));
    }
    // A dataset's folder may hold settings; there is none.
    scan.inputs.clear();
    Ok(BatchSettings {
        options: config::scan_settings(&scan)?.options,
        threads: args.global.threads,
    })
}

fn flag_of_datasets(scan: &Scan) -> Option<&'static str> {
    let given = [
        (scan.inputs.len() > 1, "an input"),
        (scan.sample.is_some(), "--sample"),
        (scan.shard.is_some(), "--shard"),
        (scan.key.is_some(), "--key"),
        (scan.fetching.fetch, "--fetch"),
        (scan.only_findings, "--only-findings"),
        (scan.min_coverage.is_some(), "--min-coverage"),
        (scan.registry_at.is_some(), "--registry-at"),
    ];
    given
        .into_iter()
        .find_map(|(is_given, flag)| is_given.then_some(flag))
}

/// How batches are fingerprinted.
pub struct TableSettings {
    /// The settings of a fingerprint table.
    pub options: TableOptions,
    /// What is said of columns.
    pub overrides: Overrides,
    /// How many threads to work with; all cores without.
    pub threads: Option<usize>,
}

/// The settings of a fingerprint table of rows in memory. `flags` are those of
/// `clearance fingerprint`.
///
/// # Errors
///
/// For flags that are wrong.
pub fn table_settings<T: Into<OsString>>(
    flags: impl IntoIterator<Item = T>,
) -> Result<TableSettings, Failure> {
    let start = ["fingerprint", "-", "--out", "-"].map(OsString::from);
    let args = parse(start.into_iter().chain(flags.into_iter().map(Into::into)))?;
    let Command::Fingerprint(mut table) = args.command else {
        return Err(Failure::usage("flags of another command"));
    };
    if table.inputs.len() > 1 {
        return Err(Failure::usage("an input beside rows in memory"));
    }
    table.inputs.clear();
    let (options, overrides) = config::table_settings(&table)?;
    Ok(TableSettings {
        options,
        overrides,
        threads: args.global.threads,
    })
}

/// Opens a registry as it is, or as it stood at a day's end or at a moment (UTC).
///
/// # Errors
///
/// When there is none, or it is damaged, and for a date that is none.
pub fn open_registry(folder: &Path, at: Option<&str>) -> Result<Snapshot, Failure> {
    Ok(config::open_registry(folder, at)?)
}

fn parse<T: Into<OsString>>(arguments: impl IntoIterator<Item = T>) -> Result<Args, Failure> {
    let arguments = arguments.into_iter().map(Into::into);
    let named = std::iter::once(OsString::from("clearance")).chain(arguments);
    Ok(Args::try_parse_from(named)?)
}

/// Threads for one call. A process may make many calls with other numbers of threads, at the same
/// time or after a fork, so each has its own.
fn pool(threads: Option<usize>) -> Result<ThreadPool, Failure> {
    let threads = match threads {
        Some(0) => return Err(Failure::usage("--threads must be at least 1")),
        Some(threads) => threads,
        None => std::thread::available_parallelism().map_or(1, NonZero::get),
    };
    // One of them reads and hands out what the others work on.
    let pool = ThreadPoolBuilder::new().num_threads(threads + 1).build();
    pool.map_err(|error| Failure {
        kind: FailureKind::Machine,
        words: format!("starting threads: {error}"),
        hint: None,
    })
}

#[cfg(test)]
mod tests;
