"""Rows in memory: scanned and fingerprinted batch by batch."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from . import _native
from ._errors import RegistryError
from ._settings import flags, portable

if TYPE_CHECKING:
    from ._registry import Registry

#: Columns of findings (README of clearance, "Output").
FINDINGS: pa.Schema = pa.record_batch(_native.finding_columns()).schema
#: Columns of coverage.
COVERAGE: pa.Schema = pa.record_batch(_native.coverage_columns()).schema

# A place in a file, which rows in flight do not have.
_PLACE = {"finding_id", "file", "row_index"}


def _known_everywhere(kind: pa.DataType) -> pa.DataType:
    """The type with signed numbers: not every engine has others."""
    if pa.types.is_unsigned_integer(kind):
        return pa.int64()
    if pa.types.is_struct(kind):
        return pa.struct([field.with_type(_known_everywhere(field.type)) for field in kind])
    return kind


def _row_type(schema: pa.Schema) -> pa.DataType:
    fields = [field for field in schema if field.name not in _PLACE]
    return _known_everywhere(pa.struct(fields))


#: Type of the column that :meth:`Scanner.annotate` adds.
ANNOTATION: pa.DataType = pa.struct(
    [
        pa.field("bucket", pa.string()),
        pa.field("over_policy", pa.bool_()),
        pa.field("findings", pa.list_(_row_type(FINDINGS))),
        pa.field("coverage", pa.list_(_row_type(COVERAGE))),
    ]
)


@dataclass(frozen=True)
class Examined:
    """What was found in a batch."""

    #: A row for each finding, with the columns of ``findings.parquet``. E-values are those of one
    #: item: times the examined items of the medium, they are those of a scan.
    findings: pa.RecordBatch
    #: A row for each item that was not examined, or not wholly, and why.
    coverage: pa.RecordBatch
    #: What became of each row: ``clear``, ``matched``, ``unreadable`` or ``skipped``.
    buckets: pa.Array
    #: For each row, whether it has a finding over policy.
    over_policy: pa.BooleanArray
    #: Examined items by medium.
    items: dict[str, int]
    first_row: int

    @property
    def counts(self) -> dict[str, int]:
        """Rows by bucket: ``rows`` is the sum of the other four."""
        found = {name: 0 for name in ("clear", "matched", "unreadable", "skipped")}
        for bucket in self.buckets.to_pylist():
            found[bucket] += 1
        return {"rows": len(self.buckets), **found}

    def annotation(self) -> pa.StructArray:
        """The same, row by row: an array of :data:`ANNOTATION`."""
        lists = [self._by_row(self.findings), self._by_row(self.coverage)]
        fields = list(ANNOTATION)
        return pa.StructArray.from_arrays([self.buckets, self.over_policy, *lists], fields=fields)

    def keep(self, unexamined: str = "drop") -> list[bool]:
        """For each row, whether nothing speaks against using it: no finding over policy, and, unless
        ``unexamined`` is ``"keep"``, an item in it that was examined."""
        if unexamined not in ("drop", "keep"):
            raise ValueError(f'unexamined is "drop" or "keep", not {unexamined!r}')
        passed = {"clear", "matched"} if unexamined == "drop" else set(self.counts)
        rows = zip(self.buckets.to_pylist(), self.over_policy.to_pylist())
        return [bucket in passed and not over for bucket, over in rows]

    def _by_row(self, lines: pa.RecordBatch) -> pa.ListArray:
        kind = _row_type(lines.schema)
        per_row = [0] * len(self.buckets)
        for row in lines.column("row_index").to_pylist():
            per_row[row - self.first_row] += 1
        offsets = [0]
        for number in per_row:
            offsets.append(offsets[-1] + number)
        columns = [lines.column(field.name).cast(field.type) for field in kind]
        values = pa.StructArray.from_arrays(columns, fields=list(kind))
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)


class Scanner:
    """Compares batches with a registry. Made by :meth:`Registry.scanner`.

    Nothing is kept from batch to batch but what saves time, so results depend on a batch and not on
    what came before. Columns that hold media are found by the batch's schema and its first values;
    name them (``columns={"text": "text"}``) where batches may begin with rows that look otherwise.

    A scanner can be pickled: the other process opens the registry at the same path, and refuses one
    that was changed meanwhile. It judges at the day at which this one does.
    """

    def __init__(self, registry: Registry, **settings: Any) -> None:
        settings = portable(settings)
        self._registry = registry
        self._scanner = _native.Scanner(registry._snapshot, flags(settings))
        self._settings = {**settings, "as_of": self.as_of}

    @property
    def as_of(self) -> str:
        """The day that reservations and licenses are judged at."""
        return self._scanner.as_of

    def columns(self, batch: Any) -> dict[str, str]:
        """The columns that hold items, each with the reason why it is taken for that."""
        found = self._scanner.columns(_checked(batch))
        return {name: f"{media or 'media'}: {because}" for name, media, because in found}

    def scan_batch(self, batch: Any, *, file: str = "", first_row: int = 0) -> pa.RecordBatch:
        """Findings in a batch: a batch with the columns of ``findings.parquet``.

        ``batch`` is anything that speaks the Arrow PyCapsule interface. ``file`` and ``first_row``
        say how findings name its rows. With them, findings are those of a scan of that file, but
        for E-values, which are those of one item.
        """
        return self.examine(batch, file=file, first_row=first_row).findings

    def examine(self, batch: Any, *, file: str = "", first_row: int = 0) -> Examined:
        """Findings in a batch, and what became of each of its rows."""
        found = self._scanner.scan(_checked(batch), file, first_row)
        findings, coverage, buckets, over_policy, items = found
        return Examined(
            findings=pa.record_batch(findings),
            coverage=pa.record_batch(coverage),
            buckets=pa.array(buckets, pa.string()),
            over_policy=pa.array(over_policy, pa.bool_()),
            items=dict(zip(("audio", "image", "text"), items)),
            first_row=first_row,
        )

    def annotate(self, rows: pa.RecordBatch | pa.Table) -> pa.RecordBatch | pa.Table:
        """The same rows with one column more, ``clearance``, of the type :data:`ANNOTATION`: the
        row's bucket, whether it is over policy, its findings and what was not examined in it."""
        field = pa.field("clearance", ANNOTATION)
        if isinstance(rows, pa.Table):
            schema = rows.schema.append(field)
            batches = [self.annotate(batch) for batch in rows.to_batches()]
            return pa.Table.from_batches(batches, schema)
        rows = pa.record_batch(rows)
        annotation = self.examine(rows).annotation()
        return pa.RecordBatch.from_arrays([*rows.columns, annotation], schema=rows.schema.append(field))

    def keep(self, rows: pa.RecordBatch | pa.Table, unexamined: str = "drop") -> list[bool]:
        """For each row, whether nothing speaks against using it (:meth:`Examined.keep`)."""
        batches = rows.to_batches() if isinstance(rows, pa.Table) else [rows]
        return [each for batch in batches for each in self.examine(batch).keep(unexamined)]

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        registry = self._registry
        settings = json.dumps(self._settings, sort_keys=True, default=str)
        return _opened_again, (registry.path, registry.at, registry.digest, settings)


@functools.lru_cache(maxsize=8)
def _opened_again(path: str, at: str | None, digest: str, settings: str) -> Scanner:
    from ._registry import Registry

    registry = Registry(path, at=at)
    if registry.digest != digest:
        raise RegistryError(
            f"{path}: the registry was changed after this job was prepared",
            "prepare the job again, or open the registry as it stood, with at=",
        )
    return Scanner(registry, **json.loads(settings))


def fingerprint_batch(
    batch: Any, *, file: str = "", first_row: int = 0, **settings: Any
) -> pa.RecordBatch:
    """Fingerprints of the items in a batch: the columns of a fingerprint table, a row for each item.

    ``settings`` are those of ``clearance fingerprint``: ``keep_texts``, ``columns``, ``media_roots``
    and so on.
    """
    printer = _printer(json.dumps(portable(settings), sort_keys=True, default=str))
    return pa.record_batch(printer.fingerprint(_checked(batch), file, first_row))


@functools.lru_cache(maxsize=8)
def _printer(settings: str) -> _native.Printer:
    return _native.Printer(flags(json.loads(settings)))


def _checked(batch: Any) -> Any:
    """The batch, once its buffers are known to hold what it says."""
    if hasattr(batch, "__arrow_c_array__"):
        batch = pa.record_batch(batch)
        batch.validate(full=True)
    return batch
