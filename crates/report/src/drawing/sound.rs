//! Recordings: the peaks of both along their time axes, and the line of the alignment.

use clearance_scan::{Exhibit, Finding, SoundExhibit};

use super::{Drawing, Ink, Shape, Side, unit};
use crate::words::{clock, counted};

/// Width of everything along time.
const WIDTH: f64 = 1000.0;
/// Height of one recording's peaks.
const BAND: f64 = 96.0;
/// Between the two.
const GAP: f64 = 56.0;
/// Narrowest stretch drawn, so that it can be seen.
const LEAST_WIDTH: f64 = 8.0;
/// Side of the plot of one time against the other.
const PLOT: f64 = 300.0;
/// Steps of the frequency axis that peaks are given in.
const STEPS: f64 = 255.0;
/// Pairs that are joined by a line of their own.
const MOST_LINKS: usize = 40;

/// The stretch of the item over the stretch of the work, on one scale from 0.
pub(crate) fn spans(finding: &Finding) -> Option<Drawing> {
    let item = (finding.query_start?, finding.query_end?);
    let work = (finding.work_start?, finding.work_end?);
    let end = item.1.max(work.1);
    if end <= 0.0 {
        return None;
    }
    let ends = |(start, end_of_span): (f64, f64)| {
        let right = ((end_of_span / end).clamp(0.0, 1.0) * WIDTH).max(LEAST_WIDTH);
        let left = (start / end).clamp(0.0, 1.0) * WIDTH;
        (left.min(right - LEAST_WIDTH).round(), right.round())
    };
    let (a, b) = (ends(item), ends(work));
    let words = |(start, end): (f64, f64)| format!("{} – {}", clock(start), clock(end));
    Some(Drawing {
        width: WIDTH as u32,
        height: 44,
        stretched: true,
        caption: format!("Item {} above, work {} below", words(item), words(work)),
        label: format!(
            "{} of the item matches {} of the work",
            words(item),
            words(work)
        ),
        shapes: vec![
            Shape::Path(Ink::Link, format!("M{} 8H{}L{} 36H{}Z", a.0, a.1, b.1, b.0)),
            Shape::Path(Ink::Track, "M0 6H1000M0 38H1000".to_owned()),
            Shape::Path(Ink::Span, format!("M{} 6H{}M{} 38H{}", a.0, a.1, b.0, b.1)),
        ],
    })
}

/// From seconds to a place on an axis.
#[derive(Clone, Copy)]
struct Axis {
    start: f64,
    length: f64,
    width: f64,
}

impl Axis {
    fn over(start: f64, end: f64, width: f64) -> Option<Self> {
        let length = end - start;
        (length.is_finite() && length > 0.0).then_some(Self {
            start,
            length,
            width,
        })
    }

    fn at(self, ms: u32) -> f64 {
        unit((f64::from(ms) / 1000.0 - self.start) / self.length * self.width)
    }
}

/// The peaks of both recordings over the matched span, those that agree joined; behind them the
/// spectrograms that are at hand.
pub(crate) fn sound(finding: &Finding, exhibit: &Exhibit) -> Option<Drawing> {
    let spectrograms = spectrograms(exhibit);
    let exhibit = exhibit.sound.as_ref()?;
    let item = Axis::over(finding.query_start?, finding.query_end?, WIDTH)?;
    let work = Axis::over(finding.work_start?, finding.work_end?, WIDTH)?;
    let height = |pitch: u8, top: f64| unit(top + BAND - f64::from(pitch) / STEPS * BAND);
    let below = BAND + GAP;
    let mut plain = String::new();
    for &(ms, pitch) in &exhibit.item {
        dot(&mut plain, item.at(ms), height(pitch, 0.0));
    }
    for &(ms, pitch) in &exhibit.work {
        dot(&mut plain, work.at(ms), height(pitch, below));
    }
    let (mut aligned, mut links) = (String::new(), String::new());
    let every = exhibit.aligned.len().div_ceil(MOST_LINKS).max(1);
    for (place, &[item_ms, item_pitch, work_ms, work_pitch]) in exhibit.aligned.iter().enumerate() {
        let pitch = |pitch: u32| pitch.min(255) as u8;
        let from = (item.at(item_ms), height(pitch(item_pitch), 0.0));
        let to = (work.at(work_ms), height(pitch(work_pitch), below));
        dot(&mut aligned, from.0, from.1);
        dot(&mut aligned, to.0, to.1);
        if place % every == 0 {
            links.extend([format!("M{} {}L{} {}", from.0, BAND, to.0, below)]);
        }
    }
    let pairs = counted(exhibit.aligned.len() as u64, "pair", "pairs");
    Some(Drawing {
        width: WIDTH as u32,
        height: (2.0 * BAND + GAP) as u32,
        stretched: true,
        caption: format!(
            "Spectral peaks{} over the matched span: the item's above ({} – {}), the work's below \
             ({} – {}), time to the right and pitch upwards. The strongest are shown; large dots \
             agree, and lines join their times.",
            if spectrograms.is_empty() {
                ""
            } else {
                " and spectrum"
            },
            clock(item.start),
            clock(item.start + item.length),
            clock(work.start),
            clock(work.start + work.length),
        ),
        label: format!(
            "Spectral peaks of item and work; {pairs} of those shown agree along the alignment"
        ),
        shapes: [
            spectrograms,
            vec![
                Shape::Path(Ink::Track, format!("M0 {BAND}H{WIDTH}M0 {below}H{WIDTH}")),
                Shape::Path(Ink::Rule, links),
                Shape::Path(Ink::Peak, plain),
                Shape::Path(Ink::Aligned, aligned),
            ],
        ]
        .concat(),
    })
}

/// The spectrograms in the places of the peaks that they belong to.
fn spectrograms(exhibit: &Exhibit) -> Vec<Shape> {
    let height = BAND as u32;
    let item = exhibit.thumbnail.as_ref();
    let work = exhibit.work_thumbnail.as_ref();
    let item = item.map(|_| Shape::Strip(Side::Item, 0, height));
    let work = work.map(|_| Shape::Strip(Side::Work, (BAND + GAP) as u32, height));
    item.into_iter().chain(work).collect()
}

/// Times in the work over times in the item: peaks that agree lie on one line.
pub(crate) fn plot(finding: &Finding, exhibit: &SoundExhibit) -> Option<Drawing> {
    if exhibit.aligned.is_empty() {
        return None;
    }
    let item = Axis::over(finding.query_start?, finding.query_end?, PLOT)?;
    let work = Axis::over(finding.work_start?, finding.work_end?, PLOT)?;
    let mut dots = String::new();
    for &[item_ms, _, work_ms, _] in &exhibit.aligned {
        dot(&mut dots, item.at(item_ms), unit(PLOT - work.at(work_ms)));
    }
    let slope = work.length / item.length;
    Some(Drawing {
        width: PLOT as u32,
        height: PLOT as u32,
        stretched: false,
        caption: format!(
            "Time in the work (upwards) over time in the item: {slope:.3} seconds of the work \
             pass in a second of the item."
        ),
        label: format!("Peaks that agree lie on one line of slope {slope:.3}"),
        shapes: vec![
            Shape::Path(Ink::Track, format!("M0 0V{PLOT}H{PLOT}")),
            Shape::Path(Ink::Rule, format!("M0 {PLOT}L{PLOT} 0")),
            Shape::Path(Ink::Aligned, dots),
        ],
    })
}

/// A line of no length: its round ends make a dot of the same size at any scale.
fn dot(path: &mut String, x: f64, y: f64) {
    path.extend([format!("M{x} {y}h0")]);
}

#[cfg(test)]
mod tests;
