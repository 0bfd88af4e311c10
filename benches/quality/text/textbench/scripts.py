"""Scripts, words and tokens: how lengths are counted in writing with and without blanks."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from realmedia.plaintext import CJK

SCRIPTS = (
    "latin", "cyrillic", "greek", "arabic", "han", "japanese", "hangul", "devanagari", "thai", "hebrew",
    "bengali", "tamil",
)
# A character's script by the first word of its name in Unicode.
_BY_NAME = {
    "LATIN": "latin", "CYRILLIC": "cyrillic", "GREEK": "greek", "ARABIC": "arabic", "CJK": "han",
    "HIRAGANA": "japanese", "KATAKANA": "japanese", "KATAKANA-HIRAGANA": "japanese", "HANGUL": "hangul",
    "DEVANAGARI": "devanagari", "THAI": "thai", "HEBREW": "hebrew", "BENGALI": "bengali", "TAMIL": "tamil",
}
# A kana to seven characters makes Han writing Japanese.
KANA_SHARE = 1 / 7


THAI = re.compile("[\u0e01-\u0e4e]")


def _ranges(codes: Iterable[int]) -> str:
    """Code points as the inside of a character class."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


def _in_words(char: str) -> bool:
    """Letters, digits and combining marks: vowel signs belong to the word they stand in."""
    spaced = not CJK.match(char) and not THAI.match(char)
    return spaced and (char.isalnum() or unicodedata.category(char).startswith("M"))


LETTERS = _ranges(code for code in range(sys.maxunicode) if _in_words(chr(code)))
UNSPACED = rf"(?:{CJK.pattern}|{THAI.pattern})"
# Two Chinese, Japanese or Korean characters, or four Thai ones, are counted as a word.
WORD = re.compile(rf"{CJK.pattern}{{1,2}}|{THAI.pattern}{{1,4}}|(?:(?!{UNSPACED})\S)+")
TOKEN = re.compile(rf"[{LETTERS}]+|{CJK.pattern}|{THAI.pattern}")
# A quarter of a word is the unit in which tokens are weighed.
WORD_WEIGHT = 4


@lru_cache(maxsize=1 << 20)
def weight(token: str) -> int:
    """A token's weight, in quarters of a word."""
    if len(token) > 1:
        return WORD_WEIGHT
    if CJK.match(token):
        return 2
    return 1 if THAI.match(token) else WORD_WEIGHT


@lru_cache(maxsize=1 << 17)
def script_of(char: str) -> str:
    """A letter's script; empty for anything else and for scripts that the bench has no texts in."""
    if not char.isalpha():
        return ""
    return _BY_NAME.get(unicodedata.name(char, "").split(" ")[0], "other")


def dominant(text: str) -> tuple[str, float]:
    """The script most letters are in, and their share; `none` where there are no letters."""
    counts = Counter(filter(None, map(script_of, text)))
    if counts["japanese"] >= KANA_SHARE * counts["han"] > 0:
        counts["japanese"] += counts.pop("han")
    total = counts.total()
    if not total:
        return "none", 0.0
    script, most = max(counts.items(), key=lambda item: (item[1], item[0]))
    return script, most / total


def word_count(text: str) -> int:
    """Words as the bench counts lengths."""
    return sum(1 for _ in WORD.finditer(text))
