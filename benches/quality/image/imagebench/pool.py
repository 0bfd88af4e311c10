"""The collected pictures: which are large enough, and which share content with one another."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

Image.MAX_IMAGE_PIXELS = None
SIDE_MIN = 160
# What makes a family; "same template" and "same series but different" do not. A scene is one place
# seen again, a backdrop a drawn sky behind different things, a page a set of plots of one picture.
SHARING = frozenset({
    "same picture", "contains", "filtered version", "same scene", "same backdrop", "same page",
})
# Of the handbook, which holds the same screenshots in several languages.
LANGUAGES = ("en-US", "fr-FR", "ja-JP")
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


def usable(media: Path) -> list[Path]:
    """Every picture of the media folder that is large enough, in a fixed order."""
    found = sorted((media / "images").glob("*/*"))
    return [path for path in found if path.suffix.lower() in SUFFIXES and is_large(path)]


def is_large(path: Path) -> bool:
    """Whether a picture opens and its shorter side is long enough."""
    try:
        with Image.open(path) as opened:
            return min(opened.size) >= SIDE_MIN
    except (OSError, ValueError):
        return False


def name_of(media: Path, path: Path) -> str:
    """A picture's name relative to the media folder, as SHARED.csv writes it."""
    return path.relative_to(media).as_posix()


@dataclass(frozen=True)
class Pool:
    """Every usable picture, and the family of each by a number."""

    media: Path
    names: list[str]
    family: dict[str, int]


def read(media: Path, shared: Path) -> Pool:
    """The pictures of a media folder in families."""
    names = [name_of(media, path) for path in usable(media)]
    return Pool(media, names, families(names, shared))


def families(names: Iterable[str], shared: Path) -> dict[str, int]:
    """Pictures joined by a chain of shared content bear one number."""
    parent: dict[str, str] = {name: name for name in names}

    def head(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for first, second, what in read_shared(shared):
        if what in SHARING:
            parent[head(first)] = head(second)
    numbers: dict[str, int] = {}
    return {name: numbers.setdefault(head(name), len(numbers)) for name in parent}


def read_shared(path: Path) -> list[tuple[str, str, str]]:
    """The judged pairs: two names and what is shared."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return [(line["first"], line["second"], line["shared"]) for line in csv.DictReader(file)]


def is_translation(name: str, registered: set[str]) -> bool:
    """Whether a picture is a registered screenshot in another language."""
    folder, file = name.rsplit("/", 1)
    language, _, rest = file.partition("__")
    return language in LANGUAGES and any(f"{folder}/{other}__{rest}" in registered for other in LANGUAGES)
