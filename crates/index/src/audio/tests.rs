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

/// The query played `speed` times as fast and `steps` higher.
fn bent(peaks: &[Peak], speed: f64, steps: u16) -> Vec<Peak> {
    peaks
        .iter()
        .map(|peak| Peak {
            time: (f64::from(peak.time) / speed).round() as u32,
            bin: peak.bin + steps,
            ..*peak
        })
        .collect()
}

/// A candidate a little beside the true line.
fn candidate(query: &[Peak], line: Line) -> Candidate {
    Candidate {
        segment: 0,
        asset: 0,
        line,
        part: (0, query.last().map_or(0, |peak| peak.time)),
        votes: 5,
    }
}

#[test]
fn an_excerpt_aligns_at_its_place() {
    let reference = peaks(1, 60);
    let query = cut(&reference, 20, 27);
    let offset = f64::from(20 * 43 * TIME_STEPS);
    let line = Line {
        slope: 1.01,
        offset: offset + 40.0,
        shift: 5.0,
    };
    let found = verify(&query, &reference, &candidate(&query, line));
    assert_eq!(found.len(), 1);
    assert!(found[0].score_nats > 100.0);
    assert!((found[0].line.slope - 1.0).abs() < 1e-12);
    assert!((found[0].reference.0 - found[0].query.0 - offset).abs() < 8.0);
    assert!(found[0].aligned == found[0].examined);
}

#[test]
fn a_bent_excerpt_aligns_and_tells_how_it_was_bent() {
    let reference = peaks(5, 90);
    let offset = f64::from(30 * 43 * TIME_STEPS);
    for (speed, steps) in [(1.25, 0), (0.8, 0), (1.0, 96), (1.1, 80)] {
        let query = bent(&cut(&reference, 30, 45), speed, steps);
        let line = Line {
            slope: speed * 1.012,
            offset: offset - 60.0,
            shift: f64::from(steps) + 6.0,
        };
        let found = verify(&query, &reference, &candidate(&query, line));
        assert_eq!(found.len(), 1, "{speed}, {steps}");
        let line = found[0].line;
        assert!((line.slope / speed - 1.0).abs() < 0.001, "{line:?}");
        assert!((line.shift - f64::from(steps)).abs() < 2.0, "{line:?}");
        assert!((line.offset - offset).abs() < 16.0, "{line:?}");
    }
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
    assert_eq!(
        verify(&query, &reference, &candidate(&query, UNBENT)).len(),
        2
    );
}

const UNBENT: Line = Line {
    slope: 1.0,
    offset: 0.0,
    shift: 0.0,
};

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
    let line = Line {
        offset: 5000.0,
        ..UNBENT
    };
    let query = tone(20);
    for found in verify(&query, &tone(60), &candidate(&query, line)) {
        let e_value = audio_e_value(found.score_nats, 20.0);
        assert!(e_value > MAX_AUDIO_E_VALUE_PER_ITEM, "{found:?}");
    }
}

#[test]
fn transforms_are_named_as_people_name_them() {
    let line = |slope: f64, semitones: f64| Line {
        slope,
        offset: 0.0,
        shift: semitones * 48.0,
    };
    assert_eq!(transform(line(1.0, 0.0)), None);
    let tape = transform(line(1.1, 12.0 * 1.1f64.log2())).unwrap();
    assert_eq!((tape.speed, tape.tempo), (Some(1.1), None));
    let stretched = transform(line(1.1, 0.0)).unwrap();
    assert_eq!((stretched.tempo, stretched.speed), (Some(1.1), None));
    let shifted = transform(line(1.0, -2.0)).unwrap();
    assert_eq!(
        (shifted.tempo, shifted.pitch_semitones),
        (Some(1.0), Some(-2.0))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn unrelated_peaks_are_no_match(
        a in 1u64..1_000_000,
        b in 1u64..1_000_000,
        offset in -40_000.0..40_000.0,
        slope in 0.65..1.55,
        shift in -300.0..300.0,
    ) {
        prop_assume!(a != b);
        let query = peaks(a, 30);
        let line = Line { slope, offset, shift };
        for found in verify(&query, &peaks(b, 60), &candidate(&query, line)) {
            prop_assert!(audio_e_value(found.score_nats, 30.0) > MAX_AUDIO_E_VALUE_PER_ITEM);
        }
    }
}
