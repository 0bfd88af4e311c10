"""Turns packaged documents (HTML, manual pages, POD, reStructuredText and more) into plain text.

The texts are registered and quoted as the plain text made here, so what matters is that
prose survives in order and page furniture (menus, headers, footers) does not.
"""

from __future__ import annotations

import gzip
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

from realmedia import formats

BLOCKS = frozenset("p li pre h1 h2 h3 h4 h5 dt dd td th blockquote div br tr".split())
DROPPED = frozenset("script style nav head footer header".split())
VOID = frozenset("br img hr input meta link col".split())
FURNITURE = re.compile(r"docnav|navheader|navfooter|toc|sphinxsidebar|footer")

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class _Prose(HTMLParser):
    """Collects text outside page furniture, one line per block element."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open_dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        is_furniture = tag in DROPPED or FURNITURE.search(dict(attrs).get("class") or "")
        if self.open_dropped or is_furniture:
            if tag not in VOID:
                self.open_dropped.append(tag)
        elif tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self.open_dropped:
            # Unclosed elements inside a dropped one close with it.
            if tag in self.open_dropped:
                while self.open_dropped.pop() != tag:
                    pass
        elif tag in BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.open_dropped:
            self.parts.append(data)


def from_html(markup: str) -> str:
    """Prose of an HTML page, paragraphs separated by blank lines."""
    parser = _Prose()
    parser.feed(markup)
    parser.close()
    paragraphs = (" ".join(p.split()) for p in re.split(r"\n\s*\n", "".join(parser.parts)))
    return "\n\n".join(p for p in paragraphs if p)


def from_manual(page: bytes) -> str:
    """A manual page set by groff, without overstrikes; empty where groff is missing."""
    command = ["groff", "-k", "-t", "-man", "-Tutf8", "-rLL=78n", "-P-cbu"]
    try:
        done = subprocess.run(command, input=page, capture_output=True, timeout=60, check=False)
    except FileNotFoundError:
        return ""
    # A hyphen at the end of a set line is groff's, not the author's.
    return re.sub(r"\u2010\n\s*", "", done.stdout.decode("utf-8", "replace"))


def from_pod(source: str) -> str:
    """Perl documentation without its commands; inline codes keep their text."""
    lines = [re.sub(r"^=\w+ ?", "", line) for line in source.splitlines()]
    return re.sub(r"[BCFILESX]<+ ?([^<>\n]*?) ?>+", r"\1", "\n".join(lines))


def from_fortunes(source: str) -> str:
    """A fortunes file: sayings separated by a line with a percent sign, some coloured for terminals."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", source)
    return re.sub(r"^%\n", "\n", plain, flags=re.MULTILINE)


def read(path: Path) -> str:
    """Plain text of one packaged document, by its name and place."""
    payload = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    name = path.name.removesuffix(".gz")
    if "/man/" in path.as_posix():
        return from_manual(payload)
    reader = formats.READERS.get(Path(name).suffix)
    if reader is not None:
        return reader(payload)
    source = payload.decode("utf-8", "replace")
    if name == "kougo.txt":
        return formats.from_numbered_verses(payload)
    if name.endswith((".html", ".htm")):
        return from_html(source)
    if name.endswith(".pod"):
        return from_pod(source)
    if "/fortunes/" in path.as_posix():
        return from_fortunes(source)
    return source


def word_count(text: str) -> int:
    """Words; two Chinese, Japanese or Korean characters count as one."""
    cjk = len(CJK.findall(text))
    return cjk // 2 + len(CJK.sub(" ", text).split())
