//! Counting: rows and items, and what became of each.

use serde::{Deserialize, Serialize};

use clearance_decode::Media;

/// What became of a row: the strongest of what became of its items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RowStatus {
    /// No item was seen in it yet.
    #[default]
    Empty,
    /// Every item was examined, and nothing was found.
    Clear,
    /// An item was left aside.
    Skipped,
    /// An item could not be read.
    Unreadable,
    /// A registered work was found, or an item declares something about its use.
    Matched,
}

impl RowStatus {
    /// The bucket that the row is counted in.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Empty | Self::Skipped => "skipped",
            Self::Unreadable => "unreadable",
            Self::Matched => "matched",
        }
    }
}

/// Rows by what became of them. `rows` is always the sum of the other four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts {
    /// All rows.
    pub rows: u64,
    /// Examined, nothing found.
    pub clear: u64,
    /// A registered work was found, or an item declares something about its use.
    pub matched: u64,
    /// An item could not be read, and nothing was found in the others.
    pub unreadable: u64,
    /// An item was left aside, all others were examined, nothing was found.
    pub skipped: u64,
}

impl RowCounts {
    pub(crate) fn add_row(&mut self, status: RowStatus) {
        self.rows += 1;
        match status {
            RowStatus::Clear => self.clear += 1,
            RowStatus::Empty | RowStatus::Skipped => self.skipped += 1,
            RowStatus::Unreadable => self.unreadable += 1,
            RowStatus::Matched => self.matched += 1,
        }
    }

    /// Adds the counts of another part.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.clear += other.clear;
        self.matched += other.matched;
        self.unreadable += other.unreadable;
        self.skipped += other.skipped;
    }

    /// Whether every row is in exactly one of the four.
    pub fn reconcile(&self) -> bool {
        self.rows == self.clear + self.matched + self.unreadable + self.skipped
    }
}

/// What the search for a decoy came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decoy {
    /// Whether anything was strong enough to be reported.
    pub(crate) is_found: bool,
    /// The best score of all, reported or not; 0 for nothing.
    pub(crate) score: f32,
}

/// Bins of [`ItemCounts::decoy_scores`].
pub const DECOY_BINS: usize = 20;

/// Items of one medium by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemCounts {
    /// All items.
    pub items: u64,
    /// Examined, nothing found.
    pub clear: u64,
    /// A registered work was found, or it was read and declares something about its use.
    pub matched: u64,
    /// Could not be read.
    pub unreadable: u64,
    /// Left aside.
    pub skipped: u64,
    /// Of the clear and matched ones, those of which only a part was read.
    pub partial: u64,
    /// What was examined: seconds of audio, pixels, or words.
    pub extent: f64,
    /// Examined items of which a decoy was searched for as well.
    #[serde(default)]
    pub decoys: u64,
    /// Decoys in which a work was found: by chance, whatever it was.
    #[serde(default)]
    pub decoys_found: u64,
    /// Decoys by the best score that anything in them had, in twentieths from 0 to 1; most are
    /// below what is reported.
    #[serde(default)]
    pub decoy_scores: [u64; DECOY_BINS],
}

impl ItemCounts {
    /// Counts a decoy by the best score in it.
    pub(crate) fn add_decoy(&mut self, decoy: Decoy) {
        self.decoys += 1;
        self.decoys_found += u64::from(decoy.is_found);
        let bin = (decoy.score.clamp(0.0, 1.0) * DECOY_BINS as f32) as usize;
        self.decoy_scores[bin.min(DECOY_BINS - 1)] += 1;
    }

    fn add(&mut self, other: &Self) {
        self.items += other.items;
        self.clear += other.clear;
        self.matched += other.matched;
        self.unreadable += other.unreadable;
        self.skipped += other.skipped;
        self.partial += other.partial;
        self.extent += other.extent;
        self.decoys += other.decoys;
        self.decoys_found += other.decoys_found;
        for (bin, more) in self.decoy_scores.iter_mut().zip(other.decoy_scores) {
            *bin += more;
        }
    }

    /// Items that were really examined.
    pub fn examined(&self) -> u64 {
        self.clear + self.matched
    }
}

/// Items of each medium.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MediaCounts {
    /// Recordings.
    pub audio: ItemCounts,
    /// Pictures.
    pub image: ItemCounts,
    /// Texts.
    pub text: ItemCounts,
    /// Items whose medium could not be told.
    pub unknown: ItemCounts,
}

impl MediaCounts {
    /// The counts of a medium.
    pub fn of(&self, media: Option<Media>) -> &ItemCounts {
        match media {
            Some(Media::Audio) => &self.audio,
            Some(Media::Image) => &self.image,
            Some(Media::Text) => &self.text,
            None => &self.unknown,
        }
    }

    pub(crate) fn of_mut(&mut self, media: Option<Media>) -> &mut ItemCounts {
        match media {
            Some(Media::Audio) => &mut self.audio,
            Some(Media::Image) => &mut self.image,
            Some(Media::Text) => &mut self.text,
            None => &mut self.unknown,
        }
    }

    /// Adds the counts of another part.
    pub fn add(&mut self, other: &Self) {
        self.audio.add(&other.audio);
        self.image.add(&other.image);
        self.text.add(&other.text);
        self.unknown.add(&other.unknown);
    }
}

#[cfg(test)]
mod tests;
