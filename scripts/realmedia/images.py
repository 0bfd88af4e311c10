"""Images: registered pictures in six formats, altered copies, and a test for look-alikes."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from realmedia.items import Asset, Item

Image.MAX_IMAGE_PIXELS = 120_000_000
ASSET_SIDE_MAX_PX = 1400
# Uncompressed formats of large pictures would fill the disk without testing more.
BULKY_SIDE_MAX_PX = 640
# Correlation of two 32 x 32 luma thumbnails above which two pictures count as look-alikes.
LOOK_ALIKE = 0.90
# Below this spread of luma (0-255) a picture shows nothing that could be recognised.
FLAT_LUMA_SPREAD = 8.0

SAVE: dict[str, dict[str, object]] = {
    "jpg": {"format": "JPEG", "quality": 92},
    "png": {"format": "PNG", "compress_level": 3},
    "webp": {"format": "WEBP", "quality": 90, "method": 2},
    "gif": {"format": "GIF"},
    "bmp": {"format": "BMP"},
    "tiff": {"format": "TIFF", "compression": "tiff_lzw"},
}


def opened(path: Path) -> Image.Image:
    """A picture as RGB; what was transparent is white, as on a page."""
    with Image.open(path) as picture:
        if picture.mode in ("RGBA", "LA", "P", "PA"):
            picture = picture.convert("RGBA")
            white = Image.new("RGBA", picture.size, "white")
            return Image.alpha_composite(white, picture).convert("RGB")
        return picture.convert("RGB")


def encoded(picture: Image.Image, extension: str, **options: object) -> bytes:
    """The bytes of a picture in one of the formats of `SAVE`."""
    buffer = io.BytesIO()
    picture.save(buffer, **(SAVE[extension] | options))
    return buffer.getvalue()


def write_asset(source: Path, target: Path, extension: str) -> Path:
    """Registers a picture in a format; `as-is` keeps the package's own bytes."""
    if extension == "as-is":
        target = target.with_name(target.name + source.suffix.lower())
        target.write_bytes(source.read_bytes())
        return target
    side = BULKY_SIDE_MAX_PX if extension in ("bmp", "tiff", "gif") else ASSET_SIDE_MAX_PX
    picture = opened(source)
    picture.thumbnail((side, side))
    target = target.with_name(f"{target.name}.{extension}")
    target.write_bytes(encoded(picture, extension))
    return target


def scaled(picture: Image.Image, percent: int) -> Image.Image:
    """A smaller picture of the same shape."""
    size = (max(1, picture.width * percent // 100), max(1, picture.height * percent // 100))
    return picture.resize(size, Image.Resampling.LANCZOS)


def thumbnail(picture: Image.Image, side_px: int) -> Image.Image:
    """A picture that fits a square."""
    small = picture.copy()
    small.thumbnail((side_px, side_px))
    return small


# Attack name -> extension and the altered bytes.
ATTACKS: dict[str, tuple[str, Callable[[Image.Image], bytes]]] = {
    "jpeg-90": ("jpg", lambda p: encoded(p, "jpg", quality=90)),
    "jpeg-50": ("jpg", lambda p: encoded(p, "jpg", quality=50)),
    "jpeg-30": ("jpg", lambda p: encoded(p, "jpg", quality=30)),
    "webp-80": ("webp", lambda p: encoded(p, "webp", quality=80)),
    "resize-75%": ("jpg", lambda p: encoded(scaled(p, 75), "jpg")),
    "resize-50%": ("png", lambda p: encoded(scaled(p, 50), "png")),
    "resize-25%": ("jpg", lambda p: encoded(scaled(p, 25), "jpg")),
    "thumbnail-256px": ("jpg", lambda p: encoded(thumbnail(p, 256), "jpg", quality=80)),
    "grey": ("jpg", lambda p: encoded(p.convert("L"), "jpg")),
    "brightness+15%": ("jpg", lambda p: encoded(ImageEnhance.Brightness(p).enhance(1.15), "jpg")),
    "flip-horizontal": ("jpg", lambda p: encoded(ImageOps.mirror(p), "jpg")),
    "flip-vertical": ("png", lambda p: encoded(ImageOps.flip(p), "png")),
}


def altered(source: Path, attack: str) -> tuple[bytes, str]:
    """An altered copy of a picture and its extension."""
    extension, alter = ATTACKS[attack]
    return alter(opened(source)), extension


def copy_item(asset: Asset, target: Path, attack: str) -> Item:
    """An altered copy of a registered picture, written below `target`."""
    payload, extension = altered(asset.path, attack)
    path = target.with_name(f"{target.name}.{extension}")
    path.write_bytes(payload)
    return Item("image", path, extension, attack, asset.work_id)


def unrelated_item(rng: random.Random, source: Path, target: Path) -> Item:
    """A picture nobody registered: as it is, or altered as the copies are."""
    small = source.stat().st_size < 1_000_000
    if small and rng.random() < 0.5:
        return Item("image", source, source.suffix[1:].lower())
    payload, extension = altered_unrelated(rng, source)
    path = target.with_name(f"{target.name}.{extension}")
    path.write_bytes(payload)
    return Item("image", path, extension)


def altered_unrelated(rng: random.Random, source: Path) -> tuple[bytes, str]:
    """One random alteration, of at most the size registered pictures have."""
    extension, alter = ATTACKS[rng.choice(sorted(ATTACKS))]
    return alter(thumbnail(opened(source), ASSET_SIDE_MAX_PX)), extension


def luma(path: Path) -> np.ndarray:
    """A picture's 32 x 32 luma as floats; zeros where it does not open."""
    try:
        with Image.open(path) as picture:
            picture.draft("L", (64, 64))
        return np.asarray(opened(path).convert("L").resize((32, 32)), np.float64)
    except (OSError, ValueError, SyntaxError):
        return np.zeros((32, 32))


class Looks:
    """Thumbnails of some pictures, to ask which of others look like one of them.

    A plain correlation, unlike anything the scanner does, so that truth is not made by the
    method it judges.
    """

    def __init__(self, paths: Iterable[Path], workers: int) -> None:
        self.paths = list(paths)
        with ThreadPoolExecutor(workers) as pool:
            lumas = list(pool.map(luma, self.paths))
        self.spread = {path: float(values.std()) for path, values in zip(self.paths, lumas, strict=True)}
        self.lumas = np.stack(lumas) if lumas else np.zeros((0, 32, 32))

    def is_flat(self, path: Path) -> bool:
        """Whether a picture shows too little to be recognised by anyone."""
        return self.spread[path] < FLAT_LUMA_SPREAD

    def distinct(self) -> list[Path]:
        """The pictures that are not flat, one of each set of look-alikes."""
        alike = look_alikes(self.lumas, self.lumas)
        kept: list[int] = []
        for index, path in enumerate(self.paths):
            if not self.is_flat(path) and not alike[index, kept].any():
                kept.append(index)
        return [self.paths[index] for index in kept]

    def unlike(self, others: Looks) -> list[Path]:
        """Pictures of ours that look like none of the others."""
        alike = look_alikes(self.lumas, others.lumas).any(axis=1)
        return [path for path, is_alike in zip(self.paths, alike, strict=True) if not is_alike]


def look_alikes(ours: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Matrix of which pictures correlate above `LOOK_ALIKE`, the mirrored ones included."""
    straight = standardised(ours)
    mirrors = [others, others[:, :, ::-1], others[:, ::-1, :]]
    return np.max([straight @ standardised(m).T for m in mirrors], axis=0) > LOOK_ALIKE


def standardised(lumas: np.ndarray) -> np.ndarray:
    """Flattened pictures of mean zero and length one; flat ones become zero."""
    rows = lumas.reshape(len(lumas), -1)
    rows = rows - rows.mean(axis=1, keepdims=True)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
