#!/usr/bin/env python3
"""Lets another tool answer the queries of make_bench.py, for score_bench.py.

Chromaprint needs `fpcalc` (Debian package libchromaprint-tools); the two of audiofp the program
that `cargo build --release` makes of peers/audiofp.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sys
from pathlib import Path

from audiobench import audiofp, chromaprint, truth

SAID_EVERY = 100


def main() -> None:
    """Fingerprints the works, asks every query, writes the answers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, required=True, help="folder of make_bench.py")
    parser.add_argument("--tool", required=True, choices=["chromaprint", "audiofp-wang", "audiofp-panako"])
    parser.add_argument("--out", type=Path, required=True, help="answers to write, as JSON Lines")
    parser.add_argument("--fpcalc", default="fpcalc", help="Chromaprint's program")
    parser.add_argument("--audiofp", default="audiofp-peer", help="the program of peers/audiofp")
    args = parser.parse_args()
    with (args.bench / "catalog.csv").open(newline="", encoding="utf-8") as file:
        works = [(line["work_id"], args.bench / line["path"]) for line in csv.DictReader(file)]
    files = dict.fromkeys(line.file for line in truth.read(args.bench / "queries.csv"))
    queries = [(file, args.bench / file) for file in files]
    if args.tool == "chromaprint":
        answers = chromaprint.answers(works, queries, args.fpcalc)
    else:
        answers = audiofp.answers(works, queries, args.audiofp, args.tool.removeprefix("audiofp-"))
    with args.out.open("w", encoding="utf-8") as out:
        for number, answer in enumerate(answers, start=1):
            out.write(json.dumps(answer) + "\n")
            if number % SAID_EVERY == 0:
                print(f"{number} of {len(queries)} queries", file=sys.stderr, flush=True)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"{sum(part.ru_utime + part.ru_stime for part in used):.0f} CPU seconds", file=sys.stderr)


if __name__ == "__main__":
    main()
