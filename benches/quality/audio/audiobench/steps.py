"""What can be done to a clip, one step at a time."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from audiobench.sound import RATE, Samples, added, filtered, through_codec
from audiobench.studio import Studio, mono, noise_source, seconds

Step = Callable[[Samples, Studio, random.Random], Samples]

REVERB_S = 1.5
# Twelve decibels an octave each: enough that nothing is left an octave above.
LOW_PASS = ",".join(["lowpass=f=3000"] * 3)
TELEPHONE_BAND = ",".join([*["highpass=f=300"] * 2, *["lowpass=f=3400"] * 3])
COMPRESSOR = "acompressor=threshold=0.03:ratio=20:attack=5:release=120:makeup=8,alimiter=limit=0.95:level=0"


def stretched(samples: Samples, tempo: float, pitch_semitones: float, speed: float) -> Samples:
    """The samples at another tempo, pitch or speed; untouched where all three are plain."""
    filters = []
    if tempo != 1.0 or pitch_semitones:
        filters.append(f"rubberband=tempo={tempo}:pitch={2 ** (pitch_semitones / 12):.9f}")
    if speed != 1.0:
        filters.append(f"asetrate={round(RATE * speed)},aresample={RATE}")
    return filtered(samples, ",".join(filters)) if filters else samples


def noise(over_noise_db: float) -> Step:
    """White noise that far below the clip by RMS, the same in all channels: a mix to mono keeps the ratio."""

    def step(samples: Samples, _studio: Studio, rng: random.Random) -> Samples:
        white = noise_source(rng).standard_normal((len(samples), 1), np.float32)
        return added(samples, white, over_noise_db)

    return step


def speech(over_speech_db: float) -> Step:
    """Somebody talks over it."""

    def step(samples: Samples, studio: Studio, rng: random.Random) -> Samples:
        words = studio.unrelated_speech(rng, seconds(samples))
        return added(samples, words[:, : samples.shape[1]], over_speech_db)

    return step


def mashup(over_other_db: float) -> Step:
    """Mixed with a track nobody registered."""

    def step(samples: Samples, studio: Studio, rng: random.Random) -> Samples:
        return added(samples, studio.unrelated_clip(rng, seconds(samples)).samples, over_other_db)

    return step


def reverb(samples: Samples, _studio: Studio, rng: random.Random) -> Samples:
    """A hall: noise that decays by 60 dB in a second and a half, as loud as the dry sound."""
    frames = round(REVERB_S * RATE)
    decay = 10.0 ** (-3.0 * np.arange(frames) / frames)
    response = noise_source(rng).standard_normal((frames, samples.shape[1])) * decay[:, None]
    size = 1 << (len(samples) + frames).bit_length()
    spectrum = np.fft.rfft(samples, size, axis=0) * np.fft.rfft(response, size, axis=0)
    wet = np.fft.irfft(spectrum, size, axis=0)[: len(samples)].astype(np.float32)
    return added(samples, wet, 0.0)


def fade(samples: Samples, _studio: Studio, _rng: random.Random) -> Samples:
    """In over the first half, out over the second."""
    place = np.linspace(0.0, 2.0, len(samples), dtype=np.float32)[:, None]
    return samples * np.minimum(place, 2.0 - place)


def low_pass(samples: Samples, _studio: Studio, _rng: random.Random) -> Samples:
    """Nothing above 3 kHz."""
    return filtered(samples, LOW_PASS)


def compressed(samples: Samples, _studio: Studio, _rng: random.Random) -> Samples:
    """Loud and quiet made nearly equal."""
    return filtered(samples, COMPRESSOR)


def left_channel(samples: Samples, _studio: Studio, _rng: random.Random) -> Samples:
    """The left channel only."""
    return samples[:, :1]


def backwards(samples: Samples, _studio: Studio, _rng: random.Random) -> Samples:
    """From the end to the start."""
    return samples[::-1].copy()


def telephone(codec: str) -> Step:
    """The band of a telephone line through its codec."""

    def step(samples: Samples, studio: Studio, _rng: random.Random) -> Samples:
        return through_codec(filtered(mono(samples), TELEPHONE_BAND), codec, studio.scratch)

    return step


def opus(samples: Samples, studio: Studio, _rng: random.Random) -> Samples:
    """Opus at 32 kbit/s and back, since few readers of datasets know it."""
    return through_codec(samples, "opus-32k", studio.scratch)
