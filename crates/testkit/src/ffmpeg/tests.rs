use super::*;
use crate::{art, music};

#[test]
fn every_format_begins_as_it_should_and_repeats_byte_for_byte() {
    if !is_available() {
        eprintln!("ffmpeg is not installed: not tested");
        return;
    }
    let tune = music::compose(1, 1.0);
    let beginnings: [(AudioFormat, usize, &[u8]); 6] = [
        (AudioFormat::Mp3(32), 0, b"ID3"),
        (AudioFormat::M4a(32), 4, b"ftyp"),
        (AudioFormat::Ogg(32), 0, b"OggS"),
        (AudioFormat::Opus(16), 0, b"OggS"),
        (AudioFormat::Flac, 0, b"fLaC"),
        (AudioFormat::Wav, 0, b"RIFF"),
    ];
    for (format, offset, beginning) in beginnings {
        let bytes = audio(&tune, music::SAMPLE_RATE_HZ, format).unwrap();
        assert!(bytes[offset..].starts_with(beginning), "{format:?}");
        assert_eq!(
            bytes,
            audio(&tune, music::SAMPLE_RATE_HZ, format).unwrap(),
            "{format:?}"
        );
    }
    let faster = filtered(&tune, music::SAMPLE_RATE_HZ, "atempo=2", AudioFormat::Wav).unwrap();
    let plain = audio(&tune, music::SAMPLE_RATE_HZ, AudioFormat::Wav).unwrap();
    assert!(faster.len() < plain.len() * 6 / 10);
    assert!(webp(&art::paint(1, 40, 30), 60).unwrap()[8..].starts_with(b"WEBP"));
}

#[test]
fn failures_carry_what_ffmpeg_said() {
    if !is_available() {
        eprintln!("ffmpeg is not installed: not tested");
        return;
    }
    let outcome = convert(b"not audio", "wav", &[], "mp3");
    assert!(matches!(outcome, Err(Error::FfmpegFailed(said)) if !said.is_empty()));
}
