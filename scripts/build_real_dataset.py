#!/usr/bin/env python3
"""Builds a registration set and a dataset with known truth from the media of fetch_media.py.

Under DIR: `works/` and `catalog.csv` (what is registered), `dataset/` (Parquet files in the
shapes people publish, with altered copies hidden among unrelated rows), `truth.csv` (what every
row is) and `related.csv` (works that share passages, so that naming either is right). The same
seed and the same ffmpeg give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from realmedia import images, plan, sides, tables, texts, works
from realmedia.items import Asset, folder_files, generator, write_truth
from realmedia.layout import lay_out
from realmedia.plan import Place

ROOT = Path(__file__).resolve().parent.parent
REGISTERED_IMAGES = 320
REGISTERED_TEXTS = 120


def main() -> None:
    """Registers, alters, lays out, and says what was made."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--media", type=Path, default=ROOT / "media")
    parser.add_argument("--to", type=Path, required=True, help="folder to write; its set is replaced")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    to = args.to.resolve()
    for name in ("works", "dataset", "items"):
        shutil.rmtree(to / name, ignore_errors=True)
    for name in ("works/audio", "works/image", "works/text", "dataset", "items"):
        (to / name).mkdir(parents=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        build(Place(args.media.resolve(), to, to / "items", args.seed, pool))
    shutil.rmtree(to / "items")


def build(place: Place) -> None:
    """The whole set, medium by medium; texts first, since they also give captions and speech."""
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:6.0f} s  {what}", flush=True)

    documents = works.register_texts(place.media, place.to / "works" / "text", place.seed, REGISTERED_TEXTS)
    passages = texts.Passages({asset.work_id: asset.text for asset in documents})
    prose = unrelated_prose(place, passages)
    say(f"{len(documents)} texts registered, {len(prose.chunks)} unrelated chunks cut")
    pictures, unrelated = register_images(place)
    say(f"{len(pictures)} images registered, {len(unrelated)} unrelated ones found")
    tracks = register_audio(place, documents)
    say(f"{len(tracks)} audio works registered")
    assets = [*tracks, *pictures, *documents]
    works.write_catalog(place.to / "catalog.csv", assets)
    write_related(place.to / "related.csv", passages.related())
    items = {"audio": plan.audio_items(place, tracks, prose)}
    say(f"{len(items['audio'])} audio items made")
    items["image"] = plan.image_items(place, pictures, unrelated)
    say(f"{len(items['image'])} image items made")
    items["text"] = plan.text_items(place, documents, prose, passages)
    say(f"{len(items['text'])} text items made")
    laid_out = lay_out(place, assets, items, prose)
    for table in laid_out:
        table.write()
    write_truth(place.to / "truth.csv", [line for table in laid_out for line in table.truth])
    say("dataset written")
    report(assets, laid_out)


def unrelated_prose(place: Place, passages: texts.Passages) -> texts.Prose:
    """Chunks for unrelated rows, and more to quote into, caption with and read aloud."""
    paths = folder_files(place.media, "texts", sides.UNRELATED_TEXTS)
    rng = generator(place.seed, "unrelated prose")
    return texts.Prose.cut(rng, paths, passages, plan.UNRELATED_TEXTS + plan.SPARE_TEXTS)


def register_images(place: Place) -> tuple[list[Asset], list[Path]]:
    """The registered pictures, and the unrelated ones, which look like none of them."""
    ours = folder_files(place.media, "images", sides.REGISTERED_IMAGES)
    theirs = folder_files(place.media, "images", sides.UNRELATED_IMAGES)
    workers = os.cpu_count() or 1
    registrable = images.Looks(filter(sides.is_registrable_drawing, ours), workers)
    folder = place.to / "works" / "image"
    assets = works.register_images(folder, place.seed, REGISTERED_IMAGES, place.pool, registrable)
    others = list(filter(sides.is_unrelated_picture, theirs))
    generator(place.seed, "unrelated images").shuffle(others)
    # A quarter more than needed, since look-alikes of registrable pictures fall out.
    unrelated = images.Looks(others[: plan.UNRELATED_IMAGES * 5 // 4], workers)
    return assets, unrelated.unlike(registrable)


def register_audio(place: Place, documents: list[Asset]) -> list[Asset]:
    """Music, and the registered texts read or chanted."""
    folder = place.to / "works" / "audio"
    music = works.register_audio(place.media, folder, place.pool)
    return music + works.register_speech(place.media, folder, place.seed, [a.text for a in documents])


def write_related(path: Path, pairs: list[tuple[str, str]]) -> None:
    """Pairs of works of which a copy of one holds a passage of the other."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["work_id", "related_work_id"])
        writer.writerows(pairs)


def report(assets: list[Asset], laid_out: list[tables.Table]) -> None:
    """Counts of what was registered, of rows by file, and of items by attack."""
    for (media, extension), count in sorted(Counter((a.media, a.path.suffix) for a in assets).items()):
        print(f"registered  {media:6}{extension:6}{count:5}")
    for table in laid_out:
        size_mb = table.path.stat().st_size / 1e6
        print(f"file  {table.name:38}{len(table.rows):5} rows {size_mb:8.1f} MB")
    print(f"rows  {sum(len(table.rows) for table in laid_out)}")
    truth = (line for table in laid_out for line in table.truth)
    for (media, attack), count in sorted(Counter((line.media, line.attack) for line in truth).items()):
        print(f"items {media:6}{attack:28}{count:5}")


if __name__ == "__main__":
    main()
