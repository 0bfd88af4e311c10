"""What every query may draw from: works by script, passages, and unrelated text to put around them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from textbench.pool import Section
from textbench.scripts import WORD, dominant, script_of, word_count
from textbench.shingles import Index
from textbench.works import ThirdText, Work

SCRIPT_SHARE_MIN = 0.6
# A script is asked about where works hold at least so many letters of it.
WORK_LETTERS_MIN = 0.15
LETTERS_MIN = 0.55
# A dash or the corner of a table is no word.
SPOKEN_MIN = 0.85
REPEATED_MAX = 0.2
TRIES = 60
CHUNK_WORDS = (40, 320)
CHUNKS = {"latin": 1_400, "other": 260}


@dataclass(frozen=True)
class Passage:
    """So many words of a work."""

    work: int
    start: int
    text: str
    script: str


@dataclass
class Studio:
    """Registered works with their shingles, and unrelated prose by script."""

    works: list[Work]
    index: Index
    thirds: list[ThirdText]
    sections: list[Section]
    licenses: list[str]
    chunks: dict[str, list[str]] = field(default_factory=dict)
    _words: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=dict)
    _by_script: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.number = {work.work_id: number for number, work in enumerate(self.works)}
        for number, work in enumerate(self.works):
            for script in scripts_in(work.text):
                self._by_script.setdefault(script, {}).setdefault(work.group, []).append(number)

    @property
    def scripts(self) -> list[str]:
        """Scripts that works are in, Latin first."""
        return ["latin", *sorted(set(self._by_script) - {"latin", "other", "none"})]

    def words(self, work: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the words of a work begin and end."""
        if work not in self._words:
            found = [match.span() for match in WORD.finditer(self.works[work].text)]
            pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
            self._words[work] = (pairs[:, 0], pairs[:, 1])
        return self._words[work]

    def draw_script(self, index: int, rng: random.Random) -> str:
        """Latin for every other query, for the rest any of the other scripts."""
        return "latin" if index % 2 == 0 else rng.choice(self.scripts[1:])

    def passage(self, words: int, script: str, rng: random.Random) -> Passage | None:
        """A passage of so many words that stands once in its work; None where there is none."""
        groups = self._by_script.get(script, {})
        spare: Passage | None = None
        for _ in range(TRIES):
            work = rng.choice(groups[rng.choice(sorted(groups))])
            starts, ends = self.words(work)
            if len(starts) < words:
                continue
            first = rng.randint(0, len(starts) - words)
            begin, end = int(starts[first]), int(ends[first + words - 1])
            found = Passage(work, begin, self.works[work].text[begin:end], script)
            if not is_prose(found.text, script):
                continue
            if self.index.repeats(found.text, work) <= REPEATED_MAX:
                return found
            spare = spare or found
        return spare

    def chunk(self, script: str, rng: random.Random) -> str:
        """Unrelated prose in a script, or in Latin letters where there is none in it."""
        return rng.choice(self.chunks.get(script) or self.chunks["latin"])

    def around(self, script: str, rng: random.Random) -> tuple[str, str]:
        """Unrelated text to stand before and after a passage."""
        return self.chunk(script, rng), self.chunk(script, rng)


def scripts_in(text: str) -> list[str]:
    """Scripts with a fair part of a text's letters."""
    step = max(1, len(text) // 20_000)
    counts = merge_kana(Counter(filter(None, map(script_of, text[::step]))))
    return [script for script, letters in counts.items() if letters >= WORK_LETTERS_MIN * counts.total()]


def merge_kana(counts: Counter[str]) -> Counter[str]:
    """Counts with Han letters beside kana taken for Japanese."""
    merged = Counter(counts)
    if merged["japanese"] * 7 >= merged["han"] > 0:
        merged["japanese"] += merged.pop("han")
    return merged


def is_prose(text: str, script: str) -> bool:
    """Whether a passage is mostly letters and words, and those of the script asked for."""
    found, share = dominant(text)
    words = WORD.findall(text)
    if sum(any(map(str.isalnum, word)) for word in words) < SPOKEN_MIN * len(words):
        return False
    solid = [char for char in text if not char.isspace()]
    letters = sum(char.isalpha() or ord(char) > 0x300 for char in solid)
    return found == script and share >= SCRIPT_SHARE_MIN and letters >= LETTERS_MIN * len(solid)


def cut_chunks(studio: Studio, sections: Sequence[Section], rng: random.Random) -> None:
    """Fills the studio with pieces of unregistered texts that say nothing the works say."""
    by_group: dict[str, list[Section]] = {}
    for section in sections:
        by_group.setdefault(section.group, []).append(section)
    for _ in range(12 * CHUNKS["latin"]):
        section = rng.choice(by_group[rng.choice(sorted(by_group))])
        text = piece(section.text, rng.randint(*CHUNK_WORDS), rng)
        script, share = dominant(text)
        held = studio.chunks.setdefault(script, [])
        if share < SCRIPT_SHARE_MIN or len(held) >= CHUNKS.get(script, CHUNKS["other"]):
            continue
        if word_count(text) >= CHUNK_WORDS[0] // 2 and studio.index.is_unrelated(text):
            held.append(text)


def piece(text: str, words: int, rng: random.Random) -> str:
    """About so many words from a random place of a text, without reading all of it."""
    window = words * 9 + 200
    start = rng.randrange(max(1, len(text) - window // 2))
    found = list(WORD.finditer(text[start : start + window]))[1 : words + 1]
    return text[start + found[0].start() : start + found[-1].end()] if found else ""
