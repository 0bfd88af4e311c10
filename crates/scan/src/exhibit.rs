//! What a report shows of a match beside pictures: both passages, or the peaks that agree.

use clearance_fingerprint::audio::{BIN_STEPS, BINS, Peak, seconds};
use clearance_index::{Match, Print, Snapshot, SoundEvidence, Span};

use crate::excerpt::{Excerpts, HALF_CHARACTERS, MOST_CHARACTERS};
use crate::finding::SoundExhibit;

/// Recordings, and works in one, that peaks are kept of: further matches of an item are told in
/// numbers only.
const MOST_SOUNDS: usize = 8;
/// Peaks of each kind: as many as a drawing can hold.
const MOST_PEAKS: usize = 240;

/// What is shown of one match.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    pub(crate) excerpt: Option<String>,
    pub(crate) work_excerpt: Option<String>,
    pub(crate) sound: Option<SoundExhibit>,
}

/// What is shown of the matches of an item, in their order.
pub(crate) fn views(snapshot: &Snapshot, print: &Print, matches: &[Match]) -> Vec<View> {
    if matches.is_empty() {
        return Vec::new();
    }
    match print {
        Print::Audio(print) => {
            let matches = matches.iter().take(MOST_SOUNDS);
            let sound = |found| snapshot.sound_evidence(print, found, MOST_PEAKS);
            matches
                .map(|found| View {
                    sound: sound(found).map(|evidence| exhibit(&evidence)),
                    ..View::default()
                })
                .collect()
        }
        Print::Text { text } => {
            let excerpts = Excerpts::new(text);
            let view = |found: &Match| View {
                excerpt: found.query_span.map(|span| excerpts.passage(span)),
                work_excerpt: found
                    .work_span
                    .and_then(|span| work_passage(snapshot, found, span)),
                ..View::default()
            };
            matches.iter().map(view).collect()
        }
        Print::Image { .. } => Vec::new(),
    }
}

/// The work's passage, shortened as the item's is.
fn work_passage(snapshot: &Snapshot, found: &Match, span: Span) -> Option<String> {
    let (from, to) = (span.start.max(0.0) as usize, span.end.max(0.0) as usize);
    let length = to.saturating_sub(from);
    if length <= MOST_CHARACTERS {
        return snapshot.text_passage(found.asset, from, length);
    }
    let head = snapshot.text_passage(found.asset, from, HALF_CHARACTERS)?;
    let tail = snapshot.text_passage(found.asset, to - HALF_CHARACTERS, HALF_CHARACTERS)?;
    Some(format!("{head} […] {tail}"))
}

fn exhibit(evidence: &SoundEvidence) -> SoundExhibit {
    let short = |&peak: &Peak| (milliseconds(peak), pitch(peak));
    SoundExhibit {
        item: evidence.item.iter().map(short).collect(),
        work: evidence.work.iter().map(short).collect(),
        aligned: evidence
            .aligned
            .iter()
            .map(|&(item, work)| {
                [
                    milliseconds(item),
                    pitch(item).into(),
                    milliseconds(work),
                    pitch(work).into(),
                ]
            })
            .collect(),
    }
}

fn milliseconds(peak: Peak) -> u32 {
    (seconds(peak.time.into()) * 1000.0).round() as u32
}

fn pitch(peak: Peak) -> u8 {
    let highest = BINS as f64 * f64::from(BIN_STEPS);
    (f64::from(peak.bin) / highest * 255.0).round().min(255.0) as u8
}
