//! Writes what an owner declares about the use of her files into copies of them.
//!
//! A [`Statement`] says which uses are reserved, where terms can be read and who holds the rights.
//! [`stamp`] takes the bytes of a file and gives back those of a copy that says so, in the metadata
//! that its format has: `plus:DataMining` and `TDMRep` in XMP, copyright lines in ID3, Vorbis
//! comments and RIFF, `meta` elements in HTML. The copy is read again before it is handed out, by
//! what `clearance inspect` reads with, and has to say what was asked.
//!
//! A copy is made of the original's own bytes, with pieces replaced or put in between
//! (`edits`): sound, pixels and text are carried over, never decoded or written anew, and so are
//! all metadata that the statement does not speak of.
//!
//! # When not to use it
//!
//! To keep a declaration from being taken out: anybody can. [`stamp_signed`] adds a C2PA manifest,
//! whose signature says that nobody changed what is there. Without a key to sign with, a file that
//! has a manifest is refused, because its signature covers the metadata.
//!
//! # Example
//!
//! ```
//! use clearance_rights::UseSet;
//! use clearance_stamp::{Existing, Statement, stamp};
//!
//! let page = b"<!doctype html><html><head><title>Tide</title></head><p>Low tide.</p></html>";
//! let statement = Statement {
//!     reserved: UseSet::TEXT_AND_DATA_MINING,
//!     ..Statement::default()
//! };
//! let stamped = stamp(page, Some("tide.html"), &statement, Existing::Keep)?;
//! let text = String::from_utf8_lossy(&stamped.bytes);
//! assert!(text.contains("<head><meta name=\"tdm-reservation\" content=\"1\">"));
//! # Ok::<(), clearance_stamp::Error>(())
//! ```
//!
//! # Modules
//!
//! | module | what is in it |
//! |---|---|
//! | `statement` | what is declared, and the terms of the vocabularies for it |
//! | `xmp` | a packet with the statement in it, made or merged |
//! | `edits` | pieces replaced in, and put between, the bytes of a file |
//! | `manifest` | a signed C2PA manifest with the statement in it, with the feature `c2pa` |
//! | `formats` | one module a container: where in it the statement goes |

mod bytes;
mod edits;
mod error;
mod formats;
mod manifest;
mod statement;
mod xmp;

use clearance_decode::{Depth, Format, Signers, guard, sniff};
use clearance_index::embedded;
use clearance_rights::UseSet;
use clearance_rights::signals::{Answer, Embedded, Scheme, Signature};

pub use error::{Error, Result};
pub use manifest::ManifestSigner;
pub use statement::Statement;

/// Largest file that is stamped; it is held in memory twice. RIFF ends at twice that.
const FILE_BYTES_MAX: usize = 2 << 30;

/// What becomes of a declaration in the file that says something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the file is refused ([`Error::Contradicts`]).
    Keep,
    /// The new one takes its place.
    Replace,
}

/// A copy of a file with a statement in it.
#[derive(Debug)]
pub struct Stamped {
    /// The copy.
    pub bytes: Vec<u8>,
    /// What it says about itself, read back from `bytes`.
    pub embedded: Embedded,
    /// Reserved uses for which the format has no declaration: HTML and EPUB carry `TDMRep` alone,
    /// which does not speak of `search` and `ai-input`.
    pub unstated: UseSet,
}

/// Makes a copy of a file that carries a statement. `name` helps to tell kinds of text apart.
///
/// Whatever the bytes, this comes back without a panic; it holds the file about three times in
/// memory. A file that says the same already comes back as it is, byte for byte.
///
/// # Errors
///
/// [`Error::Unsupported`] for formats without a place for it, [`Error::Inexpressible`] for reserved
/// uses that the format's declarations have no word for, [`Error::Damaged`] for files whose
/// structure does not hold, [`Error::Contradicts`] for files that declare something else
/// ([`Existing::Keep`]), [`Error::Signed`] for files with a C2PA manifest, [`Error::Limit`] for
/// what is too large.
pub fn stamp(
    bytes: &[u8],
    name: Option<&str>,
    statement: &Statement,
    existing: Existing,
) -> Result<Stamped> {
    let format = checked(bytes, name, statement)?;
    if is_signed(bytes) {
        return Err(Error::Signed);
    }
    let written = written(bytes, format, statement, existing)?;
    verified(written, name, format, statement, Told::Metadata)
}

/// Makes a copy that carries a statement as [`stamp`] does, and in a C2PA manifest besides, which is
/// signed. No time stamp is asked for, because that needs a network.
///
/// The metadata of a file that has a manifest already stay as they are; its manifest becomes that
/// of the new one's parent. AVIF gets a manifest alone. Manifests do not speak of
/// `search`, so that is among [`Stamped::unstated`] for these.
///
/// # Errors
///
/// Those of [`stamp`], but [`Error::Signed`]; [`Error::Unsupported`] also for formats without a
/// place for manifests.
pub fn stamp_signed(
    bytes: &[u8],
    name: Option<&str>,
    statement: &Statement,
    existing: Existing,
    signer: &ManifestSigner,
) -> Result<Stamped> {
    let format = checked(bytes, name, statement)?;
    let told = if is_signed(bytes) || manifest::is_alone_in(format) {
        Told::Manifest
    } else {
        Told::Both
    };
    let with_metadata = match told {
        Told::Both => written(bytes, format, statement, existing)?,
        _ => bytes.to_vec(),
    };
    let copy = signer.sign(&with_metadata, format, statement.reserved)?;
    verified(copy, name, format, statement, told)
}

/// The format of what is to be stamped.
fn checked(bytes: &[u8], name: Option<&str>, statement: &Statement) -> Result<Format> {
    statement.check()?;
    if bytes.len() > FILE_BYTES_MAX {
        let detail = format!(
            "{} bytes, at most {FILE_BYTES_MAX} are stamped",
            bytes.len()
        );
        return Err(Error::Limit(detail));
    }
    let format = guard(|| Ok(sniff(bytes, name)));
    let format = format.ok().flatten();
    format.ok_or_else(|| Error::unsupported("a file of no known format"))
}

fn written(
    bytes: &[u8],
    format: Format,
    statement: &Statement,
    existing: Existing,
) -> Result<Vec<u8>> {
    let written = guard(|| Ok(formats::write(bytes, format, statement, existing)));
    written.map_err(|unreadable| Error::Damaged(unreadable.to_string()))?
}

/// The box that begins every store of C2PA manifests: a description of the type `c2pa` (ISO/IEC
/// 19566-5, annex A; C2PA Technical Specification 2.1, section 11.1.4.1).
const MANIFEST: &[u8] = b"jumdc2pa";

fn is_signed(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, MANIFEST).is_some()
}

/// Where a copy carries the statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Metadata,
    Manifest,
    Both,
}

/// Reads a copy again. It has to be of the same format, to deny what was reserved with nothing in it
/// that says otherwise, to name the terms, and to be signed where that was asked.
fn verified(
    bytes: Vec<u8>,
    name: Option<&str>,
    format: Format,
    statement: &Statement,
    told: Told,
) -> Result<Stamped> {
    let again = guard(|| Ok(sniff(&bytes, name))).ok().flatten();
    if again != Some(format) {
        let detail = format!("the copy would not be recognized as {format} any more");
        return Err(Error::Damaged(detail));
    }
    let signers = Signers::nobody();
    let embedded = embedded(&bytes, name, Depth::Everything, signers.as_ref());
    let stated = match told {
        Told::Manifest => manifest::stated(statement.reserved),
        _ => statement.stated_in(format),
    };
    for each in stated.iter() {
        let said = embedded.answer(each);
        let Some(said) = said.filter(|said| said.answer == Answer::Deny) else {
            let detail = format!("the copy does not say that {each} is reserved");
            return Err(Error::Damaged(detail));
        };
        if let Some(other) = said.contradicted_by {
            return Err(Error::Contradicts {
                property: other.scheme.to_string(),
                found: format!("{} ({})", other.value, other.place),
            });
        }
    }
    check_terms(&embedded, statement, told)?;
    check_signature(&embedded, told)?;
    let unstated = statement.reserved.iter().filter(|&it| !stated.contains(it));
    Ok(Stamped {
        unstated: unstated.collect(),
        embedded,
        bytes,
    })
}

/// The terms are named wherever `TDMRep` stands.
fn check_terms(embedded: &Embedded, statement: &Statement, told: Told) -> Result<()> {
    let Some(url) = &statement.policy_url else {
        return Ok(());
    };
    let mut declared = embedded.declarations.iter();
    let is_named = declared.any(|it| it.policy_url.as_ref() == Some(url));
    if is_named || told == Told::Manifest || !statement.has_tdmrep() {
        return Ok(());
    }
    Err(Error::Damaged(format!(
        "the copy does not name the terms at {url}"
    )))
}

/// The signature has to hold. Whether its signer is trusted is for readers to say.
fn check_signature(embedded: &Embedded, told: Told) -> Result<()> {
    if told == Told::Metadata {
        return Ok(());
    }
    let mut signed = embedded.declarations.iter();
    let signed = signed.rfind(|it| it.scheme == Scheme::Cawg);
    match signed.map(|it| (it.signature, &it.reason)) {
        Some((Signature::Untrusted | Signature::Valid, _)) => Ok(()),
        Some((state, reason)) => Err(Error::Damaged(format!(
            "the signature of the copy would be {state}: {}",
            reason.as_deref().unwrap_or_default()
        ))),
        None => Err(Error::damaged("the copy has no manifest")),
    }
}

#[cfg(test)]
mod tests;
