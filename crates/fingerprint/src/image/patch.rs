//! What surrounds a point: its orientation, and the slopes of its patch.
//!
//! As in SIFT (Lowe 2004, sections 5 and 6): the patch is laid down along its dominant
//! slope, and its slopes are summed by direction in sixteen overlapping cells.

use std::sync::LazyLock;

use super::plane::Plane;

/// Steps in a full turn by which orientations are told apart.
pub(super) const TURN: usize = 256;
/// Directions in the orientation histogram.
const DIRECTIONS: usize = 32;
/// Orientations nearly as strong as the strongest count as well.
const SECOND_ORIENTATION: f32 = 0.8;
/// Radius of the disc that decides the orientation, in samples.
const DISC_RADIUS: i32 = 6;
/// Room for its samples.
const DISC_PLACES: usize = 120;
/// Spacing of its samples, as a share of the blur.
const DISC_STEP: f32 = 0.75;
/// Sampled slopes along a side of the patch.
const SAMPLES: usize = 16;
/// Spacing of samples, as a share of the blur: four cells of three blurs each.
const STEP: f32 = 0.75;
/// Cells along a side.
pub(super) const CELLS: usize = 4;
/// Directions of slope told apart in a cell.
pub(super) const SLOPES: usize = 8;
/// Sums in a patch.
pub(super) const SUMS: usize = CELLS * CELLS * SLOPES;

/// Cosine and sine of each step of a turn.
static DIRECTION: LazyLock<Vec<[f32; 2]>> = LazyLock::new(|| {
    let angle = |step: usize| std::f64::consts::TAU * step as f64 / TURN as f64;
    let pair = |step| [angle(step).cos() as f32, angle(step).sin() as f32];
    (0..TURN).map(pair).collect()
});

/// Angle of a vector in turns, 0 to 1, to about a thousandth of a turn, by basic operations.
#[inline]
fn turns(x: f32, y: f32) -> f32 {
    let (ax, ay) = (x.abs(), y.abs());
    let (small, large) = if ax < ay { (ax, ay) } else { (ay, ax) };
    let slope = small / large.max(1e-12);
    // Minimax polynomial of the arctangent over 0 to 1, in turns (Abramowitz and Stegun
    // 4.4.47, first terms).
    let square = slope * slope;
    let eighth = slope * (0.158_72 + square * (-0.051_14 + square * 0.017_5));
    let quarter = if ax < ay { 0.25 - eighth } else { eighth };
    let half = if x < 0.0 { 0.5 - quarter } else { quarter };
    if y < 0.0 { 1.0 - half } else { half }
}

/// The places of the disc and their weights: a normal curve of half the radius.
static DISC: LazyLock<Vec<(f32, f32, f32)>> = LazyLock::new(|| {
    let places = (-DISC_RADIUS..=DISC_RADIUS)
        .flat_map(|y| (-DISC_RADIUS..=DISC_RADIUS).map(move |x| (x, y)));
    places
        .filter(|(x, y)| x * x + y * y <= DISC_RADIUS * DISC_RADIUS)
        .map(|(x, y)| {
            let distance = f64::from(x * x + y * y);
            let sigma = f64::from(DISC_RADIUS) / 2.0;
            let weight = (-0.5 * distance / (sigma * sigma)).exp();
            (x as f32, y as f32, weight as f32)
        })
        .collect()
});

/// The strongest orientations around a place of `level`, in steps of [`TURN`], the
/// strongest first, two at most.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
pub(super) fn orientations(level: &Plane, x: f32, y: f32, sigma: f32) -> [Option<u8>; 2] {
    let mut slopes = [[0f32; DISC_PLACES]; 2];
    let (width, height) = (level.width as i32, level.height as i32);
    for (number, &(dx, dy, weight)) in DISC.iter().enumerate() {
        // Places before the first pixel become 0, which is left out as well.
        let column = (x + dx * DISC_STEP * sigma + 0.5) as i32;
        let row = (y + dy * DISC_STEP * sigma + 0.5) as i32;
        if column < 1 || row < 1 || column >= width - 1 || row >= height - 1 {
            continue;
        }
        let at = row as usize * level.width + column as usize;
        let values = &level.values[at - level.width..=at + level.width];
        let slope =
            |ahead: usize, behind: usize| i32::from(values[ahead]) - i32::from(values[behind]);
        slopes[0][number] = weight * slope(level.width + 1, level.width - 1) as f32;
        slopes[1][number] = weight * slope(2 * level.width, 0) as f32;
    }
    let [across, down] = &slopes;
    let lengths: [f32; DISC_PLACES] =
        std::array::from_fn(|i| (across[i] * across[i] + down[i] * down[i]).sqrt());
    let places: [f32; DISC_PLACES] =
        std::array::from_fn(|i| turns(across[i], down[i]) * DIRECTIONS as f32);
    let mut histogram = [0f32; DIRECTIONS];
    for (place, length) in places.into_iter().zip(lengths) {
        let bin = place as usize;
        let part = place - bin as f32;
        histogram[bin % DIRECTIONS] += length * (1.0 - part);
        histogram[(bin + 1) % DIRECTIONS] += length * part;
    }
    peaks(&smooth(&smooth(&histogram)))
}

fn smooth(histogram: &[f32; DIRECTIONS]) -> [f32; DIRECTIONS] {
    std::array::from_fn(|i| {
        let (before, after) = ((i + DIRECTIONS - 1) % DIRECTIONS, (i + 1) % DIRECTIONS);
        0.25 * histogram[before] + 0.5 * histogram[i] + 0.25 * histogram[after]
    })
}

/// The two highest peaks of a circular histogram, refined by a parabola.
fn peaks(histogram: &[f32; DIRECTIONS]) -> [Option<u8>; 2] {
    let highest = histogram.iter().copied().fold(0.0, f32::max);
    let mut peaks = [(0.0, None); 2];
    for i in 0..DIRECTIONS {
        let (before, here, after) = (
            histogram[(i + DIRECTIONS - 1) % DIRECTIONS],
            histogram[i],
            histogram[(i + 1) % DIRECTIONS],
        );
        if here > before && here >= after && here >= SECOND_ORIENTATION * highest {
            let offset = 0.5 * (before - after) / (before - 2.0 * here + after);
            let steps = (i as f32 + offset) * (TURN / DIRECTIONS) as f32;
            let step = (steps + TURN as f32 + 0.5) as usize % TURN;
            if here > peaks[0].0 {
                peaks = [(here, Some(step as u8)), peaks[0]];
            } else if here > peaks[1].0 {
                peaks[1] = (here, Some(step as u8));
            }
        }
    }
    peaks.map(|(_, step)| step)
}

/// Weight of each sample in each cell along one axis: overlapping triangles under a normal
/// curve over the patch.
static POOLING: LazyLock<[[f32; SAMPLES]; CELLS]> = LazyLock::new(|| {
    std::array::from_fn(|cell| {
        std::array::from_fn(|sample| {
            let width = SAMPLES as f64 / CELLS as f64;
            let middle = (cell as f64 + 0.5) * width - 0.5;
            let triangle = (1.0 - (sample as f64 - middle).abs() / width).max(0.0);
            let from_middle = sample as f64 - (SAMPLES - 1) as f64 / 2.0;
            let sigma = SAMPLES as f64 / 2.0;
            (triangle * (-0.5 * (from_middle / sigma).powi(2)).exp()) as f32
        })
    })
});

/// The sums of a patch: by row of cells, column of cells, direction of slope.
pub(super) type Sums = [f32; SUMS];

/// Samples along a side, with one more around for slopes.
const SIDE: usize = SAMPLES + 2;

/// Sums the slopes of the patch around a place, laid down along `orientation`.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
pub(super) fn sums(level: &Plane, x: f32, y: f32, sigma: f32, orientation: u8) -> Sums {
    let patch = patch(level, x, y, sigma, orientation);
    let pooling: &[[f32; SAMPLES]; CELLS] = &POOLING;
    // Down first: whole rows of samples are added to rows of cells.
    let mut rows = [[[0f32; SAMPLES]; SLOPES]; CELLS];
    for v in 0..SAMPLES {
        let [above, here, below] = [&patch[v], &patch[v + 1], &patch[v + 2]];
        let slopes_x: [f32; SAMPLES] = std::array::from_fn(|u| here[u + 2] - here[u]);
        let slopes_y: [f32; SAMPLES] = std::array::from_fn(|u| below[u + 1] - above[u + 1]);
        let slopes = directions(&slopes_x, &slopes_y);
        for (row, weights) in rows.iter_mut().zip(pooling) {
            if weights[v] > 0.0 {
                for (sums, slopes) in row.iter_mut().zip(&slopes) {
                    for (sum, slope) in sums.iter_mut().zip(slopes) {
                        *sum += weights[v] * slope;
                    }
                }
            }
        }
    }
    let mut sums = [0f32; SUMS];
    for (number, slot) in sums.iter_mut().enumerate() {
        let (row, column) = (number / (CELLS * SLOPES), number / SLOPES % CELLS);
        let samples = &rows[row][number % SLOPES];
        // Four partial sums, so that they can be added side by side.
        let mut parts = [0f32; 4];
        for (at, (sample, weight)) in samples.iter().zip(&pooling[column]).enumerate() {
            parts[at % 4] += sample * weight;
        }
        *slot = (parts[0] + parts[1]) + (parts[2] + parts[3]);
    }
    sums
}

/// Brightness of the patch, sampled between pixels.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn patch(level: &Plane, x: f32, y: f32, sigma: f32, orientation: u8) -> [[f32; SIDE]; SIDE] {
    let [cos, sin] = DIRECTION[usize::from(orientation)];
    let (cos, sin) = (cos * STEP * sigma, sin * STEP * sigma);
    let middle = (SIDE - 1) as f32 / 2.0;
    let offsets: [f32; SIDE] = std::array::from_fn(|u| u as f32 - middle);
    let (right, bottom) = (level.width as i32 - 2, level.height as i32 - 2);
    let mut patch = [[0f32; SIDE]; SIDE];
    for (line, v) in patch.iter_mut().zip(offsets) {
        // Beyond the edge the outermost pixels go on.
        let (x, y) = (x - v * sin, y + v * cos);
        let xs = offsets.map(|u| (x + u * cos).max(0.0).min((right + 1) as f32));
        let ys = offsets.map(|u| (y + u * sin).max(0.0).min((bottom + 1) as f32));
        let lefts = xs.map(|x| (x as i32).min(right));
        let tops = ys.map(|y| (y as i32).min(bottom));
        // Neighbours in a row travel as one word: half the loads.
        let (mut uppers, mut lowers) = ([0u32; SIDE], [0u32; SIDE]);
        for u in 0..SIDE {
            let at = tops[u] as usize * level.width + lefts[u] as usize;
            let values = &level.values[at..at + level.width + 2];
            uppers[u] = pair(values[0], values[1]);
            lowers[u] = pair(values[level.width], values[level.width + 1]);
        }
        let left = |pair: u32| (pair & 0xffff) as i32;
        let right = |pair: u32| (pair >> 16) as i32;
        let (a, b) = (uppers.map(left), uppers.map(right));
        let (c, d) = (lowers.map(left), lowers.map(right));
        for u in 0..SIDE {
            let (across, down) = (xs[u] - lefts[u] as f32, ys[u] - tops[u] as f32);
            let upper = a[u] as f32 + across * (b[u] - a[u]) as f32;
            let lower = c[u] as f32 + across * (d[u] - c[u]) as f32;
            line[u] = upper + down * (lower - upper);
        }
    }
    patch
}

#[inline]
fn pair(left: u16, right: u16) -> u32 {
    u32::from(left) | u32::from(right) << 16
}

/// The part of each slope in each of eight directions, a right angle or more apart none.
#[inline]
fn directions(x: &[f32; SAMPLES], y: &[f32; SAMPLES]) -> [[f32; SAMPLES]; SLOPES] {
    let half = std::f32::consts::FRAC_1_SQRT_2;
    let mut slopes = [[0f32; SAMPLES]; SLOPES];
    for u in 0..SAMPLES {
        let (x, y) = (x[u], y[u]);
        let (up, down) = (half * (x + y), half * (y - x));
        for (slope, value) in [x, up, y, down].into_iter().enumerate() {
            slopes[slope][u] = value.max(0.0);
            slopes[slope + 4][u] = (-value).max(0.0);
        }
    }
    slopes
}
