//! Passages of registered texts as they were written.

use super::{NO_BLOCK, Piece, TextStore};

/// Longest passage that is read at once, in characters.
const MOST_CHARACTERS: usize = 100_000;

impl TextStore {
    /// At most `length` characters of an asset's text from number `from` on; `None` when texts
    /// are not kept.
    pub(crate) fn passage(&self, asset: u32, from: usize, length: usize) -> Option<String> {
        let length = length.min(MOST_CHARACTERS);
        let first = self.first(|piece| piece.asset >= asset);
        let past = self.first(|piece| (piece.asset, piece.characters as usize) > (asset, from));
        let mut passage = String::new();
        let mut count = 0;
        for index in past.saturating_sub(1).max(first)..self.count() {
            let piece = self.piece(index);
            if piece.asset != asset || count >= length {
                break;
            }
            let text = self.written(&piece)?;
            let before = from.saturating_sub(piece.characters as usize);
            let part: String = text.chars().skip(before).take(length - count).collect();
            count += part.chars().count();
            passage.push_str(&part);
        }
        Some(passage)
    }

    fn written(&self, piece: &Piece) -> Option<String> {
        if piece.block == NO_BLOCK {
            return None;
        }
        self.bytes_of(piece)
            .and_then(|bytes| String::from_utf8(bytes).ok())
    }
}

#[cfg(test)]
mod tests;
