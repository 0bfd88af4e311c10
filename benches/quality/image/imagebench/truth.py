"""Truth: which works a query picture holds, where, and how they are turned."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

UNRELATED = "unrelated"
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Truth:
    """One work in one query file; an empty `work_id` means it holds nothing registered.

    Boxes are shares of width and height, 0 to 1: the bounding box of what is visible of the work
    in the query, and of the same part in the work as registered. `flip` is 1 where the work is
    mirrored left to right before it is turned clockwise by `rotation_deg`. `sources` names the
    collected pictures in the file, parted by semicolons, so that SHARED.csv can excuse a match.
    """

    file: str
    attack: str
    group: str
    work_id: str = ""
    query_x0: float | None = None
    query_y0: float | None = None
    query_x1: float | None = None
    query_y1: float | None = None
    work_x0: float | None = None
    work_y0: float | None = None
    work_x1: float | None = None
    work_y1: float | None = None
    flip: int = 0
    rotation_deg: float = 0.0
    sources: str = ""

    @property
    def query_box(self) -> Box | None:
        """Where the work is in the query."""
        return box(self.query_x0, self.query_y0, self.query_x1, self.query_y1)

    @property
    def work_box(self) -> Box | None:
        """What is visible of the work."""
        return box(self.work_x0, self.work_y0, self.work_x1, self.work_y1)


def box(x0: float | None, y0: float | None, x1: float | None, y1: float | None) -> Box | None:
    """A box, or None where it is not told."""
    return None if x0 is None or y0 is None or x1 is None or y1 is None else (x0, y0, x1, y1)


def write(path: Path, lines: Iterable[Truth]) -> None:
    """Writes queries.csv with a header, at once or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(Truth)])
        writer.writerows(["" if cell is None else cell for cell in astuple(line)] for line in lines)
    partial.rename(path)


def read(path: Path) -> list[Truth]:
    """Reads what `write` wrote."""
    edges = [f"{side}_{edge}" for side in ("query", "work") for edge in ("x0", "y0", "x1", "y1")]
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Truth(
                line["file"], line["attack"], line["group"], line["work_id"],
                *(number(line[edge]) for edge in edges),
                flip=int(line["flip"]), rotation_deg=float(line["rotation_deg"]), sources=line["sources"],
            )
            for line in csv.DictReader(file)
        ]


def read_all(bench: Path) -> list[Truth]:
    """The truth of every queries*.csv of a bench."""
    return [line for path in sorted(bench.glob("queries*.csv")) for line in read(path)]


def number(cell: str) -> float | None:
    """A number, or None for an empty cell."""
    return float(cell) if cell else None
