//! Synthetic audio: music that fingerprints well, and the kinds of audio that should not match.
//!
//! All audio is mono `f32` in [-1, 1].

mod drums;
mod score;
mod speech;
mod timbre;

use std::f64::consts::TAU;

use crate::prng::Prng;

/// Sampling rate of [`compose`] and the other short forms, in hertz.
pub const SAMPLE_RATE_HZ: u32 = 22_050;

/// A tune of its own for each seed at 22,050 Hz; see [`compose_at`].
pub fn compose(seed: u64, duration_s: f64) -> Vec<f32> {
    compose_at(seed, duration_s, SAMPLE_RATE_HZ)
}

/// A tune of its own for each seed: lead, counter-melody, chords, bass and percussion.
///
/// Tempo, metre, key, scale, tuning, instruments and form all come from the seed, and every
/// bar is drawn anew with human timing, so that neither two seeds nor two moments of one tune
/// share an exact passage. A shorter tune is the beginning of the longer one with the same
/// seed and rate. `sample_rate_hz` is meant to be 22,050 or 44,100; any rate from 8,000 works.
///
/// ```
/// use clearance_testkit::music;
/// let tune = music::compose(7, 2.0);
/// assert_eq!(tune.len(), 44_100);
/// assert_eq!(tune[..22_050], music::compose(7, 1.0));
/// ```
pub fn compose_at(seed: u64, duration_s: f64, sample_rate_hz: u32) -> Vec<f32> {
    let tune = score::write_tune(seed, duration_s);
    let mut mix = vec![0.0_f32; sample_count(duration_s, sample_rate_hz)];
    for note in &tune.notes {
        tune.timbres[note.part as usize].play(note, &mut mix, sample_rate_hz);
    }
    let kit = drums::Kit::from_seed(seed);
    for hit in &tune.hits {
        kit.play(hit, &mut mix, sample_rate_hz);
    }
    echo(&mut mix, tune.echo_s, tune.echo_level, sample_rate_hz);
    for sample in &mut mix {
        // A soft ceiling instead of peak scaling: the level must not depend on the duration.
        *sample = (*sample * 0.9).tanh() * 0.95;
    }
    mix
}

/// Speech-like audio at 22,050 Hz: voiced syllables through moving formants, hisses, pauses.
///
/// The words mean nothing; it is there to be unlike music.
pub fn speech_like(seed: u64, duration_s: f64) -> Vec<f32> {
    speech::speak(seed, sample_count(duration_s, SAMPLE_RATE_HZ))
}

/// Digital silence at 22,050 Hz.
pub fn silence(duration_s: f64) -> Vec<f32> {
    vec![0.0; sample_count(duration_s, SAMPLE_RATE_HZ)]
}

/// Gaussian white noise at 22,050 Hz with the given root-mean-square level (0.1 is moderate),
/// clipped to [-1, 1].
pub fn white_noise(seed: u64, duration_s: f64, level: f32) -> Vec<f32> {
    let mut prng = Prng::for_purpose(seed, "white noise");
    (0..sample_count(duration_s, SAMPLE_RATE_HZ))
        .map(|_| (prng.normal() as f32 * level).clamp(-1.0, 1.0))
        .collect()
}

/// A sine at half of full scale at 22,050 Hz.
pub fn tone(frequency_hz: f64, duration_s: f64) -> Vec<f32> {
    (0..sample_count(duration_s, SAMPLE_RATE_HZ))
        .map(|index| {
            let time_s = index as f64 / f64::from(SAMPLE_RATE_HZ);
            (0.5 * (TAU * frequency_hz * time_s).sin()) as f32
        })
        .collect()
}

/// Samples in `duration_s` seconds; none for a negative or meaningless duration.
fn sample_count(duration_s: f64, sample_rate_hz: u32) -> usize {
    (duration_s * f64::from(sample_rate_hz)).round().max(0.0) as usize
}

/// One feedback delay line: each echo is `level` times the one before.
fn echo(mix: &mut [f32], delay_s: f64, level: f32, sample_rate_hz: u32) {
    let delay = sample_count(delay_s, sample_rate_hz).max(1);
    for index in delay..mix.len() {
        mix[index] += level * mix[index - delay];
    }
}

#[cfg(test)]
mod tests;
