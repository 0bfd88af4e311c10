#!/usr/bin/env bash
# The audio quality bench from nothing to tables: builds the program, makes the bench, registers
# its works, answers its queries and scores the answers.
#
# usage: benches/quality/audio/run.sh MEDIA DIR [SEED]
#
# MEDIA is what scripts/fetch_media.py filled. Needs python3 with scripts/requirements.txt, ffmpeg
# with rubberband, libopus, libmp3lame and libgsm, and espeak-ng.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
media=$(realpath "$1")
dir=$(realpath -m "$2")
seed=${3:-1}
binaries=${CARGO_TARGET_DIR:-$root/target}/release

(cd "$root" && cargo build --release --locked --workspace --bins)
python3 "$root/benches/quality/audio/make_bench.py" --media "$media" --to "$dir" --seed "$seed"
rm -rf "$dir/registry"
"$binaries/clearance" register "$dir/catalog.csv" --registry "$dir/registry"
"$binaries/audio_answers" "$dir/registry" "$dir/queries.csv" >"$dir/clearance.jsonl"
grep '"cost"' "$dir/clearance.jsonl"
ls -l "$dir"/registry/segments/*/audio.*
python3 "$root/benches/quality/audio/score_bench.py" \
    --queries "$dir/queries.csv" --answers "$dir/clearance.jsonl" --e-values --markdown
