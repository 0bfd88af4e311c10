//! What a file says about itself, beside what it shows or plays: names and values, as they stand.
//!
//! Each container is walked by its own lengths, from packet to packet, and nothing is decoded; a
//! packet is looked into only when it holds a word that somebody asked for. What the values mean is
//! decided elsewhere. A damaged packet is named and costs no more than itself.

mod bmff;
mod bytes;
mod exif;
mod gif;
mod html;
mod id3;
mod iptc;
mod jpeg;
mod jumbf;
mod opf;
mod pdf;
mod png;
mod riff;
mod tiff;
mod vorbis;
mod xmp;

use std::fmt;

use self::bytes::holds_any;
use crate::guard::guard;
use crate::{Format, ManifestSignature, Signers, Unreadable};

/// Signs kept of one item. A picture agency's packet has some hundred.
const SIGNS_MAX: usize = 512;
/// Bytes kept of a value; what is compared or shown of one is shorter.
const VALUE_BYTES_MAX: usize = 2048;
/// Largest packet that is parsed. Packets with a long editing history reach some megabytes.
const PACKET_BYTES_MAX: usize = 16 << 20;
/// Packets and blocks of one item that are looked at.
const PACKETS_MAX: usize = 4096;

/// Words of declarations and identifiers; a packet without any of them holds neither.
const WORDS: [&[u8]; 12] = [
    b"DataMining",
    b"tdm",
    b"TDM",
    b"isbn",
    b"ISBN",
    b"isrc",
    b"ISRC",
    b"iscc",
    b"ISCC",
    b"iswc",
    b"ISWC",
    b"doi",
];

/// How much of the metadata is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Declarations about the item's use, and identifiers. Packets that hold none cost next to
    /// nothing.
    Declarations,
    /// Copyright lines and names as well.
    Everything,
}

/// The kinds of metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// XMP, in whatever file (ISO 16684-1).
    Xmp,
    /// EXIF, by the number of its tag: `0x8298`.
    Exif,
    /// IPTC-IIM, by record and data set: `2:116`.
    Iptc,
    /// ID3 version 2, by frame, those with a name of their own behind it: `TXXX:ISRC`.
    Id3,
    /// ID3 version 1.
    Id3v1,
    /// Vorbis comments, of Ogg and FLAC.
    Vorbis,
    /// The item list of MP4.
    Mp4,
    /// The INFO list of RIFF.
    Riff,
    /// The broadcast extension of WAVE (EBU Tech 3285).
    Bext,
    /// XML that describes a broadcast WAVE (EBU Tech 3293, 3352).
    Axml,
    /// iXML of production recorders.
    Ixml,
    /// `meta` elements of HTML.
    Html,
    /// The package of an EPUB.
    Opf,
}

impl Carrier {
    /// The kind's name, lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Xmp => "xmp",
            Self::Exif => "exif",
            Self::Iptc => "iptc",
            Self::Id3 => "id3",
            Self::Id3v1 => "id3v1",
            Self::Vorbis => "vorbis",
            Self::Mp4 => "mp4",
            Self::Riff => "riff",
            Self::Bext => "bext",
            Self::Axml => "axml",
            Self::Ixml => "ixml",
            Self::Html => "html",
            Self::Opf => "opf",
        }
    }
}

impl fmt::Display for Carrier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// A name and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataSign {
    /// The kind of metadata.
    pub carrier: Carrier,
    /// The name there; in XMP the namespace with the local name behind it.
    pub name: String,
    /// The value as text, cut after 2 KiB.
    pub value: String,
    /// Where it stands, for people: `XMP (JPEG APP1)`.
    pub place: String,
    /// Which packet it stands in, counted from 1.
    pub packet: usize,
}

/// An assertion of a C2PA manifest about training and mining, its values behind the keys that lead
/// to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataAssertion {
    /// Its label.
    pub label: String,
    /// Values as text, each behind its keys.
    pub leaves: Vec<(Vec<String>, String)>,
    /// Where the manifest stands.
    pub place: String,
    /// Whether its manifest is the active one, which speaks of the file as it is.
    pub is_active: bool,
    /// What became of checking its manifest's signature; always unverified for manifests that are
    /// not the active one.
    pub signature: ManifestSignature,
}

/// Metadata that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetadataDamage {
    /// What they would have been about: `plus:DataMining`, `tdmrep`, `c2pa.training-mining`, or
    /// `unidentified`.
    pub topic: &'static str,
    /// Where they stand.
    pub place: String,
    /// One line for people, without a trailing full stop.
    pub detail: String,
}

/// What a file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Names and values in the order of the file, at most 512.
    pub signs: Vec<MetadataSign>,
    /// Assertions of C2PA manifests.
    pub assertions: Vec<MetadataAssertion>,
    /// What could not be read.
    pub damage: Vec<MetadataDamage>,
}

impl Metadata {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.signs.is_empty() && self.assertions.is_empty() && self.damage.is_empty()
    }
}

/// Reads what the bytes of a file of a known [`Format`] say about themselves. The signature of a
/// manifest is checked against `signers`, if it says something about training and mining; without
/// them it is not checked.
///
/// Whatever the bytes, this comes back: it takes at most a few times 16 MiB, follows no structure
/// deeper than 32 levels, and a panic on the way is a damaged packet.
pub fn read_metadata(
    bytes: &[u8],
    format: Format,
    depth: Depth,
    signers: Option<&Signers>,
) -> Metadata {
    let read = guard(|| {
        let mut collector = Collector::new(depth);
        collector.file(bytes, format);
        Ok::<Metadata, Unreadable>(collector.found)
    });
    let mut found = read.unwrap_or_else(|unreadable| {
        let mut found = Metadata::default();
        found.damage.push(MetadataDamage {
            topic: UNIDENTIFIED,
            place: format!("{format} metadata"),
            detail: unreadable.to_string(),
        });
        found
    });
    add_signature(&mut found, bytes, format, signers);
    found
}

#[cfg(feature = "c2pa")]
fn add_signature(found: &mut Metadata, bytes: &[u8], format: Format, signers: Option<&Signers>) {
    let mut active = found.assertions.iter_mut().filter(|it| it.is_active);
    let (Some(first), Some(signers)) = (active.next(), signers) else {
        return;
    };
    first.signature = signers.check(bytes, format);
    let signature = first.signature.clone();
    for assertion in active {
        assertion.signature = signature.clone();
    }
}

#[cfg(not(feature = "c2pa"))]
fn add_signature(_: &mut Metadata, _: &[u8], _: Format, _: Option<&Signers>) {}

const UNIDENTIFIED: &str = "unidentified";

/// Takes what the readers of the containers find.
struct Collector {
    found: Metadata,
    depth: Depth,
    packet: usize,
}

impl Collector {
    fn new(depth: Depth) -> Self {
        Self {
            found: Metadata::default(),
            depth,
            packet: 0,
        }
    }

    fn file(&mut self, bytes: &[u8], format: Format) {
        match format {
            Format::Jpeg => jpeg::read(bytes, self),
            Format::Png => png::read(bytes, self),
            Format::WebP | Format::Wav | Format::Rf64 => riff::read(bytes, self),
            Format::Gif => gif::read(bytes, self),
            Format::Tiff => tiff::read(bytes, self),
            Format::Mp4 | Format::Avif | Format::Heif | Format::JpegXl => bmff::read(bytes, self),
            Format::Mp3 | Format::Aac => id3::read(bytes, self),
            Format::Aiff => riff::read_aiff(bytes, self),
            Format::Flac => vorbis::read_flac(bytes, self),
            Format::Ogg => vorbis::read_ogg(bytes, self),
            Format::Html => html::read(bytes, self),
            Format::Epub => opf::read(bytes, self),
            Format::Pdf => pdf::read(bytes, self),
            _ => {}
        }
    }

    fn wants_everything(&self) -> bool {
        self.depth == Depth::Everything
    }

    /// Whether a packet is worth parsing.
    fn is_wanted(&self, packet: &[u8]) -> bool {
        self.wants_everything() || holds_any(packet, &WORDS)
    }

    /// Signs that follow stand in another packet than those before.
    fn next_packet(&mut self) {
        self.packet += 1;
    }

    fn sign(&mut self, carrier: Carrier, name: impl Into<String>, value: &str, place: &str) {
        if self.found.signs.len() >= SIGNS_MAX {
            return;
        }
        let cut = (0..=value.len().min(VALUE_BYTES_MAX))
            .rev()
            .find(|&at| value.is_char_boundary(at));
        self.found.signs.push(MetadataSign {
            carrier,
            name: name.into(),
            value: value[..cut.unwrap_or(0)].to_owned(),
            place: place.to_owned(),
            packet: self.packet,
        });
    }

    fn damage(&mut self, topic: &'static str, place: &str, detail: impl Into<String>) {
        let damage = MetadataDamage {
            topic,
            place: place.to_owned(),
            detail: detail.into(),
        };
        if self.found.damage.len() < SIGNS_MAX && !self.found.damage.contains(&damage) {
            self.found.damage.push(damage);
        }
    }

    /// A packet of XMP.
    fn xmp(&mut self, packet: &[u8], place: &str) {
        let place = format!("XMP ({place})");
        xmp::read(packet, &place, self);
    }

    /// A store of C2PA manifests.
    fn jumbf(&mut self, store: &[u8], place: &str) {
        jumbf::read(store, place, self);
    }

    /// Names a packet that is too large, if it could hold a declaration.
    fn too_large(&mut self, packet: &[u8], place: &str) {
        let length = packet.len();
        let detail = format!("{length} bytes, at most {PACKET_BYTES_MAX} are read");
        for topic in topics(packet) {
            self.damage(topic, place, detail.clone());
        }
    }
}

/// What the words in a packet that cannot be parsed say that it was about.
fn topics(packet: &[u8]) -> impl Iterator<Item = &'static str> {
    let known: [(&'static str, &[&[u8]]); 3] = [
        ("plus:DataMining", &[b"DataMining"]),
        (
            "tdmrep",
            &[b"ns/tdmrep", b"tdm:reservation", b"tdm-reservation"],
        ),
        ("cawg.training-mining", &[b"training-mining"]),
    ];
    known
        .into_iter()
        .filter(|(_, words)| holds_any(packet, words))
        .map(|(topic, _)| topic)
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests;
