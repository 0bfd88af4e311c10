//! Codecs: their decoders, their names, and the decoders' errors in our words.

use std::io::ErrorKind;
use std::sync::LazyLock;

use symphonia::core::codecs::audio::{AudioCodecId, well_known};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error as MediaError;
use symphonia::default::register_enabled_codecs;

use crate::{Reason, Unreadable};

/// Codecs met in the wild that have no decoder here, Opus unless the feature is on.
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

/// All decoders: those of symphonia, and Opus.
pub(super) fn decoders() -> &'static CodecRegistry {
    static DECODERS: LazyLock<CodecRegistry> = LazyLock::new(|| {
        let mut decoders = CodecRegistry::new();
        register_enabled_codecs(&mut decoders);
        #[cfg(feature = "opus")]
        decoders.register_audio_decoder::<super::opus::Opus>();
        decoders
    });
    &DECODERS
}

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

/// Whether an Ogg file starts a Speex stream, for which there is not even a reader.
pub(super) fn is_speex(head: &[u8]) -> bool {
    first_packet(head).is_some_and(|packet| packet.starts_with(b"Speex   "))
}

/// Whether an Ogg file starts an Opus stream whose channels are neither mono, stereo nor
/// loudspeakers (RFC 7845, section 5.1.1). Its reader would say that there is no stream at all.
#[cfg(feature = "opus")]
pub(super) fn is_unmapped_opus(head: &[u8]) -> bool {
    first_packet(head).is_some_and(|packet| {
        packet.starts_with(b"OpusHead") && packet.get(18).is_some_and(|family| *family > 1)
    })
}

/// The first packet of an Ogg file, and what follows: it stands after the page's table of
/// segments (RFC 3533, section 6).
fn first_packet(head: &[u8]) -> Option<&[u8]> {
    let segments = head.get(26)?;
    head.get(27 + usize::from(*segments)..)
}
