#!/usr/bin/env python3
"""Scans a dataset in an S3 store that fails, and holds the results to those of the local files.

    python3 -m venv venv && venv/bin/pip install boto3 'moto[server,s3]'
    venv/bin/python scripts/check_remote.py target/release/clearance [--seed 1] [--share 0.4] [--mib 24]

The store is moto's server on loopback, which speaks S3 as others wrote it down. Between it and the
program stands a proxy that spoils a share of the answers: 500, 503 with Retry-After, connections
that are cut before and in the middle of a body, bodies that come slowly. The dataset is that of the
demonstration, a table of JSON Lines that is longer than several blocks, and a tar archive beside it.
Findings, coverage and counts have to be those of a scan of the local files, but for the names of the
files and what is made of these. Then the store is cut off in the middle of a scan, which has to end
with an error that names the file, and a second run has to come to the same results; and a file is
replaced between two ranges, which has to be noticed.

Needs Python 3.10 and moto. Prints counts; exits with 1 when anything differs.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import logging
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "demo"
BUCKET = "dataset"
MOST_SECONDS = 900


class Proxy(ThreadingHTTPServer):
    """Hands requests on, and spoils answers."""

    def __init__(self, store_port: int, seed: int, share: float) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.daemon_threads = True
        self.store_port = store_port
        self.random = random.Random(seed)
        self.share = share
        self.is_spoiling = False
        # Requests for which everything fails: a function of path and headers.
        self.refuses = lambda path, headers: False
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()

    def fault(self, path: str, headers) -> str:
        with self.lock:
            self.counts["requests"] += 1
            if self.refuses(path, headers):
                self.counts["refused"] += 1
                return "500"
            kinds = ["500", "503", "cut", "half", "slow"]
            chosen = self.random.choice(kinds) if self.random.random() < self.share else ""
            chosen = chosen if self.is_spoiling else ""
            self.counts[chosen or "sound"] += 1
            return chosen


class Handler(BaseHTTPRequestHandler):
    """One request on its way."""

    protocol_version = "HTTP/1.1"
    server: Proxy

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""

    def do_GET(self) -> None:
        fault = self.server.fault(self.path, self.headers)
        if fault == "cut":
            self.close_connection = True
            self.connection.close()
            return
        if fault in ("500", "503"):
            self.send_response(int(fault))
            if fault == "503":
                self.send_header("Retry-After", "1")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        store = http.client.HTTPConnection("127.0.0.1", self.server.store_port, timeout=60)
        store.request(self.command, self.path, headers=dict(self.headers))
        answer = store.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(body))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault == "half":
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
            self.connection.close()
        elif fault == "slow":
            step = max(1, len(body) // 5)
            for start in range(0, len(body), step):
                self.wfile.write(body[start : start + step])
                time.sleep(0.2)
        else:
            self.wfile.write(body)

    do_HEAD = do_GET


def dataset(folder: Path, mib: int) -> None:
    """The demonstration's tables; their texts once more as long lines and in an archive."""
    shutil.copytree(FIXTURES / "dataset", folder, dirs_exist_ok=True)
    texts = [path.read_text("utf-8", "replace") for path in sorted(FIXTURES.rglob("*.txt"))]
    if not texts:
        raise SystemExit("fixtures/demo holds no texts")
    with open(folder / "long.jsonl", "w", encoding="utf-8") as lines:
        for number in range(max(4, mib // 3)):
            text = texts[number % len(texts)]
            lines.write(json.dumps({"text": text, "padding": "x" * (3 << 20)}) + "\n")
    with tarfile.open(folder / "archive.tar", "w") as archive:
        for number, text in enumerate(texts):
            for ending, content in (("txt", text), ("noise", "0" * 2_000_000)):
                content = content.encode()
                member = tarfile.TarInfo(f"{number:04}.{ending}")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))


def lines(out: Path, name: str) -> list[dict]:
    """Lines of an output, without what the names of files decide."""
    rows = [json.loads(line) for line in (out / name).read_text("utf-8").splitlines()]
    for row in rows:
        row.pop("finding_id", None)
        if "file" in row:
            row["file"] = row["file"].rsplit("/", 1)[-1]
    return rows


def totals(out: Path) -> dict:
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    for file in summary["files"]:
        file["file"] = file["file"].rsplit("/", 1)[-1]
        file.pop("version", None)
    names = ["rows", "matched", "clear", "unreadable", "skipped", "media", "files", "reasons"]
    return {name: summary.get(name) for name in names}


class Check:
    """The program, its place, and what was wrong."""

    def __init__(self, program: Path, folder: Path, proxy: Proxy) -> None:
        self.program = program
        self.folder = folder
        self.proxy = proxy
        self.failed = 0

    def run(self, *args: str) -> subprocess.CompletedProcess:
        environment = os.environ | {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.proxy.server_port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "us-east-1",
            "NO_PROXY": "*",
            "SOURCE_DATE_EPOCH": "1767225600",
        }
        return subprocess.run(
            [str(self.program), *args],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
        )

    def scan(self, data: str, out: str, *more: str) -> subprocess.CompletedProcess:
        fixed = ["--registry", "registry", "--as-of", "2026-06-30", "--progress", "none"]
        return self.run("scan", data, "--out", out, *fixed, *more)

    def holds(self, what: str, is_so: bool, detail: str = "") -> None:
        print(f"{'holds' if is_so else 'FAILS':6} {what}{'' if is_so else ': ' + detail}")
        self.failed += not is_so

    def same(self, what: str, out: str) -> None:
        local, remote = self.folder / "local", self.folder / out
        for name in ["findings.jsonl", "exhibits.jsonl", "works.jsonl"]:
            self.holds(f"{what}: {name}", lines(local, name) == lines(remote, name))
        local, remote = totals(local), totals(remote)
        differing = [name for name in local if local[name] != remote[name]]
        self.holds(f"{what}: counts and digests", not differing, ", ".join(differing))


class Store:
    """The store, as its owner writes into it."""

    def __init__(self, port: int) -> None:
        self.client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        self.client.create_bucket(Bucket=BUCKET)

    def put(self, key: str, body: bytes) -> None:
        self.client.put_object(Bucket=BUCKET, Key=key, Body=body)


def check(checked: Check, store: Store, mib: int) -> None:
    proxy, folder = checked.proxy, checked.folder
    registered = checked.run("register", str(FIXTURES / "catalog.csv"), "--registry", "registry")
    if registered.returncode != 0:
        raise SystemExit(registered.stderr)
    (folder / "data").mkdir()
    dataset(folder / "data", mib)
    sizes = 0
    for file in sorted((folder / "data").rglob("*")):
        if file.is_file():
            store.put(f"train/{file.relative_to(folder / 'data')}", file.read_bytes())
            sizes += file.stat().st_size
    local = checked.scan("data", "local")
    checked.holds("local scan", local.returncode == 1, local.stderr)
    checked.holds("nothing is asked by it", not proxy.counts)
    address = f"s3://{BUCKET}/train/"
    started = time.monotonic()
    sound = checked.scan(address, "sound")
    print(f"       {sizes >> 20} MiB, sound store: {time.monotonic() - started:.1f} s, {dict(proxy.counts)}")
    checked.holds("sound store", sound.returncode == 1, sound.stderr)
    checked.same("sound store", "sound")
    proxy.counts.clear()
    proxy.is_spoiling = True
    started = time.monotonic()
    spoiled = checked.scan(address, "spoiled", "--threads", "1")
    print(f"       spoiled store: {time.monotonic() - started:.1f} s, {dict(proxy.counts)}")
    checked.holds("spoiled store", spoiled.returncode == 1, spoiled.stderr)
    checked.holds("answers were spoiled", proxy.counts.total() > proxy.counts["requests"] * 1.1)
    checked.same("spoiled store", "spoiled")
    # Cut off: everything of one file fails from its second block on.
    proxy.is_spoiling = False
    proxy.refuses = lambda path, headers: "long.jsonl" in path and "bytes=0-" not in (
        headers.get("Range") or "bytes=0-"
    )
    cut = checked.scan(address, "cut", "--remote-retries", "2")
    said = cut.stderr.strip().splitlines()[-1] if cut.stderr else ""
    print(f"       {said}")
    checked.holds("a store that is cut off is an error", cut.returncode == 2, cut.stderr)
    named = "long.jsonl" in cut.stderr and "bytes " in cut.stderr and "run the same" in cut.stderr
    checked.holds("which names file, range, and what to do", named, cut.stderr)
    proxy.refuses = lambda path, headers: False
    again = checked.scan(address, "cut")
    checked.holds("the same command goes on", again.returncode == 1, again.stderr)
    checked.same("after it", "cut")
    # Replaced between two ranges.
    replaced = threading.Event()

    def replace(path: str, headers) -> bool:
        if "long.jsonl" in path and "bytes=8388608-" in (headers.get("Range") or "") and not replaced.is_set():
            replaced.set()
            body = (folder / "data" / "long.jsonl").read_bytes()
            store.put("train/long.jsonl", body + b'{"text": "more"}\n')
        return False

    proxy.refuses = replace
    changed = checked.scan(address, "changed")
    is_said = changed.returncode == 2 and "was changed while it was read" in changed.stderr
    checked.holds("a replaced file is noticed", is_said and replaced.is_set(), changed.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mib", type=int, default=24, help="length of the long table")
    parser.add_argument("--share", type=float, default=0.4)
    args = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    store.start()
    store_port = store.get_host_and_port()[1]
    proxy = Proxy(store_port, args.seed, args.share)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        checked = Check(args.program.resolve(), Path(folder), proxy)
        check(checked, Store(store_port), args.mib)
    store.stop()
    print("all the same" if checked.failed == 0 else f"{checked.failed} differ")
    sys.exit(checked.failed > 0)


if __name__ == "__main__":
    main()
