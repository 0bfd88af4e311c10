"""Which registered works say the same thirteen words: the truth about real reuse.

A shingle is the shortest run of tokens from a given one that weighs thirteen words (see scripts.py);
only letters, digits and their marks count, in one case. All are kept, none is sampled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from textbench.scripts import TOKEN, WORD_WEIGHT, weight

REUSE_WORDS = 13
# Text put around a passage may not share a run even of this many words with a work.
NEAR_WORDS = 8
_BASE = 0x9E3779B97F4A7C15
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)

Keys = NDArray[np.uint64]
Places = NDArray[np.int64]


@lru_cache(maxsize=1 << 21)
def _mark(token: str) -> int:
    """64 bits of a token, the same in every run."""
    digest = hashlib.blake2b(token.casefold().encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def _powers(base: int, count: int) -> Keys:
    """Powers of an odd number, modulo 2^64."""
    factors = np.full(count, base, dtype=np.uint64)
    factors[:1] = 1
    return np.cumprod(factors, dtype=np.uint64)


@dataclass(frozen=True)
class Stream:
    """The tokens of a text: where each begins and ends, and what it weighs with all before it."""

    starts: Places
    ends: Places
    marks: Keys
    weighed: Places

    @classmethod
    def of(cls, text: str) -> Stream:
        """Tokenises a text."""
        found = list(TOKEN.finditer(text))
        tokens = [match.group() for match in found]
        return cls(
            np.array([match.start() for match in found], dtype=np.int64),
            np.array([match.end() for match in found], dtype=np.int64),
            np.array(list(map(_mark, tokens)), dtype=np.uint64),
            np.cumsum([0, *map(weight, tokens)], dtype=np.int64),
        )

    def windows(self, words: int) -> tuple[Keys, Places, Places]:
        """Every run of so many words: its key, its first token, and the token after its last."""
        count = len(self.marks)
        after = np.searchsorted(self.weighed, self.weighed[:count] + words * WORD_WEIGHT)
        first = np.flatnonzero(after <= count)
        after = after[first]
        sums = np.zeros(count + 1, dtype=np.uint64)
        sums[1:] = np.cumsum(self.marks * _powers(_BASE, count), dtype=np.uint64)
        keys = (sums[after] - sums[first]) * _powers(_BASE_INVERSE, count)[first]
        return keys, first, after


@dataclass(frozen=True)
class Shared:
    """What a text shares with one work."""

    work: int
    share: float
    words: float
    work_start: int
    work_end: int


class Index:
    """All shingles of all registered works."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Reads the texts; a work is known by its number from here on."""
        self.streams = [Stream.of(text) for text in texts]
        self._tables = {words: self._table(words) for words in (REUSE_WORDS, NEAR_WORDS)}

    def _table(self, words: int) -> tuple[Keys, NDArray[np.int32], Places]:
        """Keys in order, with the work and the first token of each."""
        parts = [stream.windows(words) for stream in self.streams]
        keys = np.concatenate([part[0] for part in parts])
        works = np.repeat(np.arange(len(parts), dtype=np.int32), [len(part[0]) for part in parts])
        firsts = np.concatenate([part[1] for part in parts])
        order = np.argsort(keys, kind="stable")
        return keys[order], works[order], firsts[order]

    def is_unrelated(self, text: str, words: int = NEAR_WORDS) -> bool:
        """Whether a text shares no run of so many words with any work."""
        keys, _, _ = Stream.of(text).windows(words)
        held = self._tables[words][0]
        at = np.minimum(np.searchsorted(held, keys), len(held) - 1)
        return not bool((held[at] == keys).any())

    def shared(self, text: str, words: int = REUSE_WORDS) -> list[Shared]:
        """Every work that shares a run of so many words with a text, the most first."""
        stream = Stream.of(text)
        keys, first, after = stream.windows(words)
        held, works, firsts = self._tables[words]
        low, high = np.searchsorted(held, keys, "left"), np.searchsorted(held, keys, "right")
        covered: dict[int, NDArray[np.bool_]] = {}
        reach: dict[int, list[int]] = {}
        for window in np.flatnonzero(high > low):
            length = after[window] - first[window]
            for place in range(low[window], high[window]):
                work = int(works[place])
                covered.setdefault(work, np.zeros(len(stream.marks), dtype=np.bool_))
                covered[work][first[window] : after[window]] = True
                reach.setdefault(work, []).extend((int(firsts[place]), int(firsts[place] + length - 1)))
        weights = np.diff(stream.weighed)
        found = []
        for work, tokens in covered.items():
            weighed = int(weights[tokens].sum())
            at = self.streams[work]
            start, end = int(at.starts[min(reach[work])]), int(at.ends[max(reach[work])])
            found.append(Shared(work, weighed / int(weights.sum()), weighed / WORD_WEIGHT, start, end))
        return sorted(found, key=lambda one: (-one.words, one.work))

    def repeats(self, text: str, work: int) -> float:
        """How much of a passage stands more than once in its own work, by shingles."""
        keys, _, _ = Stream.of(text).windows(REUSE_WORDS)
        if not len(keys):
            return 0.0
        held, works, _ = self._tables[REUSE_WORDS]
        low, high = np.searchsorted(held, keys, "left"), np.searchsorted(held, keys, "right")
        again = [int((works[a:b] == work).sum()) > 1 for a, b in zip(low, high, strict=True)]
        return sum(again) / len(again)

    def common(self) -> list[tuple[int, int]]:
        """Places (work, first token) of shingles that at least two works hold, one for each shingle."""
        held, works, firsts = self._tables[REUSE_WORDS]
        begins = np.flatnonzero(np.r_[True, held[1:] != held[:-1]])
        ends = np.r_[begins[1:], len(held)]
        many = [i for i in np.flatnonzero(ends - begins > 1) if len(set(works[begins[i] : ends[i]].tolist())) > 1]
        return [(int(works[begins[i]]), int(firsts[begins[i]])) for i in many]
