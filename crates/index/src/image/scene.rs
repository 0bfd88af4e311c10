//! The item's points, laid out for looking up by place.

use clearance_fingerprint::image::{
    DOUBTS, Descriptor, FoundPoint, ImageFingerprint, KEYS, PLACE_STEPS, Tones, mirrored,
};

/// Cells along the longer side.
const GRID: usize = 32;
/// Half a turn, in steps of an orientation.
const HALF_TURN: u8 = 128;

/// A point of the item. Places and sizes are shares of the item's longer side.
#[derive(Clone, Copy, Debug)]
pub(super) struct ScenePoint {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) sigma: f32,
    pub(super) size: u8,
    pub(super) angle: u8,
    pub(super) descriptor: Descriptor,
    pub(super) doubtful: [[u8; DOUBTS]; KEYS],
}

/// The item as it is, or its mirror image.
pub(super) struct Scene {
    /// Whether this is the mirror image.
    pub(super) flip: bool,
    /// Width and height.
    pub(super) sides: [f32; 2],
    pub(super) points: Vec<ScenePoint>,
    /// Points finer than this are hardly seen at the item's resolution.
    pub(super) finest: f32,
    /// Numbers of points, cell by cell, and where each cell starts.
    cells: Vec<u32>,
    starts: Vec<u32>,
    /// Numbers of points by orientation, and where each orientation starts.
    turned: Vec<u32>,
    turned_starts: Vec<u32>,
    tones: Tones,
}

impl Scene {
    pub(super) fn new(print: &ImageFingerprint, flip: bool) -> Self {
        let laid = |found: &FoundPoint| lay(found, flip, print.sides[0]);
        let points: Vec<ScenePoint> = print.points.iter().map(laid).collect();
        let mut sigmas: Vec<f32> = points.iter().map(|point| point.sigma).collect();
        sigmas.sort_by(f32::total_cmp);
        let finest = sigmas.get(sigmas.len() / 20).copied().unwrap_or(0.0);
        let cell_of = |point: &ScenePoint| cell(point.y) * GRID + cell(point.x);
        let (cells, starts) = sorted_by(&points, GRID * GRID, cell_of);
        let (turned, turned_starts) = sorted_by(&points, 256, |point| usize::from(point.angle));
        Self {
            flip,
            sides: print.sides,
            points,
            finest,
            cells,
            starts,
            turned,
            turned_starts,
            tones: if flip {
                print.tones.mirrored()
            } else {
                print.tones.clone()
            },
        }
    }

    /// The item's brightness at a place, linearly between the middles of its cells; `None` outside.
    pub(super) fn brightness(&self, x: f32, y: f32) -> Option<f32> {
        let (width, height) = (self.tones.width(), self.tones.height());
        if !self.holds(x, y) || width == 0 {
            return None;
        }
        let (left, right, x) = between(x / self.sides[0], width);
        let (above, below, y) = between(y / self.sides[1], height);
        let value = |column, row| f32::from(self.tones.values()[row * width + column]);
        let along = |row| value(left, row) * (1.0 - x) + value(right, row) * x;
        Some(along(above) * (1.0 - y) + along(below) * y)
    }

    /// Numbers of the points within `radius` of a place.
    pub(super) fn near(&self, x: f32, y: f32, radius: f32) -> impl Iterator<Item = usize> + '_ {
        let (left, right) = (cell(x - radius), cell(x + radius));
        (cell(y - radius)..=cell(y + radius))
            .flat_map(move |row| {
                let from = self.starts[row * GRID + left] as usize;
                let to = self.starts[row * GRID + right + 1] as usize;
                &self.cells[from..to]
            })
            .map(|&number| number as usize)
            .filter(move |&number| {
                let point = &self.points[number];
                let (dx, dy) = (point.x - x, point.y - y);
                dx * dx + dy * dy <= radius * radius
            })
    }

    /// Numbers of the points whose orientation is within `reach` steps of `angle`.
    pub(super) fn turned(&self, angle: u8, reach: u8) -> impl Iterator<Item = usize> + '_ {
        let from = usize::from(angle.wrapping_sub(reach));
        let to = from + 2 * usize::from(reach) + 1;
        // Orientations go round: what lies beyond the last is at the start.
        let ranges = [(from, to.min(256)), (0, to.saturating_sub(256))];
        let points = ranges.into_iter().flat_map(|(from, to)| {
            let places = self.turned_starts[from.min(to)]..self.turned_starts[to];
            &self.turned[places.start as usize..places.end as usize]
        });
        points.map(|&number| number as usize)
    }

    /// Whether a place is inside the item.
    pub(super) fn holds(&self, x: f32, y: f32) -> bool {
        (0.0..=self.sides[0]).contains(&x) && (0.0..=self.sides[1]).contains(&y)
    }
}

/// The points' numbers, sorted by one of `classes`, and where each class starts.
fn sorted_by(
    points: &[ScenePoint],
    classes: usize,
    class: impl Fn(&ScenePoint) -> usize,
) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0u32; classes + 1];
    for point in points {
        starts[class(point) + 1] += 1;
    }
    for index in 1..starts.len() {
        starts[index] += starts[index - 1];
    }
    let mut numbers: Vec<u32> = (0..points.len() as u32).collect();
    numbers.sort_by_key(|&number| class(&points[number as usize]));
    (numbers, starts)
}

/// Between which of the cells' middles a place lies, given as a share of their side, and how far
/// from the first to the second.
fn between(share: f32, cells: usize) -> (usize, usize, f32) {
    let place = (share * cells as f32 - 0.5).clamp(0.0, (cells - 1) as f32);
    let first = place as usize;
    (first, (first + 1).min(cells - 1), place - first as f32)
}

fn cell(place: f32) -> usize {
    // Negative numbers become 0.
    ((place * GRID as f32) as usize).min(GRID - 1)
}

fn lay(found: &FoundPoint, flip: bool, width: f32) -> ScenePoint {
    let point = &found.point;
    let share = |steps: u16| (f32::from(steps) + 0.5) / f32::from(PLACE_STEPS);
    let (x, y) = (share(point.x), share(point.y));
    let (x, angle, descriptor) = if flip {
        let angle = HALF_TURN.wrapping_sub(point.angle);
        (width - x, angle, mirrored(&point.descriptor))
    } else {
        (x, point.angle, point.descriptor)
    };
    ScenePoint {
        x,
        y,
        sigma: point.sigma(),
        size: point.size,
        angle,
        descriptor,
        doubtful: found.doubtful,
    }
}

/// Number of bits in which two descriptors differ.
pub(super) fn distance(a: &Descriptor, b: &Descriptor) -> u32 {
    (a[0] ^ b[0]).count_ones() + (a[1] ^ b[1]).count_ones()
}

/// Whether two points are both dark on light or both light on dark.
pub(super) fn same_polarity(a: &Descriptor, b: &Descriptor) -> bool {
    (a[0] ^ b[0]) & 1 == 0
}
