"""Scans of whole datasets are those of the command line."""

from __future__ import annotations

import datetime
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import AS_OF, DEMO

import clearance


def program(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "clearance", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_scan_leaves_what_the_program_leaves(
    registry: clearance.Registry, dataset: Path, tmp_path: Path
) -> None:
    day = datetime.date.fromisoformat(AS_OF)
    table = registry.scan(dataset, out=tmp_path / "here", as_of=day, columns={"caption": "ignore"})
    there = program(
        "scan", dataset, "--registry", registry.path, "--out", tmp_path / "there",
        "--as-of", AS_OF, "--column", "caption=ignore",
    )  # fmt: skip
    assert there.returncode == 1, there.stderr
    assert "findings over policy" in there.stdout
    names = {path.name for path in (tmp_path / "there").iterdir()}
    assert "findings.parquet" in names
    for name in sorted(names):
        here, other = tmp_path / "here" / name, tmp_path / "there" / name
        assert here.read_bytes() == other.read_bytes(), name
    about = json.loads(table.schema.metadata[b"clearance"])
    assert about["exit_code"] == 1
    buckets = ("clear", "matched", "unreadable", "skipped")
    assert about["rows"] == sum(about[name] for name in buckets) > 0
    assert table.num_rows == clearance.read_results(tmp_path / "here").findings.num_rows > 0


def test_a_scan_without_a_folder_answers_with_the_same_findings(
    registry: clearance.Registry, dataset: Path, scanned: clearance.Results
) -> None:
    table = registry.scan(dataset, as_of=AS_OF)
    assert table.equals(scanned.findings)
    assert scanned.coverage is not None and scanned.coverage.num_rows > 0
    assert table.schema.equals(clearance.FINDINGS)


def test_errors_have_the_words_of_the_program(
    registry: clearance.Registry, dataset: Path, tmp_path: Path
) -> None:
    nothing = tmp_path / "nothing"
    said = program("scan", dataset, "--registry", nothing, "--out", tmp_path / "out")
    with pytest.raises(clearance.RegistryError) as raised:
        clearance.Registry.open(nothing)
    assert said.returncode == 2
    assert said.stderr.strip() == f"error: {raised.value}"
    again = pickle.loads(pickle.dumps(raised.value))
    assert (type(again), again.words, again.hint) == (
        clearance.RegistryError,
        raised.value.words,
        raised.value.hint,
    )
    with pytest.raises(clearance.UsageError, match="unexpected argument '--colour'"):
        registry.scan(dataset, colour="red")
    with pytest.raises(ValueError, match="as-of date"):
        registry.scanner(as_of="tomorrow")
    with pytest.raises(clearance.UsageError, match="no findings of its own"):
        registry.scan(dataset, shard="1/2", as_of=AS_OF)
    with pytest.raises(clearance.DatasetError, match="no dataset here"):
        (tmp_path / "empty").mkdir()
        registry.scan(tmp_path / "empty")
    with pytest.raises(clearance.ResultsError, match="no results of a scan"):
        clearance.read_results(tmp_path)


def test_rejected_lines_are_warned_of_and_the_rest_is_registered(tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.csv"
    catalog.write_text("work_id,text\na,A tale of a fox that went to sea and never came home\n,B\n")
    with pytest.warns(UserWarning, match="1 lines or assets could not be registered"):
        registry = clearance.Registry.build(catalog, tmp_path / "registry")
    assert registry.works == 1


def test_a_table_of_fingerprints_and_merged_shards_give_the_same_findings(
    registry: clearance.Registry, dataset: Path, scanned: clearance.Results, tmp_path: Path
) -> None:
    prints = tmp_path / "prints.parquet"
    clearance.fingerprint(dataset, prints, keep_texts=True)
    assert registry.scan(prints, as_of=AS_OF).equals(scanned.findings)
    for number in (1, 2):
        shard = ["--shard", f"{number}/2", "--as-of", AS_OF]
        out = tmp_path / str(number)
        assert program("scan", dataset, "--registry", registry.path, "--out", out, *shard).returncode == 0
    merged = clearance.merge([tmp_path / "2", tmp_path / "1"], tmp_path / "merged")
    assert merged.equals(scanned.findings)


def test_the_program_runs_whole(tmp_path: Path) -> None:
    assert program("--version").stdout == f"clearance {clearance.__version__}\n"
    usage = program("scan")
    assert usage.returncode == 2 and "--registry <DIR>" in usage.stderr
    made = program("register", DEMO / "catalog.csv", "--registry", tmp_path / "registry")
    assert made.returncode == 0, made.stderr
    shown = program("inspect", tmp_path / "registry")
    assert shown.returncode == 0 and "works" in shown.stdout


# The signal is sent as soon as one of many files is done, so no machine is too fast for it.
INTERRUPTED = """
import os, pathlib, signal, sys, threading, time, clearance
registry = clearance.Registry.open(sys.argv[1])
parts = pathlib.Path(sys.argv[3]) / "parts"
def interrupt():
    while not any(parts.glob("*.json")):
        time.sleep(0.002)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
try:
    registry.scan(sys.argv[2], out=sys.argv[3], threads=1)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_stops_a_scan_that_the_next_call_ends(
    registry: clearance.Registry, tmp_path: Path
) -> None:
    texts, out = tmp_path / "texts", tmp_path / "out"
    texts.mkdir()
    words = " ".join(f"word{number * 7919 % 100003}" for number in range(40_000))
    for file in range(40):
        rows = "".join(f'"{file} {row} {words}"\n' for row in range(10))
        (texts / f"{file:02}.csv").write_text(f"text\n{rows}")
    command = [sys.executable, "-c", INTERRUPTED, registry.path, str(texts), str(out)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout == "interrupted\n", ended.stderr
    assert not (out / "findings.parquet").exists()
    done = len(list((out / "parts").glob("*.json")))
    assert 0 < done < 40
    registry.scan(texts, out=out)
    assert clearance.read_results(out).summary["rows"] == 400
