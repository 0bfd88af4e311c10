"""Reads a filtered dataset back with pyarrow, DuckDB and Hugging Face `datasets`.

    python3 scripts/check_filtered.py DATASET CLEAN OUT [--null-items]

DATASET is what was scanned into OUT, CLEAN what `clearance filter` made of it. Every file must hold
exactly the rows (or items) that no finding over policy points at, in the same order, with the same
schema, metadata, compression and row groups. Ends with 1 when anything else is there.
"""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow.parquet as pq
from datasets import disable_progress_bars, load_dataset

OVER_POLICY = {"reserved", "review"}


def marked(out: Path) -> dict[str, set[tuple[int, str, int]]]:
    """Row, column and item of every finding over policy, by file name."""
    found = defaultdict(set)
    for line in (out / "findings.jsonl").open():
        finding = json.loads(line)
        if finding["verdict"] in OVER_POLICY:
            place = (finding["row_index"], finding["column_name"], finding["item_index"])
            found[finding["file"]].add(place)
    return found


def expected_rows(rows: list[dict], marks: set, null_items: bool) -> list[dict]:
    if not null_items:
        gone = {row for row, _, _ in marks}
        return [row for number, row in enumerate(rows) if number not in gone]
    for number, column, item in marks:
        value = rows[number][column]
        if isinstance(value, list):
            value[item] = None
        else:
            rows[number][column] = None
    return rows


def check_file(old: Path, new: Path, marks: set, null_items: bool) -> list[str]:
    before, after = pq.ParquetFile(old), pq.ParquetFile(new)
    problems = []
    if before.schema != after.schema:
        problems.append("another Parquet schema")
    if not before.schema_arrow.equals(after.schema_arrow, check_metadata=True):
        problems.append("another Arrow schema or other metadata")
    if before.metadata.metadata != after.metadata.metadata:
        problems.append("other metadata")
    gone = {row for row, _, _ in marks} if not null_items else set()
    sizes, first = [], 0
    for group in range(before.metadata.num_row_groups):
        rows = before.metadata.row_group(group).num_rows
        left = rows - sum(1 for row in gone if first <= row < first + rows)
        first += rows
        if left:
            sizes.append(left)
        old_group = before.metadata.row_group(group)
        compression = {
            old_group.column(c).path_in_schema: old_group.column(c).compression
            for c in range(old_group.num_columns)
        }
    found = [
        after.metadata.row_group(group).num_rows for group in range(after.metadata.num_row_groups)
    ]
    if sizes != found:
        problems.append(f"row groups of {found} rows, expected {sizes}")
    for group in range(after.metadata.num_row_groups):
        columns = after.metadata.row_group(group)
        for c in range(columns.num_columns):
            column = columns.column(c)
            if column.compression != compression[column.path_in_schema]:
                problems.append(f"{column.path_in_schema} is compressed as {column.compression}")
    expected = expected_rows(before.read().to_pylist(), marks, null_items)
    if after.read().to_pylist() != expected:
        problems.append("pyarrow reads other rows than expected")
    in_duckdb = expected_rows(duckdb_rows(old), marks, null_items)
    if duckdb_rows(new) != in_duckdb:
        problems.append("DuckDB reads other rows than expected")
    if len(in_duckdb) != len(expected):
        problems.append(f"DuckDB reads {len(in_duckdb)} rows, pyarrow {len(expected)}")
    return problems + check_datasets(new, expected)


def duckdb_rows(path: Path) -> list[dict]:
    """All rows, in order; types are DuckDB's own."""
    relation = duckdb.sql(f"select * from read_parquet('{path}')")
    return [dict(zip(relation.columns, row)) for row in relation.fetchall()]


def check_datasets(new: Path, expected: list[dict]) -> list[str]:
    """Hugging Face datasets, without decoding media."""
    from datasets import Audio, Features, Image, List

    try:
        Features.from_arrow_schema(pq.read_schema(new))
    except ValueError as error:
        print(f"{new}: not read with datasets: {error}")
        return []

    def undecoded(feature):
        if isinstance(feature, Audio):
            return Audio(sampling_rate=feature.sampling_rate, decode=False)
        if isinstance(feature, Image):
            return Image(decode=False)
        if isinstance(feature, List):
            return List(undecoded(feature.feature))
        return feature

    # A cache of its own: an earlier copy under the same name must not answer for this one.
    with TemporaryDirectory() as cache:
        dataset = load_dataset("parquet", data_files=str(new), split="train", cache_dir=cache)
        for name, feature in dataset.features.items():
            dataset = dataset.cast_column(name, undecoded(feature))
        if list(dataset) != expected:
            return ["datasets reads other rows than expected"]
    return []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("clean", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--null-items", action="store_true")
    args = parser.parse_args()
    disable_progress_bars()
    marks = marked(args.out)
    failed, checked = False, 0
    for old in sorted(args.dataset.rglob("*.parquet")):
        new = args.clean / old.relative_to(args.dataset)
        of_file = [found for name, found in marks.items() if Path(name).samefile(old)]
        problems = check_file(old, new, set().union(*of_file), args.null_items)
        checked += 1
        for problem in problems:
            failed = True
            print(f"{new}: {problem}")
    print(f"{checked} files, {sum(map(len, marks.values()))} marked items")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
