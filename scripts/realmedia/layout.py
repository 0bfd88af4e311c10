"""Deals items out to dataset files: copies hidden among unrelated rows, bad rows among both."""

from __future__ import annotations

from realmedia import tables, texts
from realmedia.items import Asset, Item, generator
from realmedia.plan import Place, bad_items, bad_texts

COMMON_VOICE_ROWS = 110
MIXED_CLIPS, MIXED_PICTURES, MIXED_GALLERIES = 90, 130, 120
LAION_ROWS = 350


def lay_out(
    place: Place, assets: list[Asset], items: dict[str, list[Item]], prose: texts.Prose
) -> list[tables.Table]:
    """Every dataset file, ready to be written. `items` holds the good items by medium."""
    rng = generator(place.seed, "layout")
    folder = place.to / "dataset"
    by_media = {media: [a for a in assets if a.media == media] for media in items}

    def caption() -> str:
        return prose.sentence(rng)

    def shuffled(good: list[Item], bad: list[Item]) -> list[Item]:
        both = [*good, *bad]
        rng.shuffle(both)
        return both

    def bad(media: str) -> list[Item]:
        return bad_items(rng, by_media[media])

    sounds = shuffled(items["audio"], [])
    voices = [item for item in sounds if item.extension == "mp3"][:COMMON_VOICE_ROWS]
    voiced = set(map(id, voices))
    rest = [item for item in sounds if id(item) not in voiced]
    shown = shuffled(items["image"], [])
    pictures, shown = shown[:MIXED_PICTURES], shown[MIXED_PICTURES:]
    galleries: list[list[Item]] = []
    for _ in range(MIXED_GALLERIES):
        count = rng.randint(1, 3)
        galleries.append(shown[:count])
        shown = shown[count:]
    galleries[5] = [*galleries[5], Item("image", b"", "jpg", "bad-zero-bytes")]
    missing = [Item("audio", None, "mp3", "bad-missing-file") for _ in range(3)]
    written = shuffled(items["text"], bad_texts())
    images = shuffled(shown, bad("image") + bad("image"))
    clips = shuffled(rest[MIXED_CLIPS:], bad("audio") + bad("audio"))
    return [
        tables.hf_audio(folder, "audio/train.parquet", clips, caption),
        tables.hf_images(folder, "images/train-00000-of-00002.parquet", images[::2], caption),
        tables.hf_images(folder, "images/train-00001-of-00002.parquet", images[1::2], caption),
        tables.fineweb(folder, "fineweb/000_00000.parquet", written[::2], "zstd"),
        tables.fineweb(folder, "fineweb/000_00001.parquet", written[1::2], "snappy"),
        tables.mixed(
            folder, "mixed/part-0.parquet", shuffled(rest[:MIXED_CLIPS], bad("audio")),
            shuffled(pictures, bad("image")), galleries, caption,
        ),
        tables.common_voice(folder, "common_voice/train.parquet", shuffled(voices, missing), caption),
        tables.laion(folder, "laion/part-0.parquet", rng, LAION_ROWS, caption),
    ]
