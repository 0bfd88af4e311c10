"""A Bloom filter of strings of fifty characters, after Data Portraits (Marone and Van Durme, 2023).

Works are cut into strings side by side, rows are asked about at every character. A filter only says
whether a string is in it. To name works a table stands in for a filter of each work; the bytes
counted are the filter's.
"""

from __future__ import annotations

import math
from typing import Any

LENGTH = 50
FALSE_POSITIVES = 1e-3
CHARACTERS_A_WORD = 5.5


class Portraits:
    """The strings of all works with the first place of each."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[str, int]] = {}

    def register(self, works: dict[str, str]) -> int:
        """Adds all works; the bytes of a filter for so many strings."""
        for work_id, text in works.items():
            for start in range(0, len(text) - LENGTH + 1, LENGTH):
                self._held.setdefault(text[start : start + LENGTH], (work_id, start))
        return round(len(self._held) * math.log2(1 / FALSE_POSITIVES) / math.log(2) / 8)

    def findings(self, text: str) -> list[dict[str, Any]]:
        """Chains of strings that follow each other in the row as in a work."""
        held = self._held
        chains: dict[tuple[str, int], list[int]] = {}
        for start in range(len(text) - LENGTH + 1):
            place = held.get(text[start : start + LENGTH])
            if place is not None:
                chains.setdefault((place[0], place[1] - start), []).append(start)
        return [
            {
                "work_id": work_id, "query_start": starts[0], "query_end": starts[-1] + LENGTH,
                "work_start": starts[0] + shift, "work_end": starts[-1] + LENGTH + shift,
                "score": len(starts) * LENGTH / CHARACTERS_A_WORD,
            }
            for (work_id, shift), starts in chains.items()
        ]
