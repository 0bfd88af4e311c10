//! Names of codecs, and the decoder's errors in our words.

use std::io::ErrorKind;

use symphonia::core::codecs::audio::{AudioCodecId, well_known};
use symphonia::core::errors::Error as MediaError;

use crate::{Reason, Unreadable};

/// Codecs met in the wild that have no decoder here.
const UNSUPPORTED: [(AudioCodecId, &str); 17] = [
    (well_known::CODEC_ID_OPUS, "opus"),
    (well_known::CODEC_ID_SPEEX, "speex"),
    (well_known::CODEC_ID_MUSEPACK, "musepack"),
    (well_known::CODEC_ID_AC3, "ac-3"),
    (well_known::CODEC_ID_EAC3, "e-ac-3"),
    (well_known::CODEC_ID_AC4, "ac-4"),
    (well_known::CODEC_ID_DCA, "dts"),
    (well_known::CODEC_ID_ATRAC1, "atrac"),
    (well_known::CODEC_ID_ATRAC3, "atrac3"),
    (well_known::CODEC_ID_WMA, "wma"),
    (well_known::CODEC_ID_COOK, "cook"),
    (well_known::CODEC_ID_WAVPACK, "wavpack"),
    (well_known::CODEC_ID_MONKEYS_AUDIO, "monkeys-audio"),
    (well_known::CODEC_ID_TTA, "tta"),
    (well_known::CODEC_ID_TRUEHD, "truehd"),
    (well_known::CODEC_ID_ADPCM_G722, "g722"),
    (well_known::CODEC_ID_ADPCM_G726, "g726"),
];

/// A codec's name, or its number where nobody gave it one.
pub(super) fn name(codec: AudioCodecId) -> String {
    UNSUPPORTED
        .iter()
        .find(|(known, _)| *known == codec)
        .map_or_else(|| codec.to_string(), |(_, name)| (*name).to_owned())
}

/// What an error of the container or the decoder means for the item.
pub(super) fn unreadable(error: &MediaError) -> Unreadable {
    let reason = match error {
        // Said of files whose index or sound lay beyond the end.
        MediaError::Unsupported(feature) if feature.contains("missing") => Reason::Corrupt,
        MediaError::Unsupported(_) => Reason::Unsupported,
        MediaError::LimitError(_) => Reason::Limit,
        _ => Reason::Corrupt,
    };
    let detail = match error {
        _ if is_end_of_file(error) => "truncated: unexpected end of file".to_owned(),
        MediaError::Unsupported(feature) => (*feature).to_owned(),
        _ => error.to_string(),
    };
    Unreadable::new(reason, detail)
}

/// Whether an error says that the bytes ran out.
pub(super) fn is_end_of_file(error: &MediaError) -> bool {
    matches!(error, MediaError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof)
}

/// Whether the first page of an Ogg file starts a Speex stream, for which there is not even a
/// reader. The packet follows the page's table of segments (RFC 3533, section 6).
pub(super) fn is_speex(head: &[u8]) -> bool {
    let packet = head
        .get(26)
        .and_then(|segments| head.get(27 + usize::from(*segments)..));
    packet.is_some_and(|packet| packet.starts_with(b"Speex   "))
}
