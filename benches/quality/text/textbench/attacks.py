"""Every attack of the bench, in the order of its figures."""

from __future__ import annotations

import random
from dataclasses import dataclass

from textbench import edits, markup, ocr
from textbench.edits import Editor
from textbench.offsets import Mapped, joined

LENGTHS = (20, 50, 100, 300, 1000)
VERBATIM, TWO_WORKS, LONG_ROW, MIXTURE, WHOLE = "verbatim", "two-works", "long-row", "mixture", "whole-short-work"


def unchanged(mapped: Mapped, _: random.Random) -> Mapped:
    """The text as it is."""
    return mapped


@dataclass(frozen=True)
class Attack:
    """One way to alter a row.

    `on_row` edits take what stands around the passage too, as whoever scans or marks up a page does.
    Edits of one `group` are not mixed with each other.
    """

    name: str
    group: str
    edit: Editor = unchanged
    on_row: bool = True
    in_mixtures: bool = True

    @property
    def rank(self) -> int:
        """When it is applied in a mixture: words first, characters next, layout and markup last."""
        return ("words", "noise", "ocr", "layout", "markup").index(self.group)


def all_attacks() -> tuple[Attack, ...]:
    """Every attack."""
    return (
        Attack(VERBATIM, "verbatim", in_mixtures=False),
        Attack("case", "noise", edits.case),
        Attack("whitespace", "noise", edits.blanks),
        Attack("punctuation", "noise", edits.punctuation),
        Attack("look-alikes", "noise", edits.look_alikes),
        Attack("marks", "noise", edits.marks),
        *(Attack(f"ocr-{n}%", "ocr", ocr.misread(n / 100), in_mixtures=n == 1) for n in (1, 3, 5)),
        *(
            Attack(f"words-{n}%", "words", edits.other_words(n / 100), on_row=False, in_mixtures=n == 5)
            for n in (5, 10, 20)
        ),
        Attack("reorder", "words", markup.reordered, on_row=False),
        Attack("hyphens", "layout", markup.wrapped),
        Attack("html", "markup", markup.html),
        Attack("markdown", "markup", markup.markdown),
        Attack("json", "markup", markup.json_string),
        Attack("pdf", "layout", markup.pdf),
        Attack(TWO_WORKS, "several", in_mixtures=False),
        Attack(LONG_ROW, "inside", in_mixtures=False),
        Attack(MIXTURE, "mixture", in_mixtures=False),
    )


ATTACKS = all_attacks()
LINKS = tuple(attack for attack in ATTACKS if attack.in_mixtures)


def mixed(rng: random.Random) -> tuple[Attack, ...]:
    """Two attacks of different groups, in the order in which they come about."""
    first = rng.choice(LINKS)
    second = rng.choice([attack for attack in LINKS if attack.group != first.group])
    return tuple(sorted((first, second), key=lambda attack: attack.rank))


def applied(chain: tuple[Attack, ...], passage: Mapped, before: str, after: str, rng: random.Random) -> Mapped:
    """A passage between two other texts after all attacks."""
    for attack in chain:
        if not attack.on_row:
            passage = attack.edit(passage, rng)
    row = framed(passage, before, after)
    for attack in chain:
        if attack.on_row:
            row = attack.edit(row, rng)
    return row


def framed(passage: Mapped, before: str, after: str) -> Mapped:
    """A passage between two other texts, each a paragraph of its own."""
    whole = Mapped.foreign(before + "\n\n" if before else "")
    end = Mapped.foreign("\n\n" + after if after else "")
    return joined([whole, passage, end])
