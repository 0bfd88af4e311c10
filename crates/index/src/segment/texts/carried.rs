//! Texts of a published segment on their way into another one.

use super::{KeptTexts, NO_BLOCK, PIECE_BYTES, Piece, TextPrint, TextStore, TextsBuilder};
use crate::error::{Error, Result};

/// Where the letters of a text without letters begin: on the line they come from, and on the new one.
type Starts = Option<(u32, u32)>;

impl TextsBuilder {
    /// Takes over the texts that have a number in `numbers`, which is by their assets' numbers in the
    /// segment they come from, and rises. Those that are there by their hashes stay so.
    pub(crate) fn carry(
        &mut self,
        from: &TextStore,
        numbers: &[Option<u32>],
        hashes_only: bool,
    ) -> Result<()> {
        let kept = if hashes_only {
            KeptTexts::Hashes
        } else {
            KeptTexts::Whole
        };
        let mut starts: Vec<Starts> = vec![None; numbers.len()];
        let mut first = 0;
        while first < from.count() {
            let asset = from.piece(first).asset;
            let end = from.first_of(first..from.count(), |piece| piece.asset > asset);
            let pieces: Vec<Piece> = (first..end).map(|index| from.piece(index)).collect();
            first = end.max(first + 1);
            let Some(number) = numbers.get(asset as usize).copied().flatten() else {
                continue;
            };
            if pieces.iter().any(|piece| piece.block == NO_BLOCK) {
                starts[asset as usize] = Some((pieces[0].place, self.letters as u32));
                let end = from.piece(first).place;
                self.carry_marks(number, &pieces, end.saturating_sub(pieces[0].place));
            } else {
                self.add(number, TextPrint::new(from.whole(&pieces)?, kept));
            }
        }
        if starts.iter().any(Option::is_some) {
            self.carry_seeds(from, &starts);
        }
        Ok(())
    }

    fn carry_marks(&mut self, number: u32, pieces: &[Piece], letters: u32) {
        let first = self.letters as u32;
        let start = pieces[0].place;
        self.pieces.extend(pieces.iter().map(|piece| Piece {
            asset: number,
            place: first.saturating_add(piece.place.saturating_sub(start)),
            ..*piece
        }));
        self.bytes += PIECE_BYTES * pieces.len();
        self.letters += letters as usize;
    }

    fn carry_seeds(&mut self, from: &TextStore, starts: &[Starts]) {
        let mut carried = 0;
        self.seeds.carry(&from.seeds, &from.hashes, |place| {
            let place = u32::from_be_bytes(place);
            let asset = from.asset_at(place)?;
            let (old, new) = (*starts.get(asset as usize)?)?;
            carried += 1;
            Some(new.saturating_add(place.saturating_sub(old)).to_be_bytes())
        });
        self.bytes += 8 * carried;
    }
}

impl TextStore {
    /// A text, out of all of its pieces.
    fn whole(&self, pieces: &[Piece]) -> Result<String> {
        let mut text = Vec::new();
        for piece in pieces {
            let bytes = self.bytes_of(piece);
            let damaged = || Error::corrupt(self.texts.path(), "a piece of a text cannot be read");
            text.extend(bytes.ok_or_else(damaged)?);
        }
        String::from_utf8(text)
            .map_err(|_| Error::corrupt(self.texts.path(), "a text that is not UTF-8"))
    }

    /// Whether of some texts only hashes are kept, of which too few bits are known to be sorted
    /// among those of a larger segment.
    pub(crate) fn has_short_hashes(&self) -> bool {
        let mut pieces = (0..self.count()).map(|index| self.piece(index));
        self.seeds.known_bits() < u32::BITS && pieces.any(|piece| piece.block == NO_BLOCK)
    }
}
