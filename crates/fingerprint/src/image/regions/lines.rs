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
    let mut blocks = vec![0u8; width.div_ceil(BLOCK)];
    for at in 2..height.saturating_sub(1) {
        let rows = [at - 2, at - 1, at, at + 1].map(|row| picture.row(row));
        count_steps(rows, &mut blocks);
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
    found.sort_by(|(a, first), (b, second)| {
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
fn count_steps(rows: [&[u16]; 4], blocks: &mut [u8]) {
    let is_step = |a: u16, b: u16, c: u16, d: u16| {
        let step = u16::midpoint(a, b).abs_diff(u16::midpoint(c, d));
        u8::from((step > STEP) & (step > a.abs_diff(b)) & (step > c.abs_diff(d)))
    };
    let [a, b, c, d] = rows.map(<[u16]>::as_chunks::<BLOCK>);
    let whole = a.0.iter().zip(b.0).zip(c.0.iter().zip(d.0));
    for (count, ((a, b), (c, d))) in blocks.iter_mut().zip(whole) {
        let mut steps = [0u8; BLOCK];
        for (number, step) in steps.iter_mut().enumerate() {
            *step = is_step(a[number], b[number], c[number], d[number]);
        }
        *count = steps.iter().fold(0, |sum, step| sum.wrapping_add(*step));
    }
    if let Some(last) = blocks.get_mut(a.0.len()) {
        let rest = a.1.iter().zip(b.1).zip(c.1.iter().zip(d.1));
        *last = rest.map(|((&a, &b), (&c, &d))| is_step(a, b, c, d)).sum();
    }
}

/// Stretches of blocks worth `least` and more: the best ones, as in the alignment of sequences.
fn stretches(blocks: &[u8], least: i32, mut visit: impl FnMut(i32, usize, usize)) {
    let (mut worth, mut best, mut start, mut end) = (0, 0, 0, 0);
    for at in 0..=blocks.len() {
        worth += blocks
            .get(at)
            .map_or(i32::MIN / 2, |&steps| 2 * i32::from(steps) - BLOCK_COST);
        if worth > best {
            (best, end) = (worth, at + 1);
        }
        if worth <= 0 {
            if best >= least {
                visit(best, start, end);
            }
            (worth, best, start) = (0, 0, at + 1);
        }
    }
}
