"""Rows in memory are examined as those of files are."""

from __future__ import annotations

import multiprocessing
import pickle
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import AS_OF, DEMO, batches

import clearance

PARTS = sorted((DEMO / "dataset").rglob("*.parquet"))


def without_e_values(table: pa.Table) -> pa.Table:
    return table.drop_columns(["e_value"]).replace_schema_metadata(None)


def scanner(registry: clearance.Registry, **settings: object) -> clearance.Scanner:
    return registry.scanner(as_of=AS_OF, media_roots=[DEMO / "dataset"], **settings)


def said_of_all(found: dict[str, str], names: list[str]) -> dict[str, str]:
    """What batches of any length are to be read as: what is found in many rows."""
    media = {name: reason.split(":")[0] for name, reason in found.items()}
    return {name: media.get(name, "ignore") for name in names if media.get(name) != "media"}


@pytest.mark.parametrize("rows", [3, 1000])
def test_findings_in_batches_are_those_of_a_scan_of_the_files(
    registry: clearance.Registry, scanned: clearance.Results, rows: int
) -> None:
    eye = scanner(registry)
    found, uncovered, counts = [], [], {"rows": 0}
    for path in PARTS:
        whole = pq.read_table(path).slice(0, 100).combine_chunks().to_batches()[0]
        reader = scanner(registry, columns=said_of_all(eye.columns(whole), whole.schema.names))
        for first, batch in batches(path, rows):
            examined = reader.examine(batch, file=str(path), first_row=first)
            assert reader.scan_batch(batch, file=str(path), first_row=first).equals(examined.findings)
            found.append(examined.findings)
            uncovered.append(examined.coverage)
            for bucket, number in examined.counts.items():
                counts[bucket] = counts.get(bucket, 0) + number
    findings = pa.Table.from_batches(found)
    summary = scanned.summary
    assert summary is not None
    assert {name: summary[name] for name in counts} == counts
    assert without_e_values(findings).equals(without_e_values(scanned.findings))
    assert pa.Table.from_batches(uncovered).equals(scanned.coverage)
    # An E-value of a scan is that of an item times the examined items.
    ratios = zip(findings["e_value"].to_pylist(), scanned.findings["e_value"].to_pylist())
    assert all(whole == pytest.approx(one * round(whole / one)) for one, whole in ratios if one > 0)


def test_annotated_rows_are_all_there(registry: clearance.Registry) -> None:
    for path in PARTS:
        table = pq.read_table(path)
        annotated = scanner(registry).annotate(table)
        assert annotated.drop_columns(["clearance"]).equals(table)
        assert annotated.schema.field("clearance").type == clearance.ANNOTATION
        examined = scanner(registry).examine(table.combine_chunks().to_batches()[0])
        column = annotated["clearance"].to_pylist()
        assert [row["bucket"] for row in column] == examined.buckets.to_pylist()
        works = [found["work_id"] for row in column for found in row["findings"]]
        assert works == examined.findings["work_id"].to_pylist()
        reasons = [line["reason"] for row in column for line in row["coverage"]]
        assert reasons == examined.coverage["reason"].to_pylist()
        kept = scanner(registry).keep(table)
        for row, keeps in zip(column, kept):
            assert keeps == (row["bucket"] in ("clear", "matched") and not row["over_policy"])
        assert sum(scanner(registry).keep(table, unexamined="keep")) >= sum(kept)


def test_policy_decides_what_is_over(registry: clearance.Registry) -> None:
    table = pq.read_table(PARTS[0])
    strict = registry.scanner(as_of=AS_OF, mode="opt-in").annotate(table)["clearance"].to_pylist()
    early = registry.scanner(as_of="1990-01-01").annotate(table)["clearance"].to_pylist()
    assert any(row["over_policy"] for row in strict)
    assert not any(row["over_policy"] for row in early)
    assert [row["bucket"] for row in strict] == [row["bucket"] for row in early]


def test_settings_about_datasets_are_refused(registry: clearance.Registry) -> None:
    for refused in ({"sample": 3}, {"shard": "1/2"}, {"only_findings": True}):
        with pytest.raises(clearance.UsageError, match="whole dataset"):
            registry.scanner(**refused)


def test_fingerprints_of_batches_are_those_of_the_table(dataset: Path, tmp_path: Path) -> None:
    clearance.fingerprint(dataset, tmp_path / "prints.parquet", keep_texts=True)
    table = pq.read_table(tmp_path / "prints.parquet")
    made = [
        clearance.fingerprint_batch(
            batch, file=str(path), first_row=first, keep_texts=True, media_roots=[dataset]
        )
        for path in PARTS
        for first, batch in batches(path, 1000)
    ]
    assert pa.Table.from_batches(made).equals(table.replace_schema_metadata(None))


def test_a_scanner_travels_and_refuses_a_changed_registry(tmp_path: Path) -> None:
    registry = clearance.Registry.build(DEMO / "catalog.csv", tmp_path / "registry")
    batch = pq.read_table(PARTS[0]).combine_chunks().to_batches()[0]
    sent = pickle.dumps(registry.scanner(as_of=AS_OF))
    expected = registry.scanner(as_of=AS_OF).scan_batch(batch)
    assert pickle.loads(sent).scan_batch(batch).equals(expected)
    assert pickle.loads(pickle.dumps(registry.scanner())).as_of == registry.scanner().as_of
    with_date = pickle.dumps(registry.scanner(as_of="2026-06-29"))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "tale.txt").write_text("A tale of a fox that went to sea. " * 20)
    clearance.Registry.build(tmp_path / "more", tmp_path / "registry")
    with pytest.raises(clearance.RegistryError, match="changed after this job was prepared"):
        pickle.loads(with_date)


def in_child(scanner: clearance.Scanner, batch: pa.RecordBatch, found: Any) -> None:
    registry = clearance.Registry.open(scanner._registry.path)
    whole = registry.scan(PARTS[0], as_of=AS_OF, threads=3)
    found.put((scanner.scan_batch(batch).num_rows, whole.num_rows))


def test_forked_processes_have_threads_of_their_own(registry: clearance.Registry) -> None:
    batch = pq.read_table(PARTS[0]).combine_chunks().to_batches()[0]
    eye = registry.scanner(as_of=AS_OF)
    expected = (eye.scan_batch(batch).num_rows, registry.scan(PARTS[0], as_of=AS_OF).num_rows)
    fork = multiprocessing.get_context("fork")
    found = fork.Queue()
    child = fork.Process(target=in_child, args=(eye, batch, found))
    child.start()
    assert found.get(timeout=60) == expected
    child.join(timeout=60)


def test_other_threads_go_on_meanwhile(registry: clearance.Registry) -> None:
    words = " ".join(f"word{number * 7919 % 100003}" for number in range(200_000))
    batch = pa.record_batch({"text": [f"{number} {words}" for number in range(20)]})
    eye = registry.scanner(threads=1)
    ticks, stop = [0], threading.Event()

    def tick() -> None:
        while not stop.is_set():
            ticks[0] += 1
            time.sleep(0.001)

    clock = threading.Thread(target=tick)
    clock.start()
    began, before = time.monotonic(), ticks[0]
    eye.scan_batch(batch)
    took, during = time.monotonic() - began, ticks[0] - before
    stop.set()
    clock.join()
    # A thread that holds the GIL lets nothing tick until it ends.
    assert during > max(5, took * 20), (during, took)


class Rows:
    """Rows of some other library."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.batch = batch

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        return self.batch.__arrow_c_array__(requested_schema)


def test_any_library_s_rows_are_taken_and_nothing_else(registry: clearance.Registry) -> None:
    batch = pq.read_table(PARTS[0]).combine_chunks().to_batches()[0]
    eye = registry.scanner(as_of=AS_OF)
    assert eye.scan_batch(Rows(batch)).equals(eye.scan_batch(batch))
    assert eye.scan_batch(batch.slice(2, 5), first_row=2).num_rows <= eye.scan_batch(batch).num_rows
    assert eye.examine(batch.slice(0, 0)).counts["rows"] == 0
    with pytest.raises(TypeError, match="__arrow_c_array__"):
        eye.scan_batch([1, 2])
    with pytest.raises(clearance.UsageError, match="holds no media"):
        numbers = pa.record_batch({"number": [1, 2]})
        registry.scanner(columns={"number": "audio"}).scan_batch(numbers)


def test_a_batch_that_contradicts_itself_is_refused(registry: clearance.Registry) -> None:
    offsets = pa.py_buffer(bytes.fromhex("00000000" "ffffff7f" "01000000"))
    broken = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"a")])
    with pytest.raises(pa.ArrowInvalid):
        registry.scanner().scan_batch(pa.record_batch({"text": broken}))
