#!/usr/bin/env python3
"""Lets other tools answer the queries of make_bench.py, for score_bench.py.

PDQ needs the Python package pdqhash, pHash and its kin imagehash, ORB opencv-python-headless and
faiss-cpu; image_hasher the program that `cargo build --release` makes of peers/image_hasher, which
decodes for itself. Decoding is not counted in the cost.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from imagebench import hasher, hashes, truth, works
from imagebench.orb import Orb
from imagebench.picture import opened

SAID_EVERY = 200
TOOLS = (*hashes.HASHES, "orb", *(f"image_hasher-{algorithm}" for algorithm in hasher.ALGORITHMS))


def main() -> None:
    """Fingerprints the works, asks every query, writes the answers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, required=True, help="folder of make_bench.py")
    parser.add_argument("--tool", required=True, choices=TOOLS)
    parser.add_argument("--out", type=Path, required=True, help="answers to write, as JSON Lines")
    parser.add_argument("--image-hasher", default="image-hasher-peer", help="the program of peers/image_hasher")
    args = parser.parse_args()
    registered = [(work.work_id, work.path) for work in works.read_catalog(args.bench)]
    files = dict.fromkeys(line.file for line in truth.read_all(args.bench))
    queries = [(file, args.bench / file) for file in files]
    if args.tool.startswith("image_hasher-"):
        algorithm = args.tool.removeprefix("image_hasher-")
        answers = hasher.answers(registered, queries, args.image_hasher, algorithm)
    else:
        answers = own(args.tool, registered, queries)
    with args.out.open("w", encoding="utf-8") as out:
        for number, answer in enumerate(answers, start=1):
            out.write(json.dumps(answer) + "\n")
            if number % SAID_EVERY == 0:
                print(f"{args.tool}: {number} of {len(queries)} queries", file=sys.stderr, flush=True)


def own(
    tool: str, registered: list[tuple[str, Path]], queries: list[tuple[str, Path]],
) -> Iterator[dict[str, Any]]:
    """The answers of a tool that is called from here, and its cost in CPU time."""
    peer = Orb() if tool == "orb" else hashes.Hashed(tool)
    kept = registering = describing = matching = 0.0
    for work_id, path in registered:
        image = opened(path)
        start = time.process_time()
        kept += peer.register(work_id, image)
        registering += time.process_time() - start
    for file, path in queries:
        image = opened(path)
        start = time.process_time()
        described = peer.describe(image)
        between = time.process_time()
        matches = peer.match(described)
        describing += between - start
        matching += time.process_time() - between
        yield {"file": file, "matches": matches}
    yield {"cost": {
        "register_ms": round(1000 * registering / len(registered), 2),
        "fingerprint_ms": round(1000 * describing / len(queries), 2),
        "match_ms": round(1000 * matching / len(queries), 2),
        "bytes_per_work": round(kept / len(registered)),
    }}


if __name__ == "__main__":
    main()
