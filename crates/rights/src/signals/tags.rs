//! Which tags of which formats carry copyright lines, licenses and identifiers.
//!
//! Nothing follows from a copyright line: `all rights reserved` says who holds rights, not what is
//! reserved. It is kept for people to read.

use crate::IdentifierKind;

/// What a tag is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Text for people, about this subject.
    Claim(&'static str),
    /// An identifier of this scheme.
    Identifier(IdentifierKind),
    /// An identifier that says itself of which scheme it is: `urn:isbn:…`, `ISRC:…`.
    Labelled,
}

/// The meaning of the tag `name` in metadata of the kind `carrier`; `None` for what is not read.
pub(super) fn meaning(carrier: &str, name: &str) -> Option<Meaning> {
    use IdentifierKind::{Doi, Isbn, Iscc, Isrc, Iswc};
    let folded = name.to_ascii_lowercase();
    Some(match (carrier, folded.as_str()) {
        ("xmp", _) => return xmp(name),
        ("exif", "0x8298")
        | ("iptc", "2:116")
        | ("id3", "tcop" | "tpro")
        | ("id3v1" | "vorbis" | "ixml" | "html", "copyright")
        | ("mp4", "cprt" | "\u{a9}cpy")
        | ("riff", "icop")
        | ("opf", "dc:rights")
        | ("html", "dc.rights" | "dcterms.rights") => Meaning::Claim("copyright"),
        ("id3", "wcop" | "user" | "txxx:license")
        | ("vorbis", "license" | "licence" | "copyright-url")
        | ("mp4", "----:com.apple.itunes:license")
        | ("html", "license" | "dcterms.license") => Meaning::Claim("license"),
        ("exif", "0x013b")
        | ("iptc", "2:80")
        | ("id3", "tpe1")
        | ("vorbis", "artist")
        | ("mp4", "\u{a9}art")
        | ("riff", "iart")
        | ("bext", "originator")
        | ("opf", "dc:creator") => Meaning::Claim("creator"),
        ("id3", "tit2")
        | ("vorbis", "title")
        | ("mp4", "\u{a9}nam")
        | ("riff", "inam")
        | ("opf", "dc:title") => Meaning::Claim("title"),
        ("iptc", "2:110" | "2:115") | ("bext", "originatorreference") => Meaning::Claim("source"),
        // RIFF's ISRC is the source's name; taggers put the recording's code there all the same.
        ("id3", "tsrc" | "txxx:isrc")
        | ("vorbis" | "riff", "isrc")
        | ("mp4", "----:com.apple.itunes:isrc") => Meaning::Identifier(Isrc),
        ("id3", "txxx:iswc") | ("vorbis", "iswc") | ("mp4", "----:com.apple.itunes:iswc") => {
            Meaning::Identifier(Iswc)
        }
        ("id3", "txxx:iscc") | ("vorbis", "iscc") => Meaning::Identifier(Iscc),
        ("id3", "txxx:isbn")
        | ("vorbis", "isbn")
        | ("opf", "dc:identifier:isbn")
        | ("html", "citation_isbn") => Meaning::Identifier(Isbn),
        ("html", "citation_doi") => Meaning::Identifier(Doi),
        ("axml" | "opf", "dc:identifier")
        | ("ixml", "isrc")
        | ("html", "dc.identifier" | "dcterms.identifier") => Meaning::Labelled,
        _ => return None,
    })
}

/// Properties of XMP, by namespace and name.
fn xmp(name: &str) -> Option<Meaning> {
    let known = |it| Some(Meaning::Claim(it));
    let dc = |it| name == format!("http://purl.org/dc/elements/1.1/{it}");
    let rights = |it| name == format!("http://ns.adobe.com/xap/1.0/rights/{it}");
    let plus = |it| name == format!("http://ns.useplus.org/ldf/xmp/1.0/{it}");
    if dc("rights") || rights("Owner") || plus("CopyrightOwnerName") {
        return known("copyright");
    }
    if rights("UsageTerms")
        || rights("WebStatement")
        || plus("LicensorURL")
        || name == "http://creativecommons.org/ns#license"
        || name == "http://purl.org/dc/terms/license"
    {
        return known("license");
    }
    if dc("creator") {
        return known("creator");
    }
    if dc("title") {
        return known("title");
    }
    if name == "http://purl.org/dc/terms/provenance" {
        return known("source");
    }
    let prism = name.strip_prefix("http://prismstandard.org/namespaces/basic/");
    match prism.and_then(|rest| rest.split_once('/')).map(|it| it.1) {
        Some("isbn") => return Some(Meaning::Identifier(IdentifierKind::Isbn)),
        Some("doi") => return Some(Meaning::Identifier(IdentifierKind::Doi)),
        _ => {}
    }
    let is_identifier = dc("identifier") || name == "http://ns.adobe.com/xap/1.0/Identifier";
    is_identifier.then_some(Meaning::Labelled)
}
