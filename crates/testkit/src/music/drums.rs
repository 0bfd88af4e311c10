//! A drum kit: swept sines for the skins, filtered noise for the rest.

use std::f64::consts::TAU;

use crate::prng::Prng;

/// What can be struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drum {
    Kick,
    Snare,
    Hat,
    Tom,
}

impl Drum {
    pub(super) const ALL: [Self; 4] = [Self::Kick, Self::Snare, Self::Hat, Self::Tom];

    /// How likely a pattern strikes this drum at a sixteenth of the bar.
    pub(super) fn likelihood(self, step: usize, sixteenths: usize) -> f64 {
        let on_beat = step.is_multiple_of(4);
        let on_half = step.is_multiple_of(2);
        match self {
            Self::Kick if step == 0 => 0.95,
            Self::Kick if on_beat => 0.35,
            Self::Kick => 0.12,
            Self::Snare if on_beat && (step / 4) % 2 == 1 => 0.85,
            Self::Snare => 0.07,
            Self::Hat if on_half => 0.7,
            Self::Hat => 0.3,
            Self::Tom if step + 4 >= sixteenths => 0.25,
            Self::Tom => 0.04,
        }
    }
}

/// One stroke.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    pub(super) drum: Drum,
    pub(super) start_s: f64,
    /// 0 to 1.
    pub(super) loudness: f32,
    /// Its noise is its own.
    pub(super) seed: u64,
}

/// The tuning of one kit.
pub(super) struct Kit {
    kick_hz: f64,
    snare_hz: f64,
    tom_hz: f64,
    noise_decay_per_s: f64,
    level: f32,
}

impl Kit {
    pub(super) fn from_seed(seed: u64) -> Self {
        let mut prng = Prng::for_purpose(seed, "kit");
        Self {
            kick_hz: prng.between(42.0, 60.0),
            snare_hz: prng.between(160.0, 240.0),
            tom_hz: prng.between(80.0, 160.0),
            noise_decay_per_s: prng.between(14.0, 30.0),
            level: prng.between(0.5, 1.0) as f32,
        }
    }

    /// Adds `hit` to `mix`.
    pub(super) fn play(&self, hit: &Hit, mix: &mut [f32], sample_rate_hz: u32) {
        let rate = f64::from(sample_rate_hz);
        let start = (hit.start_s * rate) as usize;
        let end = (start + (0.35 * rate) as usize).min(mix.len());
        let Some(span) = mix.get_mut(start..end) else {
            return;
        };
        let mut noise = Prng::new(hit.seed);
        let mut previous = 0.0;
        let mut phase = 0.0;
        for (index, sample) in span.iter_mut().enumerate() {
            let time_s = index as f64 / rate;
            let fresh = noise.between(-1.0, 1.0);
            let sharp = fresh - previous;
            previous = fresh;
            let (value, sweep_hz) = match hit.drum {
                Drum::Kick => (
                    0.6 * phase_sine(phase) * (-11.0 * time_s).exp(),
                    self.kick_hz * (1.0 + 2.5 * (-35.0 * time_s).exp()),
                ),
                Drum::Snare => (
                    0.16 * fresh * (-self.noise_decay_per_s * time_s).exp()
                        + 0.2 * phase_sine(phase) * (-22.0 * time_s).exp(),
                    self.snare_hz,
                ),
                Drum::Hat => (0.06 * sharp * (-48.0 * time_s).exp(), 0.0),
                Drum::Tom => (
                    0.35 * phase_sine(phase) * (-9.0 * time_s).exp(),
                    self.tom_hz * (1.0 + 0.4 * (-20.0 * time_s).exp()),
                ),
            };
            phase += sweep_hz / rate;
            *sample += value as f32 * hit.loudness * self.level;
        }
    }
}

fn phase_sine(cycles: f64) -> f64 {
    (TAU * cycles).sin()
}
