"""What every query is made from: registered works, pictures nobody registered, a cache of pixels."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from imagebench.picture import UNIT_SQUARE, Picture, Placed, opened, scaling
from imagebench.works import Work

# Longer sides are brought down to this before anything else is done, but for the identity.
SIDE_MAX = 2048


@dataclass(frozen=True)
class Studio:
    """The two sides. `others` are unregistered pictures that share nothing with a registered one."""

    media: Path
    works: list[Work]
    others: list[str]
    translated: list[str]
    by_id: dict[str, Work] = field(default_factory=dict)

    def work(self, work: Work, side_max: int = SIDE_MAX) -> Picture:
        """A registered work, whole."""
        image = loaded(work.path, side_max)
        placed = Placed(work.work_id, scaling(*image.size), UNIT_SQUARE)
        return Picture(image, (placed,), (work.source,))

    def another_work(self, rng: random.Random, taken: Iterable[str]) -> Picture:
        """A random registered work that is not among those taken."""
        left = set(taken)
        return self.work(rng.choice([work for work in self.works if work.work_id not in left]))

    def other(self, rng: random.Random) -> Picture:
        """A random picture nobody registered."""
        return self.unregistered(rng.choice(self.others))

    def unregistered(self, name: str) -> Picture:
        """A picture nobody registered, by its name below the media folder."""
        return Picture(loaded(self.media / name, SIDE_MAX), (), (name,))


@lru_cache(maxsize=48)
def loaded(path: Path, side_max: int) -> Image.Image:
    """Pixels of a file, brought down in size; never changed in place."""
    return Picture(opened(path)).fitted(side_max).image


def noise_source(rng: random.Random) -> np.random.Generator:
    """A generator of noise that follows from the query's own."""
    return np.random.default_rng(rng.getrandbits(64))
