//! From letters at places to words and lines.

/// Space between letters that parts words, in heights of the type. Kerning stays below a tenth,
/// a justified line's narrowest space is about a fifth.
const WORD_GAP: f64 = 0.15;
/// Distance from the line, in heights of the type, that is no longer a raised letter.
const LINE_GAP: f64 = 0.6;
/// How far back on the line the next letter may begin, in heights of the type, for an accent that
/// is drawn over the letter before it.
const BACK_GAP: f64 = 1.5;

/// A point on the page, in units of the page.
pub(super) type Point = (f64, f64);

/// Text in the order in which it is drawn.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) text: String,
    /// Where the last letter began and ended, and its height.
    last: Option<(Point, Point, f64)>,
}

impl Layout {
    /// Adds letters that stand from `start` to `end` in type of this height.
    pub(super) fn place(&mut self, letters: &str, start: Point, end: Point, height: f64) {
        if let Some((before, after, last_height)) = self.last {
            self.part(before, after, start, height.max(last_height));
        }
        self.last = Some((start, end, height));
        for letter in letters.chars() {
            if letter.is_whitespace() {
                self.gap(' ');
            } else if !letter.is_control() {
                self.text.push(letter);
            }
        }
    }

    /// Ends a line or a page.
    pub(super) fn end_line(&mut self) {
        self.last = None;
        self.gap('\n');
    }

    fn part(&mut self, before: Point, after: Point, start: Point, height: f64) {
        let (run_x, run_y) = (after.0 - before.0, after.1 - before.1);
        let length = run_x.hypot(run_y);
        let (unit_x, unit_y) = if length > 0.0 {
            (run_x / length, run_y / length)
        } else {
            (1.0, 0.0)
        };
        let (step_x, step_y) = (start.0 - after.0, start.1 - after.1);
        let along = step_x * unit_x + step_y * unit_y;
        let across = step_y * unit_x - step_x * unit_y;
        if across.abs() > LINE_GAP * height || along < -BACK_GAP * height {
            self.gap('\n');
        } else if along > WORD_GAP * height {
            self.gap(' ');
        }
    }

    /// One space or line end between words, the greater of those asked for.
    fn gap(&mut self, gap: char) {
        if self.text.ends_with(' ') && gap == '\n' {
            self.text.pop();
        }
        if !self.text.is_empty() && !self.text.ends_with(['\n', ' ']) {
            self.text.push(gap);
        }
    }
}
