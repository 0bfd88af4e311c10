//! Where on the page the next letter stands (ISO 32000-2, sections 8.4 and 9.4).

use std::rc::Rc;

use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::Number;

use super::font::Font;

/// Saved states that are kept. Viewers have refused more than 28 (ISO 32000-1, annex C).
const STATES_MAX: usize = 512;

/// `x' = a·x + c·y + e`, `y' = b·x + d·y + f` (section 8.3.3).
#[derive(Clone, Copy)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const UNIT: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This one first, then `next`.
    pub(super) fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, next.0);
        Self([
            a * g + b * i,
            a * h + b * j,
            c * g + d * i,
            c * h + d * j,
            e * g + f * i + k,
            e * h + f * j + l,
        ])
    }

    fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }
}

/// What `q` saves and `Q` brings back.
#[derive(Clone)]
pub(super) struct State {
    pub(super) page: Matrix,
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f64,
    pub(super) letter_gap: f64,
    pub(super) word_gap: f64,
    pub(super) stretch: f64,
    pub(super) leading: f64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            page: Matrix::UNIT,
            font: None,
            size: 1.0,
            letter_gap: 0.0,
            word_gap: 0.0,
            stretch: 1.0,
            leading: 0.0,
        }
    }
}

/// Where one stream of content is.
pub(super) struct Run {
    saved: Vec<State>,
    pub(super) state: State,
    line: Matrix,
    text: Matrix,
}

impl Run {
    /// The beginning of a stream of content.
    pub(super) fn new(state: State) -> Self {
        Self {
            saved: Vec::new(),
            state,
            line: Matrix::UNIT,
            text: Matrix::UNIT,
        }
    }

    /// Operators that only change where and how text is shown.
    pub(super) fn set(&mut self, operator: &Op<'_, '_>) {
        let number = |number: &Number| number.as_f64();
        match operator {
            Op::SaveState(_) if self.saved.len() < STATES_MAX => {
                self.saved.push(self.state.clone());
            }
            Op::RestoreState(_) => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            Op::Transform(it) => {
                let matrix = [&it.0, &it.1, &it.2, &it.3, &it.4, &it.5].map(number);
                self.state.page = Matrix(matrix).then(self.state.page);
            }
            Op::CharacterSpacing(it) => self.state.letter_gap = number(&it.0),
            Op::WordSpacing(it) => self.state.word_gap = number(&it.0),
            Op::HorizontalScaling(it) => self.state.stretch = number(&it.0) / 100.0,
            Op::TextLeading(it) => self.state.leading = number(&it.0),
            Op::BeginText(_) => self.set_line(Matrix::UNIT),
            Op::SetTextMatrix(it) => {
                self.set_line(Matrix(
                    [&it.0, &it.1, &it.2, &it.3, &it.4, &it.5].map(number),
                ));
            }
            Op::NextLine(it) => self.next_line(number(&it.0), number(&it.1)),
            Op::NextLineAndSetLeading(it) => {
                self.state.leading = -number(&it.1);
                self.next_line(number(&it.0), number(&it.1));
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            _ => {}
        }
    }

    fn set_line(&mut self, matrix: Matrix) {
        self.line = matrix;
        self.text = matrix;
    }

    pub(super) fn next_line(&mut self, x: f64, y: f64) {
        self.set_line(Matrix::shift(x, y).then(self.line));
    }

    /// Moves along the line by a length in units of text.
    pub(super) fn advance(&mut self, length: f64) {
        let is_vertical = self
            .state
            .font
            .as_ref()
            .is_some_and(|font| font.is_vertical);
        let shift = if is_vertical {
            Matrix::shift(0.0, -length)
        } else {
            Matrix::shift(length * self.state.stretch, 0.0)
        };
        self.text = shift.then(self.text);
    }

    /// The next letter's place on the page, and the height of its type there.
    pub(super) fn place(&self) -> ((f64, f64), f64) {
        let Matrix([_, _, c, d, e, f]) = self.text.then(self.state.page);
        ((e, f), self.state.size.abs() * c.hypot(d))
    }
}
