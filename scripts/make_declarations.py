#!/usr/bin/env python3
"""Writes fixtures/declarations: small files that say something about their own use, each written by
a program that people use for that.

    scripts/make_declarations.py FOLDER [--exiftool 'perl -I… exiftool']

Needs Pillow, mutagen, c2pa-python and blake3 (PyPI), ffmpeg, openssl, and exiftool. Signatures and
their keys are made anew on each run, so the signed files differ from run to run. The records for
fixtures/FIXTURES.toml are printed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import blake3
import mutagen.flac
import mutagen.id3
import mutagen.mp4
import mutagen.oggopus
import mutagen.oggvorbis
from PIL import Image, PngImagePlugin

VOCABULARY = "http://ns.useplus.org/ldf/vocab/"
ISRC = "DEZZZ2600001"
PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" {namespaces}{attributes}>{elements}</rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
PLUS = 'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" '
TDM = 'xmlns:tdm="http://www.w3.org/ns/tdmrep/" '
EXIFTOOL_CONFIG = r"""
%Image::ExifTool::UserDefined = (
  'Image::ExifTool::PLUS::XMP' => {
    DataMining => { Writable => 'string' },
  },
  'Image::ExifTool::XMP::Main' => {
    tdm => { SubDirectory => { TagTable => 'Image::ExifTool::UserDefined::tdm' } },
  },
);
%Image::ExifTool::UserDefined::tdm = (
  GROUPS => { 0 => 'XMP', 1 => 'XMP-tdm', 2 => 'Other' },
  NAMESPACE => { 'tdm' => 'http://www.w3.org/ns/tdmrep/' },
  WRITABLE => 'string',
  reservation => { }, policy => { },
);
1;
"""


class Fixtures:
    """The folder, and what each file in it is."""

    def __init__(self, folder: Path, exiftool: list[str]) -> None:
        self.folder = folder
        self.exiftool = exiftool
        self.origins: dict[str, str] = {}
        self.work = Path(tempfile.mkdtemp())
        (self.work / "exiftool.cfg").write_text(EXIFTOOL_CONFIG)

    def path(self, name: str, origin: str) -> Path:
        self.origins[name] = origin
        return self.folder / name

    def exif(self, path: Path, *arguments: str) -> None:
        config = str(self.work / "exiftool.cfg")
        quiet = ["-q", "-overwrite_original", "-api", "Compact=NoPadding"]
        run(*self.exiftool, "-config", config, *quiet, *arguments, str(path))


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def packet(namespaces: str, attributes: str = "", elements: str = "") -> str:
    return PACKET.format(namespaces=namespaces, attributes=attributes, elements=elements)


def plus(term: str) -> str:
    return packet(PLUS, f'plus:DataMining="{VOCABULARY}{term}"')


def picture() -> Image.Image:
    """Blocks of color, which compress to nothing and are told from one another."""
    image = Image.new("RGB", (64, 48))
    for x in range(64):
        for y in range(48):
            block = (x // 8) * 37 + (y // 8) * 101
            image.putpixel((x, y), (block * 5 % 256, block * 11 % 256, block * 17 % 256))
    return image


def pictures(made: Fixtures) -> None:
    image = picture()
    image.save(made.path("plain.jpg", "a JPEG without metadata, by Pillow"), quality=60)
    image.save(
        made.path("plus-attribute.jpg", "plus:DataMining as an attribute, XMP by hand, by Pillow"),
        quality=60,
        xmp=plus("DMI-PROHIBITED-AIMLTRAINING").encode(),
    )
    image.save(
        made.path("plus.webp", "plus:DataMining in WebP, by Pillow"),
        quality=40,
        xmp=plus("DMI-PROHIBITED").encode(),
    )
    element = f'<plus:DataMining rdf:resource="{VOCABULARY}DMI-PROHIBITED-GENAIMLTRAINING"/>'
    for name, is_compressed in [("plus-element.png", False), ("plus-compressed.png", True)]:
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet(PLUS, elements=element), zip=is_compressed)
        path = made.path(name, "plus:DataMining as an element with rdf:resource, by Pillow")
        image.save(path, pnginfo=info, optimize=True)
    image.save(
        made.path("tdmrep.tif", "TDMRep in TIFF, by Pillow"),
        compression="tiff_deflate",
        tiffinfo={700: packet(TDM, 'tdm:reservation="1"').encode()},
    )
    image.convert("P").save(
        made.path("tdmrep.gif", "TDMRep in GIF, by exiftool"),
    )
    made.exif(made.folder / "tdmrep.gif", "-XMP-tdm:reservation=1")
    path = made.path("constraint.jpg", "plus:DataMining with other constraints, by exiftool")
    image.save(path, quality=60)
    term = f"-XMP-plus:DataMining={VOCABULARY}DMI-PROHIBITED-SEECONSTRAINT"
    made.exif(path, term, "-XMP-plus:OtherConstraints=research only")
    path = made.path("rights.jpg", "rights in EXIF, IPTC-IIM and XMP, TDMRep in XMP, by exiftool")
    image.save(path, quality=60)
    made.exif(
        path,
        "-XMP-tdm:reservation=1",
        "-XMP-tdm:policy=https://example.com/tdm.json",
        "-XMP-dc:rights=(c) Ana Example",
        "-XMP-xmpRights:UsageTerms=No AI training",
        "-EXIF:Copyright=(c) Ana Example",
        "-EXIF:Artist=Ana",
        "-IPTC:CopyrightNotice=(c) Ana Example",
    )
    path = made.path("extended.jpg", "XMP over several segments, by exiftool")
    image.save(path, quality=60)
    # Exiftool moves what does not fit the first segment to extended XMP.
    notes = self_text(70_000)
    made.exif(
        path,
        f"-XMP-plus:DataMining={VOCABULARY}DMI-PROHIBITED",
        f"-XMP-photoshop:History={notes}",
    )


def self_text(letters: int) -> str:
    return ("note " * (letters // 5))[:letters]


def sounds(made: Fixtures) -> None:
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=0.3:sample_rate=8000"]
    ffmpeg = ["ffmpeg", "-v", "error", "-y", "-bitexact", *tone]
    path = made.path("tags.mp3", "TSRC, TCOP, WCOP, USER and XMP in PRIV, by mutagen")
    run(*ffmpeg, "-b:a", "8k", str(path))
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TSRC(encoding=3, text=ISRC))
    tags.add(mutagen.id3.TCOP(encoding=1, text="2026 Example Records"))
    tags.add(mutagen.id3.WCOP(url="https://example.com/license"))
    tags.add(mutagen.id3.USER(encoding=3, lang="eng", text="No AI training"))
    xmp = packet(TDM, 'tdm:reservation="1"').encode()
    tags.add(mutagen.id3.PRIV(owner="XMP", data=xmp))
    tags.save(path, v2_version=4)
    path = made.path("tags-2.3.mp3", "ISRC in ID3 2.3, by ffmpeg")
    tag = ["-id3v2_version", "3", "-metadata", f"TSRC={ISRC}", "-metadata", "copyright=2026 Ana"]
    run(*ffmpeg, "-b:a", "8k", *tag, str(path))
    path = made.path("tags.flac", "ISRC, COPYRIGHT and LICENSE as Vorbis comments, by mutagen")
    run(*ffmpeg, str(path))
    flac = mutagen.flac.FLAC(path)
    flac["ISRC"] = ISRC
    flac["COPYRIGHT"] = "2026 Example Records"
    flac["LICENSE"] = "https://example.com/license"
    flac.save(padding=lambda _: 0)
    path = made.path("tags.ogg", "ISRC as a Vorbis comment, by mutagen")
    run(*ffmpeg, "-c:a", "libvorbis", "-q:a", "0", str(path))
    ogg = mutagen.oggvorbis.OggVorbis(path)
    ogg["ISRC"] = ISRC
    ogg.save()
    path = made.path("tags.opus", "ISRC in OpusTags, by mutagen")
    run(*ffmpeg, "-c:a", "libopus", "-b:a", "6k", str(path))
    opus = mutagen.oggopus.OggOpus(path)
    opus["ISRC"] = ISRC
    opus.save()
    path = made.path("tags.m4a", "ISRC in a free-form atom and cprt, by mutagen")
    run(*ffmpeg, "-c:a", "aac", "-b:a", "8k", str(path))
    mp4 = mutagen.mp4.MP4(path)
    mp4["----:com.apple.iTunes:ISRC"] = [ISRC.encode()]
    mp4["cprt"] = ["2026 Example Records"]
    mp4.save()
    path = made.path("tdmrep.m4a", "TDMRep in MP4, by exiftool")
    run(*ffmpeg, "-c:a", "aac", "-b:a", "8k", str(path))
    made.exif(path, "-XMP-tdm:reservation=1")
    path = made.path("info.wav", "ICOP in the INFO list, by ffmpeg")
    short = ["-t", "0.1", "-metadata", "copyright=2026 Example Records"]
    run(*ffmpeg, *short, str(path))


PAGE = """<!doctype html>
<html lang="en"><head><title>Tides</title>
<meta name="tdm-reservation" content="1">
<meta name="tdm-policy" content="https://provider.example/policies/policy.json">
</head><body><p>The tide comes in twice a day, and nobody has to ask it to.</p></body></html>
"""
CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"
 prefix="tdm: http://www.w3.org/ns/tdmrep#">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:isbn:9783161484100</dc:identifier>
<dc:title>Tides</dc:title><dc:language>en</dc:language><dc:rights>(c) Ana Example</dc:rights>
<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>
<meta property="tdm:reservation">1</meta>
<meta property="tdm:policy">https://provider.example/policies/policy.json</meta>
</metadata>
<manifest><item id="c1" href="c1.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="c1"/></spine></package>
"""
CHAPTER = """<html xmlns="http://www.w3.org/1999/xhtml"><head><title>1</title></head>
<body><p>The tide comes in twice a day, and nobody has to ask it to.</p></body></html>
"""


def texts(made: Fixtures) -> None:
    path = made.path("tdmrep.html", "the meta elements of the TDMRep report's example, by hand")
    path.write_text(PAGE)
    path = made.path("tdmrep.epub", "the package metadata of the TDMRep report's example, by hand")
    with zipfile.ZipFile(path, "w") as book:
        stamp = (2026, 1, 1, 0, 0, 0)
        book.writestr(zipfile.ZipInfo("mimetype", stamp), "application/epub+zip")
        for name, content in [
            ("META-INF/container.xml", CONTAINER),
            ("OPS/package.opf", PACKAGE),
            ("OPS/c1.xhtml", CHAPTER),
        ]:
            book.writestr(zipfile.ZipInfo(name, stamp), content)
    path = made.path("tdmrep.pdf", "a PDF by Pillow with TDMRep in XMP, by exiftool")
    Image.new("L", (16, 16), 200).save(path)
    made.exif(path, "-XMP-tdm:reservation=1")


def keys(work: Path) -> tuple[bytes, bytes]:
    """A certificate as C2PA asks for it, with its chain, and its key."""
    extensions = work / "leaf.ext"
    extensions.write_text(
        "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        "extendedKeyUsage=emailProtection\nsubjectKeyIdentifier=hash\n"
        "authorityKeyIdentifier=keyid\n"
    )
    curve = ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
    ca, leaf = work / "ca", work / "leaf"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for key in (ca, leaf):
        command = ["openssl", "genpkey", "-algorithm", "EC", *curve, "-out", f"{key}.key"]
        subprocess.run(command, **quiet)
    subject = ["-subj", "/O=Example/CN=Example test root", "-days", "3650"]
    more = ["-addext", "keyUsage=critical,keyCertSign"]
    command = ["openssl", "req", "-x509", "-key", f"{ca}.key", "-out", f"{ca}.pem"]
    subprocess.run([*command, *subject, *more], **quiet)
    subject = ["-subj", "/O=Example/CN=Example test signer"]
    command = ["openssl", "req", "-new", "-key", f"{leaf}.key", "-out", f"{leaf}.csr"]
    subprocess.run([*command, *subject], **quiet)
    command = ["openssl", "x509", "-req", "-in", f"{leaf}.csr", "-CA", f"{ca}.pem"]
    command += ["-CAkey", f"{ca}.key", "-CAcreateserial", "-days", "3650"]
    command += ["-extfile", str(extensions), "-out", f"{leaf}.pem"]
    subprocess.run(command, **quiet)
    chain = (work / "leaf.pem").read_bytes() + (work / "ca.pem").read_bytes()
    return chain, (work / "leaf.key").read_bytes()


def entries(family: str) -> dict[str, object]:
    return {
        "entries": {
            f"{family}.ai_generative_training": {"use": "notAllowed"},
            f"{family}.ai_training": {"use": "constrained", "constraint_info": "ask us"},
            f"{family}.ai_inference": {"use": "allowed"},
            f"{family}.data_mining": {"use": "allowed"},
        }
    }


def signed(made: Fixtures) -> None:
    import c2pa

    context = c2pa.Context.from_dict({"builder": {"thumbnail": {"enabled": False}}})
    chain, key = keys(made.work)
    image = picture()
    plain = made.work / "plain"
    image.save(f"{plain}.jpg", quality=60)
    image.save(f"{plain}.png", optimize=True)
    image.save(f"{plain}.webp", quality=40)
    image.save(f"{plain}.tif", compression="tiff_deflate")
    for name in ("tags-2.3.mp3", "info.wav", "tdmrep.m4a"):
        ending = name.rsplit(".", 1)[1]
        bytes_ = (made.folder / name).read_bytes()
        Path(f"{plain}.{ending}").write_bytes(bytes_)
    for ending, format_, label in [
        ("jpg", "image/jpeg", "cawg.training-mining"),
        ("png", "image/png", "c2pa.training-mining"),
        ("webp", "image/webp", "cawg.training-mining"),
        ("tif", "image/tiff", "cawg.training-mining"),
        ("mp3", "audio/mpeg", "cawg.training-mining"),
        ("wav", "audio/wav", "cawg.training-mining"),
        ("m4a", "audio/mp4", "cawg.training-mining"),
    ]:
        assertion = {"label": label, "data": entries(label.split(".")[0])}
        created = {
            "label": "c2pa.actions",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation",
                    }
                ]
            },
        }
        manifest = {
            "claim_generator_info": [{"name": "clearance fixtures", "version": "1"}],
            "title": f"signed.{ending}",
            "format": format_,
            "assertions": [created, assertion],
        }
        path = made.path(f"signed.{ending}", f"{label} in a C2PA manifest, by c2pa-python")
        path.unlink(missing_ok=True)
        info = c2pa.C2paSignerInfo(b"es256", chain, key, None)
        builder = c2pa.Builder(json.dumps(manifest), context)
        with c2pa.Signer.from_info(info) as signer, builder:
            builder.sign_file(f"{plain}.{ending}", str(path), signer)


def print_records(made: Fixtures) -> None:
    for name in sorted(made.origins):
        digest = blake3.blake3((made.folder / name).read_bytes()).hexdigest()
        print("\n[[fixture]]")
        print(f'path = "declarations/{name}"')
        print(f'origin = "{made.origins[name]}"')
        print('license = "MIT OR Apache-2.0"')
        print('generator = "scripts/make_declarations.py fixtures/declarations"')
        print(f'blake3 = "{digest}"')


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--exiftool", default="exiftool")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    made = Fixtures(arguments.folder, arguments.exiftool.split())
    pictures(made)
    sounds(made)
    texts(made)
    signed(made)
    print_records(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
