//! Alignments: where each place of a work lies in the item.

use clearance_fingerprint::image::{PLACE_STEPS, Point};
use serde::{Deserialize, Serialize};

use super::scene::ScenePoint;

/// Works are not believed to be stretched by more than this in one direction.
const MAX_STRETCH: f64 = 2.2;
/// Sizes at which a work may be seen, in its own.
const SCALES: std::ops::RangeInclusive<f64> = 0.04..=12.0;

/// An affine map from the work to the item, both measured in their longer sides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Map {
    /// Row by row.
    pub(super) linear: [f32; 4],
    pub(super) shift: [f32; 2],
}

impl Map {
    /// The turn, scale and shift that bring a work's point onto one of the item's.
    pub(super) fn from_pair(item: &ScenePoint, work: &Point) -> Self {
        let scale = item.sigma / work.sigma();
        let turn = f32::from(item.angle.wrapping_sub(work.angle)) / 256.0;
        let angle = turn * std::f32::consts::TAU;
        let (cos, sin) = (scale * angle.cos(), scale * angle.sin());
        let (x, y) = place(work);
        Self {
            linear: [cos, -sin, sin, cos],
            shift: [item.x - cos * x + sin * y, item.y - sin * x - cos * y],
        }
    }

    pub(super) fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d] = self.linear;
        (a * x + b * y + self.shift[0], c * x + d * y + self.shift[1])
    }

    fn determinant(&self) -> f32 {
        let [a, b, c, d] = self.linear;
        a * d - b * c
    }

    /// How many times as large the work is seen.
    pub(super) fn scale(&self) -> f32 {
        self.determinant().abs().sqrt()
    }

    /// Clockwise, in turns, -0.5 to 0.5.
    pub(super) fn turn(&self) -> f32 {
        let [a, b, c, d] = self.linear;
        (c - b).atan2(a + d) / std::f32::consts::TAU
    }

    /// From the item to the work.
    pub(super) fn inverse(&self) -> Option<Self> {
        let determinant = self.determinant();
        if determinant.abs() < 1e-9 {
            return None;
        }
        let [a, b, c, d] = self.linear;
        let linear = [d, -b, -c, a].map(|value| value / determinant);
        let [sx, sy] = self.shift;
        let shift = [
            -(linear[0] * sx + linear[1] * sy),
            -(linear[2] * sx + linear[3] * sy),
        ];
        Some(Self { linear, shift })
    }
}

/// Where a work's point lies, in longer sides.
pub(super) fn place(point: &Point) -> (f32, f32) {
    let share = |steps: u16| (f32::from(steps) + 0.5) / f32::from(PLACE_STEPS);
    (share(point.x), share(point.y))
}

/// A place of the work, the place of the item that corresponds, and how much it counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Correspondence {
    pub(super) work: (f32, f32),
    pub(super) item: (f32, f32),
    pub(super) weight: f32,
}

/// The map with the least squared error; with `affine` one that may stretch and shear, where
/// the places spread wide enough to tell. `None` where there is no believable one.
pub(super) fn fit(places: &[Correspondence], affine: bool) -> Option<Map> {
    if places.len() < 2 {
        return None;
    }
    let moments = Moments::new(places);
    let linear = affine
        .then(|| moments.affine())
        .flatten()
        .filter(is_believable)
        .or_else(|| moments.similarity().filter(is_believable))?;
    let ((x, y), (u, v)) = (moments.work, moments.item);
    let shift = [
        u - linear[0] * x - linear[1] * y,
        v - linear[2] * x - linear[3] * y,
    ];
    Some(Map {
        linear: linear.map(|value| value as f32),
        shift: shift.map(|value| value as f32),
    })
}

/// Weighted means, and sums of products of the distances from them.
struct Moments {
    work: (f64, f64),
    item: (f64, f64),
    xx: f64,
    xy: f64,
    yy: f64,
    ux: f64,
    uy: f64,
    vx: f64,
    vy: f64,
}

impl Moments {
    fn new(places: &[Correspondence]) -> Self {
        let total: f64 = places.iter().map(|place| f64::from(place.weight)).sum();
        let mean = |of: fn(&Correspondence) -> f32| {
            let sum = places
                .iter()
                .map(|p| f64::from(p.weight) * f64::from(of(p)));
            sum.sum::<f64>() / total
        };
        let work = (mean(|p| p.work.0), mean(|p| p.work.1));
        let item = (mean(|p| p.item.0), mean(|p| p.item.1));
        let mut moments = Self {
            work,
            item,
            xx: 0.0,
            xy: 0.0,
            yy: 0.0,
            ux: 0.0,
            uy: 0.0,
            vx: 0.0,
            vy: 0.0,
        };
        for place in places {
            let weight = f64::from(place.weight);
            let x = f64::from(place.work.0) - work.0;
            let y = f64::from(place.work.1) - work.1;
            let u = weight * (f64::from(place.item.0) - item.0);
            let v = weight * (f64::from(place.item.1) - item.1);
            moments.xx += weight * x * x;
            moments.xy += weight * x * y;
            moments.yy += weight * y * y;
            moments.ux += u * x;
            moments.uy += u * y;
            moments.vx += v * x;
            moments.vy += v * y;
        }
        moments
    }

    fn affine(&self) -> Option<[f64; 4]> {
        let (xx, xy, yy) = (self.xx, self.xy, self.yy);
        let determinant = xx * yy - xy * xy;
        // Places on a line say nothing of the direction across it.
        if determinant < 1e-4 * (xx + yy) * (xx + yy) {
            return None;
        }
        let solve = |a: f64, b: f64| [a * yy - b * xy, b * xx - a * xy].map(|v| v / determinant);
        let ([a, b], [c, d]) = (solve(self.ux, self.uy), solve(self.vx, self.vy));
        Some([a, b, c, d])
    }

    fn similarity(&self) -> Option<[f64; 4]> {
        let spread = self.xx + self.yy;
        if spread < 1e-9 {
            return None;
        }
        let (cos, sin) = ((self.ux + self.vy) / spread, (self.vx - self.uy) / spread);
        Some([cos, -sin, sin, cos])
    }
}

/// Whether both singular values are within what happens to pictures, and none is mirrored.
fn is_believable(&[a, b, c, d]: &[f64; 4]) -> bool {
    let (sum, difference) = (
        f64::midpoint(a, d).hypot((c - b) / 2.0),
        ((a - d) / 2.0).hypot(f64::midpoint(b, c)),
    );
    let (larger, smaller) = (sum + difference, sum - difference);
    smaller > 0.0
        && larger <= MAX_STRETCH * smaller
        && SCALES.contains(&smaller)
        && SCALES.contains(&larger)
}

#[cfg(test)]
mod tests;
