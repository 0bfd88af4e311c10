//! The identification header of an Opus stream (RFC 7845, section 5.1).

use symphonia::core::errors::{Result, decode_error, unsupported_error};

/// Bytes up to and including the mapping family.
const FIXED_BYTES: usize = 19;

/// What the header says about decoding.
#[derive(Debug, PartialEq)]
pub(super) struct Head {
    pub(super) streams: u8,
    /// Streams of two channels; they come first.
    pub(super) coupled_streams: u8,
    /// For every channel, the decoded channel that it takes; 255 is silence.
    pub(super) mapping: Vec<u8>,
    /// In 1/256 dB.
    output_gain: i16,
}

impl Head {
    /// A single stream of one or two channels, without gain.
    pub(super) fn plain(channels: usize) -> Result<Self> {
        let mapping = match channels {
            1 => vec![0],
            2 => vec![0, 1],
            _ => return unsupported_error("opus: channels without a mapping"),
        };
        Ok(Self {
            streams: 1,
            coupled_streams: mapping.len() as u8 - 1,
            mapping,
            output_gain: 0,
        })
    }

    /// Reads a header that starts with its signature, as it stands in Ogg and Matroska. MP4's,
    /// to which symphonia adds the signature, has version 0 and the highest byte first.
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let (Some(fixed), Some(rest)) =
            (bytes.first_chunk::<FIXED_BYTES>(), bytes.get(FIXED_BYTES..))
        else {
            return decode_error("opus: header cut short");
        };
        if !fixed.starts_with(b"OpusHead") {
            return decode_error("opus: no header");
        }
        let (version, channels, family) = (fixed[8], usize::from(fixed[9]), fixed[18]);
        let gain = [fixed[16], fixed[17]];
        let output_gain = match version {
            0 => i16::from_be_bytes(gain),
            1..=15 => i16::from_le_bytes(gain),
            _ => return unsupported_error("opus: a later version"),
        };
        let head = match family {
            0 => Self::plain(channels)?,
            1 => Self::surround(channels, rest)?,
            _ => return unsupported_error("opus: channel mapping other than mono to 7.1"),
        };
        Ok(Self {
            output_gain,
            ..head
        })
    }

    /// The mapping of one to eight loudspeakers (RFC 7845, section 5.1.1.2).
    fn surround(channels: usize, table: &[u8]) -> Result<Self> {
        if !(1..=8).contains(&channels) {
            return decode_error("opus: number of channels");
        }
        let [streams, coupled_streams, mapping @ ..] = table else {
            return decode_error("opus: channel mapping cut short");
        };
        let Some(mapping) = mapping.get(..channels) else {
            return decode_error("opus: channel mapping cut short");
        };
        // Every stream costs a decoder's memory; one that no channel takes is of no use.
        if usize::from(*streams) > channels {
            return decode_error("opus: more streams than channels");
        }
        Ok(Self {
            streams: *streams,
            coupled_streams: *coupled_streams,
            mapping: mapping.to_vec(),
            output_gain: 0,
        })
    }

    /// The factor that players must apply (RFC 7845, section 5.1, field 7).
    pub(super) fn gain(&self) -> f32 {
        10_f32.powf(f32::from(self.output_gain) / (20.0 * 256.0))
    }
}

#[cfg(test)]
mod tests;
