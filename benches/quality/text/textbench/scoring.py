"""Compares a tool's answers with the truth: what is found, where, and what is false.

An answer is one JSON line per row, and one at the end that says what it cost::

    {"id": "case-50-007", "findings": [{"work_id": "text-014", "query_start": 0, "query_end": 310,
     "work_start": 5120, "work_end": 5430, "score": 49.0, "e_value": 1e-9, "words": 49,
     "identity": 0.98, "shared_with": ["text-101"]}]}
    {"cost": {"scan_mb_s": 110.0, "index_bytes_per_byte": 0.8}}

Every finding counts: a tool leaves out what is below its threshold. Scores may have any scale,
higher being stronger. Without an `e_value` nothing is said about calibration.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.figures import mean, share
from textbench.truth import COPY, NEGATIVES, SHARED, Place, Row

Interval = tuple[int, int]


@dataclass(frozen=True)
class Finding:
    """One work that a tool names in a row, with the works it says have the same passage."""

    work_id: str
    query: Interval
    work: Interval
    score: float
    e_value: float | None
    shared_with: tuple[str, ...]

    @property
    def names(self) -> set[str]:
        """Every work that it names."""
        return {self.work_id, *self.shared_with}


@dataclass(frozen=True)
class Judged:
    """A row with its answer, each finding judged; a neutral finding is in neither list."""

    row: Row
    right: tuple[Finding, ...]
    false: tuple[Finding, ...]
    findings: tuple[Finding, ...]

    @property
    def is_found(self) -> bool:
        """Whether every passage of a work in the row is found where it is."""
        return bool(self.row.truth) and all(self.finds(place) for place in places(self.row))

    def finds(self, place: Place) -> bool:
        """Whether a finding names the work of a place, or one that has the same passage."""
        works = {place.work_id, *self.row.shared_with}
        return any(works & one.names and overlaps(one.query, span(place)) for one in self.right)

    def is_found_above(self, score: float) -> bool:
        """Whether it is found by findings stronger than that."""
        strong = tuple(one for one in self.right if one.score > score)
        return Judged(self.row, strong, (), strong).is_found

    @property
    def names_wrong_work(self) -> bool:
        """Whether a work is named that is not in the row."""
        known = {place.work_id for place in self.row.truth} | {*self.row.shared_with, *self.row.partly_with}
        return any(one.work_id not in known for one in self.false)


def read_answers(path: Path) -> tuple[dict[str, tuple[Finding, ...]], dict[str, Any]]:
    """Findings by row, and the cost."""
    answers: dict[str, tuple[Finding, ...]] = {}
    cost: dict[str, Any] = {}
    with path.open(encoding="utf-8") as file:
        for line in filter(str.strip, file):
            answer = json.loads(line)
            if "cost" in answer:
                cost = answer["cost"]
            else:
                answers[answer["id"]] = tuple(map(parse, answer["findings"]))
    return answers, cost


def parse(shown: dict[str, Any]) -> Finding:
    """One finding as written; what is not needed for a figure is left."""
    e_value = shown.get("e_value")
    return Finding(
        str(shown["work_id"]), (int(shown["query_start"]), int(shown["query_end"])),
        (int(shown["work_start"]), int(shown["work_end"])), float(shown["score"]),
        None if e_value is None else float(e_value), tuple(shown.get("shared_with") or ()),
    )


def judge(row: Row, findings: Sequence[Finding]) -> Judged:
    """Sorts findings into right, false and neutral (the rest)."""
    if row.kind not in (COPY, SHARED):
        return Judged(row, (), tuple(findings) if row.kind in NEGATIVES else (), tuple(findings))
    works = {place.work_id for place in row.truth} | set(row.shared_with)
    spans = [span(place) for place in row.truth]
    right, false = [], []
    for one in findings:
        is_there = any(overlaps(one.query, true) for true in spans)
        if is_there and works & one.names:
            right.append(one)
        elif not is_there or one.work_id not in row.partly_with:
            false.append(one)
    return Judged(row, tuple(right), tuple(false), tuple(findings))


def places(row: Row) -> tuple[Place, ...]:
    """What must be found in a row: every passage of a copy, but a shared passage once."""
    return row.truth if row.kind == COPY else row.truth[:1]


def span(place: Place) -> Interval:
    """Where a place is in its row."""
    return place.query_start, place.query_end


def overlaps(one: Interval, other: Interval) -> bool:
    """Whether two intervals have a character in common."""
    return min(one[1], other[1]) > max(one[0], other[0])


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same characters in intervals that do not touch."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif end > start:
            merged.append((start, end))
    return merged


def f1(found: Iterable[Interval], true: Iterable[Interval]) -> float:
    """The harmonic mean of precision and recall, by characters."""
    told, wanted = union(found), union(true)
    common: int = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in told for b in wanted)
    total: int = sum(end - start for start, end in (*told, *wanted))
    return 2 * common / total if total else 0.0


def query_f1(judged: Judged) -> float | None:
    """How well the passages are delimited in the row; None where they are not found."""
    if not judged.is_found:
        return None
    return f1([one.query for one in judged.right], [span(place) for place in judged.row.truth])


def work_f1(judged: Judged) -> float | None:
    """How well they are delimited in the works; None where a work is told by another with the same passage."""
    values: list[float | None] = []
    for work_id in {place.work_id for place in judged.row.truth}:
        told = [one.work for one in judged.right if one.work_id == work_id]
        true = [(place.work_start, place.work_end) for place in judged.row.truth if place.work_id == work_id]
        values.append(f1(told, true) if told else None)
    return mean(values)


def named_share(judged: Judged) -> float:
    """Of the works that have a shared passage, how many are named where it stands."""
    wanted = set(judged.row.shared_with)
    named: set[str] = set().union(*(one.names for one in judged.right))
    return len(named & wanted) / len(wanted)


@dataclass(frozen=True)
class Summary:
    """The figures of all rows."""

    recall: float
    recall_above_false: float
    row_precision: float
    finding_precision: float
    wrong_work_rate: float
    false_rows: int
    negative_rows: int
    query_f1: float | None
    work_f1: float | None
    shared_found: float
    shared_fully_named: float
    shared_named: float | None


def summary(judged: Sequence[Judged]) -> Summary:
    """Everything in one line: rows of reuse are left out of what is false."""
    copies = [one for one in judged if one.row.kind == COPY]
    shared = [one for one in judged if one.row.kind == SHARED]
    negatives = [one for one in judged if one.row.kind in NEGATIVES]
    answered = [one for one in (*copies, *shared, *negatives) if one.right or one.false]
    right, false = (sum(len(getattr(one, name)) for one in answered) for name in ("right", "false"))
    highest = max((finding.score for one in negatives for finding in one.false), default=float("-inf"))
    return Summary(
        recall=share(one.is_found for one in copies),
        recall_above_false=share(one.is_found_above(highest) for one in copies),
        row_precision=share(not one.false for one in answered),
        finding_precision=right / (right + false) if right + false else 0.0,
        wrong_work_rate=share(one.names_wrong_work for one in (*copies, *shared)),
        false_rows=sum(bool(one.false) for one in negatives), negative_rows=len(negatives),
        query_f1=mean(map(query_f1, copies)), work_f1=mean(work_f1(one) for one in copies if one.is_found),
        shared_found=share(one.is_found for one in shared),
        shared_fully_named=share(named_share(one) == 1.0 for one in shared),
        shared_named=mean(map(named_share, shared)),
    )
