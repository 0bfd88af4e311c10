"""Every attack of the bench, in the order of its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from audiobench import steps
from audiobench.steps import Step

QUERY_S = 10.0
INSERT_S = 3.0
AROUND_S = 17.0
EACH_OF_TWO_S = 5.0


@dataclass(frozen=True)
class Attack:
    """One way to alter an excerpt of a work.

    `length_s` is the length of the query file: a query played 25 % faster holds 12.5 s of the
    work, so that every query gives a matcher as much to hear. The encoding is the only codec
    unless a step is one.
    """

    name: str
    group: str
    steps: tuple[Step, ...] = ()
    length_s: float = QUERY_S
    tempo: float = 1.0
    pitch_semitones: float = 0.0
    speed: float = 1.0
    encoding: str = "flac"

    @property
    def rate(self) -> float:
        """Seconds of the work in a second of the query."""
        return self.tempo * self.speed


def plain() -> Iterator[Attack]:
    """Attacks that leave pitch and time alone."""
    yield Attack("clean-1s", "clean-1s", length_s=1.0)
    for length_s in (3, 5, 10, 30):
        yield Attack(f"clean-{length_s}s", "clean", length_s=float(length_s))
    for encoding in ("mp3-64k", "mp3-32k", "aac-48k"):
        yield Attack(encoding, "codec", encoding=encoding)
    yield Attack("opus-32k", "codec", (steps.opus,))
    yield Attack("telephone", "codec", (steps.telephone("mu-law"),), encoding="wav-8k-mono")
    yield Attack("gsm", "codec", (steps.telephone("gsm"),), encoding="wav-8k-mono")
    yield Attack("lowpass-3k", "effects", (steps.low_pass,))
    yield Attack("compression", "effects", (steps.compressed,))
    yield Attack("one-channel", "effects", (steps.left_channel,))
    yield Attack("reverb", "effects", (steps.reverb,))
    yield Attack("fade", "effects", (steps.fade,))
    for over_noise_db in (10, 5, 0):
        yield Attack(f"noise-{over_noise_db}dB", "noise", (steps.noise(over_noise_db),))
    yield Attack("speech-0dB", "speech", (steps.speech(0),))
    for over_other_db, group in ((6, "mashup+6/0"), (0, "mashup+6/0"), (-6, "mashup-6"), (-10, "mashup-10")):
        yield Attack(f"mashup{over_other_db:+d}dB", group, (steps.mashup(over_other_db),))


def warped() -> Iterator[Attack]:
    """Attacks on pitch, tempo and speed."""
    for semitones in (-4, -2, -1, 1, 2, 4):
        yield Attack(f"pitch{semitones:+d}", "pitch", pitch_semitones=semitones)
    for percent in (-25, -10, -6, -3, 3, 6, 10, 25):
        yield Attack(f"tempo{percent:+d}", "tempo", tempo=1 + percent / 100)
    for percent in (-30, -20, -10, -5, -2, 2, 5, 10, 20, 30, 50):
        group = "speed-far" if abs(percent) >= 30 else "speed"
        yield Attack(f"speed{percent:+d}", group, speed=1 + percent / 100)
    yield Attack("slowed-reverb", "slowed-reverb", (steps.reverb,), speed=0.8)


def combined() -> Iterator[Attack]:
    """Several at once."""
    phone = steps.telephone("mu-law")
    yield Attack("combo-mp3-noise10", "combo", (steps.noise(10),), encoding="mp3-64k")
    yield Attack("combo-pitch1-tempo5", "combo", tempo=1.05, pitch_semitones=1)
    yield Attack("combo-speed5-mp3-lowpass", "combo", (steps.low_pass,), speed=1.05, encoding="mp3-64k")
    yield Attack("combo-telephone-noise10", "combo", (steps.noise(10), phone), encoding="wav-8k-mono")
    yield Attack("combo-tempo-10-reverb", "combo", (steps.reverb,), tempo=0.9)


# Alters one excerpt; the two below place excerpts beside other material.
ALTERING = (*plain(), *warped(), *combined())
REVERSED = Attack("reversed", "reversed", (steps.backwards,))
INSERT = Attack("3s-in-20s", "insert", length_s=INSERT_S)
TWO_WORKS = Attack("two-works", "insert", length_s=EACH_OF_TWO_S)
