//! Formats that only other programs write: MP3, M4A, Ogg Vorbis, Opus, FLAC and lossy WebP.
//!
//! `ffmpeg` is started with fixed settings, on one thread, without dates or version strings,
//! so that the same build of it writes the same bytes.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::art::Canvas;
use crate::encode;
use crate::error::Error;

/// An audio format and its bit rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AudioFormat {
    /// MPEG-1/2 layer III at a constant rate in kbit/s.
    Mp3(u32),
    /// AAC-LC in MP4 at about this rate in kbit/s.
    M4a(u32),
    /// Vorbis in Ogg at about this rate in kbit/s.
    Ogg(u32),
    /// Opus in Ogg at about this rate in kbit/s.
    Opus(u32),
    /// Free Lossless Audio Codec.
    Flac,
    /// 16-bit WAV, written without ffmpeg.
    Wav,
}

impl AudioFormat {
    /// The usual file extension, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mp3(_) => "mp3",
            Self::M4a(_) => "m4a",
            Self::Ogg(_) => "ogg",
            Self::Opus(_) => "opus",
            Self::Flac => "flac",
            Self::Wav => "wav",
        }
    }

    fn arguments(self) -> Vec<String> {
        let (codec, rate) = match self {
            Self::Mp3(kilobits) => ("libmp3lame", Some(kilobits)),
            Self::M4a(kilobits) => ("aac", Some(kilobits)),
            Self::Ogg(kilobits) => ("libvorbis", Some(kilobits)),
            Self::Opus(kilobits) => ("libopus", Some(kilobits)),
            Self::Flac => ("flac", None),
            Self::Wav => ("pcm_s16le", None),
        };
        let mut arguments = vec!["-c:a".to_owned(), codec.to_owned()];
        if let Some(kilobits) = rate {
            arguments.extend(["-b:a".to_owned(), format!("{kilobits}k")]);
        }
        arguments
    }
}

/// Whether the `ffmpeg` program can be started.
pub fn is_available() -> bool {
    let mut command = Command::new("ffmpeg");
    let probe = command
        .arg("-version")
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    probe
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Mono samples as a file of `format`.
pub fn audio(samples: &[f32], sample_rate_hz: u32, format: AudioFormat) -> Result<Vec<u8>, Error> {
    let wav = encode::wav(samples, sample_rate_hz);
    if format == AudioFormat::Wav {
        return Ok(wav);
    }
    convert(&wav, "wav", &format.arguments(), format.extension())
}

/// Mono samples slowed down or sped up without a change of pitch, or the reverse, through an
/// ffmpeg audio filter such as `atempo=1.05`.
pub fn filtered(
    samples: &[f32],
    sample_rate_hz: u32,
    filter: &str,
    format: AudioFormat,
) -> Result<Vec<u8>, Error> {
    let mut arguments = vec!["-af".to_owned(), filter.to_owned()];
    arguments.extend(format.arguments());
    let wav = encode::wav(samples, sample_rate_hz);
    convert(&wav, "wav", &arguments, format.extension())
}

/// A lossy WebP file at `quality` from 0 to 100.
pub fn webp(canvas: &Canvas, quality: u8) -> Result<Vec<u8>, Error> {
    let arguments = ["-c:v", "libwebp", "-quality"].map(str::to_owned);
    let arguments = [&arguments[..], &[quality.to_string()]].concat();
    convert(&encode::picture(canvas, "bmp")?, "bmp", &arguments, "webp")
}

/// Sends `input` through ffmpeg. Files instead of pipes, because MP4 is written with seeks.
fn convert(input: &[u8], from: &str, arguments: &[String], to: &str) -> Result<Vec<u8>, Error> {
    let folder = tempfile::tempdir().map_err(Error::io("a temporary folder"))?;
    let source = folder.path().join(format!("in.{from}"));
    let target = folder.path().join(format!("out.{to}"));
    std::fs::write(&source, input).map_err(Error::io(&source))?;
    run(&source, arguments, &target)?;
    std::fs::read(&target).map_err(Error::io(&target))
}

fn run(source: &Path, arguments: &[String], target: &Path) -> Result<(), Error> {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-i"])
        .arg(source)
        .args(["-threads", "1", "-map_metadata", "-1"])
        .args([
            "-fflags",
            "+bitexact",
            "-flags:a",
            "+bitexact",
            "-flags:v",
            "+bitexact",
        ])
        .args(arguments)
        .arg(target)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::FfmpegMissing(error),
            _ => Error::io("ffmpeg")(error),
        })?;
    if output.status.success() {
        Ok(())
    } else {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::FfmpegFailed(said))
    }
}

#[cfg(test)]
mod tests;
