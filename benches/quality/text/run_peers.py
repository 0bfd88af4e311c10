#!/usr/bin/env python3
"""Lets other tools answer the rows of make_bench.py, for score_bench.py.

`windows` is rensa's MinHash over overlapping windows of words, `exact` a suffix array over bytes,
`portraits` a filter of strings of fifty characters. The first two need requirements.txt. None of
them knows how many works a passage stands in, and none gives an E-value.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from textbench import truth, works

# Imported when asked for: each needs a package of its own.
TOOLS = {"windows": "Windows", "exact": "Exact", "portraits": "Portraits"}
SAID_EVERY = 1_000


def main() -> None:
    """Registers the works, asks about every row, writes the answers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, required=True, help="folder of make_bench.py")
    parser.add_argument("--tool", required=True, choices=tuple(TOOLS))
    parser.add_argument("--out", type=Path, required=True, help="answers to write, as JSON Lines")
    args = parser.parse_args()
    tool: Any = getattr(importlib.import_module(f"textbench.{args.tool}"), TOOLS[args.tool])()
    registered = works.read_catalog(args.bench)
    begun = time.process_time()
    kept = tool.register(registered)
    registering = time.process_time() - begun
    scanning, scanned = 0.0, 0
    with args.out.open("w", encoding="utf-8") as out:
        for number, row in enumerate(truth.read(args.bench / "queries.jsonl"), start=1):
            begun = time.process_time()
            findings = tool.findings(row.text)
            scanning += time.process_time() - begun
            scanned += len(row.text.encode())
            out.write(json.dumps({"id": row.id, "findings": findings}) + "\n")
            if number % SAID_EVERY == 0:
                print(f"{args.tool}: {number} rows, {scanning:.0f} CPU seconds", file=sys.stderr, flush=True)
        size = sum(len(text.encode()) for text in registered.values())
        out.write(json.dumps({"cost": {
            "register_mb_s": round(size / registering / 1e6, 2), "scan_mb_s": round(scanned / scanning / 1e6, 2),
            "index_bytes_per_byte": round(kept / size, 3),
        }}) + "\n")


if __name__ == "__main__":
    main()
