//! Arguments of the commands that act on findings.

use std::path::PathBuf;

/// Write a copy of a dataset without what was found in it, or a list of it.
///
/// Takes the dataset that was scanned and the scan's output folder. The copy has the
/// same files, schema, metadata, order of rows, row groups and compression; the rows of
/// findings over policy are left out, or their items made null. The dataset itself is
/// only read. A dataset that changed since the scan, results that contradict one
/// another, and an incomplete scan are refused. A run that was interrupted continues
/// where it stopped.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
#[group(id = "product", required = true, multiple = true, args = ["to", "deny_list"])]
pub(crate) struct Filter {
    /// The dataset: files, folders or patterns
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// The output folder of the scan
    #[arg(long, value_name = "OUT")]
    pub(crate) findings: PathBuf,
    /// The folder for the copy
    #[arg(long, value_name = "DIR")]
    pub(crate) to: Option<PathBuf>,
    /// Write a list of what is to be left out: CSV when the name ends so, else JSON Lines
    #[arg(long, value_name = "FILE")]
    pub(crate) deny_list: Option<PathBuf>,
    /// Make the items null and keep their rows
    #[arg(long, requires = "to")]
    pub(crate) null_items: bool,
    /// Act on these verdicts, joined by commas [default: those over the scan's policy]
    #[arg(long = "verdict", value_name = "VERDICTS")]
    pub(crate) verdicts: Vec<String>,
    /// Act on a scan that did not examine everything; what it did not examine is kept
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
    /// A column of the dataset whose values identify rows in the list
    #[arg(long, value_name = "NAME", requires = "deny_list")]
    pub(crate) uid_column: Option<String>,
}

/// Hold the results of a scan to limits.
///
/// The limits are the table `gate` of a settings file: by verdict, by kind, by strength
/// of the evidence, and min-coverage. Without --config those count that the scan was
/// made with; without any, no finding over policy is let through.
///
/// Exit codes: 0 open; 1 findings over the limits; 3 not enough was examined; 2 could
/// not run.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct GateArgs {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// A settings file with other limits
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// Write statements of use for every rightsholder whose works were found.
///
/// statements.csv says for every work how many rows, seconds, words and pictures of it
/// the dataset holds, and which records decided; credits.csv and credits.txt say whom
/// to name; cases/ holds a page and a notice for every rightsholder, under an id that
/// stays the same for the same dataset, registry and question.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Statements {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// The folder for the statements
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// The registry, for the terms of licenses
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: Option<PathBuf>,
}

/// Answer a rightsholder: everything about their works in a scan, nothing about others'.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Answer {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// The rightsholder, as the registry names them
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: String,
    /// The folder for the answer
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// The registry, for the terms of licenses
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: Option<PathBuf>,
}

/// Fill in the forms in which training data are disclosed, as far as a scan knows.
///
/// EU AI Act, Art. 53(1)(d); California AB 2013; Croissant 1.1; `CycloneDX` 1.7;
/// SPDX 3.0.1.
/// What only the people behind the dataset know is left open and marked so.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Disclose {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    /// The folder for the forms
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// The dataset, for its columns and SHA-256 digests: files, folders or patterns
    /// (repeatable)
    #[arg(long, value_name = "INPUT")]
    pub(crate) dataset: Vec<PathBuf>,
    /// What the dataset is called
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
}
