#!/usr/bin/env python3
"""Adds queries altered by AugLy, the tool whose edits the DISC21 benchmark is made of.

Reads a bench of make_bench.py and writes more files into its `queries/`, and their truth to
`queries-augly.csv`. AugLy 1.0.0 asks for Pillow below 9 but runs on today's: install it with
`pip install --no-deps augly` and `pip install iopath python-magic regex`. Its `meme_format` and
`perspective_transform` do not run any more and are left out.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import augly.image as augly
import numpy as np
from augly.utils import EMOJI_DIR, FONTS_DIR, SCREENSHOT_TEMPLATES_DIR
from PIL import Image

from imagebench import queries, truth
from imagebench.attacks import CHAIN_STEPS, Attack
from imagebench.picture import Picture, scaling, shifting
from imagebench.steps import Step
from imagebench.studio import Studio
from imagebench.truth import UNRELATED, Truth
from make_bench import CHAINS, ROOT, Job, report, run, set_up

GROUP = "augly"
EMOJI = sorted(Path(EMOJI_DIR).glob("smileys/*.png"))
FONTS = ("Impact.ttf", "OpenSans-Bold.ttf", "Lobster_1.3.ttf", "NotoMono-Regular.ttf", "Raleway-Black.ttf")
TEMPLATES = Path(SCREENSHOT_TEMPLATES_DIR)
SIDE_MAX = 1600
UNRELATED_COUNT = 40


def main() -> None:
    """Alters, and says what was made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--media", type=Path, default=ROOT / "media", help="as for make_bench.py")
    parser.add_argument("--to", type=Path, required=True, help="folder that make_bench.py wrote")
    parser.add_argument("--per-attack", type=int, default=14)
    args = parser.parse_args()
    to = args.to.resolve()
    told = to / "queries-augly.csv"
    if not told.exists():
        made_from = json.loads((to / "bench.json").read_text())
        studio = set_up(args.media.resolve(), to, made_from["seed"], made_from["works"])
        jobs = list(planned(studio, made_from["seed"], args.per_attack))
        lines = [line for number, job in enumerate(jobs) for line in run(job, to, number, len(jobs))]
        truth.write(told, lines)
        for leftover in (to / ".truth").iterdir():
            leftover.unlink()
        (to / ".truth").rmdir()
    report(truth.read(told))


def planned(studio: Studio, seed: int, per_attack: int) -> Iterator[Job]:
    """Every query in order, each with a random generator of its own."""
    made: list[tuple[str, Callable[[random.Random, Path], list[Truth]]]] = []
    for attack in ATTACKS:
        count = per_attack * (CHAINS if attack.name == "augly-chain" else 1)
        rng = random.Random(f"{seed}:works:{attack.name}")
        works = rng.sample(studio.works, min(count, len(studio.works)))
        made += [(attack.name, partial(queries.altered, attack, work, studio)) for work in works]
    names = random.Random(f"{seed}:augly").sample(studio.others, min(UNRELATED_COUNT, len(studio.others)))
    made += [("unrelated-augly", partial(unrelated, name, studio)) for name in names]
    for number, (name, make) in enumerate(made):
        yield Job(f"a{number:03}-{name}", partial(make, random.Random(f"{seed}:augly:{number}")))


def unrelated(name: str, studio: Studio, rng: random.Random, target: Path) -> list[Truth]:
    """A picture nobody registered after one of the attacks."""
    attack = rng.choice(ATTACKS)
    made = attack.applied(studio.unregistered(name).fitted(SIDE_MAX), studio, rng)
    written = queries.store(made.image, target.with_name(f"{target.name}-{attack.name}"), rng, None)
    return [Truth(f"{written.parent.name}/{written.name}", "unrelated-augly", UNRELATED, sources=name)]


def overlaid(change: Callable[[Image.Image, random.Random], Image.Image]) -> Step:
    """A step that leaves everything in its place."""
    def step(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
        return picture.changed(change(picture.image, rng).convert("RGB"))

    return step


def emoji(image: Image.Image, rng: random.Random) -> Image.Image:
    """A smiley over up to two fifths of the height."""
    return augly.overlay_emoji(
        image, emoji_path=str(rng.choice(EMOJI)), opacity=rng.uniform(0.6, 1.0),
        emoji_size=rng.uniform(0.15, 0.4), x_pos=rng.uniform(0.0, 0.7), y_pos=rng.uniform(0.0, 0.7),
    )


def text(image: Image.Image, rng: random.Random) -> Image.Image:
    """Up to three lines of letters."""
    lines = [[rng.randrange(1, 1000) for _ in range(rng.randint(4, 12))] for _ in range(rng.randint(1, 3))]
    return augly.overlay_text(
        image, text=lines, font_file=str(Path(FONTS_DIR) / rng.choice(FONTS)),
        font_size=rng.uniform(0.08, 0.2), color=tuple(rng.randrange(256) for _ in range(3)),
        x_pos=rng.uniform(0.0, 0.4), y_pos=rng.uniform(0.0, 0.7),
    )


def stripes(image: Image.Image, rng: random.Random) -> Image.Image:
    """Stripes at an angle, not so many as to hide the picture."""
    return augly.overlay_stripes(
        image, line_width=rng.uniform(0.1, 0.5), line_color=tuple(rng.randrange(256) for _ in range(3)),
        line_angle=rng.uniform(-90, 90), line_density=rng.uniform(0.2, 0.6),
        line_type=rng.choice(("solid", "dotted", "dashed")), line_opacity=rng.uniform(0.5, 1.0),
    )


def screenshot(template: str) -> Step:
    """Into a template, scaled to its box and centred there over black."""
    box = json.loads((TEMPLATES / "bboxes.json").read_text())[template]

    def step(picture: Picture, _studio: Studio, _rng: random.Random) -> Picture:
        made = augly.overlay_onto_screenshot(picture.image, template_filepath=str(TEMPLATES / template))
        room = (box[2] - box[0], box[3] - box[1])
        factor = min(room[0] / picture.size[0], room[1] / picture.size[1])
        size = (int(picture.size[0] * factor), int(picture.size[1] * factor))
        at = (box[0] + (room[0] - size[0]) / 2, box[1] + (room[1] - size[1]) / 2)
        scaled = scaling(size[0] / picture.size[0], size[1] / picture.size[1])
        return picture.moved(made.convert("RGB"), shifting(*at) @ scaled)

    return step


def cropped(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
    """At least half of each side."""
    x1, y1 = rng.uniform(0, 0.25), rng.uniform(0, 0.25)
    made = augly.crop(picture.image, x1=x1, y1=y1, x2=rng.uniform(0.75, 1), y2=rng.uniform(0.75, 1))
    return picture.moved(made.convert("RGB"), shifting(-int(picture.size[0] * x1), -int(picture.size[1] * y1)))


def padded(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
    """Room of one colour all around."""
    x, y = rng.uniform(0, 0.25), rng.uniform(0, 0.25)
    colour = tuple(rng.randrange(256) for _ in range(3))
    made = augly.pad(picture.image, w_factor=x, h_factor=y, color=colour)
    return picture.moved(made.convert("RGB"), shifting(int(x * picture.size[0]), int(y * picture.size[1])))


def stretched(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
    """Another aspect, the area kept."""
    ratio = picture.size[0] / picture.size[1] * rng.uniform(0.7, 1.4)
    return resized(picture, augly.change_aspect_ratio(picture.image, ratio=ratio))


def scaled_down(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
    """Three tenths to nine tenths of each side, though no side below 64 pixels."""
    factor = max(rng.uniform(0.3, 0.9), min(1.0, 64 / min(picture.size)))
    return resized(picture, augly.scale(picture.image, factor=factor))


def resized(picture: Picture, made: Image.Image) -> Picture:
    """The same picture at another size."""
    return picture.moved(made.convert("RGB"), scaling(made.width / picture.size[0], made.height / picture.size[1]))


def mirrored(picture: Picture, _studio: Studio, _rng: random.Random) -> Picture:
    """Left to right."""
    matrix = np.array([[-1.0, 0, picture.size[0]], [0, 1, 0], [0, 0, 1]])
    return picture.moved(augly.hflip(picture.image).convert("RGB"), matrix)


def rotated(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
    """Up to 20 degrees, cut to what is free of corners."""
    degrees = rng.uniform(-20, 20)
    made = augly.rotate(picture.image, degrees=degrees).convert("RGB")
    angle = -math.radians(degrees)
    turn = np.array([[math.cos(angle), -math.sin(angle), 0], [math.sin(angle), math.cos(angle), 0], [0, 0, 1]])
    middle = shifting(-picture.size[0] / 2, -picture.size[1] / 2)
    return picture.moved(made, shifting(made.width / 2, made.height / 2) @ turn @ middle)


def link(name: str, step: Step, sort: str) -> Attack:
    """An edit of a chain."""
    return Attack(name, GROUP, sort, (step,))


LINKS = (
    link("emoji", overlaid(emoji), "overlay"), link("text", overlaid(text), "overlay"),
    link("stripes", overlaid(stripes), "stripes"),
    link("screenshot-web", screenshot("web.png"), "around"),
    link("screenshot-mobile", screenshot("mobile.png"), "around"),
    link("crop", cropped, "cut"), link("pad", padded, "around"), link("aspect", stretched, "stretch"),
    link("scale", scaled_down, "size"), link("hflip", mirrored, "flip"), link("rotate", rotated, "turn"),
    link("blur", overlaid(
        lambda image, rng: augly.blur(image, radius=rng.uniform(1, 3)),
    ), "grain"),
    link("noise", overlaid(
        lambda image, rng: augly.random_noise(image, var=rng.uniform(0.005, 0.02), seed=rng.randrange(10**6)),
    ), "grain"),
    link("pixels", overlaid(
        lambda image, rng: augly.pixelization(image, ratio=rng.uniform(0.3, 0.8)),
    ), "grain"),
    link("jpeg", overlaid(
        lambda image, rng: augly.encoding_quality(image, quality=rng.randint(15, 60)),
    ), "codec"),
    link("jitter", overlaid(lambda image, rng: augly.color_jitter(
        image, brightness_factor=rng.uniform(0.6, 1.4), contrast_factor=rng.uniform(0.6, 1.4),
        saturation_factor=rng.uniform(0.3, 1.8),
    )), "tone"),
    link("grey", overlaid(lambda image, _rng: augly.grayscale(image)), "tone"),
    link("sharpen", overlaid(
        lambda image, rng: augly.sharpen(image, factor=rng.uniform(2, 8)),
    ), "grain"),
    link("shuffle", overlaid(
        lambda image, rng: augly.shuffle_pixels(image, factor=rng.uniform(0.02, 0.12), seed=rng.randrange(10**6)),
    ), "grain"),
)


def chained(picture: Picture, studio: Studio, rng: random.Random) -> Picture:
    """Two to five edits of different sorts, one after the other."""
    used: set[str] = set()
    for _ in range(rng.randint(*CHAIN_STEPS)):
        edit = rng.choice([one for one in LINKS if one.sort not in used])
        used.add(edit.sort)
        picture = edit.applied(picture, studio, rng)
    return picture


ATTACKS = tuple(
    Attack(f"augly-{name}", GROUP, name, (step,), side_max=SIDE_MAX) for name, step in (
        ("emoji", overlaid(emoji)), ("text", overlaid(text)), ("stripes", overlaid(stripes)),
        ("web", screenshot("web.png")), ("mobile", screenshot("mobile.png")), ("chain", chained),
    )
)


if __name__ == "__main__":
    main()
