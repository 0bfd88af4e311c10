//! Pages of text.

use super::glyphs::{GLYPH_HEIGHT, GLYPH_WIDTH, is_inked};
use super::{Canvas, flat};
use crate::prng::Prng;
use crate::prose;

/// Prints synthetic prose on a light page, in paragraphs with indents.
pub(super) fn print(seed: u64, width: u32, height: u32) -> Canvas {
    let mut prng = Prng::for_purpose(seed, "page");
    let paper = 235 + prng.below(20) as u8;
    let mut canvas = flat([paper, paper, paper - prng.below(12) as u8], width, height);
    // About 55 characters a line, as in a printed book.
    let dot = (canvas.width / 400).max(1);
    let (advance, leading) = ((GLYPH_WIDTH + 1) * dot, (GLYPH_HEIGHT + 4) * dot);
    let margin = canvas.width / 10;
    let columns = (canvas.width.saturating_sub(2 * margin) / advance).max(1) as usize;
    let lines = canvas.height.saturating_sub(2 * margin) / leading;
    let text = prose::write(seed, (columns * lines as usize / 5).max(20));
    let mut top = margin;
    for line in wrap(&text, columns) {
        if top + leading > canvas.height.saturating_sub(margin) {
            break;
        }
        for (column, letter) in line.chars().enumerate() {
            stamp(
                &mut canvas,
                letter,
                margin + column as u32 * advance,
                top,
                dot,
            );
        }
        top += leading;
    }
    canvas
}

/// Lines of at most `columns` characters; paragraphs begin with an indent.
fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split("\n\n") {
        let mut line = String::from("   ");
        for word in paragraph.split_whitespace() {
            if line.chars().count() + 1 + word.chars().count() > columns {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

fn stamp(canvas: &mut Canvas, letter: char, left: u32, top: u32, dot: u32) {
    for y in 0..GLYPH_HEIGHT * dot {
        for x in 0..GLYPH_WIDTH * dot {
            let (column, row) = (left + x, top + y);
            let inside = column < canvas.width && row < canvas.height;
            if inside && is_inked(letter, x / dot, y / dot) {
                let start = (row as usize * canvas.width as usize + column as usize) * 3;
                canvas.rgb[start..start + 3].fill(30);
            }
        }
    }
}
