"""Truth: what every row holds, and where.

queries.jsonl has one row a line. `kind` says what an answer to it means:

- `copy`: a passage of each work in `truth`. A work in `shared_with` has the same passage (four
  fifths of its words in runs of thirteen or more) and is right too; one in `partly_with` has some
  of it and is neither right nor false.
- `shared`: a third text that all works in `shared_with` quote; every one should be named.
- `unrelated`, `licence`, `formula`: nothing registered. `overlap` names works with some runs of
  eight words in common, for whoever looks at a false finding.
- `quotation`: up to twelve words of the work in `quoted`, too little to be a finding.
- `reuse`: made as one of these four, but thirteen words in a row stand in the works of
  `shared_with`. No answer to it is false.

Spans count code points, of the row's text and of the work's file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

COPY, SHARED, REUSE = "copy", "shared", "reuse"
UNRELATED, LICENSE, FORMULA, QUOTATION = "unrelated", "licence", "formula", "quotation"
NEGATIVES = (UNRELATED, QUOTATION, LICENSE, FORMULA)


@dataclass(frozen=True)
class Place:
    """One work in a row: where it stands there, and which part of the work it is."""

    work_id: str
    query_start: int
    query_end: int
    work_start: int
    work_end: int


@dataclass(frozen=True)
class Row:
    """One row and the truth about it."""

    id: str
    group: str
    attack: str
    words: int
    script: str
    kind: str
    text: str
    truth: tuple[Place, ...] = ()
    shared_with: tuple[str, ...] = ()
    partly_with: tuple[str, ...] = ()
    overlap: tuple[tuple[str, int], ...] = ()
    quoted: str = ""


def write(path: Path, rows: Iterable[Row]) -> None:
    """Writes queries.jsonl, at once or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
    partial.rename(path)


def read(path: Path) -> Iterable[Row]:
    """Reads what `write` wrote, row by row."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield parse(json.loads(line))


def parse(shown: dict[str, Any]) -> Row:
    """A row as written."""
    places = tuple(Place(**place) for place in shown.pop("truth"))
    shared, partly = tuple(shown.pop("shared_with")), tuple(shown.pop("partly_with"))
    overlap = tuple((work, int(count)) for work, count in shown.pop("overlap"))
    return Row(truth=places, shared_with=shared, partly_with=partly, overlap=overlap, **shown)
