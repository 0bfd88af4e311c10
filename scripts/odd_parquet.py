"""Writes Parquet files of many encodings and types, with quotations of a demo work in every seventh row.

    python3 scripts/odd_parquet.py FOLDER
"""

import datetime
import decimal
import random
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Dataset, disable_progress_bars

WORK = Path(__file__).resolve().parent.parent / "fixtures/demo/works/texts/letters-from-vale.md"
ROWS = 100


def texts() -> list[str]:
    words = WORK.read_text().split()
    vocabulary, draw = sorted(set(words)), random.Random(3)

    def text(row: int) -> str:
        if row % 7 == 3:
            return " ".join(words[row * 3 : row * 3 + 80])
        return " ".join(draw.choice(vocabulary) for _ in range(60))

    return [text(row) for row in range(ROWS)]


def table() -> pa.Table:
    rows = range(ROWS)
    start = datetime.datetime(2026, 1, 1)
    nested = [
        None if row % 9 == 0 else [{"a": row, "b": ["x"] * (row % 3)} for _ in range(row % 4)]
        for row in rows
    ]
    return pa.table(
        {
            "id": pa.array(rows, pa.int64()),
            "text": pa.array(texts(), pa.large_string()),
            "kind": pa.array([["a", "b", None][row % 3] for row in rows]).dictionary_encode(),
            "time": pa.array([start + datetime.timedelta(hours=row) for row in rows], pa.timestamp("ns")),
            "price": pa.array([decimal.Decimal(row) / 4 for row in rows], pa.decimal128(12, 2)),
            "counts": pa.array(
                [{f"k{n}": n for n in range(row % 4)} for row in rows],
                pa.map_(pa.string(), pa.int32()),
            ),
            "nested": pa.array(nested),
            "share": pa.array([float(row) for row in rows], pa.float32()),
            "flag": pa.array([row % 2 == 0 for row in rows]),
            "fixed": pa.array([b"0123456789abcdef"] * ROWS, pa.binary(16)),
        }
    )


WAYS = {
    "snappy": {"compression": "snappy"},
    "zstd-v2": {"compression": "zstd", "data_page_version": "2.0", "write_page_index": True},
    "gzip": {"compression": "gzip", "use_dictionary": False},
    "brotli": {"compression": "brotli"},
    "none": {"compression": "none"},
    "lz4": {"compression": "lz4"},
    "mixed": {"compression": {"text": "zstd", "id": "snappy"}},
    "delta": {
        "use_dictionary": False,
        "column_encoding": {"text": "DELTA_BYTE_ARRAY", "id": "DELTA_BINARY_PACKED"},
    },
    "int96": {"use_deprecated_int96_timestamps": True},
}


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    whole = table()
    for name, how in WAYS.items():
        pq.write_table(whole, folder / f"{name}.parquet", row_group_size=33, **how)
    # What Hugging Face datasets has types for.
    plain = whole.drop_columns(["counts", "nested"])
    pq.write_table(plain, folder / "plain.parquet", row_group_size=40, compression="zstd")
    v2 = {"data_page_version": "2.0", "write_page_index": True}
    pq.write_table(plain, folder / "plain-v2.parquet", row_group_size=50, **v2)
    disable_progress_bars()
    Dataset(whole.select(["id", "text", "flag"])).to_parquet(folder / "huggingface.parquet")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
