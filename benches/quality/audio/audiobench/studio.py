"""What every query is made from: decoded tracks, and where random material comes from."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audiobench.sound import RATE, Decoded, Samples, decode, fitted, quiet_rms
from audiobench.works import CHANT_VOICE, VOICES, Prose, Work
from realmedia import audio

AUDIBLE_TRIES = 60
SPOKEN_WORDS_PER_S = 4


@dataclass(frozen=True)
class Clip:
    """A stretch of a file: a registered work's, or with an empty `work_id` an unrelated track's."""

    work_id: str
    start_s: float
    samples: Samples


@dataclass(frozen=True)
class Studio:
    """The two sides, decoded, and a folder for what is thrown away again."""

    works: list[Work]
    unrelated: list[Path]
    decoded: Decoded
    prose: Prose
    scratch: Path

    def work_clip(self, rng: random.Random, length_s: float, *, stereo: bool = False) -> Clip:
        """An audible stretch of a random work; with `stereo`, one whose channels differ."""
        sources = [(work.work_id, work.path) for work in self.works]
        return self.audible(rng, sources, length_s, stereo=stereo)

    def unrelated_clip(self, rng: random.Random, length_s: float, *, stereo: bool = False) -> Clip:
        """An audible stretch of a track nobody registered."""
        return self.audible(rng, [("", path) for path in self.unrelated], length_s, stereo=stereo)

    def audible(
        self, rng: random.Random, sources: list[tuple[str, Path]], length_s: float, *, stereo: bool,
    ) -> Clip:
        """A stretch of a random source that is loud enough throughout."""
        for _ in range(AUDIBLE_TRIES):
            work_id, path = rng.choice(sources)
            room_s = self.decoded.length_s(path) - length_s
            start_s = round(rng.uniform(0.0, max(0.0, room_s)), 3)
            if room_s < 0.0:
                continue
            samples = self.decoded.cut(path, start_s, length_s)
            if quiet_rms(samples) >= audio.AUDIBLE_RMS and (not stereo or is_stereo(samples)):
                return Clip(work_id, start_s, samples)
        raise SystemExit(f"no audible stretch of {length_s:.1f} s in {AUDIBLE_TRIES} tries")

    def unrelated_speech(self, rng: random.Random, length_s: float) -> Samples:
        """Words nobody registered, in a voice that reads or chants registered ones too."""
        voice, packages = rng.choice([*VOICES, (CHANT_VOICE, VOICES[0][1])])
        count = round(SPOKEN_WORDS_PER_S * (length_s + 1)) + 4
        words = self.prose.passage(rng, packages, count, registered=False)
        spoken = audio.speak(words, self.scratch / "spoken", voice)
        samples = decode(spoken, 2)
        spoken.unlink()
        return fitted(samples, length_s)


def noise_source(rng: random.Random) -> np.random.Generator:
    """A generator of samples that follows from the query's own."""
    return np.random.default_rng(rng.getrandbits(64))


def is_stereo(samples: Samples) -> bool:
    """Whether the left channel says something else than the right one."""
    left, right = samples[:, 0], samples[:, 1]
    return float(np.abs(left - right).mean()) > 0.1 * float(np.abs(left).mean()) > 0.0


def mono(samples: Samples) -> Samples:
    """The mean of the channels, as one channel."""
    return samples.mean(axis=1, keepdims=True, dtype=np.float32)


def seconds(samples: Samples) -> float:
    """How long the samples last."""
    return len(samples) / RATE
