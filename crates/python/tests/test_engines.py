"""The adapters, in the libraries that they are for."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import AS_OF, DEMO

import clearance

TEXTS = DEMO / "dataset" / "web-text-00000.parquet"
SETTINGS = {"as_of": AS_OF, "media_roots": [str(DEMO / "dataset")]}


def expected(registry: clearance.Registry, path: Path) -> list[object]:
    return registry.scanner(**SETTINGS).annotate(pq.read_table(path))["clearance"].to_pylist()


@pytest.fixture(params=["images-00000", "web-text-00000"])
def path(request: pytest.FixtureRequest) -> Path:
    return next((DEMO / "dataset").rglob(f"*{request.param}.parquet"))


def test_hugging_face_datasets(registry: clearance.Registry, path: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    import clearance.hf

    rows = datasets.load_dataset("parquet", data_files=str(path), split="train", cache_dir=str(tmp_path))
    annotated = clearance.hf.annotate(rows, registry, batch_size=1000, **SETTINGS)
    assert annotated.with_format("arrow")[:]["clearance"].to_pylist() == expected(registry, path)
    assert {name: annotated.features[name] for name in rows.features} == rows.features
    kept = clearance.hf.keep(rows, registry, batch_size=7, num_proc=2, **SETTINGS)
    keeps = registry.scanner(**SETTINGS).keep(pq.read_table(path))
    assert 0 < sum(keeps) < len(keeps)
    assert len(kept) == sum(keeps)
    assert kept.features == rows.features


def test_polars(registry: clearance.Registry, scanned: clearance.Results, path: Path) -> None:
    polars = pytest.importorskip("polars")
    import clearance.polars

    findings = clearance.polars.findings(scanned.folder)
    assert findings.height == scanned.findings.num_rows
    assert findings["work_id"].to_list() == scanned.findings["work_id"].to_pylist()
    assert clearance.polars.findings(scanned.findings).equals(findings)
    assert clearance.polars.coverage(scanned.folder).height == scanned.coverage.num_rows
    frame = clearance.polars.annotate(polars.read_parquet(path), registry, **SETTINGS)
    assert frame["clearance"].to_list() == expected(registry, path)


def test_daft(registry: clearance.Registry, path: Path) -> None:
    daft = pytest.importorskip("daft")
    import clearance.daft

    frame = clearance.daft.annotate(daft.read_parquet(str(path)), registry, **SETTINGS)
    found = frame.select("clearance").to_arrow()["clearance"].to_pylist()
    assert found == expected(registry, path)


def test_datatrove(registry: clearance.Registry, tmp_path: Path) -> None:
    pytest.importorskip("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import ParquetReader
    from datatrove.pipeline.writers import JsonlWriter

    from clearance.datatrove import ClearanceFilter

    table = pq.read_table(TEXTS)
    texts = table.select(["text"]).append_column("id", [[str(row) for row in range(len(table))]])
    (tmp_path / "in").mkdir()
    pq.write_table(texts, tmp_path / "in" / "part.parquet")
    excluded = JsonlWriter(str(tmp_path / "out" / "left"), compression=None)
    block = ClearanceFilter(registry, as_of=AS_OF, exclusion_writer=excluded, batch_size=5)
    LocalPipelineExecutor(
        pipeline=[
            ParquetReader(str(tmp_path / "in"), limit=-1),
            block,
            JsonlWriter(str(tmp_path / "out" / "kept"), compression=None),
        ],
        logging_dir=str(tmp_path / "logs"),
    ).run()
    keeps = registry.scanner(as_of=AS_OF, columns={"text": "text"}).keep(texts)
    lines = {
        name: [line for file in (tmp_path / "out" / name).rglob("*.jsonl") for line in file.open()]
        for name in ("kept", "left")
    }
    read = [text for text in texts["text"].to_pylist() if text]
    assert len(lines["kept"]) == sum(keeps)
    assert len(lines["kept"]) + len(lines["left"]) == len(read)
    assert any('"over-policy"' in line for line in lines["left"])
