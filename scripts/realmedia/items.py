"""What the parts pass to each other: registered works, items for dataset rows, and truth."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

UNRELATED = "unrelated"


@dataclass(frozen=True)
class Asset:
    """One registered file of a work.

    `origin` is the media file it was made from; `duration_s` is set for audio and `text` (the
    plain text, before any markup) for text.
    """

    work_id: str
    title: str
    media: str
    path: Path
    origin: Path
    package: str
    duration_s: float = 0.0
    text: str = ""


@dataclass(frozen=True)
class Spans:
    """Where the copy lies in the row's item and in the work: seconds or characters."""

    query_start: float | None = None
    query_end: float | None = None
    work_start: float | None = None
    work_end: float | None = None


@dataclass(frozen=True)
class Item:
    """One medium for a dataset row. `payload` is a file, bytes or, for text, a string."""

    media: str
    payload: Path | bytes | str | None
    extension: str
    attack: str = UNRELATED
    work_id: str = ""
    spans: Spans = Spans()


@dataclass(frozen=True)
class Truth:
    """One line of truth.csv; an empty `work_id` means the item copies nothing registered."""

    file: str
    row_index: int
    column_name: str
    item_index: int
    media: str
    work_id: str
    attack: str
    query_start: float | None = None
    query_end: float | None = None
    work_start: float | None = None
    work_end: float | None = None


def write_truth(path: Path, lines: Iterable[Truth]) -> None:
    """Writes truth.csv with a header."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(Truth)])
        writer.writerows(["" if cell is None else cell for cell in astuple(line)] for line in lines)


def read_truth(path: Path) -> list[Truth]:
    """Reads truth.csv."""

    def number(cell: str) -> float | None:
        return float(cell) if cell else None

    with path.open(newline="", encoding="utf-8") as file:
        return [
            Truth(
                line["file"], int(line["row_index"]), line["column_name"], int(line["item_index"]),
                line["media"], line["work_id"], line["attack"], number(line["query_start"]),
                number(line["query_end"]), number(line["work_start"]), number(line["work_end"]),
            )
            for line in csv.DictReader(file)
        ]


def generator(seed: int, purpose: str) -> random.Random:
    """A random generator of its own for each purpose, so that one part never shifts another."""
    return random.Random(f"{seed}/{purpose}")


def folder_files(media: Path, kind: str, packages: Iterable[str]) -> list[Path]:
    """Media files of some packages, in a fixed order."""
    return [path for name in packages for path in sorted((media / kind / name).glob("*"))]
