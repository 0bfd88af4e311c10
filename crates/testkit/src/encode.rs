//! Files from samples and pictures, without other programs.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};

use crate::art::Canvas;
use crate::error::Error;

/// JPEG quality used by [`picture`].
pub const JPEG_QUALITY: u8 = 85;

/// A mono WAV file with 16-bit samples (RIFF WAVE, Microsoft and IBM, 1991); samples outside
/// [-1, 1] are clipped.
pub fn wav(samples: &[f32], sample_rate_hz: u32) -> Vec<u8> {
    wav_channels(samples, sample_rate_hz, 1)
}

/// A WAV file of 16-bit samples with `channels` interleaved channels.
pub fn wav_channels(interleaved: &[f32], sample_rate_hz: u32, channels: u16) -> Vec<u8> {
    let mut payload = Vec::with_capacity(interleaved.len() * 2);
    for sample in interleaved {
        let scaled = (sample.clamp(-1.0, 1.0) * 32_767.0).round() as i16;
        payload.extend_from_slice(&scaled.to_le_bytes());
    }
    riff(1, channels, sample_rate_hz, 16, &payload)
}

/// A mono WAV file with 32-bit floating-point samples, written as they are, NaN included.
pub fn wav_float(samples: &[f32], sample_rate_hz: u32) -> Vec<u8> {
    let payload: Vec<u8> = samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    riff(3, 1, sample_rate_hz, 32, &payload)
}

/// A picture file by extension: `jpg`, `jpeg`, `png`, `webp` (lossless), `gif`, `bmp`, `tif`
/// or `tiff`.
///
/// ```
/// use clearance_testkit::{art, encode};
/// let bytes = encode::picture(&art::paint(1, 32, 24), "png")?;
/// assert!(bytes.starts_with(b"\x89PNG"));
/// # Ok::<(), clearance_testkit::Error>(())
/// ```
pub fn picture(canvas: &Canvas, extension: &str) -> Result<Vec<u8>, Error> {
    let format = match extension {
        "jpg" | "jpeg" => return jpeg(canvas, JPEG_QUALITY),
        "png" => ImageFormat::Png,
        "webp" => ImageFormat::WebP,
        "gif" => ImageFormat::Gif,
        "bmp" => ImageFormat::Bmp,
        "tif" | "tiff" => ImageFormat::Tiff,
        _ => {
            return Err(Error::Params(format!(
                "no picture format is called {extension:?}"
            )));
        }
    };
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(to_rgb_image(canvas)?)
        .write_to(&mut bytes, format)
        .map_err(|error| Error::encode("picture")(&error))?;
    Ok(bytes.into_inner())
}

/// A JPEG file at `quality` from 1 to 100.
pub fn jpeg(canvas: &Canvas, quality: u8) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    to_rgb_image(canvas)?
        .write_with_encoder(JpegEncoder::new_with_quality(
            &mut bytes,
            quality.clamp(1, 100),
        ))
        .map_err(|error| Error::encode("JPEG")(&error))?;
    Ok(bytes)
}

pub(crate) fn to_rgb_image(canvas: &Canvas) -> Result<RgbImage, Error> {
    RgbImage::from_raw(canvas.width, canvas.height, canvas.rgb.clone()).ok_or_else(|| {
        let (width, height) = (canvas.width, canvas.height);
        Error::Params(format!(
            "a canvas of {width} x {height} with {} bytes",
            canvas.rgb.len()
        ))
    })
}

/// A RIFF WAVE file around `payload`; `format` is 1 for integers and 3 for floats.
fn riff(format: u16, channels: u16, sample_rate_hz: u32, bits: u16, payload: &[u8]) -> Vec<u8> {
    let frame_bytes = channels * bits / 8;
    let length = payload.len() as u32;
    let mut bytes = Vec::with_capacity(44 + payload.len());
    bytes.extend_from_slice(b"RIFF");
    bytes.extend_from_slice(&(36 + length).to_le_bytes());
    bytes.extend_from_slice(b"WAVEfmt ");
    bytes.extend_from_slice(&16_u32.to_le_bytes());
    bytes.extend_from_slice(&format.to_le_bytes());
    bytes.extend_from_slice(&channels.to_le_bytes());
    bytes.extend_from_slice(&sample_rate_hz.to_le_bytes());
    bytes.extend_from_slice(&(sample_rate_hz * u32::from(frame_bytes)).to_le_bytes());
    bytes.extend_from_slice(&frame_bytes.to_le_bytes());
    bytes.extend_from_slice(&bits.to_le_bytes());
    bytes.extend_from_slice(b"data");
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

#[cfg(test)]
mod tests;
