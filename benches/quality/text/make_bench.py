#!/usr/bin/env python3
"""Builds the text quality bench from the texts of scripts/fetch_media.py.

Under DIR: `works/` and `catalog.csv` (what is registered) and `queries.jsonl` (rows with altered
passages of works, rows with texts that several works quote, and rows that hold nothing registered;
textbench/truth.py says what the fields mean). The same seed and the same texts give the same bytes;
another seed registers other works, and leaves other packages and languages unregistered.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

# First, because it says where the shared parts are.
from textbench import attacks, pool, queries, studio, truth, unrelated, works

from common.figures import cpu_s
from textbench.shingles import Index
from textbench.studio import Studio
from textbench.truth import Row

ROOT = Path(__file__).resolve().parents[3]
SAID_EVERY = 1_000
SHARED_ROWS = 240


def main() -> None:
    """Registers, alters, and says what was made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--media", type=Path, default=ROOT / "media")
    parser.add_argument("--to", type=Path, required=True, help="folder to write; a finished bench is kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-cell", type=int, default=50, help="rows of each attack and length")
    parser.add_argument("--negatives", type=int, default=3_000, help="rows that hold nothing registered")
    args = parser.parse_args()
    to = args.to.resolve()
    claim(to, args)
    if (to / "queries.jsonl").exists():
        return report(list(truth.read(to / "queries.jsonl")))
    made = set_up(args.media.resolve(), to, args.seed)
    rows = list(all_rows(made, args.seed, args.per_cell, args.negatives))
    truth.write(to / "queries.jsonl", rows)
    return report(rows)


def claim(to: Path, args: argparse.Namespace) -> None:
    """Notes what the folder is made from; a folder made from something else is refused."""
    to.mkdir(parents=True, exist_ok=True)
    made_from = {name: getattr(args, name) for name in ("seed", "per_cell", "negatives")}
    mark = to / "bench.json"
    if mark.exists() and json.loads(mark.read_text()) != made_from:
        sys.exit(f"{to} holds a bench made with {mark.read_text()}; choose another folder")
    mark.write_text(json.dumps(made_from))


def set_up(media: Path, to: Path, seed: int) -> Studio:
    """Deals the texts out, registers one side and indexes it."""
    groups, licenses = pool.read(media)
    if not groups:
        sys.exit(f"no texts under {media}; scripts/fetch_media.py --collection books fetches them")
    sides = works.deal(groups, seed)
    thirds = works.plant(sides, seed)
    works.write(sides.works, to)
    megabytes = sum(len(work.text.encode()) for work in sides.works) / 1e6
    print(f"{len(sides.works)} works, {megabytes:.1f} MB, {len(sides.unrelated)} unrelated sections", flush=True)
    index = Index(work.text for work in sides.works)
    made = Studio(sides.works, index, thirds, sides.unrelated, licenses)
    studio.cut_chunks(made, sides.unrelated, random.Random(f"{seed}:chunks"))
    chunks = ", ".join(f"{script} {len(held)}" for script, held in sorted(made.chunks.items()))
    print(f"unrelated prose in chunks: {chunks}; {cpu_s():.0f} CPU seconds", flush=True)
    return made


def all_rows(made: Studio, seed: int, per_cell: int, negatives: int) -> Iterator[Row]:
    """Every row in order, each with a random generator of its own."""
    for number, row in enumerate(filter(None, planned(made, seed, per_cell, negatives)), start=1):
        if number % SAID_EVERY == 0:
            print(f"{number:5} rows, {cpu_s():.0f} CPU seconds", flush=True)
        yield row


def planned(made: Studio, seed: int, per_cell: int, negatives: int) -> Iterator[Row | None]:
    """Copies cell by cell, whole short works, shared passages, negatives."""
    for attack in attacks.ATTACKS:
        for words in attacks.LENGTHS:
            for number in range(per_cell):
                rng = random.Random(f"{seed}:{attack.name}:{words}:{number}")
                yield queries.copy(attack, words, number, made, rng)
    for number in range(per_cell):
        yield queries.whole_short_work(number, made, random.Random(f"{seed}:short:{number}"))
    passages = queries.third_passages(made, SHARED_ROWS, random.Random(f"{seed}:third passages"))
    for number in range(SHARED_ROWS):
        rng = random.Random(f"{seed}:shared:{number}")
        yield queries.shared(passages[number % len(passages)], number, made, rng)
    for sort, kind, number in unrelated.planned(negatives):
        yield unrelated.make(sort, kind, number, made, random.Random(f"{seed}:{sort}:{number}"))


def report(rows: list[Row]) -> None:
    """Counts of rows by kind and attack, by script, and of negatives that are reuse."""
    for (kind, attack), count in Counter((row.kind, row.attack) for row in rows).items():
        print(f"{kind:16}{attack:28}{count:6}")
    copies = [row for row in rows if row.kind == truth.COPY]
    for name, counts in (
        ("script of copies", Counter(row.script for row in copies)),
        ("words of copies", Counter(row.words for row in copies if row.attack != attacks.WHOLE)),
        ("kind", Counter(row.kind for row in rows)),
    ):
        print(f"{name}: {', '.join(f'{label} {count}' for label, count in counts.most_common())}")
    print(f"{len(rows)} rows, {sum(len(row.text) for row in rows) / 1e6:.1f} M characters, {cpu_s():.0f} CPU seconds")


if __name__ == "__main__":
    main()
