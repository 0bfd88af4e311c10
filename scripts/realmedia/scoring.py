"""Compares findings and coverage with the truth: what was found, missed, wrong or made up."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from realmedia.items import Truth

# Attacks of which no finding is demanded: nothing or too little is left to recognise.
NOT_DEMANDED = ("bad-", "url-only")
# Broken items that coverage must name when nothing was found in them.
MUST_BE_NAMED = ("bad-truncated", "bad-zero-bytes", "bad-random-bytes", "bad-missing-file")
# Findings from declarations and names, not from content: not judged here.
NOT_CONTENT = frozenset({"declared", "location", "mention"})

Row = tuple[str, int]


@dataclass
class Line:
    """One line of the table: a medium under one attack."""

    items: int = 0
    found: int = 0
    missed: list[Truth] = field(default_factory=list)
    offset_errors_s: list[float] = field(default_factory=list)

    @property
    def offset_error_s(self) -> float | None:
        """Median error of where in the work the copy starts, in seconds."""
        return statistics.median(self.offset_errors_s) if self.offset_errors_s else None


@dataclass
class Score:
    """The whole comparison."""

    lines: dict[tuple[str, str], Line]
    wrong_work: list[dict[str, Any]]
    shared: list[dict[str, Any]]
    false: list[dict[str, Any]]
    unnamed: list[Truth]
    mismatches: list[str]

    @property
    def missed(self) -> list[Truth]:
        """Copies nobody found."""
        return [truth for line in self.lines.values() for truth in line.missed]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was missed, wrong, made up, or left out of the books."""
        return not (self.missed or self.wrong_work or self.false or self.unnamed or self.mismatches)


def score(
    truth: list[Truth],
    related: set[tuple[str, str]],
    findings: list[dict[str, Any]],
    coverage: list[dict[str, Any]],
    summary: dict[str, Any],
) -> Score:
    """Compares a scan's three outputs with the truth."""
    mismatches = name_files(truth, findings, coverage)
    content = [finding for finding in findings if finding["kind"] not in NOT_CONTENT]
    by_row: dict[Row, list[dict[str, Any]]] = defaultdict(list)
    for finding in content:
        by_row[finding["file"], finding["row_index"]].append(finding)
    expected: dict[Row, set[str]] = defaultdict(set)
    for line in truth:
        if line.work_id:
            expected[line.file, line.row_index].add(line.work_id)
    wrong, shared, false = judged(content, expected, related)
    return Score(
        lines=tabulated(truth, by_row),
        wrong_work=wrong,
        shared=shared,
        false=false,
        unnamed=unnamed(truth, by_row, coverage),
        mismatches=mismatches + reconciled(truth, findings, coverage, summary),
    )


def name_files(truth: list[Truth], *outputs: list[dict[str, Any]]) -> list[str]:
    """Renames files in the outputs to the truth's names, which are tails of what a scan prints."""
    names = sorted({line.file for line in truth}, key=len, reverse=True)
    unknown = set()
    for row in (row for output in outputs for row in output):
        printed = "/" + row["file"].replace("\\", "/")
        row["file"] = next((name for name in names if printed.endswith("/" + name)), row["file"])
        if row["file"] not in names:
            unknown.add(row["file"])
    return [f"file not in the truth: {name}" for name in sorted(unknown)]


def judged(
    content: list[dict[str, Any]], expected: dict[Row, set[str]], related: set[tuple[str, str]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Findings that name a wrong work, a work sharing the passage, or any work on a clean row."""
    wrong, shared, false = [], [], []
    for finding in content:
        works = expected.get((finding["file"], finding["row_index"]), set())
        if not works:
            false.append(finding)
        elif finding["work_id"] in works:
            continue
        elif any((finding["work_id"], work) in related for work in works):
            shared.append(finding)
        else:
            wrong.append(finding)
    return wrong, shared, false


def tabulated(truth: list[Truth], by_row: dict[Row, list[dict[str, Any]]]) -> dict[tuple[str, str], Line]:
    """Counts by medium and attack."""
    lines: dict[tuple[str, str], Line] = defaultdict(Line)
    for item in truth:
        line = lines[item.media, item.attack]
        line.items += 1
        if not item.work_id:
            continue
        right = [f for f in by_row[item.file, item.row_index] if f["work_id"] == item.work_id]
        if right:
            line.found += 1
            error_s = offset_error_s(item, max(right, key=lambda finding: finding["score"]))
            if error_s is not None:
                line.offset_errors_s.append(error_s)
        elif not item.attack.startswith(NOT_DEMANDED):
            line.missed.append(item)
    return lines


def offset_error_s(item: Truth, finding: dict[str, Any]) -> float | None:
    """How far the found alignment lies from the true one; a finding may begin later in both."""
    ends = (item.query_start, item.work_start, finding["query_start"], finding["work_start"])
    if item.media != "audio" or any(end is None for end in ends):
        return None
    true_offset_s = ends[1] - ends[0]
    return abs((ends[3] - ends[2]) - true_offset_s)


def unnamed(
    truth: list[Truth], by_row: dict[Row, list[dict[str, Any]]], coverage: list[dict[str, Any]]
) -> list[Truth]:
    """Broken or unfetched items that are neither found nor named in the coverage."""
    named = {(row["file"], row["row_index"]) for row in coverage}
    return [
        item for item in truth
        if item.attack.startswith((*MUST_BE_NAMED, "url-only"))
        and (item.file, item.row_index) not in named
        and not by_row.get((item.file, item.row_index))
    ]


def reconciled(
    truth: list[Truth],
    findings: list[dict[str, Any]],
    coverage: list[dict[str, Any]],
    summary: dict[str, Any],
) -> list[str]:
    """Rows counted again from findings and coverage, against the summary and the truth."""
    rows = {(line.file, line.row_index) for line in truth}
    matched = {(f["file"], f["row_index"]) for f in findings}
    by_status: dict[str, set[Row]] = defaultdict(set)
    for line in coverage:
        by_status[line["status"]].add((line["file"], line["row_index"]))
    unreadable = by_status["unreadable"] - matched
    skipped = by_status["skipped"] - matched - unreadable
    counted = {
        "rows": len(rows),
        "matched": len(matched),
        "unreadable": len(unreadable),
        "skipped": len(skipped),
        "clear": len(rows) - len(matched) - len(unreadable) - len(skipped),
    }
    return [
        f"summary.json says {name} = {summary.get(name)}, the rows say {count}"
        for name, count in counted.items() if summary.get(name) != count
    ]
