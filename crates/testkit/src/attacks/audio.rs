//! Alterations of mono samples. None of them resamples.

use crate::prng::Prng;

/// Louder or softer by `decibels`; what would pass full scale is clipped.
pub fn gain(samples: &[f32], decibels: f32) -> Vec<f32> {
    let factor = 10.0_f32.powf(decibels / 20.0);
    samples
        .iter()
        .map(|sample| (sample * factor).clamp(-1.0, 1.0))
        .collect()
}

/// The part from `start_s` for `duration_s` seconds, as far as the samples reach.
pub fn crop(samples: &[f32], start_s: f64, duration_s: f64, sample_rate_hz: u32) -> Vec<f32> {
    let index = |time_s: f64| ((time_s * f64::from(sample_rate_hz)) as usize).min(samples.len());
    let (start, end) = (index(start_s), index(start_s + duration_s));
    samples[start..end.max(start)].to_vec()
}

/// White Gaussian noise added at a signal-to-noise ratio of `ratio_decibels` over the whole
/// piece: 20 is hiss, 0 is as loud as the music.
pub fn add_white_noise(samples: &[f32], ratio_decibels: f32, seed: u64) -> Vec<f32> {
    let mut prng = Prng::for_purpose(seed, "noise attack");
    let level = root_mean_square(samples) * 10.0_f32.powf(-ratio_decibels / 20.0);
    samples
        .iter()
        .map(|sample| (sample + prng.normal() as f32 * level).clamp(-1.0, 1.0))
        .collect()
}

/// `excerpt` played within `host` from `at_s` on: the host is silent meanwhile and goes on
/// afterwards, so the result is as long as both together.
pub fn insert(host: &[f32], excerpt: &[f32], at_s: f64, sample_rate_hz: u32) -> Vec<f32> {
    let at = ((at_s * f64::from(sample_rate_hz)) as usize).min(host.len());
    [&host[..at], excerpt, &host[at..]].concat()
}

/// Two pieces heard together, the second `decibels` louder (or softer if negative); as long
/// as the first.
pub fn mix(first: &[f32], second: &[f32], decibels: f32) -> Vec<f32> {
    let factor = 10.0_f32.powf(decibels / 20.0);
    let padded = second.iter().copied().chain(std::iter::repeat(0.0));
    first
        .iter()
        .zip(padded)
        .map(|(a, b)| (a + b * factor).clamp(-1.0, 1.0))
        .collect()
}

/// The level of a piece; 0 for an empty one.
pub fn root_mean_square(samples: &[f32]) -> f32 {
    let energy: f64 = samples.iter().map(|x| f64::from(*x).powi(2)).sum();
    (energy / samples.len().max(1) as f64).sqrt() as f32
}
