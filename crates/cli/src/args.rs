//! The command line as it is typed.

pub(crate) mod acting;
pub(crate) mod beside;
pub(crate) mod exchange;
mod fetching;
pub(crate) mod proof;
mod reading;
pub(crate) mod record;
mod registering;
mod scanning;
pub(crate) mod stamp;

use clap::{Parser, Subcommand, ValueEnum};

pub(crate) use fetching::FetchArgs;
pub(crate) use reading::{Explain, ExplainFormat, Inspect, Report};
pub(crate) use registering::{
    AddLicense, ExpireLicense, LicenseCommand, ListLicenses, NoteArgs, Register, Withdraw, YesNo,
};
pub(crate) use scanning::{
    Fingerprint, IsolationArgs, Judge, LimitArgs, Merge, QuestionArgs, Scan,
};

/// Find registered works in training datasets.
///
/// Registers works (audio, images, text) from a catalog, scans datasets
/// for them, and says which rows hold which work, where, how surely, and whether
/// a reservation or a license covers the use.
#[derive(Debug, Parser)]
#[command(name = "clearance", version, max_term_width = 80)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Global {
    /// Threads to work with [default: all cores]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// How to show progress
    #[arg(long, global = true, default_value = "auto", value_name = "HOW")]
    pub(crate) progress: ProgressKind,
    /// When to use color; the environment variable `NO_COLOR` counts too
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: ColorKind,
    /// How often a request that failed is made again, for inputs in object stores and on the
    /// web [default: 8]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) remote_retries: Option<u32>,
    /// Print results and errors only
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Print more about what is done
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressKind {
    /// A bar on a terminal, plain lines elsewhere
    Auto,
    /// A line every few seconds
    Plain,
    /// Nothing
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorKind {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add the works of a catalog to a registry
    Register(Register),
    /// Compare a dataset with a registry
    Scan(Box<Scan>),
    /// Put the shards of a scan together
    Merge(Merge),
    /// Judge a finished scan again, by today's rights or under another policy
    Judge(Judge),
    /// Make a dataset's fingerprint table, to compare it again and again
    Fingerprint(Fingerprint),
    /// Give registries away, and merge those of several owners
    #[command(subcommand)]
    Registry(exchange::RegistryCommand),
    /// Render the report of a finished scan again
    Report(Report),
    /// Show the evidence for one finding
    Explain(Explain),
    /// Take works out of a registry
    Withdraw(Withdraw),
    /// Keep the licenses in a registry: add, expire, list
    #[command(subcommand)]
    License(LicenseCommand),
    /// Show what a dataset, a registry, a scan's output or a media file holds
    Inspect(Inspect),
    /// Answer a rightsholder: everything about their works in a scan
    Answer(acting::Answer),
    /// Fill in the forms in which training data are disclosed
    Disclose(acting::Disclose),
    /// Write a copy of a dataset without what was found in it, or a list of it
    Filter(acting::Filter),
    /// Hold the results of a scan to limits
    Gate(acting::GateArgs),
    /// Make a key to sign results with
    Keygen(proof::Keygen),
    /// Keep a record of runs and approvals
    #[command(subcommand)]
    Log(record::LogCommand),
    /// Sign the output folder of a scan
    Sign(proof::Sign),
    /// Write what you declare about their use into copies of your files
    Stamp(stamp::Stamp),
    /// Write statements of use for every rightsholder
    Statements(acting::Statements),
    /// Verify the output folder of a scan
    Verify(proof::Verify),
    /// Decode items for a scan, which calls this itself
    #[command(hide = true)]
    Decode,
}
