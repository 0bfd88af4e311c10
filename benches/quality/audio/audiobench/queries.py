"""Query files that hold registered works, and the truth about each."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np

from audiobench.attacks import AROUND_S, Attack
from audiobench.sound import RATE, Samples, fitted, store
from audiobench.steps import stretched
from audiobench.studio import Studio, seconds
from audiobench.truth import Truth

# Resamplers and stretchers may need a little past the end.
LEAD_OUT_S = 0.1
INSERT_AT_S = (3.0, 14.0)


def altered(attack: Attack, samples: Samples, studio: Studio, rng: random.Random) -> Samples:
    """A raw excerpt after everything the attack does short of the final encoding."""
    samples = stretched(samples, attack.tempo, attack.pitch_semitones, attack.speed)
    samples = fitted(samples, attack.length_s)
    for step in attack.steps:
        samples = step(samples, studio, rng)
    return samples


def raw_length_s(attack: Attack) -> float:
    """How much of a work one query takes."""
    return attack.length_s * attack.rate + (LEAD_OUT_S if attack.rate != 1.0 else 0.0)


def excerpt(attack: Attack, studio: Studio, rng: random.Random, target: Path) -> list[Truth]:
    """One altered excerpt of one work."""
    clip = studio.work_clip(rng, raw_length_s(attack), stereo=attack.name == "one-channel")
    made = altered(attack, clip.samples, studio, rng)
    written = store(made, target, attack.encoding)
    return [found(attack, written, clip.work_id, 0.0, clip.start_s, seconds(made))]


def insert(attack: Attack, studio: Studio, rng: random.Random, target: Path) -> list[Truth]:
    """A short excerpt between two stretches of a track nobody registered."""
    clip = studio.work_clip(rng, attack.length_s)
    around = studio.unrelated_clip(rng, AROUND_S).samples
    at_s = round(rng.uniform(*INSERT_AT_S), 3)
    at = round(at_s * RATE)
    written = store(np.concatenate([around[:at], clip.samples, around[at:]]), target, attack.encoding)
    return [found(attack, written, clip.work_id, at_s, clip.start_s, seconds(clip.samples))]


def two_works(attack: Attack, studio: Studio, rng: random.Random, target: Path) -> list[Truth]:
    """An excerpt of one work, then one of another."""
    first = studio.work_clip(rng, attack.length_s)
    second = studio.work_clip(rng, attack.length_s)
    while second.work_id == first.work_id:
        second = studio.work_clip(rng, attack.length_s)
    written = store(np.concatenate([first.samples, second.samples]), target, attack.encoding)
    return [
        found(attack, written, first.work_id, 0.0, first.start_s, attack.length_s),
        found(attack, written, second.work_id, attack.length_s, second.start_s, attack.length_s),
    ]


def found(
    attack: Attack, written: Path, work_id: str, query_s: float, work_s: float, length_s: float,
) -> Truth:
    """The truth about one excerpt, rounded to the millisecond."""
    blank = Truth(f"{written.parent.name}/{written.name}", attack.name, attack.group)
    return replace(
        blank, work_id=work_id, query_start=round(query_s, 3), query_end=round(query_s + length_s, 3),
        work_start=round(work_s, 3), work_end=round(work_s + length_s * attack.rate, 3),
        tempo=attack.tempo, pitch_semitones=float(attack.pitch_semitones), speed=attack.speed,
    )
