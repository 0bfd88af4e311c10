//! Instruments by additive synthesis: each note is a sum of partials with envelopes and vibrato.

use std::f64::consts::TAU;

use super::score::Part;
use crate::prng::Prng;

/// Samples between updates of pitch and level.
const BLOCK: usize = 64;

/// One note of one instrument.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub(super) part: Part,
    pub(super) start_s: f64,
    /// Until the key is let go; the release comes after.
    pub(super) duration_s: f64,
    pub(super) frequency_hz: f64,
    /// Peak amplitude, about 0.05 to 0.4.
    pub(super) loudness: f64,
    /// Where in its cycle the vibrato starts, 0 to 1.
    pub(super) vibrato_phase: f64,
}

struct Partial {
    /// Frequency over that of the note.
    ratio: f64,
    amplitude: f64,
    /// How fast it dies away while held, in nepers per second; 0 holds for ever.
    decay_per_s: f64,
}

/// An instrument.
pub(super) struct Timbre {
    partials: Vec<Partial>,
    attack_s: f64,
    release_s: f64,
    vibrato_hz: f64,
    vibrato_cents: f64,
}

#[derive(Clone, Copy)]
enum Family {
    Plucked,
    Organ,
    Reed,
    Bell,
    Bowed,
    Brass,
}

impl Timbre {
    /// An instrument for melodies.
    pub(super) fn lead(prng: &mut Prng) -> Self {
        use Family::{Bell, Bowed, Brass, Organ, Plucked, Reed};
        let family = *prng.pick(&[Plucked, Organ, Reed, Bell, Bowed, Brass]);
        Self::of(family, prng)
    }

    /// An instrument for chords.
    pub(super) fn chords(prng: &mut Prng) -> Self {
        use Family::{Bowed, Organ, Plucked};
        let family = *prng.pick(&[Plucked, Organ, Bowed, Plucked]);
        Self::of(family, prng)
    }

    /// An instrument for the bass.
    pub(super) fn bass(prng: &mut Prng) -> Self {
        use Family::{Brass, Plucked, Reed};
        let family = *prng.pick(&[Plucked, Plucked, Reed, Brass]);
        let mut timbre = Self::of(family, prng);
        timbre.partials.truncate(8);
        timbre.vibrato_cents *= 0.3;
        timbre
    }

    fn of(family: Family, prng: &mut Prng) -> Self {
        let tilt = prng.between(0.85, 1.25);
        // Each instrument of a family has its own resonances.
        let mut colour = |base: f64| base * prng.between(0.5, 1.5);
        let mut harmonic = |order: usize, amplitude: f64, decay_per_s: f64| Partial {
            ratio: order as f64,
            amplitude: colour(amplitude),
            decay_per_s,
        };
        let partials: Vec<Partial> = match family {
            Family::Plucked => (1..=12)
                .map(|n| harmonic(n, (n as f64).powf(-tilt), 1.5 + 0.7 * n as f64))
                .collect(),
            Family::Organ => [1, 2, 3, 4, 6, 8, 10, 12]
                .map(|n| harmonic(n, (n as f64).powf(-0.7 * tilt), 0.0))
                .into(),
            Family::Reed => (0..9)
                .map(|k| 2 * k + 1)
                .map(|n| harmonic(n, (n as f64).powf(-tilt), 0.2))
                .collect(),
            Family::Bell => [0.5, 1.0, 1.19, 1.56, 2.0, 2.51, 3.01, 4.1, 5.43]
                .iter()
                .enumerate()
                .map(|(k, &ratio)| Partial {
                    ratio,
                    ..harmonic(1, 1.0 / (1.0 + 0.5 * k as f64), 1.0 + 0.6 * k as f64)
                })
                .collect(),
            Family::Bowed => (1..=14)
                .map(|n| harmonic(n, (n as f64).powf(-0.9 * tilt), 0.1))
                .collect(),
            Family::Brass => (1..=12)
                .map(|n| harmonic(n, (1.0 - (n as f64 - 3.0).abs() / 12.0).powi(4), 0.4))
                .collect(),
        };
        let (attack_s, release_s, vibrato_cents) = match family {
            Family::Plucked => (0.004, 0.15, 2.0),
            Family::Organ => (0.02, 0.06, 6.0),
            Family::Reed => (0.035, 0.07, 14.0),
            Family::Bell => (0.002, 0.6, 0.0),
            Family::Bowed => (0.07, 0.12, 20.0),
            Family::Brass => (0.045, 0.08, 9.0),
        };
        let total: f64 = partials.iter().map(|partial| partial.amplitude).sum();
        let partials = partials
            .into_iter()
            .map(|partial| Partial {
                amplitude: partial.amplitude * 1.6 / total,
                ..partial
            })
            .collect();
        Self {
            partials,
            attack_s: attack_s * prng.between(0.7, 1.4),
            release_s: release_s * prng.between(0.7, 1.4),
            vibrato_hz: prng.between(4.2, 6.8),
            vibrato_cents: vibrato_cents * prng.between(0.4, 1.3),
        }
    }

    /// Adds `note` to `mix`; what lies past its end is dropped.
    pub(super) fn play(&self, note: &Note, mix: &mut [f32], sample_rate_hz: u32) {
        let rate = f64::from(sample_rate_hz);
        let start = (note.start_s * rate) as usize;
        let sounding = ((note.duration_s + self.release_s) * rate) as usize;
        let end = (start + sounding).min(mix.len());
        let Some(span) = mix.get_mut(start..end) else {
            return;
        };
        for partial in &self.partials {
            // Partials close to the Nyquist frequency would alias under vibrato.
            if note.frequency_hz * partial.ratio < 0.45 * rate {
                self.play_partial(partial, note, span, rate);
            }
        }
    }

    fn play_partial(&self, partial: &Partial, note: &Note, span: &mut [f32], rate: f64) {
        // A phasor turned by complex multiplication: one sine per block instead of per sample.
        let (mut re, mut im) = (1.0_f64, 0.0_f64);
        let peak = note.loudness * partial.amplitude;
        let mut level = 0.0;
        for (index, block) in span.chunks_mut(BLOCK).enumerate() {
            let time_s = (index * BLOCK) as f64 / rate;
            let vibrato = (TAU * (self.vibrato_hz * time_s + note.vibrato_phase)).sin();
            let cents = vibrato * self.vibrato_cents * (time_s / 0.3).min(1.0);
            let frequency_hz = note.frequency_hz * partial.ratio * (cents / 1200.0).exp2();
            let (turn_im, turn_re) = (TAU * frequency_hz / rate).sin_cos();
            // Also for a last block cut short, so that the mix may end anywhere.
            let next_s = time_s + BLOCK as f64 / rate;
            let next_level = peak * self.envelope(next_s, note.duration_s, partial.decay_per_s);
            let slope = (next_level - level) / BLOCK as f64;
            for sample in block {
                (re, im) = (re * turn_re - im * turn_im, re * turn_im + im * turn_re);
                level += slope;
                *sample += (im * level) as f32;
            }
            level = next_level;
        }
    }

    /// Level at `time_s` after the start: rises, dies away while held, falls to zero after
    /// `held_s`.
    fn envelope(&self, time_s: f64, held_s: f64, decay_per_s: f64) -> f64 {
        let rise = (time_s / self.attack_s).min(1.0);
        let hold = (-decay_per_s * time_s).exp();
        let fall = (1.0 - (time_s - held_s).max(0.0) / self.release_s).max(0.0);
        rise * hold * fall * fall
    }
}
