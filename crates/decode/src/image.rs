//! Pictures in any format to upright planes of luma.

mod animation;
pub(crate) mod clock;
mod gif;
mod jpeg;
mod pixels;
mod png;
mod still;
mod webp;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageFormat};

use self::clock::Clock;
use self::pixels::Plane;
use crate::guard::guard;
use crate::{Format, Limits, Reason, Unreadable, sniff};

/// Quality of thumbnails on libjpeg's scale: plain to look at, small in a report.
const THUMBNAIL_QUALITY: u8 = 70;

/// A picture reduced to what is compared: brightness, the right way up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels, after orientation.
    pub width_px: u32,
    /// Height in pixels, after orientation.
    pub height_px: u32,
    /// `width_px * height_px` values, row by row from the top left; 0 is black. Luma as in ITU-R
    /// BT.601: 0.299 red + 0.587 green + 0.114 blue, rounded, transparency shown on white.
    pub luma: Vec<u8>,
    /// Of an animated picture, frames behind the first: at most `image_frames` less one, spread
    /// evenly up to the last, in their order, without those that look like the one kept before.
    pub further_frames: Vec<Frame>,
    /// What is missing, when something is.
    pub partial: Option<String>,
}

/// One frame of an animated picture behind the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its place in the animation; the first frame, which is the picture itself, is 0.
    pub index: u32,
    /// The whole canvas as a viewer shows it then: as many values as the picture's `luma`, in the
    /// same order and of the same kind.
    pub luma: Vec<u8>,
}

/// Decodes a picture, turned as its EXIF orientation says, and frames of an animated one.
///
/// The format is recognized from the bytes. Size is read from the header and checked against
/// `image_pixels` before memory is taken; frames are bounded as [`Limits::image_frames`] says,
/// and what is left out is in `partial`.
pub fn decode_image(bytes: &[u8], limits: &Limits) -> Result<Picture, Unreadable> {
    guard(|| {
        limits.check_item_len(bytes.len() as u64)?;
        let clock = Clock::start(limits);
        clock.check()?;
        let outcome = match supported_format(bytes)? {
            ImageFormat::Jpeg => jpeg::read(bytes, limits),
            ImageFormat::Gif => gif::read(bytes, limits, &clock),
            ImageFormat::Png => png::read(bytes, limits, &clock),
            ImageFormat::WebP => webp::read(bytes, limits, &clock),
            other => still::read(bytes, other, limits, &clock),
        };
        clock.settle(outcome).map(Reading::upright)
    })
}

/// A small JPEG of a picture for a report: upright, transparency on white, its longest side at
/// most `side_px` pixels (and at least one). Pictures smaller than that keep their size; of an
/// animation it shows the first frame.
pub fn thumbnail_jpeg(bytes: &[u8], side_px: u32, limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    guard(|| {
        limits.check_item_len(bytes.len() as u64)?;
        let clock = Clock::start(limits);
        let decoded = still::decode(bytes, supported_format(bytes)?, limits, &clock);
        let still::Decoded {
            mut pixels,
            orientation,
            ..
        } = clock.settle(decoded)?;
        let side_px = side_px.max(1);
        if pixels.width().max(pixels.height()) > side_px {
            pixels = pixels.thumbnail(side_px, side_px);
        }
        let mut upright = DynamicImage::ImageRgb8(pixels::on_white(&pixels));
        upright.apply_orientation(orientation);
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, THUMBNAIL_QUALITY)
            .encode_image(&upright)
            .map_err(|error| still::unreadable(&error))?;
        Ok(jpeg)
    })
}

/// A JPEG of rows of gray values, `width_px` in each: a drawing of ours, not an item's picture.
pub fn gray_jpeg(width_px: usize, height_px: usize, luma: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let size = u32::try_from(width_px)
        .ok()
        .zip(u32::try_from(height_px).ok());
    let Some((width, height)) =
        size.filter(|_| width_px.checked_mul(height_px) == Some(luma.len()))
    else {
        return Err(Unreadable::new(Reason::Limit, "a drawing of another size"));
    };
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, THUMBNAIL_QUALITY)
        .encode(luma, width, height, ExtendedColorType::L8)
        .map_err(|error| still::unreadable(&error))?;
    Ok(jpeg)
}

/// A picture in luma as stored, not yet turned.
struct Reading {
    width_px: u32,
    height_px: u32,
    luma: Vec<u8>,
    further_frames: Vec<Frame>,
    orientation: Orientation,
    partial: Option<String>,
}

/// What is said of a file that stops before its format's end.
const CUT: &str = "truncated: the end of the picture is missing";

impl Reading {
    /// Notes that the file breaks off, where nothing more precise is known.
    fn cut_unless(mut self, is_whole: bool) -> Self {
        let cut = (!is_whole).then(|| CUT.to_owned());
        self.partial = self.partial.or(cut);
        self
    }

    fn upright(self) -> Picture {
        let turn = |luma| {
            let plane = Plane {
                width_px: self.width_px,
                height_px: self.height_px,
                luma,
            };
            pixels::turn(plane, self.orientation)
        };
        let Plane {
            width_px,
            height_px,
            luma,
        } = turn(self.luma);
        let further_frames = self.further_frames.into_iter().map(|frame| Frame {
            index: frame.index,
            luma: turn(frame.luma).luma,
        });
        Picture {
            width_px,
            height_px,
            luma,
            further_frames: further_frames.collect(),
            partial: self.partial,
        }
    }
}

fn supported_format(bytes: &[u8]) -> Result<ImageFormat, Unreadable> {
    match sniff(bytes, None) {
        Some(Format::Jpeg) => Ok(ImageFormat::Jpeg),
        Some(Format::Png) => Ok(ImageFormat::Png),
        Some(Format::WebP) => Ok(ImageFormat::WebP),
        Some(Format::Gif) => Ok(ImageFormat::Gif),
        Some(Format::Tiff) => Ok(ImageFormat::Tiff),
        Some(Format::Bmp) => Ok(ImageFormat::Bmp),
        Some(format @ (Format::Avif | Format::Heif | Format::JpegXl)) => {
            let detail = format!("{format} pictures are not supported");
            Err(Unreadable::new(Reason::Unsupported, detail))
        }
        Some(format) => {
            let detail = format!("the bytes are {format}, not a picture");
            Err(Unreadable::new(Reason::Unrecognized, detail))
        }
        None => Err(Unreadable::new(
            Reason::Unrecognized,
            "no picture format that we know",
        )),
    }
}

#[cfg(test)]
mod tests;
