//! The command line as it is typed.

pub(crate) mod acting;
pub(crate) mod beside;
pub(crate) mod proof;
pub(crate) mod record;
pub(crate) mod stamp;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use clearance_report::Format;
use clearance_rights::{Country, Mode, Use};

/// Find registered works in training datasets.
///
/// Registers works (audio, images, text) from a catalog, scans Parquet datasets
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
    /// Judge a finished scan again, by today's rights or under another policy
    Judge(Judge),
    /// Make a dataset's fingerprint table, to compare it again and again
    Fingerprint(Fingerprint),
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
}

/// Add the works of a catalog to a registry.
///
/// A catalog is a CSV, JSON Lines or Parquet file with a column `work_id`, a DDEX
/// release message (ERN 3.8 or 4) beside its files, an ONIX for Books message
/// (3.0 or 3.1), or a folder of media (one work a file, named by the file). ONIX
/// names no files: give it together with a folder of files named by ISBN. Works
/// that are registered already are updated, never doubled. Lines and files that
/// cannot be registered are listed with their reason; the others are registered
/// all the same.
///
/// Exit codes: 0 all registered, 3 some lines rejected, 2 nothing registered.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Register {
    /// CSV, TSV, JSON Lines, Parquet, DDEX or ONIX files, or folders of media
    #[arg(required = true, value_name = "CATALOG")]
    pub(crate) catalogs: Vec<PathBuf>,
    /// The registry's folder; created when there is none
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// The name under which the catalogs' statements are kept [default: each
    /// catalog's file name]. A catalog replaces what was stated under its name
    /// about the same works; what others stated stays
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Where rejected lines are listed [default: rejects.csv in the registry]
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Keep no small previews of pictures in the registry
    #[arg(long)]
    pub(crate) no_previews: bool,
    /// Keep hashes of texts only: nothing of them can be read in the registry, and short or
    /// much edited passages are missed
    #[arg(long)]
    pub(crate) no_texts: bool,
    #[command(flatten)]
    pub(crate) note: NoteArgs,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

/// Said of a change of a registry, and kept in its history.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "History")]
pub(crate) struct NoteArgs {
    /// Who makes the change
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

/// Take works out of a registry.
///
/// They are no longer found by scans. What was said of them before stays in the
/// registry's files, for questions about earlier days (`--registry-at`); registering
/// a work again brings it back. An unknown work id changes nothing.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Withdraw {
    /// Ids of the works
    #[arg(required_unless_present = "list", value_name = "WORK_ID")]
    pub(crate) works: Vec<String>,
    /// A file with further ids, one a line
    #[arg(long, value_name = "FILE")]
    pub(crate) list: Option<PathBuf>,
    /// The registry's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: PathBuf,
    #[command(flatten)]
    pub(crate) note: NoteArgs,
}

/// The ledger of licenses.
///
/// What is said here of a license stands until it is changed here, whatever a
/// catalog that is registered later says of it.
#[derive(Debug, Subcommand)]
#[command(verbatim_doc_comment)]
pub(crate) enum LicenseCommand {
    /// Add a license to works
    Add(AddLicense),
    /// Give a license a last day, in all works that have it
    Expire(ExpireLicense),
    /// List the licenses in a registry
    List(ListLicenses),
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddLicense {
    /// Ids of the works
    #[arg(required = true, value_name = "WORK_ID")]
    pub(crate) works: Vec<String>,
    /// The registry's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// The license's id, as the contract or invoice has it
    #[arg(long, value_name = "ID")]
    pub(crate) id: String,
    /// Who may use the works; * for everyone
    #[arg(long, value_name = "NAME")]
    pub(crate) licensee: String,
    /// What is granted: search, mining, ai-input, train, train-generative, or all, joined by commas
    #[arg(long, value_name = "USES")]
    pub(crate) uses: String,
    /// First day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<String>,
    /// Last day, still covered
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<String>,
    /// Where it holds: countries or groups of countries [default: WORLD]
    #[arg(long, value_name = "CODES")]
    pub(crate) territory: Option<String>,
    /// Who granted it; several are separated by semicolons, or the flag is repeated. A work of
    /// several rightsholders is covered when all of them granted it; a license that does not say
    /// by whom is a case for review then
    #[arg(long = "licensor", value_name = "NAME")]
    pub(crate) licensors: Vec<String>,
    /// Whether works may be made out of the works
    #[arg(long, value_name = "YES|NO")]
    pub(crate) derivatives: Option<YesNo>,
    /// Class of price or tariff
    #[arg(long, value_name = "TEXT")]
    pub(crate) price_class: Option<String>,
    /// Where the agreement is to be found: a contract's number, an address
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
    #[command(flatten)]
    pub(crate) note: NoteArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum YesNo {
    Yes,
    No,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExpireLicense {
    /// The license's id
    #[arg(value_name = "LICENSE_ID")]
    pub(crate) license: String,
    /// The registry's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// The last day that is still covered [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<String>,
    #[command(flatten)]
    pub(crate) note: NoteArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ListLicenses {
    /// The registry's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// Of this work only
    #[arg(long, value_name = "WORK_ID")]
    pub(crate) work: Option<String>,
    /// In force on this day only
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<String>,
    /// As JSON lines
    #[arg(long)]
    pub(crate) json: bool,
}

/// Compare a dataset with a registry.
///
/// Inputs are Parquet files, folders of them, or patterns; fingerprint tables stand
/// for the datasets that they were made of. Writes
/// findings.parquet, findings.jsonl, coverage.parquet, summary.json and
/// report.html into the output folder. A scan that was interrupted continues
/// where it stopped.
///
/// Exit codes: 0 everything examined, nothing over policy; 1 findings over
/// policy; 3 nothing over policy, but not everything could be examined;
/// 2 could not run; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Scan {
    /// Parquet files, folders or patterns
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The registry to compare with
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// Compare with the registry as it stood at the end of this day, or at this
    /// moment (YYYY-MM-DDThh:mm:ssZ)
    #[arg(long, value_name = "DATE")]
    pub(crate) registry_at: Option<String>,
    /// The folder for the results
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// What a column holds: audio, image, text, or ignore (repeatable)
    #[arg(long = "column", value_name = "NAME=MEDIA")]
    pub(crate) columns: Vec<String>,
    /// Settings file [default: clearance.toml beside the dataset, when there]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) question: QuestionArgs,
    /// Least share of rows to examine, 0 to 1 [default: every item of every row]
    #[arg(long, value_name = "SHARE")]
    pub(crate) min_coverage: Option<f64>,
    /// Share of the recordings and pictures without a match that are searched again
    /// with shuffled notes and as negatives, to measure what chance finds, 0 to 1
    /// [default: 0.1]
    #[arg(long, value_name = "SHARE")]
    pub(crate) decoys: Option<f64>,
    /// Scan about this many rows only, drawn by chance from each file in proportion to its
    /// length, and estimate how many rows of the whole dataset hold a work
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) sample: Option<u64>,
    /// Another seed draws another sample
    #[arg(long, value_name = "N", default_value_t = 0, requires = "sample")]
    pub(crate) sample_seed: u64,
    #[command(flatten)]
    pub(crate) beside: beside::BesideArgs,
    /// Look addresses in the dataset up in rules about places: a table of patterns (CSV),
    /// snapshots of sites' files in folders DATE/HOST/, WARC files, or folders of all these
    /// (repeatable)
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) places: Vec<PathBuf>,
    /// Another folder that paths in the dataset may lead to (repeatable)
    #[arg(long = "media-root", value_name = "DIR")]
    pub(crate) media_roots: Vec<PathBuf>,
    /// Write the findings alone, for the owner of the works: nothing about other rows
    #[arg(long)]
    pub(crate) only_findings: bool,
    /// Sign the results with this private key (see clearance keygen)
    #[arg(long, value_name = "FILE", conflicts_with = "only_findings")]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

/// Judge the findings of a finished scan again: by the reservations and licenses
/// that the registry holds now, on another date, for another use or licensee.
///
/// Nothing is read of the dataset, and the results are those that a scan would give
/// now. After works or files were added to the registry or withdrawn from it, only
/// a scan can tell: that is refused. What no flag says stays as it was in the scan,
/// except the date.
///
/// Exit codes: as those of a scan.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Judge {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) scanned: PathBuf,
    /// The registry that was compared with
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: PathBuf,
    /// The registry as it stood at the end of this day, or at this moment
    /// (YYYY-MM-DDThh:mm:ssZ)
    #[arg(long, value_name = "DATE")]
    pub(crate) registry_at: Option<String>,
    /// The folder for the results
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) question: QuestionArgs,
}

/// Make a dataset's fingerprint table: what a scan compares of it, in one Parquet
/// file.
///
/// `clearance scan` takes the table in the dataset's place and finds the same in it,
/// without reading or decoding the dataset again: after an opt-out was added, a
/// license ended, or an owner sent a registry. It holds no playable or readable
/// content; TABLE.md says what it does reveal. A run that was interrupted continues
/// where it stopped.
///
/// Exit codes: 0 everything fingerprinted; 3 some items could not be read; 2 could
/// not run; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Fingerprint {
    /// Parquet files, folders or patterns
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The table
    #[arg(long, value_name = "FILE.parquet")]
    pub(crate) out: PathBuf,
    /// Keep the texts themselves, which are compared letter by letter; without them a
    /// scan of the table skips texts
    #[arg(long)]
    pub(crate) keep_texts: bool,
    /// What a column holds: audio, image, text, or ignore (repeatable)
    #[arg(long = "column", value_name = "NAME=MEDIA")]
    pub(crate) columns: Vec<String>,
    /// Settings file [default: clearance.toml beside the dataset, when there]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Another folder that paths in the dataset may lead to (repeatable)
    #[arg(long = "media-root", value_name = "DIR")]
    pub(crate) media_roots: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

/// What reservations and licenses are asked for.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct QuestionArgs {
    /// opt-out flags reserved works, opt-in every work without a license
    /// [default: opt-out]
    #[arg(long)]
    pub(crate) mode: Option<Mode>,
    /// The planned use: search, mining, ai-input, train or train-generative
    /// [default: train-generative]
    #[arg(long = "use", value_name = "USE")]
    pub(crate) use_: Option<Use>,
    /// The date that reservations and licenses are judged at [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<String>,
    /// Whose licenses count
    #[arg(long, value_name = "NAME")]
    pub(crate) licensee: Option<String>,
    /// The country in which the use takes place
    #[arg(long, value_name = "CODE")]
    pub(crate) territory: Option<Country>,
}

#[expect(clippy::struct_field_names, reason = "the names are the flags")]
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Limits on each item")]
pub(crate) struct LimitArgs {
    /// Largest file, in bytes [default: 512 MiB]
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_item_bytes: Option<u64>,
    /// Longest recording, in seconds; the rest is left unread [default: 12 h]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) max_audio_seconds: Option<f64>,
    /// Largest picture, in pixels [default: 200 million]
    #[arg(long, value_name = "PIXELS")]
    pub(crate) max_image_pixels: Option<u64>,
    /// Longest text, in bytes [default: 256 MiB]
    #[arg(long, value_name = "BYTES")]
    pub(crate) max_text_bytes: Option<u64>,
    /// Longest time for decoding one item, in seconds [default: 120]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) max_decode_seconds: Option<f64>,
}

/// Render the report of a finished scan again, with the decisions of reviewers, or
/// its findings for other tools.
#[derive(Debug, clap::Args)]
pub(crate) struct Report {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// What to write, joined by commas: html, csv (safe for spreadsheets), sarif
    /// (2.1.0), json-lines (typed messages)
    #[arg(
        long = "format",
        value_name = "FORMATS",
        value_delimiter = ',',
        default_value = "html"
    )]
    pub(crate) formats: Vec<Format>,
    /// Where to write all but html [default: OUT]
    #[arg(long, value_name = "DIR")]
    pub(crate) to: Option<PathBuf>,
    /// Files of decisions that reviewers saved in the report's page; they are merged into the
    /// output folder, and the later decision of a reviewer replaces the earlier
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) decisions: Vec<PathBuf>,
    /// Put recordings with findings into the page, to be played there: the strongest, as long as
    /// there is room. They are read from the dataset again
    #[arg(long)]
    pub(crate) embed_media: bool,
    /// Put spectrograms of recordings with findings into the page, behind the peaks that agree: the
    /// strongest 500. The recordings are read from the dataset again
    #[arg(long)]
    pub(crate) spectrograms: bool,
    /// Where the registered recordings lie: files or folders, whatever their names
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "spectrograms")]
    pub(crate) works: Vec<PathBuf>,
    /// Room for all recordings together, in megabytes; one may take a quarter of it
    #[arg(long, value_name = "MB", default_value_t = 32, requires = "embed_media",
        value_parser = clap::value_parser!(u64).range(1..=512))]
    pub(crate) embed_mb: u64,
    /// The dataset, when it is not where it was scanned
    #[arg(long, value_name = "INPUT", num_args = 1..)]
    pub(crate) dataset: Vec<PathBuf>,
}

/// Show the evidence for one finding: what agrees, how strongly, and what the rights
/// records say.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Explain {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// Id of the finding, or enough of its beginning
    #[arg(value_name = "FINDING")]
    pub(crate) finding: String,
    /// Words and drawings for the terminal, a picture, or a piece of a page
    #[arg(long, default_value = "text", value_name = "FORM")]
    pub(crate) format: ExplainFormat,
    /// The registry that was compared with: where nothing is kept of the finding to be shown,
    /// its item is read from the dataset and examined again
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: Option<PathBuf>,
    /// The dataset, when it is not where it was scanned
    #[arg(long, value_name = "INPUT", num_args = 1..)]
    pub(crate) dataset: Vec<PathBuf>,
    /// Of a recording: show its spectrum behind the peaks that agree
    #[arg(long)]
    pub(crate) spectrograms: bool,
    /// Where the registered recording lies: files or folders, whatever their names
    #[arg(long, value_name = "PATH", num_args = 1.., requires = "spectrograms")]
    pub(crate) works: Vec<PathBuf>,
    /// The file to write to [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    Text,
    Svg,
    #[cfg(feature = "png")]
    Png,
    Html,
}

/// Show what a dataset, a registry, a scan's output or a media file holds.
#[derive(Debug, clap::Args)]
pub(crate) struct Inspect {
    /// A registry, a scan's output folder, a dataset, or a media file
    #[arg(value_name = "THING")]
    pub(crate) thing: PathBuf,
    /// In a scan's output: list what was not examined, and why
    #[arg(long)]
    pub(crate) unreadable: bool,
    /// In a registry: everything about one work
    #[arg(long, value_name = "WORK_ID")]
    pub(crate) work: Option<String>,
    /// A registry as it stood at the end of this day, or at this moment
    /// (YYYY-MM-DDThh:mm:ssZ)
    #[arg(long, value_name = "DATE")]
    pub(crate) registry_at: Option<String>,
    /// A registry as JSON lines: the registry, its changes, its works; a media file as one
    /// JSON object: its fingerprint, what it declares about its use, its identifiers
    #[arg(long)]
    pub(crate) json: bool,
    /// Most lines to print
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) most: usize,
}
