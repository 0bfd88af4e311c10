"""Spark: a scan as tasks on a cluster, and a column of findings in a data frame."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_type
from pyspark.sql.types import StructField, StructType

from ._batches import ANNOTATION
from ._registry import Registry
from ._shards import ShardedScan, run_shard


def scan(
    spark: SparkSession,
    dataset: Any,
    registry: Registry | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    shards: int | None = None,
    **settings: Any,
) -> pa.Table:
    """Scans a dataset on a Spark cluster: the results in ``out`` are those of one process, to the byte.

    Dataset, registry and ``out`` have to be at the same paths on every machine (a shared file
    system). Executors that go are replaced by Spark. After the driver itself was stopped, the same
    call goes on with the shards that are missing.
    """
    context = spark.sparkContext
    cpus = int(context.getConf().get("spark.task.cpus", "1") or 1)
    job = ShardedScan(dataset, registry, out, shards, 4 * context.defaultParallelism, settings)
    tasks = job.unfinished(threads=cpus)
    if tasks:
        context.parallelize(tasks, len(tasks)).map(lambda task: run_shard(*task)).collect()
    return job.finish()


def annotate(frame: DataFrame, registry: Registry, **settings: Any) -> DataFrame:
    """The same rows with a column ``clearance`` (:data:`clearance.ANNOTATION`); name columns
    (``columns={"text": "text"}``) so that every batch is read alike."""
    scanner = registry.scanner(**{"threads": 1, **settings})
    added = StructField("clearance", from_arrow_type(ANNOTATION))
    schema = StructType([*frame.schema.fields, added])

    def annotated(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return map(scanner.annotate, batches)

    return frame.mapInArrow(annotated, schema)
