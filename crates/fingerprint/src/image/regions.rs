//! Rectangles inside a picture that may be pictures of their own, and their hashes: what is pasted
//! into a page, a window, a collage or another picture, or stands in a frame.
//!
//! Pasted pictures end in straight borders along rows and columns of pixels ([`lines`]). Rectangles with such
//! borders on all four sides are looked for at the working size, their sides are then moved to the very pixel.

mod lines;

use super::pdq;
use super::plane::Plane;
use super::{PdqHash, Structure};
use lines::{Line, lines};

/// The shortest side of a rectangle, as a share of the picture's longer side.
const SHORTEST_SIDE: f32 = 0.12;
/// Share of a rectangle's side that a border lies along, at least.
const LEAST_SUPPORT: f32 = 0.5;
/// A rectangle's worth, at least; four borders along all of its sides make 4.
const LEAST_WORTH: f32 = 2.7;
/// What a border loses that goes on far beyond the side.
const FIT: f32 = 0.6;
/// Rectangles of a picture that are kept, at most, best first.
pub const MOST_REGIONS: usize = 16;
/// Rectangles that share more than this of what both cover are one ...
const SAME: f32 = 0.85;
/// ... but for the whole picture, of which nearly all is something else.
const WHOLE: f32 = 0.97;

/// A rectangle in a picture, and what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Left, top, right and bottom in 65,535ths of the picture's width and height.
    pub place: [u16; 4],
    /// The hash of what is inside.
    pub hash: PdqHash,
}

/// Row-major luma of a picture.
#[derive(Clone, Copy)]
pub(super) struct Luma<'a> {
    pub(super) values: &'a [u8],
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Columns `x.0..x.1` of rows `y.0..y.1`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rectangle {
    x: (usize, usize),
    y: (usize, usize),
}

impl Rectangle {
    fn area(&self) -> usize {
        (self.x.1 - self.x.0) * (self.y.1 - self.y.0)
    }

    /// Share of what both cover that is in both.
    fn overlap(&self, other: &Self) -> f32 {
        let common =
            |a: (usize, usize), b: (usize, usize)| a.1.min(b.1).saturating_sub(a.0.max(b.0));
        let common = common(self.x, other.x) * common(self.y, other.y);
        common as f32 / (self.area() + other.area() - common).max(1) as f32
    }
}

/// The regions of a picture, those with the clearest borders first. `plane` is the picture at its
/// working size.
pub(super) fn regions(plane: &Plane, luma: Luma<'_>) -> Vec<Region> {
    let (columns, rows) = (lines(&plane.transposed()), lines(plane));
    let found = rectangles(&columns, &rows, (plane.width, plane.height));
    let exact = |it: &Rectangle| exact(luma, *it, (plane.width, plane.height));
    let found = found.iter().map(exact);
    found.filter_map(|it| region(luma, it)).collect()
}

/// Rectangles with borders along their four sides, best first.
fn rectangles(columns: &[Line], rows: &[Line], size: (usize, usize)) -> Vec<Rectangle> {
    let shortest = ((SHORTEST_SIDE * size.0.max(size.1) as f32) as usize).max(1);
    let mut found: Vec<(f32, Rectangle)> = Vec::new();
    for (number, left) in columns.iter().enumerate() {
        for right in &columns[number + 1..] {
            let x = (left.at, right.at);
            if x.1 - x.0 < shortest {
                continue;
            }
            let along = rows.iter().filter_map(|row| Some((row.at, worth(row, x)?)));
            let along: Vec<(usize, f32)> = along.collect();
            for (number, &(top, above)) in along.iter().enumerate() {
                for &(bottom, below) in &along[number + 1..] {
                    let y = (top, bottom);
                    if y.1 - y.0 < shortest {
                        continue;
                    }
                    let Some(sides) = worth(left, y).zip(worth(right, y)) else {
                        continue;
                    };
                    let worth = sides.0 + sides.1 + above + below;
                    if worth >= LEAST_WORTH {
                        found.push((worth, Rectangle { x, y }));
                    }
                }
            }
        }
    }
    let whole = Rectangle {
        x: (0, size.0),
        y: (0, size.1),
    };
    distinct(&mut found, &whole)
}

/// The best rectangles that are not one seen twice, and not the whole picture.
fn distinct(mut found: &mut [(f32, Rectangle)], whole: &Rectangle) -> Vec<Rectangle> {
    /// Grids have a hundred thousand, of which the first few hundred often decide: so many are put
    /// in order, then twice as many ...
    const FIRST: usize = 256;
    let order = |(a, first): &(f32, Rectangle), (b, second): &(f32, Rectangle)| {
        let order = b.total_cmp(a).then(second.area().cmp(&first.area()));
        order.then((first.x, first.y).cmp(&(second.x, second.y)))
    };
    let mut kept: Vec<Rectangle> = Vec::new();
    let mut together = FIRST;
    while !found.is_empty() {
        let count = found.len().min(together);
        together *= 2;
        if count < found.len() {
            found.select_nth_unstable_by(count, order);
        }
        let (best, rest) = found.split_at_mut(count);
        best.sort_unstable_by(order);
        for (_, rectangle) in best {
            if rectangle.overlap(whole) <= WHOLE
                && kept.iter().all(|known| known.overlap(rectangle) <= SAME)
            {
                kept.push(*rectangle);
                if kept.len() == MOST_REGIONS {
                    return kept;
                }
            }
        }
        found = rest;
    }
    kept
}

/// What a border is worth as the side of a rectangle from `side.0` to `side.1`: most where it ends with
/// the side, as that of a pasted picture does. `None` where it does not lie along the side.
fn worth(line: &Line, side: (usize, usize)) -> Option<f32> {
    let common = line.to.min(side.1).saturating_sub(line.from.max(side.0)) as f32;
    let share = common / (side.1 - side.0) as f32;
    // A border that goes on beyond the side's ends is likelier to be something else.
    let beyond = (line.to - line.from) as f32 - common;
    let fit = if line.is_edge {
        0.5
    } else {
        common / (common + beyond)
    };
    (share >= LEAST_SUPPORT).then_some(share + FIT * (fit - 1.0))
}

/// The rectangle in the picture itself, each side where the step across it is largest.
fn exact(luma: Luma<'_>, rectangle: Rectangle, working: (usize, usize)) -> Rectangle {
    let scaled = |at: usize, side: usize, working: usize| (at * side + working / 2) / working;
    let place = |(from, to): (usize, usize), side: usize, working: usize| {
        (scaled(from, side, working), scaled(to, side, working))
    };
    let (x, y) = (
        place(rectangle.x, luma.width, working.0),
        place(rectangle.y, luma.height, working.1),
    );
    let reach = luma
        .width
        .max(luma.height)
        .div_ceil(working.0.max(working.1))
        + 1;
    let step_of_column = |at: usize| -> u64 {
        let rows = (y.0..y.1).map(|row| &luma.values[row * luma.width..]);
        rows.map(|row| u64::from(row[at].abs_diff(row[at - 1])))
            .sum()
    };
    let step_of_row = |at: usize| -> u64 {
        let above = &luma.values[(at - 1) * luma.width..][x.0..x.1];
        let below = &luma.values[at * luma.width..][x.0..x.1];
        let pairs = above.iter().zip(below);
        pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
    };
    let x = (
        clearest(x.0, luma.width, reach, &step_of_column),
        clearest(x.1, luma.width, reach, &step_of_column),
    );
    let y = (
        clearest(y.0, luma.height, reach, &step_of_row),
        clearest(y.1, luma.height, reach, &step_of_row),
    );
    Rectangle { x, y }
}

/// The place within `reach` where the step is largest. The picture's own border stays where it is.
fn clearest(at: usize, side: usize, reach: usize, step: &dyn Fn(usize) -> u64) -> usize {
    if at == 0 || at == side {
        return at;
    }
    let near = at.saturating_sub(reach).max(1)..(at + reach + 1).min(side);
    let best = near.max_by_key(|&place| (step(place), std::cmp::Reverse(place.abs_diff(at))));
    best.unwrap_or(at)
}

/// `None` for what is too small or too plain to be compared.
fn region(luma: Luma<'_>, rectangle: Rectangle) -> Option<Region> {
    let Rectangle { x, y } = rectangle;
    if x.1 - x.0 < super::MIN_SIDE_PX || y.1 - y.0 < super::MIN_SIDE_PX {
        return None;
    }
    let mut values = Vec::with_capacity(rectangle.area());
    for row in y.0..y.1 {
        values.extend_from_slice(&luma.values[row * luma.width..][x.0..x.1]);
    }
    let (transform, quality) = pdq::upright(&values, x.1 - x.0, y.1 - y.0);
    let structure = Structure {
        quality,
        firm_bits: pdq::firm_bits(&transform),
    };
    let share = |at: usize, side: usize| (at * usize::from(u16::MAX) / side) as u16;
    structure.may_be_distinctive().then(|| Region {
        place: [
            share(x.0, luma.width),
            share(y.0, luma.height),
            share(x.1, luma.width),
            share(y.1, luma.height),
        ],
        hash: pdq::hash_of(transform.as_flattened()),
    })
}

#[cfg(test)]
mod tests;
