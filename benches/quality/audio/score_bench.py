#!/usr/bin/env python3
"""Scores a tool's answers to the queries of make_bench.py.

Prints a line for each attack and each group, the bars the project sets itself, the unrelated
queries and the strongest scores among them. audiobench/scoring.py says what an answer looks like.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audiobench import scoring, truth
from audiobench.scoring import Line, Query

E_LIMITS = (0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001)
LISTED_MAX = 8
HEADER = [
    "", "queries", "recall@1", "at 0 false", "default", "wrong", "offset s", "p90 s", "> 0.5 s",
    "scale %", "pitch st",
]


@dataclass(frozen=True)
class Bar:
    """A recall the project holds itself to, over some attacks together."""

    label: str
    least: float
    holds: Callable[[Query], bool]


def in_groups(*groups: str) -> Callable[[Query], bool]:
    """Whether a query belongs to one of the groups."""
    return lambda query: query.group in groups


def of_attacks(*attacks: str) -> Callable[[Query], bool]:
    """Whether a query is one of the attacks."""
    return lambda query: query.attack in attacks


EFFECTS = of_attacks("lowpass-3k", "compression", "one-channel")
SPEEDS_NEAR = of_attacks(*(f"speed{percent:+d}" for percent in (-10, -5, -2, 2, 5, 10, 20)))
SPEEDS_FAR = of_attacks("speed-30", "speed-20", "speed+30")
BARS = (
    Bar("clean 3-30 s, codecs, telephone, low-pass, compression, one channel", 0.99,
        lambda query: query.group in ("clean", "codec") or EFFECTS(query)),
    Bar("noise 10/5 dB, speech 0 dB, mashup +6/0 dB", 0.96,
        lambda query: query.group in ("speech", "mashup+6/0") or query.attack in ("noise-10dB", "noise-5dB")),
    Bar("pitch to 4 st, tempo to 25 %, speed -10..+20 %", 0.95,
        lambda query: query.group in ("pitch", "tempo") or SPEEDS_NEAR(query)),
    Bar("speed to 30 %, slowed+reverb, 3 s in 20 s, combinations, mashup -6 dB", 0.85,
        lambda query: query.group in ("slowed-reverb", "combo", "mashup-6")
        or query.attack == "3s-in-20s" or SPEEDS_FAR(query)),
    Bar("mashup -10 dB, 1 s clean", 0.60, in_groups("mashup-10", "clean-1s")),
)


def main() -> None:
    """Reads truth and answers, prints the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--queries", type=Path, required=True, help="queries.csv of make_bench.py")
    parser.add_argument("--answers", type=Path, required=True, help="JSON Lines, one per query file")
    parser.add_argument(
        "--e-values", action="store_true",
        help="scores are -log10 of an E-value: compare the false matches expected and found",
    )
    parser.add_argument("--markdown", action="store_true", help="print tables as Markdown")
    args = parser.parse_args()
    answers = scoring.read_answers(args.answers)
    queries = scoring.join(truth.read(args.queries), answers)
    unanswered = sum(scoring.base_name(query.file) not in answers for query in queries)
    if unanswered:
        print(f"{unanswered} queries have no answer and count as unmatched", file=sys.stderr)
    above = scoring.highest_unrelated(queries)
    tables = [attacks(queries, above), groups(queries, above), bars(queries, above), silences(queries)]
    if args.e_values:
        tables.append(calibration(queries))
    for table in tables:
        print_table(table, args.markdown)
    print_reversed(queries)
    print_strongest(queries)


def attacks(queries: list[Query], above: float) -> list[list[str]]:
    """A row for each attack."""
    return [["attack", *HEADER[1:]], *rows(queries, above, lambda query: query.attack)]


def groups(queries: list[Query], above: float) -> list[list[str]]:
    """A row for each group, and one for everything that should be found."""
    wanted = [query for query in queries if query.group not in (scoring.UNRELATED, scoring.REVERSED)]
    table = [["group", *HEADER[1:]], *rows(queries, above, lambda query: query.group)]
    return [*table, row("all but reversed", scoring.figures(wanted, above))]


def rows(queries: list[Query], above: float, name: Callable[[Query], str]) -> list[list[str]]:
    """A row for each name, in the order in which they first occur."""
    named: dict[str, list[Query]] = {}
    for query in queries:
        if query.group != scoring.UNRELATED:
            named.setdefault(name(query), []).append(query)
    return [row(label, scoring.figures(some, above)) for label, some in named.items()]


def row(label: str, line: Line) -> list[str]:
    """The cells of one line."""
    percent = None if line.rate_error is None else 100 * line.rate_error
    return [
        label, str(line.queries), f"{line.first_right:.3f}", f"{line.at_no_false:.3f}",
        f"{line.reported:.3f}", str(line.wrong_reported), cell(line.offset_median_s),
        cell(line.offset_p90_s), cell(line.far_offsets), cell(percent), cell(line.pitch_error),
    ]


def bars(queries: list[Query], above: float) -> list[list[str]]:
    """A row for each bar, with the weakest of its attacks."""
    table = [["bar", "least", "queries", "recall@1", "at 0 false", "default", "weakest attack at default"]]
    for bar in BARS:
        some = [query for query in queries if bar.holds(query)]
        line = scoring.figures(some, above)
        by_attack = {attack: scoring.share(q.is_reported for q in some if q.attack == attack)
                     for attack in dict.fromkeys(query.attack for query in some)}
        weakest = min(by_attack, key=lambda attack: by_attack[attack], default="")
        table.append([
            bar.label, f"{bar.least:.2f}", str(line.queries), f"{line.first_right:.3f}",
            f"{line.at_no_false:.3f}", f"{line.reported:.3f}",
            f"{weakest} {by_attack.get(weakest, 0.0):.2f}",
        ])
    return table


def silences(queries: list[Query]) -> list[list[str]]:
    """A row for each sort of unrelated query, and one for all."""
    unrelated = [query for query in queries if query.group == scoring.UNRELATED]
    sorts = {sort: [q for q in unrelated if q.attack == sort] for sort in {q.attack: 0 for q in unrelated}}
    table = [["unrelated", "queries", "falsely reported", "false matches", "highest score"]]
    for label, some in [*sorts.items(), ("all unrelated", unrelated)]:
        line = scoring.silence(some)
        counts = [line.queries, line.falsely_reported, line.false_matches]
        table.append([label, *map(str, counts), cell(line.highest)])
    return table


def calibration(queries: list[Query]) -> list[list[str]]:
    """For limits on the E-value, how many unrelated queries chance should bring below and how many it does."""
    highest = [
        max((match.score for match in query.matches), default=-math.inf)
        for query in queries if query.group == scoring.UNRELATED
    ]
    table = [["E-value of an unrelated query at most", "expected queries", "found"]]
    for limit in E_LIMITS:
        found = sum(score >= -math.log10(limit) for score in highest)
        table.append([f"{limit:g}", f"{limit * len(highest):.1f}", str(found)])
    return table


def cell(value: float | None) -> str:
    """A number, or a dash for one that is not known."""
    return "-" if value is None else f"{value:.3f}"


def print_table(table: list[list[str]], markdown: bool) -> None:
    """Prints a table, as Markdown or in columns."""
    if markdown:
        print(*(f"| {' | '.join(line)} |" for line in [table[0], ["---"] * len(table[0]), *table[1:]]), sep="\n")
    else:
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for line in table:
            first, *rest = (
                text.rjust(width) if index else text.ljust(width)
                for index, (text, width) in enumerate(zip(line, widths, strict=True))
            )
            print("  ".join([first, *rest]).rstrip())
    print()


def print_reversed(queries: list[Query]) -> None:
    """How many copies played backwards the tool claims to have aligned in time."""
    backwards = [query for query in queries if query.group == scoring.REVERSED]
    claimed = sum(
        any(match.reported and (match.rate or 0.0) > 0 for match in query.matches) for query in backwards
    )
    print(f"reversed: {claimed} of {len(backwards)} reported as running forwards")


def print_strongest(queries: list[Query]) -> None:
    """The strongest scores that unrelated queries got; worth a look by ear."""
    scores = [
        (match.score, query.file, match.work_id)
        for query in queries if query.group == scoring.UNRELATED for match in query.matches
    ]
    for score, file, work_id in sorted(scores, reverse=True)[:LISTED_MAX]:
        print(f"strongest unrelated: {score:.3f} {file} {work_id}")


if __name__ == "__main__":
    main()
