"""Query files that hold nothing registered: what a matcher must stay silent on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from audiobench.attacks import ALTERING
from audiobench.queries import altered, raw_length_s
from audiobench.sound import RATE, Samples, store
from audiobench.studio import Studio, noise_source
from audiobench.truth import Truth

GROUP = "unrelated"
# Mostly the length of the other queries.
LENGTHS_S = (10.0, 10.0, 10.0, 10.0, 10.0, 3.0, 5.0, 30.0)
LEVEL = 0.2
# Of a hundred unrelated queries; what is left are excerpts of music, of them a third altered.
SHARES = {
    "speech": 10, "silence": 1, "white-noise": 1.5, "pink-noise": 1.5, "tones": 2, "chords": 2.5,
    "clicks": 2, "loop": 5,
}
ALTERED_SHARE = 1 / 3
MUSIC, ALTERED = "music", "altered"
NOT_CLEAN = [attack for attack in ALTERING if not attack.group.startswith("clean")]


def sorts(count: int) -> Iterator[tuple[str, int]]:
    """Every unrelated query to make: its sort and its number within the sort."""
    left = count
    for sort, share in SHARES.items():
        made = round(count * share / 100)
        yield from ((sort, index) for index in range(made))
        left -= made
    altered_count = round(left * ALTERED_SHARE)
    yield from ((ALTERED, index) for index in range(altered_count))
    yield from ((MUSIC, index) for index in range(left - altered_count))


def make(sort: str, studio: Studio, rng: random.Random, target: Path) -> list[Truth]:
    """One unrelated query; the file name of an altered one says by which attack."""
    encoding = "flac"
    if sort == ALTERED:
        attack = rng.choice(NOT_CLEAN)
        attack = replace(attack, length_s=rng.choice(LENGTHS_S))
        clip = studio.unrelated_clip(rng, raw_length_s(attack), stereo=attack.name == "one-channel")
        samples = altered(attack, clip.samples, studio, rng)
        target = target.with_name(f"{target.name}-{attack.name}")
        encoding = attack.encoding
    else:
        samples = SORTS[sort](studio, rng, rng.choice(LENGTHS_S))
    written = store(samples, target, encoding)
    return [Truth(f"{written.parent.name}/{written.name}", f"unrelated-{sort}", GROUP)]


def music(studio: Studio, rng: random.Random, length_s: float) -> Samples:
    """A track nobody registered."""
    return studio.unrelated_clip(rng, length_s).samples


def speech(studio: Studio, rng: random.Random, length_s: float) -> Samples:
    """Words nobody registered."""
    return studio.unrelated_speech(rng, length_s)


def silence(_studio: Studio, rng: random.Random, length_s: float) -> Samples:
    """Nothing at all, or what a quiet recorder leaves."""
    hiss = rng.choice((0.0, 1e-4))
    return noise_source(rng).standard_normal((round(length_s * RATE), 1), np.float32) * np.float32(hiss)


def white_noise(_studio: Studio, rng: random.Random, length_s: float) -> Samples:
    """All frequencies alike."""
    return noise_source(rng).standard_normal((round(length_s * RATE), 1), np.float32) * np.float32(LEVEL)


def pink_noise(_studio: Studio, rng: random.Random, length_s: float) -> Samples:
    """All octaves alike."""
    frames = round(length_s * RATE)
    spectrum = np.fft.rfft(noise_source(rng).standard_normal(frames))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    pink = np.fft.irfft(spectrum, frames)
    return (LEVEL * pink / pink.std()).astype(np.float32)[:, None]


def tones(_studio: Studio, rng: random.Random, length_s: float) -> Samples:
    """One pure tone, or a row of them."""
    step_s = rng.choice((length_s, 1.0, 0.25))
    return notes([[rng.uniform(100, 3000)] for _ in range(round(length_s / step_s))], step_s)


def chords(_studio: Studio, rng: random.Random, length_s: float) -> Samples:
    """Triads with overtones."""
    step_s = rng.choice((0.5, 1.0, 2.0))
    rows = []
    for _ in range(max(1, round(length_s / step_s))):
        root = 110 * 2 ** (rng.randrange(24) / 12)
        third = rng.choice((3, 4))
        rows.append([root * 2 ** (n / 12) * k for n in (0, third, 7) for k in (1, 2, 3)])
    return notes(rows, step_s)


def clicks(_studio: Studio, rng: random.Random, length_s: float) -> Samples:
    """A metronome."""
    track = np.zeros((round(length_s * RATE), 1), np.float32)
    every = round(RATE * 60 / rng.uniform(60, 200))
    click = np.exp(-np.arange(400) / 80) * np.sin(np.arange(400) * rng.uniform(0.1, 0.6))
    for start in range(0, len(track) - len(click), every):
        track[start : start + len(click), 0] = click
    return track


def loop(studio: Studio, rng: random.Random, length_s: float) -> Samples:
    """Half a second to two seconds of an unregistered track, over and over."""
    once = studio.unrelated_clip(rng, rng.uniform(0.5, 2.0)).samples
    return np.resize(once, (round(length_s * RATE), once.shape[1]))


def notes(rows: list[list[float]], step_s: float) -> Samples:
    """Sines at the frequencies of each row, one row after the other."""
    time_s = np.arange(round(step_s * RATE)) / RATE
    edge = np.minimum(1.0, np.minimum(time_s, time_s[::-1]) / 0.01)
    made = [
        edge * sum(np.sin(2 * np.pi * hertz * time_s) / (1 + k) for k, hertz in enumerate(row))
        for row in rows
    ]
    return (LEVEL * np.concatenate(made)).astype(np.float32)[:, None]


SORTS: dict[str, Callable[[Studio, random.Random, float], Samples]] = {
    "speech": speech, "silence": silence, "white-noise": white_noise, "pink-noise": pink_noise,
    "tones": tones, "chords": chords, "clicks": clicks, "loop": loop, MUSIC: music,
}
