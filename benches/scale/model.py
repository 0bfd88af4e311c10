#!/usr/bin/env python3
"""What it takes to compare the internet with 100 million works of each medium: the tables of MODEL.md.

    python3 benches/scale/model.py            prints them
    python3 benches/scale/model.py --check    fails when MODEL.md says something else
    python3 benches/scale/model.py --write    puts them into MODEL.md
    python3 benches/scale/model.py --set core_hour=0.02 --set nodes_gib=512

Measured points are those of benches/RESULTS.md, sections by name. Standard library only.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

MODEL = Path(__file__).with_name("MODEL.md")

# "What size does to a registry": CPU ms an unrelated item (10 s of sound, a picture, 50 words) by works
# (30 s, a picture, 100 words); 10^3 and 10^5 are fitted, 10^4 and 10^6 are predicted.
LOOKUP_MS = {
    "audio": {1e3: 8.5, 1e4: 10.0, 1e5: 11.7, 1e6: 65},
    "image": {1e3: 0.2, 1e4: 0.3, 1e5: 0.9, 1e6: 5.9},
    "text": {1e3: 0.03, 1e4: 0.2, 1e5: 2.0, 1e6: 13.3},
}
BUILD_S = {"audio": {1e5: 32, 1e6: 316}, "image": {1e5: 3.1, 1e6: 38.6}, "text": {1e5: 3.5, 1e6: 20.9}}
BYTES_A_WORK = {"audio": {1e5: 8999, 1e6: 8803}, "image": {1e5: 3012, 1e6: 3004}, "text": {1e5: 745, 1e6: 739}}
OPEN_MIB = {"image": {1e5: 104, 1e6: 1119}, "text": {1e5: 104, 1e6: 1148}}
# "Many works": ms for a megabyte of real text by megabytes of registered ones (1000 / (MB/s)).
TEXT_MS_A_MB = {23: 1000 / 16, 264: 1000 / 10.5, 880: 1000 / 7.8}
# "Fingerprint tables": CPU s to decode and fingerprint 4.6 h of recordings, and 535 rows of pictures.
AUDIO_PRINT_S_AN_HOUR = 25.8 / 4.6
IMAGE_PRINT_MS = 6.5e3 / 535
# "Speed" of texts: ms to read a megabyte of Parquet and cut it into k-grams, without a search.
TEXT_PRINT_MS_A_MB = 1000 / 69
# "Many machines": CPU s a gigabyte more when a scan is cut into processes; 10.4 GB of WAV, 15.03 h, of
# which two gigabytes took 12.6 s.
ENGINE_S_A_GB = 1.3
WAV_HOURS, WAV_GB, WAV_S_A_GB = 902 / 60, 10.4, 12.6 / 2
# "A registry in parts": KiB asked and answered an item in parts, by works; CPU against unparted.
PARTS_KIB = {
    "audio": {1e3: (184.0, 55.4), 1e4: (185.0, 470.0), 1e5: (185.0, 2489.0), 1e6: (185.0, 21_701.0)},
    "image": {1e3: (15.4, 0.36), 1e4: (17.1, 2.0), 1e5: (22.9, 15.1)},
    "text": {1e3: (0.27, 0.05), 1e4: (0.8, 0.08), 1e5: (2.3, 0.27)},
}
PARTS_CPU = {"audio": 38.0 / 16.1, "image": 2.0 / 1.1, "text": 2.6 / 2.2}

# Assumptions. Prices are round list prices of large clouds as of 2026, without discounts.
ASSUMED = {
    "images": 5e9,
    "image_bytes": 100e3,
    "tracks": 1e8,
    "track_s": 210.0,
    "track_bytes": 3.4e6,
    "tokens": 15e12,
    "token_bytes": 4.2,
    "works": 1e8,
    "work_track_s": 210.0,
    "work_text_bytes": 6000.0,
    "node_gib": 256.0,
    "node_cores": 64.0,
    "core_hour": 0.04,
    "disk_gb_month": 0.023,
    "egress_gb": 0.09,
    "zone_gb": 0.01,
    "network_gbit_s": 25.0,
}


def line(points: dict[float, float], first: float, last: float) -> tuple[float, float]:
    """The straight line through two of the points: what it is at 0, and its slope."""
    slope = (points[last] - points[first]) / (last - first)
    return points[first] - slope * first, slope


def lookup_ms(medium: str, works: float) -> float:
    """CPU ms an item, were it a straight line."""
    start, slope = line(LOOKUP_MS[medium], 1e3, 1e5)
    return start + slope * works


def text_ms_a_mb(megabytes: float) -> float:
    start, slope = line(TEXT_MS_A_MB, 23, 880)
    return start + slope * megabytes


def number(value: float) -> str:
    """Two digits that count, and a thousand's comma."""
    if value == 0:
        return "0"
    digits = 1
    while abs(value) >= 10 ** (digits + 1):
        digits += 1
    if value >= 100:
        return f"{round(value, -(digits - 1)):,.0f}"
    return f"{value:.2g}"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def predicted() -> str:
    """Measured points that no line was drawn through."""
    found: list[tuple[str, float, float]] = []
    for medium, item in (("audio", "10 s of sound"), ("image", "a picture"), ("text", "50 words")):
        for works in (1e4, 1e6):
            if works in LOOKUP_MS[medium]:
                said = f"look {item} up, 10^{len(str(int(works))) - 1} works, CPU ms"
                found.append((said, lookup_ms(medium, works), LOOKUP_MS[medium][works]))
    found.append(("look 1 MB of real text up, 264 MB of works, CPU ms", text_ms_a_mb(264), TEXT_MS_A_MB[264]))
    for medium in BUILD_S:
        found.append((f"build 10^6 works, {medium}, CPU s", 10 * BUILD_S[medium][1e5], BUILD_S[medium][1e6]))
    for medium in BYTES_A_WORK:
        found.append((f"bytes a work at 10^6, {medium}", BYTES_A_WORK[medium][1e5], BYTES_A_WORK[medium][1e6]))
    for medium in ("image", "text"):
        found.append((f"memory of 10^6 open works, {medium}, MiB", 10 * OPEN_MIB[medium][1e5], OPEN_MIB[medium][1e6]))
    found.append(("scan 1 GB of WAV against 17 works, CPU s", AUDIO_PRINT_S_AN_HOUR * WAV_HOURS / WAV_GB, WAV_S_A_GB))
    for medium, points in PARTS_KIB.items():
        start, slope = line({works: asked + answered for works, (asked, answered) in points.items()}, 1e3, 1e4)
        for works, size in ((1e5, "10^5"), (1e6, "10^6")):
            if works in points:
                said = f"said to and by parts an item, {size} works, {medium}, KiB"
                found.append((said, start + slope * works, sum(points[works])))
    rows = [[said, number(ours), number(theirs), f"{100 * (ours / theirs - 1):+.0f} %"] for said, ours, theirs in found]
    return table(["what", "predicted", "measured", "error"], rows)


def work(given: dict[str, float]) -> dict[str, dict[str, float]]:
    """Core-hours, bytes and so on of each medium."""
    works, hour = given["works"], 3600.0
    gigabytes = {
        "image": given["images"] * given["image_bytes"] / 1e9,
        "audio": given["tracks"] * given["track_bytes"] / 1e9,
        "text": given["tokens"] * given["token_bytes"] / 1e9,
    }
    hours = given["tracks"] * given["track_s"] / hour
    text_mb = given["tokens"] * given["token_bytes"] / 1e6
    text_works_mb = works * given["work_text_bytes"] / 1e6
    # A recording of 30 s is the unit of the measured ones.
    units = works * given["work_track_s"] / 30
    core_hours = {
        "image": (
            given["images"] * IMAGE_PRINT_MS / 1e3 / hour,
            given["images"] * lookup_ms("image", works) / 1e3 / hour,
        ),
        "audio": (hours * AUDIO_PRINT_S_AN_HOUR / hour, hours * 360 * lookup_ms("audio", units) / 1e3 / hour),
        "text": (text_mb * TEXT_PRINT_MS_A_MB / 1e3 / hour, text_mb * text_ms_a_mb(text_works_mb) / 1e3 / hour),
    }
    registry = {
        "image": works * BYTES_A_WORK["image"][1e6],
        "audio": units * BYTES_A_WORK["audio"][1e5],
        "text": works * given["work_text_bytes"] * 1.05,
    }
    items = {"image": given["images"], "audio": hours * 360, "text": text_mb * 1e6 / 300}
    units_of = {"image": works, "audio": units, "text": works * given["work_text_bytes"] / 600}
    found = {}
    for medium in ("image", "audio", "text"):
        printing, lookup = core_hours[medium]
        points = PARTS_KIB[medium]
        (asked, _), (few, many) = points[1e5], (points[1e4][1], points[1e5][1])
        answered = many + (many - few) / 9e4 * (units_of[medium] - 1e5)
        found[medium] = {
            "read_gb": gigabytes[medium],
            "print_h": printing,
            "lookup_h": lookup * PARTS_CPU[medium],
            "engine_h": gigabytes[medium] * ENGINE_S_A_GB / hour,
            "registry_gb": registry[medium] / 1e9,
            "directory_gib": works * OPEN_MIB["image"][1e6] / 1e6 / 1024,
            "parts": registry[medium] / 2**30 / (given["node_gib"] / 2),
            "shuffle_gb": items[medium] * (asked + answered) * 1024 / 1e9,
            "shuffle_days": items[medium] * (asked + answered) * 8192 / 1e12 / given["network_gbit_s"] / 86_400,
        }
    return found


ROWS = (
    ("read_gb", "the dataset, GB"),
    ("print_h", "decode and fingerprint, core-hours"),
    ("engine_h", "the engine, core-hours"),
    ("lookup_h", "look up and verify, core-hours"),
    ("registry_gb", "the registry, GB"),
    ("parts", "nodes that hold half of their memory of it"),
    ("directory_gib", "directory in every scanning process, GiB"),
    ("shuffle_gb", "between searches and parts, GB"),
    ("shuffle_days", "days that this takes networks of 1,000 nodes"),
)


def needed(given: dict[str, float]) -> str:
    found = work(given)
    media = ("image", "audio", "text")
    rows = [[said, *(number(found[medium][name]) for medium in media)] for name, said in ROWS]
    return table(["", "pictures", "recordings", "texts"], rows)


def dollars(given: dict[str, float]) -> dict[str, dict[str, float]]:
    found = {}
    for medium, each in work(given).items():
        cpu = given["core_hour"]
        months = (each["print_h"] + each["lookup_h"] + each["engine_h"]) / (1000 * given["node_cores"]) / 730
        found[medium] = {
            "decode and fingerprint": each["print_h"] * cpu,
            "the engine": each["engine_h"] * cpu,
            "look up and verify": each["lookup_h"] * cpu,
            "registry on disk, 1,000 nodes' time": each["registry_gb"] * given["disk_gb_month"] * months,
        }
    return found


def money(given: dict[str, float]) -> str:
    found = dollars(given)
    media = ("image", "audio", "text")
    rows = [[said, *(number(found[medium][said]) for medium in media)] for said in found["image"]]
    rows.append(["**all**", *(f"**{number(sum(found[medium].values()))}**" for medium in media)])
    egress = [number(work(given)[medium]["read_gb"] * given["egress_gb"]) for medium in media]
    rows.append(["besides, the dataset read from another cloud", *egress])
    zones = [number(work(given)[medium]["shuffle_gb"] * given["zone_gb"]) for medium in media]
    rows.append(["besides, searches and parts in two zones", *zones])
    return table(["US dollars", "pictures", "recordings", "texts"], rows)


def sensitivity(given: dict[str, float]) -> str:
    def total(**changed: float) -> list[float]:
        found = dollars({**given, **changed})
        return [sum(found[medium].values()) for medium in ("image", "audio", "text")]

    before = total()
    rows = []
    for said, changed in (
        ("a tenth of the works", {"works": given["works"] / 10}),
        ("a hundredth of the works", {"works": given["works"] / 100}),
        ("twice the works", {"works": given["works"] * 2}),
        ("cores at half of the price", {"core_hour": given["core_hour"] / 2}),
    ):
        after = total(**changed)
        rows.append([said, *(f"{new / old:.2f}" for new, old in zip(after, before))])
    for said, part in (("decoding twice as dear", "decode and fingerprint"), ("lookups twice as dear", "look up and verify")):
        found = dollars(given)
        costs = [found[medium] for medium in ("image", "audio", "text")]
        rows.append([said, *(f"{1 + cost[part] / sum(cost.values()):.2f}" for cost in costs)])
    return table(["all dollars, against above", "pictures", "recordings", "texts"], rows)


def assumptions(given: dict[str, float]) -> str:
    said = {
        "image_bytes": "bytes of a picture (thumbnails of web crawls have 10 to 100 kB)",
        "track_s": "seconds of a track",
        "track_bytes": "its bytes, at 128 kbit/s",
        "token_bytes": "bytes of text a token",
        "work_track_s": "seconds of a registered track",
        "work_text_bytes": "bytes of a registered text, 1,000 words",
        "node_gib": "memory of a node, GiB; half of it holds a part",
        "node_cores": "cores of a node",
        "core_hour": "dollars a core-hour",
        "disk_gb_month": "dollars a GB and month in an object store",
        "egress_gb": "dollars a GB out of another cloud",
        "zone_gb": "dollars a GB between zones; none within one",
        "network_gbit_s": "network of a node, Gbit/s",
    }
    rows = [[words, f"{given[name]:,g}"] for name, words in said.items()]
    return table(["assumed", ""], rows)


BLOCKS = {"assumptions": assumptions, "needed": needed, "money": money, "sensitivity": sensitivity}


def blocks(given: dict[str, float]) -> dict[str, str]:
    return {"predicted": predicted(), **{name: made(given) for name, made in BLOCKS.items()}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    arguments = parser.parse_args()
    given = dict(ASSUMED)
    for setting in arguments.set:
        name, _, value = setting.partition("=")
        if name not in given:
            parser.error(f"{name}: one of {', '.join(given)}")
        given[name] = float(value)
    made = blocks(given)
    if not arguments.check and not arguments.write:
        print("\n\n".join(f"{name}\n\n{text}" for name, text in made.items()))
        return
    text = MODEL.read_text(encoding="utf-8")
    for name, block in made.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not pattern.search(text):
            sys.exit(f"{MODEL}: no block {name}")
        text = pattern.sub(lambda found: f"{found[1]}{block}\n{found[2]}", text)
    if arguments.write:
        MODEL.write_text(text, encoding="utf-8")
    elif text != MODEL.read_text(encoding="utf-8"):
        sys.exit(f"{MODEL} is not what the model computes: python3 {sys.argv[0]} --write")


if __name__ == "__main__":
    main()
