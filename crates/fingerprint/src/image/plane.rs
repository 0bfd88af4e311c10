//! Planes of brightness, and their reduction to the size at which they are compared.

/// Neighbours this close, in grey levels, are of one shade: compression moves flat areas by less.
const FLAT_LEVELS: f32 = 1.0;

/// Row-major brightness, 0 (black) to 255.
#[derive(Clone, Debug, Default)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Plane {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            values: vec![0.0; width * height],
        }
    }

    pub(super) fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }

    pub(super) fn row_mut(&mut self, y: usize) -> &mut [f32] {
        &mut self.values[y * self.width..][..self.width]
    }

    /// Share of the pixels that hardly differ from those beside and below them.
    pub(super) fn flatness(&self) -> f32 {
        let rows = self.values.chunks_exact(self.width);
        let flat: usize = rows
            .clone()
            .zip(rows.skip(1))
            .map(|(row, below)| {
                let steps = row.windows(2).zip(below);
                let is_flat = |pair: &(&[f32], &f32)| {
                    (pair.0[0] - pair.0[1]).abs() <= FLAT_LEVELS
                        && (pair.0[0] - pair.1).abs() <= FLAT_LEVELS
                };
                steps.filter(is_flat).count()
            })
            .sum();
        flat as f32 / self.values.len().max(1) as f32
    }

    /// Every second pixel of every second row.
    pub(super) fn halved(&self) -> Self {
        let rows = (0..self.height).step_by(2);
        Self {
            width: self.width.div_ceil(2),
            height: self.height.div_ceil(2),
            values: rows
                .flat_map(|y| self.row(y).iter().step_by(2).copied())
                .collect(),
        }
    }

    /// Twice the size, linearly between pixels: pixel `(x, y)` comes to lie at `(2x, 2y)`.
    pub(super) fn doubled(&self) -> Self {
        let mut wide = Self::new(2 * self.width, 2 * self.height);
        let mut between = vec![0.0; self.width];
        for y in 0..self.height {
            let row = self.row(y);
            let below = self.row((y + 1).min(self.height - 1));
            for (slot, (a, b)) in between.iter_mut().zip(row.iter().zip(below)) {
                *slot = 0.5 * (a + b);
            }
            stretch(row, wide.row_mut(2 * y));
            stretch(&between, wide.row_mut(2 * y + 1));
        }
        wide
    }
}

fn stretch(row: &[f32], wide: &mut [f32]) {
    for (x, pair) in wide.chunks_exact_mut(2).enumerate() {
        let next = row[(x + 1).min(row.len() - 1)];
        pair[0] = row[x];
        pair[1] = 0.5 * (row[x] + next);
    }
}

/// The picture at `width` by `height`, each no larger than the original's: every
/// new pixel is the mean of the area it covers.
///
/// Rows are weighed in 256ths, which sums of 16 bits hold exactly.
pub(super) fn shrink(luma: &[u8], size: (usize, usize), width: usize, height: usize) -> Plane {
    let columns = Shares::new(size.0, width);
    let rows = Shares::new(size.1, height);
    let mut values = Vec::with_capacity(width * height);
    let mut sums = vec![0u16; size.0];
    for y in 0..height {
        sums.fill(0);
        for (row, weight) in rows.of(y) {
            let pixels = &luma[row * size.0..][..size.0];
            for (sum, &pixel) in sums.iter_mut().zip(pixels) {
                // Weights add up to 256, so sums to 65,280 at most; without overflow checks,
                // which keep the loop from running on vectors.
                *sum = sum.wrapping_add(weight.wrapping_mul(u16::from(pixel)));
            }
        }
        values.extend((0..width).map(|x| {
            let parts = columns.of(x);
            let sum: u32 = parts
                .map(|(at, weight)| u32::from(weight) * u32::from(sums[at]))
                .sum();
            sum as f32 * (1.0 / 65_536.0)
        }));
    }
    Plane {
        width,
        height,
        values,
    }
}

/// Which old pixels a new one covers, and how many 256ths of it each makes up.
struct Shares {
    starts: Vec<usize>,
    weights: Vec<u16>,
    first: Vec<usize>,
}

impl Shares {
    fn new(from: usize, to: usize) -> Self {
        let (mut starts, mut weights, mut first) = (vec![0], Vec::new(), Vec::new());
        for index in 0..to {
            // In units of 1/to old pixels, so that all borders are whole numbers.
            let (begin, end) = (index * from, (index + 1) * from);
            first.push(begin / to);
            // Differences of rounded running totals, so that they add up to 256.
            let total = |covered: usize| (covered * 256 + from / 2) / from;
            for old in begin / to..end.div_ceil(to) {
                let (start, stop) = (begin.max(old * to), end.min((old + 1) * to));
                weights.push((total(stop - begin) - total(start - begin)) as u16);
            }
            starts.push(weights.len());
        }
        Self {
            starts,
            weights,
            first,
        }
    }

    fn of(&self, index: usize) -> impl Iterator<Item = (usize, u16)> + '_ {
        let weights = &self.weights[self.starts[index]..self.starts[index + 1]];
        let first = self.first[index];
        weights
            .iter()
            .enumerate()
            .map(move |(offset, &weight)| (first + offset, weight))
    }
}
