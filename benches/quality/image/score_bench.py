#!/usr/bin/env python3
"""Scores a tool's answers to the queries of make_bench.py, as Markdown.

Prints a line for each group with the bar the project sets itself, one for each attack, the
unrelated queries by kind and the strongest false answers, which are worth a look: two pictures that
share content belong into SHARED.csv. imagebench/scoring.py says what an answer looks like.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imagebench import pool, scoring, truth, works
from imagebench.scoring import Limits, Line, Query
from imagebench.truth import UNRELATED, Truth

SHARED = Path(__file__).resolve().parent / "SHARED.csv"
# Recall the project holds itself to.
BARS = {"faithful": 0.99, "geometry": 0.95, "composite": 0.85, "hard": 0.65, "augly": 0.85}
LISTED_MAX = 25
HEADER = (
    "queries", "recall@1", "at 0 false", "above wrong", "at P90", "\u03bcAP", "default", "wrong",
    "query IoU", "work IoU", "turn",
)


@dataclass(frozen=True)
class Scored:
    """All queries with their answers, and the scores that part right from false."""

    related: list[Query]
    unrelated: list[Query]
    limits: Limits


def main() -> None:
    """Reads truth and answers, prints the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, required=True, help="folder of make_bench.py")
    parser.add_argument("--answers", type=Path, required=True, help="JSON Lines, one per query file")
    parser.add_argument("--shared", type=Path, default=SHARED, help="pairs of pictures that share content")
    parser.add_argument("--list-missed", action="store_true", help="list queries not reported by default")
    args = parser.parse_args()
    answers, cost = scoring.read_answers(args.answers)
    lines = truth.read_all(args.bench)
    queries = scoring.join(lines, answers, excuses(args.bench, args.shared, lines))
    unanswered = sum(scoring.base_name(query.file) not in answers for query in queries)
    if unanswered:
        print(f"{unanswered} queries have no answer and count as unmatched", file=sys.stderr)
    scored = Scored(
        [query for query in queries if query.group != UNRELATED],
        [query for query in queries if query.group == UNRELATED], Limits.of(queries),
    )
    for table in (groups(scored), attacks(scored), silences(scored.unrelated), strongest(scored)):
        print_table(table)
    print_limits(scored.limits)
    if cost:
        print("cost:", ", ".join(f"{name} {value}" for name, value in cost.items()))
    if args.list_missed:
        print_missed(scored.related)


def excuses(bench: Path, shared: Path, lines: list[Truth]) -> scoring.Excused:
    """Whether a work shares content with any picture in a query."""
    source = {work.work_id: work.source for work in works.read_catalog(bench)}
    named = {name for line in lines for name in line.sources.split(";") if name}
    family = pool.families(sorted(named | set(source.values())), shared)

    def excused(line: Truth, work_id: str) -> bool:
        held = {family[name] for name in line.sources.split(";") if name}
        return work_id in source and family[source[work_id]] in held

    return excused


def groups(scored: Scored) -> list[list[str]]:
    """A row for each group with its bar, and one for everything that should be found."""
    table = [["group", "bar", *HEADER]]
    for label, some in named(scored.related, lambda query: query.group).items():
        bar = BARS.get(label)
        table.append([label, "-" if bar is None else f"{bar:.2f}", *cells(scored, some)])
    return [*table, ["all", "-", *cells(scored, scored.related)]]


def attacks(scored: Scored) -> list[list[str]]:
    """A row for each attack."""
    rows = named(scored.related, lambda query: query.attack)
    return [["attack", *HEADER], *([label, *cells(scored, some)] for label, some in rows.items())]


def named(queries: list[Query], name: Callable[[Query], str]) -> dict[str, list[Query]]:
    """Queries by a name, in the order in which the names first occur."""
    found: dict[str, list[Query]] = {}
    for query in queries:
        found.setdefault(name(query), []).append(query)
    return found


def cells(scored: Scored, some: list[Query]) -> list[str]:
    """The figures of some queries."""
    line: Line = scoring.figures(some, scored.unrelated, scored.limits)
    return [
        str(line.queries), f"{line.first_right:.3f}", f"{line.at_no_false:.3f}", f"{line.above_wrong:.3f}",
        f"{line.at_precision:.3f}", f"{line.average_precision:.3f}", f"{line.reported:.3f}",
        str(line.wrong_reported), cell(line.query_overlap), cell(line.work_overlap), cell(line.turns_right),
    ]


def silences(unrelated: list[Query]) -> list[list[str]]:
    """A row for each kind of unrelated query, and one for all."""
    kinds = named(unrelated, lambda query: query.attack.removeprefix("unrelated-"))
    table = [["unrelated", "queries", "falsely reported", "false matches", "highest score"]]
    for label, some in [*kinds.items(), ("all unrelated", unrelated)]:
        line = scoring.silence(some)
        counts = (line.queries, line.falsely_reported, line.false_matches)
        table.append([label, *map(str, counts), cell(line.highest)])
    return table


def strongest(scored: Scored) -> list[list[str]]:
    """The strongest false answers: to unrelated queries, and of wrong works to the others."""
    false = [(match, query) for query in (*scored.unrelated, *scored.related) for match in query.wrong]
    false.sort(key=lambda found: (-found[0].score, found[1].file))
    table = [["strongest false answers", "group", "work", "score", "reported"]]
    for match, query in false[:LISTED_MAX]:
        reported = "yes" if match.reported else "no"
        table.append([query.file, query.group, match.work_id, f"{match.score:.3f}", reported])
    return table


def cell(value: float | None) -> str:
    """A number, or a dash for one that is not known."""
    return "-" if value is None else f"{value:.3f}"


def print_table(table: list[list[str]]) -> None:
    """Prints a table as Markdown."""
    print(*(f"| {' | '.join(line)} |" for line in [table[0], ["---"] * len(table[0]), *table[1:]]), sep="\n")
    print()


def print_limits(limits: Limits) -> None:
    """The scores at which recall is taken."""
    print(
        f"highest unrelated score {limits.unrelated:.3f}, highest of a wrong work {limits.wrong:.3f}, "
        f"least with 90 % precision {limits.precise:.3f}"
    )


def print_missed(related: list[Query]) -> None:
    """Queries of which the tool itself would not report every work."""
    for query in related:
        if not query.is_reported:
            reported = {match.work_id for match in query.matches if match.reported}
            lacking = ", ".join(
                f"{work} ({next((f'{m.score:.3f}' for m in query.matches if m.work_id == work), 'not named')})"
                for work in sorted(query.works - reported)
            )
            print(f"missed: {query.file} {lacking}")


if __name__ == "__main__":
    main()
