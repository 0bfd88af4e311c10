//! Planes of brightness, and their reduction to the size at which they are compared.

/// Steps of a plane's values in a grey level: sums of two still fit 16 bits, so blurring runs
/// on integers, sixteen at a time and the same everywhere.
pub(super) const GREY: u16 = 128;

/// Neighbours this close are of one shade: compression moves flat areas by less.
const FLAT: u16 = GREY;

/// Row-major brightness in 128ths of a grey level, 0 (black) to 255 × 128.
#[derive(Clone, Debug, Default)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<u16>,
}

impl Plane {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            values: vec![0; width * height],
        }
    }

    pub(super) fn row(&self, y: usize) -> &[u16] {
        &self.values[y * self.width..][..self.width]
    }

    pub(super) fn row_mut(&mut self, y: usize) -> &mut [u16] {
        &mut self.values[y * self.width..][..self.width]
    }

    /// Share of the pixels that hardly differ from those beside and below them.
    pub(super) fn flatness(&self) -> f32 {
        let rows = self.values.chunks_exact(self.width);
        let pairs = rows.clone().zip(rows.skip(1));
        let flat: u32 = pairs.map(|(row, below)| flat_pixels(row, below)).sum();
        flat as f32 / self.values.len().max(1) as f32
    }

    /// Rows as columns.
    pub(super) fn transposed(&self) -> Self {
        /// Rows that are turned together, so that what is written stands side by side.
        const TOGETHER: usize = 32;
        let mut turned = Self::new(self.height, self.width);
        for (number, rows) in self.values.chunks(TOGETHER * self.width).enumerate() {
            let first = number * TOGETHER;
            for x in 0..self.width {
                let column = rows[x..].iter().step_by(self.width);
                let slots = &mut turned.values[x * self.height + first..];
                for (slot, &value) in slots.iter_mut().zip(column) {
                    *slot = value;
                }
            }
        }
        turned
    }

    /// Every second pixel of every second row.
    pub(super) fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut values = Vec::with_capacity(width * height);
        for y in (0..self.height).step_by(2) {
            values.extend(self.row(y).iter().step_by(2));
        }
        Self {
            width,
            height,
            values,
        }
    }

    /// Twice the size, linearly between pixels: pixel `(x, y)` comes to lie at `(2x, 2y)`.
    pub(super) fn doubled(&self) -> Self {
        let mut wide = Self::new(2 * self.width, 2 * self.height);
        let mut between = vec![0; self.width];
        for y in 0..self.height {
            let row = self.row(y);
            let below = self.row((y + 1).min(self.height - 1));
            for (slot, (&a, &b)) in between.iter_mut().zip(row.iter().zip(below)) {
                *slot = mean(a, b);
            }
            stretch(row, wide.row_mut(2 * y));
            stretch(&between, wide.row_mut(2 * y + 1));
        }
        wide
    }
}

/// The mean of two values, rounded down.
fn mean(a: u16, b: u16) -> u16 {
    u16::midpoint(a, b)
}

fn stretch(row: &[u16], wide: &mut [u16]) {
    for (x, pair) in wide.chunks_exact_mut(2).enumerate() {
        let next = row[(x + 1).min(row.len() - 1)];
        pair[0] = row[x];
        pair[1] = mean(row[x], next);
    }
}

#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn flat_pixels(row: &[u16], below: &[u16]) -> u32 {
    let Some((_, beside)) = row.split_first() else {
        return 0;
    };
    let around = row.iter().zip(beside.iter().zip(below));
    around
        .map(|(here, (beside, below))| {
            u32::from((here.abs_diff(*beside) <= FLAT) & (here.abs_diff(*below) <= FLAT))
        })
        .sum()
}

/// The picture at `width` by `height`, each no larger than the original's: every
/// new pixel is the mean of the area it covers.
///
/// Both axes are weighed in 256ths, which sums of 16 and 32 bits hold exactly.
pub(super) fn shrink(luma: &[u8], size: (usize, usize), width: usize, height: usize) -> Plane {
    let columns = Shares::new(size.0, width);
    let rows = Shares::new(size.1, height);
    let mut values = Vec::with_capacity(width * height);
    let mut sums = vec![0u16; size.0];
    for y in 0..height {
        sums.fill(0);
        let (first, weights) = rows.of(y);
        for (row, &weight) in (first..).zip(weights) {
            add_weighted(&mut sums, &luma[row * size.0..][..size.0], weight);
        }
        columns.weigh(&sums, &mut values);
    }
    Plane {
        width,
        height,
        values,
    }
}

/// Adds a row of pixels. Weights of a column add up to 256, so its sum to 65,280 at most.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn add_weighted(sums: &mut [u16], pixels: &[u8], weight: u16) {
    for (sum, &pixel) in sums.iter_mut().zip(pixels) {
        *sum = sum.wrapping_add(weight.wrapping_mul(u16::from(pixel)));
    }
}

/// Which old pixels a new one covers, and how many 256ths of it each makes up.
struct Shares {
    /// Old pixels for each new one; those that it does not cover weigh nothing.
    parts: usize,
    /// Whether each new pixel covers as many whole old ones.
    is_even: bool,
    first: Vec<usize>,
    weights: Vec<u16>,
}

impl Shares {
    fn new(from: usize, to: usize) -> Self {
        // In units of 1/to old pixels, so that all borders are whole numbers.
        let covered = |index: usize| (index * from, (index + 1) * from);
        let old = |(begin, end): (usize, usize)| begin / to..end.div_ceil(to);
        let parts = (0..to).map(|index| old(covered(index)).len()).max();
        let parts = parts.unwrap_or_default();
        let mut weights = vec![0; to * parts];
        let mut first = Vec::with_capacity(to);
        for (index, weights) in weights.chunks_exact_mut(parts.max(1)).enumerate() {
            let (begin, end) = covered(index);
            let start = (begin / to).min(from - parts);
            first.push(start);
            // Differences of rounded running totals, so that they add up to 256.
            let total = |covered: usize| (covered * 256 + from / 2) / from;
            for old in old((begin, end)) {
                let (from, until) = (begin.max(old * to), end.min((old + 1) * to));
                weights[old - start] = (total(until - begin) - total(from - begin)) as u16;
            }
        }
        Self {
            parts,
            is_even: from.is_multiple_of(to),
            first,
            weights,
        }
    }

    /// The first old pixel of a new one, and the weights from there on.
    fn of(&self, index: usize) -> (usize, &[u16]) {
        let weights = &self.weights[index * self.parts..][..self.parts];
        (self.first[index], weights)
    }

    /// Weighs a row of 256ths of grey levels, and appends 128ths.
    fn weigh(&self, row: &[u16], values: &mut Vec<u16>) {
        match self.parts {
            2 if self.is_even => weigh_pairs(row, values),
            2 => self.weigh_parts::<2>(row, values),
            3 => self.weigh_parts::<3>(row, values),
            4 => self.weigh_parts::<4>(row, values),
            _ => values.extend((0..self.first.len()).map(|index| {
                let (first, weights) = self.of(index);
                weighted(&row[first..], weights)
            })),
        }
    }

    fn weigh_parts<const PARTS: usize>(&self, row: &[u16], values: &mut Vec<u16>) {
        let parts = self.first.iter().zip(self.weights.as_chunks::<PARTS>().0);
        values.extend(parts.map(|(&first, weights)| weighted(&row[first..first + PARTS], weights)));
    }
}

/// [`Shares::weigh`] where each new pixel covers two old ones.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn weigh_pairs(row: &[u16], values: &mut Vec<u16>) {
    let pairs = row.as_chunks::<2>().0.iter();
    values.extend(pairs.map(|pair| weighted(pair, &[128, 128])));
}

#[inline]
fn weighted(row: &[u16], weights: &[u16]) -> u16 {
    let parts = row.iter().zip(weights);
    let sum: u32 = parts
        .map(|(&value, &weight)| u32::from(value) * u32::from(weight))
        .sum();
    (sum >> 9) as u16
}
