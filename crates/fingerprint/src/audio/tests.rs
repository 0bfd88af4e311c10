use std::f64::consts::TAU;

use proptest::prelude::*;

use super::*;

/// A phrase of decaying notes; the seed picks the notes.
fn phrase(seed: u64, seconds: f64) -> Vec<f32> {
    let rate = f64::from(SAMPLE_RATE_HZ);
    let mut samples = vec![0f32; (seconds * rate) as usize];
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut start = 0.0;
    while start < seconds {
        let hz = 150.0 * (random() * 4.0).exp2();
        for (i, sample) in samples
            .iter_mut()
            .enumerate()
            .skip((start * rate) as usize)
            .take(8000)
        {
            let t = i as f64 / rate - start;
            *sample += (0.2 * (-5.0 * t).exp() * (TAU * hz * t).sin()) as f32;
        }
        start += 0.05 + 0.15 * random();
    }
    samples
}

fn fingerprint(samples: &[f32]) -> AudioFingerprint {
    let mut extractor = AudioExtractor::new();
    extractor.push(samples);
    extractor.finish()
}

fn shared_hashes(stored: &AudioFingerprint, query: &AudioFingerprint) -> usize {
    let known: std::collections::HashSet<u64> =
        stored_landmarks(stored).iter().map(|l| l.hash).collect();
    query_landmarks(query, 0..u32::MAX)
        .iter()
        .filter(|l| known.contains(&l.hash))
        .count()
}

#[test]
fn an_excerpt_shares_landmarks_with_its_work_and_not_with_another() {
    let work = phrase(1, 20.0);
    // An odd start: the excerpt's frames fall between the work's.
    let excerpt = &work[61_117..61_117 + 5 * 11_025];
    let (work, excerpt, other) = (
        fingerprint(&work),
        fingerprint(excerpt),
        fingerprint(&phrase(2, 20.0)),
    );
    assert!(shared_hashes(&work, &excerpt) >= 15);
    assert!(shared_hashes(&other, &excerpt) <= 3);
}

#[test]
fn peaks_are_ordered_ranked_and_bounded() {
    let print = fingerprint(&phrase(3, 10.0));
    assert!(print.peaks.is_sorted());
    assert!(print.peaks.iter().all(|p| p.rank < QUERY_PEAKS_PER_S));
    assert!(print.stored_peaks().count() <= 11 * usize::from(STORED_PEAKS_PER_S));
    assert!(print.stored_peaks().count() > 40);
}

#[test]
fn steady_tones_silence_and_constants_have_almost_no_peaks() {
    let tone: Vec<f32> = (0..110_250)
        .map(|i| (TAU * 440.0 * f64::from(i) / 11_025.0).sin() as f32)
        .collect();
    // The tone's onset and end are events; its middle is not.
    assert!(fingerprint(&tone).peaks.len() < 40);
    assert!(fingerprint(&vec![0.0; 50_000]).peaks.is_empty());
    assert!(fingerprint(&[]).peaks.is_empty());
    assert!(fingerprint(&[0.3; 10]).peaks.len() < 10);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn block_boundaries_make_no_difference(cuts in prop::collection::vec(1usize..9000, 1..12)) {
        let samples = phrase(4, 4.0);
        let whole = fingerprint(&samples);
        let mut extractor = AudioExtractor::new();
        let mut rest = &samples[..];
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break; }
            let (head, tail) = rest.split_at((*cut).min(rest.len()));
            extractor.push(head);
            rest = tail;
        }
        prop_assert_eq!(extractor.finish(), whole);
    }
}
