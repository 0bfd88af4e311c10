"""The peer Chromaprint, with an exhaustive matcher over its raw sub-fingerprints.

Chromaprint ships no search over files; comparing bit errors at every alignment finds whatever
its fingerprints can find. Two choices are made to its advantage: stretches without variety are not
compared, since one silence matches another above most true copies, and of several ways to weigh
errors against length the one with the most recall above every false score is used.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]

# A sub-fingerprint every third of a 4096-sample frame at 11,025 Hz.
HOP_S = 4096 / 3 / 11_025
BLOCK = 8
# Three seconds: what is compared beside the whole query, so that a part of it can match.
WINDOW_BLOCKS = 3
# Distinct words of a stretch, as a share of all its words.
VARIETY_LEAST = 0.5
# Bit errors of 32; Chromaprint names no limit. Up to here one unrelated query in forty is reported.
REPORTED_ERRORS = 5
BETWEEN = 256
MATCHES_MAX = 5


def fingerprint(path: Path, fpcalc: str) -> Words:
    """A file's raw sub-fingerprints; none for what is too short or cannot be read."""
    command = [fpcalc, "-raw", "-json", "-length", "0", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    shown = json.loads(done.stdout) if done.stdout.startswith("{") else {"fingerprint": []}
    return np.array(shown["fingerprint"], np.uint32)


class Catalog:
    """All works in one row, random words between them, so that one pass compares with all."""

    def __init__(self, works: dict[str, Words]) -> None:
        """Lays the works out."""
        random = np.random.default_rng(0)
        self.work_ids = list(works)
        parts = [gap(random)]
        starts = []
        for words in works.values():
            starts.append(sum(map(len, parts)))
            parts += [words, gap(random)]
        self.row = np.concatenate(parts)
        self.starts = np.array(starts)

    def matches(self, query: Words) -> list[dict[str, Any]]:
        """The best works for a query, each at its best alignment, strongest first."""
        found: dict[int, tuple[float, float, int, int, int]] = {}
        errors = self.block_errors(query)
        for first, past in stretches(len(errors)):
            start, end = first * BLOCK, min(past * BLOCK, len(query))
            if len(np.unique(query[start:end])) < VARIETY_LEAST * (end - start):
                continue
            total = errors[first:past].sum(axis=0, dtype=np.uint32)
            for index, place in enumerate(self.best_places(total, start)):
                share = float(total[place]) / (32 * (end - start))
                score = (1 - 2 * share) * (32 * (end - start)) ** 0.25
                found[index] = max(found.get(index, (-1e9, 1.0, 0, 0, 0)), (score, share, int(place), start, end))
        best = sorted(found.items(), key=lambda item: -item[1][0])[:MATCHES_MAX]
        return [self.match(index, *figures) for index, figures in best]

    def block_errors(self, query: Words) -> NDArray[np.uint16]:
        """Bit errors of each block of the query against the row at every place of its first word."""
        places = len(self.row) - len(query) + 1
        blocks = np.zeros((-(-len(query) // BLOCK), max(places, 0)), np.uint16)
        for index, word in enumerate(query):
            blocks[index // BLOCK] += np.bitwise_count(self.row[index : index + places] ^ word)
        return blocks

    def best_places(self, total: NDArray[np.uint32], start: int) -> Iterator[int]:
        """For each work, the place of the query's first word at which a stretch of it fits best."""
        for begin, end in zip(self.starts, [*self.starts[1:], len(self.row)], strict=True):
            low, high = max(0, begin - start), min(max(0, end - BETWEEN - start), len(total))
            yield low + int(np.argmin(total[low:high])) if high > low else min(low, len(total) - 1)

    def match(self, index: int, score: float, share: float, place: int, start: int, end: int) -> dict[str, Any]:
        """A match as the scorer reads it."""
        work_start = place + start - int(self.starts[index])
        return {
            "work_id": self.work_ids[index], "score": round(float(score), 3),
            "query_start": start * HOP_S, "query_end": end * HOP_S,
            "work_start": work_start * HOP_S, "work_end": (work_start + end - start) * HOP_S,
            "tempo": None, "pitch_semitones": None, "speed": None,
            "reported": share * 32 <= REPORTED_ERRORS,
        }


def gap(random: np.random.Generator) -> Words:
    """Words like none of any work."""
    return random.integers(0, 1 << 32, BETWEEN, np.uint32)


def stretches(blocks: int) -> Iterator[tuple[int, int]]:
    """The whole query, then every window of three seconds: first block and the one past the last."""
    if blocks:
        yield 0, blocks
    if blocks > WINDOW_BLOCKS:
        yield from ((first, first + WINDOW_BLOCKS) for first in range(blocks - WINDOW_BLOCKS + 1))


def answers(
    works: Iterable[tuple[str, Path]], queries: Iterable[tuple[str, Path]], fpcalc: str,
) -> Iterator[dict[str, Any]]:
    """An answer to every query."""
    catalog = Catalog({work_id: fingerprint(path, fpcalc) for work_id, path in works})
    for file, path in queries:
        yield {"file": file, "matches": catalog.matches(fingerprint(path, fpcalc))}
