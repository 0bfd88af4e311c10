"""Ray: scans with a registry that no machine holds whole.

The registry is divided once (``clearance registry split registry --parts 8 --to parts``). Each part is
held by an actor, on a machine of its own where there is one; tasks scan shares of the dataset, and ask
the actors for what they look up and verify. Results are those of the whole registry, to the byte.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import ray

from . import _native
from ._errors import RegistryError
from ._settings import absolute
from ._shards import ShardedScan, run_shard

# A machine may go; a task or an actor that ends so many times has another reason.
_RETRIES = 10
# Questions that an actor answers at once.
_AT_ONCE = 4
# Threads of a task for each of its processors: most of them wait for answers.
_THREADS = 4


class Part:
    """One part of a registry. Where its files are gone, they are written again from ``registry``."""

    def __init__(self, folder: str, number: int, registry: str | None) -> None:
        try:
            self._part = _native.Part(folder, number)
        except RegistryError:
            if registry is None:
                raise
            _native.write_part(registry, folder, number)
            self._part = _native.Part(folder, number)

    def answer(self, message: bytes) -> bytes:
        """Answers the questions of a search."""
        return self._part.answer(message)

    def process(self) -> int:
        """The process that holds the part."""
        return os.getpid()


def serve(
    parts: str | os.PathLike[str],
    registry: str | os.PathLike[str] | None = None,
    **options: Any,
) -> list[Any]:
    """Starts an actor for each part of the registry divided in the folder ``parts``, and answers when
    all are open. ``registry`` is the registry it was made of: with it a part whose files are lost is
    written again. ``options`` are those of Ray's actors, such as ``memory`` and ``resources``.
    """
    if not ray.is_initialized():
        ray.init()
    folder = absolute(os.fsdecode(parts))
    whole = None if registry is None else absolute(os.fsdecode(registry))
    remote: Any = ray.remote(Part)
    usual = {
        # An actor that starts again must not wait for tasks to end that wait for its answers.
        "num_cpus": 0,
        "max_restarts": _RETRIES,
        "max_task_retries": _RETRIES,
        "max_concurrency": _AT_ONCE,
        "scheduling_strategy": "SPREAD",
    }
    actor = remote.options(**{**usual, **options})
    actors = [actor.remote(folder, number, whole) for number in range(_native.part_count(folder))]
    ray.get([actor.process.remote() for actor in actors])
    return actors


def connect(actors: Sequence[Any]) -> None:
    """Has registries in parts that this process opens from now on ask these actors."""

    def ask(questions: list[tuple[int, bytes]]) -> list[bytes]:
        answers = [actors[part].answer.remote(message) for part, message in questions]
        return list(ray.get(answers))

    _native.exchange_with(ask)


def _run_shard(actors: Sequence[Any], command: list[str], folder: str, number: int) -> int:
    connect(actors)
    try:
        return run_shard(command, folder, number)
    finally:
        _native.exchange_with(None)


def scan(
    dataset: Any,
    parts: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    registry: str | os.PathLike[str] | None = None,
    actors: Sequence[Any] | None = None,
    shards: int | None = None,
    cpus: int = 1,
    **settings: Any,
) -> pa.Table:
    """Scans a dataset on a Ray cluster with the registry divided in the folder ``parts``. Findings and
    coverage are those of one process with the whole registry, to the byte; the report's page shows no
    passages, sounds and pictures of works.

    Dataset, parts and ``out`` have to be at the same paths on every machine (a shared file system), of
    which an actor reads its own part alone. ``actors`` are those of :func:`serve`; without them they are
    started for this scan. Tasks of machines that go are done by others, actors start again on others,
    and after the driver itself was stopped, the same call goes on with the shards that are missing.
    """
    if not ray.is_initialized():
        ray.init()
    known = list(actors) if actors is not None else serve(parts, registry)
    cluster: Any = ray
    everywhere = int(cluster.cluster_resources().get("CPU", 1))
    connect(known)
    try:
        folder = absolute(os.fsdecode(parts))
        job = ShardedScan(dataset, folder, out, shards, 4 * max(1, everywhere // cpus), settings)
        remote: Any = ray.remote(_run_shard)
        task = remote.options(num_cpus=cpus, max_retries=_RETRIES, scheduling_strategy="SPREAD")
        left = job.unfinished(threads=_THREADS * cpus)
        ray.get([task.remote(known, *arguments) for arguments in left])
        return job.finish()
    finally:
        _native.exchange_with(None)
        if actors is None:
            for actor in known:
                cluster.kill(actor)
