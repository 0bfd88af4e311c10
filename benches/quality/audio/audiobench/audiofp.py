"""The peer audiofp (a Rust crate): its landmark pairs (Wang) and its triplets (Panako).

Its small program under peers/audiofp does the work; here files become what it reads, mono raw
samples at 8 kHz, so that every peer gets the same decoder.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ALGORITHMS = ("wang", "panako")
RATE = 8000


def raw(source: Path, target: Path) -> Path:
    """A file as mono 32-bit floats at 8 kHz."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(source), "-map", "0:a:0"]
    subprocess.run([*command, "-ac", "1", "-ar", str(RATE), "-f", "f32le", str(target)], check=True)
    return target


def answers(
    works: Iterable[tuple[str, Path]], queries: Iterable[tuple[str, Path]], program: str, algorithm: str,
) -> Iterator[dict[str, Any]]:
    """An answer to every query."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        lines = [
            f"{kind}\t{name}\t{raw(path, folder / f'{kind}-{index}.f32')}\n"
            for kind, files in (("work", works), ("query", queries))
            for index, (name, path) in enumerate(files)
        ]
        listed = folder / "list.tsv"
        listed.write_text("".join(lines), encoding="utf-8")
        done = subprocess.run([program, algorithm, str(listed)], stdout=subprocess.PIPE, text=True, check=True)
    yield from map(json.loads, done.stdout.splitlines())
