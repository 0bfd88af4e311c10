//! Spectral peaks of a recording, and landmarks made of them.
//!
//! Peaks are local maxima of a log-frequency spectrogram (Wang, *An
//! Industrial-Strength Audio Search Algorithm*, ISMIR 2003, section 2.1). The
//! frequency axis is logarithmic, as in constant-Q fingerprints (Six and Leman,
//! *Panako*, ISMIR 2014, section 2), so that a later version can follow pitch
//! shifts along it. Each peak is refined between frames and bins, which makes
//! the position independent of where an excerpt happens to start.

mod decoy;
mod extractor;
mod landmark;
mod lanes;
mod selection;
mod spectrogram;
mod spectrum;

pub use extractor::AudioExtractor;
pub use landmark::{Family, Landmark, LandmarkDesign, query_landmarks, stored_landmarks};
pub use spectrogram::Spectrogram;
pub use spectrum::BINS;

/// Sample rate of the PCM that [`AudioExtractor`] takes, in hertz.
pub const SAMPLE_RATE_HZ: u32 = 11_025;
/// Samples between two spectra: 23.2 ms.
pub const HOP: usize = 256;
/// Peak times are counted in this many steps per hop.
pub const TIME_STEPS: u32 = 16;
/// Peak frequencies are counted in this many steps per log-frequency bin.
pub const BIN_STEPS: u16 = 16;
/// Strongest peaks of a second kept in a query's fingerprint.
pub const QUERY_PEAKS_PER_S: u8 = 40;
/// Strongest peaks of a second stored for a registered work.
pub const STORED_PEAKS_PER_S: u8 = 18;

/// A local maximum of the spectrogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Peak {
    /// Time from the start, in [`TIME_STEPS`]ths of a hop (1.45 ms).
    pub time: u32,
    /// Log-frequency, in [`BIN_STEPS`]ths of a bin; 36 bins an octave from 130 Hz.
    pub bin: u16,
    /// How many peaks of the same second are stronger: 0 is the strongest.
    pub rank: u8,
}

/// The peaks of one recording, in order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AudioFingerprint {
    /// Peaks by time, then bin; at most [`QUERY_PEAKS_PER_S`] in a second.
    pub peaks: Vec<Peak>,
    /// Length of the recording in samples at [`SAMPLE_RATE_HZ`].
    pub samples: u64,
}

impl AudioFingerprint {
    /// Length in seconds.
    pub fn duration_s(&self) -> f64 {
        self.samples as f64 / f64::from(SAMPLE_RATE_HZ)
    }

    /// The peaks a registry stores: those with a rank below [`STORED_PEAKS_PER_S`].
    pub fn stored_peaks(&self) -> impl Iterator<Item = Peak> + '_ {
        self.peaks
            .iter()
            .copied()
            .filter(|peak| peak.rank < STORED_PEAKS_PER_S)
    }
}

/// Seconds for a time in [`TIME_STEPS`]ths of a hop.
pub fn seconds(time: f64) -> f64 {
    time * HOP as f64 / (f64::from(TIME_STEPS) * f64::from(SAMPLE_RATE_HZ))
}

#[cfg(test)]
mod tests;
