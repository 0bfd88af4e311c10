//! Drawings on a terminal: dots of Braille patterns, two by four in a character (Unicode 16,
//! U+2800).

use super::{Drawing, Ink, Shape};

/// Pieces that a straight line is drawn in at most.
const MOST_STEPS: f64 = 4000.0;
/// The dot of each place in a character: two columns, four rows.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// A field of dots.
pub(crate) struct Canvas {
    columns: usize,
    cells: Vec<u8>,
    /// Dots above and below a line.
    thickness: i8,
}

impl Canvas {
    /// Draws what is inked, `columns` characters wide and `lines` high. Of pictures the edge is
    /// drawn; surfaces are left out, and peaks that agree with nothing too, which would hide those
    /// that do.
    pub(crate) fn new(drawing: &Drawing, columns: usize, lines: usize) -> Self {
        let mut canvas = Self {
            columns,
            cells: vec![0; columns * lines],
            thickness: 0,
        };
        let scale = (
            (2 * columns - 1) as f64 / f64::from(drawing.width.max(1)),
            (4 * lines - 1) as f64 / f64::from(drawing.height.max(1)),
        );
        for shape in &drawing.shapes {
            match shape {
                Shape::Path(Ink::Link | Ink::Peak, _) | Shape::Strip(..) => {}
                Shape::Path(Ink::Span | Ink::Reserved | Ink::Licensed, path) => {
                    canvas.thickness = 1;
                    canvas.path(path, scale);
                    canvas.thickness = 0;
                }
                Shape::Path(_, path) => canvas.path(path, scale),
                Shape::Picture(_) => {
                    let (width, height) = (drawing.width, drawing.height);
                    canvas.path(&format!("M0 0H{width}V{height}H0Z"), scale);
                }
            }
        }
        canvas
    }

    /// The lines, without spaces at their ends.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |cells: &[u8]| -> String {
            let pattern = |cell: &u8| char::from_u32(0x2800 + u32::from(*cell)).unwrap_or(' ');
            let text: String = cells.iter().map(pattern).collect();
            text.trim_end_matches('\u{2800}').to_owned()
        };
        self.cells.chunks(self.columns.max(1)).map(line).collect()
    }

    /// Follows a path of the letters that drawings use: M, L, H, V, h, v and z. An arc ends it.
    fn path(&mut self, path: &str, (across, down): (f64, f64)) {
        let (mut at, mut start) = ((0.0, 0.0), (0.0, 0.0));
        let mut letters = path
            .match_indices(|character: char| character.is_ascii_alphabetic())
            .map(|(place, _)| place)
            .peekable();
        while let Some(place) = letters.next() {
            let end = letters.peek().copied().unwrap_or(path.len());
            let letter = path.as_bytes()[place];
            let numbers: Vec<f64> = path[place + 1..end]
                .split([' ', ','])
                .filter_map(|number| number.parse().ok())
                .collect();
            let first = numbers.first().copied().unwrap_or(0.0);
            let to = match letter {
                b'M' | b'L' => (first, numbers.get(1).copied().unwrap_or(0.0)),
                b'H' => (first, at.1),
                b'V' => (at.0, first),
                b'h' => (at.0 + first, at.1),
                b'v' => (at.0, at.1 + first),
                b'Z' | b'z' => start,
                _ => continue,
            };
            if letter == b'M' {
                start = to;
            } else {
                let scaled = |(x, y): (f64, f64)| (x * across, y * down);
                self.line(scaled(at), scaled(to));
            }
            at = to;
        }
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        let length = (to.0 - from.0).abs().max((to.1 - from.1).abs());
        let steps = length.ceil().clamp(1.0, MOST_STEPS);
        for step in 0..=steps as usize {
            let share = step as f64 / steps;
            let (x, y) = (
                from.0 + share * (to.0 - from.0),
                from.1 + share * (to.1 - from.1),
            );
            for beside in -self.thickness..=self.thickness {
                self.dot(x, y + f64::from(beside));
            }
        }
    }

    fn dot(&mut self, x: f64, y: f64) {
        let (x, y) = (x.round(), y.round());
        if x < 0.0 || y < 0.0 {
            return;
        }
        let (x, y) = (x as usize, y as usize);
        if x / 2 < self.columns
            && let Some(cell) = self.cells.get_mut(y / 4 * self.columns + x / 2)
        {
            *cell |= DOTS[y % 4][x % 2];
        }
    }
}

#[cfg(test)]
mod tests;
