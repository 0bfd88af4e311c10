#!/usr/bin/env python3
"""Builds the audio quality bench from the media of scripts/fetch_media.py.

Under DIR: `works/` and `catalog.csv` (what is registered), `queries/` (altered excerpts of works,
and clips that hold nothing registered) and `queries.csv` (what every query is; audiobench/truth.py
says what the columns mean). The same seed, ffmpeg, espeak-ng and numpy give the same bytes, and
another seed registers other tracks. A run that broke off goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from audiobench import attacks, queries, sides, truth, unrelated, works
from audiobench.sound import Decoded
from audiobench.studio import Studio
from audiobench.truth import Truth

ROOT = Path(__file__).resolve().parents[3]
# Of 120 works ten are spoken and ten chanted.
VOICED_SHARE = 1 / 12
SAID_EVERY = 50


@dataclass(frozen=True)
class Job:
    """One query to make: its file name without the extension, and what makes it."""

    name: str
    make: Callable[[Path], list[Truth]]


def main() -> None:
    """Registers, alters, and says what was made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--media", type=Path, default=ROOT / "media")
    parser.add_argument("--to", type=Path, required=True, help="folder to write or to go on with")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-attack", type=int, default=10, help="queries of each attack")
    parser.add_argument("--negatives", type=int, default=320, help="queries that hold nothing registered")
    parser.add_argument("--works", type=int, default=120, help="registered works, a sixth of them voices")
    args = parser.parse_args()
    to = args.to.resolve()
    claim(to, args)
    if (to / "queries.csv").exists():
        return report(truth.read(to / "queries.csv"))
    studio, registered = set_up(args.media.resolve(), to, args.seed, args.works)
    works.write_catalog(to / "catalog.csv", registered)
    print(f"{len(registered)} works, {len(studio.unrelated)} unrelated tracks", flush=True)
    jobs = list(planned(studio, args.seed, args.per_attack, args.negatives))
    lines = [line for number, job in enumerate(jobs) for line in run(job, to, number, len(jobs))]
    truth.write(to / "queries.csv", lines)
    for leftover in (".truth", ".scratch"):
        shutil.rmtree(to / leftover)
    return report(lines)


def claim(to: Path, args: argparse.Namespace) -> None:
    """Notes what the folder is made from; a folder made from something else is refused."""
    to.mkdir(parents=True, exist_ok=True)
    made_from = {name: getattr(args, name) for name in ("seed", "per_attack", "negatives", "works")}
    mark = to / "bench.json"
    if mark.exists() and json.loads(mark.read_text()) != made_from:
        sys.exit(f"{to} holds a bench made with {mark.read_text()}; choose another folder")
    mark.write_text(json.dumps(made_from))


def set_up(media: Path, to: Path, seed: int, count: int) -> tuple[Studio, list[works.Work]]:
    """Divides the tracks and registers one side."""
    voiced = round(count * VOICED_SHARE)
    divided = sides.split(sides.tracks(media), seed, count - 2 * voiced, voiced)
    decoded = Decoded(to / ".scratch" / "decoded")
    prose = works.Prose(media, seed)
    registered = works.register(to / "works", divided, prose, decoded, seed, voiced)
    others = [track.path for track in divided.unrelated]
    for folder in ("queries", ".truth"):
        (to / folder).mkdir(exist_ok=True)
    return Studio(registered, others, decoded, prose, to / ".scratch"), registered


def planned(studio: Studio, seed: int, per_attack: int, negatives: int) -> Iterator[Job]:
    """Every query in order, each with a random generator of its own."""
    kinds = [(attack, queries.excerpt) for attack in (*attacks.ALTERING, attacks.REVERSED)]
    kinds += [(attacks.INSERT, queries.insert), (attacks.TWO_WORKS, queries.two_works)]
    made: list[tuple[str, Callable[[random.Random, Path], list[Truth]], int]] = []
    for attack, make in kinds:
        made += [(attack.name, partial(make, attack, studio), index) for index in range(per_attack)]
    for sort, index in unrelated.sorts(negatives):
        made.append((f"unrelated-{sort}", partial(unrelated.make, sort, studio), index))
    for number, (name, make, index) in enumerate(made):
        yield Job(f"{number:04}-{name}", partial(make, random.Random(f"{seed}:{name}:{index}")))


def run(job: Job, to: Path, number: int, count: int) -> list[Truth]:
    """Makes a query unless an earlier run did; its truth waits in a file of its own until the end."""
    told = to / ".truth" / f"{job.name}.csv"
    if not told.exists():
        truth.write(told, job.make(to / "queries" / job.name))
    if (number + 1) % SAID_EVERY == 0:
        print(f"{number + 1:5} of {count} queries, {cpu_s():.0f} CPU seconds", flush=True)
    return truth.read(told)


def cpu_s() -> float:
    """CPU time of this run and its children so far."""
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts)


def report(lines: list[Truth]) -> None:
    """Counts of query files by group and attack."""
    grouped = {line.file: (line.group, line.attack) for line in lines}
    for (group, attack), count in Counter(grouped.values()).items():
        print(f"{group:16}{attack:28}{count:5}")
    for group, count in Counter(group for group, _ in grouped.values()).items():
        print(f"{group:44}{count:5}")
    print(f"{len(grouped)} queries, {cpu_s():.0f} CPU seconds")


if __name__ == "__main__":
    main()
