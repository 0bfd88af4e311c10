#!/usr/bin/env python3
"""clearance beside the Python pipeline, on the same files in one run.

    scripts/fetch_media.py --to media
    scripts/build_real_dataset.py --media media --to DIR
    benches/pipeline/beside.py --set DIR --program target/release/clearance

Registers the catalog with both, looks through the dataset with both, each on all cores, and prints
for each medium how many of the copies were named and how many names were wrong, and what it took.
A name is wrong when the row copies nothing of that work, nor of one that shares passages with it.

Needs what python_pipeline.py needs.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from realmedia.items import read_truth  # noqa: E402
from realmedia.scoring import NOT_CONTENT, NOT_DEMANDED  # noqa: E402

Named = set[tuple[str, int, str, str]]


def read_findings(path: Path) -> Named:
    """File, row, work and medium of each finding of content."""
    with path.open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return {
        (below_dataset(it["file"]), it["row_index"], it["work_id"], it["media"])
        for it in found
        if it["kind"] not in NOT_CONTENT
    }


def below_dataset(file: str) -> str:
    """A file's name below the folder of the dataset, however it was called."""
    return file.rpartition("dataset/")[2]


class Truths:
    """Which rows copy which works."""

    def __init__(self, folder: Path) -> None:
        """Reads truth.csv and related.csv."""
        truth = read_truth(folder / "truth.csv")
        self.copies = {
            (below_dataset(line.file), line.row_index, line.work_id, line.media)
            for line in truth
            if line.work_id and not line.attack.startswith(NOT_DEMANDED)
        }
        self.works: dict[tuple[str, int], set[str]] = defaultdict(set)
        for line in truth:
            if line.work_id:
                self.works[below_dataset(line.file), line.row_index].add(line.work_id)
        with (folder / "related.csv").open(newline="", encoding="utf-8") as file:
            pairs = [(line["work_id"], line["related_work_id"]) for line in csv.DictReader(file)]
        self.related = {*pairs, *((other, one) for one, other in pairs)}

    def is_wrong(self, named: tuple[str, int, str, str]) -> bool:
        """Whether the row copies nothing of the work."""
        file, row, work, _ = named
        there = self.works[file, row]
        return work not in there and not any((work, other) in self.related for other in there)

    def line(self, what: str, named: Named) -> str:
        """Found and wrong, by medium."""
        cells = []
        for media in ("audio", "image", "text"):
            copies = {copy for copy in self.copies if copy[3] == media}
            wrong = sum(self.is_wrong(one) for one in named if one[3] == media)
            cells.append(f"{len(copies & named)} of {len(copies)}, {wrong} wrong")
        return f"| {what} | {' | '.join(cells)} |"


def timed(command: list[object]) -> tuple[float, float, str]:
    """Wall and CPU seconds of a command with its children, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, check=False)
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{command[0]} ended with {done.returncode}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def main() -> None:
    """Runs both and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", type=Path, required=True, help="folder of build_real_dataset.py")
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--image-bits", type=int, default=10)
    args = parser.parse_args()
    truths = Truths(args.set)
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        registered = timed(
            [args.program, "register", args.set / "catalog.csv", "--registry", place / "registry", "--quiet"]
        )
        command = [args.program, "scan", args.set / "dataset", "--registry", place / "registry"]
        ours = timed([*command, "--out", place / "out", "--quiet", "--progress", "none"])
        pipeline = Path(__file__).with_name("python_pipeline.py")
        command = [sys.executable, pipeline, "--set", args.set, "--out", place / "python.jsonl"]
        theirs = timed([*command, "--image-bits", args.image_bits])
        said = re.search(r"registered in ([\d.]+) s; .* in ([\d.]+) s, ([\d.]+) CPU s", theirs[2])
        if said is None:
            sys.exit(f"the pipeline said {theirs[2]!r}")
        print("| | audio | image | text |\n|---|---:|---:|---:|")
        print(truths.line("clearance", read_findings(place / "out" / "findings.jsonl")))
        print(truths.line("Python pipeline", read_findings(place / "python.jsonl")))
        print(f"\n{cores} cores. Registering: clearance {registered[0]:.1f} s, Python {said[1]} s.")
        print(f"Dataset: clearance {ours[0]:.1f} s ({ours[1]:.1f} CPU s), Python {said[2]} s ({said[3]} CPU s);", end=" ")
        print(f"ratio of wall times {float(said[2]) / ours[0]:.1f}, of CPU {float(said[3]) / ours[1]:.1f}")


if __name__ == "__main__":
    main()
