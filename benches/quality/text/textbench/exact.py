"""A suffix array of all works, after Lee et al. 2022: whatever stands in one byte by byte.

A match of a hundred bytes holds one of fifty that begins at a multiple of fifty in the row, so only
those are looked up; each place found is then extended to both sides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydivsufsort import divsufsort, sa_search

LENGTH = 100
STEP = 50
PLACES_MAX = 16
BYTES_A_WORD = 6.0


class Exact:
    """All works one after the other, with their suffixes in order."""

    def __init__(self) -> None:
        self._bytes = b""
        self._suffixes: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._names: list[str] = []
        self._starts: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._characters: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    def register(self, works: dict[str, str]) -> int:
        """Sorts all suffixes; the bytes of the array and of the texts."""
        encoded = [text.encode() + b"\0" for text in works.values()]
        self._bytes, self._names = b"".join(encoded), list(works)
        self._starts = np.cumsum([0, *map(len, encoded)])
        self._characters = characters(self._bytes)
        self._suffixes = divsufsort(self._bytes)
        return self._suffixes.nbytes + len(self._bytes)

    def findings(self, text: str) -> list[dict[str, Any]]:
        """Every match of a hundred bytes, each once."""
        asked = text.encode()
        counted = characters(asked)
        found: dict[tuple[int, int], dict[str, Any]] = {}
        done: dict[int, int] = {}
        for at in range(0, len(asked) - STEP + 1, STEP):
            count, first = sa_search(self._bytes, self._suffixes, asked[at : at + STEP])
            for place in self._suffixes[first : first + min(count, PLACES_MAX)].tolist() if count else ():
                if done.get(place - at, -1) >= at:
                    continue
                low, high = self._extended(asked, at, place)
                done[place - at] = high
                if high - low >= LENGTH:
                    found[(place - at, low)] = self._told(counted, low, high, place - at)
        return list(found.values())

    def _extended(self, asked: bytes, at: int, place: int) -> tuple[int, int]:
        """How far a match goes to both sides, in the row."""
        held = self._bytes
        high = at + STEP
        while high < len(asked) and place + high - at < len(held) and asked[high] == held[place + high - at]:
            high += 1
        low = at
        while low > 0 and place + low - at > 0 and asked[low - 1] == held[place + low - at - 1]:
            low -= 1
        return low, high

    def _told(self, counted: NDArray[np.int64], low: int, high: int, shift: int) -> dict[str, Any]:
        """A match as a finding, in code points."""
        work = int(np.searchsorted(self._starts, low + shift, "right")) - 1
        start = self._characters[self._starts[work]]
        return {
            "work_id": self._names[work], "query_start": int(counted[low]), "query_end": int(counted[high]),
            "work_start": int(self._characters[low + shift] - start),
            "work_end": int(self._characters[high + shift] - start), "score": (high - low) / BYTES_A_WORD,
        }


def characters(encoded: bytes) -> NDArray[np.int64]:
    """For every byte, how many characters begin before it."""
    begins = (np.frombuffer(encoded, dtype=np.uint8) & 0xC0) != 0x80
    return np.concatenate([[0], np.cumsum(begins)]).astype(np.int64)
