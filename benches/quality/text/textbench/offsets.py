"""Text that remembers, character by character, which characters of which work it was made of.

Every edit of the bench is a list of replacements applied by `Mapped.edited`, so no edit keeps books
of its own and spans stay exact after any chain of them. Positions are code points.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Edit = tuple[int, int, str]
# A position says the source too: number of the source times this, plus the place in it.
STRIDE = 1 << 40
NOWHERE = -1


@dataclass(frozen=True)
class Span:
    """Where a source stands in a row, and which part of the source that is."""

    source: int
    query_start: int
    query_end: int
    work_start: int
    work_end: int


@dataclass(frozen=True)
class Mapped:
    """A text; each of its characters covers `[first, last)` of a source or nothing at all."""

    text: str
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    @classmethod
    def foreign(cls, text: str) -> Mapped:
        """Text that comes from no source."""
        nowhere = np.full(len(text), NOWHERE, dtype=np.int64)
        return cls(text, nowhere, nowhere)

    @classmethod
    def passage(cls, text: str, start: int, source: int = 0) -> Mapped:
        """A passage that stands at `start` in a source."""
        first = np.arange(len(text), dtype=np.int64) + source * STRIDE + start
        return cls(text, first, first + 1)

    def edited(self, edits: Iterable[Edit]) -> Mapped:
        """Replaces disjoint ranges, given in order; what is put between characters has no source."""
        texts: list[str] = []
        places: list[Mapped] = []
        at = 0
        for start, end, new in edits:
            if not at <= start <= end <= len(self.text):
                raise ValueError(f"edit {start}..{end} after {at} of {len(self.text)}")
            places.append(self.cut(at, start))
            places.append(self._replaced(start, end, new))
            at = end
        places.append(self.cut(at, len(self.text)))
        texts = [place.text for place in places]
        return Mapped(
            "".join(texts), np.concatenate([p.first for p in places]), np.concatenate([p.last for p in places])
        )

    def _replaced(self, start: int, end: int, new: str) -> Mapped:
        """New text in place of a range: character by character, or each for the whole range."""
        if len(new) == end - start:
            return Mapped(new, self.first[start:end], self.last[start:end])
        first, last = self.first[start:end], self.last[start:end]
        known = first[first >= 0]
        if not len(known) or known[0] // STRIDE != known[-1] // STRIDE:
            return Mapped.foreign(new)
        lowest, highest = known.min(), last[last >= 0].max()
        return Mapped(
            new, np.full(len(new), lowest, dtype=np.int64), np.full(len(new), highest, dtype=np.int64)
        )

    def cut(self, start: int, end: int) -> Mapped:
        """A part of the text."""
        return Mapped(self.text[start:end], self.first[start:end], self.last[start:end])

    def spans(self) -> list[Span]:
        """For every source, from its first to its last character here, in order of the row."""
        found = []
        sources = np.where(self.first >= 0, self.first // STRIDE, NOWHERE)
        for source in np.unique(sources[sources >= 0]):
            places = np.flatnonzero(sources == source)
            begin, end = int(places[0]), int(places[-1]) + 1
            low = int(self.first[places].min() - source * STRIDE)
            high = int(self.last[places].max() - source * STRIDE)
            found.append(Span(int(source), begin, end, low, high))
        return sorted(found, key=lambda span: span.query_start)


def joined(parts: Sequence[Mapped]) -> Mapped:
    """Texts one after the other."""
    return Mapped(
        "".join(part.text for part in parts),
        np.concatenate([part.first for part in parts]), np.concatenate([part.last for part in parts]),
    )
