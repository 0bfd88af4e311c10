#!/bin/sh
# Fuzzes the parsers of strangers' catalogs, registries and documents, one target after the other:
#
#     scripts/fuzz.sh [SECONDS] [TARGET…]        600 seconds and all targets when nothing is said
#     scripts/fuzz.sh minimize [TARGET…]         replaces fixtures/fuzz by the smallest inputs
#                                                that reach everything found so far; their
#                                                digest in fixtures/FIXTURES.toml changes, and
#                                                the test of that list says to what
#
# Needs a nightly toolchain beside the usual one, a C++ compiler, and cargo-fuzz:
#
#     rustup toolchain install nightly
#     cargo install cargo-fuzz --locked
#
# Inputs are kept in target/fuzz/corpus, what fails in target/fuzz/artifacts. An input that fails
# is made small with `cargo +nightly fuzz tmin TARGET FILE`, becomes a test beside the parser, and
# is mended there. The targets are in fuzz/, what they check in crates/index/tests/corpus, where
# an ordinary test holds fixtures/fuzz to the same.
set -eu
cd "$(dirname "$0")/.."

all="csv jsonl parquet ddex onix words manifest ledger epub pdf subtitles metadata places warc stamp"
seconds=600
case "${1:-}" in
minimize | [0-9]*)
    seconds=$1
    shift
    ;;
esac
targets=${*:-$all}

work=$PWD/target/fuzz
# Catalogs are read from files: in memory, where the system has such a folder.
TMPDIR=$(mktemp -d -p "$(test -d /dev/shm && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
export TMPDIR
# What an input reaches must not depend on which thread came first.
export RAYON_NUM_THREADS=1
trap 'rm -rf "$TMPDIR"' EXIT INT TERM

for target in $targets; do
    corpus=$work/corpus/$target
    artifacts=$work/artifacts/$target/
    kept=$PWD/fixtures/fuzz/$target
    mkdir -p "$corpus" "$artifacts" "$kept"
    dictionary=$PWD/fuzz/dictionaries/$target.dict
    if [ -f "$dictionary" ]; then
        set -- "-dict=$dictionary"
    else
        set --
    fi
    # An input may take ten seconds and 512 MiB at once; both are far beyond what files of this
    # size need.
    set -- "$@" -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=512 "-artifact_prefix=$artifacts"
    if [ "$seconds" = minimize ]; then
        smallest=$TMPDIR/$target
        mkdir "$smallest"
        cargo +nightly fuzz run "$target" "$smallest" "$kept" "$corpus" -- "$@" -set_cover_merge=1 \
            -use_counters=0 -max_len=4096
        rm -rf "$kept"
        mv "$smallest" "$kept"
    else
        # Long inputs take long; what depends on length is tested beside the parsers.
        cargo +nightly fuzz run "$target" "$corpus" "$kept" -- "$@" -max_len=16384 \
            -print_final_stats=1 "-max_total_time=$seconds"
    fi
done
