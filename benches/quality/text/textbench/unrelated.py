"""Rows that hold nothing registered, and those of them that turn out to."""

from __future__ import annotations

import random
from collections.abc import Iterator

from textbench import attacks, boilerplate
from textbench.offsets import Mapped
from textbench.pool import BIBLES, Section
from textbench.scripts import dominant, word_count
from textbench.shingles import NEAR_WORDS
from textbench.studio import Studio, piece
from textbench.truth import FORMULA, LICENSE, QUOTATION, REUSE, UNRELATED, Row

# Of a hundred rows so many of each sort.
SORTS = (
    ("same-genre", UNRELATED, 38), ("long", UNRELATED, 4), ("translation", UNRELATED, 6), ("numbers", UNRELATED, 6),
    ("quotation", QUOTATION, 18), ("licence", LICENSE, 12), ("boilerplate", FORMULA, 10), ("formula", FORMULA, 6),
)
WORDS = (20, 1_500)
LONG_WORDS = (4_000, 20_000)
QUOTED_WORDS = (5, 12)
QUOTED_FROM_WORDS = 200
DRESSED = 0.35
DRESSINGS = tuple(a for a in attacks.ATTACKS if a.name in ("html", "markdown", "json", "pdf", "hyphens", "case"))
OVERLAPS_TOLD = 3


def planned(count: int) -> Iterator[tuple[str, str, int]]:
    """The sort and kind of every row, and its number within the sort."""
    for sort, kind, percent in SORTS:
        for number in range(round(count * percent / 100)):
            yield sort, kind, number


def make(sort: str, kind: str, number: int, studio: Studio, rng: random.Random) -> Row:
    """One row; `reuse` where thirteen words in a row stand in a work after all."""
    quoted = ""
    if sort == "quotation":
        text, quoted = quotation(number, studio, rng)
    else:
        text = plain(sort, number, studio, rng)
    held = studio.index.shared(text)
    near = studio.index.shared(text, NEAR_WORDS)[:OVERLAPS_TOLD]
    row = Mapped.foreign(text)
    if sort != "long" and rng.random() < DRESSED:
        row = rng.choice(DRESSINGS).edit(row, rng)
    return Row(
        f"{sort}-{number:04}", REUSE if held else kind, sort, word_count(text), dominant(text)[0],
        REUSE if held else kind, row.text,
        shared_with=tuple(sorted(studio.works[one.work].work_id for one in held)),
        overlap=tuple((studio.works[one.work].work_id, round(one.words)) for one in near), quoted=quoted,
    )


def plain(sort: str, number: int, studio: Studio, rng: random.Random) -> str:
    """The text of a row that quotes nothing on purpose."""
    words = spread(rng, WORDS)
    if sort == "boilerplate":
        return with_prose(boilerplate.notice(rng), studio, rng)
    if sort == "formula":
        return with_prose(boilerplate.formula(rng), studio, rng)
    if sort == "numbers":
        return boilerplate.numbers(rng)
    if sort == "licence":
        text = rng.choice(studio.licenses)
        return text if rng.random() < 0.3 else with_prose(piece(text, min(words, 400), rng), studio, rng)
    if sort == "long":
        return from_section(chosen(studio.sections, number, rng), spread(rng, LONG_WORDS), rng)
    if sort == "translation":
        bibles = [section for section in studio.sections if section.group in BIBLES]
        return from_section(rng.choice(bibles), words, rng)
    return from_section(chosen(studio.sections, number, rng), words, rng)


def with_prose(text: str, studio: Studio, rng: random.Random) -> str:
    """A text, in half of the cases after or before a chunk of unrelated prose."""
    if rng.random() < 0.5:
        return text
    pair = [text, studio.chunk("latin", rng)]
    rng.shuffle(pair)
    return "\n\n".join(pair)


def from_section(section: Section, words: int, rng: random.Random) -> str:
    """So many words of a section, or all of a shorter one."""
    return piece(section.text, words, rng) or section.text[:2_000]


def chosen(sections: list[Section], number: int, rng: random.Random) -> Section:
    """A section of one group after the other, so that small languages are asked about too."""
    groups = sorted({section.group for section in sections})
    group = groups[number % len(groups)]
    return rng.choice([section for section in sections if section.group == group])


def spread(rng: random.Random, bounds: tuple[int, int]) -> int:
    """A length between two bounds, short ones as likely as long ones."""
    ratio: float = (bounds[1] / bounds[0]) ** rng.random()
    return round(bounds[0] * ratio)


def quotation(number: int, studio: Studio, rng: random.Random) -> tuple[str, str]:
    """Unrelated prose with five to twelve words of a work in it, and that work's id."""
    for _ in range(20):
        words = rng.randint(*QUOTED_WORDS)
        passage = studio.passage(words, studio.draw_script(number, rng), rng)
        if passage is None or len(studio.words(passage.work)[0]) < QUOTED_FROM_WORDS:
            continue
        host = studio.chunk(passage.script, rng)
        gap = rng.choice([i for i, char in enumerate(host) if char.isspace()] or [len(host)])
        left, right = rng.choice((("\u201c", "\u201d"), ('"', '"'), ("\n\n", "\n\n"), ("", "")))
        text = f"{host[:gap]} {left}{passage.text}{right} {host[gap:].lstrip()}"
        return text, studio.works[passage.work].work_id
    raise SystemExit("no work is long enough to be quoted")
