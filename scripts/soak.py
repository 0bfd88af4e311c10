#!/usr/bin/env python3
"""A scan of hours over real media with hostile items mixed in, and what it takes meanwhile.

    python3 scripts/soak.py make media DATASET --gigabytes 20 [--hostile 0.15] [--seed 1]
    python3 scripts/soak.py watch target/release/clearance DATASET REGISTRY OUT -- --threads 2

`make` writes Parquet files of pictures, recordings and texts out of what `scripts/fetch_media.py`
fetched. No two items have the same bytes. Some are cut, have bits flipped, ranges zeroed or another
file in their middle, are random behind a header, or come from fixtures/hostile; the column `made`
says what was done. `watch` scans them and notes every few seconds what the process and its children
take: memory of their own, open handles, threads. At the end it says how much each grew after the
first tenth, and holds the counts of the summary together with the rows.

Needs Python 3.10 and pyarrow. Linux only: it reads /proc.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HOSTILE = Path(__file__).resolve().parent.parent / "fixtures" / "hostile"
MEDIA = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("made", pa.string()),
        ("image", MEDIA),
        ("audio", MEDIA),
        ("text", pa.string()),
    ]
)
# A file of the dataset has about this many bytes, a row group of it about that many.
FILE_BYTES = 512 << 20
GROUP_BYTES = 32 << 20
# Of ten rows: what is in them. Most bytes are pictures and recordings all the same.
MIX = ["image"] * 5 + ["audio"] * 2 + ["text"] * 3
TEXT_BYTES = (200, 200_000)
# Larger files are left out: one of them would be a row group.
MOST_BYTES = 16 << 20


def cut(data: bytes, draw: random.Random, _: bytes) -> bytes:
    return data[: draw.randrange(len(data))]


def flipped(data: bytes, draw: random.Random, _: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice([1, 8, 64, 1024])):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def zeroed(data: bytes, draw: random.Random, _: bytes) -> bytes:
    start = draw.randrange(len(data))
    length = min(draw.choice([512, 4096, 65536]), len(data) - start)
    return data[:start] + bytes(length) + data[start + length :]


def spliced(data: bytes, draw: random.Random, other: bytes) -> bytes:
    place = draw.randrange(len(data))
    return data[:place] + other[draw.randrange(len(other)) :]


def random_behind_header(data: bytes, draw: random.Random, _: bytes) -> bytes:
    return data[: draw.randrange(8, 1024)] + draw.randbytes(draw.randrange(1, 1 << 20))


DAMAGES: dict[str, Callable[[bytes, random.Random, bytes], bytes]] = {
    "cut": cut,
    "flipped": flipped,
    "zeroed": zeroed,
    "spliced": spliced,
    "random behind a header": random_behind_header,
}


class Stock:
    """The files that items are made of."""

    def __init__(self, media: Path) -> None:
        def files(folder: str, *endings: str) -> list[Path]:
            found = (path for path in (media / folder).rglob("*") if path.suffix.lower() in endings)
            return sorted(path for path in found if 0 < path.stat().st_size < MOST_BYTES)

        self.files = {
            "image": files("images", ".jpg", ".jpeg", ".png", ".webp"),
            "audio": files("music", ".ogg", ".mp3", ".flac"),
            "text": files("texts", ".txt"),
        }
        for kind, found in self.files.items():
            if not found:
                sys.exit(f"no {kind} files in {media}; run scripts/fetch_media.py first")
        self.hostile = sorted(path for path in HOSTILE.iterdir() if path.is_file())

    def draw(self, kind: str, draw: random.Random) -> tuple[bytes, str]:
        path = draw.choice(self.files[kind])
        return path.read_bytes(), path.name


def text(stock: Stock, draw: random.Random) -> str:
    """A stretch of a book with a line of its own."""
    data, _ = stock.draw("text", draw)
    length = int(draw.uniform(*TEXT_BYTES) ** draw.uniform(0.7, 1.0))
    start = draw.randrange(max(1, len(data) - length))
    words = data[start : start + length].decode("utf-8", "replace")
    return f"{words}\n{draw.getrandbits(64):x}\n"


def row(number: int, stock: Stock, share: float, draw: random.Random) -> dict[str, object]:
    kind = draw.choice(MIX)
    made: dict[str, object] = {"id": number, "made": "", "image": None, "audio": None, "text": None}
    if kind == "text":
        made["text"] = text(stock, draw)
        return made
    data, name = stock.draw(kind, draw)
    if draw.random() >= share:
        # Bytes behind the end of a file leave what is in it, and make the item another one.
        made[kind] = {"bytes": data + draw.randbytes(8), "path": name}
        return made
    if draw.random() < 0.1:
        path = draw.choice(stock.hostile)
        data, name, how = path.read_bytes() + draw.randbytes(8), path.name, "hostile"
    else:
        how = draw.choice(sorted(DAMAGES))
        data = DAMAGES[how](data, draw, stock.draw(draw.choice(["image", "audio"]), draw)[0])
    return made | {"made": how, kind: {"bytes": data, "path": name}}


def size(made: dict[str, object]) -> int:
    media = (made["image"], made["audio"])
    return sum(len(it["bytes"]) for it in media if it) + len(made["text"] or "")  # type: ignore[arg-type, index]


def groups(stock: Stock, total: int, share: float, seed: int) -> Iterator[list[dict[str, object]]]:
    draw, number, bytes_made = random.Random(seed), 0, 0
    while bytes_made < total:
        group: list[dict[str, object]] = []
        taken = 0
        while taken < GROUP_BYTES:
            made = row(number, stock, share, draw)
            group.append(made)
            taken += size(made)
            number += 1
        bytes_made += taken
        yield group


def make(arguments: argparse.Namespace) -> None:
    stock = Stock(arguments.media)
    arguments.dataset.mkdir(parents=True, exist_ok=True)
    total = int(arguments.gigabytes * 1e9)
    writer, files, rows = None, 0, 0
    for group in groups(stock, total, arguments.hostile, arguments.seed):
        if writer is None:
            path = arguments.dataset / f"data-{files:05}.parquet"
            writer = pq.ParquetWriter(path, SCHEMA, compression="none", use_dictionary=False)
            files += 1
        writer.write_table(pa.Table.from_pylist(group, schema=SCHEMA), row_group_size=len(group))
        rows += len(group)
        if path.stat().st_size >= FILE_BYTES:
            writer.close()
            writer = None
    if writer is not None:
        writer.close()
    print(f"{rows} rows in {files} files")


def status(process: int) -> dict[str, int]:
    """What a process takes now: kilobytes of its own, handles, threads."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    number = {name: int(fields[name].split()[0]) for name in ("RssAnon", "VmHWM", "Threads")}
    handles = len(list(Path(f"/proc/{process}/fd").iterdir()))
    return {
        "memory": number["RssAnon"],
        "peak": number["VmHWM"],
        "handles": handles,
        "threads": number["Threads"],
    }


def children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(word) for task in tasks for word in task.read_text().split()]


def sample(process: int) -> dict[str, int] | None:
    try:
        taken = status(process)
        below = [status(child) for child in children(process)]
    except (OSError, KeyError):
        return None
    taken["children"] = len(below)
    taken["memory of children"] = sum(child["memory"] for child in below)
    return taken


def watch(arguments: argparse.Namespace) -> None:
    command = [arguments.program.resolve(), "scan", arguments.dataset, "--registry", arguments.registry]
    command += ["--out", arguments.out, "--progress", "none", *arguments.further]
    begun = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    samples: list[dict[str, int]] = []
    notes = arguments.out.with_name(f"{arguments.out.name}.samples.jsonl")
    notes.parent.mkdir(parents=True, exist_ok=True)
    with notes.open("w") as lines:
        while process.poll() is None:
            taken = sample(process.pid)
            if taken is not None:
                taken["seconds"] = int(time.monotonic() - begun)
                samples.append(taken)
                lines.write(json.dumps(taken) + "\n")
                lines.flush()
            time.sleep(arguments.every)
    print(f"exit code {process.returncode} after {time.monotonic() - begun:.0f} s")
    tell(samples)
    if process.returncode not in (0, 1, 3):
        print("stopped before its end; the same command goes on where it stopped")
        sys.exit(1)
    hold_together(arguments.out)


def tell(samples: list[dict[str, int]]) -> None:
    """The growth of each measure from the second tenth of the time to the last."""
    tenth = len(samples) // 10
    if tenth == 0:
        print("too short to say anything about growth")
        return
    early, late = samples[tenth : 2 * tenth], samples[-tenth:]
    print(f"{'':20} {'second tenth':>14} {'last tenth':>14} {'most':>14}")
    for measure in ("memory", "memory of children", "handles", "threads", "children"):
        means = [sum(taken[measure] for taken in part) / len(part) for part in (early, late)]
        most = max(taken[measure] for taken in samples)
        print(f"{measure:20} {means[0]:14.0f} {means[1]:14.0f} {most:14}")
    print(f"{'peak (VmHWM)':20} {'':14} {'':14} {max(taken['peak'] for taken in samples):14}")
    print("memory in KiB")


def hold_together(out: Path) -> None:
    summary = json.loads((out / "summary.json").read_text())
    rows = summary["rows"]
    buckets = {name: summary[name] for name in ("clear", "matched", "unreadable", "skipped")}
    print(f"{rows} rows: {buckets}")
    if sum(buckets.values()) != rows:
        sys.exit("the rows are not all accounted for")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("make")
    making.add_argument("media", type=Path)
    making.add_argument("dataset", type=Path)
    making.add_argument("--gigabytes", type=float, default=20.0)
    making.add_argument("--hostile", type=float, default=0.15)
    making.add_argument("--seed", type=int, default=1)
    making.set_defaults(run=make)
    watching = commands.add_parser("watch")
    for name in ("program", "dataset", "registry", "out"):
        watching.add_argument(name, type=Path)
    watching.add_argument("--every", type=float, default=5.0)
    watching.add_argument("further", nargs="*")
    watching.set_defaults(run=watch)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
