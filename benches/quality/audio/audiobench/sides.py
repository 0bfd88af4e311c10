"""Which tracks are registered, which stay unrelated, and which accompany the chanted works."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

from realmedia import audio, sides, works

# One recording in two packages differs in length by an encoder's padding at most.
SAME_LENGTH_S = 0.5
BED_MIN_S = 62.0
# Half of the unrelated tracks come from packages nothing is registered of, half from the rest.
WHOLE_PACKAGES_SHARE = 0.5


@dataclass(frozen=True)
class Track:
    """A music file as its package ships it."""

    path: Path
    package: str
    title: str
    duration_s: float


@dataclass(frozen=True)
class Sides:
    """Three sets of tracks that share no recording.

    A bed is under one chanted work and nowhere else: were it also unrelated, truth would be
    wrong, and were it under two works, naming either would be right.
    """

    registered: list[Track]
    unrelated: list[Track]
    beds: list[Track]


def tracks(media: Path) -> list[Track]:
    """Every distinct music track of the media folder, in a fixed order."""
    found = []
    for path in sorted((media / "music").glob("*/*")):
        if sides.REPEATED_MUSIC.search(path.name):
            continue
        duration_s, tags = audio.probe(path)
        title = tags.get("title") or works.title_of(path)
        found.append(Track(path, path.parent.name, title, duration_s))
    return distinct(found)


def distinct(found: list[Track]) -> list[Track]:
    """The tracks without those that another one repeats by length and name."""
    kept: list[Track] = []
    for track in found:
        if not any(is_same(track, other) for other in kept):
            kept.append(track)
    return kept


def is_same(one: Track, other: Track) -> bool:
    """Whether two files look like one recording."""
    alike = names(one) & names(other)
    return bool(alike) and abs(one.duration_s - other.duration_s) <= SAME_LENGTH_S


def names(track: Track) -> set[str]:
    """A track's title and file name, letters and digits only."""
    return {re.sub(r"[\W_]+", "", name).casefold() for name in (track.title, works.title_of(track.path))}


def split(found: list[Track], seed: int, registered: int, beds: int) -> Sides:
    """Deals the tracks out: beds first, then whole unrelated packages, then single tracks."""
    rng = random.Random(f"{seed}:sides")
    long_enough = [track for track in found if track.duration_s >= BED_MIN_S]
    under_chants = rng.sample(long_enough, beds)
    rest = [track for track in found if track not in under_chants]
    spare = len(rest) - registered
    if spare < registered // 4:
        raise SystemExit(f"{len(found)} tracks are too few for {registered} registered ones")
    unrelated = whole_packages(rng, rest, round(spare * WHOLE_PACKAGES_SHARE))
    rest = [track for track in rest if track not in unrelated]
    chosen = set(rng.sample(range(len(rest)), registered))
    unrelated += [track for index, track in enumerate(rest) if index not in chosen]
    return Sides([rest[index] for index in sorted(chosen)], unrelated, under_chants)


def whole_packages(rng: random.Random, found: list[Track], at_most: int) -> list[Track]:
    """All tracks of randomly chosen packages, `at_most` tracks in all."""
    packages = sorted({track.package for track in found})
    rng.shuffle(packages)
    taken: list[Track] = []
    for package in packages:
        whole = [track for track in found if track.package == package]
        if len(taken) + len(whole) <= at_most:
            taken += whole
    return taken
