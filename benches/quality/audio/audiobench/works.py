"""The registered side: whole tracks as shipped, spoken works, chanted works, and their catalog."""

from __future__ import annotations

import csv
import os
import random
import shutil
import wave
from dataclasses import dataclass
from pathlib import Path

from audiobench.sides import Sides, Track
from audiobench.sound import RATE, Decoded, store
from realmedia import audio

# Voices and the packages whose language they read; works and unrelated speech share them.
VOICES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("en-us", ("anarchism",)),
    ("en-gb+f2", ("debian-reference-en", "maint-guide", "developers-reference")),
    ("de", ("manpages-de", "fortunes-de")),
    ("fr-fr+f3", ("manpages-fr",)),
    ("it", ("fortunes-it",)),
    ("pl+m3", ("manpages-pl",)),
    ("ru+f1", ("manpages-ru",)),
    ("en+m7", ("perl-doc", "r-doc-html")),
    ("de+f4", ("manpages-de", "fortunes-de")),
    ("en-gb-scotland+m5", ("python3.11-doc",)),
)
CHANT_VOICE = "en+f3"
CHANT_WORDS = 45
CHANT_S = 60.0
SPOKEN_WORDS = 190
SPOKEN_S = (40, 90)
CATALOG_COLUMNS = ("work_id", "title", "rightsholder", "media", "path")


@dataclass(frozen=True)
class Work:
    """A registered work and its file."""

    work_id: str
    title: str
    rightsholder: str
    path: Path


class Prose:
    """Text to read aloud, each document on one side only."""

    def __init__(self, media: Path, seed: int) -> None:
        """Deals out the documents, half to each side."""
        rng = random.Random(f"{seed}:prose")
        self.registered: dict[str, list[Path]] = {}
        self.unrelated: dict[str, list[Path]] = {}
        for package in sorted({package for _, packages in VOICES for package in packages}):
            documents = sorted((media / "texts" / package).glob("*"))
            rng.shuffle(documents)
            half = len(documents) // 2
            self.registered[package], self.unrelated[package] = documents[:half], documents[half:]

    def passage(self, rng: random.Random, packages: tuple[str, ...], count: int, *, registered: bool) -> str:
        """So many words from a random place of a document in the language of the packages."""
        side = self.registered if registered else self.unrelated
        document = rng.choice([path for package in packages for path in side[package]])
        words = audio.sayable(document.read_text(encoding="utf-8"), 1_000_000).split()
        start = rng.randrange(max(1, len(words) - count))
        return " ".join(words[start : start + count])


def register(
    folder: Path, divided: Sides, prose: Prose, decoded: Decoded, seed: int, spoken: int,
) -> list[Work]:
    """Every registered work; files that an earlier run left are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [music(folder / f"music-{index:03}", track) for index, track in enumerate(divided.registered)]
    for index in range(spoken):
        rng = random.Random(f"{seed}:speech:{index}")
        made.append(reading(rng, folder / f"speech-{index:02}", prose, index))
    for index, bed in enumerate(divided.beds):
        rng = random.Random(f"{seed}:chant:{index}")
        made.append(chanted(rng, folder / f"chant-{index:02}", prose, bed, decoded))
    return made


def music(target: Path, track: Track) -> Work:
    """A whole track, linked where the file system can, copied where not."""
    path = target.with_name(target.name + track.path.suffix)
    if not path.exists():
        try:
            os.link(track.path, path)
        except OSError:
            shutil.copyfile(track.path, path)
    return Work(target.name, track.title, f"{track.package} rights", path)


def reading(rng: random.Random, target: Path, prose: Prose, index: int) -> Work:
    """A passage read aloud, the voices taking turns."""
    voice, packages = VOICES[index % len(VOICES)]
    words = prose.passage(rng, packages, SPOKEN_WORDS, registered=True)
    length_s = rng.randint(*SPOKEN_S)
    path = target.with_name(f"{target.name}.wav")
    if not path.exists():
        spoken = audio.speak(words, target.with_name(f"{target.name}.whole"), voice)
        with wave.open(str(spoken)) as whole:
            layout, frames = whole.getparams(), whole.readframes(length_s * whole.getframerate())
        with wave.open(str(spoken), "wb") as cut:
            cut.setparams(layout)
            cut.writeframes(frames)
        spoken.rename(path)
    return Work(target.name, f"Reading {index} ({voice})", "Bench readers", path)


def chanted(rng: random.Random, target: Path, prose: Prose, bed: Track, decoded: Decoded) -> Work:
    """Words on changing notes over a stretch of a track that is used nowhere else."""
    words = prose.passage(rng, VOICES[0][1], CHANT_WORDS, registered=True)
    start_s = rng.uniform(0.0, decoded.length_s(bed.path) - CHANT_S)
    path = target.with_name(f"{target.name}.flac")
    if not path.exists():
        stretch = decoded.cut(bed.path, start_s, CHANT_S)
        accompaniment = store(stretch, target.with_name(f"{target.name}.bed"), "flac")
        length_s = len(stretch) / RATE
        made = audio.chant(rng, words, (accompaniment, length_s), target.with_name(f"{target.name}.whole"))
        accompaniment.unlink()
        made.rename(path)
    return Work(target.name, f"Chant over {bed.title}", "Bench singers", path)


def write_catalog(path: Path, registered: list[Work]) -> None:
    """catalog.csv, its paths relative to itself."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(CATALOG_COLUMNS)
        for work in registered:
            inside = work.path.relative_to(path.parent).as_posix()
            writer.writerow([work.work_id, work.title, work.rightsholder, "audio", inside])
