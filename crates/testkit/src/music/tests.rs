use super::*;

/// Normalised correlation of two equally long pieces at the best lag within ±200 samples.
fn best_correlation(left: &[f32], right: &[f32]) -> f64 {
    let window = left.len().min(right.len()) - 400;
    let query = &left[200..200 + window];
    let energy = |samples: &[f32]| samples.iter().map(|x| f64::from(x * x)).sum::<f64>();
    (0..400)
        .step_by(3)
        .map(|lag| {
            let other = &right[lag..lag + window];
            let dot: f64 = query.iter().zip(other).map(|(x, y)| f64::from(x * y)).sum();
            dot.abs() / (energy(query) * energy(other)).sqrt()
        })
        .fold(0.0, f64::max)
}

fn rms(samples: &[f32]) -> f64 {
    (samples.iter().map(|x| f64::from(x * x)).sum::<f64>() / samples.len() as f64).sqrt()
}

#[test]
fn same_seed_same_tune_other_seed_other_tune() {
    let tune = compose(1, 3.0);
    assert!(tune == compose(1, 3.0));
    let other = compose(2, 3.0);
    assert!(best_correlation(&tune, &other) < 0.4);
}

#[test]
fn shorter_tune_is_the_beginning_of_the_longer() {
    let long = compose(9, 8.0);
    let short = compose(9, 3.3);
    assert!(long[..short.len()] == short[..]);
}

#[test]
fn tunes_are_loud_enough_and_never_clip() {
    for seed in 0..12 {
        let tune = compose(seed, 4.0);
        assert_eq!(tune.len(), 88_200);
        assert!(tune.iter().all(|x| x.abs() < 0.96), "seed {seed} clips");
        assert!(
            (0.05..0.6).contains(&rms(&tune)),
            "seed {seed}: {}",
            rms(&tune)
        );
        // No second may be nearly silent: a crop of it would have no fingerprint.
        for (second, piece) in tune.chunks(22_050).enumerate() {
            assert!(
                rms(piece) > 0.02,
                "seed {seed} second {second}: {}",
                rms(piece)
            );
        }
    }
}

#[test]
fn a_tune_does_not_repeat_itself() {
    let tune = compose(5, 20.0);
    let pieces: Vec<&[f32]> = tune.chunks_exact(22_050).collect();
    for (index, piece) in pieces.iter().enumerate() {
        for later in &pieces[index + 1..] {
            assert!(best_correlation(&piece[..4000], &later[..4000]) < 0.95);
        }
    }
}

#[test]
fn other_rates_keep_the_duration() {
    assert_eq!(compose_at(3, 1.5, 44_100).len(), 66_150);
    assert_eq!(compose_at(3, 0.0, 44_100).len(), 0);
    assert_eq!(compose_at(3, -1.0, 44_100).len(), 0);
    assert_eq!(compose_at(3, f64::NAN, 44_100).len(), 0);
}

#[test]
fn speech_has_pauses_and_stays_in_range() {
    let speech = speech_like(1, 10.0);
    assert!(speech == speech_like(1, 10.0));
    assert!(speech != speech_like(2, 10.0));
    assert!(speech.iter().all(|x| x.is_finite() && x.abs() <= 1.0));
    assert!(rms(&speech) > 0.01, "{}", rms(&speech));
    assert!(speech.chunks(2205).any(|piece| rms(piece) < 1e-4));
}

#[test]
fn plain_sounds_are_what_they_say() {
    assert!(silence(0.5) == vec![0.0; 11_025]);
    assert!((rms(&white_noise(1, 2.0, 0.1)) - 0.1).abs() < 0.005);
    let crossings = tone(1000.0, 1.0)
        .windows(2)
        .filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0)
        .count();
    assert!((998..=1001).contains(&crossings), "{crossings}");
}
