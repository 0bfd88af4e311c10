"""Registries, and scans of whole datasets."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import tempfile
import warnings
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from . import _native
from ._batches import Scanner
from ._errors import ResultsError, UsageError
from ._settings import flags, paths

_COUNTS = ("rows", "clear", "matched", "unreadable", "skipped")


class Registry:
    """A registry of works, as it is when it is opened, or as it stood at a day's end (``at``)."""

    def __init__(self, path: str | os.PathLike[str], *, at: str | None = None) -> None:
        self.path = os.path.abspath(os.fsdecode(path))
        self.at = at
        self._snapshot = _native.Snapshot(self.path, at)

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, at: str | None = None) -> Registry:
        """Opens a registry."""
        return cls(path, at=at)

    @classmethod
    def build(cls, catalogs: Any, path: str | os.PathLike[str], **settings: Any) -> Registry:
        """Registers the works of one or several catalogs, in a new registry or beside those that are
        there, and opens it. ``settings`` are those of ``clearance register``.

        Lines that cannot be registered are listed in ``rejects.csv`` in the registry, and warned of.
        """
        folder = os.fsdecode(path)
        code = _native.call(
            ["register", "--registry", folder, *flags(settings), "--", *paths(catalogs)]
        )
        if code == 3:
            rejects = settings.get("rejects") or os.path.join(folder, "rejects.csv")
            with open(rejects, newline="", encoding="utf-8") as lines:
                number = sum(1 for _ in csv.reader(lines)) - 1
            warnings.warn(
                f"{number} lines or assets could not be registered; all are listed in {rejects}",
                stacklevel=2,
            )
        return cls(path)

    @property
    def works(self) -> int:
        """Registered works."""
        return self._snapshot.works

    @property
    def digest(self) -> str:
        """Names what the registry holds."""
        return self._snapshot.digest

    def scan(
        self, dataset: Any, *, out: str | os.PathLike[str] | None = None, **settings: Any
    ) -> pa.Table:
        """Scans a dataset, and answers with its findings: the table in ``findings.parquet``.

        ``dataset`` is a file, folder or pattern, or several. ``out`` is the folder for all results,
        which :func:`read_results` reads; a scan that was interrupted continues in it. ``settings``
        are those of ``clearance scan``: ``use="train"``, ``as_of=datetime.date(2026, 6, 30)``,
        ``columns={"url": "ignore"}``, ``threads=4`` and so on; a ``clearance.toml`` beside the
        dataset counts, too. The schema's metadata hold, under ``clearance``, the exit code and the
        counts of rows, so that what was not examined is not forgotten.
        """
        if settings.get("shard") is not None:
            raise UsageError(
                "a shard has no findings of its own",
                "scan shards with clearance.ray.scan or clearance.spark.scan, or as a program",
            )
        at = ["--registry-at", self.at] if self.at else []
        with contextlib.ExitStack() as stack:
            folder = (
                stack.enter_context(tempfile.TemporaryDirectory(prefix="clearance-"))
                if out is None
                else os.fsdecode(out)
            )
            inputs = paths(dataset)
            code = _native.call(
                ["scan", "--registry", self.path, *at, "--out", folder, *flags(settings), "--"]
                + inputs
            )
            results = read_results(folder)
        return _with_counts(results, code)

    def scanner(self, **settings: Any) -> Scanner:
        """What scans rows in memory. ``settings`` are those of ``clearance scan`` that are not about
        a whole dataset, such as ``use``, ``as_of`` (today, unless told otherwise), ``licensee``,
        ``columns``, ``media_roots``, ``mentions`` and ``threads``."""
        return Scanner(self, **settings)

    def scan_batch(
        self, batch: Any, *, file: str = "", first_row: int = 0, **settings: Any
    ) -> pa.RecordBatch:
        """Findings in one batch (:meth:`Scanner.scan_batch`). For many batches, make a scanner."""
        return self.scanner(**settings).scan_batch(batch, file=file, first_row=first_row)

    def __repr__(self) -> str:
        return f"Registry({self.path!r}, works={self.works})"


@dataclass(frozen=True)
class Results:
    """The results of a scan."""

    #: Their folder.
    folder: str
    #: ``findings.parquet``
    findings: pa.Table
    #: ``coverage.parquet``; ``None`` when the findings alone were written.
    coverage: pa.Table | None
    #: ``summary.json``, the same.
    summary: dict[str, Any] | None


def read_results(out: str | os.PathLike[str]) -> Results:
    """Reads the output folder of a scan."""
    folder = os.fsdecode(out)
    findings = os.path.join(folder, "findings.parquet")
    if not os.path.exists(findings):
        raise ResultsError(f"{folder}: no results of a scan (no findings.parquet)")
    summary, coverage = os.path.join(folder, "summary.json"), os.path.join(folder, "coverage.parquet")
    counted = None
    if os.path.exists(summary):
        with open(summary, encoding="utf-8") as text:
            counted = json.load(text)
    return Results(
        folder=folder,
        findings=_read(findings),
        coverage=_read(coverage) if os.path.exists(coverage) else None,
        summary=counted,
    )


def _read(path: str) -> pa.Table:
    # Into memory, whatever becomes of the folder.
    return pq.read_table(path, memory_map=False)


def _with_counts(results: Results, code: int) -> pa.Table:
    summary = results.summary or {}
    counts = {name: summary[name] for name in _COUNTS if name in summary}
    about = json.dumps({"exit_code": code, **counts})
    return results.findings.replace_schema_metadata({"clearance": about})


def fingerprint(dataset: Any, out: str | os.PathLike[str], **settings: Any) -> None:
    """Writes the fingerprint table of a dataset, which scans take in its place. ``settings`` are
    those of ``clearance fingerprint``."""
    _native.call(
        ["fingerprint", "--out", os.fsdecode(out), *flags(settings), "--", *paths(dataset)]
    )


def merge(shards: Any, out: str | os.PathLike[str]) -> pa.Table:
    """Puts the shards of a scan together (``clearance merge``), and answers with the findings."""
    folder = os.fsdecode(out)
    code = _native.call(["merge", "--output", folder, "--", *paths(shards)])
    return _with_counts(read_results(folder), code)
