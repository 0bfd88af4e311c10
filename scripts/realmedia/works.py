"""The registered side: works written in many formats, and the catalog that lists them."""

from __future__ import annotations

import csv
import re
from concurrent.futures import Executor
from pathlib import Path

from realmedia import audio, images, sides, texts
from realmedia.items import Asset, folder_files, generator

AUDIO_FORMATS = ("as-is", "mp3-192k", "aac-160k", "flac", "ogg-q4", "wav")
IMAGE_FORMATS = ("jpg", "png", "webp", "as-is", "gif", "bmp", "tiff", "jpg")
TEXT_FORMATS = ("txt", "md", "html")
# A WAV of a longer track would be most of the registration set's bytes.
WAV_MAX_S = 90.0
# Longer tracks keep the package's bytes: encoding them would be most of the run's time.
ENCODED_MAX_S = 200.0

RESERVATIONS = (
    ("all", "2024-01-15"),
    ("train-generative", "2025-03-01"),
    ("none", ""),
    ("tdm", "2021-06-07"),
    ("train", "2023-11-30"),
)
LICENSE_EVERY = 11
LICENSES = (
    ("Example Lab", "train;train-generative", "2025-01-01", "2030-12-31"),
    ("Other Lab", "train", "2024-01-01", "2024-12-31"),
)
CATALOG_COLUMNS = (
    "work_id", "title", "creators", "rightsholder", "media", "path", "reservation", "reserved_since",
    "license_id", "licensee", "license_uses", "license_from", "license_until",
)


def title_of(path: Path) -> str:
    """A readable title from a flat file name."""
    last = path.name.removesuffix(".txt").removesuffix(".gz").split("__")[-1]
    return re.sub(r"[_.-]+", " ", last.rsplit(".", 1)[0]).strip()


def register_audio(media: Path, folder: Path, pool: Executor) -> list[Asset]:
    """Every registered track, the formats taking turns."""
    tracks = [
        path for path in folder_files(media, "music", sides.REGISTERED_MUSIC)
        if not sides.REPEATED_MUSIC.search(path.name)
    ]

    def one(index: int) -> Asset:
        origin = tracks[index]
        duration_s, tags = audio.probe(origin)
        encoding = AUDIO_FORMATS[index % len(AUDIO_FORMATS)]
        if duration_s > ENCODED_MAX_S:
            encoding = "as-is"
        elif encoding == "wav" and duration_s > WAV_MAX_S:
            encoding = "flac"
        target = folder / f"audio-{index:03}"
        if encoding == "as-is":
            path = target.with_name(target.name + origin.suffix)
            path.write_bytes(origin.read_bytes())
        else:
            path = audio.encode(origin, target, encoding)
        title = tags.get("title") or title_of(origin)
        return Asset(target.name, title, "audio", path, origin, origin.parent.name, duration_s)

    return list(pool.map(one, range(len(tracks))))


def register_speech(media: Path, folder: Path, seed: int, prose: list[str]) -> list[Asset]:
    """Six readings by different voices and four chants over accompaniment."""
    if not audio.can_speak():
        print("espeak-ng is not installed: no spoken or chanted works")
        return []
    rng = generator(seed, "speech")
    prose = audio.speakable(prose, 120)
    beds = [(path, audio.probe(path)[0]) for path in folder_files(media, "music", sides.ACCOMPANIMENT)]
    made = [
        (f"speech-{i}", audio.speak(audio.sayable(rng.choice(prose), 120), folder / f"speech-{i}", voice))
        for i, voice in enumerate(audio.VOICES)
    ]
    made += [
        (f"chant-{i}", audio.chant(rng, audio.sayable(rng.choice(prose), 45), rng.choice(beds), folder / f"chant-{i}"))
        for i in range(4)
    ]
    return [
        Asset(name, name.replace("-", " ").title(), "audio", path, path, "spoken", audio.probe(path)[0])
        for name, path in made
    ]


def register_images(folder: Path, seed: int, count: int, pool: Executor, looks: images.Looks) -> list[Asset]:
    """`count` pictures of which no two look alike, the photographs first."""
    rng = generator(seed, "registered images")
    distinct = looks.distinct()
    photographs = [path for path in distinct if path.parent.name != "pysiogame"]
    drawings = [path for path in distinct if path.parent.name == "pysiogame"]
    rng.shuffle(drawings)
    chosen = [*photographs, *drawings][:count]

    def one(index: int) -> Asset:
        origin = chosen[index]
        extension = IMAGE_FORMATS[index % len(IMAGE_FORMATS)]
        target = folder / f"image-{index:03}"
        path = images.write_asset(origin, target, extension)
        return Asset(target.name, title_of(origin), "image", path, origin, origin.parent.name)

    return list(pool.map(one, range(len(chosen))))


def register_texts(media: Path, folder: Path, seed: int, count: int) -> list[Asset]:
    """`count` documents, a third of each package, none that is mostly shared boilerplate."""
    rng = generator(seed, "registered texts")
    chosen: list[tuple[Path, str]] = []
    per_package = -(-count // len(sides.REGISTERED_TEXTS))
    for package in sides.REGISTERED_TEXTS:
        documents = [(path, texts.load(path)) for path in folder_files(media, "texts", [package])]
        counts: dict[int, int] = {}
        for _, text in documents:
            for mark in texts.shingles(text, texts.SHARED_TOKENS):
                counts[mark] = counts.get(mark, 0) + 1
        own = [pair for pair in documents if not texts.is_dominated_by_shared(pair[1], counts)]
        chosen += rng.sample(own, min(per_package, len(own)))
    assets = []
    for index, (origin, text) in enumerate(chosen):
        work_id, title = f"text-{index:03}", title_of(origin)
        path = texts.write_asset(text, title, folder / work_id, TEXT_FORMATS[index % len(TEXT_FORMATS)])
        assets.append(Asset(work_id, title, "text", path, origin, origin.parent.name, text=text))
    return assets


def write_catalog(path: Path, assets: list[Asset]) -> None:
    """catalog.csv beside the works, with reservations of every kind and a few licenses."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(CATALOG_COLUMNS)
        for index, asset in enumerate(assets):
            reservation, since = RESERVATIONS[index % len(RESERVATIONS)]
            writer.writerow([
                asset.work_id, asset.title, f"Authors of {asset.package}", f"{asset.package} rights",
                asset.media, asset.path.relative_to(path.parent).as_posix(), reservation, since,
                *license_cells(index),
            ])


def license_cells(index: int) -> list[str]:
    """A license for some works: one that still holds and one that has ended, in turn."""
    if index % LICENSE_EVERY:
        return [""] * 5
    number = index // LICENSE_EVERY
    return [f"L-{number:03}", *LICENSES[number % len(LICENSES)]]


