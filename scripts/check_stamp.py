#!/usr/bin/env python3
"""Holds `clearance stamp` to other people's programs: what it writes is read by exiftool, mutagen
and ffprobe, and Pillow and ffmpeg decode the same media out of the copies.

    scripts/check_stamp.py target/release/clearance

Needs exiftool (Debian: libimage-exiftool-perl), ffmpeg, and Pillow and mutagen (PyPI). Exits with 1
when anything disagrees.
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import mutagen
from PIL import Image, ImageSequence

OWNER = "Ada Ölund"
COPYRIGHT = "© 2026 Ada Ölund & Sons"
TERMS = "https://example.com/terms?a=1&b=2"
TERM = "DMI-PROHIBITED"
# Formats whose XMP exiftool knows. It reads none out of Vorbis comments.
EXIFTOOL = {"jpg", "png", "webp", "gif", "tif", "m4a", "mp4", "wav", "mp3", "aiff"}
TONE = ["-f", "lavfi", "-i", "sine=frequency=440:duration=2"]
EXIFTOOL_CONFIG = r"""
%Image::ExifTool::UserDefined = (
  'Image::ExifTool::PLUS::XMP' => { DataMining => { } },
  'Image::ExifTool::XMP::Main' => {
    tdm => { SubDirectory => { TagTable => 'Image::ExifTool::UserDefined::tdm' } },
  },
);
%Image::ExifTool::UserDefined::tdm = (
  GROUPS => { 0 => 'XMP', 1 => 'XMP-tdm', 2 => 'Other' },
  NAMESPACE => { 'tdm' => 'http://www.w3.org/ns/tdmrep/' },
  reservation => { }, policy => { },
);
1;
"""


def run(*command: str | Path) -> bytes:
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"{command[0]}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def pictures(folder: Path) -> None:
    source = random.Random(7)
    noise = Image.frombytes("RGB", (97, 61), source.randbytes(97 * 61 * 3))
    noise.save(folder / "a.jpg", quality=88, exif=Image.Exif())
    noise.save(folder / "progressive.jpg", progressive=True, dpi=(72, 72), comment=b"kept")
    noise.save(folder / "a.png")
    noise.quantize(32).save(folder / "palette.png")
    noise.save(folder / "lossy.webp", quality=70)
    noise.save(folder / "lossless.webp", lossless=True)
    noise.convert("RGBA").save(folder / "alpha.webp", lossless=True)
    frames = [noise.rotate(angle).quantize(16) for angle in (90, 180, 270)]
    noise.save(folder / "animated.webp", save_all=True, append_images=frames, duration=80)
    noise.quantize(16).save(folder / "a.gif")
    frames[0].save(folder / "animated.gif", save_all=True, append_images=frames, duration=80, loop=0)
    noise.save(folder / "a.tif")
    noise.save(folder / "lzw.tif", compression="tiff_lzw")


def recordings(folder: Path) -> None:
    made = {
        "a.mp3": ["-c:a", "libmp3lame"],
        "old.mp3": ["-c:a", "libmp3lame", "-id3v2_version", "3"],
        "bare.mp3": ["-c:a", "libmp3lame", "-id3v2_version", "0", "-write_xing", "0"],
        "a.flac": ["-c:a", "flac"],
        "a.ogg": ["-c:a", "libvorbis"],
        "a.opus": ["-c:a", "libopus"],
        "a.wav": [],
        "a.aiff": ["-write_id3v2", "1"],
        "a.m4a": ["-c:a", "aac"],
        "fast.m4a": ["-c:a", "aac", "-movflags", "+faststart"],
        "fragments.mp4": ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov+default_base_moof"],
    }
    for name, options in made.items():
        title = ["-metadata", "title=Night Ferry", "-metadata", "artist=Ben"]
        run("ffmpeg", "-v", "error", "-y", *TONE, *title, *options, folder / name)


def pages(folder: Path) -> None:
    (folder / "a.html").write_text("<!doctype html>\n<html><head><title>Tide</title></head><body>x")
    with zipfile.ZipFile(folder / "a.epub", "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        container = (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
            '<rootfiles><rootfile full-path="o/p.opf" media-type="application/oebps-package+xml"/>'
            "</rootfiles></container>"
        )
        package = (
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>T</dc:title>'
            '<dc:identifier id="i">urn:x</dc:identifier></metadata><manifest><item id="c" '
            'href="c.xhtml" media-type="application/xhtml+xml"/></manifest><spine>'
            '<itemref idref="c"/></spine></package>'
        )
        page = "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Low tide.</p></body></html>"
        for name, text in {"META-INF/container.xml": container, "o/p.opf": package}.items():
            book.writestr(name, text, zipfile.ZIP_DEFLATED)
        book.writestr("o/c.xhtml", page * 50, zipfile.ZIP_DEFLATED)


def shown(path: Path) -> list[bytes]:
    """Every frame, decoded by Pillow."""
    with Image.open(path) as picture:
        return [frame.convert("RGBA").tobytes() for frame in ImageSequence.Iterator(picture)]


def heard(path: Path) -> tuple[str, str]:
    """Digests by ffmpeg: of the packets as they are stored, and of the samples."""
    packets = run("ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-c", "copy", "-f", "md5", "-")
    samples = run("ffmpeg", "-v", "error", "-i", path, "-map", "0:a", "-f", "md5", "-")
    return packets.decode(), samples.decode()


class Checks:
    """What was checked, and what disagreed."""

    def __init__(self) -> None:
        self.done = 0
        self.wrong: list[str] = []

    def that(self, holds: bool, what: str) -> None:
        self.done += 1
        if not holds:
            self.wrong.append(what)
            print(f"WRONG {what}", file=sys.stderr)


def check_tags(copy: Path, config: Path, checks: Checks) -> None:
    ending = copy.suffix[1:]
    if ending in EXIFTOOL:
        found = json.loads(run("exiftool", "-config", config, "-j", "-G1", "-struct", copy))[0]
        wanted = {
            "XMP-plus:DataMining": TERM,
            "XMP-tdm:Reservation": "1",
            "XMP-tdm:Policy": TERMS,
            "XMP-dc:Rights": COPYRIGHT,
            "XMP-xmpRights:WebStatement": TERMS,
        }
        for name, value in wanted.items():
            # exiftool names the term of the vocabulary in words or by its address.
            said = str(found.get(name, ""))
            same = said == value or said.endswith(value) or (value == TERM and said == "Prohibited")
            checks.that(same, f"exiftool {copy.name} {name}: {said!r}")
        owner = found.get("XMP-xmpRights:Owner")
        checks.that(owner in (OWNER, [OWNER]), f"exiftool {copy.name} owner: {owner!r}")
        warnings = found.get("ExifTool:Warning")
        checks.that(warnings is None, f"exiftool {copy.name} warns: {warnings}")
    if ending in {"mp3", "aiff"}:
        tags = mutagen.File(copy).tags
        checks.that(str(tags["TCOP"]) == COPYRIGHT, f"mutagen {copy.name} TCOP")
        checks.that(tags.getall("WCOP")[0].url == TERMS, f"mutagen {copy.name} WCOP")
        checks.that(any(f.owner == "XMP" for f in tags.getall("PRIV")), f"mutagen {copy.name} PRIV")
        if copy.name != "bare.mp3":
            checks.that(str(tags["TIT2"]) == "Night Ferry", f"mutagen {copy.name} TIT2 kept")
    if ending in {"flac", "ogg", "opus"}:
        tags = mutagen.File(copy).tags
        checks.that(tags["copyright"] == [COPYRIGHT], f"mutagen {copy.name} COPYRIGHT")
        checks.that(TERM in tags["xmp"][0], f"mutagen {copy.name} XMP")
        checks.that(tags["title"] == ["Night Ferry"], f"mutagen {copy.name} TITLE kept")
    if ending in {"mp3", "flac", "wav"}:
        probe = run("ffprobe", "-v", "error", "-show_format", "-of", "json", copy)
        said = json.loads(probe)["format"]["tags"].get("copyright")
        said = said or json.loads(probe)["format"]["tags"].get("COPYRIGHT")
        checks.that(said == COPYRIGHT, f"ffprobe {copy.name} copyright: {said!r}")


def check_media(file: Path, copy: Path, checks: Checks) -> None:
    ending = copy.suffix[1:]
    if ending in {"jpg", "png", "webp", "gif", "tif"}:
        checks.that(shown(file) == shown(copy), f"Pillow {copy.name} shows the same")
    elif ending == "epub":
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(copy) as new:
            checks.that(old.namelist() == new.namelist(), f"zipfile {copy.name} holds the same")
            checks.that(new.testzip() is None, f"zipfile {copy.name} is sound")
            checks.that(old.read("o/c.xhtml") == new.read("o/c.xhtml"), f"{copy.name} reads the same")
            checks.that(b"tdm:reservation" in new.read("o/p.opf"), f"{copy.name} says it")
    elif ending == "html":
        checks.that("tdm-reservation" in copy.read_text(), f"{copy.name} says it")
    else:
        checks.that(heard(file) == heard(copy), f"ffmpeg {copy.name} plays the same")


def main() -> int:
    program = Path(sys.argv[1]).resolve()
    work = Path(tempfile.mkdtemp())
    originals, copies = work / "originals", work / "copies"
    originals.mkdir()
    pictures(originals)
    recordings(originals)
    pages(originals)
    config = work / "exiftool.cfg"
    config.write_text(EXIFTOOL_CONFIG)
    files = sorted(originals.iterdir())
    before = {file: hashlib.sha256(file.read_bytes()).digest() for file in files}
    said = ["--reservation", "all", "--policy", TERMS, "--owner", OWNER, "--copyright", COPYRIGHT]
    run(program, "stamp", *files, *said, "--to", copies)
    checks = Checks()
    for file in files:
        copy = copies / file.name
        checks.that(copy.exists(), f"{file.name} was stamped")
        if not copy.exists():
            continue
        checks.that(hashlib.sha256(file.read_bytes()).digest() == before[file], f"{file.name} stayed")
        check_tags(copy, config, checks)
        check_media(file, copy, checks)
    wrong = len(checks.wrong)
    print(f"{len(files)} files, {checks.done} checks, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
