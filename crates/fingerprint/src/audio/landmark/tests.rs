use super::*;

/// Peaks with pseudo-random places: about 40 a second, ranked within each second.
fn peaks(seed: u64, seconds: u32) -> Vec<Peak> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) % below
    };
    let second = 43 * TIME_STEPS;
    let mut peaks: Vec<Peak> = (0..seconds * 40)
        .map(|index| Peak {
            time: index / 40 * second + random(u64::from(second)) as u32,
            bin: 300 + random(130 * u64::from(BIN_STEPS)) as u16,
            rank: (index % 40) as u8,
        })
        .collect();
    peaks.sort_unstable();
    peaks
}

/// The same peaks played `speed` times as fast and `steps` higher.
fn bent(peaks: &[Peak], speed: f64, steps: u16) -> AudioFingerprint {
    let peaks = peaks.iter().map(|peak| Peak {
        time: (f64::from(peak.time) / speed).round() as u32,
        bin: peak.bin + steps,
        rank: peak.rank,
    });
    AudioFingerprint {
        peaks: peaks.collect(),
        samples: 0,
    }
}

/// How many stored landmarks of each family the query finds: fixed, free.
fn found(work: &[Peak], query: &AudioFingerprint) -> (usize, usize) {
    let stored = stored_landmarks(&bent(work, 1.0, 0));
    let asked: std::collections::HashSet<u64> = query_landmarks(query, 0..u32::MAX)
        .iter()
        .map(|landmark| landmark.hash)
        .collect();
    let count = |fixed| {
        let family = stored.iter().filter(|landmark| landmark.fixed == fixed);
        family
            .filter(|landmark| asked.contains(&landmark.hash))
            .count()
    };
    (count(true), count(false))
}

#[test]
fn the_same_peaks_give_every_stored_landmark_again() {
    let work = peaks(1, 20);
    let stored = stored_landmarks(&bent(&work, 1.0, 0));
    let (fixed, free) = found(&work, &bent(&work, 1.0, 0));
    assert_eq!(fixed + free, stored.len());
    assert!(fixed > 40 && free > 40, "{fixed} fixed, {free} free");
}

#[test]
fn free_landmarks_survive_a_change_of_pitch_and_speed() {
    let work = peaks(2, 30);
    let (_, all) = found(&work, &bent(&work, 1.0, 0));
    for (speed, steps) in [(0.75, 0), (1.25, 0), (1.0, 12 * 16), (1.2, 90), (1.5, 330)] {
        let (_, free) = found(&work, &bent(&work, speed, steps));
        assert!(
            free * 2 > all,
            "speed {speed}, {steps} steps: {free} of {all}"
        );
    }
}

#[test]
fn other_peaks_share_next_to_nothing() {
    let (fixed, free) = found(&peaks(3, 30), &bent(&peaks(4, 30), 1.0, 0));
    assert!(fixed + free < 16, "{fixed} fixed, {free} free");
}

#[test]
fn landmarks_of_parts_are_the_landmarks_of_the_whole() {
    let print = bent(&peaks(5, 12), 1.0, 0);
    let whole = query_landmarks(&print, 0..u32::MAX);
    let border = 5000;
    let parts = [
        query_landmarks(&print, 0..border),
        query_landmarks(&print, border..u32::MAX),
    ];
    let sorted = |mut landmarks: Vec<Landmark>| {
        landmarks.sort_unstable();
        landmarks
    };
    assert_eq!(sorted(parts.concat()), sorted(whole));
}

#[test]
fn a_sample_holds_the_keys_whose_number_is_a_multiple() {
    for of in [1u64, 2, 3, 7, 16, 20, 50, 1000] {
        let sample = Sample::new(of);
        for key in 0..20_000u64 {
            let number = spread(key ^ 0x5a17) >> 40;
            assert_eq!(
                sample.holds(key),
                number.is_multiple_of(of),
                "{key} of {of}"
            );
        }
    }
}
