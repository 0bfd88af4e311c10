"""Which copies and which unrelated items are made, and how many of each."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from realmedia import audio, images, sides, texts
from realmedia.items import Asset, Item, Spans, folder_files, generator

# Copies of each attack.
AUDIO_EACH = 12
IMAGE_EACH = 26
TEXT_EACH = 32
UNRELATED_AUDIO = 280
UNRELATED_SPEECH = 20
UNRELATED_IMAGES = 560
UNRELATED_TEXTS = 440
# Chunks beside the unrelated rows: hosts of quotations, captions, speech.
SPARE_TEXTS = 300
# Whole copies are made of tracks up to here; excerpts are cut from any.
WHOLE_MAX_S = 120.0
WAV_WHOLE_MAX_S = 80.0
CUTTABLE_MIN_S = 35.0


@dataclass(frozen=True)
class Place:
    """Where things are read and written, the seed, and the threads that do the work."""

    media: Path
    to: Path
    items: Path
    seed: int
    pool: Executor


Job = Callable[[], Item]
Alter = Callable[[random.Random, Asset, Path], Item]
Track = tuple[Path, float]


def identical(asset: Asset) -> Item:
    """The very bytes that were registered."""
    spans = Spans(0.0, asset.duration_s, 0.0, asset.duration_s) if asset.media == "audio" else Spans()
    return Item(asset.media, asset.path, asset.path.suffix[1:], "identical", asset.work_id, spans)


def audio_items(place: Place, tracks: list[Asset], prose: texts.Prose) -> list[Item]:
    """Every attack on a dozen works each, and clips of music and speech nobody registered."""
    paths = folder_files(place.media, "music", sides.UNRELATED_MUSIC)
    hosts = list(zip(paths, [length for length, _ in place.pool.map(audio.probe, paths)], strict=True))
    jobs = [*audio_copies(place, tracks, hosts), *audio_clips(place, hosts, prose)]
    made = list(place.pool.map(lambda job: job(), jobs))
    whole = [asset for asset in tracks if asset.duration_s <= WHOLE_MAX_S]
    rng = generator(place.seed, "identical audio")
    return made + [identical(asset) for asset in rng.sample(whole, AUDIO_EACH)]


def audio_copies(place: Place, tracks: list[Asset], hosts: list[Track]) -> list[Job]:
    """One job for each altered copy, with a random generator of its own."""
    rng = generator(place.seed, "audio copies")
    whole = [asset for asset in tracks if asset.duration_s <= WHOLE_MAX_S]
    short = [asset for asset in tracks if asset.duration_s <= WAV_WHOLE_MAX_S]
    cuttable = [asset for asset in tracks if asset.duration_s >= CUTTABLE_MIN_S]
    jobs: list[Job] = []

    def plan(name: str, choice: list[Asset], alter: Alter) -> None:
        for index, asset in enumerate(rng.sample(choice, min(AUDIO_EACH, len(choice)))):
            target = place.items / f"{name}-{index}"
            jobs.append(partial(alter, generator(place.seed, target.name), asset, target))

    for encoding in audio.WHOLE_ATTACKS:
        choice = short if encoding.startswith("wav") else whole
        plan(f"whole-{encoding}", choice, partial(audio.whole_copy, encoding=encoding))
    for gain_db in audio.GAINS_DB:
        plan(f"gain{gain_db}", whole, partial(audio.louder_copy, gain_db=gain_db))
    for length_s in audio.EXCERPTS_S:
        for lossy in (False, True):
            alter = partial(audio.excerpt, length_s=length_s, lossy=lossy)
            plan(f"excerpt-{length_s}-{lossy}", cuttable, alter)
    plan("insert", cuttable, partial(audio.insert, hosts=hosts))
    return jobs


def audio_clips(place: Place, hosts: list[Track], prose: texts.Prose) -> list[Job]:
    """One job for each unrelated clip; long tracks give no more clips than short ones."""
    rng = generator(place.seed, "unrelated audio")
    jobs: list[Job] = []
    for index in range(UNRELATED_AUDIO):
        target = place.items / f"clip-{index}"
        jobs.append(partial(audio.unrelated_clip, generator(place.seed, target.name), rng.choice(hosts), target))
    if audio.can_speak():
        chunks = audio.speakable(prose.chunks, 50)
        for index in range(UNRELATED_SPEECH):
            words = audio.sayable(rng.choice(chunks), 50)
            target = place.items / f"spoken-{index}"
            jobs.append(partial(audio.unrelated_speech, words, rng.choice(audio.VOICES), target))
    return jobs


def image_items(place: Place, pictures: list[Asset], unrelated: list[Path]) -> list[Item]:
    """Every attack on a few dozen works each, and pictures nobody registered."""
    rng = generator(place.seed, "image copies")
    jobs: list[Job] = []
    for attack in images.ATTACKS:
        for index, asset in enumerate(rng.sample(pictures, IMAGE_EACH)):
            target = place.items / f"image-{attack}-{index}"
            jobs.append(partial(images.copy_item, asset, target, attack))
    for index, source in enumerate(unrelated[:UNRELATED_IMAGES]):
        target = place.items / f"unrelated-{index}"
        jobs.append(partial(images.unrelated_item, generator(place.seed, target.name), source, target))
    made = list(place.pool.map(lambda job: job(), jobs))
    return made + [identical(asset) for asset in rng.sample(pictures, IMAGE_EACH)]


def text_items(
    place: Place, documents: list[Asset], prose: texts.Prose, passages: texts.Passages
) -> list[Item]:
    """Quotations inside unrelated prose, whole documents, and prose that quotes nothing."""
    rng = generator(place.seed, "text copies")
    hosts = prose.chunks[UNRELATED_TEXTS:]
    made: list[Item] = []
    for words in texts.QUOTE_WORDS:
        quotes = (
            texts.quotation(rng, asset, rng.choice(hosts), words, passages)
            for asset in rng.sample(documents, len(documents))
        )
        found = [item for item in quotes if item is not None]
        made += found[:TEXT_EACH]
    for attack in texts.WHOLE_ATTACKS:
        made += [texts.whole_copy(rng, asset, attack) for asset in rng.sample(documents, TEXT_EACH)]
    return made + [Item("text", chunk, "txt") for chunk in prose.chunks[:UNRELATED_TEXTS]]


def bad_items(rng: random.Random, assets: list[Asset]) -> list[Item]:
    """Items as broken as real ones are, of one medium: what must be reported, not crash a scan.

    The truncated ones are copies of works, of which enough may be left to be recognised; the one
    with a wrong extension is whole and must be found.
    """
    media = assets[0].media
    half, most, whole = rng.sample(assets, 3)
    return [
        truncated(half, 0.4),
        truncated(most, 0.9),
        Item(media, b"", "bin", "bad-zero-bytes"),
        Item(media, rng.randbytes(5000), half.path.suffix[1:], "bad-random-bytes"),
        Item(media, None, "", "bad-null"),
        Item(media, whole.path, "txt", "wrong-extension", whole.work_id),
    ]


def truncated(asset: Asset, part: float) -> Item:
    """The first part of a registered file's bytes."""
    payload = asset.path.read_bytes()
    kept = payload[: int(len(payload) * part)]
    return Item(asset.media, kept, asset.path.suffix[1:], f"bad-truncated-{part:.0%}", asset.work_id)


def bad_texts() -> list[Item]:
    """Text rows with nothing to read."""
    return [
        Item("text", None, "", "bad-null"),
        Item("text", "", "txt", "bad-empty"),
        Item("text", " \n\t ", "txt", "bad-empty"),
        Item("text", "\ufffd\x00\ufffd" * 200, "txt", "bad-garbage"),
    ]
