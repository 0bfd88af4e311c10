//! Synthetic pictures: compositions with structure at every scale, and plain negatives.

mod glyphs;
mod noise;
mod page;
mod palette;
mod scene;
mod shape;

use crate::prng::Prng;
use noise::Noise;
use palette::Colour;

/// A picture in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    /// Pixels across, at least 1.
    pub width: u32,
    /// Pixels down, at least 1.
    pub height: u32,
    /// Red, green and blue, 8 bits each, row by row from the top: `width * height * 3` bytes.
    pub rgb: Vec<u8>,
}

impl Canvas {
    /// A picture whose pixel at column x, row y is `pixel(x, y)`. A zero side becomes 1.
    pub fn from_pixels(
        width: u32,
        height: u32,
        mut pixel: impl FnMut(u32, u32) -> [u8; 3],
    ) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        for y in 0..height {
            for x in 0..width {
                rgb.extend_from_slice(&pixel(x, y));
            }
        }
        Self { width, height, rgb }
    }

    /// The pixel at column `x`, row `y`; coordinates outside are moved to the nearest edge.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let (x, y) = (x.min(self.width - 1), y.min(self.height - 1));
        let start = (y as usize * self.width as usize + x as usize) * 3;
        [self.rgb[start], self.rgb[start + 1], self.rgb[start + 2]]
    }

    /// Mean of red, green and blue of each pixel, 0 to 255, row by row.
    pub fn luminance(&self) -> Vec<f32> {
        self.rgb
            .chunks_exact(3)
            .map(|pixel| pixel.iter().map(|&part| f32::from(part)).sum::<f32>() / 3.0)
            .collect()
    }
}

/// A picture of its own for each seed: landscapes, towns, mosaics, brush strokes and abstract
/// shapes over layered value noise, under uneven light, with a fine grain.
///
/// Shapes are placed relative to the height, so the same seed with the same aspect ratio
/// shows the same picture at any size (the grain aside).
///
/// ```
/// use clearance_testkit::art;
/// let picture = art::paint(7, 64, 48);
/// assert_eq!(picture.rgb.len(), 64 * 48 * 3);
/// assert_ne!(picture, art::paint(8, 64, 48));
/// ```
pub fn paint(seed: u64, width: u32, height: u32) -> Canvas {
    let (width, height) = (width.max(1), height.max(1));
    let mut prng = Prng::for_purpose(seed, "picture");
    let aspect = f64::from(width) / f64::from(height);
    let scene = scene::Scene::draw(&mut prng, aspect);
    let light = Noise::new(prng.next_u64());
    let contrast = prng.between(0.25, 0.5);
    let pixels = scene.render(width, height);
    let mut grain = Prng::for_purpose(seed, "grain");
    Canvas::from_pixels(width, height, |x, y| {
        let colour = pixels[(y * width + x) as usize];
        let (u, v) = (
            f64::from(x) / f64::from(height),
            f64::from(y) / f64::from(height),
        );
        let shade = 1.0 + contrast * (light.fractal(u * 2.3, v * 2.3, 2) * 2.0 - 1.0);
        let speck = grain.between(-0.012, 0.012);
        to_bytes(colour.map(|part| part * shade + speck))
    })
}

/// One colour everywhere.
pub fn flat(colour: [u8; 3], width: u32, height: u32) -> Canvas {
    Canvas::from_pixels(width, height, |_, _| colour)
}

/// A smooth blend between two random colours in a random direction.
pub fn gradient(seed: u64, width: u32, height: u32) -> Canvas {
    let mut prng = Prng::for_purpose(seed, "gradient");
    let mut colour = || [prng.unit(), prng.unit(), prng.unit()];
    let (from, to) = (colour(), colour());
    let (sin, cos) = prng.between(0.0, std::f64::consts::FRAC_PI_2).sin_cos();
    Canvas::from_pixels(width, height, |x, y| {
        let across = f64::from(x) / f64::from(width.max(1));
        let down = f64::from(y) / f64::from(height.max(1));
        let place = (across * cos + down * sin) / (cos + sin);
        to_bytes(palette::blend(from, to, place))
    })
}

/// A page of printed text, dark on light: pages look alike to a perceptual hash though their
/// words differ. Readable from about 300 pixels of width up.
pub fn text_page(seed: u64, width: u32, height: u32) -> Canvas {
    page::print(seed, width, height)
}

fn to_bytes(colour: Colour) -> [u8; 3] {
    colour.map(|part| (part * 255.0).round().clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests;
