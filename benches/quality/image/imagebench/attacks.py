"""Every attack of the bench, in the order of its figures."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageEnhance

from imagebench import screens, steps
from imagebench.picture import Picture
from imagebench.steps import Step, pixels
from imagebench.studio import SIDE_MAX, Studio

CHAIN_STEPS = (2, 5)


@dataclass(frozen=True)
class Attack:
    """One way to alter a picture.

    Steps of one `sort` follow each other in a chain once at most, so that no chain cuts a crop of a
    crop. `encoding` is the file's own format and quality; without one it is drawn by lot.
    `longer_than` keeps a preview from being as large as the picture.
    """

    name: str
    group: str
    sort: str
    steps: tuple[Step, ...] = ()
    encoding: tuple[str, int] | None = None
    longer_than: int = 0
    side_max: int = SIDE_MAX
    in_chains: bool = True

    def applied(self, picture: Picture, studio: Studio, rng: random.Random) -> Picture:
        """The picture after all steps."""
        for step in self.steps:
            picture = step(picture, studio, rng)
        return picture


def faithful() -> Iterator[Attack]:
    """What resizing, saving, filtering and turning do to the whole picture."""
    group = "faithful"
    # Pictures of tens of megapixels stay what they are here, and nowhere else.
    yield Attack("identity", group, "none", side_max=1 << 30, in_chains=False)
    for quality in (90, 50, 30, 10):
        yield Attack(f"jpeg{quality}", group, "codec", (steps.recoded("jpg", quality),), ("jpg", quality))
    yield Attack("webp60", group, "codec", (steps.recoded("webp", 60),), ("webp", 60))
    yield Attack("half", group, "size", (steps.half,))
    for side in (256, 128):
        yield Attack(f"thumb{side}", group, "size", (steps.thumbnail(side),), longer_than=round(1.15 * side))
    yield Attack("grey", group, "tone", (pixels(steps.grey),))
    yield Attack("brightness-30", group, "tone", (steps.enhanced(ImageEnhance.Brightness, 0.7),))
    yield Attack("brightness+30", group, "tone", (steps.enhanced(ImageEnhance.Brightness, 1.3),))
    yield Attack("contrast", group, "tone", (steps.enhanced(ImageEnhance.Contrast, 0.6, 1.5),))
    yield Attack("saturation", group, "tone", (steps.enhanced(ImageEnhance.Color, 0.3, 2.0),))
    yield Attack("hue", group, "tone", (pixels(steps.hue),))
    yield Attack("gamma", group, "tone", (pixels(steps.gamma),))
    yield Attack("sepia", group, "tone", (pixels(steps.sepia),))
    yield Attack("posterise", group, "tone", (pixels(steps.posterised),))
    yield Attack("blur0.4", group, "grain", (steps.blur(0.004),))
    yield Attack("blur0.8", group, "grain", (steps.blur(0.008),))
    yield Attack("noise", group, "grain", (pixels(steps.noise),))
    yield Attack("sharpen", group, "grain", (pixels(steps.sharpened),))
    yield Attack("watermark", group, "overlay", (pixels(steps.watermarked),))
    yield Attack("badge", group, "overlay", (pixels(steps.badge),))
    turns = {
        "flip-h": Image.Transpose.FLIP_LEFT_RIGHT, "flip-v": Image.Transpose.FLIP_TOP_BOTTOM,
        "rot90": Image.Transpose.ROTATE_270, "rot180": Image.Transpose.ROTATE_180,
        "rot270": Image.Transpose.ROTATE_90,
    }
    for name, method in turns.items():
        yield Attack(name, group, "turn", (steps.transposed(method),))


def geometry() -> Iterator[Attack]:
    """What moves, cuts or stretches."""
    group = "geometry"
    for degrees in (2, 5, 15):
        yield Attack(f"rotate{degrees}", group, "turn", (steps.turned(degrees, inside=False),))
        yield Attack(f"rotate{degrees}-inside", group, "turn", (steps.turned(degrees, inside=True),))
    for percent in (90, 75, 50):
        yield Attack(f"crop{percent}", group, "cut", (steps.crop(percent / 100),))
    yield Attack("aspect0.75", group, "stretch", (steps.aspect(0.75),))
    yield Attack("aspect1.33", group, "stretch", (steps.aspect(4 / 3),))
    yield Attack("border", group, "frame", (steps.bordered,))
    yield Attack("letterbox", group, "frame", (steps.letterboxed,))
    yield Attack("perspective", group, "stretch", (steps.perspective,))


def composite() -> Iterator[Attack]:
    """Other material around or over the picture."""
    group = "composite"
    yield Attack("screenshot-web", group, "around", (screens.web,))
    yield Attack("screenshot-mobile", group, "around", (screens.mobile,))
    yield Attack("embedded50", group, "around", (steps.embedded(0.5),))
    yield Attack("collage4", group, "around", (steps.collage(4),), in_chains=False)
    yield Attack("collage1", group, "around", (steps.collage(1),), in_chains=False)
    yield Attack("halfcover", group, "cut", (steps.half_covered,), in_chains=False)


def hard() -> Iterator[Attack]:
    """What is not expected to be found every time."""
    group = "hard"
    yield Attack("crop25", group, "cut", (steps.crop(0.25),), in_chains=False)
    yield Attack("embedded30", group, "around", (steps.embedded(0.3),), in_chains=False)
    yield Attack("thumb64", group, "size", (steps.thumbnail(64),), longer_than=128, in_chains=False)
    yield Attack("pixelate", group, "grain", (pixels(steps.pixelated),), in_chains=False)
    yield Attack("edge", group, "tone", (pixels(steps.edges),), in_chains=False)
    yield Attack("rot45", group, "turn", (steps.turned(45, inside=False),), in_chains=False)
    yield Attack("chain", group, "chain", (chained,), in_chains=False)


def chained(picture: Picture, studio: Studio, rng: random.Random) -> Picture:
    """Two to five attacks of different sorts, one after the other."""
    used: set[str] = set()
    for _ in range(rng.randint(*CHAIN_STEPS)):
        attack = rng.choice([one for one in LINKS if one.sort not in used])
        used.add(attack.sort)
        picture = attack.applied(picture, studio, rng)
    return picture


ATTACKS = (*faithful(), *geometry(), *composite(), *hard())
LINKS = tuple(attack for attack in ATTACKS if attack.in_chains)
# A picture nobody registered must stay that after the attack.
ON_UNRELATED = tuple(attack for attack in ATTACKS if attack.name != "collage4")
