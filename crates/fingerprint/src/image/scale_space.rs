//! A picture at rising blur: Gaussian levels in octaves, and where their
//! differences have extrema.
//!
//! D. Lowe, *Distinctive Image Features from Scale-Invariant Keypoints*, IJCV 60
//! (2004), sections 3 to 4.

use std::sync::LazyLock;

use wide::{CmpGt, CmpLt, f32x4};

use super::plane::Plane;

/// Levels to a doubling of the blur (Lowe, section 3.2).
pub(super) const INTERVALS: usize = 3;
/// Blur of an octave's first level, in its own pixels.
pub(super) const FIRST_SIGMA: f64 = 1.6;
/// Blur that a picture brings along, in pixels.
const GIVEN_SIGMA: f64 = 0.5;
/// Octaves end before a side gets shorter than this.
const SHORTEST_SIDE: usize = 12;
/// Extrema closer to the edge of an octave are left out, in its pixels.
const MARGIN: usize = 4;
/// Extrema of less contrast are noise, in grey levels between neighbouring levels.
const MIN_CONTRAST: f32 = 1.2;
/// Extrema along an edge slide: the ratio of the principal curvatures is below this (Lowe,
/// section 4.1).
const MAX_CURVATURE_RATIO: f32 = 10.0;

/// Gaussian levels of one size.
pub(super) struct Octave {
    pub(super) levels: Vec<Plane>,
}

/// An extremum of the differences of Gaussians.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extremum {
    pub(super) octave: usize,
    /// The Gaussian level nearest in blur.
    pub(super) level: usize,
    /// Place in the octave's pixels.
    pub(super) x: f32,
    pub(super) y: f32,
    /// Level, between levels.
    pub(super) layer: f32,
    /// Blur in the octave's pixels.
    pub(super) sigma: f32,
    /// Contrast, positive for dark on light.
    pub(super) response: f32,
}

/// One side of a symmetric kernel: the middle weight, then outwards.
fn gaussian(sigma: f64) -> Vec<f32> {
    let radius = (3.0 * sigma).ceil() as usize;
    let weight = |at: usize| (-0.5 * (at as f64 / sigma).powi(2)).exp();
    let total: f64 = 2.0 * (1..=radius).map(weight).sum::<f64>() + weight(0);
    (0..=radius).map(|at| (weight(at) / total) as f32).collect()
}

fn level_sigma(level: usize) -> f64 {
    FIRST_SIGMA * (level as f64 / INTERVALS as f64).exp2()
}

/// The kernel from what is given to the first level, then from each level to the next.
static KERNELS: LazyLock<Vec<Vec<f32>>> = LazyLock::new(|| {
    let between = |from: f64, to: f64| gaussian((to * to - from * from).sqrt());
    let first = between(GIVEN_SIGMA, FIRST_SIGMA);
    let steps = (1..INTERVALS + 3).map(|level| between(level_sigma(level - 1), level_sigma(level)));
    std::iter::once(first).chain(steps).collect()
});

/// Blurs by a symmetric kernel, along columns and then along rows; beyond the
/// edge the outermost pixels go on.
fn blur(from: &Plane, kernel: &[f32]) -> Plane {
    let (width, height) = (from.width, from.height);
    let radius = kernel.len() - 1;
    let mut values = Vec::with_capacity(width * height);
    let mut line = vec![0f32; width + 2 * radius];
    let mut out = vec![0f32; width];
    let mut pairs: Vec<(&[f32], &[f32])> = Vec::with_capacity(radius);
    for y in 0..height {
        pairs.clear();
        pairs.extend((1..=radius).map(|offset| {
            let below = from.row((y + offset).min(height - 1));
            (from.row(y.saturating_sub(offset)), below)
        }));
        weigh(from.row(y), &pairs, kernel, &mut line[radius..][..width]);
        let (first, last) = (line[radius], line[radius + width - 1]);
        line[..radius].fill(first);
        line[radius + width..].fill(last);
        let sides = (1..=radius).map(|offset| (&line[radius - offset..], &line[radius + offset..]));
        let sides: Vec<(&[f32], &[f32])> = sides.collect();
        weigh(&line[radius..], &sides, kernel, &mut out);
        values.extend_from_slice(&out);
    }
    Plane {
        width,
        height,
        values,
    }
}

/// Values whose sums stay in registers.
const BLOCK: usize = 32;

/// The weighted sum of a row and of pairs of rows at equal distances from it, as long as `out`.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn weigh(middle: &[f32], pairs: &[(&[f32], &[f32])], kernel: &[f32], out: &mut [f32]) {
    let whole = out.len() / BLOCK * BLOCK;
    let (blocks, rest) = out.split_at_mut(whole);
    for (number, block) in blocks.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let at = number * BLOCK;
        let mut sums = [0f32; BLOCK];
        for (sum, value) in sums.iter_mut().zip(&middle[at..at + BLOCK]) {
            *sum = value * kernel[0];
        }
        for (&(a, b), &weight) in pairs.iter().zip(&kernel[1..]) {
            let both = a[at..at + BLOCK].iter().zip(&b[at..at + BLOCK]);
            for (sum, (a, b)) in sums.iter_mut().zip(both) {
                *sum += (a + b) * weight;
            }
        }
        *block = sums;
    }
    for (offset, slot) in rest.iter_mut().enumerate() {
        let at = whole + offset;
        let mut sum = middle[at] * kernel[0];
        for (&(a, b), &weight) in pairs.iter().zip(&kernel[1..]) {
            sum += (a[at] + b[at]) * weight;
        }
        *slot = sum;
    }
}

/// All octaves of a picture.
pub(super) fn octaves(picture: &Plane) -> Vec<Octave> {
    let mut octaves = Vec::new();
    let mut first = blur(picture, &KERNELS[0]);
    loop {
        let mut levels = vec![first];
        for kernel in &KERNELS[1..] {
            let next = blur(&levels[levels.len() - 1], kernel);
            levels.push(next);
        }
        let half = levels[INTERVALS].halved();
        octaves.push(Octave { levels });
        if half.width.min(half.height) < SHORTEST_SIDE {
            return octaves;
        }
        first = half;
    }
}

/// The extrema of all octaves, unordered.
pub(super) fn extrema(octaves: &[Octave]) -> Vec<Extremum> {
    let mut found = Vec::new();
    for (number, octave) in octaves.iter().enumerate() {
        let differences: Vec<Plane> = octave.levels.windows(2).map(difference).collect();
        for layer in 1..=INTERVALS {
            let around: [&Plane; 3] = [
                &differences[layer - 1],
                &differences[layer],
                &differences[layer + 1],
            ];
            layer_extrema(around, |x, y| {
                if let Some(extremum) = refined(around, x, y, number, layer) {
                    found.push(extremum);
                }
            });
        }
    }
    found
}

fn difference(levels: &[Plane]) -> Plane {
    let [finer, coarser] = levels else {
        return Plane::default();
    };
    Plane {
        width: finer.width,
        height: finer.height,
        values: coarser
            .values
            .iter()
            .zip(&finer.values)
            .map(|(a, b)| a - b)
            .collect(),
    }
}

/// Calls `visit` for each pixel of the middle plane above or below all its 26 neighbours.
fn layer_extrema([finer, middle, coarser]: [&Plane; 3], mut visit: impl FnMut(usize, usize)) {
    let (width, height) = (middle.width, middle.height);
    if width <= 2 * MARGIN || height <= 2 * MARGIN {
        return;
    }
    for y in MARGIN..height - MARGIN {
        let rows = [middle.row(y - 1), middle.row(y), middle.row(y + 1)];
        let mut x = MARGIN;
        while x < width - MARGIN {
            // The last group reaches into the margin; what it finds there is left.
            let mut candidates = candidates(rows, x.min(width - LANES - 1));
            let base = x.min(width - LANES - 1);
            while candidates != 0 {
                let at = base + candidates.trailing_zeros() as usize;
                candidates &= candidates - 1;
                if at >= x && at < width - MARGIN && is_extreme(finer, middle, coarser, at, y) {
                    visit(at, y);
                }
            }
            x += LANES;
        }
    }
}

/// Pixels that are looked at together.
const LANES: usize = 4;

/// Which of the pixels from `x` on stand out from the four next to them, one bit each.
fn candidates(rows: [&[f32]; 3], x: usize) -> u32 {
    let four = |row: &[f32], x: usize| match row[x..].first_chunk() {
        Some(&values) => f32x4::new(values),
        None => f32x4::ZERO,
    };
    let value = four(rows[1], x);
    let around = [
        four(rows[1], x - 1),
        four(rows[1], x + 1),
        four(rows[0], x),
        four(rows[2], x),
    ];
    let highest = around[0]
        .fast_max(around[1])
        .fast_max(around[2].fast_max(around[3]));
    let lowest = around[0]
        .fast_min(around[1])
        .fast_min(around[2].fast_min(around[3]));
    let floor = f32x4::splat(0.8 * MIN_CONTRAST);
    let is_top = value.cmp_gt(highest) & value.cmp_gt(floor);
    let is_bottom = value.cmp_lt(lowest) & value.cmp_lt(-floor);
    (is_top | is_bottom).move_mask() as u32
}

fn is_extreme(finer: &Plane, middle: &Plane, coarser: &Plane, x: usize, y: usize) -> bool {
    let value = middle.row(y)[x];
    let is_top = value > 0.0;
    let around = |plane: &Plane| {
        (y - 1..=y + 1).all(|row| {
            let three = &plane.row(row)[x - 1..=x + 1];
            three
                .iter()
                .all(|&other| if is_top { value > other } else { value < other })
        })
    };
    let corners = [y - 1, y + 1].into_iter().all(|row| {
        let row = middle.row(row);
        [row[x - 1], row[x + 1]]
            .iter()
            .all(|&other| if is_top { value > other } else { value < other })
    });
    corners && around(coarser) && around(finer)
}

/// The extremum between pixels and levels, by a parabola through its neighbours (Lowe,
/// section 4); `None` for faint ones and for edges.
fn refined(
    around: [&Plane; 3],
    x: usize,
    y: usize,
    octave: usize,
    layer: usize,
) -> Option<Extremum> {
    let at = |s: usize, dx: isize, dy: isize| {
        let plane = around[s];
        plane.values[y.wrapping_add_signed(dy) * plane.width + x.wrapping_add_signed(dx)]
    };
    let value = at(1, 0, 0);
    let gradient = [
        0.5 * (at(1, 1, 0) - at(1, -1, 0)),
        0.5 * (at(1, 0, 1) - at(1, 0, -1)),
        0.5 * (at(2, 0, 0) - at(0, 0, 0)),
    ];
    let xx = at(1, 1, 0) + at(1, -1, 0) - 2.0 * value;
    let yy = at(1, 0, 1) + at(1, 0, -1) - 2.0 * value;
    let ss = at(2, 0, 0) + at(0, 0, 0) - 2.0 * value;
    let xy = 0.25 * (at(1, 1, 1) - at(1, -1, 1) - at(1, 1, -1) + at(1, -1, -1));
    let xs = 0.25 * (at(2, 1, 0) - at(2, -1, 0) - at(0, 1, 0) + at(0, -1, 0));
    let ys = 0.25 * (at(2, 0, 1) - at(2, 0, -1) - at(0, 0, 1) + at(0, 0, -1));
    let (trace, determinant) = (xx + yy, xx * yy - xy * xy);
    let ratio = MAX_CURVATURE_RATIO;
    if determinant <= 0.0 || trace * trace * ratio >= (ratio + 1.0) * (ratio + 1.0) * determinant {
        return None;
    }
    let offset = solve([[xx, xy, xs], [xy, yy, ys], [xs, ys, ss]], gradient)?.map(|d| -d);
    if offset.iter().any(|d| d.abs() > 1.0) {
        return None;
    }
    let response =
        value + 0.5 * (gradient[0] * offset[0] + gradient[1] * offset[1] + gradient[2] * offset[2]);
    if response.abs() < MIN_CONTRAST {
        return None;
    }
    let level = layer as f32 + offset[2];
    Some(Extremum {
        octave,
        level: (level + 0.5).clamp(1.0, INTERVALS as f32 + 0.5) as usize,
        x: x as f32 + offset[0],
        y: y as f32 + offset[1],
        layer: level,
        sigma: sigma_between(layer, offset[2]),
        response,
    })
}

/// Blur a fraction of a level from `layer`: `2^(offset / INTERVALS)` by its Taylor series,
/// because system libraries round their powers differently.
fn sigma_between(layer: usize, offset: f32) -> f32 {
    let x = offset * std::f32::consts::LN_2 / INTERVALS as f32;
    let power = 1.0 + x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x / 24.0)));
    SIGMAS[layer] * power
}

static SIGMAS: LazyLock<Vec<f32>> = LazyLock::new(|| {
    (0..INTERVALS + 3)
        .map(|level| level_sigma(level) as f32)
        .collect()
});

/// Solves a symmetric system of three equations by Cramer's rule.
fn solve(m: [[f32; 3]; 3], v: [f32; 3]) -> Option<[f32; 3]> {
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a][c] * m[b][d] - m[a][d] * m[b][c];
    let determinant =
        m[0][0] * minor(1, 2, 1, 2) - m[0][1] * minor(1, 2, 0, 2) + m[0][2] * minor(1, 2, 0, 1);
    if determinant.abs() < 1e-9 {
        return None;
    }
    let replaced = |column: usize| {
        let mut r = m;
        for (row, value) in r.iter_mut().zip(v) {
            row[column] = value;
        }
        r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1])
            - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
            + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0])
    };
    Some([0, 1, 2].map(|column| replaced(column) / determinant))
}
