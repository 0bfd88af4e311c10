#!/usr/bin/env bash
# The image quality bench from nothing to tables: builds the program, makes the bench, registers
# its works, answers its queries and scores the answers.
#
# usage: benches/quality/image/run.sh MEDIA DIR [SEED]
#
# MEDIA is what scripts/fetch_media.py filled. Needs python3 with scripts/requirements.txt and
# opencv-python-headless, and the DejaVu fonts (Debian package fonts-dejavu). With AugLy installed
# (make_augly.py says how) its edits are asked about too.
#
# What stands in this folder:
#   make_bench.py    registers some 320 pictures and alters them in 56 ways; 640 unrelated queries
#   make_augly.py    more queries, altered by AugLy
#   score_bench.py   compares a tool's answers with the truth, as Markdown
#   run_peers.py     lets PDQ, imagehash, ORB and image_hasher answer
#   find_shared.py   proposes pairs of pictures that share content
#   SHARED.csv       those that do, as judged by eye, one chain of pairs for each family;
#                    imagebench/pool.py says which of its words make a family
#
# Two pictures that share content are never on different sides: one of a family is registered at
# most, and no other of the family is an unrelated query. What shares an interface or a language's
# worth of words only ("same template") is no family and stays, as a hard negative.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
here=$root/benches/quality/image
media=$(realpath "$1")
dir=$(realpath -m "$2")
seed=${3:-1}
binaries=${CARGO_TARGET_DIR:-$root/target}/release

(cd "$root" && cargo build --release --locked --workspace --bins)
python3 "$here/make_bench.py" --media "$media" --to "$dir" --seed "$seed"
if python3 -c "import augly.image" 2>/dev/null; then
    python3 "$here/make_augly.py" --media "$media" --to "$dir"
fi
rm -rf "$dir/registry"
"$binaries/clearance" register "$dir/catalog.csv" --registry "$dir/registry"
"$binaries/image_answers" "$dir/registry" "$dir"/queries*.csv >"$dir/clearance.jsonl"
ls -l "$dir"/registry/segments/*/image.*
python3 "$here/score_bench.py" --bench "$dir" --answers "$dir/clearance.jsonl"
