"""Compares our PDQ hashes with the reference implementation's, picture by picture.

The reference is the PyPI package `pdqhash`, bindings to the C++ that PDQ was
published with. Any folder of pictures will do, the reference's own regression
pictures included.

    pip install pdqhash pillow numpy
    python3 scripts/check_pdq.py FOLDER [--write fixtures/golden/pdq.csv]

Prints the distribution of distances; exits with 1 when a distance is above
--most bits (default 10, the tolerance that PDQ's own ports are held to).
"""

import argparse
import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy
import pdqhash
from PIL import Image, ImageOps

ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"}


def reference(path: Path) -> tuple[int, int]:
    """The reference's hash, as a number, and quality of an upright picture on white."""
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    pixels = numpy.asarray(Image.alpha_composite(white, picture).convert("RGB"))
    bits, quality = pdqhash.compute(pixels)
    return int("".join(str(int(bit)) for bit in bits), 2), quality


def ours(program: str, path: Path) -> tuple[int, int] | None:
    """Our hash and quality, as `clearance inspect` prints them."""
    done = subprocess.run([program, "inspect", str(path)], capture_output=True, text=True, check=False)
    cells = dict(line.split(maxsplit=1) for line in done.stdout.splitlines()[1:] if len(line.split()) > 1)
    if "pdq" not in cells:
        return None
    return int(cells["pdq"], 16), int(cells["quality"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--program", default="target/release/clearance")
    parser.add_argument("--most", type=int, default=10, help="largest distance allowed, in bits")
    parser.add_argument("--write", type=Path, help="write the reference's hashes as CSV")
    arguments = parser.parse_args()

    distances: Counter[int] = Counter()
    far, lines = [], []
    for path in sorted(p for p in arguments.folder.rglob("*") if p.suffix.lower() in ENDINGS):
        mine = ours(arguments.program, path)
        if mine is None:
            print(f"not read: {path}", file=sys.stderr)
            continue
        theirs, quality = reference(path)
        lines.append((path.relative_to(arguments.folder).as_posix(), f"{theirs:064x}", quality))
        distance = (mine[0] ^ theirs).bit_count()
        distances[distance] += 1
        if distance > arguments.most:
            far.append((distance, path))
    for distance, count in sorted(distances.items()):
        print(f"{distance:4} bits  {count}")
    for distance, path in far:
        print(f"too far: {distance} bits  {path}")
    if arguments.write:
        arguments.write.parent.mkdir(parents=True, exist_ok=True)
        with arguments.write.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([("file", "pdq", "quality"), *lines])
    return 1 if far or not distances else 0


if __name__ == "__main__":
    sys.exit(main())
