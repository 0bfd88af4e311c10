#!/bin/sh
# The whole way on the generated fixtures: registers works, scans a Parquet
# dataset, prints the findings and leaves target/demo/report/report.html.
set -eu
cd "$(dirname "$0")/.."

out=target/demo
rm -rf "$out"
mkdir -p "$out"

show() {
    printf '\n$ %s\n' "$*"
}

cargo build --release --quiet --package clearance
clearance=target/release/clearance

show clearance register fixtures/demo/catalog.csv --registry "$out/registry"
"$clearance" register fixtures/demo/catalog.csv --registry "$out/registry"

show clearance scan fixtures/demo/dataset --registry "$out/registry" --out "$out/report" --as-of 2026-06-30
code=0
"$clearance" scan fixtures/demo/dataset --registry "$out/registry" --out "$out/report" \
    --as-of 2026-06-30 || code=$?

# 1 says: findings over policy. Anything else here is a fault.
if [ "$code" -ne 1 ]; then
    echo "the demo scan ended with exit code $code, expected 1" >&2
    exit 1
fi
printf '\nExit code 1: findings over policy. Open %s/report/report.html\n' "$out"
