#!/usr/bin/env python3
"""Multiplies the results of a scan, to see what a page of many findings costs.

    multiply_results.py target/demo/report target/demo/large --findings 100000
    clearance report target/demo/large

The findings of the small scan are repeated under new ids, in other rows, files and works, with
other strengths; one in EXHIBITED keeps its exhibit. Nothing is random: the same call writes the
same bytes.
"""

import argparse
import hashlib
import json
from pathlib import Path

FILES = 64
WORKS = 5000
HOLDERS = 300
ADJECTIVES = "Quiet Amber Hollow Northern Paper Silver Late Open Broken Early Green Salt".split()
NOUNS = "Harbour Orchard Lantern Meadow Ferry Kiln Window Letter Market River Garden Clock".split()


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def work_of(number):
    adjective, noun = ADJECTIVES[number % 12], NOUNS[number // 12 % 12]
    return {
        "work_id": f"work-{number:05}",
        "title": f"{adjective} {noun} {number}",
        "creators": [f"Creator {number % 700}"],
        "rightsholder": f"Holder {number % HOLDERS} Ltd",
        "findings": 0,
        "over_policy": 0,
        "strongest": [],
    }


def finding_of(template, number, rows):
    digest = hashlib.blake2b(str(number).encode(), digest_size=8).digest()
    spread = int.from_bytes(digest[:2], "big") / 65536
    finding = dict(template)
    finding["finding_id"] = f"F-{digest.hex()}"
    finding["file"] = f"data/train-{number * FILES // rows:05}-of-{FILES:05}.parquet"
    finding["row_index"] = number * 7
    finding["work_id"] = f"work-{(number * 31 + int(spread * 97)) % WORKS:05}"
    if finding["e_value"] > 0:
        finding["e_value"] = 10.0 ** -(4 + 100 * spread)
        finding["score"] = round((4 + 100 * spread) / (14 + 100 * spread), 4)
    return finding


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--findings", type=int, default=100_000)
    parser.add_argument("--exhibited", type=int, default=20, metavar="N", help="one in N has an exhibit")
    args = parser.parse_args()
    args.target.mkdir(parents=True, exist_ok=True)
    templates = lines(args.source / "findings.jsonl")
    exhibits = {exhibit["finding_id"]: exhibit for exhibit in lines(args.source / "exhibits.jsonl")}
    summary = json.loads((args.source / "summary.json").read_text(encoding="utf-8"))
    works = [work_of(number) for number in range(WORKS)]
    verdicts, kinds = {}, {}
    with (
        open(args.target / "findings.jsonl", "w", encoding="utf-8") as out,
        open(args.target / "exhibits.jsonl", "w", encoding="utf-8") as shown,
    ):
        for number in range(args.findings):
            template = templates[number % len(templates)]
            finding = finding_of(template, number, args.findings)
            out.write(json.dumps(finding, ensure_ascii=False) + "\n")
            work = works[int(finding["work_id"][5:])]
            work["findings"] += 1
            work["over_policy"] += finding["verdict"] in ("reserved", "review")
            verdicts[finding["verdict"]] = verdicts.get(finding["verdict"], 0) + 1
            kinds[finding["kind"]] = kinds.get(finding["kind"], 0) + 1
            exhibit = exhibits.get(template["finding_id"])
            if exhibit and number % args.exhibited == 0:
                shown.write(json.dumps({**exhibit, "finding_id": finding["finding_id"]}) + "\n")
    found = [work for work in works if work["findings"]]
    found.sort(key=lambda work: -work["findings"])
    file = summary["files"][0]
    rows = args.findings * 7 // FILES
    counts = {"rows": rows, "clear": rows - 1000, "matched": 1000, "unreadable": 0, "skipped": 0}
    summary["files"] = [
        {**file, **counts, "file": f"data/train-{number:05}-of-{FILES:05}.parquet"} for number in range(FILES)
    ]
    summary.update({name: count * FILES for name, count in counts.items()})
    summary.update(
        findings=args.findings,
        over_policy=verdicts.get("reserved", 0) + verdicts.get("review", 0),
        verdicts=verdicts,
        kinds=kinds,
        works=found,
    )
    (args.target / "summary.json").write_text(json.dumps(summary), encoding="utf-8")


if __name__ == "__main__":
    main()
