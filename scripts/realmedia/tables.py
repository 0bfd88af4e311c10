"""Dataset files in the shapes people publish, and the truth of every row in them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from realmedia.items import Item, Truth
from realmedia.plaintext import word_count

MEDIA_STRUCT = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
AUDIO_FEATURE = {"sampling_rate": 44100, "_type": "Audio"}
IMAGE_FEATURE = {"_type": "Image"}

Caption = Callable[[], str]


def value_feature(dtype: str) -> dict[str, str]:
    """A plain column as `datasets` describes it."""
    return {"dtype": dtype, "_type": "Value"}


def hugging_face(fields: list[tuple[str, pa.DataType]], features: dict[str, Any]) -> pa.Schema:
    """A schema with the metadata that `datasets` writes beside it."""
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    return pa.schema(fields, metadata=metadata)


@dataclass
class Table:
    """One Parquet file being laid out: rows, and what is true of their items."""

    path: Path
    name: str
    schema: pa.Schema
    compression: str = "zstd"
    group_rows: int = 100
    rows: list[dict[str, Any]] = field(default_factory=list)
    truth: list[Truth] = field(default_factory=list)

    def add(self, row: dict[str, Any], items: Sequence[tuple[str, int, Item]]) -> None:
        """Adds a row and the truth of its items, each by column and place in a list."""
        for column, position, item in items:
            spans = item.spans
            self.truth.append(Truth(
                self.name, len(self.rows), column, position, item.media, item.work_id, item.attack,
                spans.query_start, spans.query_end, spans.work_start, spans.work_end,
            ))
        self.rows.append(row)

    def write(self) -> None:
        """Writes the file one row group at a time; media are read only then."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(self.path, self.schema, compression=self.compression) as writer:
            for start in range(0, len(self.rows), self.group_rows):
                rows = [resolved(row) for row in self.rows[start : start + self.group_rows]]
                writer.write_table(pa.Table.from_pylist(rows, schema=self.schema))


def resolved(value: Any) -> Any:
    """A cell with files replaced by their bytes."""
    if isinstance(value, Path):
        return value.read_bytes()
    if isinstance(value, dict):
        return {key: resolved(part) for key, part in value.items()}
    if isinstance(value, list):
        return [resolved(part) for part in value]
    return value


def media_cell(item: Item, name: str) -> dict[str, Any] | None:
    """A Hugging Face media value; None for an item that is null."""
    if item.payload is None:
        return None
    return {"bytes": item.payload, "path": f"{name}.{item.extension}"}


def hf_audio(folder: Path, name: str, items: list[Item], caption: Caption) -> Table:
    """`Audio` column with a caption, as speech and music sets on the Hub are."""
    schema = hugging_face(
        [("audio", MEDIA_STRUCT), ("transcription", pa.string()), ("speaker_id", pa.int64())],
        {"audio": AUDIO_FEATURE, "transcription": value_feature("string"), "speaker_id": value_feature("int64")},
    )
    table = Table(folder / name, name, schema, "snappy", 60)
    for index, item in enumerate(items):
        row = {"audio": media_cell(item, f"{index:05}"), "transcription": caption(), "speaker_id": index % 17}
        table.add(row, [("audio", 0, item)])
    return table


def hf_images(folder: Path, name: str, items: list[Item], caption: Caption) -> Table:
    """`Image` column with a caption."""
    schema = hugging_face(
        [("image", MEDIA_STRUCT), ("text", pa.string())],
        {"image": IMAGE_FEATURE, "text": value_feature("string")},
    )
    table = Table(folder / name, name, schema, "zstd", 90)
    for index, item in enumerate(items):
        table.add({"image": media_cell(item, f"{index:06}"), "text": caption()}, [("image", 0, item)])
    return table


def fineweb(folder: Path, name: str, items: list[Item], compression: str) -> Table:
    """Web text with the columns FineWeb has."""
    schema = pa.schema([
        ("text", pa.string()), ("id", pa.string()), ("dump", pa.string()), ("url", pa.string()),
        ("date", pa.string()), ("file_path", pa.string()), ("language", pa.string()),
        ("language_score", pa.float64()), ("token_count", pa.int64()),
    ])
    table = Table(folder / name, name, schema, compression, 120)
    for index, item in enumerate(items):
        row = {
            "text": item.payload, "id": f"<urn:uuid:{index:032x}>", "dump": "CC-MAIN-2024-10",
            "url": f"https://example.org/page/{index}", "date": "2024-03-01T00:00:00Z",
            "file_path": f"crawl-data/segment-{index % 7}/page.warc.gz", "language": "en",
            "language_score": 0.97, "token_count": word_count(item.payload or "") * 4 // 3,
        }
        table.add(row, [("text", 0, item)])
    return table


def mixed(
    folder: Path, name: str, clips: list[Item], pictures: list[Item], galleries: list[list[Item]], caption: Caption
) -> Table:
    """Plain `binary` sound, `large_binary` pictures and lists of pictures, without any metadata."""
    schema = pa.schema([
        ("id", pa.int64()), ("clip", pa.binary()), ("picture", pa.large_binary()),
        ("gallery", pa.list_(MEDIA_STRUCT)), ("note", pa.string()),
    ])
    table = Table(folder / name, name, schema, "zstd", 40)
    count = max(len(clips), len(pictures), len(galleries))
    for index in range(count):
        clip = clips[index] if index < len(clips) else None
        picture = pictures[index] if index < len(pictures) else None
        gallery = galleries[index] if index < len(galleries) else []
        items = [("gallery", position, item) for position, item in enumerate(gallery)]
        items += [("clip", 0, clip)] if clip else []
        items += [("picture", 0, picture)] if picture else []
        row = {
            "id": index, "clip": clip.payload if clip else None,
            "picture": picture.payload if picture else None,
            "gallery": [media_cell(item, f"{index}-{position}") for position, item in enumerate(gallery)],
            "note": caption(),
        }
        table.add(row, items)
    return table


def common_voice(folder: Path, name: str, items: list[Item], caption: Caption) -> Table:
    """Paths only; the clips lie beside the table, as Common Voice ships them."""
    schema = pa.schema([
        ("client_id", pa.string()), ("path", pa.string()), ("sentence", pa.string()),
        ("up_votes", pa.int64()), ("down_votes", pa.int64()), ("age", pa.string()),
        ("gender", pa.string()), ("accent", pa.string()),
    ])
    table = Table(folder / name, name, schema, "snappy", 50)
    clips = table.path.parent / "clips"
    clips.mkdir(parents=True, exist_ok=True)
    for index, item in enumerate(items):
        path = f"clips/common_voice_en_{index:06}.{item.extension}"
        if item.payload is not None:
            (clips.parent / path).write_bytes(resolved(item.payload))
        row = {
            "client_id": f"{index % 23:064x}", "path": path, "sentence": caption(), "up_votes": 2,
            "down_votes": 0, "age": "", "gender": "", "accent": "",
        }
        table.add(row, [("path", 0, item)])
    return table


def laion(folder: Path, name: str, rng: random.Random, count: int, caption: Caption) -> Table:
    """Addresses only: nothing to examine unless it is fetched."""
    schema = pa.schema([
        ("URL", pa.string()), ("TEXT", pa.string()), ("WIDTH", pa.int64()), ("HEIGHT", pa.int64()),
        ("similarity", pa.float64()), ("hash", pa.int64()), ("punsafe", pa.float64()),
        ("pwatermark", pa.float64()), ("LANGUAGE", pa.string()),
    ])
    table = Table(folder / name, name, schema, "snappy", 100)
    for index in range(count):
        row = {
            "URL": f"https://images.example/{index:08}.jpg", "TEXT": caption(), "WIDTH": 640, "HEIGHT": 480,
            "similarity": round(rng.uniform(0.28, 0.45), 4), "hash": rng.getrandbits(62),
            "punsafe": 0.01, "pwatermark": 0.1, "LANGUAGE": "en",
        }
        table.add(row, [("URL", 0, Item("image", None, "jpg", "url-only"))])
    return table
