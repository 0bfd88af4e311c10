#!/usr/bin/env python3
"""What one would put together in Python today, for the dataset of scripts/build_real_dataset.py.

`datasets` reads the Parquet files; imagehash (64-bit pHash), Chromaprint (fpcalc, all of its
sub-fingerprints, compared at every alignment in numpy) and datasketch (MinHash LSH and LSH
Ensemble over five-word shingles) find the works of the catalog in them. Rows are dealt out to
processes. The limits are the usual ones: 10 of 64 bits (or 8, see --image-bits), five of 32 bit
errors, half of the shingles. Writes a finding a line: file, row, work, medium.

Needs `fpcalc` (Debian package libchromaprint-tools) and requirements.txt.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagehash
import numpy as np
from datasets import Audio, Dataset, Image, List, Value, disable_progress_bars
from datasketch import MinHash, MinHashLSH, MinHashLSHEnsemble
from PIL import Image as Pictures

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "quality" / "audio"))
from audiobench import chromaprint  # noqa: E402

PERMUTATIONS = 128
SHINGLE_WORDS = 5
TEXT_SHARE = 0.5
# Shorter texts are captions and names.
LEAST_WORDS = 12
PICTURE_ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tiff", ".tif"}
SOUND_ENDINGS = {".mp3", ".ogg", ".flac", ".wav", ".m4a", ".opus"}
TASK_ROWS = 16

Pictures.MAX_IMAGE_PIXELS = 200_000_000


def picture_hash(data: bytes) -> np.ndarray | None:
    """The 64 bits of a picture's pHash; none where Pillow cannot read it."""
    try:
        with Pictures.open(io.BytesIO(data)) as picture:
            return imagehash.phash(picture).hash.flatten()
    except Exception:  # noqa: BLE001 - whatever Pillow raises, the picture is unreadable
        return None


def shingles(text: str) -> set[str]:
    """Runs of five words, in lower case."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)}


def min_hash(of: set[str]) -> MinHash:
    """128 permutations."""
    made = MinHash(num_perm=PERMUTATIONS)
    made.update_batch([shingle.encode() for shingle in of])
    return made


@dataclass
class Works:
    """What is registered, ready to be compared with."""

    picture_ids: list[str]
    pictures: np.ndarray
    sounds: chromaprint.Catalog
    near: MinHashLSH
    within: MinHashLSHEnsemble
    image_bits: int

    @classmethod
    def read(cls, catalog: Path, fpcalc: str, image_bits: int) -> Works:
        """Reads and fingerprints the files of a catalog."""
        with catalog.open(newline="", encoding="utf-8") as file:
            lines = [(line["work_id"], line["media"], catalog.parent / line["path"]) for line in csv.DictReader(file)]
        pictures = [(work, picture_hash(path.read_bytes())) for work, media, path in lines if media == "image"]
        pictures = [(work, bits) for work, bits in pictures if bits is not None]
        sounds = {work: chromaprint.fingerprint(path, fpcalc) for work, media, path in lines if media == "audio"}
        texts = [(work, path.read_text(errors="replace")) for work, media, path in lines if media == "text"]
        sets = [(work, shingles(text)) for work, text in texts]
        sketches = [(work, min_hash(found), len(found)) for work, found in sets if found]
        near = MinHashLSH(threshold=TEXT_SHARE, num_perm=PERMUTATIONS)
        for work, sketch, _ in sketches:
            near.insert(work, sketch)
        within = MinHashLSHEnsemble(threshold=TEXT_SHARE, num_perm=PERMUTATIONS, num_part=16)
        within.index(sketches)
        return cls(
            [work for work, _ in pictures],
            np.array([bits for _, bits in pictures]),
            chromaprint.Catalog(sounds),
            near,
            within,
            image_bits,
        )

    def of_picture(self, data: bytes) -> set[str]:
        """Works whose hash is near."""
        bits = picture_hash(data)
        if bits is None:
            return set()
        distances = (self.pictures != bits).sum(axis=1)
        return {self.picture_ids[at] for at in np.flatnonzero(distances <= self.image_bits)}

    def of_sound(self, data: bytes, fpcalc: str) -> set[str]:
        """Works that a stretch of at least some seconds agrees with."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            query = chromaprint.fingerprint(Path(file.name), fpcalc)
        if len(query) == 0:
            return set()
        return {found["work_id"] for found in self.sounds.matches(query) if found["reported"]}

    def of_text(self, text: str) -> set[str]:
        """Works that are near-duplicates of the text, or hold half of it."""
        found = shingles(text)
        if len(found) < LEAST_WORDS:
            return set()
        sketch = min_hash(found)
        return set(self.near.query(sketch)) | set(self.within.query(sketch, len(found)))


WORKS: Works
FPCALC = "fpcalc"


def items(value: Any, folder: Path) -> Iterator[tuple[str, Any]]:
    """The media in a cell: kind, and bytes or text."""
    if isinstance(value, list):
        for one in value:
            yield from items(one, folder)
    elif isinstance(value, dict) and "bytes" in value:
        yield from file(value.get("bytes"), value.get("path"), folder)
    elif isinstance(value, bytes):
        yield from file(value, None, folder)
    elif isinstance(value, str):
        ending = os.path.splitext(value)[1].lower()
        if ending in PICTURE_ENDINGS | SOUND_ENDINGS and "://" not in value:
            yield from file(None, value, folder)
        else:
            yield "text", value


def file(data: bytes | None, path: str | None, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file and its kind, by what they begin with."""
    if data is None and path is not None and (folder / path).is_file():
        data = (folder / path).read_bytes()
    if data:
        yield ("audio" if is_sound(data) else "image"), data


def is_sound(data: bytes) -> bool:
    """Whether the bytes begin as a recording does."""
    head = data[:12]
    is_wave = head[:4] == b"RIFF" and head[8:12] == b"WAVE"
    is_mpeg = head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] > b"\xe0" and head[:3] != b"\xff\xd8\xff")
    return is_wave or is_mpeg or head[:4] in (b"OggS", b"fLaC") or head[4:8] == b"ftyp"


def look(task: tuple[str, str, int, int]) -> list[tuple[str, int, str, str]]:
    """The findings in some rows of a file."""
    path, name, start, end = task
    rows = as_stored(Dataset.from_parquet(path)).select(range(start, end))
    found = []
    for row_index, row in enumerate(rows, start=start):
        for value in row.values():
            for kind, data in items(value, Path(path).parent):
                if kind == "image":
                    works = WORKS.of_picture(data)
                elif kind == "audio":
                    works = WORKS.of_sound(data, FPCALC)
                else:
                    works = WORKS.of_text(data)
                found += [(name, row_index, work, kind) for work in sorted(works)]
    return found


def as_stored(rows: Dataset) -> Dataset:
    """The rows with media as bytes and paths, not decoded."""
    features = rows.features.copy()
    plain = {"bytes": Value("binary"), "path": Value("string")}
    for name, feature in features.items():
        if isinstance(feature, Audio | Image):
            rows = rows.cast_column(name, type(feature)(decode=False))
        elif isinstance(feature, List) and isinstance(feature.feature, Audio | Image):
            rows = rows.cast_column(name, List(plain))
    return rows


def start(works: Works, fpcalc: str) -> None:
    """Gives a process what it compares with."""
    global WORKS, FPCALC  # noqa: PLW0603 - set once, before the first task
    WORKS, FPCALC = works, fpcalc
    disable_progress_bars()


def main() -> None:
    """Registers the works, looks through the dataset, writes findings, prints the cost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", type=Path, required=True, help="folder of build_real_dataset.py")
    parser.add_argument("--out", type=Path, required=True, help="findings to write, as JSON Lines")
    parser.add_argument("--fpcalc", default="fpcalc", help="Chromaprint's program")
    parser.add_argument("--image-bits", type=int, default=10, help="bits of 64 that may differ")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    args = parser.parse_args()
    begun = time.monotonic()
    works = Works.read(args.set / "catalog.csv", args.fpcalc, args.image_bits)
    registered = time.monotonic()
    used_before = used()
    dataset = args.set / "dataset"
    disable_progress_bars()
    tasks = []
    for path in sorted(dataset.rglob("*.parquet")):
        name = str(path.relative_to(dataset))
        length = len(Dataset.from_parquet(str(path)))
        steps = range(0, length, TASK_ROWS)
        tasks += [(str(path), name, at, min(at + TASK_ROWS, length)) for at in steps]
    with (
        ProcessPoolExecutor(args.processes, initializer=start, initargs=(works, args.fpcalc)) as pool,
        args.out.open("w", encoding="utf-8") as out,
    ):
        for found in pool.map(look, tasks):
            for name, row, work, kind in found:
                line = {"file": name, "row_index": row, "work_id": work, "media": kind, "kind": "copy"}
                out.write(json.dumps(line) + "\n")
    ended = time.monotonic()
    print(f"registered in {registered - begun:.1f} s; looked through the dataset in {ended - registered:.1f} s,", end=" ")
    print(f"{used() - used_before:.1f} CPU s")


def used() -> float:
    """CPU seconds of this process and those that ended."""
    parts = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in parts)


if __name__ == "__main__":
    main()
