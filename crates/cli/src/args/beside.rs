//! What a scan looks at beside what items hold.

#[derive(Debug, clap::Args)]
pub(crate) struct BesideArgs {
    /// Leave aside what items declare about their own use (XMP, TDMRep, C2PA manifests)
    #[arg(long)]
    pub(crate) no_declarations: bool,
    /// Compute the ISCC (ISO 24138) of each item and compare it with those of registered works
    #[arg(long)]
    pub(crate) iscc: bool,
    /// Look for titles of works and names of their creators in texts; a name is no copy, and is
    /// counted apart
    #[arg(long)]
    pub(crate) mentions: bool,
}
