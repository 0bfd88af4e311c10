#!/usr/bin/env python3
"""Scores a scan of the real-media dataset against its truth.

Prints, for each medium and attack, how many copies were found; then every copy missed, every
finding that names the wrong work, every finding on a row that copies nothing, and whether the
rows add up. Ends with 1 when anything of that is not as it should be.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from realmedia.items import Truth, read_truth
from realmedia.scoring import Line, Score, score

LISTED_MAX = 40


def main() -> int:
    """Reads truth and outputs, prints the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--truth", type=Path, required=True, help="truth.csv of build_real_dataset.py")
    parser.add_argument("--out", type=Path, required=True, help="output folder of `clearance scan`")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--report-only", action="store_true", help="end with 0 whatever is found")
    args = parser.parse_args()
    result = score(
        read_truth(args.truth),
        read_related(args.truth.with_name("related.csv")),
        pq.read_table(args.out / "findings.parquet").to_pylist(),
        pq.read_table(args.out / "coverage.parquet").to_pylist(),
        json.loads((args.out / "summary.json").read_text(encoding="utf-8")),
    )
    print_table(result, args.markdown)
    print_findings("wrong work", result.wrong_work)
    print_findings("false: the row copies nothing registered", result.false)
    print_items("missed", result.missed)
    print_items("broken or unfetched, yet neither found nor in the coverage", result.unnamed)
    for mismatch in result.mismatches:
        print(f"does not add up: {mismatch}")
    print(total(result))
    return 0 if result.is_clean or args.report_only else 1


def read_related(path: Path) -> set[tuple[str, str]]:
    """Pairs of works that share passages, in both orders."""
    if not path.exists():
        return set()
    with path.open(newline="", encoding="utf-8") as file:
        pairs = [(line["work_id"], line["related_work_id"]) for line in csv.DictReader(file)]
    return {pair for one, other in pairs for pair in ((one, other), (other, one))}


def print_table(result: Score, markdown: bool) -> None:
    """One line for each medium and attack, and one for each medium's copies together."""
    header = ["medium", "attack", "items", "found", "missed", "recall", "offset error s"]
    rows = [cells(media, attack, line) for (media, attack), line in sorted(result.lines.items())]
    rows += [sum_cells(media, result) for media in sorted({media for media, _ in result.lines})]
    if markdown:
        print("| " + " | ".join(header) + " |")
        print("|---|---|" + "---:|" * (len(header) - 2))
        for row in rows:
            print("| " + " | ".join(row) + " |")
        return
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    for row in [header, *rows]:
        left = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        print("  ".join(left + right))


def cells(media: str, attack: str, line: Line) -> list[str]:
    """The printed cells of one line; recall only where findings are demanded."""
    demanded = line.found + len(line.missed)
    recall = f"{line.found / demanded:.3f}" if demanded else ""
    error_s = line.offset_error_s
    offset = "" if error_s is None else f"{error_s:.3f}"
    return [media, attack, str(line.items), str(line.found), str(len(line.missed)), recall, offset]


def sum_cells(media: str, result: Score) -> list[str]:
    """All copies of one medium together."""
    of_media = [line for (name, _), line in result.lines.items() if name == media]
    both = Line(items=sum(line.found + len(line.missed) for line in of_media))
    for line in of_media:
        both.found += line.found
        both.missed += line.missed
        both.offset_errors_s += line.offset_errors_s
    return cells(media, "all copies", both)


def print_findings(what: str, findings: list[dict[str, Any]]) -> None:
    """Findings that should not be there, the most certain first."""
    for finding in sorted(findings, key=lambda f: f["e_value"])[:LISTED_MAX]:
        where = f"{finding['file']} row {finding['row_index']} {finding['column_name']}[{finding['item_index']}]"
        print(
            f"{what}: {where} -> {finding['work_id']} ({finding['kind']}, "
            f"score {finding['score']:.3f}, E {finding['e_value']:.3g}, evidence {finding.get('evidence')})"
        )
    print_rest(what, len(findings))


def print_items(what: str, items: list[Truth]) -> None:
    """Items of the truth, one a line."""
    for item in items[:LISTED_MAX]:
        where = f"{item.file} row {item.row_index} {item.column_name}[{item.item_index}]"
        print(f"{what}: {where} {item.media} {item.attack} {item.work_id}")
    print_rest(what, len(items))


def print_rest(what: str, count: int) -> None:
    """Says how many more there are than were listed."""
    if count > LISTED_MAX:
        print(f"{what}: and {count - LISTED_MAX} more")


def total(result: Score) -> str:
    """One line that sums it all up."""
    found = sum(line.found for line in result.lines.values())
    return (
        f"found {found}, missed {len(result.missed)}, wrong work {len(result.wrong_work)}, "
        f"false {len(result.false)}, shared passages {len(result.shared)}, "
        f"unnamed {len(result.unnamed)}, mismatches {len(result.mismatches)}"
    )


if __name__ == "__main__":
    sys.exit(main())
