//! Local points: places of a picture that are found again in an altered copy.

use std::sync::LazyLock;

use super::ImageFingerprint;
use super::Tones;
use super::descriptor::{Descriptor, coefficients, descriptor};
use super::keys::{DOUBTS, KEYS, doubtful};
use super::patch::{orientations, sums};
use super::plane::{Plane, shrink};
use super::regions::{Luma, regions};
use super::scale_space::{Extremum, FIRST_SIGMA, INTERVALS, extrema, octaves};

/// Longer side of the picture in which points are looked for, in pixels.
const WORK_SIDE: usize = 512;
/// Pictures with a longer side of at most this are doubled first.
const DOUBLED_SIDE: usize = 256;
/// Places of a picture that are described, at most; some have two orientations.
const MOST_PLACES: usize = 400;
/// Points of a picture that a registry stores, at most.
pub const MOST_STORED: usize = 60;
/// Steps of [`Point::x`] and [`Point::y`] in the longer side of a picture.
pub const PLACE_STEPS: u16 = 4096;
/// Steps of [`Point::size`] in a doubling.
pub const SIZE_STEPS: u8 = 16;
/// Sizes count from one part in this many of the longer side.
const SMALLEST: f64 = 2048.0;

/// One local point, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Place from the left, in 4,096ths of the picture's longer side.
    pub x: u16,
    /// Place from the top, the same way.
    pub y: u16,
    /// Blur at which the point stands out, in sixteenths of a doubling above one 2,048th of
    /// the longer side.
    pub size: u8,
    /// Orientation in 256ths of a turn, clockwise from the right.
    pub angle: u8,
    /// What surrounds it.
    pub descriptor: Descriptor,
}

impl Point {
    /// Blur at which the point stands out, as a share of the picture's longer side.
    pub fn sigma(&self) -> f32 {
        SIGMAS[usize::from(self.size)]
    }
}

static SIGMAS: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let sigma = |size: u32| (f64::from(size) / f64::from(SIZE_STEPS)).exp2() / SMALLEST;
    (0..=u32::from(u8::MAX))
        .map(|size| sigma(size) as f32)
        .collect()
});

/// One local point, as it is looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundPoint {
    /// What would be stored of it.
    pub point: Point,
    /// Whether its orientation is the strongest at its place.
    pub is_main: bool,
    /// Contrast in grey levels.
    pub contrast: f32,
    /// For each key, which of its bits are most in doubt ([`super::probes`]).
    pub doubtful: [[u8; DOUBTS]; KEYS],
}

/// Adds what is made of the picture at its working size: points, strongest for their part of the
/// picture first, regions, the share of the picture that is flat, and tones.
pub(super) fn add(print: &mut ImageFingerprint, luma: &[u8], width: usize, height: usize) {
    let (picture, zoom) = working_picture(luma, width, height);
    let whole = Luma {
        values: luma,
        width,
        height,
    };
    print.regions = regions(&picture, whole);
    print.flatness = picture.flatness();
    print.tones = Tones::of(&picture);
    print.points = points(&picture, zoom);
}

fn points(picture: &Plane, zoom: f32) -> Vec<FoundPoint> {
    let octaves = octaves(picture);
    let mut found = extrema(&octaves);
    spread(&mut found, picture);
    let longer = picture.width.max(picture.height);
    let steps = f32::from(PLACE_STEPS) / longer as f32;
    let place = |at: f32| ((at + 0.5 * zoom) * steps).clamp(0.0, f32::from(PLACE_STEPS - 1)) as u16;
    let base = (FIRST_SIGMA * SMALLEST / longer as f64).log2() as f32;
    let mut points = Vec::with_capacity(found.len() * 5 / 4);
    for extremum in &found {
        let level = &octaves[extremum.octave].levels[extremum.level];
        let (x, y, sigma) = (extremum.x, extremum.y, extremum.sigma);
        let scale = (1u32 << extremum.octave) as f32;
        let doublings = base + extremum.octave as f32 + extremum.layer / INTERVALS as f32;
        let size = (doublings * f32::from(SIZE_STEPS) + 0.5).clamp(0.0, 255.0) as u8;
        for (rank, angle) in orientations(level, x, y, sigma)
            .into_iter()
            .flatten()
            .enumerate()
        {
            let coefficients = coefficients(&sums(level, x, y, sigma, angle));
            points.push(FoundPoint {
                point: Point {
                    x: place(x * scale),
                    y: place(y * scale),
                    size,
                    angle,
                    descriptor: descriptor(&coefficients, extremum.response > 0.0),
                },
                is_main: rank == 0,
                contrast: extremum.response.abs(),
                doubtful: doubtful(&coefficients),
            });
        }
    }
    points
}

/// The picture at the size at which points are looked for, and how many of its pixels are one
/// of the picture's own size.
fn working_picture(luma: &[u8], width: usize, height: usize) -> (Plane, f32) {
    let longer = width.max(height);
    let fit = |length: usize| {
        let side = WORK_SIDE.min(longer);
        (length * side).div_ceil(longer).clamp(1, length)
    };
    let plane = shrink(luma, (width, height), fit(width), fit(height));
    if longer <= DOUBLED_SIDE {
        (plane.doubled(), 2.0)
    } else {
        (plane, 1.0)
    }
}

/// Keeps the strongest, as evenly over the picture and over sizes as there are any: each
/// stands behind those that are stronger in the same part of the picture.
fn spread(found: &mut Vec<Extremum>, picture: &Plane) {
    const GRID: usize = 8;
    const OCTAVES: usize = 16;
    // Numbers are moved about faster than what they stand for. Bits of positive numbers rise with them.
    let strength = |extremum: &Extremum| std::cmp::Reverse(extremum.response.abs().to_bits());
    let numbered = found.iter().zip(0u32..);
    let mut order: Vec<_> = numbered
        .map(|(it, number)| (strength(it), number))
        .collect();
    order.sort_unstable_by(|(strength, a), (other, b)| {
        let (a, b) = (&found[*a as usize], &found[*b as usize]);
        strength.cmp(other).then_with(|| {
            let place = a.octave.cmp(&b.octave).then(a.y.total_cmp(&b.y));
            place.then(a.x.total_cmp(&b.x))
        })
    });
    let mut counts = vec![0u32; OCTAVES * GRID * GRID];
    let cell = |place: f32, octave: usize, side: usize| {
        let share = place * (1u32 << octave) as f32 / side as f32;
        ((share * GRID as f32) as usize).min(GRID - 1)
    };
    let rank = |(index, &(_, number)): (usize, &(_, u32))| {
        let extremum = &found[number as usize];
        let octave = extremum.octave.min(OCTAVES - 1);
        let column = cell(extremum.x, octave, picture.width);
        let row = cell(extremum.y, octave, picture.height);
        let count = &mut counts[(octave * GRID + row) * GRID + column];
        *count += 1;
        (*count, index)
    };
    let mut ranked: Vec<(u32, usize)> = order.iter().enumerate().map(rank).collect();
    ranked.sort_unstable();
    ranked.truncate(MOST_PLACES);
    let kept = ranked.into_iter().map(|(_, index)| order[index].1);
    *found = kept.map(|number| found[number as usize]).collect();
}

/// The points that a registry stores: the strongest of each size in each part of the
/// picture first, and of those that nearly coincide one.
pub fn stored_points(points: &[FoundPoint]) -> Vec<Point> {
    const GRID: usize = 4;
    /// What a stronger neighbour costs: as many places behind.
    const CROWDED: u32 = 4;
    let mut by_strength: Vec<&FoundPoint> = points.iter().filter(|point| point.is_main).collect();
    by_strength.sort_by(|a, b| b.contrast.total_cmp(&a.contrast));
    let cell = |place: u16| usize::from(place) * GRID / usize::from(PLACE_STEPS);
    let mut counts = vec![0u32; 16 * GRID * GRID];
    let mut ranked = Vec::with_capacity(by_strength.len());
    for (index, found) in by_strength.iter().enumerate() {
        let point = &found.point;
        let stronger = by_strength[..index].iter();
        let crowding = stronger
            .filter(|other| coincide(&other.point, point))
            .count();
        let octave = usize::from(point.size / SIZE_STEPS);
        let count = &mut counts[(octave * GRID + cell(point.y)) * GRID + cell(point.x)];
        *count += 1 + CROWDED * crowding as u32;
        ranked.push((*count, index));
    }
    ranked.sort_unstable();
    ranked.truncate(MOST_STORED);
    ranked
        .into_iter()
        .map(|(_, index)| by_strength[index].point)
        .collect()
}

/// Whether two points are about the same place at about the same size.
fn coincide(a: &Point, b: &Point) -> bool {
    let (dx, dy) = (
        i32::from(a.x) - i32::from(b.x),
        i32::from(a.y) - i32::from(b.y),
    );
    let reach = a.sigma().max(b.sigma()) * f32::from(PLACE_STEPS);
    ((dx * dx + dy * dy) as f32) < reach * reach && a.size.abs_diff(b.size) < 11
}

#[cfg(test)]
mod tests;
