//! Containers, and the one track in them that is listened to.

use symphonia::core::audio::GenericAudioBufferRef;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as MediaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known::{
    FORMAT_ID_AIFF, FORMAT_ID_FLAC, FORMAT_ID_MP3, FORMAT_ID_WAVE,
};
use symphonia::core::formats::{FormatOptions, FormatReader, Track as MediaTrack, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::default::get_probe;

use super::codec;
use crate::{Format, Reason, Unreadable};

/// The track being decoded.
pub(super) struct Track {
    pub(super) id: u32,
    /// Frames the header promises, where headers can be believed.
    pub(super) declared_frames: Option<u64>,
    /// Whether the container tells no length, so that it ends where the bytes do.
    pub(super) is_open_ended: bool,
    decoder: Box<dyn AudioDecoder>,
    parameters: AudioCodecParameters,
}

/// Finds the container's reader. `format` is what the bytes were recognized as.
pub(super) fn probe(
    stream: Box<dyn MediaSource>,
    format: Option<Format>,
) -> Result<Box<dyn FormatReader>, Unreadable> {
    let stream = MediaSourceStream::new(
        stream,
        symphonia::core::io::MediaSourceStreamOptions::default(),
    );
    let reader = get_probe().probe(
        &Hint::new(),
        stream,
        FormatOptions::default(),
        MetadataOptions::default(),
    );
    reader.map_err(|error| match (codec::unreadable(&error), format) {
        (trouble, Some(_)) => trouble,
        (_, None) => Unreadable::new(Reason::Unrecognized, "no audio format that we know"),
    })
}

impl Track {
    /// The default audio track, or the first other one that can be decoded.
    pub(super) fn choose(reader: &dyn FormatReader) -> Result<Self, Unreadable> {
        let default = reader.default_track(TrackType::Audio);
        let default_id = default.map(|track| track.id);
        let others = reader
            .tracks()
            .iter()
            .filter(|track| Some(track.id) != default_id);
        let mut first_trouble = None;
        for track in default.into_iter().chain(others) {
            match Self::open(track, reader) {
                Ok(Some(track)) => return Ok(track),
                Ok(None) => {}
                Err(trouble) => {
                    first_trouble.get_or_insert(trouble);
                }
            }
        }
        Err(first_trouble
            .unwrap_or_else(|| Unreadable::new(Reason::Unsupported, "no audio track that we know")))
    }

    /// Opens a track's decoder; `None` for tracks that carry something else.
    fn open(track: &MediaTrack, reader: &dyn FormatReader) -> Result<Option<Self>, Unreadable> {
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return Ok(None);
        };
        if codec::decoders()
            .get_audio_decoder(parameters.codec)
            .is_none()
        {
            let detail = format!("codec {} is not supported", codec::name(parameters.codec));
            return Err(Unreadable::new(Reason::Unsupported, detail));
        }
        Ok(Some(Self {
            id: track.id,
            declared_frames: declared_frames(track, reader),
            is_open_ended: track.num_frames.is_none()
                && reader.format_info().format == FORMAT_ID_WAVE,
            decoder: new_decoder(parameters).map_err(|error| codec::unreadable(&error))?,
            parameters: parameters.clone(),
        }))
    }

    /// Decodes one packet of this track.
    pub(super) fn decode(
        &mut self,
        packet: &Packet,
    ) -> Result<GenericAudioBufferRef<'_>, MediaError> {
        if let Err(error) = self.decoder.decode(packet).map(drop) {
            // MPEG streams may change their sample rate, as when files were joined, but the
            // decoder does not. One that starts with this packet tells that from damage.
            let mut renewed = match self.parameters.codec {
                CODEC_ID_MP1 | CODEC_ID_MP2 | CODEC_ID_MP3 => new_decoder(&self.parameters)?,
                _ => return Err(error),
            };
            renewed.decode(packet)?;
            self.decoder = renewed;
        }
        Ok(self.decoder.last_decoded())
    }

    /// Makes the decoder forget what came before, when it asks for it.
    pub(super) fn reset(&mut self) {
        self.decoder.reset();
    }
}

fn new_decoder(parameters: &AudioCodecParameters) -> Result<Box<dyn AudioDecoder>, MediaError> {
    // Without gapless playback nothing is trimmed: see `decode_audio`.
    let options = AudioDecoderOptions::default().gapless(false);
    codec::decoders().make_audio_decoder(parameters, &options)
}

/// How many frames a header promises. For MPEG audio only a LAME tag counts them (it also tells
/// the encoder delay); other numbers there are estimates from the bit rate.
fn declared_frames(track: &MediaTrack, reader: &dyn FormatReader) -> Option<u64> {
    let format = reader.format_info().format;
    let is_counted = [FORMAT_ID_WAVE, FORMAT_ID_AIFF, FORMAT_ID_FLAC].contains(&format)
        || format == FORMAT_ID_MP3 && track.delay.is_some();
    track.num_frames.filter(|_| is_counted)
}
