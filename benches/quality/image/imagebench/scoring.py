"""Compares a tool's answers with the truth: what is found, how surely, where, and what is false.

An answer is one JSON line per query file, and one at the end that says what it cost::

    {"file": "queries/0001-jpeg50.jpg", "matches": [{"work_id": "image-014", "score": 41.5,
     "query_box": [0.0, 0.0, 1.0, 1.0], "work_box": [0.0, 0.0, 1.0, 1.0], "flip": false,
     "rotation_deg": 0.0, "reported": true}]}
    {"cost": {"fingerprint_ms": 3.1, "match_ms": 0.4}}

Scores may have any scale, higher being stronger. Boxes are shares of the sides and may be null.
`reported` says whether the tool itself would report the match. A match with a work that shares
content with something in the query, by SHARED.csv, is neither right nor false.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from imagebench.truth import UNRELATED, Box, Truth

PRECISION = 0.9
TURN_NEAR_DEG = 8.0


@dataclass(frozen=True)
class Match:
    """One work that a tool names for a query."""

    work_id: str
    score: float
    query_box: Box | None
    work_box: Box | None
    flip: bool | None
    rotation_deg: float | None
    reported: bool


@dataclass(frozen=True)
class Query:
    """A query's truth, one line for each work in it, and the answer to it, strongest first."""

    file: str
    attack: str
    group: str
    truth: tuple[Truth, ...]
    matches: tuple[Match, ...]

    @property
    def works(self) -> set[str]:
        """The works to be found."""
        return {line.work_id for line in self.truth if line.work_id}

    @property
    def is_first_right(self) -> bool:
        """Whether the strongest match names a right work and, of several, each is named."""
        named = {match.work_id for match in self.matches}
        return bool(self.matches) and self.matches[0].work_id in self.works <= named

    def is_found_above(self, score: float, *, or_at: bool = False) -> bool:
        """Whether every right work scores above that, or at it."""
        enough = [m for m in self.matches if m.score > score or (or_at and m.score == score)]
        return self.works <= {match.work_id for match in enough}

    @property
    def is_reported(self) -> bool:
        """Whether the tool itself would report every right work."""
        return self.works <= {match.work_id for match in self.matches if match.reported}

    @property
    def wrong(self) -> list[Match]:
        """Matches with works that are not in the query."""
        return [match for match in self.matches if match.work_id not in self.works]

    def best(self, work_id: str) -> Match:
        """The strongest match that names a work."""
        return next(match for match in self.matches if match.work_id == work_id)


@dataclass(frozen=True)
class Limits:
    """Scores that part right from false over the whole bench."""

    unrelated: float
    wrong: float
    precise: float

    @classmethod
    def of(cls, queries: Iterable[Query]) -> Limits:
        """The highest unrelated score, the highest of a wrong work, and the least with enough precision."""
        listed = list(queries)
        unrelated = [m.score for query in listed if query.group == UNRELATED for m in query.matches]
        wrong = [m.score for query in listed if query.group != UNRELATED for m in query.wrong]
        return cls(max(unrelated, default=-math.inf), max(wrong, default=-math.inf), precise_score(listed))


@dataclass(frozen=True)
class Line:
    """The figures of some queries that hold works; a figure is None where nothing can be compared.

    Overlaps and turns are taken over queries whose strongest match is right.
    """

    queries: int
    first_right: float
    at_no_false: float
    above_wrong: float
    at_precision: float
    average_precision: float
    reported: float
    wrong_reported: int
    query_overlap: float | None
    work_overlap: float | None
    turns_right: float | None


@dataclass(frozen=True)
class Silence:
    """The figures of some queries that hold nothing registered."""

    queries: int
    falsely_reported: int
    false_matches: int
    highest: float | None


Excused = Callable[[Truth, str], bool]


def read_answers(path: Path) -> tuple[dict[str, tuple[Match, ...]], dict[str, Any]]:
    """Answers by the last part of the file name, strongest match first, and the cost."""
    answers: dict[str, tuple[Match, ...]] = {}
    cost: dict[str, Any] = {}
    with path.open(encoding="utf-8") as file:
        for line in filter(str.strip, file):
            answer = json.loads(line)
            if "cost" in answer:
                cost = answer["cost"]
                continue
            matches = sorted(map(parse_match, answer["matches"]), key=lambda match: -match.score)
            answers[base_name(answer["file"])] = tuple(strongest_of_each(matches))
    return answers, cost


def parse_match(shown: dict[str, Any]) -> Match:
    """One match as written; what is not needed for a figure is left."""
    return Match(
        str(shown["work_id"]), float(shown["score"]), parse_box(shown.get("query_box")),
        parse_box(shown.get("work_box")), shown.get("flip"), shown.get("rotation_deg"), bool(shown["reported"]),
    )


def parse_box(shown: list[float] | None) -> Box | None:
    """A box as written."""
    return None if shown is None else (shown[0], shown[1], shown[2], shown[3])


def strongest_of_each(matches: Iterable[Match]) -> list[Match]:
    """One match for each work: a work found in two places is one answer."""
    kept: dict[str, Match] = {}
    for match in matches:
        kept.setdefault(match.work_id, match)
    return list(kept.values())


def base_name(file: str) -> str:
    """A file's name without folders."""
    return PurePosixPath(file).name


def join(truth: Iterable[Truth], answers: dict[str, tuple[Match, ...]], excused: Excused) -> list[Query]:
    """Every query with its answer short of what is excused; no answer is an answer without matches."""
    by_file: dict[str, list[Truth]] = {}
    for line in truth:
        by_file.setdefault(line.file, []).append(line)
    queries = []
    for file, lines in by_file.items():
        works = {line.work_id for line in lines}
        matches = tuple(
            match for match in answers.get(base_name(file), ())
            if match.work_id in works or not excused(lines[0], match.work_id)
        )
        queries.append(Query(file, lines[0].attack, lines[0].group, tuple(lines), matches))
    return queries


def pairs(queries: Iterable[Query]) -> list[tuple[float, bool]]:
    """Every (query, work) answered with its score and whether it is right, the strongest first."""
    named = [(match.score, match.work_id in query.works) for query in queries for match in query.matches]
    # Of equal scores the false ones count first: no tool gains by rounding.
    return sorted(named, key=lambda pair: (-pair[0], pair[1]))


def average_precision(queries: list[Query]) -> float:
    """Micro average precision as in DISC21: over all pairs of a query and a work, ranked by score."""
    wanted = sum(len(query.works) for query in queries)
    right, total = 0, 0.0
    for number, (_, is_right) in enumerate(pairs(queries), start=1):
        if is_right:
            right += 1
            total += right / number
    return total / wanted if wanted else 0.0


def precise_score(queries: list[Query]) -> float:
    """The least score down to which at least `PRECISION` of all answered pairs are right."""
    ranked = pairs(queries)
    right, least = 0, math.inf
    for number, (score, is_right) in enumerate(ranked, start=1):
        right += is_right
        ends = number == len(ranked) or ranked[number][0] != score
        if ends and right >= PRECISION * number:
            least = score
    return least


def figures(queries: list[Query], unrelated: list[Query], limits: Limits) -> Line:
    """The figures of queries that hold works; average precision is taken with all unrelated ones."""
    found = [
        (line, query.best(line.work_id)) for query in queries if query.is_first_right for line in query.truth
    ]
    turned = [
        is_turn_near(line, match) for line, match in found
        if match.flip is not None and match.rotation_deg is not None
    ]
    return Line(
        queries=len(queries),
        first_right=share(query.is_first_right for query in queries),
        at_no_false=share(query.is_found_above(limits.unrelated) for query in queries),
        above_wrong=share(query.is_found_above(max(limits.unrelated, limits.wrong)) for query in queries),
        at_precision=share(query.is_found_above(limits.precise, or_at=True) for query in queries),
        average_precision=average_precision([*queries, *unrelated]),
        reported=share(query.is_reported for query in queries),
        wrong_reported=sum(match.reported for query in queries for match in query.wrong),
        query_overlap=mean(overlap(line.query_box, match.query_box) for line, match in found),
        work_overlap=mean(overlap(line.work_box, match.work_box) for line, match in found),
        turns_right=share(turned) if turned else None,
    )


def silence(queries: list[Query]) -> Silence:
    """The figures of queries that hold nothing registered."""
    return Silence(
        queries=len(queries),
        falsely_reported=sum(any(match.reported for match in query.matches) for query in queries),
        false_matches=sum(match.reported for query in queries for match in query.matches),
        highest=max((match.score for query in queries for match in query.matches), default=None),
    )


def overlap(one: Box | None, other: Box | None) -> float | None:
    """Intersection over union of two boxes, or None where one is not told."""
    if one is None or other is None:
        return None
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(width, 0.0) * max(height, 0.0)
    union = area(one) + area(other) - common
    return common / union if union > 0 else 0.0


def area(shown: Box) -> float:
    """A box's share of the picture."""
    return max(shown[2] - shown[0], 0.0) * max(shown[3] - shown[1], 0.0)


def is_turn_near(line: Truth, match: Match) -> bool:
    """Whether a match tells mirroring and rotation rightly."""
    assert match.rotation_deg is not None
    off = abs(line.rotation_deg - match.rotation_deg) % 360
    return bool(line.flip) == match.flip and min(off, 360 - off) <= TURN_NEAR_DEG


def share(flags: Iterable[bool]) -> float:
    """How many of the flags are set, of one; 0 of none."""
    listed = list(flags)
    return sum(listed) / len(listed) if listed else 0.0


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what is known."""
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None
