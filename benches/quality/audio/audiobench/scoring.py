"""Compares a tool's answers with the truth: what is found, how surely, and how well aligned.

An answer is one JSON line per query file::

    {"file": "queries/0001-clean-3s.flac", "matches": [{"work_id": "music-014", "score": 41.5,
     "query_start": 0.0, "query_end": 3.0, "work_start": 19.0, "work_end": 22.0,
     "tempo": 1.0, "pitch_semitones": 0.0, "speed": 1.0, "reported": true}]}

Scores may have any scale, higher being stronger. `reported` says whether the tool itself would
report the match. `tempo`, `pitch_semitones` and `speed` mean what they mean in the truth and may
be null: a tool that gives the whole change of pitch gives it as semitones and leaves speed null.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from audiobench.truth import Truth

UNRELATED = "unrelated"
REVERSED = "reversed"
FAR_OFFSET_S = 0.5


@dataclass(frozen=True)
class Match:
    """One work that a tool names for a query."""

    work_id: str
    score: float
    query_start: float
    query_end: float
    work_start: float
    work_end: float
    pitch_semitones: float | None
    speed: float | None
    reported: bool

    @property
    def rate(self) -> float | None:
        """Seconds of the work in a second of the query; None for a match at one instant."""
        length_s = self.query_end - self.query_start
        return (self.work_end - self.work_start) / length_s if length_s else None

    @property
    def whole_pitch(self) -> float | None:
        """The whole change of pitch, or None where the tool tells nothing of it."""
        if self.pitch_semitones is None and self.speed is None:
            return None
        return (self.pitch_semitones or 0.0) + 12 * math.log2(self.speed or 1.0)


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
        return {line.work_id for line in self.truth}

    @property
    def is_first_right(self) -> bool:
        """Whether the strongest match names a right work and, of several, each is named."""
        named = {match.work_id for match in self.matches}
        return bool(self.matches) and self.matches[0].work_id in self.works <= named

    def is_found_above(self, score: float) -> bool:
        """Whether every right work scores above that."""
        return self.works <= {match.work_id for match in self.matches if match.score > score}

    @property
    def is_reported(self) -> bool:
        """Whether the tool itself would report every right work."""
        return self.works <= {match.work_id for match in self.matches if match.reported}

    @property
    def is_wrong_reported(self) -> bool:
        """Whether the tool itself would report a work that is not in the query."""
        return any(match.reported and match.work_id not in self.works for match in self.matches)

    def best(self, work_id: str) -> Match:
        """The strongest match that names a work."""
        return next(match for match in self.matches if match.work_id == work_id)


@dataclass(frozen=True)
class Line:
    """The figures of some queries that hold works; an error is None where nothing can be compared.

    Errors are taken over queries whose strongest match is right. An offset counts as it is: music
    that repeats itself may match at another repetition, which `far_offsets` counts too.
    """

    queries: int
    first_right: float
    at_no_false: float
    reported: float
    wrong_reported: int
    offset_median_s: float | None
    offset_p90_s: float | None
    far_offsets: float | None
    rate_error: float | None
    pitch_error: float | None


@dataclass(frozen=True)
class Silence:
    """The figures of some queries that hold nothing registered."""

    queries: int
    falsely_reported: int
    false_matches: int
    highest: float | None


def read_answers(path: Path) -> dict[str, tuple[Match, ...]]:
    """Answers by the last part of the file name, strongest match first."""
    answers = {}
    with path.open(encoding="utf-8") as file:
        for line in filter(str.strip, file):
            answer = json.loads(line)
            if "cost" in answer:
                continue
            matches = sorted(map(parse_match, answer["matches"]), key=lambda match: -match.score)
            answers[base_name(answer["file"])] = tuple(matches)
    return answers


def parse_match(shown: dict[str, Any]) -> Match:
    """One match as written; what is not needed for a figure is left."""
    spans = [float(shown[name]) for name in ("query_start", "query_end", "work_start", "work_end")]
    return Match(
        str(shown["work_id"]), float(shown["score"]), *spans,
        shown.get("pitch_semitones"), shown.get("speed"), bool(shown["reported"]),
    )


def base_name(file: str) -> str:
    """A file's name without folders."""
    return PurePosixPath(file).name


def join(truth: Iterable[Truth], answers: dict[str, tuple[Match, ...]]) -> list[Query]:
    """Every query with its answer; no answer is an answer without matches."""
    by_file: dict[str, list[Truth]] = {}
    for line in truth:
        by_file.setdefault(line.file, []).append(line)
    return [
        Query(file, lines[0].attack, lines[0].group, tuple(lines), answers.get(base_name(file), ()))
        for file, lines in by_file.items()
    ]


def highest_unrelated(queries: Iterable[Query]) -> float:
    """The strongest score that any query without a registered work got."""
    scores = [m.score for query in queries if query.group == UNRELATED for m in query.matches]
    return max(scores, default=-math.inf)


def figures(queries: list[Query], above: float) -> Line:
    """The figures of queries that hold works; `above` is the score no unrelated query exceeds."""
    right = [query for query in queries if query.is_first_right]
    pairs = [(line, query.best(line.work_id)) for query in right for line in query.truth]
    offsets = sorted(offset_error_s(line, match) for line, match in pairs)
    return Line(
        queries=len(queries),
        first_right=share(query.is_first_right for query in queries),
        at_no_false=share(query.is_found_above(above) for query in queries),
        reported=share(query.is_reported for query in queries),
        wrong_reported=sum(query.is_wrong_reported for query in queries),
        offset_median_s=statistics.median(offsets) if offsets else None,
        offset_p90_s=percentile(offsets, 0.9),
        far_offsets=share(offset > FAR_OFFSET_S for offset in offsets) if offsets else None,
        rate_error=median(rate_error(line, match) for line, match in pairs),
        pitch_error=median(pitch_error(line, match) for line, match in pairs),
    )


def silence(queries: list[Query]) -> Silence:
    """The figures of queries that hold nothing registered."""
    return Silence(
        queries=len(queries),
        falsely_reported=sum(any(match.reported for match in query.matches) for query in queries),
        false_matches=sum(match.reported for query in queries for match in query.matches),
        highest=max((match.score for query in queries for match in query.matches), default=None),
    )


def offset_error_s(line: Truth, match: Match) -> float:
    """How far off the match is at the middle of the stretch of the query that holds the work."""
    assert line.query_start is not None and line.query_end is not None
    assert line.work_start is not None and line.work_end is not None
    middle_s = (line.query_start + line.query_end) / 2
    rate = 1.0 if match.rate is None else match.rate
    told_s = match.work_start + (middle_s - match.query_start) * rate
    return abs(told_s - (line.work_start + line.work_end) / 2)


def rate_error(line: Truth, match: Match) -> float | None:
    """How far off the match's rate is, as a share of the true one."""
    return None if match.rate is None else abs(match.rate / (line.tempo * line.speed) - 1)


def pitch_error(line: Truth, match: Match) -> float | None:
    """How far off the match's change of pitch is, in semitones."""
    if match.whole_pitch is None:
        return None
    return abs(match.whole_pitch - (line.pitch_semitones + 12 * math.log2(line.speed)))


def share(flags: Iterable[bool]) -> float:
    """How many of the flags are set, of one; 0 of none."""
    listed = list(flags)
    return sum(listed) / len(listed) if listed else 0.0


def median(values: Iterable[float | None]) -> float | None:
    """The median of what is known."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def percentile(ordered: list[float], part: float) -> float | None:
    """The smallest value that at least this part of the values does not exceed."""
    return ordered[math.ceil(part * len(ordered)) - 1] if ordered else None
