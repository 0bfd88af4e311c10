"""Daft: a column of findings in a data frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import daft
import pyarrow as pa

from ._batches import ANNOTATION
from ._registry import Registry


def annotate(
    frame: daft.DataFrame, registry: Registry, columns: Sequence[str] | None = None, **settings: Any
) -> daft.DataFrame:
    """The same rows with a column ``clearance`` (:data:`clearance.ANNOTATION`), from the named columns
    or from all."""
    scanner = registry.scanner(**{"threads": 1, **settings})
    names = list(columns or frame.column_names)

    @daft.func.batch(return_dtype=daft.DataType.from_arrow_type(ANNOTATION))
    def examined(*series: daft.Series) -> pa.Array:
        arrays = [each.to_arrow() for each in series]
        flat = [each.combine_chunks() if isinstance(each, pa.ChunkedArray) else each for each in arrays]
        return scanner.examine(pa.RecordBatch.from_arrays(flat, names=names)).annotation()

    return frame.with_column("clearance", examined(*[frame[name] for name in names]))
