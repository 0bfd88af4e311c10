//! Speech-like audio by source and filter: a glottal pulse train through three resonators
//! (Klatt, "Software for a cascade/parallel formant synthesizer", JASA 67(3), 1980).

use std::f64::consts::{PI, TAU};

use super::SAMPLE_RATE_HZ;
use crate::prng::Prng;

/// First three formants of some vowels, in hertz (Peterson and Barney, JASA 24(2), 1952).
const VOWELS_HZ: [[f64; 3]; 7] = [
    [270.0, 2290.0, 3010.0],
    [530.0, 1840.0, 2480.0],
    [660.0, 1720.0, 2410.0],
    [730.0, 1090.0, 2440.0],
    [570.0, 840.0, 2410.0],
    [300.0, 870.0, 2240.0],
    [490.0, 1350.0, 1690.0],
];

/// A two-pole resonator.
#[derive(Default)]
struct Resonator {
    last: f64,
    before_last: f64,
}

impl Resonator {
    fn filter(&mut self, input: f64, centre_hz: f64, width_hz: f64) -> f64 {
        let rate = f64::from(SAMPLE_RATE_HZ);
        let radius = (-PI * width_hz / rate).exp();
        let feedback = 2.0 * radius * (TAU * centre_hz / rate).cos();
        let gain = 1.0 - feedback + radius * radius;
        let output = gain * input + feedback * self.last - radius * radius * self.before_last;
        self.before_last = self.last;
        self.last = output;
        output
    }
}

/// `count` samples of babble.
pub(super) fn speak(seed: u64, count: usize) -> Vec<f32> {
    let mut prng = Prng::for_purpose(seed, "speech");
    let voice_hz = prng.between(95.0, 230.0);
    let rate = f64::from(SAMPLE_RATE_HZ);
    let mut samples = Vec::with_capacity(count);
    let mut resonators: [Resonator; 3] = Default::default();
    let mut formants = *prng.pick(&VOWELS_HZ);
    let mut cycle = 0.0;
    while samples.len() < count {
        if prng.chance(0.12) {
            let pause = (prng.between(0.12, 0.45) * rate) as usize;
            samples.resize(samples.len() + pause, 0.0);
        }
        if prng.chance(0.5) {
            hiss(&mut prng, &mut samples);
        }
        let target = prng
            .pick(&VOWELS_HZ)
            .map(|hz| hz * prng.between(0.93, 1.07));
        let length = (prng.between(0.09, 0.26) * rate) as usize;
        let pitch_hz = voice_hz * prng.between(0.8, 1.3);
        let fall = prng.between(-0.15, 0.3);
        for index in 0..length {
            let place = index as f64 / length as f64;
            cycle += pitch_hz * (1.0 - fall * place) / rate;
            let pulse = if cycle >= 1.0 { 14.0 } else { 0.0 };
            cycle -= cycle.floor();
            let mut value = pulse + 0.05 * prng.normal();
            for ((resonator, now), then) in resonators.iter_mut().zip(&mut formants).zip(target) {
                *now += (then - *now) * 0.0008;
                value = resonator.filter(value, *now, 60.0 + 0.04 * *now);
            }
            samples.push((value * (PI * place).sin() * 0.6).clamp(-1.0, 1.0) as f32);
        }
    }
    samples.truncate(count);
    samples
}

/// Appends a short fricative.
fn hiss(prng: &mut Prng, samples: &mut Vec<f32>) {
    let length = (prng.between(0.03, 0.11) * f64::from(SAMPLE_RATE_HZ)) as usize;
    let mut previous = 0.0;
    for index in 0..length {
        let fresh = prng.normal();
        let shape = (PI * index as f64 / length as f64).sin();
        samples.push(((fresh - 0.8 * previous) * 0.05 * shape) as f32);
        previous = fresh;
    }
}
