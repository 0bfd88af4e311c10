//! Other places of a recording that fit the same part of an item.
//!
//! Music repeats itself: a bar of drums fits every bar with those drums. A match
//! with it names one place and counts the others.

use clearance_fingerprint::audio::{BIN_STEPS, BINS, Peak, TIME_STEPS};

use super::ELSEWHERE_STEPS;
use super::agreement::{LOOSE, agreeing};
use super::line::between;
use super::verify::Alignment;

/// A place is as good as the best one when this share of the agreeing peaks agrees there.
const EQUAL_SHARE: f64 = 0.75;
/// Agreeing peaks that are tried elsewhere, spread over the span: hours of one beat must
/// not take hours.
const MOST_TRIED: usize = 1024;
/// Steps in a cell of the histogram of places: one hop.
const CELL: f64 = TIME_STEPS as f64;

/// How many other places of `reference` agree with the alignment's part of the query
/// about as well, at the same pitch and tempo.
pub(super) fn equal_places(query: &[Peak], reference: &[Peak], alignment: &Alignment) -> u32 {
    let line = alignment.line;
    let span = between(query, alignment.query);
    let Some(last) = reference.last() else {
        return 0;
    };
    let by_bin = ByBin::new(reference);
    let (first, end) = (line.at(alignment.query.0), line.at(alignment.query.1));
    // Cells count how far a place is from the one found: from the recording's start
    // before the span to its end after it.
    let before = (end / CELL).ceil().max(0.0) as usize + 1;
    let after = ((f64::from(last.time) - first) / CELL).ceil().max(0.0) as usize + 1;
    let mut cells = vec![0u32; before + after + 1];
    let mut all = 0u32;
    let agreeing = agreeing(span, reference, line);
    let every = agreeing.len().div_ceil(MOST_TRIED).max(1);
    for peak in agreeing.iter().step_by(every) {
        all += 1;
        let time = line.at(peak.time.into());
        let bin = f64::from(peak.bin) - line.shift;
        for other in by_bin.near(bin) {
            let cell = ((f64::from(other.time) - time) / CELL).round() + before as f64;
            if let Some(count) = cells.get_mut(cell as usize) {
                *count += 1;
            }
        }
    }
    count_places(&cells, before, f64::from(all) * EQUAL_SHARE)
}

/// Cells of at least `enough`, with their neighbours, apart from each other and from `found`.
fn count_places(cells: &[u32], found: usize, enough: f64) -> u32 {
    let apart = (ELSEWHERE_STEPS / CELL) as usize;
    let mut last = None;
    let mut places = 0;
    for (middle, around) in cells.windows(3).enumerate() {
        let cell = middle + 1;
        let is_elsewhere = cell.abs_diff(found) >= apart
            && last.is_none_or(|last: usize| cell.abs_diff(last) >= apart);
        if is_elsewhere && f64::from(around.iter().sum::<u32>()) >= enough {
            last = Some(cell);
            places += 1;
        }
    }
    places
}

/// Peaks by the bin that they are in.
struct ByBin {
    peaks: Vec<Peak>,
    /// Where each bin starts.
    starts: Vec<usize>,
}

impl ByBin {
    fn new(reference: &[Peak]) -> Self {
        let bin = |peak: &Peak| usize::from(peak.bin / BIN_STEPS).min(BINS);
        let mut starts = vec![0; BINS + 2];
        for peak in reference {
            starts[bin(peak) + 1] += 1;
        }
        for bin in 1..starts.len() {
            starts[bin] += starts[bin - 1];
        }
        // Sorted by counting: this is done for every match, and recordings are long.
        let mut next = starts.clone();
        let mut peaks = reference.to_vec();
        for peak in reference {
            let place = &mut next[bin(peak)];
            peaks[*place] = *peak;
            *place += 1;
        }
        Self { peaks, starts }
    }

    /// Peaks within the loose tolerance of a frequency, in bin steps.
    fn near(&self, bin: f64) -> impl Iterator<Item = &Peak> {
        let reach = LOOSE.1 * f64::from(BIN_STEPS);
        let index = |steps: f64| ((steps / f64::from(BIN_STEPS)).max(0.0) as usize).min(BINS);
        let from = self.starts[index(bin - reach)];
        let to = self.starts[index(bin + reach) + 1];
        let peaks = self.peaks.get(from..to).unwrap_or(&[]);
        peaks
            .iter()
            .filter(move |peak| (f64::from(peak.bin) - bin).abs() <= reach)
    }
}
