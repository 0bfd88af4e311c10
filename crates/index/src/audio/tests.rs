use clearance_fingerprint::audio::{BIN_STEPS, TIME_STEPS};
use proptest::prelude::*;

use super::*;

/// Peaks with pseudo-random places: about 18 a second.
fn peaks(seed: u64, seconds: u32) -> Vec<Peak> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) % below
    };
    let hops = u64::from(seconds) * 43;
    let mut peaks: Vec<Peak> = (0..seconds * 18)
        .map(|index| Peak {
            time: (random(hops * u64::from(TIME_STEPS))) as u32,
            bin: random(190 * u64::from(BIN_STEPS)) as u16,
            rank: (index % 18) as u8,
        })
        .collect();
    peaks.sort_unstable();
    peaks
}

/// The part of `peaks` between two times, moved to start at zero.
fn cut(peaks: &[Peak], from_s: u32, to_s: u32) -> Vec<Peak> {
    let steps = |seconds: u32| seconds * 43 * TIME_STEPS;
    peaks
        .iter()
        .filter(|peak| (steps(from_s)..steps(to_s)).contains(&peak.time))
        .map(|peak| Peak {
            time: peak.time - steps(from_s),
            ..*peak
        })
        .collect()
}

#[test]
fn an_excerpt_aligns_at_its_place() {
    let reference = peaks(1, 60);
    let query = cut(&reference, 20, 27);
    let offset = i64::from(20 * 43 * TIME_STEPS);
    let found = verify(&query, &reference, offset + 40);
    assert_eq!(found.len(), 1);
    assert!(found[0].score_nats > 100.0);
    assert!((found[0].reference.0 - found[0].query.0 - offset as f64).abs() < 8.0);
    assert!(found[0].aligned == found[0].examined);
}

#[test]
fn two_spans_of_one_alignment_are_two_matches() {
    let reference = peaks(2, 60);
    let other = peaks(3, 60);
    let at = |from, to, source: &[Peak]| -> Vec<Peak> {
        let shift = from * 43 * TIME_STEPS;
        cut(source, from, to)
            .into_iter()
            .map(|p| Peak {
                time: p.time + shift,
                ..p
            })
            .collect()
    };
    let query = [
        at(0, 10, &reference),
        at(10, 30, &other),
        at(30, 40, &reference),
    ]
    .concat();
    assert_eq!(verify(&query, &reference, 0).len(), 2);
}

#[test]
fn a_steady_pattern_is_no_evidence() {
    // The same bins at every moment agree at every offset.
    let tone = |seconds: u32| -> Vec<Peak> {
        (0..seconds * 18)
            .map(|i| Peak {
                time: i * 38,
                bin: 800,
                rank: 0,
            })
            .collect()
    };
    for found in verify(&tone(20), &tone(60), 5000) {
        let e_value = audio_e_value(found.score_nats, 360, 1080);
        assert!(e_value > MAX_E_VALUE_PER_ITEM, "{found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn unrelated_peaks_are_no_match(a in 1u64..1_000_000, b in 1u64..1_000_000, offset in -40_000i64..40_000) {
        prop_assume!(a != b);
        for found in verify(&peaks(a, 30), &peaks(b, 60), offset) {
            prop_assert!(audio_e_value(found.score_nats, 540, 1080) > MAX_E_VALUE_PER_ITEM);
        }
    }
}
