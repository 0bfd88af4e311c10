//! A recording's spectrum over a matched span, as a picture for a report.

use std::collections::BTreeMap;
use std::path::Path;

use clearance_decode::{Limits, Reason, Source, Unreadable, decode_audio, gray_jpeg, guard};
use clearance_fingerprint::audio::{BINS, Spectrogram};

use crate::error::Result;
use crate::finding::Finding;
use crate::lookup::revisit;
use crate::pipeline::Examine;
use crate::plan::{Plan, ScanOptions};
use crate::progress::Progress;
use crate::reading::{Contents, Reader};
use crate::schema::MediaColumn;
use crate::source::Item;

/// Columns of a spectrogram: half a drawing's width.
const WIDTH: usize = 500;

/// A small JPEG of the spectrum of a recording from `start_s` to `end_s` seconds, dark where it is
/// loud: time to the right, and upwards the logarithmic pitch of
/// [`SoundExhibit`](crate::SoundExhibit).
///
/// # Errors
///
/// [`Unreadable`] when the recording cannot be decoded within the limits.
pub fn spectrogram_jpeg(
    source: &Source,
    (start_s, end_s): (f64, f64),
    limits: &Limits,
) -> std::result::Result<Vec<u8>, Unreadable> {
    if !(start_s.is_finite() && end_s.is_finite() && start_s < end_s) {
        return Err(Unreadable::new(Reason::Limit, "a span without length"));
    }
    let mut spectrogram = Spectrogram::new(start_s, end_s, WIDTH);
    decode_audio(source, limits, &mut |block| spectrogram.push(block))?;
    guard(|| {
        let (width, shades) = spectrogram.finish();
        gray_jpeg(width, BINS, &shades)
    })
}

/// Spectrograms of the items of these findings over the matched spans, by the findings' places in
/// the list. Items that are not there any more, or whose bytes have changed, are left out.
pub fn item_spectrograms(
    plan: &Plan,
    findings: &[&Finding],
    options: &ScanOptions,
) -> Result<BTreeMap<usize, Vec<u8>>> {
    let mut spans: BTreeMap<&str, Vec<(usize, Span)>> = BTreeMap::new();
    for (number, finding) in findings.iter().enumerate() {
        if let Some(span) = finding.query_start.zip(finding.query_end) {
            let known = spans.entry(&finding.item_digest).or_default();
            known.push((number, span));
        }
    }
    let drawer = Drawer {
        reader: Reader {
            limits: &options.limits,
            media_roots: &options.media_roots,
            declarations: false,
            signers: None,
            decoders: None,
        },
        spans,
    };
    let mut drawn = BTreeMap::new();
    revisit(plan, findings, &drawer, |_, pictures| {
        drawn.extend(pictures);
    })?;
    Ok(drawn)
}

/// Start and end in seconds.
type Span = (f64, f64);

/// Draws items.
struct Drawer<'a> {
    reader: Reader<'a>,
    /// Places of findings in their list, and spans, by the item's digest.
    spans: BTreeMap<&'a str, Vec<(usize, Span)>>,
}

impl Examine for Drawer<'_> {
    type Outcome = Vec<(usize, Vec<u8>)>;

    fn examine(&self, item: Item, _: &MediaColumn, dataset: &Path) -> Self::Outcome {
        let contents = self.reader.contents(item.payload, dataset);
        let Ok(Contents::File { bytes, digest, .. }) = contents else {
            return Vec::new();
        };
        let digest = blake3::Hash::from_bytes(digest).to_hex();
        let spans = self.spans.get(digest.as_str()).into_iter().flatten();
        let source = Source::Bytes(bytes);
        let drawn = spans.map(|(number, span)| {
            let jpeg = spectrogram_jpeg(&source, *span, self.reader.limits).ok()?;
            Some((*number, jpeg))
        });
        drawn.flatten().collect()
    }

    fn item_bytes(&self) -> u64 {
        self.reader.limits.item_bytes
    }

    fn count(&self, _: &Self::Outcome, _: &Progress) {}
}
