"""Ray: a scan as tasks on a cluster, and a column of findings in Ray Data."""

from __future__ import annotations

import os
from typing import Any

import pyarrow as pa
import ray
import ray.data

from ._registry import Registry
from ._shards import ShardedScan, run_shard

# A machine may go; a shard that ends so many workers has another reason.
_RETRIES = 10


def scan(
    dataset: Any,
    registry: Registry | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    shards: int | None = None,
    cpus: int = 1,
    **settings: Any,
) -> pa.Table:
    """Scans a dataset on a Ray cluster: the results in ``out`` are those of one process, to the byte.

    Dataset, registry and ``out`` have to be at the same paths on every machine (a shared file
    system). ``shards`` are tasks of ``cpus`` processors each, four for each of the cluster unless
    told otherwise. Tasks of machines that go are done by others. After the driver itself was
    stopped, the same call goes on with the shards that are missing.
    """
    if not ray.is_initialized():
        ray.init()
    cluster: Any = ray
    everywhere = int(cluster.cluster_resources().get("CPU", 1))
    job = ShardedScan(dataset, registry, out, shards, 4 * max(1, everywhere // cpus), settings)
    task = ray.remote(num_cpus=cpus, max_retries=_RETRIES, scheduling_strategy="SPREAD")(run_shard)
    ray.get([task.remote(*arguments) for arguments in job.unfinished(threads=cpus)])
    return job.finish()


def annotate(
    rows: ray.data.Dataset,
    registry: Registry,
    *,
    ray_options: dict[str, Any] | None = None,
    **settings: Any,
) -> ray.data.Dataset:
    """The same rows with a column ``clearance`` (:data:`clearance.ANNOTATION`). ``ray_options`` go to
    ``map_batches``; name columns (``columns={"text": "text"}``) so that every batch is read alike."""
    scanner = registry.scanner(**{"threads": 1, **settings})
    return rows.map_batches(scanner.annotate, batch_format="pyarrow", **(ray_options or {}))
