#!/usr/bin/env python3
"""Scores a tool's answers to the rows of make_bench.py, as Markdown.

Prints the figures of all rows beside the bars the project sets itself, recall for each attack and
length and for each script, false findings for each kind of unrelated row with the strongest of them,
which are worth a look, and E-values against what was found. textbench/scoring.py says what an
answer looks like and textbench/truth.py which answers are right.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

# First, because it says where the shared parts are.
from textbench import attacks, scoring, truth

from common.figures import mean, share
from common.tables import cell, print_table
from textbench.scoring import Finding, Judged, Summary
from textbench.truth import COPY, NEGATIVES, REUSE, SHARED, Row

# What the project holds itself to.
BARS = {
    "row_precision": 0.99, "wrong_work_rate": 0.0, "false_rows": 0, "query_f1": 0.95, "work_f1": 0.95,
    "shared_fully_named": 0.95,
}
HARD = ("words-20%", "ocr-5%")
RECALL_LONG, RECALL_SHORT, RECALL_HARD = 0.99, 0.92, 0.75
E_LIMITS = (10.0, 1.0, 0.1, 0.01, 0.001, 1e-6, 1e-9)
LISTED_MAX = 25


def main() -> None:
    """Reads truth and answers, prints the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, required=True, help="folder of make_bench.py")
    parser.add_argument("--answers", type=Path, required=True, help="JSON Lines, one per row")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--e-per-row", action="store_true", help="E-values are meant for one row, not for all of them together",
    )
    parser.add_argument("--list-missed", action="store_true", help="list rows in which a passage is not found")
    args = parser.parse_args()
    answers, cost = scoring.read_answers(args.answers)
    judged = [scoring.judge(row, answers.get(row.id, ())) for row in truth.read(args.bench / "queries.jsonl")]
    unanswered = sum(one.row.id not in answers for one in judged)
    if unanswered:
        print(f"{unanswered} rows have no answer and count as unmatched", file=sys.stderr)
    if args.json:
        print(json.dumps(as_json(judged, cost), indent=1))
        return
    for table in (
        figures(scoring.summary(judged)), recalls(judged), other_recalls(judged), by_script(judged),
        silences(judged), strongest(judged), calibration(judged, per_row=args.e_per_row),
    ):
        print_table(table)
    if cost:
        print_table([["cost", "value"], *([name, f"{value}"] for name, value in cost.items())])
    if args.list_missed:
        print_missed(judged)


def as_json(judged: Sequence[Judged], cost: dict[str, Any]) -> dict[str, Any]:
    """All figures under names that stay."""
    table, scripts = recalls(judged), by_script(judged)
    return {
        "summary": asdict(scoring.summary(judged)),
        "recall": by_name(table),
        "scripts": by_name(scripts),
        "unrelated": {line[0]: {"rows": int(line[1]), "with_false": line[2]} for line in silences(judged)[1:]},
        "cost": cost,
    }


def by_name(table: list[list[str]]) -> dict[str, dict[str, float | None]]:
    """A table's numbers by row and column."""
    return {
        line[0]: {
            name: None if value == "-" else float(value.rstrip("*"))
            for name, value in zip(table[0][1:], line[1:], strict=True)
        }
        for line in table[1:]
    }


def figures(line: Summary) -> list[list[str]]:
    """A row for each figure over everything, with its bar."""
    table = [["figure", "value", "bar"]]
    for name, value in asdict(line).items():
        shown = str(value) if isinstance(value, int) else cell(value)
        table.append([name.replace("_", " "), shown, str(BARS.get(name, "-"))])
    return table


def recalls(judged: Sequence[Judged]) -> list[list[str]]:
    """Recall of copies for each attack and length; a star where the bar is missed."""
    copies = [one for one in judged if one.row.kind == COPY and one.row.attack != attacks.WHOLE]
    names = list(dict.fromkeys(one.row.attack for one in copies))
    lengths = sorted({one.row.words for one in copies})
    table = [["recall, words", *map(str, lengths), "all"]]
    for name in names:
        some = [one for one in copies if one.row.attack == name]
        cells = [recall_cell(name, length, [o for o in some if o.row.words == length]) for length in lengths]
        table.append([name, *cells, recall_cell(name, None, some)])
    totals = [recall_cell("", None, [o for o in copies if o.row.words == length]) for length in lengths]
    return [*table, ["all", *totals, recall_cell("", None, copies)]]


def recall_cell(attack: str, words: int | None, some: Sequence[Judged]) -> str:
    """Recall of one cell."""
    if not some:
        return "-"
    found = share(one.is_found for one in some)
    short_bar = RECALL_HARD if attack in HARD else RECALL_SHORT
    bar = 0.0 if words is None else short_bar if words < 50 else RECALL_LONG
    return f"{found:.2f}{'*' if found < bar else ''}"


def other_recalls(judged: Sequence[Judged]) -> list[list[str]]:
    """Whole short works by their length, and shared passages by attack."""
    table = [["others", "rows", "found", "all works named"]]
    short = [one for one in judged if one.row.attack == attacks.WHOLE]
    for low, high in ((0, 13), (13, 20), (20, 50), (50, 1 << 30)):
        some = [one for one in short if low <= one.row.words < high]
        if some:
            label = f"whole work, {low}-{high - 1} words" if high < 1 << 30 else f"whole work, {low} words or more"
            table.append([label, str(len(some)), cell(share(o.is_found for o in some)), "-"])
    for name, some in named([one for one in judged if one.row.kind == SHARED], lambda one: one.row.attack).items():
        fully = share(scoring.named_share(one) == 1.0 for one in some)
        table.append([f"shared, {name}", str(len(some)), cell(share(o.is_found for o in some)), cell(fully)])
    return table


def by_script(judged: Sequence[Judged]) -> list[list[str]]:
    """Recall, spans and wrong works for each script."""
    table = [["script", "copies", "recall", "query F1", "work F1", "wrong work"]]
    for script, some in sorted(named([o for o in judged if o.row.kind == COPY], lambda one: one.row.script).items()):
        table.append([
            script, str(len(some)), cell(share(one.is_found for one in some)),
            cell(mean(map(scoring.query_f1, some))),
            cell(mean(scoring.work_f1(one) for one in some if one.is_found)),
            cell(share(one.names_wrong_work for one in some)),
        ])
    return table


def named(judged: Sequence[Judged], name: Callable[[Judged], str]) -> dict[str, list[Judged]]:
    """Rows by a name, in the order in which the names first occur."""
    found: dict[str, list[Judged]] = {}
    for one in judged:
        found.setdefault(name(one), []).append(one)
    return found


def silences(judged: Sequence[Judged]) -> list[list[str]]:
    """A row for each sort of unrelated row; reuse apart, which may be found."""
    table = [["unrelated", "rows", "with false", "findings", "highest score", "lowest E"]]
    negatives = [one for one in judged if one.row.kind in NEGATIVES]
    sorts = named(negatives, lambda one: f"{one.row.kind}: {one.row.attack}")
    for label, some in [*sorts.items(), ("all unrelated", negatives)]:
        false = [finding for one in some for finding in one.false]
        scores = [one.score for one in false]
        told = [one.e_value for one in false if one.e_value is not None]
        table.append([
            label, str(len(some)), str(sum(bool(one.false) for one in some)), str(len(false)),
            cell(max(scores, default=None)), f"{min(told):.1e}" if told else "-",
        ])
    reuse = [one for one in judged if one.row.kind == REUSE]
    found = sum(bool(one.findings) for one in reuse)
    return [*table, ["reuse, not counted", str(len(reuse)), f"({found})", "-", "-", "-"]]


def strongest(judged: Sequence[Judged]) -> list[list[str]]:
    """The strongest false finding of each row and work, with the words that both have in common."""
    best: dict[tuple[str, str], tuple[Finding, Row]] = {}
    for one in judged:
        for finding in sorted(one.false, key=lambda finding: -finding.score):
            best.setdefault((one.row.id, finding.work_id), (finding, one.row))
    false = sorted(best.values(), key=lambda found: (-found[0].score, found[1].id))
    table = [["strongest false", "work", "score", "E", "span", "common words"]]
    for finding, row in false[:LISTED_MAX]:
        e_value = "-" if finding.e_value is None else f"{finding.e_value:.1e}"
        common = str(dict(row.overlap).get(finding.work_id, 0)) if row.kind in NEGATIVES else "-"
        place = f"{finding.query[0]}-{finding.query[1]}"
        table.append([row.id, finding.work_id, f"{finding.score:.1f}", e_value, place, common])
    return table


def calibration(judged: Sequence[Judged], *, per_row: bool) -> list[list[str]]:
    """For limits on the E-value, how many unrelated rows chance should bring below and how many it does."""
    negatives = [one for one in judged if one.row.kind in NEGATIVES]
    lowest = [min((f.e_value for f in one.false if f.e_value is not None), default=float("inf")) for one in negatives]
    part = len(negatives) if per_row else len(negatives) / max(len(judged), 1)
    table = [["E-value at most", "expected rows", "found"]]
    for limit in E_LIMITS:
        expected = min(limit * part, len(negatives))
        table.append([f"{limit:g}", f"{expected:.3g}", str(sum(value <= limit for value in lowest))])
    return table


def print_missed(judged: Sequence[Judged]) -> None:
    """Rows in which a passage is not found."""
    for one in judged:
        if one.row.kind in (COPY, SHARED) and not one.is_found:
            lacking = ", ".join(place.work_id for place in scoring.places(one.row) if not one.finds(place))
            print(f"missed: {one.row.id} ({one.row.script}) {lacking}")


if __name__ == "__main__":
    main()
