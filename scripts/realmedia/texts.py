"""Texts: registered documents in three formats, quotations inside other prose, truth checks."""

from __future__ import annotations

import html
import random
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from realmedia.items import Asset, Item, Spans
from realmedia.plaintext import CJK

# A token is a word; a Chinese or Japanese character is one alone.
TOKEN = re.compile(rf"{CJK.pattern}|(?:(?!{CJK.pattern})[^\W_])+")
# A word as counted for lengths: between blanks, or two Chinese or Japanese characters.
WORD = re.compile(rf"{CJK.pattern}{{1,2}}|(?:(?!{CJK.pattern})\S)+")
# Two texts that share this many tokens in a row share a passage.
SHARED_TOKENS = 13
# Unrelated rows may share no run even of this many with anything registered.
UNRELATED_TOKENS = 8
QUOTE_WORDS = (50, 100, 300)
# Longer documents are registered up to here, so that the run stays short.
TEXT_MAX_CHARACTERS = 40_000


def tokens(text: str) -> list[str]:
    """Words in one case; punctuation and layout do not count."""
    return TOKEN.findall(text.casefold())


def shingles(text: str, count: int) -> set[int]:
    """Hashes of all runs of `count` tokens; they hold within one process only."""
    found = tokens(text)
    return {hash(tuple(found[i : i + count])) for i in range(len(found) - count + 1)}


def load(path: Path) -> str:
    """A document, cut at a paragraph's end where it is long."""
    text = path.read_text(encoding="utf-8").strip()
    if len(text) <= TEXT_MAX_CHARACTERS:
        return text
    end = text.rfind("\n\n", 0, TEXT_MAX_CHARACTERS)
    return text[: end if end > TEXT_MAX_CHARACTERS // 2 else TEXT_MAX_CHARACTERS]


def write_asset(text: str, title: str, target: Path, extension: str) -> Path:
    """Registers a document as plain text, Markdown or HTML."""
    dressed = {"txt": str, "md": lambda t: markdown(t, title), "html": lambda t: page(t, title)}
    target = target.with_name(f"{target.name}.{extension}")
    target.write_text(dressed[extension](text), encoding="utf-8")
    return target


def markdown(text: str, title: str) -> str:
    """A heading, and the first word of every paragraph in bold."""
    paragraphs = (re.sub(r"^(\w+)", r"**\1**", p) for p in text.split("\n\n"))
    return f"# {title}\n\n" + "\n\n".join(paragraphs)


def page(text: str, title: str) -> str:
    """An HTML page with one element a paragraph."""
    body = "\n".join(f"<p>{html.escape(p)}</p>" for p in text.split("\n\n"))
    name = html.escape(title)
    head = f'<meta charset="utf-8"><title>{name}</title>'
    return f"<!DOCTYPE html>\n<html><head>{head}</head>\n<body><h1>{name}</h1>\n{body}\n</body></html>\n"


@dataclass
class Passages:
    """What the registered texts say, to tell quotations apart and keep unrelated rows clean."""

    texts: dict[str, str]
    owners: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    short: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for work_id, text in self.texts.items():
            self.short |= shingles(text, UNRELATED_TOKENS)
            for mark in shingles(text, SHARED_TOKENS):
                self.owners[mark].add(work_id)

    def is_unrelated(self, text: str) -> bool:
        """Whether a text shares no run of `UNRELATED_TOKENS` with any registered work."""
        return self.short.isdisjoint(shingles(text, UNRELATED_TOKENS))

    def is_unambiguous(self, quote: str) -> bool:
        """Whether every passage of a quotation belongs to one work alone."""
        return all(len(self.owners[mark]) == 1 for mark in shingles(quote, SHARED_TOKENS))

    def related(self) -> list[tuple[str, str]]:
        """Pairs of works that share a passage: listings, quotations of a third text."""
        pairs = {pair for owners in self.owners.values() for pair in combinations(sorted(owners), 2)}
        return sorted(pairs)


@dataclass(frozen=True)
class Prose:
    """Unrelated documents, cut into chunks that quote nothing registered."""

    chunks: list[str]

    @classmethod
    def cut(cls, rng: random.Random, paths: Iterable[Path], passages: Passages, count: int) -> Prose:
        """`count` chunks of 150 to 900 words from random documents and places."""
        sources = list(paths)
        chunks: list[str] = []
        while len(chunks) < count:
            chunk = stretch(rng, load(rng.choice(sources)), rng.randint(150, 900))
            if passages.is_unrelated(chunk[0]):
                chunks.append(chunk[0])
        return cls(chunks)

    def sentence(self, rng: random.Random) -> str:
        """A dozen words in a row, as a caption."""
        return " ".join(stretch(rng, rng.choice(self.chunks), 12)[0].split())


def stretch(rng: random.Random, text: str, words: int) -> tuple[str, int]:
    """A stretch of about `words` whole words from a random place, and where it starts."""
    found = list(WORD.finditer(text))
    first = rng.randint(0, max(0, len(found) - words))
    last = min(first + words, len(found)) - 1
    start = found[first].start()
    return text[start : found[last].end()], start


def quotation(rng: random.Random, asset: Asset, host: str, words: int, passages: Passages) -> Item | None:
    """`words` consecutive words inside a host; None where the work holds no passage of its own.

    Places in the work are known for plain text only: markup moves them.
    """
    for _ in range(30):
        quote, start = stretch(rng, asset.text, words)
        if len(tokens(quote)) >= words * 0.8 and passages.is_unambiguous(quote):
            break
    else:
        return None
    gaps = [match.start() for match in re.finditer(r"\s", host)] or [len(host)]
    at = rng.choice(gaps)
    text = f"{host[:at]}\n\n{quote}\n\n{host[at:].lstrip()}"
    is_plain = asset.path.suffix == ".txt"
    spans = Spans(at + 2, at + 2 + len(quote), *((start, start + len(quote)) if is_plain else ()))
    return Item("text", text, "txt", f"quote-{words}-words", asset.work_id, spans)


def whole_copy(rng: random.Random, asset: Asset, attack: str) -> Item:
    """The whole document: the same, in another case, or with lines broken elsewhere."""
    if attack == "whole-case":
        text = rng.choice((str.upper, str.lower, str.title))(asset.text)
    elif attack == "whole-rewrapped":
        width = rng.choice((60, 72, 100))
        paragraphs = asset.text.split("\n\n")
        text = "\n".join(textwrap.fill(p, width, break_on_hyphens=False) for p in paragraphs)
    else:
        text = asset.text
    return Item("text", text, "txt", attack, asset.work_id, Spans(0, len(text), 0, len(asset.text)))


WHOLE_ATTACKS = ("whole-unchanged", "whole-case", "whole-rewrapped")


def is_dominated_by_shared(text: str, counts: dict[int, int]) -> bool:
    """Whether over a third of a document stands in several others too: forms, licenses, lists."""
    marks = shingles(text, SHARED_TOKENS)
    shared = sum(counts.get(mark, 0) > 2 for mark in marks)
    return not marks or shared > len(marks) / 3
