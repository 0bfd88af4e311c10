//! Pieces replaced in, and put between, the bytes of a file.

use std::ops::Range;

use crate::error::{Error, Result};

/// Changes of one file, by place in the original. Whatever they do not name is carried over.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    edits: Vec<(Range<usize>, Vec<u8>)>,
}

impl Edits {
    pub(crate) fn replace(&mut self, range: Range<usize>, with: impl Into<Vec<u8>>) {
        self.edits.push((range, with.into()));
    }

    pub(crate) fn insert(&mut self, at: usize, new: impl Into<Vec<u8>>) {
        self.replace(at..at, new);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    pub(crate) fn inserts_at(&self, at: usize) -> bool {
        self.edits.iter().any(|(range, _)| *range == (at..at))
    }

    /// How much longer the file gets; less than zero if shorter.
    pub(crate) fn growth(&self) -> i64 {
        let grown = self.edits.iter();
        grown
            .map(|(range, with)| with.len() as i64 - range.len() as i64)
            .sum()
    }

    /// The file with its changes. Those in one place are made in the order in which they were
    /// named; they must not overlap.
    pub(crate) fn apply(mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        self.edits
            .sort_by_key(|(range, _)| (range.start, range.end));
        let growth = usize::try_from(self.growth()).unwrap_or(0);
        let mut new = Vec::with_capacity(bytes.len().saturating_add(growth));
        let mut at = 0;
        for (range, with) in &self.edits {
            let kept = bytes.get(at..range.start);
            let kept = kept.filter(|_| range.end <= bytes.len() && range.start <= range.end);
            new.extend_from_slice(kept.ok_or_else(|| Error::damaged("its parts overlap"))?);
            new.extend_from_slice(with);
            at = range.end;
        }
        new.extend_from_slice(bytes.get(at..).unwrap_or_default());
        Ok(new)
    }
}
