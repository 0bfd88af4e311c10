//! What a scan looks at beside what items hold.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct BesideArgs {
    /// Leave aside what items declare about their own use (XMP, TDMRep, C2PA manifests)
    #[arg(long)]
    pub(crate) no_declarations: bool,
    /// Trust the signers of C2PA manifests whose certificates lead to one in this file (PEM): the
    /// C2PA trust list, and the list of its time-stamping authorities behind it
    #[arg(long, value_name = "FILE", conflicts_with = "no_declarations")]
    pub(crate) c2pa_trust: Option<PathBuf>,
    /// Compute the ISCC (ISO 24138) of each item and compare it with those of registered works
    #[arg(long)]
    pub(crate) iscc: bool,
    /// Look for titles of works and names of their creators in texts; a name is no copy, and is
    /// counted apart
    #[arg(long)]
    pub(crate) mentions: bool,
}
