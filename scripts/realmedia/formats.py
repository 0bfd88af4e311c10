"""Plain text out of formats that hold books: JSON, message catalogs, Mallard pages, Markdown."""

from __future__ import annotations

import gettext
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

# The text of a verse or chapter stands under one of these; the first that is there is taken.
TEXT_KEYS = ("translation", "licenseText", "text")
# Messages shorter than a sentence are labels of menus and buttons.
MESSAGE_CHARACTERS = 25
MALLARD_BLOCKS = frozenset("p title desc item".split())
MALLARD_DROPPED = frozenset("info credit".split())


def from_json(payload: bytes) -> str:
    """Every passage of a JSON document in order, one paragraph each."""
    passages = strings(json.loads(payload))
    return "\n\n".join(passage.strip() for passage in passages if passage.strip())


def strings(value: Any) -> Iterator[str]:
    """Strings in lists, and of objects those under the keys that hold text, with what they hold."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, dict):
        told = next((value[key] for key in TEXT_KEYS if isinstance(value.get(key), str)), None)
        if told is not None and "verses" not in value:
            yield told
        for part in value.values():
            if isinstance(part, (list, dict)):
                yield from strings(part)


def from_messages(payload: bytes) -> str:
    """The sentences of a message catalog (.mo), without marks for keys and places to fill."""
    catalog = gettext.GNUTranslations(io.BytesIO(payload))
    messages = (text for key, text in sorted_messages(catalog) if key and len(text) >= MESSAGE_CHARACTERS)
    return "\n\n".join(dict.fromkeys(re.sub(r"[_~](?=\w)|<[^>]*>", "", text) for text in messages))


def sorted_messages(catalog: gettext.GNUTranslations) -> list[tuple[str, str]]:
    """Messages with their translations, in the catalog's own order."""
    held: dict[Any, str] = vars(catalog)["_catalog"]
    return [(key, text) for key, text in held.items() if isinstance(key, str)]


def from_mallard(payload: bytes) -> str:
    """A page of a help book in Mallard XML, one paragraph for each block."""
    return "\n\n".join(blocks(ElementTree.fromstring(payload)))


def blocks(element: ElementTree.Element) -> Iterator[str]:
    """The text of an element's blocks, credits and dates left out."""
    name = local(element)
    if name in MALLARD_DROPPED:
        return
    inside = {local(part) for part in element.iter() if part is not element}
    if name in MALLARD_BLOCKS and inside.isdisjoint(MALLARD_BLOCKS):
        text = " ".join("".join(element.itertext()).split())
        if text:
            yield text
        return
    for child in element:
        yield from blocks(child)


def local(element: ElementTree.Element) -> str:
    """An element's name without its namespace; a comment has none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def from_markdown(payload: bytes) -> str:
    """A play in Markdown without its marks."""
    return re.sub(r"\*\*|^#+ |(?<!\w)_|_(?!\w)| +$", "", payload.decode("utf-8"), flags=re.MULTILINE)


def from_python_bible(payload: bytes) -> str:
    """The longest string in a Python module: a translation of the Bible, one verse after the other."""
    literals = payload.decode("utf-8").split('"""')[1::2]
    return re.sub(r"\n(?=\S)", "\n\n", max(literals, key=len, default="")).strip()


def from_numbered_verses(payload: bytes) -> str:
    """A translation in lines `Ge 1:1 ... 1:1 text`, one paragraph a chapter."""
    chapters: dict[str, list[str]] = {}
    for line in payload.decode("utf-8-sig").splitlines():
        verse = re.match(r"(\S+ \d+):\d+ \S+ \d+:\d+ (.*)", line)
        if verse:
            chapters.setdefault(verse[1], []).append(verse[2].strip())
    return "\n\n".join("\n".join(verses) for verses in chapters.values())


READERS: dict[str, Callable[[bytes], str]] = {
    ".json": from_json,
    ".mo": from_messages,
    ".page": from_mallard,
    ".md": from_markdown,
    ".py": from_python_bible,
}
