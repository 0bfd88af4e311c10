//! Writes the notes of a tune. Bars are drawn one after another, so the beginning of a tune
//! does not depend on how long it will be.

use super::drums::{Drum, Hit};
use super::timbre::{Note, Timbre};
use crate::prng::Prng;

/// Scales as semitones above the root.
const SCALES: [[i32; 7]; 8] = [
    [0, 2, 4, 5, 7, 9, 11],
    [0, 2, 3, 5, 7, 8, 10],
    [0, 2, 3, 5, 7, 9, 10],
    [0, 2, 4, 5, 7, 9, 10],
    [0, 2, 4, 6, 7, 9, 11],
    [0, 1, 3, 5, 7, 8, 10],
    [0, 2, 3, 5, 7, 8, 11],
    [0, 2, 4, 5, 7, 8, 11],
];

/// Note lengths in beats that a melody draws from.
const LENGTHS_BEATS: [f64; 8] = [0.25, 0.5, 0.5, 0.75, 1.0, 1.0, 1.5, 2.0];

/// The instruments of a tune, in the order of `Tune::timbres`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Lead,
    Counter,
    Chords,
    Bass,
}

/// Everything needed to perform a tune.
pub(super) struct Tune {
    pub(super) notes: Vec<Note>,
    pub(super) hits: Vec<Hit>,
    pub(super) timbres: [Timbre; 4],
    pub(super) echo_s: f64,
    pub(super) echo_level: f32,
}

/// How the chord part plays a bar.
#[derive(Clone, Copy)]
enum ChordStyle {
    Held,
    Strummed,
    Broken,
    OffBeat,
}

/// What stays the same within a section of several bars.
struct Section {
    bars: usize,
    /// Scale degree of the chord of each bar.
    chords: Vec<i32>,
    chord_style: ChordStyle,
    beat_s: f64,
    shift_semitones: f64,
    lead_register: i32,
    rest_probability: f64,
    counter: bool,
    /// Loudness per sixteenth of a bar, for each drum; 0 is no hit.
    drum_grid: Vec<(Drum, Vec<f32>)>,
    loudness: f64,
}

struct Writer {
    prng: Prng,
    scale: [i32; 7],
    /// MIDI note number of the root; the fraction is the tuning of this band.
    root: f64,
    beat_s: f64,
    beats_per_bar: usize,
    swing: f64,
    notes: Vec<Note>,
    hits: Vec<Hit>,
    /// Where the lead melody is, in scale degrees above the root.
    lead_degree: i32,
    counter_degree: i32,
}

/// The tune of `seed`, at least `duration_s` seconds of it.
pub(super) fn write_tune(seed: u64, duration_s: f64) -> Tune {
    let mut prng = Prng::for_purpose(seed, "score");
    let beat_s = 60.0 / prng.between(66.0, 172.0);
    let timbres = [
        Timbre::lead(&mut prng),
        Timbre::lead(&mut prng),
        Timbre::chords(&mut prng),
        Timbre::bass(&mut prng),
    ];
    let echo_s = beat_s * *prng.pick(&[0.5, 0.75, 1.0]);
    let echo_level = prng.between(0.05, 0.25) as f32;
    let mut writer = Writer {
        scale: *prng.pick(&SCALES),
        root: 52.0 + prng.below(12) as f64 + prng.between(-0.45, 0.45),
        beat_s,
        beats_per_bar: *prng.pick(&[3, 4, 4, 4, 5, 6]),
        swing: *prng.pick(&[0.0, 0.0, 0.06, 0.12]),
        notes: Vec::new(),
        hits: Vec::new(),
        lead_degree: 7 + prng.below(7) as i32,
        counter_degree: 4,
        prng,
    };
    let mut now_s = 0.0;
    while now_s < duration_s {
        let section = writer.draw_section();
        for bar in 0..section.bars {
            if now_s >= duration_s {
                break;
            }
            now_s = writer.write_bar(&section, bar, now_s);
        }
    }
    Tune {
        notes: writer.notes,
        hits: writer.hits,
        timbres,
        echo_s,
        echo_level,
    }
}

impl Writer {
    fn draw_section(&mut self) -> Section {
        let bars = *self.prng.pick(&[2, 3, 4, 4]);
        let mut degree = *self.prng.pick(&[0, 0, 3, 5]);
        let chords = (0..bars)
            .map(|_| {
                let chord = degree;
                degree = (degree + *self.prng.pick(&[1, 2, 3, 3, 4, 5])) % 7;
                chord
            })
            .collect();
        let sixteenths = self.beats_per_bar * 4;
        let drum_grid = if self.prng.chance(0.12) {
            Vec::new()
        } else {
            Drum::ALL
                .iter()
                .map(|&drum| (drum, self.draw_grid(drum, sixteenths)))
                .collect()
        };
        let styles = [
            ChordStyle::Held,
            ChordStyle::Strummed,
            ChordStyle::Broken,
            ChordStyle::OffBeat,
        ];
        Section {
            bars,
            chords,
            chord_style: *self.prng.pick(&styles),
            beat_s: self.beat_s * self.prng.between(0.95, 1.05),
            shift_semitones: *self.prng.pick(&[0.0, 0.0, 0.0, 2.0, -2.0, 5.0, -3.0]),
            lead_register: *self.prng.pick(&[0, 0, 7, -7]),
            rest_probability: self.prng.between(0.05, 0.22),
            counter: self.prng.chance(0.55),
            drum_grid,
            loudness: self.prng.between(0.75, 1.0),
        }
    }

    fn draw_grid(&mut self, drum: Drum, sixteenths: usize) -> Vec<f32> {
        (0..sixteenths)
            .map(|step| {
                let probability = drum.likelihood(step, sixteenths);
                if self.prng.chance(probability) {
                    self.prng.between(0.5, 1.0) as f32
                } else {
                    0.0
                }
            })
            .collect()
    }

    /// Writes one bar that begins at `start_s` and returns when it ends.
    fn write_bar(&mut self, section: &Section, bar: usize, start_s: f64) -> f64 {
        let chord = section.chords[bar];
        // Tempo breathes a little from bar to bar.
        let beat_s = section.beat_s * self.prng.between(0.985, 1.015);
        self.write_melody(section, chord, start_s, beat_s);
        if section.counter {
            self.write_counter(section, chord, start_s, beat_s);
        }
        self.write_chords(section, chord, start_s, beat_s);
        self.write_bass(section, chord, start_s, beat_s);
        self.write_drums(section, start_s, beat_s);
        start_s + beat_s * self.beats_per_bar as f64
    }

    fn write_melody(&mut self, section: &Section, chord: i32, start_s: f64, beat_s: f64) {
        let mut beat = 0.0;
        let bar_beats = self.beats_per_bar as f64;
        while beat < bar_beats - 0.01 {
            let length: f64 = self.prng.pick(&LENGTHS_BEATS).min(bar_beats - beat);
            if !self.prng.chance(section.rest_probability) {
                self.lead_degree = self.walk(self.lead_degree, chord, 3, 16);
                let degree = self.lead_degree + section.lead_register;
                let pitch = self.pitch(section, degree);
                let loudness = section.loudness * self.prng.between(0.2, 0.32);
                let time_s = start_s + self.humanise(beat, beat_s);
                self.note(Part::Lead, time_s, length * beat_s * 0.95, pitch, loudness);
            }
            beat += length;
        }
    }

    fn write_counter(&mut self, section: &Section, chord: i32, start_s: f64, beat_s: f64) {
        let mut beat = *self.prng.pick(&[0.0, 0.5, 1.0]);
        let bar_beats = self.beats_per_bar as f64;
        while beat < bar_beats - 0.01 {
            let length = self
                .prng
                .pick(&[0.5_f64, 1.0, 1.5, 2.0])
                .min(bar_beats - beat);
            if self.prng.chance(0.7) {
                self.counter_degree = self.walk(self.counter_degree, chord, -2, 9);
                let pitch = self.pitch(section, self.counter_degree);
                let loudness = section.loudness * self.prng.between(0.1, 0.18);
                let time_s = start_s + self.humanise(beat, beat_s);
                self.note(Part::Counter, time_s, length * beat_s, pitch, loudness);
            }
            beat += length;
        }
    }

    fn write_chords(&mut self, section: &Section, chord: i32, start_s: f64, beat_s: f64) {
        let inversion = self.prng.below(3);
        let mut degrees: Vec<i32> = [0, 2, 4].iter().map(|step| chord + step).collect();
        if self.prng.chance(0.4) {
            degrees.push(chord + 6);
        }
        for degree in degrees.iter_mut().take(inversion) {
            *degree += 7;
        }
        let strokes: Vec<(f64, f64, Option<usize>)> = match section.chord_style {
            ChordStyle::Held => vec![(0.0, self.beats_per_bar as f64, None)],
            ChordStyle::Strummed => (0..self.beats_per_bar)
                .map(|beat| (beat as f64, 0.9, None))
                .collect(),
            ChordStyle::OffBeat => (0..self.beats_per_bar)
                .map(|beat| (beat as f64 + 0.5, 0.4, None))
                .collect(),
            ChordStyle::Broken => (0..self.beats_per_bar * 2)
                .map(|half| (half as f64 * 0.5, 0.8, Some(half)))
                .collect(),
        };
        for (beat, length, voice) in strokes {
            let single = voice.map(|_| self.prng.below(degrees.len()));
            for (index, &degree) in degrees.iter().enumerate() {
                if single.is_some_and(|only| only != index) {
                    continue;
                }
                let pitch = self.pitch(section, degree);
                let share = if single.is_some() { 0.16 } else { 0.08 };
                let loudness = section.loudness * share * self.prng.between(0.8, 1.2);
                let spread_s = 0.012 * index as f64;
                let time_s = start_s + self.humanise(beat, beat_s) + spread_s;
                self.note(Part::Chords, time_s, length * beat_s, pitch, loudness);
            }
        }
    }

    fn write_bass(&mut self, section: &Section, chord: i32, start_s: f64, beat_s: f64) {
        let mut beat = 0.0;
        let bar_beats = self.beats_per_bar as f64;
        while beat < bar_beats - 0.01 {
            let length = self
                .prng
                .pick(&[0.5_f64, 1.0, 1.0, 2.0])
                .min(bar_beats - beat);
            let step = if beat < 0.01 {
                0
            } else {
                *self.prng.pick(&[0, 0, 2, 4, 6, 7])
            };
            let pitch = self.pitch(section, chord + step - 14);
            let loudness = section.loudness * self.prng.between(0.25, 0.35);
            let time_s = start_s + self.humanise(beat, beat_s);
            self.note(Part::Bass, time_s, length * beat_s * 0.9, pitch, loudness);
            beat += length;
        }
    }

    fn write_drums(&mut self, section: &Section, start_s: f64, beat_s: f64) {
        for (drum, grid) in &section.drum_grid {
            for (step, &loudness) in grid.iter().enumerate() {
                // A drummer leaves out a stroke now and then and adds a ghost elsewhere.
                let altered = self.prng.chance(0.08);
                let played = if altered {
                    0.3 - loudness * 0.3
                } else {
                    loudness
                };
                if played <= 0.0 {
                    continue;
                }
                let time_s = start_s + self.humanise(step as f64 * 0.25, beat_s);
                self.hits.push(Hit {
                    drum: *drum,
                    start_s: time_s.max(0.0),
                    loudness: played * self.prng.between(0.8, 1.0) as f32,
                    seed: self.prng.next_u64(),
                });
            }
        }
    }

    /// The next degree of a melody: mostly steps, some leaps, drawn to chord tones and kept
    /// between `low` and `high`.
    fn walk(&mut self, from: i32, chord: i32, low: i32, high: i32) -> i32 {
        let step = *self
            .prng
            .pick(&[-4, -3, -2, -2, -1, -1, -1, 0, 1, 1, 1, 2, 2, 3, 5]);
        let mut degree = from + step;
        let above_chord = (degree - chord).rem_euclid(7);
        if ![0, 2, 4].contains(&above_chord) && self.prng.chance(0.45) {
            degree += if self.prng.chance(0.5) { 1 } else { -1 };
        }
        if degree < low {
            degree += 5;
        } else if degree > high {
            degree -= 5;
        }
        degree
    }

    /// MIDI note number of a scale degree above the root.
    fn pitch(&self, section: &Section, degree: i32) -> f64 {
        let octave = degree.div_euclid(7);
        let within = self.scale[degree.rem_euclid(7) as usize];
        self.root + section.shift_semitones + f64::from(12 * octave + within)
    }

    /// Seconds from the start of the bar to `beat`, swung and a few milliseconds off.
    fn humanise(&mut self, beat: f64, beat_s: f64) -> f64 {
        let is_off_beat = (beat.fract() - 0.5).abs() < 0.01;
        let swung = if is_off_beat { beat + self.swing } else { beat };
        (swung * beat_s + self.prng.normal() * 0.007).max(0.0)
    }

    fn note(&mut self, part: Part, start_s: f64, duration_s: f64, pitch: f64, loudness: f64) {
        self.notes.push(Note {
            part,
            start_s,
            duration_s,
            frequency_hz: 440.0 * ((pitch - 69.0) / 12.0).exp2(),
            loudness,
            vibrato_phase: self.prng.unit(),
        });
    }
}
