"""The peer image_hasher (a Rust crate), by its small program under peers/image_hasher."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

# Mean, gradient and double gradient as the crate sets them up, and its block hash.
ALGORITHMS = ("mean", "gradient", "doublegradient", "blockhash", "dct")


def answers(
    works: Iterable[tuple[str, Path]], queries: Iterable[tuple[str, Path]], program: str, algorithm: str,
) -> Iterator[dict[str, Any]]:
    """An answer to every query, and the cost."""
    lines = [
        f"{kind}\t{name}\t{path}\n"
        for kind, files in (("work", works), ("query", queries)) for name, path in files
    ]
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "list.tsv"
        listed.write_text("".join(lines), encoding="utf-8")
        done = subprocess.run([program, algorithm, str(listed)], stdout=subprocess.PIPE, text=True, check=True)
    yield from map(json.loads, done.stdout.splitlines())
