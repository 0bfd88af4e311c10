"""The registered side: which pictures are registered, their files and their catalog."""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image

from imagebench.picture import opened
from imagebench.pool import Pool

CATALOG_COLUMNS = ("work_id", "title", "rightsholder", "media", "path", "reservation", "source")
PACKAGE_SHARE_MAX = 0.25
# A class diagram or a window of one dialog in three languages: kept as pictures nobody registered.
LEFT_UNREGISTERED = ("classcv_", "__graph_", "inherit")
# Of a package's families, and of all photographs, this share at most is registered, so that
# unregistered ones of every series remain.
REGISTERED_SHARE = 0.6
PHOTOGRAPHS_SHARE = 0.75
# A picture is looked at in 8 by 8 tiles of 8 pixels. It is plain, and names nobody, where hardly a
# tile holds anything; it is a photograph where no colour is common and there are many.
LOOK_PX, TILE_PX = 64, 8
TILE_CONTRAST_MIN, TILES_MIN = 4.0, 6
COMMONEST_MAX, COLOURS_MIN = 0.1, 350


@dataclass(frozen=True)
class Work:
    """A registered work, its file, and which collected picture it is."""

    work_id: str
    title: str
    rightsholder: str
    path: Path
    source: str


def rank(seed: int, name: str) -> bytes:
    """A picture's place in a shuffle that does not move when other pictures come or go."""
    return hashlib.sha256(f"{seed}:{name}".encode()).digest()


def choose(pool: Pool, seed: int, count: int) -> list[str]:
    """Which pictures are registered: one of a family, no package too many, photographs first."""
    one_each = {pool.family[name]: name for name in pool.names}
    per_package = Counter(package_of(name) for name in one_each.values())
    families: set[int] = set()
    taken: Counter[str] = Counter()
    chosen: list[str] = []

    def order(name: str) -> tuple[bool, bytes]:
        return not is_first_choice(pool.media, name, seed), rank(seed, name)

    for name in sorted(pool.names, key=order):
        package = package_of(name)
        most = min(PACKAGE_SHARE_MAX * count, REGISTERED_SHARE * per_package[package])
        if len(chosen) == count:
            break
        if taken[package] >= most or pool.family[name] in families or is_plain(pool.media / name):
            continue
        if any(part in name for part in LEFT_UNREGISTERED):
            continue
        chosen.append(name)
        taken[package] += 1
        families.add(pool.family[name])
    return sorted(chosen)


def package_of(name: str) -> str:
    """The package a picture comes from."""
    return PurePosixPath(name).parts[1]


def is_first_choice(media: Path, name: str, seed: int) -> bool:
    """Whether a picture is a photograph, and one of those to be registered."""
    return rank(seed, f"first:{name}")[0] < 256 * PHOTOGRAPHS_SHARE and is_photograph(media / name)


def is_photograph(path: Path) -> bool:
    """Whether a picture has many colours and none of them all over."""
    counts = np.array(list(Counter(map(tuple, (looked_at(path) >> 3).reshape(-1, 3).tolist())).values()))
    return len(counts) >= COLOURS_MIN and counts.max() <= COMMONEST_MAX * counts.sum()


def is_plain(path: Path) -> bool:
    """Whether there is hardly anything to see."""
    grey = looked_at(path).astype(float).mean(2)
    tiles = grey.reshape(TILE_PX, LOOK_PX // TILE_PX, TILE_PX, LOOK_PX // TILE_PX).swapaxes(1, 2)
    return int((tiles.reshape(TILE_PX**2, -1).std(1) >= TILE_CONTRAST_MIN).sum()) < TILES_MIN


@lru_cache(maxsize=8192)
def looked_at(path: Path) -> np.ndarray:
    """A picture squeezed into a small square."""
    return np.asarray(opened(path, side_min=4 * LOOK_PX).resize((LOOK_PX, LOOK_PX), Image.Resampling.BOX))


def register(folder: Path, pool: Pool, chosen: list[str]) -> list[Work]:
    """Copies of the chosen pictures; files that an earlier run left are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for index, name in enumerate(chosen):
        path = folder / f"image-{index:03}{PurePosixPath(name).suffix.lower()}"
        if not path.exists():
            shutil.copyfile(pool.media / name, path)
        title = PurePosixPath(name).stem.replace("__", " ").replace("_", " ")
        made.append(Work(path.stem, title, package_of(name), path, name))
    return made


def write_catalog(path: Path, registered: list[Work]) -> None:
    """catalog.csv, its paths relative to itself."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(CATALOG_COLUMNS)
        for work in registered:
            inside = work.path.relative_to(path.parent).as_posix()
            writer.writerow([work.work_id, work.title, work.rightsholder, "image", inside, "all", work.source])


def read_catalog(bench: Path) -> list[Work]:
    """The works of a bench."""
    with (bench / "catalog.csv").open(newline="", encoding="utf-8") as file:
        return [
            Work(line["work_id"], line["title"], line["rightsholder"], bench / line["path"], line["source"])
            for line in csv.DictReader(file)
        ]
