#!/usr/bin/env bash
# From nothing to a scored scan of real media: fetch, build the dataset, build the program,
# register, scan on one thread and on all, compare the two outputs byte for byte, score.
#
# usage: scripts/whole_way.sh [DIR] [MEDIA]      defaults: /tmp/clearance-real, media/
#
# Needs python3 with scripts/requirements.txt, ffmpeg, dpkg-deb, GNU time; uses groff for the
# manual pages and espeak-ng for spoken works where they are installed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=$(realpath -m "${1:-/tmp/clearance-real}")
media=$(realpath -m "${2:-$root/media}")
# The verdicts depend on the day; a fixed one keeps two runs comparable.
as_of=2026-06-01
binaries=${CARGO_TARGET_DIR:-$root/target}/release

say() { printf '\n== %s\n' "$*"; }

# Runs a command under GNU time and prints wall, CPU and peak memory; the full account stays in
# DIR/time-NAME.txt. Exit codes named in the first argument count as success.
timed() {
    local accepted=$1 name=$2 code=0
    shift 2
    /usr/bin/time -v -o "$dir/time-$name.txt" "$@" || code=$?
    grep -E 'Elapsed|User time|System time|Maximum resident' "$dir/time-$name.txt" | sed 's/^[[:space:]]*/   /'
    if [[ " $accepted " != *" $code "* ]]; then
        echo "$name ended with $code" >&2
        exit "$code"
    fi
}

prepare_media() {
    say "media"
    python3 "$root/scripts/fetch_media.py" --to "$media"
    say "dataset"
    python3 "$root/scripts/build_real_dataset.py" --media "$media" --to "$dir" --seed 1
}

build_program() {
    say "program"
    (cd "$root" && cargo build --release --locked)
    # The decode baseline belongs to the benches; without it the run only lacks that one figure.
    (cd "$root" && cargo build --release --locked -p clearance-bench --bin decode_only) || true
}

# Reading and decoding every item, with nothing compared: what no scan can be faster than.
decode_baseline() {
    local decode_only=$binaries/decode_only
    if [[ -x $decode_only ]]; then
        say "decode alone"
        timed "0" decode "$decode_only" "$dir/dataset"
    else
        say "decode alone: no $decode_only, skipped"
    fi
}

register_works() {
    say "register"
    rm -rf "$dir/registry"
    timed "0" register "$binaries/clearance" register "$dir/catalog.csv" --registry "$dir/registry"
    du -sh "$dir/registry" "$dir/works"
}

# Codes 1 (findings over policy) and 3 (incomplete) are what this dataset is made to give.
scan_dataset() {
    local name=$1
    shift
    say "scan, $name"
    rm -rf "$dir/out-$name"
    timed "0 1 3" "scan-$name" "$binaries/clearance" scan "$dir/dataset" \
        --registry "$dir/registry" --out "$dir/out-$name" --as-of "$as_of" "$@"
}

compare_threads() {
    say "one thread against all"
    local file
    for file in findings.parquet findings.jsonl coverage.parquet; do
        cmp "$dir/out-one-thread/$file" "$dir/out-all-threads/$file"
        echo "$file: the same bytes"
    done
}

score_scan() {
    say "score"
    python3 "$root/scripts/score_real.py" --truth "$dir/truth.csv" --out "$dir/out-all-threads" "$@"
}

mkdir -p "$dir"
prepare_media
build_program
decode_baseline
register_works
scan_dataset one-thread --threads 1
scan_dataset all-threads
compare_threads
score_scan
