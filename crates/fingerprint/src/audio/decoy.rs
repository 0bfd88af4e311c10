//! Recordings that cannot be copies of anything.

use super::{AudioFingerprint, BIN_STEPS};

/// Frequencies are exchanged within bands of an octave.
const BAND_BINS: u16 = 36;

impl AudioFingerprint {
    /// The same peaks with their frequencies exchanged among each other within every
    /// octave: a decoy, as in target-decoy searches (Elias and Gygi, *Nature Methods* 4,
    /// 2007). Beats, loudness and the crowding of notes stay; melodies and chords go, so
    /// whatever a search finds for it, it found by chance. The same fingerprint always
    /// gives the same decoy.
    ///
    /// Real music resembles other music more than its decoy does: what is found in
    /// decoys is a lower limit of what chance finds (`benches/RESULTS.md`).
    #[must_use]
    pub fn decoy(&self) -> Self {
        let mut decoy = self.clone();
        let band = |bin: u16| bin / (BAND_BINS * BIN_STEPS);
        let bands = self.peaks.iter().map(|peak| band(peak.bin)).max();
        let mut random = self.samples ^ self.peaks.len() as u64;
        for number in 0..=bands.unwrap_or(0) {
            let members: Vec<usize> = (0..self.peaks.len())
                .filter(|&index| band(self.peaks[index].bin) == number)
                .collect();
            // Fisher and Yates: each goes to any place not yet filled, equally likely.
            for last in (1..members.len()).rev() {
                let other = next(&mut random) % (last as u64 + 1);
                let (a, b) = (members[last], members[other as usize]);
                (decoy.peaks[a].bin, decoy.peaks[b].bin) = (decoy.peaks[b].bin, decoy.peaks[a].bin);
            }
        }
        decoy.peaks.sort_unstable();
        decoy
    }
}

/// `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests;
