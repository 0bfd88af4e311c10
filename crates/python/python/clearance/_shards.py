"""A scan as many tasks, for engines of many machines.

Each task scans one shard into a folder of its own; the last step merges them. A task writes into a
folder that nobody else writes into, and renames it when it is whole: a task may be killed, run twice
or at the same time on two machines, and the results are those of one process, to the byte.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from typing import Any

import pyarrow as pa

from . import _native
from ._errors import RegistryError, UsageError
from ._registry import Registry, merge
from ._settings import absolute, flags, paths, portable

# What a finished shard leaves last.
_FINISHED = "shard.json"
_PLAN = "job.json"

#: Arguments of :func:`run_shard`.
Task = tuple[list[str], str, int]


class ShardedScan:
    """A scan that is split into tasks. Dataset, registry and ``out`` have to be at the same paths on
    every machine. Shards are kept in a folder beside ``out`` until they are merged; a job that is
    prepared again with the same arguments goes on with those that are missing."""

    def __init__(
        self,
        dataset: Any,
        registry: Registry | str | os.PathLike[str],
        out: str | os.PathLike[str],
        shards: int | None,
        default_shards: int,
        settings: dict[str, Any],
    ) -> None:
        if not isinstance(registry, Registry):
            registry = Registry(registry)
        self.out = absolute(os.fsdecode(out))
        self.folder = self.out.rstrip("/") + ".shards"
        plan_path = os.path.join(self.folder, _PLAN)
        known = _read_plan(plan_path)
        settings = portable(settings)
        if settings.get("as_of") is None:
            # A job that goes on after midnight is judged at the day it began.
            settings["as_of"] = known["as_of"] if known else registry.scanner().as_of
        at = ["--registry-at", registry.at] if registry.at else []
        arguments = ["scan", "--registry", registry.path, *at, *flags(settings)]
        plan: dict[str, Any] = {
            "arguments": arguments,
            "inputs": [absolute(path) for path in paths(dataset)],
            "shards": shards or (known["shards"] if known else default_shards),
            "as_of": str(settings["as_of"]),
            "registry": registry.digest,
        }
        self._plan = plan
        # Every machine would say the same of settings that do not fit.
        command, folder, _ = self._task(1, threads=1)
        _native.check_scan([command[0], "--out", folder, *command[1:]])
        if known is None:
            os.makedirs(self.folder, exist_ok=True)
            _write_plan(plan_path, plan)
        elif known["registry"] != plan["registry"]:
            raise RegistryError(
                f"{registry.path}: the registry was changed after the job in {self.folder} began",
                "open it as it stood, with at=, or remove that folder to begin anew",
            )
        elif known != plan:
            raise UsageError(
                f"{self.folder} holds the shards of another job",
                "choose another folder for the results, or remove that one to begin anew",
            )
    @property
    def shards(self) -> int:
        """How many tasks the whole job has."""
        return int(self._plan["shards"])

    def unfinished(self, threads: int) -> list[Task]:
        """The tasks that are left to do, as arguments of :func:`run_shard`."""
        numbers = range(1, self.shards + 1)
        left = [number for number in numbers if not _is_finished(self._place(number))]
        return [self._task(number, threads) for number in left]

    def _task(self, number: int, threads: int) -> Task:
        shard = [f"--threads={threads}", f"--shard={number}/{self.shards}"]
        command = [*self._plan["arguments"], *shard, "--", *self._plan["inputs"]]
        return command, self.folder, number

    def finish(self) -> pa.Table:
        """Merges the shards, removes them and answers with the findings."""
        findings = merge([self._place(number) for number in range(1, self.shards + 1)], self.out)
        shutil.rmtree(self.folder, ignore_errors=True)
        return findings

    def _place(self, number: int) -> str:
        return os.path.join(self.folder, str(number))


def run_shard(command: list[str], folder: str, number: int) -> int:
    """Scans one shard, on whatever machine. Answers with its number."""
    place = os.path.join(folder, str(number))
    if _is_finished(place):
        return number
    attempt = f"{place}.{uuid.uuid4().hex}"
    _native.call([command[0], "--out", attempt, *command[1:]])
    try:
        os.rename(attempt, place)
    except OSError:
        # The same task ended elsewhere before.
        shutil.rmtree(attempt, ignore_errors=True)
        if not _is_finished(place):
            raise
    return number


def _is_finished(place: str) -> bool:
    return os.path.exists(os.path.join(place, _FINISHED))


def _read_plan(path: str) -> dict[str, Any] | None:
    try:
        with open(path, encoding="utf-8") as text:
            return dict(json.load(text))
    except FileNotFoundError:
        return None


def _write_plan(path: str, plan: dict[str, Any]) -> None:
    aside = f"{path}.{uuid.uuid4().hex}"
    with open(aside, "w", encoding="utf-8") as text:
        json.dump(plan, text)
    os.rename(aside, path)
