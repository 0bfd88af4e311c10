use std::f64::consts::PI;

use proptest::prelude::*;

use super::*;
use crate::audio::{AudioExtractor, BIN_STEPS, TIME_STEPS};

/// Four notes a second, each fading.
fn tones() -> Vec<f32> {
    let rate = f64::from(SAMPLE_RATE_HZ);
    let notes = [440.0, 660.0, 523.0, 880.0, 1760.0, 990.0, 587.0];
    let sample = |at: usize| {
        let time = at as f64 / rate;
        let note = notes[(time * 4.0) as usize % notes.len()];
        let fading = (-6.0 * (time * 4.0).fract() / 4.0).exp();
        (0.5 * fading * (2.0 * PI * note * time).sin()) as f32
    };
    (0..SAMPLE_RATE_HZ as usize * 5).map(sample).collect()
}

fn picture(samples: &[f32], span: (f64, f64), width: usize) -> (usize, Vec<u8>) {
    let mut spectrogram = Spectrogram::new(span.0, span.1, width);
    spectrogram.push(samples);
    spectrogram.finish()
}

#[test]
fn peaks_lie_on_dark_places() {
    let samples = tones();
    let mut extractor = AudioExtractor::new();
    extractor.push(&samples);
    let peaks = extractor.finish().peaks;
    let (start, end) = (1.0, 4.0);
    let (width, picture) = picture(&samples, (start, end), 400);
    let frames = (end - start) * f64::from(SAMPLE_RATE_HZ) / HOP as f64;
    assert_eq!(width, frames.round() as usize);
    let first = (start * f64::from(SAMPLE_RATE_HZ) / HOP as f64).round() as usize;
    let mut seen = 0;
    for peak in peaks {
        let column = (peak.time as f64 / f64::from(TIME_STEPS)).round() as usize;
        let bin = (f64::from(peak.bin) / f64::from(BIN_STEPS)).round() as usize;
        if (first..first + width).contains(&column) && peak.rank < 2 {
            let row = BINS - 1 - bin.min(BINS - 1);
            assert!(picture[row * width + column - first] < 120, "{peak:?}");
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen}");
}

#[test]
fn a_stretch_beyond_the_end_is_white() {
    let (width, picture) = picture(&tones(), (10.0, 12.0), 40);
    assert_eq!((width, picture.len()), (40, 40 * BINS));
    assert!(picture.iter().all(|shade| *shade == 255));
}

#[test]
fn spans_that_no_recording_has_are_white() {
    for span in [
        (0.0, f64::MAX),
        (1e300, 1e301),
        (f64::MAX, f64::INFINITY),
        (5.0, 1.0),
    ] {
        let (width, picture) = picture(&tones(), span, 40);
        assert_eq!(picture.len(), width * BINS, "{span:?}");
    }
}

#[test]
fn frames_that_reach_beyond_the_end_are_shown() {
    let (width, picture) = picture(&tones(), (4.0, 5.0), 400);
    let column = |at: usize| (0..BINS).map(|row| picture[row * width + at]).min();
    let reaching = FRAME / HOP;
    assert!(column(width - reaching + 1).unwrap() < 120);
}

proptest! {
    #[test]
    fn blocks_make_no_difference(cuts in prop::collection::vec(1usize..9000, 1..20)) {
        let samples = tones();
        let whole = picture(&samples, (0.5, 3.5), 100);
        let mut spectrogram = Spectrogram::new(0.5, 3.5, 100);
        let mut rest = &samples[..];
        for cut in cuts.into_iter().cycle().take(200) {
            let (block, left) = rest.split_at(cut.min(rest.len()));
            spectrogram.push(block);
            rest = left;
        }
        spectrogram.push(rest);
        prop_assert_eq!(spectrogram.finish(), whole);
    }
}
