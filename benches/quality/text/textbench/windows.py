"""The peer rensa: MinHash of overlapping windows of words, looked up in bands (LSH)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rensa import RMinHash, RMinHashLSH

from textbench.scripts import WORD

WINDOW_WORDS, STEP_WORDS = 50, 25
SHINGLE_WORDS = 3
PERMUTATIONS, BANDS = 128, 32
SEED = 42
SIMILAR = 0.5


class Windows:
    """Every window of every work; a finding is the best window of a work for a window of the row."""

    def __init__(self) -> None:
        self._lsh = RMinHashLSH(threshold=SIMILAR, num_perm=PERMUTATIONS, num_bands=BANDS)
        self._held: list[tuple[str, int, int, RMinHash]] = []

    def register(self, works: dict[str, str]) -> int:
        """Adds all works; the bytes of their signatures, band keys and places."""
        for work_id, text in works.items():
            for start, end, signature in windows(text):
                self._lsh.insert(len(self._held), signature)
                self._held.append((work_id, start, end, signature))
        # A 32-bit number for each permutation, a 64-bit key and window number for each band, a place.
        return len(self._held) * (4 * PERMUTATIONS + 16 * BANDS + 16)

    def findings(self, text: str) -> list[dict[str, Any]]:
        """One finding for each work, over all windows of the row that are like one of its own."""
        best: dict[str, dict[str, Any]] = {}
        for start, end, signature in windows(text):
            for number in self._lsh.query(signature):
                work_id, low, high, other = self._held[number]
                score = signature.jaccard(other)
                if score < SIMILAR:
                    continue
                told = best.setdefault(work_id, {
                    "work_id": work_id, "query_start": start, "query_end": end,
                    "work_start": low, "work_end": high, "score": score,
                })
                told["query_start"], told["query_end"] = min(told["query_start"], start), max(told["query_end"], end)
                told["work_start"], told["work_end"] = min(told["work_start"], low), max(told["work_end"], high)
                told["score"] = max(told["score"], score)
        return list(best.values())


def windows(text: str) -> Iterator[tuple[int, int, RMinHash]]:
    """Windows with their signatures; a short text is one window."""
    found = [match.span() for match in WORD.finditer(text)]
    words = [text[start:end].lower() for start, end in found]
    for first in range(0, max(1, len(words) - WINDOW_WORDS + STEP_WORDS), STEP_WORDS):
        part = words[first : first + WINDOW_WORDS]
        if len(part) < SHINGLE_WORDS:
            return
        signature = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        signature.update([" ".join(part[i : i + SHINGLE_WORDS]) for i in range(len(part) - SHINGLE_WORDS + 1)])
        yield found[first][0], found[first + len(part) - 1][1], signature
