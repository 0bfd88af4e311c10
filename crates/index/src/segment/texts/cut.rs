//! A text in pieces that are read one by one.

use clearance_fingerprint::text::{NormalizedText, normalize};

use super::{NO_BLOCK, Piece};

/// Bytes of a piece, at most. Each is normalized on its own.
const PIECE_BYTES: usize = 1 << 15;
/// Where a piece is cut is looked for in this many bytes before its end.
const CUT_BYTES: usize = PIECE_BYTES / 8;
/// Without a text, the character is known every so many letters.
const MARK_LETTERS: usize = 2048;

/// The pieces of a text, counted from its beginning, and its letters: those of the pieces, one
/// after another.
pub(super) fn cut(text: &str) -> (Vec<Piece>, Vec<u8>) {
    let (mut pieces, mut letters) = (Vec::new(), Vec::with_capacity(text.len()));
    let (mut from, mut characters) = (0, 0);
    while from < text.len() || pieces.is_empty() {
        let end = end_of_piece(text, from);
        let part = normalize(&text[from..end]);
        pieces.push(Piece {
            asset: 0,
            place: letters.len() as u32,
            characters,
            block: 0,
            from: from as u32,
            length: (end - from) as u32,
        });
        letters.extend_from_slice(&part.letters);
        characters = characters.saturating_add(part.characters);
        from = end;
    }
    (pieces, letters)
}

/// A piece ends with a line where it can, or with a word.
fn end_of_piece(text: &str, from: usize) -> usize {
    if text.len() - from <= PIECE_BYTES {
        return text.len();
    }
    let end = text.floor_char_boundary(from + PIECE_BYTES);
    let last = text.floor_char_boundary(end - CUT_BYTES);
    let cut = text[last..end]
        .rfind('\n')
        .or_else(|| text[last..end].rfind(' '));
    cut.map_or(end, |at| last + at + 1)
}

/// The characters behind some letters of a text that is not kept.
pub(super) fn marks(text: &NormalizedText) -> Vec<Piece> {
    let places = (0..text.letters.len().max(1)).step_by(MARK_LETTERS);
    let mut pieces: Vec<Piece> = places
        .map(|place| Piece {
            asset: 0,
            place: place as u32,
            characters: text.character(place),
            block: NO_BLOCK,
            from: 0,
            length: 0,
        })
        .collect();
    let mut next = text.characters;
    for piece in pieces.iter_mut().rev() {
        piece.length = next.saturating_sub(piece.characters);
        next = piece.characters;
    }
    pieces
}
