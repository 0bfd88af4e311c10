//! Arguments of the commands that compare a dataset with a registry.

use std::path::PathBuf;

use clearance_rights::{Country, Mode, Use};
use clearance_scan::Shard;

use super::beside::BesideArgs;
use super::fetching::FetchArgs;

/// Compare a dataset with a registry.
///
/// Inputs are Parquet, JSON Lines, JSON, CSV, TSV, Arrow and tar files, folders and
/// patterns of them, folders of media, and Croissant descriptions; fingerprint
/// tables stand for the datasets that they were made of. Writes
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
    /// Files, folders or patterns: Parquet, JSON, CSV, Arrow, tar, media
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
    /// Scan one share of the row groups only, as one of several jobs: 3/8 is the third of
    /// eight. Each job needs a folder of its own, and --as-of; clearance merge puts the
    /// folders together. A finished shard ends with 0, whatever was found
    #[arg(long, value_name = "I/N", conflicts_with_all = ["key", "only_findings"])]
    pub(crate) shard: Option<Shard>,
    #[command(flatten)]
    pub(crate) beside: BesideArgs,
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
    #[command(flatten)]
    pub(crate) isolation: IsolationArgs,
    #[command(flatten)]
    pub(crate) fetching: FetchArgs,
}

/// Put the shards of a scan together.
///
/// Takes the output folders of all shards (clearance scan --shard) and writes the
/// results that one scan of the whole would have left, to the byte. Dataset and
/// registry are not needed. Shards that are missing, double or not of the same scan
/// are named, and nothing is written then.
///
/// Exit codes: as those of a scan.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Merge {
    /// The output folders of all shards
    #[arg(required = true, value_name = "OUT")]
    pub(crate) shards: Vec<PathBuf>,
    /// The folder for the results
    #[arg(long, visible_alias = "out", value_name = "DIR")]
    pub(crate) output: PathBuf,
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
    /// Files, folders or patterns: Parquet, JSON, CSV, Arrow, tar, media
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The table
    #[arg(long, value_name = "FILE.parquet")]
    pub(crate) out: PathBuf,
    /// Keep the texts themselves, which are compared letter by letter; without them a
    /// scan of the table skips texts
    #[arg(long)]
    pub(crate) keep_texts: bool,
    /// Trust the signers of C2PA manifests whose certificates lead to one in this file (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) c2pa_trust: Option<PathBuf>,
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
    #[command(flatten)]
    pub(crate) isolation: IsolationArgs,
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

#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Limits on each item")]
pub(crate) struct IsolationArgs {
    /// Decode in processes of their own, one a thread, with limits on their memory and
    /// time: a decoder that crashes costs its item, and never the run [default on Unix]
    #[arg(long)]
    pub(crate) isolate: bool,
    /// Decode in this process
    #[arg(long, conflicts_with_all = ["isolate", "isolate_memory"])]
    pub(crate) no_isolate: bool,
    /// Memory of each of these processes, in bytes [default: 4 GiB]
    #[arg(long, value_name = "BYTES")]
    pub(crate) isolate_memory: Option<u64>,
}
