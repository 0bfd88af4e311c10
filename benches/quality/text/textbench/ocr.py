"""Errors of optical character recognition: look-alikes of the page, drops and inserts."""

from __future__ import annotations

import random
from collections.abc import Iterator

from textbench.edits import Editor
from textbench.offsets import Edit, Mapped

# Pairs that scanners confuse, each way; two letters for one among them.
CONFUSED = (
    "rn m", "l 1", "O 0", "I l", "cl d", "e c", "vv w", "S 5", "B 8", "h b", "u n", "i j", "f t", "g 9", "Z 2",
    "ii u", "nn m", "o 0", "a o", "t l", "y v", "ri n", "G 6", "q g", "s 5", ". ,", "' `",
    "\u0438 \u043d", "\u0448 \u0449", "\u043b \u043f", "\u044c \u044a", "\u0435 \u0451", "\u0446 \u0449",
    "\u0441 \u0435", "\u043c \u0438", "\u0437 3", "\u043e 0", "\u044e \u0438\u043e", "\u044b \u044c\u0456",
    "\u03bd \u03c5", "\u03b7 \u03b9", "\u03bf \u03c3", "\u03c1 \u03c0", "\u03b1 \u03bf",
    "\u672a \u672b", "\u571f \u58eb", "\u65e5 \u66f0", "\u5df1 \u5df2", "\u5927 \u592a", "\u4eba \u5165",
    "\u5929 \u592b", "\u5e72 \u5343", "\u76ee \u81ea", "\u738b \u7389", "\u53e3 \u56de", "\u529b \u5200",
    "\u30bd \u30f3", "\u30b7 \u30c4", "\u30fc \u4e00", "\u30cb \u4e8c", "\u3078 \u30d8", "\u308f \u306d",
    "\u308b \u308d", "\u306f \u307b", "\u3051 \u3052", "\u3064 \u3063", "\u30ab \u529b", "\u30ed \u53e3",
    "\uc774 \uc5b4", "\uc758 \uc774", "\ub97c \ub294", "\uc740 \uc744", "\uac00 \uac70", "\ub2e4 \ub354",
    "\u062a \u0646", "\u0628 \u064a", "\u062f \u0630", "\u0631 \u0632", "\u0639 \u063a", "\u062d \u062c",
    "\u05d3 \u05e8", "\u05d1 \u05db", "\u05d4 \u05d7", "\u05d5 \u05df", "\u05dd \u05e1",
    "\u092c \u0935", "\u092d \u092e", "\u0918 \u0927", "\u092a \u0937", "\u0e1a \u0e1b", "\u0e1c \u0e1d",
    "\u0e0a \u0e0b", "\u0e14 \u0e15", "\u0e1e \u0e1f",
)
TURNS = {old: new for pair in CONFUSED for old, new in (pair.split(), pair.split()[::-1])}
LONGEST = max(map(len, TURNS))
# Of all errors: one character for another, one lost, one too many.
SHARES = (0.65, 0.2, 0.15)


def misread(rate: float) -> Editor:
    """So many errors for each hundred characters that are no blanks."""

    def edit(mapped: Mapped, rng: random.Random) -> Mapped:
        text = mapped.text
        written = [place for place, char in enumerate(text) if not char.isspace()]
        count = min(len(written), max(1, round(rate * len(written))))
        own = sorted({char for char in text if char.isalpha()}) or ["x"]

        def edits() -> Iterator[Edit]:
            after = 0
            for place in sorted(rng.sample(written, count)):
                if place < after:
                    continue
                start, after, new = error(text, place, own, rng)
                yield start, after, new

        return mapped.edited(edits())

    return edit


def error(text: str, place: int, own: list[str], rng: random.Random) -> Edit:
    """One error at a place: a known confusion where there is one, else a letter of the same text."""
    sort = rng.choices(("swap", "drop", "insert"), SHARES)[0]
    if sort == "drop":
        return place, place + 1, ""
    if sort == "insert":
        return place, place, rng.choice((*rng.choices(own, k=3), ".", "'", " "))
    for length in range(LONGEST, 0, -1):
        seen = text[place : place + length]
        if len(seen) == length and seen in TURNS:
            return place, place + length, TURNS[seen]
    others = [char for char in rng.choices(own, k=4) if char != text[place]]
    return place, place + 1, others[0] if others else ""
