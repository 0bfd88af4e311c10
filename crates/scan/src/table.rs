//! Fingerprint tables: what a scan compares of a dataset, without the dataset (TABLE.md).
//!
//! [`fingerprint`] makes one, as a scan makes findings: row group by row group, resumable,
//! the same bytes on any number of threads. [`crate::Plan`] takes it in the dataset's place:
//! it brings the names, columns and row groups of the dataset's files with it, so that findings
//! and coverage are those of the dataset.

mod batches;
mod columns;
mod header;
mod join;
mod part;
mod printing;
mod rows;

use std::path::{Path, PathBuf};

use clearance_decode::Media;

pub use batches::fingerprint_batch;
pub(crate) use header::{PrintedFile, planned};
pub use printing::{TableOptions, TableTotals, fingerprint};
pub(crate) use rows::read_unit;

use crate::reading::Reading;

/// Names of the columns.
mod name {
    pub(super) const FILE: &str = "file";
    pub(super) const ROW: &str = "row_index";
    pub(super) const COLUMN: &str = "column_name";
    pub(super) const ITEM: &str = "item_index";
    pub(super) const FRAME: &str = "frame";
    pub(super) const STATUS: &str = "status";
    pub(super) const REASON: &str = "reason";
    pub(super) const MEDIA: &str = "media";
    pub(super) const DIGEST: &str = "item_digest";
    pub(super) const BYTES: &str = "item_bytes";
    pub(super) const EXTENT: &str = "extent";
    pub(super) const TEXT: &str = "text";
    pub(super) const DECLARATIONS: &str = "declarations";
    pub(super) const SAMPLES: &str = "audio_samples";
    pub(super) const PEAK_TIME: &str = "peak_time";
    pub(super) const PEAK_BIN: &str = "peak_bin";
    pub(super) const PEAK_RANK: &str = "peak_rank";
    pub(super) const WIDTH: &str = "image_width";
    pub(super) const HEIGHT: &str = "image_height";
    pub(super) const HASHES: &str = "image_hashes";
    pub(super) const QUALITY: &str = "image_quality";
    pub(super) const FIRM_BITS: &str = "image_firm_bits";
    pub(super) const FLATNESS: &str = "image_flatness";
    pub(super) const POINT_X: &str = "point_x";
    pub(super) const POINT_Y: &str = "point_y";
    pub(super) const POINT_SIZE: &str = "point_size";
    pub(super) const POINT_ANGLE: &str = "point_angle";
    pub(super) const POINT_DESCRIPTOR: &str = "point_descriptor";
    pub(super) const POINT_DOUBTS: &str = "point_doubts";
    pub(super) const REGIONS: &str = "image_regions";
    pub(super) const TONES: &str = "image_tones";
}

/// Words in the column `status`.
mod status {
    pub(super) const EXAMINED: &str = "examined";
    pub(super) const PARTIAL: &str = "partial";
    pub(super) const UNREADABLE: &str = "unreadable";
    pub(super) const SKIPPED: &str = "skipped";
}

/// Why a text of the dataset is not compared.
const TEXT_NOT_KEPT: &str = "text: not kept in the fingerprint table";
/// A file beside `path` with another ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

fn media_of(reading: &Reading) -> Option<Media> {
    let printed = reading.item.as_ref().ok();
    let said = reading.said.as_ref();
    printed
        .map(|item| item.print.media())
        .or_else(|| said.map(|said| said.media))
}

#[cfg(test)]
mod tests;
