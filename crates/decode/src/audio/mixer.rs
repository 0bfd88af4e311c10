//! Decoded blocks of any shape to mono at one rate.

use symphonia::core::audio::GenericAudioBufferRef;

use super::AUDIO_RATE_HZ;
use crate::resample::Resampler;
use crate::{Reason, Unreadable};

/// Sample rates that make sense. Below, each sample would swell to many; above, none exist.
const RATES_HZ: std::ops::RangeInclusive<u32> = 1_000..=768_000;
/// Loudest sample kept. Float files made from 16-bit numbers reach 32,768; sums of a thousand
/// samples this loud are still finite.
const LOUDEST: f32 = 1e9;

/// Whether more sound is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intake {
    More,
    Full,
}

/// All the sound of one item, once it has ended.
pub(super) struct Sound {
    pub(super) duration_s: f64,
    pub(super) sample_rate_hz: u32,
    pub(super) channels: u16,
    /// Decoded blocks that held samples.
    pub(super) blocks: u64,
    pub(super) limit_s: f64,
}

/// Averages channels, resamples and hands on, up to a duration.
pub(super) struct Mixer<'a> {
    sink: &'a mut dyn FnMut(&[f32]),
    limit_s: f64,
    part: Option<Part>,
    /// Duration of the parts before the current one.
    past_s: f64,
    first: Option<(u32, u16)>,
    frames: u64,
    blocks: u64,
    planes: Vec<Vec<f32>>,
    mono: Vec<f32>,
    output: Vec<f32>,
}

/// A stretch of sound with one sample rate.
struct Part {
    rate_hz: u32,
    frames: u64,
    resampler: Resampler,
}

impl Part {
    fn duration_s(&self) -> f64 {
        self.frames as f64 / f64::from(self.rate_hz)
    }
}

impl<'a> Mixer<'a> {
    pub(super) fn new(limit_s: f64, sink: &'a mut dyn FnMut(&[f32])) -> Self {
        Self {
            sink,
            limit_s,
            part: None,
            past_s: 0.0,
            first: None,
            frames: 0,
            blocks: 0,
            planes: Vec::new(),
            mono: Vec::new(),
            output: Vec::new(),
        }
    }

    /// Frames taken so far, at whatever rates.
    pub(super) fn frames(&self) -> u64 {
        self.frames
    }

    /// Takes one decoded block; an impossible sample rate is refused.
    pub(super) fn take(&mut self, sound: &GenericAudioBufferRef<'_>) -> Result<Intake, Unreadable> {
        if sound.frames() == 0 || sound.num_planes() == 0 {
            return Ok(Intake::More);
        }
        let rate_hz = sound.spec().rate();
        if !RATES_HZ.contains(&rate_hz) {
            let detail = format!("a sample rate of {rate_hz} Hz");
            return Err(Unreadable::new(Reason::Corrupt, detail));
        }
        sound.copy_to_vecs_planar(&mut self.planes);
        self.take_planes(rate_hz);
        let channels = u16::try_from(sound.num_planes()).unwrap_or(u16::MAX);
        self.first.get_or_insert((rate_hz, channels));
        self.blocks += 1;
        let is_full = self.duration_s() + 0.5 / f64::from(rate_hz) >= self.limit_s;
        Ok(if is_full { Intake::Full } else { Intake::More })
    }

    /// Ends the stream; `None` when there was no sound in it.
    pub(super) fn finish(mut self) -> Option<Sound> {
        self.close_part();
        let (sample_rate_hz, channels) = self.first?;
        Some(Sound {
            duration_s: self.past_s,
            sample_rate_hz,
            channels,
            blocks: self.blocks,
            limit_s: self.limit_s,
        })
    }

    fn duration_s(&self) -> f64 {
        self.past_s + self.part.as_ref().map_or(0.0, Part::duration_s)
    }

    fn take_planes(&mut self, rate_hz: u32) {
        downmix(&self.planes, &mut self.mono);
        if self
            .part
            .as_ref()
            .is_some_and(|part| part.rate_hz != rate_hz)
        {
            self.close_part();
        }
        let left_s = (self.limit_s - self.past_s).max(0.0);
        let resampler = || Resampler::new(rate_hz, AUDIO_RATE_HZ);
        let part = self.part.get_or_insert_with(|| Part {
            rate_hz,
            frames: 0,
            resampler: resampler(),
        });
        let left_frames =
            ((left_s * f64::from(rate_hz)).round() as u64).saturating_sub(part.frames);
        let most = usize::try_from(left_frames).unwrap_or(usize::MAX);
        self.mono.truncate(most);
        part.frames += self.mono.len() as u64;
        self.frames += self.mono.len() as u64;
        part.resampler.push(&self.mono, &mut self.output);
        self.deliver();
    }

    fn close_part(&mut self) {
        if let Some(part) = self.part.take() {
            self.past_s += part.duration_s();
            part.resampler.finish(&mut self.output);
            self.deliver();
        }
    }

    fn deliver(&mut self) {
        if !self.output.is_empty() {
            (self.sink)(&self.output);
            self.output.clear();
        }
    }
}

/// The mean of all channels, with samples that are no numbers taken as silence.
fn downmix(planes: &[Vec<f32>], mono: &mut Vec<f32>) {
    mono.clear();
    mono.resize(planes.iter().map(Vec::len).min().unwrap_or(0), 0.0);
    for plane in planes {
        for (sum, &sample) in mono.iter_mut().zip(plane) {
            *sum += if sample.is_finite() {
                sample.clamp(-LOUDEST, LOUDEST)
            } else {
                0.0
            };
        }
    }
    let share = 1.0 / planes.len() as f32;
    for sample in mono {
        *sample *= share;
    }
}

#[cfg(test)]
mod tests;
