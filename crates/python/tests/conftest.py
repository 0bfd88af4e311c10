"""A registry of the generated works in fixtures/demo, and the dataset beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import clearance

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "fixtures" / "demo"
AS_OF = "2026-06-30"


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> clearance.Registry:
    folder = tmp_path_factory.mktemp("works") / "registry"
    return clearance.Registry.build(DEMO / "catalog.csv", folder)


@pytest.fixture(scope="session")
def dataset() -> Path:
    return DEMO / "dataset"


@pytest.fixture(scope="session")
def scanned(
    registry: clearance.Registry, dataset: Path, tmp_path_factory: pytest.TempPathFactory
) -> clearance.Results:
    """The dataset, scanned by the command line's own command."""
    out = tmp_path_factory.mktemp("scan") / "report"
    registry.scan(dataset, out=out, as_of=AS_OF)
    return clearance.read_results(out)


def batches(path: Path, rows: int) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The batches of a Parquet file, each with the number of its first row."""
    first = 0
    for batch in pq.ParquetFile(path).iter_batches(batch_size=rows):
        yield first, batch
        first += batch.num_rows
