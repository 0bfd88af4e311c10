//! Arguments of `clearance log`.

use std::path::PathBuf;

use clap::Subcommand;

/// Keep a record of runs and approvals in which nothing can be changed unnoticed.
///
/// Every line holds the digest of the line before it, and FILE.head that of the last.
/// Keep heads elsewhere, or sign them, to notice a record that was written anew.
#[derive(Debug, Subcommand)]
#[command(verbatim_doc_comment)]
pub(crate) enum LogCommand {
    /// Add the results of a scan
    Add(LogAdd),
    /// Add that results are approved
    Approve(LogApprove),
    /// List the lines
    Show(LogShow),
    /// Check the chain: exit code 0 when it holds, 1 when not
    Verify(LogVerify),
}

#[derive(Debug, clap::Args)]
pub(crate) struct LogAdd {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) to: LogTo,
    /// Who ran it
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LogApprove {
    /// The output folder of a scan
    #[arg(value_name = "OUT")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) to: LogTo,
    /// Who approves
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
}

/// Where a line goes, and what is said with it.
#[derive(Debug, clap::Args)]
pub(crate) struct LogTo {
    /// The record; created when there is none
    #[arg(long, value_name = "FILE")]
    pub(crate) log: PathBuf,
    /// Anything else there is to say
    #[arg(long, value_name = "TEXT")]
    pub(crate) comment: Option<String>,
    /// Sign the head with this private key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LogShow {
    /// The record
    #[arg(long, value_name = "FILE")]
    pub(crate) log: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct LogVerify {
    /// The record
    #[arg(long, value_name = "FILE")]
    pub(crate) log: PathBuf,
    /// The public key that the head is to be signed with
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The digest of a line that has to be in it, as said when it was added
    #[arg(long, value_name = "SHA256")]
    pub(crate) head: Option<String>,
}
