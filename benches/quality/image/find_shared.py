#!/usr/bin/env python3
"""Proposes pairs of pictures that may share content, for a person to judge and put in SHARED.csv.

Near-duplicates among the collected pictures decide every figure of the bench: a "false" match of a
picture to a registered crop of itself is no fault of the tool. Pairs come from two sides: PDQ hashes
at a small distance in one of eight orientations, and SIFT points that agree on one similarity
transform, mirrored or not. What is proposed errs on the side of too much.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pdqhash
from PIL import Image

from imagebench import pool
from imagebench.picture import opened

LONG_SIDE = 400
POINTS_MAX = 300
# Principal axes of the descriptors: 32 of 128 keep neighbours neighbours and fit in memory.
AXES = 32
NEIGHBOURS = 20
VOTES_MIN = 4
VERIFIED_MAX = 40
RATIO = 0.8
REPROJECTION_PX = 5.0
INLIERS_MIN = 10
PDQ_MAX = 90


@dataclass(frozen=True)
class Features:
    """Of every picture, PDQ bits in eight orientations and SIFT points, plain and mirrored."""

    names: list[str]
    hashes: np.ndarray
    points: list[tuple[np.ndarray, np.ndarray]]
    mirrored: list[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Pair:
    """Two pictures that may share something, and what speaks for it."""

    first: str
    second: str
    pdq: int
    inliers: int
    matched: int
    area: float
    is_mirrored: bool


def main() -> None:
    """Hashes, matches, and writes the proposals, the surest first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--media", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="CSV of proposed pairs")
    parser.add_argument("--cache", type=Path, help="file that keeps what was computed of the pictures")
    args = parser.parse_args()
    features = cached(args.media, args.cache)
    pairs = sorted(proposals(features), key=lambda pair: (-pair.inliers, pair.pdq))
    with args.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["first", "second", "pdq", "inliers", "matched", "area", "mirrored"])
        for p in pairs:
            figures = [p.pdq, p.inliers, p.matched, f"{p.area:.3f}", int(p.is_mirrored)]
            writer.writerow([p.first, p.second, *figures])
    print(f"{len(features.names)} pictures, {len(pairs)} pairs to judge")


def cached(media: Path, cache: Path | None) -> Features:
    """The features of all pictures, from the cache where it has them."""
    if cache and cache.exists():
        held = np.load(cache, allow_pickle=True)
        points, mirrored = held["points"].tolist(), held["mirrored"].tolist()
        return Features(held["names"].tolist(), held["hashes"], points, mirrored)
    features = extract(media)
    if cache:
        np.savez(
            cache, names=np.array(features.names), hashes=features.hashes,
            points=as_objects(features.points), mirrored=as_objects(features.mirrored),
        )
    return features


def as_objects(points: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Arrays of different lengths in an array that numpy can store."""
    held = np.empty(len(points), object)
    for index, pair in enumerate(points):
        held[index] = pair
    return held


def extract(media: Path) -> Features:
    """The features of every usable picture."""
    sift = cv2.SIFT_create(POINTS_MAX, contrastThreshold=0.02)
    names, hashes, points, mirrored = [], [], [], []
    for path in pool.usable(media):
        shown = small(path)
        found, _ = pdqhash.compute_dihedral(shown)
        grey = cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY)
        names.append(pool.name_of(media, path))
        hashes.append([np.packbits(bits) for bits in found])
        points.append(described(sift, grey))
        mirrored.append(described(sift, grey[:, ::-1].copy()))
        if len(names) % 200 == 0:
            print(f"{len(names)} pictures", flush=True)
    return Features(names, np.array(hashes), points, mirrored)


def small(path: Path) -> np.ndarray:
    """A picture at the size in which it is compared."""
    shown = opened(path, side_min=LONG_SIDE)
    shown.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    return np.asarray(shown)


def described(sift: cv2.SIFT, grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the points are, and their descriptors with the square root that suits dot products."""
    found, descriptors = sift.detectAndCompute(grey, None)
    if descriptors is None:
        return np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32)
    descriptors = descriptors[:POINTS_MAX]
    descriptors = np.sqrt(descriptors / np.maximum(descriptors.sum(1, keepdims=True), 1e-6))
    return np.array([point.pt for point in found[:POINTS_MAX]], np.float32), descriptors.astype(np.float32)


def proposals(features: Features) -> Iterator[Pair]:
    """Every pair that either side proposes, with the figures of both."""
    distances = pdq_distances(features.hashes)
    wanted = {(a, b, False) for a, b in zip(*np.where(distances <= PDQ_MAX), strict=True) if a < b}
    for is_mirrored, asking in ((False, features.points), (True, features.mirrored)):
        wanted |= {(*sorted(pair), is_mirrored) for pair in voted(features.points, asking)}
    print(f"{len(wanted)} pairs to verify", flush=True)
    best: dict[tuple[int, int], Pair] = {}
    for a, b, is_mirrored in sorted(wanted):
        asking = (features.mirrored if is_mirrored else features.points)[a]
        figures = agreeing(asking, features.points[b])
        pair = Pair(features.names[a], features.names[b], int(distances[a, b]), *figures, is_mirrored)
        held = best.get((a, b))
        is_near = pair.inliers >= INLIERS_MIN or pair.pdq <= PDQ_MAX
        if is_near and (held is None or held.inliers < pair.inliers):
            best[a, b] = pair
    yield from best.values()


def pdq_distances(hashes: np.ndarray) -> np.ndarray:
    """Of every two pictures, the least distance over the orientations of the first."""
    bits = np.unpackbits(hashes, axis=2).astype(np.float32) * 2 - 1
    upright = bits[:, 0]
    agreement = np.max([bits[:, turn] @ upright.T for turn in range(bits.shape[1])], axis=0)
    distances = ((256 - agreement) / 2).astype(int)
    np.fill_diagonal(distances, 256)
    return np.minimum(distances, distances.T)


def voted(
    points: list[tuple[np.ndarray, np.ndarray]], asking: list[tuple[np.ndarray, np.ndarray]],
) -> Iterator[tuple[int, int]]:
    """Pairs of pictures of which several points are each other's near neighbours."""
    owner = np.concatenate([np.full(len(p), index) for index, (p, _) in enumerate(points)])
    held = np.concatenate([descriptors for _, descriptors in points])
    mean = held.mean(0)
    sample = held[:: max(1, len(held) // 50_000)] - mean
    axes = np.linalg.svd(sample, full_matrices=False)[2][:AXES].T
    # Trees instead of every distance: a few neighbours lost in hundreds do not matter.
    trees = cv2.flann_Index(np.float32((held - mean) @ axes), {"algorithm": 1, "trees": 4})
    for index, (_, descriptors) in enumerate(asking):
        if not len(descriptors):
            continue
        nearest, _ = trees.knnSearch(np.float32((descriptors - mean) @ axes), NEIGHBOURS, params={"checks": 64})
        votes: dict[int, int] = defaultdict(int)
        for row in nearest:
            for other in set(owner[row].tolist()) - {index}:
                votes[other] += 1
        ranked = sorted(votes.items(), key=lambda item: -item[1])[:VERIFIED_MAX]
        yield from ((index, other) for other, count in ranked if count >= VOTES_MIN)


def agreeing(
    first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray],
) -> tuple[int, int, float]:
    """Points on one similarity transform, points matched, and the share of the first they span."""
    if min(len(first[0]), len(second[0])) < 4:
        return 0, 0, 0.0
    nearness = first[1] @ second[1].T
    order = np.argpartition(-nearness, 1, axis=1)[:, :2]
    two = np.take_along_axis(nearness, order, axis=1)
    swap = two[:, 0] < two[:, 1]
    nearest = np.where(swap, order[:, 1], order[:, 0])
    near, far = np.sqrt(np.maximum(2 - 2 * two.max(1), 0)), np.sqrt(np.maximum(2 - 2 * two.min(1), 0))
    good = near < RATIO * far
    matched = int(good.sum())
    if matched < 4:
        return 0, matched, 0.0
    source, target = first[0][good], second[0][nearest[good]]
    transform, mask = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=REPROJECTION_PX)
    if transform is None or not 0.05 < abs(np.linalg.det(transform[:, :2])) ** 0.5 < 20:
        return 0, matched, 0.0
    inside = source[mask.ravel() == 1]
    # Several matches onto one point are one agreement only.
    distinct = min(len(np.unique(side.round(), axis=0)) for side in (inside, target[mask.ravel() == 1]))
    spread = np.ptp(inside, axis=0) / np.maximum(first[0].max(0), 1)
    return distinct, matched, float(spread.prod())


if __name__ == "__main__":
    main()
