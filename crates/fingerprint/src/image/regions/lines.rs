//! Straight borders along the rows of a picture.

use super::super::plane::{GREY, Plane};

/// A step between the means of two neighboring pixels that may be a border: two levels of gray.
const STEP: u16 = 2 * GREY;
/// Pixels that are looked at together.
const BLOCK: usize = 4;
/// A block's worth: twice its steps less this, so that a border goes on while half of it is there.
const BLOCK_COST: i32 = 4;
/// The shortest border, as a share of the longer side.
const SHORTEST: f32 = 0.10;
/// Borders that are kept, longest first.
const MOST_LINES: usize = 40;
/// Borders this near, in pixels, are one seen twice.
const BESIDE: usize = 1;

/// A border between the rows `at - 1` and `at`, or columns, from one pixel `to` another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) at: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether it is the border of the picture itself.
    pub(super) is_edge: bool,
}

/// The longest borders between rows, and the picture's own, from the top down.
pub(super) fn lines(picture: &Plane) -> Vec<Line> {
    let (width, height) = (picture.width, picture.height);
    let shortest = (SHORTEST * width.max(height) as f32) as i32;
    let mut found: Vec<(i32, Line)> = Vec::new();
    let mut steps = vec![0u8; width];
    let mut blocks = vec![0u8; width.div_ceil(BLOCK)];
    for at in 2..height.saturating_sub(1) {
        let rows = [at - 2, at - 1, at, at + 1].map(|row| picture.row(row));
        count_steps(rows, &mut steps, &mut blocks);
        stretches(&blocks, 2 * shortest, |worth, from, to| {
            let (from, to) = (from * BLOCK, (to * BLOCK).min(width));
            found.push((
                worth,
                Line {
                    at,
                    from,
                    to,
                    is_edge: false,
                },
            ));
        });
    }
    found.sort_unstable_by(|(a, first), (b, second)| {
        b.cmp(a)
            .then((first.at, first.from).cmp(&(second.at, second.from)))
    });
    let mut kept: Vec<Line> = Vec::new();
    for (_, line) in found {
        if kept.len() < MOST_LINES && !kept.iter().any(|known| is_same(known, &line)) {
            kept.push(line);
        }
    }
    kept.extend([0, height].map(|at| Line {
        at,
        from: 0,
        to: width,
        is_edge: true,
    }));
    kept.sort_by_key(|line| (line.at, line.from));
    kept
}

fn is_same(known: &Line, line: &Line) -> bool {
    let common = known
        .to
        .min(line.to)
        .saturating_sub(known.from.max(line.from));
    known.at.abs_diff(line.at) <= BESIDE && 2 * common > line.to - line.from
}

/// How many pixels of each block have a step between the upper two rows and the lower two that is larger than
/// those within both: what is rough everywhere has no borders.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn count_steps(rows: [&[u16]; 4], steps: &mut [u8], blocks: &mut [u8]) {
    let [a, b, c, d] = rows.map(|row| &row[..steps.len()]);
    for (x, slot) in steps.iter_mut().enumerate() {
        let (a, b, c, d) = (a[x], b[x], c[x], d[x]);
        let step = u16::midpoint(a, b).abs_diff(u16::midpoint(c, d));
        *slot = u8::from((step > STEP) & (step > a.abs_diff(b)) & (step > c.abs_diff(d)));
    }
    let (whole, rest) = steps.as_chunks::<BLOCK>();
    for (count, steps) in blocks.iter_mut().zip(whole) {
        // Four counts of at most one, added up in the topmost byte.
        *count = (u32::from_le_bytes(*steps).wrapping_mul(0x0101_0101) >> 24) as u8;
    }
    if let Some(last) = blocks.get_mut(whole.len()) {
        *last = rest.iter().sum();
    }
}

/// Stretches of blocks worth `least` and more: the best ones, as in the alignment of sequences.
fn stretches(blocks: &[u8], least: i32, mut visit: impl FnMut(i32, usize, usize)) {
    let (mut worth, mut best, mut start, mut end) = (0, 0, 0, 0);
    let mut at = 0;
    while at <= blocks.len() {
        if worth == 0 {
            at += dull(&blocks[at..]);
            start = at;
        }
        worth += blocks
            .get(at)
            .map_or(i32::MIN / 2, |&steps| 2 * i32::from(steps) - BLOCK_COST);
        at += 1;
        if worth > best {
            (best, end) = (worth, at);
        }
        if worth <= 0 {
            if best >= least {
                visit(best, start, end);
            }
            (worth, best, start) = (0, 0, at);
        }
    }
}

/// Blocks from the first on with which no stretch begins, as far as they can be passed over together.
fn dull(blocks: &[u8]) -> usize {
    /// The highest bit of each byte is set by what is worth more than it costs.
    const RAISED: u64 = u64::from_le_bytes([0x7f - (BLOCK_COST / 2) as u8; 8]);
    const HIGHEST: u64 = u64::from_le_bytes([0x80; 8]);
    let groups = blocks.as_chunks::<8>().0.iter();
    let is_dull =
        |group: &&[u8; 8]| u64::from_le_bytes(**group).wrapping_add(RAISED) & HIGHEST == 0;
    8 * groups.take_while(is_dull).count()
}
