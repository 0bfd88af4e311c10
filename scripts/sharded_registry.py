#!/usr/bin/env python3
"""Scans a dataset on a Ray cluster with a registry in parts, and compares the results with those of one
process and the whole registry, byte for byte.

    python3 scripts/sharded_registry.py DATASET REGISTRY FOLDER [--parts 4] [--nodes 3]

needs the Python package with its extra `ray` (crates/python). Three nodes run on this machine
(ray.cluster_utils.Cluster). In the middle of the scan the process that holds a part is killed and the
part's files are removed, then a node goes: what is lost is started again elsewhere and written again
from the registry. Afterwards the driver's own process counts what is said between it and the parts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import ray
from ray.cluster_utils import Cluster

import clearance
import clearance.sharded
from clearance import _native

AS_OF = "2026-06-30"
# The page and its exhibits show works, which lie elsewhere.
SAME = ("findings.parquet", "findings.jsonl", "coverage.parquet", "summary.json")


def compared(one: Path, other: Path) -> str:
    """Exits when the results differ."""
    different = [name for name in SAME if (one / name).read_bytes() != (other / name).read_bytes()]
    if different:
        sys.exit(f"{other} differs from {one}: {', '.join(different)}")
    rows = json.loads((other / "summary.json").read_text())
    buckets = {name: rows[name] for name in ("clear", "matched", "unreadable", "skipped")}
    if rows["rows"] != sum(buckets.values()):
        sys.exit(f"{other}: rows that are not accounted for")
    found = pq.read_metadata(other / "findings.parquet").num_rows
    return f"identical: {found} findings, {rows['rows']} rows = {buckets}"


class Loss(threading.Thread):
    """Kills the holder of a part and removes the part, then takes a node away."""

    def __init__(self, cluster: Cluster, node: Any, actors: list[Any], parts: Path, shards: Path):
        super().__init__(daemon=True)
        self.cluster, self.node, self.actors = cluster, node, actors
        self.parts, self.shards = parts, shards
        self.said: list[str] = []

    def finished(self) -> int:
        return len(list(self.shards.glob("*/shard.json")))

    def wait_for(self, shards: int) -> None:
        while self.finished() < shards:
            time.sleep(0.05)

    def run(self) -> None:
        self.wait_for(2)
        process = ray.get(self.actors[1].process.remote())
        shutil.rmtree(self.parts / "parts" / "1")
        os.kill(process, signal.SIGKILL)
        self.said.append(f"part 1 killed and removed with {self.finished()} shards done")
        self.wait_for(5)
        self.cluster.remove_node(self.node)
        self.said.append(f"a node removed with {self.finished()} shards done")


def counted(dataset: str, parts: Path, actors: list[Any], out: Path) -> str:
    """Scans in this process, counting what is asked and answered."""
    totals = {"questions": 0, "answers": 0, "rounds": 0}
    lock = threading.Lock()

    def ask(questions: list[tuple[int, bytes]]) -> list[bytes]:
        answers = ray.get([actors[part].answer.remote(message) for part, message in questions])
        with lock:
            totals["questions"] += sum(len(message) for _, message in questions)
            totals["answers"] += sum(len(answer) for answer in answers)
            totals["rounds"] += 1
        return list(answers)

    _native.exchange_with(ask)
    started = time.monotonic()
    clearance.Registry(parts).scan(dataset, out=out, as_of=AS_OF, threads=4)
    took = time.monotonic() - started
    _native.exchange_with(None)
    summary = json.loads((out / "summary.json").read_text())
    return (
        f"{totals['rounds']} rounds, {totals['questions'] / 1e6:.1f} MB asked, "
        f"{totals['answers'] / 1e6:.1f} MB answered for {summary['rows']} rows in {took:.1f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("dataset")
    parser.add_argument("registry")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", type=int, default=4)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--shards", type=int, default=12)
    given = parser.parse_args()
    folder = given.folder.resolve()
    folder.mkdir(parents=True)
    one, parts, out = folder / "one", folder / "parts", folder / "ray"

    started = time.monotonic()
    clearance.Registry(given.registry).scan(given.dataset, out=one, as_of=AS_OF)
    print(f"one process, the whole registry: {time.monotonic() - started:.1f} s", flush=True)
    started = time.monotonic()
    split = ["registry", "split", given.registry, "--parts", str(given.parts), "--to", str(parts)]
    subprocess.run([sys.executable, "-m", "clearance", "--quiet", *split], check=True)
    sizes = [
        sum(file.stat().st_size for file in part.rglob("*") if file.is_file())
        for part in sorted((parts / "parts").iterdir())
    ]
    print(
        f"{given.parts} parts in {time.monotonic() - started:.1f} s: "
        f"{', '.join(f'{size / 1e6:.1f}' for size in sizes)} MB",
        flush=True,
    )

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2})
    nodes = [cluster.add_node(num_cpus=2) for _ in range(given.nodes - 1)]
    ray.init(address=cluster.address, log_to_driver=False)
    actors = clearance.sharded.serve(parts, given.registry)
    loss = Loss(cluster, nodes[-1], actors, parts, Path(f"{out}.shards"))
    loss.start()
    started = time.monotonic()
    clearance.sharded.scan(
        given.dataset, parts, out, actors=actors, shards=given.shards, as_of=AS_OF
    )
    print(f"Ray: {time.monotonic() - started:.1f} s; {'; '.join(loss.said)}", flush=True)
    if len(loss.said) < 2:
        sys.exit("the scan ended before everything was lost that was to be: use a larger dataset")
    print(f"  {compared(one, out)}", flush=True)
    print(f"  {counted(given.dataset, parts, actors, folder / 'counted')}", flush=True)
    print(f"  {compared(one, folder / 'counted')}", flush=True)
    ray.shutdown()
    cluster.shutdown()


if __name__ == "__main__":
    main()
