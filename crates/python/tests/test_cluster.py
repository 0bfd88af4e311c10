"""Ray and Spark: scans as tasks, and rows with findings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from conftest import AS_OF, DEMO

import clearance
from clearance._shards import ShardedScan, run_shard

TEXTS = DEMO / "dataset" / "web-text-00000.parquet"


def outputs(folder: Path | str) -> dict[str, bytes]:
    """What must not differ: all but the settings, which name the inputs."""
    names = ("findings.parquet", "findings.jsonl", "coverage.parquet", "exhibits.jsonl")
    return {name: (Path(folder) / name).read_bytes() for name in names}


def test_a_job_goes_on_where_it_stopped(
    registry: clearance.Registry, dataset: Path, scanned: clearance.Results, tmp_path: Path
) -> None:
    out = tmp_path / "report"

    def job(**settings: Any) -> ShardedScan:
        return ShardedScan(dataset, registry, out, None, 5, settings)

    first = job(as_of=AS_OF)
    tasks = first.unfinished(threads=os.cpu_count() or 1)
    assert len(tasks) == first.shards == 5
    for task in tasks[:3]:
        assert run_shard(*task) == task[2]
    # A machine that was taken for dead may end the same task again.
    run_shard(*tasks[0])
    (Path(first.folder) / "4.0123").mkdir()
    again = job(as_of=AS_OF)
    left = again.unfinished(threads=os.cpu_count() or 1)
    assert [task[2] for task in left] == [4, 5]
    with pytest.raises(clearance.ResultsError):
        again.finish()
    with pytest.raises(clearance.UsageError, match="another job"):
        job(as_of=AS_OF, use="search")
    for task in left:
        run_shard(*task)
    table = job(as_of=AS_OF).finish()
    assert table.equals(scanned.findings)
    assert json.loads(table.schema.metadata[b"clearance"])["exit_code"] == 1
    assert outputs(out) == outputs(scanned.folder)
    assert not Path(first.folder).exists()


def test_a_job_keeps_to_its_day_and_its_registry(dataset: Path, tmp_path: Path) -> None:
    registry = clearance.Registry.build(DEMO / "catalog.csv", tmp_path / "registry")
    first = ShardedScan(dataset, registry, tmp_path / "report", 3, 1, {})
    plan = Path(first.folder) / "job.json"
    begun = json.loads(plan.read_text())
    assert begun["as_of"] == registry.scanner().as_of
    plan.write_text(plan.read_text().replace(begun["as_of"], "2026-01-02"))
    later = ShardedScan(dataset, registry, tmp_path / "report", None, 1, {})
    assert "--as-of=2026-01-02" in later.unfinished(1)[0][0]
    (tmp_path / "more.csv").write_text(f"work_id,text\nmore,{'A tale of a fox that went to sea. ' * 20}\n")
    clearance.Registry.build(tmp_path / "more.csv", tmp_path / "registry")
    with pytest.raises(clearance.RegistryError, match="changed after the job"):
        ShardedScan(dataset, tmp_path / "registry", tmp_path / "report", None, 1, {})


@pytest.fixture(scope="module")
def ray_cluster() -> Iterator[None]:
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.mark.cluster
@pytest.mark.usefixtures("ray_cluster")
def test_ray(
    registry: clearance.Registry, dataset: Path, scanned: clearance.Results, tmp_path: Path
) -> None:
    import ray.data

    import clearance.ray

    table = clearance.ray.scan(dataset, registry, tmp_path / "report", shards=4, as_of=AS_OF)
    assert table.equals(scanned.findings)
    assert outputs(tmp_path / "report") == outputs(scanned.folder)
    settings = {"as_of": AS_OF, "columns": {"text": "text"}}
    rows = clearance.ray.annotate(ray.data.read_parquet(str(TEXTS)), registry, **settings)
    found = [row["clearance"]["bucket"] for row in rows.take_all()]
    expected = registry.scanner(**settings).annotate(pq.read_table(TEXTS))["clearance"].to_pylist()
    assert sorted(found) == sorted(row["bucket"] for row in expected)
    with pytest.raises(clearance.UsageError, match="unexpected argument"):
        clearance.ray.scan(dataset, registry, tmp_path / "other", colour="red")


@pytest.mark.cluster
@pytest.mark.usefixtures("ray_cluster")
def test_a_registry_in_parts(
    registry: clearance.Registry, dataset: Path, scanned: clearance.Results, tmp_path: Path
) -> None:
    import clearance.sharded

    parts, out = tmp_path / "parts", tmp_path / "report"
    split = ["registry", "split", registry.path, "--parts", "3", "--to", str(parts)]
    subprocess.run([sys.executable, "-m", "clearance", *split], check=True)
    # A part whose files are lost is written again where the registry is named.
    shutil.rmtree(parts / "parts" / "2")
    table = clearance.sharded.scan(
        dataset, parts, out, registry=registry.path, shards=3, as_of=AS_OF
    )
    assert table.equals(scanned.findings)
    known, found = outputs(scanned.folder), outputs(out)
    # Exhibits show works, which lie elsewhere.
    del known["exhibits.jsonl"], found["exhibits.jsonl"]
    assert known == found


@pytest.mark.cluster
def test_spark(
    registry: clearance.Registry, dataset: Path, scanned: clearance.Results, tmp_path: Path
) -> None:
    pyspark = pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    import clearance.spark

    assert pyspark.__version__
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.warehouse.dir", str(tmp_path / "warehouse")).getOrCreate()
    try:
        table = clearance.spark.scan(
            spark, dataset, registry, tmp_path / "report", shards=4, as_of=AS_OF
        )
        assert table.equals(scanned.findings)
        assert outputs(tmp_path / "report") == outputs(scanned.folder)
        settings = {"as_of": AS_OF, "columns": {"text": "text"}}
        frame = clearance.spark.annotate(spark.read.parquet(str(TEXTS)), registry, **settings)
        found = [row["clearance"].asDict(recursive=True) for row in frame.collect()]
        expected = registry.scanner(**settings).annotate(pq.read_table(TEXTS))["clearance"].to_pylist()
        assert [row["bucket"] for row in found] == [row["bucket"] for row in expected]
        works = [[match["work_id"] for match in row["findings"]] for row in found]
        assert works == [[match["work_id"] for match in row["findings"]] for row in expected]
    finally:
        spark.stop()
