//! The PDQ hash, from its published description.

use std::fmt;
use std::sync::LazyLock;

/// Bits in a hash.
pub const HASH_BITS: usize = 256;
/// Side of the reduced picture that is transformed.
const REDUCED: usize = 64;
/// Side of the block of transform coefficients that becomes bits.
const COEFFICIENTS: usize = 16;

/// Of the 225 places where four bits meet, those where an even number may be set: three quarters. Unrelated
/// bits would come to 112.5, with a deviation of 7.5 (`benches/RESULTS.md`, "Patterns").
const MOST_EVEN: u32 = 168;

/// The lowest 16 × 16 cosine coefficients without the constant ones, row-major:
/// `[vertical frequency][horizontal frequency]`.
pub(super) type Transform = [[f32; COEFFICIENTS]; COEFFICIENTS];

/// A 256-bit perceptual hash. Two pictures are alike when few bits differ: a
/// distance of 31 or less is a match, unrelated pictures are 128 apart on average.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PdqHash(pub [u64; 4]);

impl PdqHash {
    /// Number of differing bits, 0 to 256.
    pub fn distance(&self, other: &Self) -> u32 {
        let words = self.0.iter().zip(&other.0);
        words.map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// The 16-bit chunk number `index` (0 to 15), lowest bits first.
    pub fn chunk(&self, index: usize) -> u16 {
        (self.0[index / 4] >> (16 * (index % 4))) as u16
    }

    /// Whether its rows are nearly all alike, or the opposite of one another: a pattern, which says
    /// next to nothing.
    ///
    /// The transform of a spot, a box or a corner on plain ground is a product of one of rows and one
    /// of columns, and so are its signs; wherever two such pictures have their box, they share
    /// the hash. Of four bits that meet an even number is set there, and half of the time in other pictures.
    pub fn is_pattern(&self) -> bool {
        let even = |row: usize| {
            let turned = self.chunk(row - 1) ^ self.chunk(row);
            // Bit n: whether an odd number is set around columns n and n + 1.
            let odd = (turned ^ (turned >> 1)) & (u16::MAX >> 1);
            COEFFICIENTS as u32 - 1 - odd.count_ones()
        };
        (1..COEFFICIENTS).map(even).sum::<u32>() > MOST_EVEN
    }

    /// 64 hexadecimal digits, highest bit first, as PDQ tools write it.
    pub fn to_hex(&self) -> String {
        let [a, b, c, d] = self.0;
        format!("{d:016x}{c:016x}{b:016x}{a:016x}")
    }

    /// Reads what [`Self::to_hex`] writes.
    pub fn from_hex(hex: &str) -> Option<Self> {
        if hex.len() != HASH_BITS / 4 || !hex.is_ascii() {
            return None;
        }
        let mut words = [0u64; 4];
        for (index, word) in words.iter_mut().rev().enumerate() {
            *word = u64::from_str_radix(&hex[16 * index..16 * (index + 1)], 16).ok()?;
        }
        Some(Self(words))
    }

    /// 32 bytes, lowest bits first.
    pub fn to_bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (slot, word) in bytes.chunks_exact_mut(8).zip(self.0) {
            slot.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    /// Reads what [`Self::to_bytes`] writes.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut words = [0; 4];
        for (word, slot) in words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = slot
                .iter()
                .rev()
                .fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        }
        Self(words)
    }
}

impl fmt::Debug for PdqHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PdqHash({})", self.to_hex())
    }
}

/// A coefficient this far from the median, in grey levels of the orthonormal
/// transform, keeps its bit through an encoder: eight-bit samples and strong
/// JPEG compression move one by 1 or less.
const FIRM_LEVELS: f32 = 2.0;

/// One of the eight ways to lay a picture down: what was done to the picture
/// whose hash is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orientation {
    /// Rows and columns swapped, before any mirroring.
    pub transposed: bool,
    /// Mirrored left to right.
    pub mirrored_x: bool,
    /// Mirrored top to bottom.
    pub mirrored_y: bool,
}

impl Orientation {
    /// All eight; the first leaves the picture as it is.
    pub const ALL: [Self; 8] = {
        let mut all = [Self {
            transposed: false,
            mirrored_x: false,
            mirrored_y: false,
        }; 8];
        let mut index = 0;
        while index < 8 {
            all[index] = Self {
                transposed: index & 4 != 0,
                mirrored_x: index & 1 != 0,
                mirrored_y: index & 2 != 0,
            };
            index += 1;
        }
        all
    };

    /// The same as a mirroring left to right followed by a clockwise turn in degrees.
    pub fn flip_and_rotation(self) -> (bool, u16) {
        match (self.transposed, self.mirrored_x, self.mirrored_y) {
            (false, false, false) => (false, 0),
            (false, true, false) => (true, 0),
            (false, false, true) => (true, 180),
            (false, true, true) => (false, 180),
            (true, false, false) => (true, 270),
            (true, true, false) => (false, 90),
            (true, false, true) => (false, 270),
            (true, true, true) => (true, 90),
        }
    }
}

/// The transforms of a picture as it is, mirrored left to right, top to bottom,
/// and both; and its quality.
pub(super) fn transforms(luma: &[u8], width: usize, height: usize) -> ([Transform; 4], u8) {
    let reduced: [Vec<f32>; 4] = reduce(luma, width, height);
    let quality = quality(&reduced[0]);
    (reduced.map(|reduced| cosine_transform(&reduced)), quality)
}

/// The transform of a picture as it is, and its quality.
pub(super) fn upright(luma: &[u8], width: usize, height: usize) -> (Transform, u8) {
    let [reduced] = reduce(luma, width, height);
    (cosine_transform(&reduced), quality(&reduced))
}

/// How many of the hash's bits rest on more than rounding, at most 255.
///
/// A smooth gradient has a handful: the rest of its hash is noise, alike or not
/// by accident. A faint picture with content has well over a hundred.
pub(super) fn firm_bits(transform: &Transform) -> u8 {
    let median = median(transform.as_flattened());
    let firm = transform
        .as_flattened()
        .iter()
        .filter(|&&value| (value - median).abs() > FIRM_LEVELS)
        .count();
    firm.min(255) as u8
}

/// The lower of the two middle values, as the reference takes it.
fn median(coefficients: &[f32]) -> f32 {
    let mut sorted = coefficients.to_vec();
    let (_, &mut median, _) = sorted.select_nth_unstable_by(HASH_BITS / 2 - 1, f32::total_cmp);
    median
}

/// The hash of the picture as if it had been laid down in `orientation`.
///
/// Transposing a picture transposes its coefficients exactly. Mirroring flips
/// the sign of the odd ones only where the sampling grid is symmetric, which it
/// is not for small pictures; so mirrored pictures have transforms of their own.
pub(super) fn hash(transforms: &[Transform; 4], orientation: Orientation) -> PdqHash {
    let (x, y) = (orientation.mirrored_x, orientation.mirrored_y);
    // Mirroring along x after transposing is mirroring along y before it.
    let (x, y) = if orientation.transposed {
        (y, x)
    } else {
        (x, y)
    };
    let transform = &transforms[usize::from(x) + 2 * usize::from(y)];
    let mut turned = [0f32; HASH_BITS];
    for (row, line) in transform.iter().enumerate() {
        for (column, &value) in line.iter().enumerate() {
            let place = if orientation.transposed {
                column * COEFFICIENTS + row
            } else {
                row * COEFFICIENTS + column
            };
            turned[place] = value;
        }
    }
    hash_of(&turned)
}

/// A bit for each coefficient, row by row: whether it is above the median.
pub(super) fn hash_of(coefficients: &[f32]) -> PdqHash {
    let median = median(coefficients);
    let mut words = [0u64; 4];
    for (index, &value) in coefficients.iter().enumerate() {
        if value > median {
            words[index / 64] |= 1 << (index % 64);
        }
    }
    PdqHash(words)
}

/// Blurs with two passes of a box filter along each axis (Jarosz' tent filter)
/// and samples 64 × 64 points: of the picture, and of its three mirror images.
///
/// Only the samples are computed, each as one weighted sum; rows first, because whole
/// rows are added faster than columns. One picture is the picture alone, four are the mirrored ones, too.
fn reduce<const PICTURES: usize>(luma: &[u8], width: usize, height: usize) -> [Vec<f32>; PICTURES] {
    let count = if PICTURES == 1 { REDUCED } else { 2 * REDUCED };
    let (columns, rows) = (samples(width), samples(height));
    let dots = Dots::new(&columns[..count]);
    let mut reduced = [(); PICTURES].map(|()| vec![0f32; REDUCED * REDUCED]);
    let (mut sums, mut whole) = (vec![0f32; width + dots.room()], vec![0u16; width]);
    let mut line = [0f32; 2 * REDUCED];
    for (number, row) in rows[..count].iter().enumerate() {
        let lines = luma[row.first * width..].chunks_exact(width);
        if let Some(weights) = &row.small {
            whole.fill(0);
            for (line, &weight) in lines.zip(weights) {
                add_weighted(&mut whole, line, weight);
            }
            for (sum, &whole) in sums.iter_mut().zip(&whole) {
                *sum = f32::from(whole);
            }
        } else {
            sums[..width].fill(0.0);
            for (line, &weight) in lines.zip(&row.weights) {
                add_weighted_unevenly(&mut sums, line, weight);
            }
        }
        let (mirrored_y, y) = (number / REDUCED, number % REDUCED);
        dots.of(&sums, &mut line);
        for (number, (value, column)) in line.iter().zip(&columns[..count]).enumerate() {
            let (mirrored_x, x) = (number / REDUCED, number % REDUCED);
            reduced[mirrored_x + 2 * mirrored_y][y * REDUCED + x] =
                value * row.scale * column.scale;
        }
    }
    reduced
}

/// Adds a row of pixels; sums of small whole weights fit 16 bits.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn add_weighted(sums: &mut [u16], pixels: &[u8], weight: u16) {
    for (sum, &pixel) in sums.iter_mut().zip(pixels) {
        *sum = sum.wrapping_add(weight.wrapping_mul(u16::from(pixel)));
    }
}

#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn add_weighted_unevenly(sums: &mut [f32], pixels: &[u8], weight: f32) {
    for (sum, &pixel) in sums.iter_mut().zip(pixels) {
        *sum += weight * f32::from(pixel);
    }
}

/// Weighted sums at the places of samples.
struct Dots {
    /// Where each begins.
    first: Vec<usize>,
    /// Its weights, filled up with zeros to the same number for all.
    weights: Vec<[f32; 4]>,
    /// Fours of weights of a sample.
    fours: usize,
}

impl Dots {
    fn new(samples: &[Sample]) -> Self {
        let longest = samples.iter().map(|sample| sample.weights.len()).max();
        let fours = longest.unwrap_or_default().div_ceil(4);
        let mut weights = vec![[0f32; 4]; samples.len() * fours];
        for (slots, sample) in weights.chunks_exact_mut(fours.max(1)).zip(samples) {
            let slots = slots.as_flattened_mut();
            slots[..sample.weights.len()].copy_from_slice(&sample.weights);
        }
        Self {
            first: samples.iter().map(|sample| sample.first).collect(),
            weights,
            fours,
        }
    }

    /// Values that are read beyond the last pixel, with no weight.
    fn room(&self) -> usize {
        4 * self.fours
    }

    /// The sum of all products of each sample, in four parts so that they can be added side by side.
    fn of(&self, values: &[f32], sums: &mut [f32]) {
        let weights = self.weights.chunks_exact(self.fours.max(1));
        for (sum, (&first, weights)) in sums.iter_mut().zip(self.first.iter().zip(weights)) {
            let values = values[first..][..4 * self.fours].as_chunks::<4>().0;
            let mut parts = [0f32; 4];
            for (values, weights) in values.iter().zip(weights) {
                for (part, (value, weight)) in parts.iter_mut().zip(values.iter().zip(weights)) {
                    *part += value * weight;
                }
            }
            *sum = (parts[0] + parts[1]) + (parts[2] + parts[3]);
        }
    }
}

/// What one sample of a side is made of.
#[derive(Clone)]
struct Sample {
    /// The first pixel that counts.
    first: usize,
    /// Weights of the pixels from there on; whole numbers but at the far end, so that their
    /// sums are exact.
    weights: Vec<f32>,
    /// The same where all are whole and the sum of pixels fits 16 bits.
    small: Option<Vec<u16>>,
    /// What the weighted sum is multiplied with.
    scale: f32,
}

impl Sample {
    /// The same further along.
    fn moved(&self, first: usize) -> Self {
        Self {
            first,
            ..self.clone()
        }
    }
}

/// The samples of a side of `length` pixels: the pixels at the middle of each of 64 equal
/// parts, then those that hold what the same pixels of the mirrored side would.
fn samples(length: usize) -> Vec<Sample> {
    // Width of the box filter: half a sample's spacing, rounded up.
    let window = length.div_ceil(2 * REDUCED);
    // An even window reaches one pixel further ahead than behind. Mirrored it
    // reaches further behind, like the window one pixel earlier; two passes, two pixels.
    let shift = if window.is_multiple_of(2) { 2 } else { 0 };
    let plain = (0..REDUCED).map(|i| ((2 * i + 1) * length) / (2 * REDUCED));
    let mirrored = plain
        .clone()
        .map(|place| (length - 1 - place).saturating_sub(shift));
    // All that is not cut off at an end is alike.
    let mut inner: Option<Sample> = None;
    let reach = 2 * (window / 2);
    plain
        .chain(mirrored)
        .map(|place| {
            let is_inner = place >= reach && place + reach < length;
            match &inner {
                Some(known) if is_inner => known.moved(place - (window - 1 - window / 2) * 2),
                _ => {
                    let sample = sample(place, window, length);
                    if is_inner {
                        inner = Some(sample.clone());
                    }
                    sample
                }
            }
        })
        .collect()
}

/// Two passes of means over a window around each pixel, cut off at both ends.
fn sample(place: usize, window: usize, length: usize) -> Sample {
    let ahead = window / 2;
    let behind = window - 1 - ahead.min(window - 1);
    let around = |at: usize| at.saturating_sub(behind)..=(at + ahead).min(length - 1);
    let first = *around(*around(place).start()).start();
    let last = *around(*around(place).end()).end();
    let mut weights = vec![0f32; last - first + 1];
    let count = |range: &std::ops::RangeInclusive<usize>| (range.end() - range.start() + 1) as f32;
    for middle in around(place) {
        let range = around(middle);
        let weight = window as f32 / count(&range);
        for at in range {
            weights[at - first] += weight;
        }
    }
    let scale = 1.0 / (window as f32 * count(&around(place)));
    let is_small = weights.iter().all(|weight| weight.fract() == 0.0)
        && weights.iter().sum::<f32>() * f32::from(u8::MAX) <= f32::from(u16::MAX);
    let small = is_small.then(|| weights.iter().map(|&weight| weight as u16).collect());
    Sample {
        first,
        weights,
        small,
        scale,
    }
}

/// PDQ's quality measure: the total of the differences between neighbours, each
/// in whole hundredths of the range, over 90, at most 100.
fn quality(reduced: &[f32]) -> u8 {
    let step = |a: f32, b: f32| (((a - b) * 100.0) / 255.0).abs() as u32;
    let mut total = 0u32;
    for y in 0..REDUCED {
        for x in 0..REDUCED {
            let here = reduced[y * REDUCED + x];
            if y + 1 < REDUCED {
                total += step(here, reduced[(y + 1) * REDUCED + x]);
            }
            if x + 1 < REDUCED {
                total += step(here, reduced[y * REDUCED + x + 1]);
            }
        }
    }
    (total / 90).min(100) as u8
}

/// Rows 1 to 16 of the orthonormal 64-point DCT-II.
static COSINES: LazyLock<Vec<[f32; REDUCED]>> = LazyLock::new(|| {
    let scale = (2.0 / REDUCED as f64).sqrt();
    let row = |frequency: usize| {
        let angle = std::f64::consts::PI / (2.0 * REDUCED as f64) * frequency as f64;
        std::array::from_fn(|x| (scale * (angle * (2 * x + 1) as f64).cos()) as f32)
    };
    (1..=COEFFICIENTS).map(row).collect()
});

/// The same, by place and then by frequency.
static COSINES_BY_PLACE: LazyLock<Vec<[f32; COEFFICIENTS]>> = LazyLock::new(|| {
    let place = |x: usize| std::array::from_fn(|frequency| COSINES[frequency][x]);
    (0..REDUCED).map(place).collect()
});

/// Each sum is added up in one order, from the first place to the last; sums stand side by side.
fn cosine_transform(reduced: &[f32]) -> Transform {
    transform(reduced, &COSINES, &COSINES_BY_PLACE)
}

#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn transform(
    reduced: &[f32],
    cosines: &[[f32; REDUCED]],
    by_place: &[[f32; COEFFICIENTS]],
) -> Transform {
    let lines = reduced.as_chunks::<REDUCED>().0;
    let mut result = [[0f32; COEFFICIENTS]; COEFFICIENTS];
    for (out, cosine) in result.iter_mut().zip(cosines) {
        let mut row = [0f32; REDUCED];
        for (weight, line) in cosine.iter().zip(lines) {
            for (slot, value) in row.iter_mut().zip(line) {
                *slot += weight * value;
            }
        }
        for (value, cosines) in row.iter().zip(by_place) {
            for (slot, cosine) in out.iter_mut().zip(cosines) {
                *slot += cosine * value;
            }
        }
    }
    result
}
