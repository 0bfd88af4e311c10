//! Arguments of `clearance stamp`.

use std::path::PathBuf;

/// Write what you declare about their use into copies of your files.
///
/// The copies are written to another folder; the files themselves are only read. Sound,
/// pixels and text stay the same bytes. Into JPEG, PNG, WebP, GIF, TIFF, MP4 and M4A go
/// plus:DataMining and TDMRep in XMP; into MP3, AAC, FLAC, Ogg, WAV and AIFF the same in
/// XMP, and tags that players show; into HTML and EPUB TDMRep. A file that declares
/// something else already is refused without --replace, one with a C2PA manifest without
/// --c2pa-key.
///
/// Exit codes: 0 all written, 3 some files refused, 2 nothing written.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Stamp {
    /// Media files, pages and books
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The uses you reserve: all, tdm, train, train-generative, or "tdm,ai-input" for all
    /// but search
    #[arg(long, value_name = "USES")]
    pub(crate) reservation: String,
    /// Where your terms can be read or a license be had
    #[arg(long, value_name = "URL")]
    pub(crate) policy: Option<String>,
    /// Who holds the rights
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// The copyright line
    #[arg(long, value_name = "TEXT")]
    pub(crate) copyright: Option<String>,
    /// Sign the statement in a C2PA manifest, too, with this private key (PEM)
    #[arg(long, value_name = "FILE", requires = "c2pa_certificates")]
    pub(crate) c2pa_key: Option<PathBuf>,
    /// The certificates that say whose key it is, yours first (PEM)
    #[arg(long, value_name = "FILE", requires = "c2pa_key")]
    pub(crate) c2pa_certificates: Option<PathBuf>,
    /// The folder for the copies
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// Put the new declaration in the place of one that says something else
    #[arg(long)]
    pub(crate) replace: bool,
    /// Write over copies that are there already
    #[arg(long)]
    pub(crate) force: bool,
}
