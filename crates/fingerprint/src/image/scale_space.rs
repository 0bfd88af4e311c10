//! A picture at rising blur: Gaussian levels in octaves, and where their
//! differences have extrema.
//!
//! D. Lowe, *Distinctive Image Features from Scale-Invariant Keypoints*, IJCV 60
//! (2004), sections 3 to 4.

use std::sync::LazyLock;

use wide::u16x8;

use super::plane::{GREY, Plane};

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

/// One side of a symmetric kernel in 65,536ths: half the middle weight, then outwards. All
/// together are one half, for each weighs two pixels.
fn gaussian(sigma: f64) -> Vec<u16> {
    const HALF: f64 = 32_768.0;
    let radius = (3.0 * sigma).ceil() as usize;
    let weight = |at: usize| (-0.5 * (at as f64 / sigma).powi(2)).exp();
    let total = (1..=radius).map(weight).sum::<f64>() + 0.5 * weight(0);
    let share = |weight: f64| (HALF * weight / total).round() as u16;
    let outwards: Vec<u16> = (1..=radius).map(|at| share(weight(at))).collect();
    let middle = HALF as u16 - outwards.iter().sum::<u16>();
    std::iter::once(middle).chain(outwards).collect()
}

fn level_sigma(level: usize) -> f64 {
    FIRST_SIGMA * (level as f64 / INTERVALS as f64).exp2()
}

/// The kernel from what is given to the first level, then from each level to the next.
static KERNELS: LazyLock<Vec<Vec<u16>>> = LazyLock::new(|| {
    let between = |from: f64, to: f64| gaussian((to * to - from * from).sqrt());
    let first = between(GIVEN_SIGMA, FIRST_SIGMA);
    let steps = (1..INTERVALS + 3).map(|level| between(level_sigma(level - 1), level_sigma(level)));
    std::iter::once(first).chain(steps).collect()
});

/// Blurs by a symmetric kernel, along columns and then along rows; beyond the
/// edge the outermost pixels go on.
fn blur(from: &Plane, kernel: &[u16]) -> Plane {
    let (width, height) = (from.width, from.height);
    let radius = kernel.len() - 1;
    let mut blurred = Plane::new(width, height);
    let mut line = vec![0; width + 2 * radius];
    let mut pairs: Vec<(&[u16], &[u16])> = Vec::with_capacity(kernel.len());
    for y in 0..height {
        pairs.clear();
        pairs.extend((0..=radius).map(|offset| {
            let below = from.row((y + offset).min(height - 1));
            (from.row(y.saturating_sub(offset)), below)
        }));
        weigh(&pairs, kernel, &mut line[radius..][..width]);
        let (first, last) = (line[radius], line[radius + width - 1]);
        line[..radius].fill(first);
        line[radius + width..].fill(last);
        weigh_along(&line, kernel, blurred.row_mut(y));
    }
    blurred
}

/// Values that are added side by side.
const LANES: usize = 8;
/// Values whose sums stay in registers.
const BLOCK: usize = 4 * LANES;

/// The weighted sum of pairs of rows.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn weigh(pairs: &[(&[u16], &[u16])], kernel: &[u16], out: &mut [u16]) {
    let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
    for (number, block) in blocks.iter_mut().enumerate() {
        let at = number * BLOCK;
        let mut sums = [u16x8::splat(rounding(kernel)); BLOCK / LANES];
        for (&(a, b), &weight) in pairs.iter().zip(kernel) {
            add_block(&mut sums, &a[at..at + BLOCK], &b[at..at + BLOCK], weight);
        }
        store(sums, block);
    }
    let at = blocks.len() * BLOCK;
    rest.fill(rounding(kernel));
    for (&(a, b), &weight) in pairs.iter().zip(kernel) {
        add_rest(rest, &a[at..], &b[at..], weight);
    }
}

/// The same along a row, whose ends go on for the radius of the kernel.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn weigh_along(line: &[u16], kernel: &[u16], out: &mut [u16]) {
    let radius = kernel.len() - 1;
    let (blocks, rest) = out.as_chunks_mut::<BLOCK>();
    for (number, block) in blocks.iter_mut().enumerate() {
        let at = number * BLOCK + radius;
        let mut sums = [u16x8::splat(rounding(kernel)); BLOCK / LANES];
        for (offset, &weight) in kernel.iter().enumerate() {
            let (a, b) = (&line[at - offset..][..BLOCK], &line[at + offset..][..BLOCK]);
            add_block(&mut sums, a, b, weight);
        }
        store(sums, block);
    }
    let at = blocks.len() * BLOCK + radius;
    rest.fill(rounding(kernel));
    for (offset, &weight) in kernel.iter().enumerate() {
        add_rest(rest, &line[at - offset..], &line[at + offset..], weight);
    }
}

/// What rounding each product down takes from a sum, on average.
fn rounding(kernel: &[u16]) -> u16 {
    kernel.len() as u16 / 2
}

/// Adds `weight` 65,536ths of the sums of two rows, each product rounded down.
///
/// By hand, because compilers widen the products to 32 bits.
#[inline]
fn add_block(sums: &mut [u16x8; BLOCK / LANES], a: &[u16], b: &[u16], weight: u16) {
    let weight = u16x8::splat(weight);
    let (a, b) = (a.as_chunks::<LANES>().0, b.as_chunks::<LANES>().0);
    for (sum, (&a, &b)) in sums.iter_mut().zip(a.iter().zip(b)) {
        *sum += (u16x8::new(a) + u16x8::new(b)).mul_keep_high(weight);
    }
}

/// [`add_block`], one by one.
#[inline]
fn add_rest(sums: &mut [u16], a: &[u16], b: &[u16], weight: u16) {
    for (sum, (&a, &b)) in sums.iter_mut().zip(a.iter().zip(b)) {
        let product = u32::from(a + b) * u32::from(weight);
        *sum += (product >> 16) as u16;
    }
}

#[inline]
fn store(sums: [u16x8; BLOCK / LANES], block: &mut [u16; BLOCK]) {
    for (slot, sum) in block.as_chunks_mut::<LANES>().0.iter_mut().zip(sums) {
        *slot = sum.to_array();
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
        for layer in 1..=INTERVALS {
            let around = [layer - 1, layer, layer + 1].map(|layer| Difference {
                finer: &octave.levels[layer],
                coarser: &octave.levels[layer + 1],
            });
            layer_extrema(&around, |x, y| {
                if let Some(extremum) = refined(&around, x, y, number, layer) {
                    found.push(extremum);
                }
            });
        }
    }
    found
}

/// What one level more of blur changes.
struct Difference<'a> {
    finer: &'a Plane,
    coarser: &'a Plane,
}

impl Difference<'_> {
    fn at(&self, x: usize, y: usize) -> i16 {
        let at = y * self.finer.width + x;
        (self.coarser.values[at] as i16) - (self.finer.values[at] as i16)
    }

    fn row(&self, y: usize, out: &mut [i16]) {
        subtract(self.coarser.row(y), self.finer.row(y), out);
    }
}

#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn subtract(a: &[u16], b: &[u16], out: &mut [i16]) {
    for (slot, (&a, &b)) in out.iter_mut().zip(a.iter().zip(b)) {
        *slot = (a as i16).wrapping_sub(b as i16);
    }
}

/// Calls `visit` for each pixel of the middle difference above or below all its 26 neighbours.
fn layer_extrema(around: &[Difference<'_>; 3], mut visit: impl FnMut(usize, usize)) {
    let (width, height) = (around[1].finer.width, around[1].finer.height);
    if width <= 2 * MARGIN || height <= 2 * MARGIN {
        return;
    }
    let mut rows = [(); 3].map(|()| vec![0; width]);
    around[1].row(MARGIN - 1, &mut rows[1]);
    around[1].row(MARGIN, &mut rows[2]);
    let mut marks = vec![0u8; width];
    for y in MARGIN..height - MARGIN {
        rows.rotate_left(1);
        around[1].row(y + 1, &mut rows[2]);
        mark([&rows[0], &rows[1], &rows[2]], &mut marks);
        for at in marked(&marks) {
            let is_inside = (MARGIN..width - MARGIN).contains(&at);
            if is_inside && is_extreme(around, at, y) {
                visit(at, y);
            }
        }
    }
}

/// Marks the pixels of the middle row that stand out from the four next to them.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn mark([above, row, below]: [&[i16]; 3], marks: &mut [u8]) {
    const FLOOR: i16 = (0.8 * MIN_CONTRAST * GREY as f32) as i16;
    let inner = row.len().saturating_sub(2);
    let (left, here, right) = (&row[..inner], &row[1..][..inner], &row[2..][..inner]);
    let (above, below) = (&above[1..][..inner], &below[1..][..inner]);
    let marks = &mut marks[1..][..inner];
    for x in 0..inner {
        let value = here[x];
        let highest = left[x].max(right[x]).max(above[x].max(below[x]));
        let lowest = left[x].min(right[x]).min(above[x].min(below[x]));
        let is_top = value > highest.max(FLOOR);
        let is_bottom = value < lowest.min(-FLOOR);
        marks[x] = u8::from(is_top | is_bottom);
    }
}

/// The places of marks, eight at a time where there are none.
fn marked(marks: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let groups = marks.chunks(8).enumerate();
    let some = groups.filter(|(_, group)| group.iter().fold(0, |any, mark| any | mark) != 0);
    some.flat_map(|(number, group)| {
        let places = group.iter().enumerate();
        places.filter_map(move |(at, &mark)| (mark != 0).then_some(8 * number + at))
    })
}

fn is_extreme(around: &[Difference<'_>; 3], x: usize, y: usize) -> bool {
    let value = around[1].at(x, y);
    let exceeds = |other: i16| {
        if value > 0 {
            value > other
        } else {
            value < other
        }
    };
    let whole = |difference: &Difference<'_>| {
        (y - 1..=y + 1).all(|y| (x - 1..=x + 1).all(|x| exceeds(difference.at(x, y))))
    };
    let corners = [
        (x - 1, y - 1),
        (x + 1, y - 1),
        (x - 1, y + 1),
        (x + 1, y + 1),
    ];
    let corners = corners.iter().all(|&(x, y)| exceeds(around[1].at(x, y)));
    corners && whole(&around[2]) && whole(&around[0])
}

/// The extremum between pixels and levels, by a parabola through its neighbours (Lowe,
/// section 4); `None` for faint ones and for edges.
fn refined(
    around: &[Difference<'_>; 3],
    x: usize,
    y: usize,
    octave: usize,
    layer: usize,
) -> Option<Extremum> {
    let at = |s: usize, dx: isize, dy: isize| {
        let (x, y) = (x.wrapping_add_signed(dx), y.wrapping_add_signed(dy));
        f32::from(around[s].at(x, y)) / f32::from(GREY)
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

#[cfg(test)]
mod tests;
