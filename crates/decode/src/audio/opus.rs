//! Opus (RFC 6716) for symphonia, which knows its containers but has no decoder for it.
//!
//! The decoding is ropus's. Here is what the container's header adds to it: channels, streams
//! and gain (RFC 7845, section 5.1).

use ropus::OpusMSDecoder;
use symphonia::core::audio::{
    AsGenericAudioBufferRef, AudioBuffer, AudioMut, AudioSpec, Channels, GenericAudioBufferRef,
};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{
    AudioCodecParameters, AudioDecoder, AudioDecoderOptions, FinalizeResult,
};
use symphonia::core::codecs::registry::{RegisterableAudioDecoder, SupportedAudioCodec};
use symphonia::core::errors::{Result, decode_error, unsupported_error};
use symphonia::core::packet::PacketRef;

use self::head::Head;

mod head;

/// The rate of everything decoded, whatever the rate before encoding was.
const RATE_HZ: u32 = 48_000;
/// The longest packet: 120 ms (RFC 6716, section 3.2.5).
const PACKET_FRAMES_MAX: usize = RATE_HZ as usize * 120 / 1_000;
/// 16-bit samples to full scale 1.0.
const SAMPLE_SCALE: f32 = 1.0 / 32_768.0;

static SUPPORTED: [SupportedAudioCodec; 1] = [SupportedAudioCodec {
    id: CODEC_ID_OPUS,
    info: CodecInfo {
        short_name: "opus",
        long_name: "Opus",
        profiles: &[],
    },
}];

/// A decoder for one track. It trims nothing: see [`super::decode_audio`].
pub(super) struct Opus {
    parameters: AudioCodecParameters,
    decoder: OpusMSDecoder,
    channels: usize,
    /// From 16-bit samples to full scale 1.0, with the gain that the header asks for.
    scale: f32,
    samples: Vec<i16>,
    sound: AudioBuffer<f32>,
}

impl Opus {
    fn new(parameters: &AudioCodecParameters) -> Result<Self> {
        let head = match &parameters.extra_data {
            Some(bytes) => Head::read(bytes)?,
            // Core Audio files carry none.
            None => Head::plain(parameters.channels.as_ref().map_or(0, Channels::count))?,
        };
        let channels = head.mapping.len();
        let decoder = OpusMSDecoder::new(
            RATE_HZ as i32,
            channels as i32,
            i32::from(head.streams),
            i32::from(head.coupled_streams),
            &head.mapping,
        );
        let Ok(decoder) = decoder else {
            return decode_error("opus: channels of streams that are not there");
        };
        let layout = Channels::Discrete(channels as u16);
        Ok(Self {
            parameters: parameters.clone(),
            decoder,
            channels,
            scale: head.gain() * SAMPLE_SCALE,
            samples: vec![0; PACKET_FRAMES_MAX * channels],
            sound: AudioBuffer::new(AudioSpec::new(RATE_HZ, layout), PACKET_FRAMES_MAX),
        })
    }

    /// Decodes a packet's samples and gives the number of frames; `None` when it is damaged.
    fn fill(&mut self, packet: &[u8]) -> Option<usize> {
        // To the decoder no bytes mean a lost packet, for which it would invent sound.
        let len = i32::try_from(packet.len()).ok().filter(|&len| len > 0)?;
        let frames = self.decoder.decode(
            Some(packet),
            len,
            &mut self.samples,
            PACKET_FRAMES_MAX as i32,
            false,
        );
        let frames = usize::try_from(frames.ok()?).ok()?;
        (frames <= PACKET_FRAMES_MAX).then_some(frames)
    }
}

impl AudioDecoder for Opus {
    fn reset(&mut self) {
        self.decoder.reset();
    }

    fn codec_info(&self) -> &CodecInfo {
        &SUPPORTED[0].info
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.parameters
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.sound.clear();
        let Some(frames) = self.fill(packet.data) else {
            return decode_error("opus: damaged packet");
        };
        self.sound.render_silence(Some(frames));
        for (channel, plane) in self.sound.iter_planes_mut().enumerate() {
            let samples = self.samples.iter().skip(channel).step_by(self.channels);
            for (sample, &decoded) in plane.iter_mut().zip(samples) {
                *sample = f32::from(decoded) * self.scale;
            }
        }
        Ok(self.sound.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.sound.as_generic_audio_buffer_ref()
    }
}

impl RegisterableAudioDecoder for Opus {
    fn try_registry_new(
        parameters: &AudioCodecParameters,
        _: &AudioDecoderOptions,
    ) -> Result<Box<dyn AudioDecoder>> {
        if parameters.codec != CODEC_ID_OPUS {
            return unsupported_error("opus: another codec");
        }
        Ok(Box::new(Self::new(parameters)?))
    }

    fn supported_codecs() -> &'static [SupportedAudioCodec] {
        &SUPPORTED
    }
}
