#!/usr/bin/env bash
# Builds the Python package, installs it into a clean environment and runs its tests.
#
#     bash scripts/check_python.sh          with all engines; Spark needs Java
#     bash scripts/check_python.sh light    without Ray and Spark
#
# Needs python3 with venv, and a package index. The wheel stays in target/wheels.
set -euo pipefail
cd "$(dirname "$0")/.."
engines="daft,datatrove,hf,polars"
chosen=(-m "not cluster")
if [ "${1:-all}" = all ]; then
    engines="$engines,ray,spark"
    chosen=()
fi
target="${CARGO_TARGET_DIR:-target}"
mkdir -p "$target"
work="$(mktemp -d "$target/python.XXXXXX")"
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/build"
"$work/build/bin/pip" install --quiet --disable-pip-version-check "maturin==1.16.0"
rm -f "$target"/wheels/clearance-*.whl
"$work/build/bin/maturin" build --release --locked --quiet \
    --manifest-path crates/python/Cargo.toml --out "$target/wheels"

python3 -m venv "$work/clean"
wheel=("$target"/wheels/clearance-*.whl)
"$work/clean/bin/pip" install --quiet --disable-pip-version-check "${wheel[0]}[$engines]" pytest mypy
"$work/clean/bin/clearance" --version
"$work/clean/bin/mypy" --strict --no-incremental --cache-dir=/dev/null \
    --ignore-missing-imports -p clearance
"$work/clean/bin/python" -m pytest crates/python/tests --quiet "${chosen[@]}"
