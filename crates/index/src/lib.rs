//! A registry of works, and the search for them.
//!
//! [`register`] reads catalogs, fingerprints every asset and adds an immutable
//! segment to a registry folder. A [`Snapshot`] of the registry answers one
//! question: which registered works does this item contain, where, and how
//! surely ([`Snapshot::search_audio`], [`Snapshot::search_image`],
//! [`Snapshot::search_text`], [`Snapshot::identical`])? Hashes only nominate;
//! a match is what survives verification against the full stored fingerprint.
//!
//! Whether a match matters on a given date is decided by `clearance-rights`;
//! where items come from is `clearance-scan`'s business.
//!
//! ```no_run
//! # fn main() -> Result<(), clearance_index::Error> {
//! use std::path::Path;
//!
//! let snapshot = clearance_index::Snapshot::open(Path::new("registry"))?;
//! for found in snapshot.search_text("Call me Ishmael. Some years ago …") {
//!     println!("{} ({})", snapshot.asset(found.asset).map_or("", |a| &a.work_id), found.score);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | `catalog` | CSV, JSON Lines, Parquet, DDEX, ONIX and folders to [`catalog::CatalogRow`]s |
//! | `register` | catalog rows to a new segment |
//! | `registry` | the folder on disk: manifest, lock, snapshot |
//! | `segment` | the files of a segment, and their byte layout (FORMAT.md) |
//! | `audio`, `image`, `text` | nominate and verify, one medium each |
//! | `embedded` | what a file says about its own use |
//! | `iscc` | codes of ISO 24138, and works whose code is near |
//! | `names` | titles and creators' names in running text |
//! | `pack` | registries to be given away, and several owners' in one |
//! | `parts` | registries too large for a machine: cut, asked, summed |
//! | `places` | files about places: tables, snapshots of sites' files, WARC |
//! | `calibrate` | from raw evidence to an E-value and a score |

mod asset;
mod audio;
pub mod calibrate;
pub mod catalog;
mod embedded;
mod error;
mod found;
mod image;
mod iscc;
mod names;
mod pack;
mod parts;
mod places;
mod print;
mod register;
mod registry;
mod segment;
mod text;

pub use asset::{Asset, AssetRef, asset_id};
pub use audio::SoundEvidence;
pub use catalog::Reject;
pub use embedded::{embedded, embedded_in_page};
pub use error::{Error, Result};
pub use found::{Evidence, Match, MatchKind, Span, Transform};
pub use iscc::{HAS_ISCC, IsccFound, Isccs, iscc};
pub use names::{Name, NameFound, NameRole, Names};
pub use pack::{ExportOptions, MergedPacks, PackInfo, PackToMerge, export_pack, merge_packs};
pub use parts::{
    Division, Exchange, HeldPart, LocalParts, SplitPart, set_exchange, split_registry, write_part,
};
pub use places::{PlaceFile, PlaceSources, PlaceTrouble, read_places};
pub use print::{ItemPrint, ItemReading, Print, digest, print_item, print_string, read_item};
pub use register::{
    FingerprintedWork, RegisterOptions, Registration, WorkPrint, register, register_fingerprints,
};
pub use registry::{
    Action, Change, ChangeNote, Compacted, Manifest, SegmentInfo, Snapshot, SourceFile, StoredFile,
    add_license, compact, expire_license, withdraw,
};
pub use segment::KeptTexts;
pub use segment::records::WorkRecord;

/// Names of the fingerprint parameters that this crate compares with: audio,
/// image, text.
pub fn params() -> [&'static str; 3] {
    use clearance_fingerprint::params;
    [params::AUDIO, params::IMAGE, params::TEXT]
}
