//! Arguments of the commands that change a registry.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::LimitArgs;

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
