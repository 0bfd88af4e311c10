"""Edits of layout and markup: wrapped lines, HTML, Markdown, JSON strings, text out of PDF files."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from realmedia.plaintext import CJK
from textbench.offsets import Edit, Mapped, joined
from textbench.scripts import THAI, WORD

LIGATURES = {"ffi": "\ufb03", "ffl": "\ufb04", "fi": "\ufb01", "fl": "\ufb02", "ff": "\ufb00"}
NAMED = {
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\u00e9": "&eacute;", "\u00e8": "&egrave;",
    "\u00fc": "&uuml;", "\u00f6": "&ouml;", "\u00e4": "&auml;", "\u2019": "&rsquo;", "\u2014": "&mdash;",
    "\u00a0": "&nbsp;",
}
SENTENCE_END = re.compile(r"(?<=[.!?\u061f\u06d4\u0964\u05c3])\s+|(?<=[\u3002\uff01\uff1f])|\n\s*\n")
PIECE_WORDS = 8
RUNNING_HEADS = ("The Quarterly Review of Letters", "Annual Report", "Vol. XII, No. 3", "Draft \u2013 not for citation")


def reordered(mapped: Mapped, rng: random.Random) -> Mapped:
    """Sentences in another order; a single one is cut in the middle and its halves change places."""
    cuts = [0]
    for match in SENTENCE_END.finditer(mapped.text):
        rest = mapped.text[match.end() :]
        if words(mapped.text[cuts[-1] : match.end()]) >= PIECE_WORDS and words(rest[:200]) >= PIECE_WORDS:
            cuts.append(match.end())
    if len(cuts) == 1:
        found = list(WORD.finditer(mapped.text))
        cuts.append(found[len(found) // 2].start() if found else 0)
    pieces = [mapped.cut(start, end) for start, end in zip(cuts, [*cuts[1:], len(mapped.text)], strict=True)]
    order = list(range(len(pieces)))
    while order == sorted(order) and len(order) > 1:
        rng.shuffle(order)
    blank = Mapped.foreign("" if CJK.search(mapped.text) else " ")
    return joined([part for number in order for part in (pieces[number], blank)])


def words(text: str) -> int:
    """How many words a text has."""
    return sum(1 for _ in WORD.finditer(text))


def wrapped(mapped: Mapped, rng: random.Random) -> Mapped:
    """Lines of one width, words divided at their ends."""
    width = rng.choice((40, 60, 72))
    hyphen = rng.choice(("-", "-", "\u2010", "\u00ad"))
    return mapped.edited(line_ends(mapped.text, width, hyphen, rng))


def line_ends(text: str, width: int, hyphen: str, rng: random.Random) -> Iterator[Edit]:
    """A line break in every line: in place of a blank, or inside a word after a hyphen."""
    column = 0
    for match in re.finditer(r"\s+|\S+", text):
        found = match.group()
        if found.isspace():
            column = 0 if column >= width else column + 1
            new = "\n\n" if found.count("\n") > 1 else "\n" if column == 0 else " "
            column = 0 if "\n" in new else column
            if new != found:
                yield match.start(), match.end(), new
            continue
        start = match.start()
        is_unspaced = bool(CJK.search(found) or THAI.search(found))
        while column + match.end() - start > width:
            room = max(width - column, 2)
            if room >= match.end() - start:
                break
            if is_unspaced:
                start += room
                yield start, start, "\n"
            elif 2 < room < match.end() - start - 2 and found.isalpha() and rng.random() < 0.9:
                start += room
                yield start, start, f"{hyphen}\n"
            else:
                break
            column = 0
        column += match.end() - start


def html(mapped: Mapped, rng: random.Random) -> Mapped:
    """A page: paragraphs, words in elements, characters as entities, a menu and a script around."""
    numeric = rng.random() < 0.4

    def edits() -> Iterator[Edit]:
        for match in re.finditer(r"\s*\n\s*\n\s*|\S+|\s", mapped.text):
            found = match.group()
            if found.isspace():
                if "\n" in found and found.count("\n") > 1:
                    yield match.start(), match.end(), rng.choice(PARAGRAPHS)
                elif rng.random() < 0.02:
                    yield match.start(), match.end(), rng.choice(("<br>", "&nbsp;", "\n", '<a id="n3"></a> '))
                continue
            opened, closed = element(rng) if rng.random() < 0.06 else ("", "")
            if opened:
                yield match.start(), match.start(), opened
            for place, char in enumerate(found, match.start()):
                new = entity(char, numeric, rng)
                if new != char:
                    yield place, place + 1, new
            if closed:
                yield match.end(), match.end(), closed

    head, foot = HTML_FRAME
    return joined([Mapped.foreign(head), mapped.edited(edits()), Mapped.foreign(foot)])


PARAGRAPHS = ("</p>\n<p>", '</p>\n\n<p class="body">', "<br/><br/>\n")
HTML_FRAME = (
    '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>Page</title>\n<style>p { margin: 0 0 1em; }</style>'
    '\n<script>window.dataLayer = window.dataLayer || [];</script></head>\n<body>\n<nav><a href="/">Home</a> '
    '<a href="/archive">Archive</a></nav>\n<div class="article"><p>',
    "</p></div>\n<footer>Share this page</footer>\n</body></html>\n",
)


def element(rng: random.Random) -> tuple[str, str]:
    """Tags to stand around a word."""
    name = rng.choice(("b", "i", "em", "strong", "span", "a", "code"))
    attributes = {"a": f' href="/page/{rng.randint(1, 999)}"', "span": ' class="hl"'}.get(name, "")
    return f"<{name}{attributes}>", f"</{name}>"


def entity(char: str, numeric: bool, rng: random.Random) -> str:
    """A character as HTML has it."""
    if char in "&<>":
        return NAMED[char]
    if numeric and ord(char) > 126:
        return f"&#{ord(char)};" if rng.random() < 0.5 else f"&#x{ord(char):x};"
    return NAMED[char] if char in NAMED and rng.random() < 0.6 else char


def markdown(mapped: Mapped, rng: random.Random) -> Mapped:
    """Headings, emphasis, links, quotation marks at line starts, escapes."""
    quoted = rng.random() < 0.3

    def edits() -> Iterator[Edit]:
        for match in re.finditer(r"\n+|[*_#`\[\]]|[^\s*_#`\[\]]+", mapped.text):
            found, start, end = match.group(), match.start(), match.end()
            if found.startswith("\n"):
                line = "> " if quoted else rng.choice(("", "", "", "- ", "## ", "1. "))
                if line:
                    yield end, end, line
            elif found in "*_#`[]":
                yield start, start, "\\"
            elif rng.random() < 0.08:
                opened, closed = rng.choice((("**", "**"), ("_", "_"), ("`", "`"), ("[", "](https://example.org/a/7)")))
                yield start, start, opened
                yield end, end, closed

    title = Mapped.foreign("# Notes\n\n> " if quoted else "# Notes\n\n")
    return joined([title, mapped.edited(edits())])


def json_string(mapped: Mapped, rng: random.Random) -> Mapped:
    """The inside of a JSON string with its escapes, in an object or as it is."""
    ascii_only = rng.random() < 0.6

    def edits() -> Iterator[Edit]:
        for place, char in enumerate(mapped.text):
            new = escaped(char, ascii_only)
            if new != char:
                yield place, place + 1, new

    inside = mapped.edited(edits())
    if rng.random() < 0.5:
        return inside
    head = Mapped.foreign('{"id": 4711, "lang": null, "text": "')
    return joined([head, inside, Mapped.foreign('", "score": 0.91}')])


def escaped(char: str, ascii_only: bool) -> str:
    """A character as JSON has it inside a string."""
    known = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    if char in known:
        return known[char]
    if char >= " " and (not ascii_only or char < "\u007f"):
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def pdf(mapped: Mapped, rng: random.Random) -> Mapped:
    """Copied out of a PDF file: ligatures, lines as set, running heads and page numbers between."""
    head, page = rng.choice(RUNNING_HEADS), rng.randint(3, 480)
    lines_left = rng.randint(1, 6)
    set_lines = mapped.edited(line_ends(mapped.text, rng.choice((58, 70)), "-", rng))

    def edits() -> Iterator[Edit]:
        nonlocal page, lines_left
        for match in re.finditer(r"\n|ffi|ffl|fi|fl|ff", set_lines.text):
            if match.group() in LIGATURES:
                yield match.start(), match.end(), LIGATURES[match.group()]
                continue
            lines_left -= 1
            if lines_left <= 0:
                yield match.end(), match.end(), f"{page}\n\x0c{head}\n"
                page, lines_left = page + 1, rng.randint(18, 40)

    return set_lines.edited(edits())
