"""A peer that compares points: OpenCV's ORB with a ratio test and one similarity transform.

It is what tutorials build in an afternoon, with every work compared one by one, and stands for what
points alone can find.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import faiss
import numpy as np
from PIL import Image, ImageOps

SIDE_MAX = 512
WORK_POINTS, QUERY_POINTS = 200, 500
RATIO = 0.8
MATCHED_MIN = 6
TRIES_MAX = 300
REPROJECTION_PX = 4.0
SCALES = (0.08, 12.0)
REPORTED_INLIERS = 12
NAMED_MAX = 5

Points = tuple[np.ndarray, np.ndarray | None, tuple[int, int]]
Held = tuple[Points, faiss.IndexBinaryFlat]


class Orb:
    """Works as points with binary descriptors."""

    def __init__(self) -> None:
        """Nothing registered yet."""
        cv2.setNumThreads(1)
        cv2.setRNGSeed(1)
        faiss.omp_set_num_threads(1)
        self.works: list[tuple[str, Held]] = []

    def register(self, work_id: str, image: Image.Image) -> int:
        """Keeps a work's points; returns how many bytes they take: 32 for the bits, 4 for the place."""
        found = points(image, WORK_POINTS)
        # The same distances as OpenCV's matcher, several times faster.
        index = faiss.IndexBinaryFlat(256)
        if found[1] is not None:
            index.add(found[1])
        self.works.append((work_id, (found, index)))
        return 36 * len(found[0])

    def describe(self, image: Image.Image) -> tuple[Points, Points]:
        """A query's points, as it is and mirrored."""
        return points(image, QUERY_POINTS), points(ImageOps.mirror(image), QUERY_POINTS)

    def match(self, described: tuple[Points, Points]) -> list[dict[str, object]]:
        """The works with the most points on one transform."""
        found = [
            fit for work_id, held in self.works for flip, asked in enumerate(described)
            if (fit := fitted(work_id, asked, held, flip))
        ]
        found.sort(key=lambda fit: -fit.inliers)
        strongest = {fit.work_id: fit for fit in reversed(found)}.values()
        named = sorted(strongest, key=lambda fit: -fit.inliers)[:NAMED_MAX]
        return sorted((fit.shown() for fit in named), key=lambda match: -match["score"])


@dataclass(frozen=True)
class Fit:
    """Points of a query and a work that agree on one transform from the work to the query."""

    work_id: str
    flip: int
    source: np.ndarray
    target: np.ndarray
    transform: np.ndarray
    size: tuple[int, int]
    work_size: tuple[int, int]

    @property
    def inliers(self) -> int:
        """How many points agree."""
        return len(self.source)

    def shown(self) -> dict[str, Any]:
        """As an answer; several points of one side on one of the other count once."""
        score = min(len(np.unique(side.round(), axis=0)) for side in (self.source, self.target))
        turn = math.degrees(math.atan2(self.transform[1, 0], self.transform[0, 0]))
        box, work_box = boxes(self.transform, self.size, self.work_size)
        if self.flip and box:
            box = [1 - box[2], box[1], 1 - box[0], box[3]]
        return {
            "work_id": self.work_id, "score": float(score), "query_box": box, "work_box": work_box,
            # The query was mirrored back: mirrored first, the work is turned the other way round.
            "flip": bool(self.flip), "rotation_deg": round((-turn if self.flip else turn) % 360, 1) % 360,
            "reported": score >= REPORTED_INLIERS,
        }


def fitted(work_id: str, asked: Points, held: Held, flip: int) -> Fit | None:
    """The transform most points agree on, where enough of them are near in both senses."""
    places, descriptors, size = asked
    (work_places, _, work_size), index = held
    if descriptors is None or len(work_places) < 2:
        return None
    distances, near = index.search(descriptors, 2)
    clear = distances[:, 0] < RATIO * distances[:, 1]
    if int(clear.sum()) < MATCHED_MIN:
        return None
    source, target = work_places[near[clear, 0]], places[clear]
    transform, mask = cv2.estimateAffinePartial2D(
        source, target, ransacReprojThreshold=REPROJECTION_PX, maxIters=TRIES_MAX,
    )
    if transform is None or not SCALES[0] < math.hypot(transform[0, 0], transform[1, 0]) < SCALES[1]:
        return None
    kept = mask.ravel() == 1
    return Fit(work_id, flip, source[kept], target[kept], transform, size, work_size)


def points(image: Image.Image, count: int) -> Points:
    """Places and descriptors of the strongest corners."""
    small = image.copy()
    small.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)
    grey = np.asarray(small.convert("L"))
    found, descriptors = cv2.ORB_create(count, fastThreshold=8).detectAndCompute(grey, None)
    return np.array([point.pt for point in found], np.float32).reshape(-1, 2), descriptors, small.size


def boxes(
    transform: np.ndarray, size: tuple[int, int], work_size: tuple[int, int],
) -> tuple[list[float] | None, list[float] | None]:
    """The work's frame in the query and the query's frame in the work, each cut to what is there."""
    ahead = np.vstack([transform, [0, 0, 1]])
    there, back = framed(ahead, work_size, size), framed(np.linalg.inv(ahead), size, work_size)
    return (there, back) if there and back else (None, None)


def framed(matrix: np.ndarray, size: tuple[int, int], into: tuple[int, int]) -> list[float] | None:
    """The bounding box of a frame after a transform, in shares of another frame."""
    corners = np.array([[0, 0, 1], [size[0], 0, 1], [size[0], size[1], 1], [0, size[1], 1]]) @ matrix.T
    shares = np.clip(corners[:, :2] / np.array(into), 0, 1)
    low, high = shares.min(0), shares.max(0)
    return [*map(float, low), *map(float, high)] if (high > low).all() else None
