//! Where the findings sit and how strong they are, added up while they pass by.

use clearance_decode::Media;
use clearance_scan::{DECOY_BINS, FileTotals, Finding};
use serde::Serialize;
use std::collections::BTreeMap;

use crate::drawing::{Drawing, Ink, Shape};
use crate::summary::Summary;
use crate::words::{count, counted, line};

/// Cells of a file's strip.
const CELLS: usize = 100;
/// Bins of the score, from 0 to 1: those that a scan counts its decoys in.
const BINS: usize = DECOY_BINS;
/// Files with a strip of their own.
const MOST_STRIPS: usize = 60;
/// Height of a strip and of a chart.
const STRIP: u32 = 18;
const CHART: u32 = 90;
const WIDTH: u32 = 1000;

/// Sums over all findings of a scan.
#[derive(Default)]
pub(super) struct Overview {
    pub(super) media: BTreeMap<Media, u64>,
    scores: BTreeMap<Media, [u64; BINS]>,
    /// By file: its place among the strips.
    files: BTreeMap<String, usize>,
    strips: Vec<FileStrip>,
}

struct FileStrip {
    name: String,
    rows: u64,
    findings: u64,
    cells: [u64; CELLS],
    over_policy: [u64; CELLS],
}

/// A file as a line of cells, the darker for more findings.
#[derive(Serialize)]
pub(super) struct Strip {
    name: String,
    findings: String,
    /// An SVG element.
    svg: String,
}

/// How many findings have which score.
#[derive(Serialize)]
pub(super) struct Chart {
    name: &'static str,
    words: String,
    svg: String,
    /// The same as a table: from, to, findings, decoys.
    bins: Vec<(String, String, String)>,
    has_decoys: bool,
}

impl Overview {
    pub(super) fn new(files: &[FileTotals]) -> Self {
        let mut with_rows: Vec<&FileTotals> = files.iter().filter(|f| f.rows.rows > 0).collect();
        // Stable: equal files stay in order of name.
        with_rows.sort_by_key(|file| std::cmp::Reverse(file.rows.matched));
        with_rows.truncate(MOST_STRIPS);
        with_rows.sort_by(|a, b| a.file.cmp(&b.file));
        let strips: Vec<FileStrip> = with_rows
            .into_iter()
            .map(|file| FileStrip {
                name: file.file.clone(),
                rows: file.rows.rows,
                findings: 0,
                cells: [0; CELLS],
                over_policy: [0; CELLS],
            })
            .collect();
        let places = strips.iter().enumerate();
        Self {
            files: places
                .map(|(place, strip)| (strip.name.clone(), place))
                .collect(),
            strips,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, finding: &Finding, over_policy: bool) {
        *self.media.entry(finding.media).or_default() += 1;
        let bins = self.scores.entry(finding.media).or_insert([0; BINS]);
        bins[bin(finding.score)] += 1;
        if let Some(&place) = self.files.get(&finding.file) {
            let strip = &mut self.strips[place];
            strip.findings += 1;
            let row = finding.row_index.max(0) as u64;
            let cell = u128::from(row) * CELLS as u128 / u128::from(strip.rows);
            let cell = (cell as usize).min(CELLS - 1);
            strip.cells[cell] += 1;
            strip.over_policy[cell] += u64::from(over_policy);
        }
    }

    pub(super) fn strips(&self) -> Vec<Strip> {
        let most = self.strips.iter().flat_map(|strip| strip.cells).max();
        let most = most.unwrap_or(0).max(1);
        let strips = self.strips.iter().filter(|strip| strip.findings > 0);
        strips.map(|strip| strip.drawn(most)).collect()
    }

    /// A chart a medium; decoys that were measured stand below.
    pub(super) fn charts(&self, summary: &Summary) -> Vec<Chart> {
        let charts = self.scores.iter().map(|(media, bins)| {
            let decoys = summary.totals.media.of(Some(*media)).decoy_scores;
            let decoys = (summary.totals.media.of(Some(*media)).decoys > 0).then_some(decoys);
            chart(*media, bins, decoys)
        });
        charts.collect()
    }
}

/// The bin of a score between 0 and 1.
fn bin(score: f32) -> usize {
    ((score.clamp(0.0, 1.0) * BINS as f32) as usize).min(BINS - 1)
}

impl FileStrip {
    fn drawn(&self, most: u64) -> Strip {
        let width = WIDTH as usize / CELLS;
        let bars = |cells: &[u64; CELLS]| {
            let mut path = String::new();
            for (place, &findings) in cells.iter().enumerate().filter(|(_, f)| **f > 0) {
                // A single finding must be seen beside thousands.
                let share = (1.0 + findings as f64).log2() / (1.0 + most as f64).log2();
                let height = (f64::from(STRIP) * share).max(3.0).round();
                let left = place * width;
                path.extend([format!("M{left} {STRIP}v-{height}h{}v{height}z", width - 2)]);
            }
            path
        };
        let drawing = Drawing {
            width: WIDTH,
            height: STRIP,
            stretched: true,
            caption: String::new(),
            label: format!(
                "{} over {} of {}",
                counted(self.findings, "finding", "findings"),
                counted(self.rows, "row", "rows"),
                line(&self.name)
            ),
            shapes: vec![
                Shape::Path(Ink::Link, format!("M0 0H{WIDTH}V{STRIP}H0z")),
                Shape::Path(Ink::Bar, bars(&self.cells)),
                Shape::Path(Ink::Strong, bars(&self.over_policy)),
            ],
        };
        Strip {
            name: line(&self.name),
            findings: counted(self.findings, "finding", "findings"),
            svg: drawing.to_inline(),
        }
    }
}

fn chart(media: Media, bins: &[u64; BINS], decoys: Option<[u64; BINS]>) -> Chart {
    let below = decoys.unwrap_or([0; BINS]);
    let most = bins.iter().chain(&below).max().copied().unwrap_or(0).max(1);
    let width = WIDTH as usize / BINS;
    let half = CHART / 2;
    let bars = |counts: &[u64; BINS], way: &str| {
        let mut path = String::new();
        for (place, &number) in counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let share = (1.0 + number as f64).log2() / (1.0 + most as f64).log2();
            let height = (f64::from(half - 4) * share).max(2.0).round();
            let back = if way == "-" { "" } else { "-" };
            let left = place * width + 2;
            let across = width - 4;
            path.extend([format!(
                "M{left} {half}v{way}{height}h{across}v{back}{height}z"
            )]);
        }
        path
    };
    let all: u64 = bins.iter().sum();
    let tried: u64 = below.iter().sum();
    let name = match media {
        Media::Audio => "Audio",
        Media::Image => "Images",
        Media::Text => "Text",
    };
    let words = match decoys {
        Some(_) => format!(
            "{} above the line; below it the best score in each of {}.",
            counted(all, "finding", "findings"),
            counted(tried, "decoy", "decoys")
        ),
        None => format!(
            "{}; no decoys were searched for.",
            counted(all, "finding", "findings")
        ),
    };
    let drawing = Drawing {
        width: WIDTH,
        height: CHART,
        stretched: true,
        caption: String::new(),
        label: format!("{name}: {words}"),
        shapes: vec![
            Shape::Path(Ink::Track, format!("M0 {half}H{WIDTH}")),
            Shape::Path(Ink::Bar, bars(bins, "-")),
            Shape::Path(Ink::Decoy, bars(&below, "")),
        ],
    };
    let steps = bins.iter().zip(below).enumerate();
    Chart {
        name,
        words,
        svg: drawing.to_inline(),
        bins: steps
            .filter(|(_, (found, decoys))| **found + *decoys > 0)
            .map(|(place, (found, decoys))| {
                let edge = |place: usize| format!("{:.2}", place as f64 / BINS as f64);
                let range = format!("{} to {}", edge(place), edge(place + 1));
                (range, count(*found), count(decoys))
            })
            .collect(),
        has_decoys: decoys.is_some(),
    }
}

#[cfg(test)]
mod tests;
