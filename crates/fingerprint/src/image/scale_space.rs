//! A picture at rising blur: Gaussian levels in octaves, and where their
//! differences have extrema.
//!
//! D. Lowe, *Distinctive Image Features from Scale-Invariant Keypoints*, IJCV 60
//! (2004), sections 3 to 4.

mod weigh;

use std::sync::LazyLock;

use super::plane::{GREY, Plane};
use weigh::weigh;

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
    for y in 0..height {
        let mut pairs: Vec<(&[u16], &[u16])> = Vec::with_capacity(kernel.len());
        pairs.extend((0..=radius).map(|offset| {
            let below = from.row((y + offset).min(height - 1));
            (from.row(y.saturating_sub(offset)), below)
        }));
        weigh(&pairs, kernel, &mut line[radius..][..width]);
        let (first, last) = (line[radius], line[radius + width - 1]);
        line[..radius].fill(first);
        line[radius + width..].fill(last);
        pairs.clear();
        let line = line.as_slice();
        pairs.extend(
            (0..=radius).map(|offset| (&line[radius - offset..], &line[radius + offset..])),
        );
        weigh(&pairs, kernel, blurred.row_mut(y));
    }
    blurred
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
    let [mut finer, mut coarser] = [vec![0; width], vec![0; width]];
    let mut marks = vec![0u8; width];
    for y in MARGIN..height - MARGIN {
        rows.rotate_left(1);
        around[1].row(y + 1, &mut rows[2]);
        around[0].row(y, &mut finer);
        around[2].row(y, &mut coarser);
        mark(
            [&rows[0], &rows[1], &rows[2]],
            [&finer, &coarser],
            &mut marks,
        );
        marked(&marks[MARGIN..width - MARGIN], |at| {
            let x = MARGIN + at;
            if is_extreme(around, x, y) {
                visit(x, y);
            }
        });
    }
}

/// Marks the pixels of the middle row that stand out from the eight next to them, and from those
/// in the same place of the differences before and after.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn mark([above, row, below]: [&[i16]; 3], [finer, coarser]: [&[i16]; 2], marks: &mut [u8]) {
    const FLOOR: i16 = (0.8 * MIN_CONTRAST * GREY as f32) as i16;
    let inner = row.len().saturating_sub(2);
    let [[a, b, c], [d, here, e], [f, g, h]] =
        [above, row, below].map(|row| [0, 1, 2].map(|from| &row[from..][..inner]));
    let (finer, coarser) = (&finer[1..][..inner], &coarser[1..][..inner]);
    let marks = &mut marks[1..][..inner];
    for x in 0..inner {
        let value = here[x];
        let highest = (a[x].max(b[x]).max(c[x])).max(d[x].max(e[x]));
        let highest = highest.max(f[x].max(g[x]).max(h[x]));
        let highest = highest.max(finer[x].max(coarser[x])).max(FLOOR);
        let lowest = (a[x].min(b[x]).min(c[x])).min(d[x].min(e[x]));
        let lowest = lowest.min(f[x].min(g[x]).min(h[x]));
        let lowest = lowest.min(finer[x].min(coarser[x])).min(-FLOOR);
        marks[x] = u8::from(value > highest || value < lowest);
    }
}

/// Calls `visit` for the places of marks; where there are none, sixteen are passed over at once.
#[inline]
fn marked(marks: &[u8], mut visit: impl FnMut(usize)) {
    const GROUP: usize = 16;
    let (groups, rest) = marks.as_chunks::<GROUP>();
    for (number, group) in groups.iter().enumerate() {
        let mut bits = u128::from_le_bytes(*group);
        while bits != 0 {
            let at = bits.trailing_zeros() / 8;
            visit(number * GROUP + at as usize);
            bits &= !(0xff << (8 * at));
        }
    }
    let places = rest.iter().enumerate().filter(|(_, mark)| **mark != 0);
    places.for_each(|(at, _)| visit(groups.len() * GROUP + at));
}

/// Whether a pixel that was marked stands out from all pixels of the differences before and after.
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
    whole(&around[2]) && whole(&around[0])
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
