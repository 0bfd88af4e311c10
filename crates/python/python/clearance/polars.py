"""Polars: the results of a scan as data frames, and a column of findings."""

from __future__ import annotations

import os
from typing import Any

import polars as pl
import pyarrow as pa

from ._registry import Registry, read_results


def findings(results: str | os.PathLike[str] | pa.Table) -> pl.DataFrame:
    """The findings in an output folder, or those that a scan answered with."""
    table = results if isinstance(results, pa.Table) else read_results(results).findings
    return pl.DataFrame(table)


def coverage(out: str | os.PathLike[str]) -> pl.DataFrame:
    """The items that were not examined, or not wholly, in an output folder."""
    return pl.DataFrame(read_results(out).coverage)


def annotate(frame: pl.DataFrame, registry: Registry, **settings: Any) -> pl.DataFrame:
    """The same rows with a column ``clearance`` (:data:`clearance.ANNOTATION`)."""
    return pl.DataFrame(registry.scanner(**settings).annotate(frame.to_arrow()))
