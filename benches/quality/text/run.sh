#!/usr/bin/env bash
# The text quality bench from nothing to tables: builds the program, makes the bench, registers its
# works, answers its rows and scores the answers; the same with hashes alone; and what it costs.
#
# usage: benches/quality/text/run.sh MEDIA DIR [SEED]
#
# MEDIA is what `scripts/fetch_media.py --collection books` filled. Needs python3 with
# scripts/requirements.txt; with requirements.txt of this folder too, the peers answer as well.
#
# What stands in this folder:
#   make_bench.py    registers some 270 texts and alters passages of 20 to 1,000 words in 21 ways, in
#                    twelve scripts; 240 rows of texts that several works quote; 3,000 unrelated rows
#   score_bench.py   compares a tool's answers with the truth, as Markdown
#   run_peers.py     lets MinHash windows, a suffix array and a filter of strings answer
#   textbench/       their parts; truth.py says what a row is, scoring.py what an answer is
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
here=$root/benches/quality/text
media=$(realpath "$1")
dir=$(realpath -m "$2")
seed=${3:-1}
binaries=${CARGO_TARGET_DIR:-$root/target}/release

(cd "$root" && cargo build --release --locked --workspace --bins)
python3 "$here/make_bench.py" --media "$media" --to "$dir" --seed "$seed"
rm -rf "$dir/registry"
"$binaries/clearance" register "$dir/catalog.csv" --registry "$dir/registry"
"$binaries/text_answers" "$dir/registry" "$dir" >"$dir/clearance.jsonl"
ls -l "$dir"/registry/segments/*/text.*
python3 "$here/score_bench.py" --bench "$dir" --answers "$dir/clearance.jsonl"
printf '\n## hashes alone\n\n'
rm -rf "$dir/registry-hashes"
"$binaries/clearance" register "$dir/catalog.csv" --registry "$dir/registry-hashes" --no-texts
"$binaries/text_answers" "$dir/registry-hashes" "$dir" >"$dir/clearance-hashes.jsonl"
python3 "$here/score_bench.py" --bench "$dir" --answers "$dir/clearance-hashes.jsonl"
printf '\n## speed, with the texts and with hashes alone\n\n'
"$binaries/text_cost" "$dir/registry" "$dir"
"$binaries/text_cost" "$dir/registry-hashes" "$dir"
if python3 -c "import pydivsufsort, rensa" 2>/dev/null; then
    for tool in portraits exact windows; do
        printf '\n## %s\n\n' "$tool"
        python3 "$here/run_peers.py" --bench "$dir" --tool "$tool" --out "$dir/$tool.jsonl"
        python3 "$here/score_bench.py" --bench "$dir" --answers "$dir/$tool.jsonl"
    done
fi
