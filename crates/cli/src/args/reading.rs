//! Arguments of the commands that show results.

use std::path::PathBuf;

use clap::ValueEnum;
use clearance_report::Format;

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
    /// In a media file: trust the signers of C2PA manifests whose certificates lead to one in
    /// this file (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) c2pa_trust: Option<PathBuf>,
    /// Most lines to print
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) most: usize,
}
