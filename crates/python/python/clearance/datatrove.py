"""datatrove: a filter block that leaves out documents with findings over policy."""

from __future__ import annotations

import os
from typing import Any

import pyarrow as pa
from datatrove.data import Document
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.writers.disk_base import DiskWriter

from ._registry import Registry


class ClearanceFilter(BaseFilter):  # type: ignore[misc]
    """Compares the texts of documents with a registry. Documents over policy are left out, with the
    reason ``over-policy``, and those that could not be examined with their bucket as the reason, unless
    ``unexamined`` is ``"keep"``. Ids of the works found go into the metadata, under ``clearance``."""

    name = "🔎 clearance"

    def __init__(
        self,
        registry: Registry | str | os.PathLike[str],
        *,
        unexamined: str = "drop",
        exclusion_writer: DiskWriter | None = None,
        batch_size: int = 256,
        **settings: Any,
    ) -> None:
        super().__init__(exclusion_writer, batch_size)
        if not isinstance(registry, Registry):
            registry = Registry(registry)
        self.unexamined = unexamined
        self.scanner = registry.scanner(**{"threads": 1, "columns": {"text": "text"}, **settings})

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Whether a document stays."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        """Whether each of some documents stays."""
        texts = pa.array([doc.text for doc in batch], pa.large_string())
        examined = self.scanner.examine(pa.RecordBatch.from_arrays([texts], names=["text"]))
        for finding in examined.findings.to_pylist():
            found = batch[finding["row_index"]].metadata.setdefault("clearance", [])
            found.append(finding["work_id"])
        buckets, over = examined.buckets.to_pylist(), examined.over_policy.to_pylist()
        return [
            True if keeps else (False, "over-policy" if is_over else bucket)
            for keeps, is_over, bucket in zip(examined.keep(self.unexamined), over, buckets)
        ]
