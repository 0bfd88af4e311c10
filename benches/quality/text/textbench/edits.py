"""Edits of characters and words: case, blanks, punctuation, look-alikes, marks, OCR, other words.

An edit takes the text, a random generator and yields replacements in order (offsets.py). `Editor`
is the type; what needs a strength is made by a function that takes it.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator

from realmedia.plaintext import CJK
from textbench.offsets import Edit, Mapped
from textbench.scripts import THAI, WORD, script_of

Editor = Callable[[Mapped, random.Random], Mapped]

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
LOOK_ALIKES = {
    **dict(zip("aceiopsxyABCEHIKMOPTXjh", "\u0430\u0441\u0435\u0456\u043e\u0440\u0455\u0445\u0443\u0410\u0412"
               "\u0421\u0415\u041d\u0406\u041a\u041c\u041e\u0420\u0422\u0425\u0458\u04bb", strict=True)),
    **dict(zip("\u0430\u0441\u0435\u0456\u043e\u0440\u0445\u0443\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e"
               "\u0420\u0422\u0425", "aceiopxyABCEHKMOPTX", strict=True)),
    **dict(zip("\u03bf\u03b1\u03bd\u03c1\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7",
               "oavpABEHIKMNOPTX", strict=True)),
}
PUNCTUATION = {
    '"': "\u201c\u201d\u201e\u00ab\u00bb", "'": "\u2019\u2018\u02bc", "-": "\u2013\u2014\u2212\u2010", ",": ";\u060c",
    ".": "\u2026!", ":": ";\uff1a", "(": "[\uff08", ")": "]\uff09", "\u3001": ",\uff0c", "\u3002": ".\uff0e",
    "\u201c": '"', "\u201d": '"', "\u2019": "'", "\u2018": "'", "\u2014": "-", "\u2013": "-",
}
# What is left of a mark that is taken out.
TAKEN_OUT = ("", "", "", "", " ")
STRESS = "\u0301\u0300\u0308\u0323\u0332"


def per_character(change: Callable[[str, random.Random], str | None]) -> Editor:
    """An editor out of what becomes of one character; None leaves it."""

    def edit(mapped: Mapped, rng: random.Random) -> Mapped:
        def edits() -> Iterator[Edit]:
            for place, char in enumerate(mapped.text):
                new = change(char, rng)
                if new is not None and new != char:
                    yield place, place + 1, new

        return mapped.edited(edits())

    return edit


def case(mapped: Mapped, rng: random.Random) -> Mapped:
    """All capitals, all small, every word capitalised, or letters at random."""
    way = rng.choice(("upper", "lower", "title", "mixed"))

    def edits() -> Iterator[Edit]:
        before = " "
        for place, char in enumerate(mapped.text):
            up = way == "upper" or (way == "title" and not before.isalpha()) or (way == "mixed" and rng.random() < 0.5)
            new = char.upper() if up else char.lower()
            before = char
            if new != char:
                yield place, place + 1, new

    return mapped.edited(edits())


def blanks(mapped: Mapped, rng: random.Random) -> Mapped:
    """Blanks doubled, changed for others, and put where words have none."""
    kinds = ("  ", "\t", "\n", "\n\n", "\u00a0", "\u2003", " \n ", "\r\n", "\u3000")

    def edits() -> Iterator[Edit]:
        for match in re.finditer(r"\s+", mapped.text):
            if rng.random() < 0.5:
                yield match.start(), match.end(), rng.choice(kinds)

    spaced = mapped.edited(edits())
    if not CJK.search(spaced.text) and not THAI.search(spaced.text):
        return spaced
    return spaced.edited(
        (place, place, rng.choice((" ", "\n", "\u3000"))) for place in range(1, len(spaced.text)) if rng.random() < 0.08
    )


def punctuation(mapped: Mapped, rng: random.Random) -> Mapped:
    """All punctuation taken out, or marks changed for others of their kind and some added."""
    if rng.random() < 0.5:
        return per_character(lambda char, lot: lot.choice(TAKEN_OUT) if is_mark(char) else None)(mapped, rng)

    def change(char: str, lot: random.Random) -> str | None:
        if char in PUNCTUATION and lot.random() < 0.8:
            return lot.choice(PUNCTUATION[char])
        if is_mark(char) and lot.random() < 0.3:
            return ""
        return lot.choice((", ", " \u2014 ", "; ", "... ")) if char == " " and lot.random() < 0.06 else None

    return per_character(change)(mapped, rng)


def is_mark(char: str) -> bool:
    """Whether a character is punctuation."""
    return unicodedata.category(char).startswith("P")


def look_alikes(mapped: Mapped, rng: random.Random) -> Mapped:
    """A fifth to a half of the letters that look like another script's, and characters without width."""
    rate = rng.uniform(0.2, 0.5)
    swapped = per_character(
        lambda char, lot: LOOK_ALIKES[char] if char in LOOK_ALIKES and lot.random() < rate else None
    )
    hidden = swapped(mapped, rng)
    density = rng.uniform(0.02, 0.08)
    return hidden.edited(
        (place, place, rng.choice(ZERO_WIDTH)) for place in range(1, len(hidden.text)) if rng.random() < density
    )


def marks(mapped: Mapped, rng: random.Random) -> Mapped:
    """Decomposed, in wide or presentation forms, with marks added, or vowel points taken out."""
    scripts = {script_of(char) for char in mapped.text[:2_000]}
    if scripts & {"arabic", "hebrew"}:
        way = rng.choice((unpointed, presentation, decomposed))
    else:
        way = rng.choice((decomposed, wide, stressed))
    return way(mapped, rng)


def decomposed(mapped: Mapped, rng: random.Random) -> Mapped:
    """Normalisation form D; Korean syllables fall into their letters."""
    return per_character(lambda char, _: unicodedata.normalize("NFD", char))(mapped, rng)


def wide(mapped: Mapped, rng: random.Random) -> Mapped:
    """Full-width forms of what has them, and NFD of the rest."""

    def change(char: str, _: random.Random) -> str:
        return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else unicodedata.normalize("NFD", char)

    return per_character(change)(mapped, rng)


def stressed(mapped: Mapped, rng: random.Random) -> Mapped:
    """Combining marks over one letter in eight."""
    return per_character(
        lambda char, lot: char + lot.choice(STRESS) if char.isalpha() and lot.random() < 0.12 else None
    )(mapped, rng)


def unpointed(mapped: Mapped, rng: random.Random) -> Mapped:
    """Without vowel points and accents; where there are none, with lengthening strokes (Arabic)."""
    points = [char for char in mapped.text if unicodedata.combining(char)]
    if points:
        return per_character(lambda char, _: "" if unicodedata.combining(char) else None)(mapped, rng)
    return per_character(
        lambda char, lot: char + "\u0640" if script_of(char) == "arabic" and lot.random() < 0.1 else None
    )(mapped, rng)


def _presentation_forms() -> dict[str, str]:
    """One presentation form for each letter of Arabic and Hebrew that has one."""
    forms: dict[str, str] = {}
    for code in (*range(0xFB1D, 0xFB50), *range(0xFE80, 0xFEF5)):
        parts = unicodedata.decomposition(chr(code)).split()
        if len(parts) == 2 and parts[0].startswith("<"):
            forms.setdefault(chr(int(parts[1], 16)), chr(code))
    return forms


FORMS = _presentation_forms()


def presentation(mapped: Mapped, rng: random.Random) -> Mapped:
    """Letters in the forms of old fonts, as some PDF files give them."""
    return per_character(lambda char, _: FORMS.get(char))(mapped, rng)


def other_words(rate: float) -> Editor:
    """A share of the words changed for others of the same passage."""

    def edit(mapped: Mapped, rng: random.Random) -> Mapped:
        words = [match for match in WORD.finditer(mapped.text) if any(map(str.isalnum, match.group()))]
        if len(words) < 4:
            return mapped
        chosen = sorted(rng.sample(range(len(words)), max(1, round(rate * len(words)))))
        spoken = [match.group() for match in words]

        def edits() -> Iterator[Edit]:
            for number in chosen:
                others = [word for word in rng.sample(spoken, min(8, len(spoken))) if word != spoken[number]]
                if others:
                    yield words[number].start(), words[number].end(), others[0]

        return mapped.edited(edits())

    return edit
