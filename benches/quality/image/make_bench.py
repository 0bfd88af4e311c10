#!/usr/bin/env python3
"""Builds the image quality bench from the pictures of scripts/fetch_media.py.

Under DIR: `works/` and `catalog.csv` (what is registered), `queries/` (altered works, and pictures
that hold nothing registered) and `queries.csv` (what every query is; imagebench/truth.py says what
the columns mean). The same seed, Pillow, OpenCV, numpy and DejaVu fonts give the same bytes, and
another seed registers other pictures. A run that broke off goes on where it was.
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

from PIL import Image

from imagebench import attacks, pool, queries, truth, unrelated, works
from imagebench.attacks import Attack
from imagebench.studio import Studio
from imagebench.truth import Truth
from imagebench.works import Work

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(__file__).resolve().parent / "SHARED.csv"
CHAINS = 3
SAID_EVERY = 100


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
    parser.add_argument("--per-attack", type=int, default=14, help="queries of each attack, of chains thrice")
    parser.add_argument("--negatives", type=int, default=640, help="queries that hold nothing registered")
    parser.add_argument("--works", type=int, default=320, help="registered works")
    args = parser.parse_args()
    to = args.to.resolve()
    claim(to, args)
    if (to / "queries.csv").exists():
        return report(truth.read(to / "queries.csv"))
    studio = set_up(args.media.resolve(), to, args.seed, args.works)
    print(f"{len(studio.works)} works, {len(studio.others)} unrelated pictures", flush=True)
    jobs = list(planned(studio, args.seed, args.per_attack, args.negatives))
    lines = [line for number, job in enumerate(jobs) for line in run(job, to, number, len(jobs))]
    truth.write(to / "queries.csv", lines)
    shutil.rmtree(to / ".truth")
    return report(lines)


def claim(to: Path, args: argparse.Namespace) -> None:
    """Notes what the folder is made from; a folder made from something else is refused."""
    to.mkdir(parents=True, exist_ok=True)
    made_from = {name: getattr(args, name) for name in ("seed", "per_attack", "negatives", "works")}
    mark = to / "bench.json"
    if mark.exists() and json.loads(mark.read_text()) != made_from:
        sys.exit(f"{to} holds a bench made with {mark.read_text()}; choose another folder")
    mark.write_text(json.dumps(made_from))


def set_up(media: Path, to: Path, seed: int, count: int) -> Studio:
    """Registers some pictures; others are those that share nothing with them."""
    collected = pool.read(media, SHARED)
    registered = works.register(to / "works", collected, works.choose(collected, seed, count))
    works.write_catalog(to / "catalog.csv", registered)
    for folder in ("queries", ".truth"):
        (to / folder).mkdir(exist_ok=True)
    taken = {collected.family[work.source] for work in registered}
    free = [name for name in collected.names if collected.family[name] not in taken]
    translated = [name for name in free if pool.is_translation(name, {work.source for work in registered})]
    others = [
        name for name in one_of_each(collected, free, seed)
        if name not in set(translated) and not works.is_plain(media / name)
    ]
    return Studio(media, registered, others, translated, {work.work_id: work for work in registered})


def one_of_each(collected: pool.Pool, names: list[str], seed: int) -> list[str]:
    """One picture of every family, so that no shot is asked about twice."""
    picked: dict[int, str] = {}
    for name in sorted(names, key=lambda name: works.rank(seed, name)):
        picked.setdefault(collected.family[name], name)
    return sorted(picked.values())


def planned(studio: Studio, seed: int, per_attack: int, negatives: int) -> Iterator[Job]:
    """Every query in order, each with a random generator of its own."""
    made: list[tuple[str, Callable[[random.Random, Path], list[Truth]], int]] = []
    sides = {work.work_id: longer_side(work) for work in studio.works}
    for attack in attacks.ATTACKS:
        count = per_attack * (CHAINS if attack.name == "chain" else 1)
        for index, work in enumerate(chosen(attack, studio.works, sides, seed, count)):
            made.append((attack.name, partial(queries.altered, attack, work, studio), index))
    for index, (kind, name) in enumerate(unrelated.planned(studio, seed, negatives)):
        made.append((f"unrelated-{kind}", partial(unrelated.make, kind, name, studio), index))
    for number, (name, make, index) in enumerate(made):
        yield Job(f"{number:04}-{name}", partial(make, random.Random(f"{seed}:{name}:{index}")))


def chosen(attack: Attack, registered: list[Work], sides: dict[str, int], seed: int, count: int) -> list[Work]:
    """The works of an attack's queries, none of them twice."""
    large = [work for work in registered if sides[work.work_id] > attack.longer_than]
    return random.Random(f"{seed}:works:{attack.name}").sample(large, min(count, len(large)))


def longer_side(work: Work) -> int:
    """Pixels along the longer side of a work."""
    with Image.open(work.path) as opened:
        return max(opened.size)


def run(job: Job, to: Path, number: int, count: int) -> list[Truth]:
    """Makes a query unless an earlier run did; its truth waits in a file of its own until the end."""
    told = to / ".truth" / f"{job.name}.csv"
    if not told.exists():
        truth.write(told, job.make(to / "queries" / job.name))
    if (number + 1) % SAID_EVERY == 0:
        print(f"{number + 1:5} of {count} queries, {cpu_s():.0f} CPU seconds", flush=True)
    return truth.read(told)


def cpu_s() -> float:
    """CPU time of this run so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


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
