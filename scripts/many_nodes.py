#!/usr/bin/env python3
"""Scans a generated dataset on clusters that lose a node and their driver, and compares the results
with those of one process, byte for byte.

    python3 scripts/many_nodes.py FOLDER [--engines ray,spark] [--files 240] [--gigabytes 0]

needs the Python package with its extras `ray` and `spark` (crates/python) and Java. Ray runs three
nodes on this machine (ray.cluster_utils.Cluster), Spark three executors (local-cluster[3,1,1024]). In
the middle of each job a node is killed, then the driver; the same call is made again and has to go on
with the shards that are missing. With --gigabytes N, N gigabytes of recordings are scanned by one
process and by each engine undisturbed, and the difference in time is what the engine costs.
"""

from __future__ import annotations

import argparse
import atexit
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import clearance

DEMO = Path(__file__).resolve().parents[1] / "fixtures" / "demo"
AS_OF = "2026-06-30"
NODES = 3

RAY = """
import sys, ray, clearance.ray
ray.init(address=sys.argv[1], log_to_driver=False)
clearance.ray.scan(sys.argv[2], sys.argv[3], sys.argv[4], shards=int(sys.argv[5]), as_of=sys.argv[6])
"""
SPARK = """
import sys, clearance.spark
from pyspark.sql import SparkSession
builder = SparkSession.builder.master(sys.argv[1]).config("spark.ui.enabled", "false")
spark = builder.config("spark.executor.memory", "900m").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
clearance.spark.scan(
    spark, sys.argv[2], sys.argv[3], sys.argv[4], shards=int(sys.argv[5]), as_of=sys.argv[6]
)
spark.stop()
"""


def small_files(folder: Path, files: int) -> None:
    """Parquet files of rows of the demo dataset, in another mixture each."""
    sources = [pq.read_table(path) for path in sorted((DEMO / "dataset").glob("*.parquet"))]
    sources = [table for table in sources if "speaker" not in table.column_names]
    folder.mkdir(parents=True)
    for number in range(files):
        chance = random.Random(number)
        table = sources[number % len(sources)]
        rows = [chance.randrange(len(table)) for _ in range(chance.randrange(8, 24))]
        pq.write_table(table.take(rows), folder / f"part-{number:04}.parquet", row_group_size=6)


def recordings(folder: Path, gigabytes: float) -> None:
    """Parquet files of 250 MB with recordings of a minute, none like another."""
    folder.mkdir(parents=True)
    seconds, rate = 60, 48_000
    times = np.arange(seconds * rate, dtype=np.float32) / rate
    tones = [np.sin(2 * np.pi * 110 * 2 ** (step / 6) * times) for step in range(24)]
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    for number in range(max(1, round(gigabytes * 4))):
        chance = np.random.default_rng(number)
        rows = []
        for _ in range(22):
            sound = np.zeros_like(times)
            for tone in chance.choice(24, 4, replace=False):
                beats = chance.uniform(0.05, 1, seconds * 4).astype(np.float32)
                sound += tones[tone] * np.repeat(beats, rate // 4)
            sides = np.repeat((sound * 7_000).astype("<i2"), 2)
            packed = io.BytesIO()
            with wave.open(packed, "wb") as file:
                file.setparams((2, 2, rate, 0, "NONE", ""))
                file.writeframes(sides.tobytes())
            rows.append({"bytes": packed.getvalue(), "path": None})
        table = pa.table({"audio": pa.array(rows, kind)})
        path = folder / f"part-{number:04}.parquet"
        pq.write_table(table, path, compression="none", row_group_size=4)


def results(folder: Path) -> dict[str, bytes]:
    """Every output of a scan."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def compare(one: Path, other: Path) -> str:
    known, found = results(one), results(other)
    different = sorted(name for name in known | found if known.get(name) != found.get(name))
    if different:
        sys.exit(f"{other} differs from {one}: {', '.join(different)}")
    summary = json.loads(found["summary.json"])
    buckets = {name: summary[name] for name in ("clear", "matched", "unreadable", "skipped")}
    if summary["rows"] != sum(buckets.values()):
        sys.exit(f"{other}: rows that are not accounted for")
    findings = pq.read_metadata(other / "findings.parquet").num_rows
    return f"identical: {findings} findings, {summary['rows']} rows = {buckets}"


class Job:
    """A driver in a process group of its own."""

    def __init__(self, script: str, *arguments: object) -> None:
        command = [sys.executable, "-c", script, *map(str, arguments)]
        environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
        self.driver = subprocess.Popen(
            command, start_new_session=True, env=environment, stdout=subprocess.DEVNULL
        )
        self.folder = Path(f"{arguments[3]}.shards")
        atexit.register(self.kill)

    def finished(self) -> int:
        return len(list(self.folder.glob("*/shard.json")))

    def wait_for(self, shards: int) -> None:
        while self.finished() < shards:
            if self.driver.poll() is not None:
                sys.exit(f"the driver ended with {self.driver.returncode}, {self.finished()} shards done")
            time.sleep(0.05)

    def kill(self) -> None:
        if self.driver.poll() is None:
            os.killpg(self.driver.pid, signal.SIGKILL)
            self.driver.wait()

    def end(self) -> None:
        if self.driver.wait() != 0:
            sys.exit(f"the driver ended with {self.driver.returncode}")


def descendants(process: int) -> list[int]:
    found: list[int] = []
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(child) for child in children.read_text().split()]
        except OSError:
            continue
    return [each for child in found for each in [child, *descendants(child)]]


def executors(driver: int) -> list[int]:
    def is_executor(process: int) -> bool:
        try:
            words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return words[0].endswith(b"java") and any(b"CoarseGrainedExecutorBackend" in word for word in words)

    return [process for process in descendants(driver) if is_executor(process)]


def ray_cluster(cpus: int) -> tuple[object, list[object]]:
    from ray.cluster_utils import Cluster

    head = {"num_cpus": cpus, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    nodes = [cluster.add_node(num_cpus=cpus) for _ in range(NODES - 1)]
    cluster.wait_for_nodes()
    return cluster, nodes


def disturbed_ray(dataset: Path, registry: Path, out: Path, shards: int) -> list[str]:
    cluster, nodes = ray_cluster(1)
    arguments = (cluster.address, dataset, registry, out, shards, AS_OF)
    job = Job(RAY, *arguments)
    job.wait_for(shards // 4)
    cluster.remove_node(nodes[-1], allow_graceful=False)
    said = [f"a node of {NODES} killed after {job.finished()} of {shards} shards"]
    job.wait_for(shards // 2)
    job.kill()
    said.append(f"the driver killed after {job.finished()}")
    Job(RAY, *arguments).end()
    cluster.shutdown()
    return said


def disturbed_spark(dataset: Path, registry: Path, out: Path, shards: int) -> list[str]:
    arguments = (f"local-cluster[{NODES},1,1024]", dataset, registry, out, shards, AS_OF)
    job = Job(SPARK, *arguments)
    job.wait_for(shards // 4)
    os.kill(executors(job.driver.pid)[0], signal.SIGKILL)
    said = [f"an executor of {NODES} killed after {job.finished()} of {shards} shards"]
    job.wait_for(shards // 2)
    job.kill()
    said.append(f"the driver killed after {job.finished()}")
    Job(SPARK, *arguments).end()
    return said


def single(dataset: Path, registry: Path, out: Path) -> float:
    began = time.monotonic()
    command = [sys.executable, "-m", "clearance", "--quiet", "scan", str(dataset), "--registry"]
    command += [str(registry), "--out", str(out), "--as-of", AS_OF]
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode not in (0, 1, 3):
        sys.exit("the scan by one process failed")
    return time.monotonic() - began


def undisturbed(engine: str, dataset: Path, registry: Path, out: Path, shards: int) -> tuple[float, float]:
    """Seconds that an engine takes to start, and seconds for the job once it runs."""
    began = time.monotonic()
    if engine == "ray":
        cluster, _ = ray_cluster(1)
        address: str = cluster.address  # type: ignore[attr-defined]
    else:
        cluster, address = None, f"local-cluster[{NODES},1,1024]"
    started = time.monotonic()
    Job(RAY if engine == "ray" else SPARK, address, dataset, registry, out, shards, AS_OF).end()
    ended = time.monotonic()
    if cluster is not None:
        cluster.shutdown()  # type: ignore[attr-defined]
    return started - began, ended - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--engines", default="ray,spark")
    parser.add_argument("--files", type=int, default=240)
    parser.add_argument("--shards", type=int, default=32)
    parser.add_argument("--gigabytes", type=float, default=0)
    given = parser.parse_args()
    folder = given.folder.resolve()
    folder.mkdir(parents=True)
    registry = folder / "registry"
    clearance.Registry.build(DEMO / "catalog.csv", registry)
    engines = given.engines.split(",")
    disturbed = {"ray": disturbed_ray, "spark": disturbed_spark}
    if given.files:
        dataset = folder / "files"
        small_files(dataset, given.files)
        took = single(dataset, registry, folder / "one")
        print(f"{given.files} files, one process: {took:.0f} s", flush=True)
        for engine in engines:
            said = disturbed[engine](dataset, registry, folder / engine, given.shards)
            print(f"{engine}: {'; '.join(said)}; {compare(folder / 'one', folder / engine)}", flush=True)
    if given.gigabytes:
        dataset = folder / "recordings"
        recordings(dataset, given.gigabytes)
        size = sum(path.stat().st_size for path in dataset.iterdir()) / 1e9
        took = single(dataset, registry, folder / "one-large")
        print(f"{size:.1f} GB, one process: {took:.0f} s, {took / size:.2f} s per GB", flush=True)
        for engine in engines:
            out = folder / f"{engine}-large"
            start, job = undisturbed(engine, dataset, registry, out, given.shards)
            print(
                f"{engine}: {start:.0f} s to start, job {job:.0f} s, {job / size:.2f} s per GB, "
                f"{(job - took) / size:+.2f} to one process; "
                f"{compare(folder / 'one-large', out)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
