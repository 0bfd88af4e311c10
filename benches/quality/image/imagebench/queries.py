"""Query files that hold registered works, and the truth about each."""

from __future__ import annotations

import random
from pathlib import Path

from PIL import Image

from imagebench.attacks import Attack
from imagebench.picture import Picture, encoded
from imagebench.studio import Studio
from imagebench.truth import Truth
from imagebench.works import Work

ENCODINGS = (("jpg", 90), ("jpg", 85), ("jpg", 90), ("png", 0), ("webp", 85))
# A picture this large is not written as PNG: the bench would be gigabytes.
PNG_PIXELS_MAX = 1_500_000
# Less than this of a work in the frame is no work to be found.
SHARE_MIN = 0.1


def altered(attack: Attack, work: Work, studio: Studio, rng: random.Random, target: Path) -> list[Truth]:
    """One altered picture of one work, and of those that stand beside it."""
    made = attack.applied(studio.work(work, attack.side_max), studio, rng)
    written = store(made.image, target, rng, attack.encoding)
    return told(made, written, attack.name, attack.group, studio)


def told(picture: Picture, written: Path, attack: str, group: str, studio: Studio) -> list[Truth]:
    """The truth about every work in a picture."""
    file, sources = f"{written.parent.name}/{written.name}", ";".join(picture.sources)
    lines = []
    for placed in picture.placed:
        if placed.share < SHARE_MIN:
            continue
        flip, degrees = placed.orientation(aspect(studio.by_id[placed.work_id]))
        boxes = [round(edge, 4) for box in (placed.query_box(picture.size), placed.work_box()) for edge in box]
        lines.append(Truth(file, attack, group, placed.work_id, *boxes, flip, degrees, sources))
    return lines or [Truth(file, attack, group, sources=sources)]


def aspect(work: Work) -> float:
    """Width by height of a work as registered."""
    with Image.open(work.path) as opened:
        return opened.width / opened.height


def store(image: Image.Image, target: Path, rng: random.Random, encoding: tuple[str, int] | None) -> Path:
    """Writes a query in its own format or in one drawn by lot."""
    form, quality = encoding or rng.choice(ENCODINGS)
    if form == "png" and image.width * image.height > PNG_PIXELS_MAX:
        form, quality = "jpg", 90
    path = target.with_name(f"{target.name}.{form}")
    path.write_bytes(encoded(image, form, quality))
    return path
