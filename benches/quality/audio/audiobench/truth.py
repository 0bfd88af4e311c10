"""Truth: which work a query holds, where, and how it was altered."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Truth:
    """One work in one query file; an empty `work_id` means it holds nothing registered.

    Times are in seconds. A second of the query holds `tempo * speed` seconds of the work:
    `tempo` is the playback rate of a stretch that keeps the pitch, `pitch_semitones` a shift that
    keeps the tempo, and `speed` a playback rate that changes both, as on a turntable.
    """

    file: str
    attack: str
    group: str
    work_id: str = ""
    query_start: float | None = None
    query_end: float | None = None
    work_start: float | None = None
    work_end: float | None = None
    tempo: float = 1.0
    pitch_semitones: float = 0.0
    speed: float = 1.0


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

    def number(cell: str) -> float | None:
        return float(cell) if cell else None

    with path.open(newline="", encoding="utf-8") as file:
        return [
            Truth(
                line["file"], line["attack"], line["group"], line["work_id"],
                number(line["query_start"]), number(line["query_end"]),
                number(line["work_start"]), number(line["work_end"]),
                float(line["tempo"]), float(line["pitch_semitones"]), float(line["speed"]),
            )
            for line in csv.DictReader(file)
        ]
