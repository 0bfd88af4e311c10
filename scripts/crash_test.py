#!/usr/bin/env python3
"""Kills `clearance` at random moments and holds what comes after to what an undisturbed run leaves.

    python3 scripts/crash_test.py target/release/clearance [--kills 200] [--seed 1]

Scans of the demonstration dataset (five files, thirteen row groups) are killed (SIGKILL) over their
whole length, the writing of the outputs included, some several times, and run again until they
end: every output has to be the same, byte for byte, and no other file may be left. Between the kill
and the next run, inputs and registry are changed, too: the results have to be those of what is
there then. Commands that change a registry are killed the same way: the registry has to be as it
was before or as it is after, and to open; and the same command has to bring it to its end.

Needs Python 3.10 and nothing else. Prints counts; exits with 1 when anything differs. Takes some
minutes.
"""

from __future__ import annotations

import argparse
import filecmp
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "demo"
ENVIRONMENT = os.environ | {"SOURCE_DATE_EPOCH": "1767225600"}
# A run that takes longer than this hangs.
MOST_SECONDS = 120
# What shows how far a scan is; it is killed right after one of these appears.
LANDMARKS = [
    "parts/scan.key",
    "parts/000000-000000.json",
    "parts/000002-000001.json",
    "findings.parquet.writing",
    "coverage.parquet",
    "works.jsonl.writing",
    "works.jsonl",
    "summary.json.writing",
    "summary.json",
    "report.html.writing",
    "report.html",
]


class Trouble(Exception):
    """Something is not as it has to be."""


class Place:
    """A folder to work in, and what happened in it."""

    def __init__(self, program: Path, folder: Path, seed: int) -> None:
        self.program = program
        self.folder = folder
        self.random = random.Random(seed)
        self.counts: Counter[str] = Counter()

    def start(self, arguments: list[object]) -> subprocess.Popen[bytes]:
        command = [self.program, "--quiet", "--progress", "none", *arguments]
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=self.folder,
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def run(self, arguments: list[object], expected: tuple[int, ...] = (0, 1)) -> float:
        """Runs a command to its end; returns how many seconds it took."""
        begun = time.monotonic()
        process = self.start(arguments)
        _, errors = process.communicate(timeout=MOST_SECONDS)
        if process.returncode not in expected:
            words = " ".join(str(word) for word in arguments)
            raise Trouble(f"{words}: exit code {process.returncode}: {errors.decode()}")
        return time.monotonic() - begun

    def kill(self, arguments: list[object], delay_s: float, landmark: Path | None) -> bool:
        """Starts a command and kills it: once a file is there, where one is named, and then after
        a delay. Returns whether it was still running."""
        process = self.start(arguments)
        begun = time.monotonic()
        while landmark and process.poll() is None and not landmark.exists():
            if time.monotonic() - begun > MOST_SECONDS:
                break
            time.sleep(0.0002)
        time.sleep(delay_s)
        is_running = process.poll() is None
        process.kill()
        process.communicate()
        return is_running


def files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in found)


def compare(expected: Path, found: Path, what: str) -> None:
    """Holds two folders to one another, names and bytes."""
    names, others = files(expected), files(found)
    if names != others:
        raise Trouble(f"{what}: files {sorted(set(names) ^ set(others))} are in one folder only")
    for name in names:
        if not filecmp.cmp(expected / name, found / name, shallow=False):
            raise Trouble(f"{what}: {name} differs from that of an undisturbed run ({found})")


def scan(dataset: str, registry: str, out: Path, threads: int = 2) -> list[object]:
    asked = ["--as-of", "2026-06-30", "--threads", threads]
    return ["scan", dataset, "--registry", registry, "--out", out, *asked]


def phase(out: Path) -> str:
    """What a killed scan was about."""
    parts = out / "parts"
    if not parts.exists():
        return "with everything written" if (out / "report.html").exists() else "before its first part"
    if any(out.glob("*.writing")) or (out / "findings.jsonl").exists():
        return "while outputs were written or parts removed"
    return "among its parts" if any(parts.glob("*.json")) else "before its first part"


def scans(place: Place, kills: int) -> None:
    """Scans that are killed and run again."""
    expected = place.folder / "undisturbed"
    length_s = max(place.run(scan("data", "registry", expected)) for _ in range(3))
    done, trial = 0, 0
    while done < kills:
        trial += 1
        out = place.folder / f"out-{trial}"
        for _ in range(place.random.choice([1, 1, 2, 3])):
            is_timed = place.random.random() < 0.6
            landmark = None if is_timed else out / place.random.choice(LANDMARKS)
            delay_s = place.random.uniform(0, length_s * 1.1 if landmark is None else 0.004)
            # As many threads as it likes: results do not depend on it.
            command = scan("data", "registry", out, place.random.choice([1, 2, 4]))
            if place.kill(command, delay_s, landmark):
                done += 1
                place.counts[f"scans killed {phase(out)}"] += 1
            else:
                place.counts["scans that ended before they were killed"] += 1
        place.run(scan("data", "registry", out))
        compare(expected, out, f"scan {trial}")
        shutil.rmtree(out)
    place.counts["scans run to their end, all outputs the same"] += trial


def kill_among_parts(place: Place, command: list[object], out: Path) -> None:
    """Kills a scan that has some of its parts."""
    for _ in range(50):
        landmark = out / "parts" / "000001-000000.json"
        if place.kill(command, 0, landmark) and (out / "parts").exists():
            return
        shutil.rmtree(out, ignore_errors=True)
    raise Trouble("a scan could not be killed among its parts")


def changes(place: Place, rounds: int) -> None:
    """Inputs and registries that change between the kill and the next run."""

    def longer(data: Path, _registry: str) -> None:
        shutil.copy(data / "web-text-00000.parquet", data / "images-00000.parquet")

    def same_footer(data: Path, _registry: str) -> None:
        # Other bytes in the middle, the same length and footer: only the file's time tells.
        path = data / "audio-00000.parquet"
        stored = bytearray(path.read_bytes())
        middle = len(stored) // 3
        stored[middle : middle + 64] = bytes(64)
        path.write_bytes(stored)

    def removed(data: Path, _registry: str) -> None:
        (data / "mixed-00000.parquet").unlink()

    def licensed(_data: Path, registry: str) -> None:
        terms = ["--licensee", "*", "--uses", "all", "--licensor", "Harbour Lane Records"]
        terms += ["--id", "L-crash", "--registry", registry]
        place.run(["license", "add", "lantern-tide", *terms], (0,))

    def withdrawn(_data: Path, registry: str) -> None:
        place.run(["withdraw", "heron-at-dusk", "--registry", registry], (0,))

    for change in [longer, same_footer, removed, licensed, withdrawn]:
        for number in range(rounds):
            name = f"{change.__name__}-{number}"
            data, registry = place.folder / f"data-{name}", f"registry-{name}"
            shutil.copytree(FIXTURES / "dataset", data)
            shutil.copytree(place.folder / "registry", place.folder / registry)
            out = place.folder / f"out-{name}"
            kill_among_parts(place, scan(data.name, registry, out, 1), out)
            change(data, registry)
            place.run(scan(data.name, registry, out))
            expected = place.folder / f"expected-{name}"
            place.run(scan(data.name, registry, expected))
            compare(expected, out, f"changed meanwhile ({name})")
            place.counts["inputs or registries changed meanwhile, and noticed"] += 1
            for folder in [data, out, expected, place.folder / registry]:
                shutil.rmtree(folder)


def registries(place: Place, what: str, before: Path, command: list[object], kills: int) -> None:
    """A command that changes the registry `changed`, killed over its whole length."""
    changed, after = place.folder / "changed", place.folder / "after"

    def fresh() -> None:
        shutil.rmtree(changed, ignore_errors=True)
        shutil.copytree(before, changed)

    fresh()
    length_s = place.run(command, (0, 3))
    shutil.rmtree(after, ignore_errors=True)
    shutil.copytree(changed, after)
    states = {(folder / "registry.json").read_bytes(): name for folder, name in [(before, "before"), (after, "after")]}
    for _ in range(kills):
        fresh()
        place.kill(command, place.random.uniform(0, length_s * 1.1), None)
        state = states.get((changed / "registry.json").read_bytes())
        if state is None:
            raise Trouble(f"{what}: the registry is neither as before nor as after ({changed})")
        place.run(["inspect", "changed"], (0,))
        place.counts[f"{what} killed: the registry is as {state}"] += 1
        place.run(command, (0, 3))
        # The same command again, when it had come to its end: nothing may change.
        if (changed / "registry.json").read_bytes() != (after / "registry.json").read_bytes():
            raise Trouble(f"{what}: run again, it does not come to the same registry ({changed})")
        left = [folder.name for folder in (changed / "segments").iterdir()]
        named = (changed / "registry.json").read_text(encoding="utf-8")
        if any(name not in named for name in left):
            raise Trouble(f"{what}: folders are left that no segment is in ({changed})")


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("program", type=Path)
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--keep", type=Path, help="work in this folder, and leave it")
    given = words.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="clearance-crash-"))
    folder.mkdir(parents=True, exist_ok=True)
    place = Place(given.program.resolve(), folder.resolve(), given.seed)
    shutil.copytree(FIXTURES / "dataset", place.folder / "data", dirs_exist_ok=True)
    shutil.copytree(FIXTURES / "works", place.folder / "works", dirs_exist_ok=True)
    lines = (FIXTURES / "catalog.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    half = len(lines) // 2
    (place.folder / "first.csv").write_text("".join(lines[:half]), encoding="utf-8")
    (place.folder / "second.csv").write_text("".join(lines[:1] + lines[half:]), encoding="utf-8")
    begun = time.monotonic()
    try:
        place.run(["register", FIXTURES / "catalog.csv", "--registry", "registry"], (0,))
        scans(place, given.kills)
        changes(place, 2)
        place.run(["register", "first.csv", "--registry", "before"], (0, 3))
        command = ["register", "second.csv", "--registry", "changed"]
        registries(place, "registration", place.folder / "before", command, given.kills // 3)
        place.run(["register", "second.csv", "--registry", "before"], (0, 3))
        place.run(["withdraw", "heron-at-dusk", "--registry", "before"], (0,))
        command = ["registry", "compact", "changed"]
        registries(place, "compaction", place.folder / "before", command, given.kills // 3)
        for half in ["first", "second"]:
            place.run(["register", f"{half}.csv", "--registry", f"own-{half}"], (0, 3))
            export = ["registry", "export", f"own-{half}", "--to", f"pack-{half}", "--name", half]
            place.run(export, (0,))
        merge = ["registry", "merge", "pack-first", "pack-second", "--allow-unsigned"]
        place.run(["registry", "merge", "pack-first", "--allow-unsigned", "--registry", "merged"], (0,))
        command = [*merge, "--registry", "changed"]
        registries(place, "merge of packs", place.folder / "merged", command, given.kills // 3)
    except Trouble as trouble:
        print(f"FAILED: {trouble}", file=sys.stderr)
        return 1
    for what, number in sorted(place.counts.items()):
        print(f"{number:6}  {what}")
    print(f"seed {given.seed}, {time.monotonic() - begun:.0f} s: everything as it has to be")
    if not given.keep:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
