"""Peers that give a picture a few bits: PDQ, and the hashes of the Python package imagehash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import imagehash
import numpy as np
import pdqhash
from PIL import Image

# How many works are named for a query.
NAMED_MAX = 5


@dataclass(frozen=True)
class Hash:
    """One hash: of a work, of a query in as many orientations as the tool offers, and its threshold.

    `near` is the distance within which the tool's documents or its common use call two pictures
    alike: 31 of 256 bits for PDQ, 10 of 64 for the others.
    """

    of_work: Callable[[Image.Image], np.ndarray]
    of_query: Callable[[Image.Image], np.ndarray]
    bits: int
    near: int


class Hashed:
    """Works as rows of bits."""

    def __init__(self, sort: str) -> None:
        """Takes the hash by its name in `HASHES`."""
        self.hash = HASHES[sort]
        self.names: list[str] = []
        self.rows: list[np.ndarray] = []

    def register(self, work_id: str, image: Image.Image) -> int:
        """Keeps a work; returns how many bytes that takes."""
        self.names.append(work_id)
        self.rows.append(self.hash.of_work(image))
        return self.hash.bits // 8

    def describe(self, image: Image.Image) -> np.ndarray:
        """A query's bits, one row for each orientation."""
        return self.hash.of_query(image)

    def match(self, described: np.ndarray) -> list[dict[str, object]]:
        """The nearest works."""
        differing = described[:, None, :] != np.stack(self.rows)[None]
        distances = differing.sum(2).min(0)
        return [
            {
                "work_id": self.names[index], "score": float(self.hash.bits - distances[index]),
                "query_box": None, "work_box": None, "flip": None, "rotation_deg": None,
                "reported": bool(distances[index] <= self.hash.near),
            }
            for index in np.argsort(distances, kind="stable")[:NAMED_MAX]
        ]


def pdq(image: Image.Image) -> np.ndarray:
    """PDQ's 256 bits."""
    return np.asarray(pdqhash.compute(np.asarray(image))[0], bool)


def pdq_turned(image: Image.Image) -> np.ndarray:
    """PDQ's bits in eight orientations, from one transform."""
    return np.asarray(pdqhash.compute_dihedral(np.asarray(image))[0], bool)


def once(function: Callable[..., imagehash.ImageHash], size: int) -> Hash:
    """A hash of imagehash, which knows one orientation."""
    def of_work(image: Image.Image) -> np.ndarray:
        return function(image, hash_size=size).hash.ravel()

    bits = size * size
    return Hash(of_work, lambda image: of_work(image)[None], bits, round(bits * 10 / 64))


HASHES = {
    "pdq": Hash(pdq, pdq_turned, 256, 31),
    "phash64": once(imagehash.phash, 8),
    "phash256": once(imagehash.phash, 16),
    "dhash64": once(imagehash.dhash, 8),
    "whash64": once(imagehash.whash, 8),
}
