//! A verified match.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::asset::AssetRef;

/// How an item relates to a registered asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchKind {
    /// Byte for byte the registered file.
    Identical,
    /// The whole work, altered or re-encoded.
    Copy,
    /// A part of the work.
    Excerpt,
}

impl MatchKind {
    /// `identical`, `copy` or `excerpt`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Copy => "copy",
            Self::Excerpt => "excerpt",
        }
    }
}

/// A stretch of an item or work: seconds for audio, characters for text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Where it starts.
    pub start: f64,
    /// Where it ends; never before `start`.
    pub end: f64,
}

impl Span {
    /// Length in the span's own unit.
    pub fn length(&self) -> f64 {
        self.end - self.start
    }

    /// Length of the part that both spans cover.
    pub fn overlap(&self, other: &Self) -> f64 {
        (self.end.min(other.end) - self.start.max(other.start)).max(0.0)
    }
}

/// How the item differs from the work as a whole, where that was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transform {
    /// The picture is mirrored left to right (before turning).
    pub flip: bool,
    /// Then turned clockwise by this many degrees, -180 to 180.
    pub rotation_deg: f32,
    /// The picture is shown this many times as large, its longer side measured in
    /// longer sides of the item.
    pub scale: Option<f32>,
    /// Where the corners of the registered picture lie in the item, beyond its sides too: top left,
    /// top right, bottom right, bottom left, each as shares of the item's width and height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corners: Option<[[f32; 2]; 4]>,
    /// The recording plays this many times as fast, at the same pitch.
    pub tempo: Option<f64>,
    /// It sounds this many semitones higher, at the same tempo.
    pub pitch_semitones: Option<f64>,
    /// It plays this many times as fast and as much higher, as a tape does.
    pub speed: Option<f64>,
}

/// Raw counts behind a match. Only those of its medium are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Audio: the item's peaks that have a peak of the work at the aligned place.
    pub aligned_peaks: Option<u32>,
    /// Audio: the item's peaks in the matched span.
    pub examined_peaks: Option<u32>,
    /// Audio: log-likelihood ratio of a copy against chance over the matched span,
    /// in nats.
    pub alignment_nats: Option<f32>,
    /// Audio: landmarks that voted for this alignment.
    pub landmarks: Option<u32>,
    /// Audio: other places in the work that fit the same part of the item about
    /// as well, as in music that repeats itself; the work's span is then one of several.
    pub equal_places: Option<u32>,
    /// Image: differing bits of the 256-bit hash.
    pub distance_bits: Option<u32>,
    /// Image: distinct places of the work whose surroundings are found again where the
    /// alignment puts them.
    pub aligned_points: Option<u32>,
    /// Image: stored points of the work that would be seen in the item if nothing covered them.
    pub examined_points: Option<u32>,
    /// Image: what the aligned points weigh against chance, in nats.
    pub points_nats: Option<f32>,
    /// Image: areas of the work in which brightness changes as in the item, along the alignment.
    pub aligned_areas: Option<u32>,
    /// Image: areas of the work that are seen in the item and are not plain.
    pub examined_areas: Option<u32>,
    /// Image: what the aligned areas weigh against chance, in nats.
    pub areas_nats: Option<f32>,
    /// Text: words that agree letter for letter.
    pub matched_words: Option<u32>,
    /// Text: agreeing share of the letters in the matched span, 0 to 1.
    pub identity: Option<f32>,
    /// Text: other registered works that hold the same passage.
    pub shared_works: Option<u32>,
}

/// A registered asset found in an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// The asset.
    #[serde(skip)]
    pub asset: AssetRef,
    /// How the item relates to it.
    pub kind: MatchKind,
    /// Strength of the evidence, 0 to 1 ([`crate::calibrate::score`]).
    pub score: f32,
    /// Expected number of matches this strong by chance when one item is
    /// compared with the whole registry.
    pub e_value_per_item: f64,
    /// Where in the item; `None` for pictures.
    pub query_span: Option<Span>,
    /// Where in the work; `None` for pictures.
    pub work_span: Option<Span>,
    /// Where in the item, for pictures: left, top, right, bottom as shares of its sides.
    pub query_box: Option<[f32; 4]>,
    /// Which part of the work is seen, the same way.
    pub work_box: Option<[f32; 4]>,
    /// What was done to a picture, when anything.
    pub transform: Option<Transform>,
    /// Raw counts.
    pub evidence: Evidence,
}

/// Keeps the best of matches that say the same thing: same work, and spans in
/// the item that overlap by more than half of the shorter. Strongest first.
/// Matches with no work, because it is withdrawn, are dropped.
pub(crate) fn without_repeats<'a>(
    mut matches: Vec<Match>,
    work_of: impl Fn(AssetRef) -> &'a str,
) -> Vec<Match> {
    matches.retain(|found| !work_of(found.asset).is_empty());
    matches.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| a.e_value_per_item.total_cmp(&b.e_value_per_item))
            .then_with(|| a.asset.cmp(&b.asset))
            .then_with(|| starts(a).total_cmp(&starts(b)))
    });
    let mut kept: Vec<Match> = Vec::new();
    let mut cells = Cells::new(matches.iter().filter_map(|found| found.query_span));
    for found in matches {
        let is_repeat =
            |other: &Match| overlaps(other, &found) && work_of(other.asset) == work_of(found.asset);
        let repeats = match found.query_span {
            Some(span) => cells.near(&span).any(|index| is_repeat(&kept[index])),
            None => kept.iter().any(is_repeat),
        };
        if !repeats {
            if let Some(span) = found.query_span {
                cells.add(kept.len(), &span);
            }
            kept.push(found);
        }
    }
    kept
}

/// Spans by the part of the item that they touch, so that an item with very many matches is not
/// compared match by match.
pub(crate) struct Cells {
    width: f64,
    numbers: HashMap<u64, Vec<usize>>,
}

impl Cells {
    /// Parts that an item is cut into.
    const COUNT: f64 = 4096.0;

    /// Room for these spans, none of which is in it yet.
    pub(crate) fn new(spans: impl Iterator<Item = Span>) -> Self {
        let end = spans.map(|span| span.end).fold(0.0, f64::max);
        Self {
            width: (end / Self::COUNT).max(1.0),
            numbers: HashMap::new(),
        }
    }

    fn cells(&self, span: &Span) -> std::ops::RangeInclusive<u64> {
        let cell = |at: f64| (at.max(0.0) / self.width) as u64;
        cell(span.start)..=cell(span.end)
    }

    pub(crate) fn add(&mut self, number: usize, span: &Span) {
        for cell in self.cells(span) {
            self.numbers.entry(cell).or_default().push(number);
        }
    }

    /// Numbers of the spans that may overlap this one, some more than once.
    pub(crate) fn near(&self, span: &Span) -> impl Iterator<Item = usize> {
        let cells = self.cells(span);
        cells
            .filter_map(|cell| self.numbers.get(&cell))
            .flatten()
            .copied()
    }
}

fn starts(found: &Match) -> f64 {
    found.query_span.map_or(0.0, |span| span.start)
}

pub(crate) fn overlaps(a: &Match, b: &Match) -> bool {
    match ((a.query_span, b.query_span), (a.query_box, b.query_box)) {
        ((Some(a), Some(b)), _) => a.overlap(&b) > 0.5 * a.length().min(b.length()),
        (_, (Some(a), Some(b))) => overlap(a, b) > 0.5 * area(a).min(area(b)),
        // An identical file: the whole item.
        _ => true,
    }
}

fn area([left, top, right, bottom]: [f32; 4]) -> f32 {
    (right - left).max(0.0) * (bottom - top).max(0.0)
}

fn overlap(a: [f32; 4], b: [f32; 4]) -> f32 {
    area([
        a[0].max(b[0]),
        a[1].max(b[1]),
        a[2].min(b[2]),
        a[3].min(b[3]),
    ])
}
