"""Verifies the attestation of a scan, independently of clearance.

    python3 scripts/verify_attestation.py OUT --key me.key.pub [--dataset DIR]

Reads crates/report/ATTESTATION.md's format with nothing but Python's standard library and the
package `cryptography`; with the package `blake3` and --dataset, the dataset's files are checked
too. Prints one line for everything that is wrong, and ends with 1 if anything is.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:x-clearance:scan:v1"
ATTESTATION = "attestation.json"


def read_public_key(path: Path) -> Ed25519PublicKey:
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise SystemExit(f"{path}: not an Ed25519 public key")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(der).hexdigest()


def signed_bytes(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def decoded(text: str) -> bytes:
    """Base64 in its one spelling."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 in another spelling")
    return data


def check_envelope(text: str, key: Ed25519PublicKey) -> tuple[dict, list[str]]:
    """The statement inside, and what is wrong with its signature or its spelling."""
    envelope = json.loads(text)
    payload = decoded(envelope["payload"])
    problems = []
    if json.dumps(envelope, indent=2, ensure_ascii=False) + "\n" != text:
        problems.append("not written the way clearance writes it")
    if envelope["payloadType"] != PAYLOAD_TYPE:
        problems.append(f"payload of type {envelope['payloadType']!r}")
    signatures = envelope["signatures"]
    if len(signatures) != 1:
        problems.append(f"{len(signatures)} signatures")
    for signature in signatures:
        if signature["keyid"] != key_id(key):
            problems.append(f"signed with key {signature['keyid']}, not with {key_id(key)}")
        try:
            key.verify(
                decoded(signature["sig"]),
                signed_bytes(envelope["payloadType"], payload),
            )
        except InvalidSignature:
            problems.append("the signature does not hold")
    return json.loads(payload), problems


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_files(out: Path, subjects: list[dict]) -> list[str]:
    present = {
        path.relative_to(out).as_posix(): path
        for path in sorted(out.rglob("*"))
        if path.is_symlink() or not path.is_dir()
    }
    present.pop(ATTESTATION, None)
    problems = []
    for subject in subjects:
        path = present.pop(subject["name"], None)
        if path is None:
            problems.append(f"{subject['name']}: missing")
        elif path.is_symlink() or sha256(path) != subject["digest"]["sha256"]:
            problems.append(f"{subject['name']}: changed since it was signed")
    problems += [f"{name}: was not there when it was signed" for name in present]
    return problems


def check_summary(out: Path, predicate: dict) -> list[str]:
    """The predicate says what the summary says."""
    summary = json.loads((out / "summary.json").read_text())
    counts = predicate["counts"]
    problems = []
    if counts["rows"] != sum(counts[k] for k in ("clear", "matched", "unreadable", "skipped")):
        problems.append("rows are not clear + matched + unreadable + skipped")
    for key in ("rows", "clear", "matched", "unreadable", "skipped", "findings", "verdicts"):
        if counts[key] != summary[key]:
            problems.append(f"summary.json says otherwise of: {key}")
    with (out / "findings.jsonl").open() as lines:
        found = sum(1 for _ in lines)
    if found != counts["findings"]:
        problems.append(f"findings.jsonl has {found} findings, signed were {counts['findings']}")
    for key in ("registry", "tool"):
        if predicate[key] != summary[key]:
            problems.append(f"summary.json says otherwise of: {key}")
    return problems


def check_dataset(dataset: Path, materials: list[dict]) -> list[str]:
    """Every input file is in the dataset, by its digest."""
    from blake3 import blake3

    def digest(path: Path) -> str:
        hasher = blake3(max_threads=blake3.AUTO)
        hasher.update_mmap(path)
        return hasher.hexdigest()

    files = [dataset] if dataset.is_file() else sorted(dataset.rglob("*.parquet"))
    present = {digest(path) for path in files}
    return [
        f"{material['name']}: not in the dataset as it was scanned"
        for material in materials
        if material["digest"].get("blake3") not in present
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--dataset", type=Path)
    args = parser.parse_args()
    return 1 if verify(args.out, args.key, args.dataset) else 0


def verify(out: Path, key: Path, dataset: Path | None) -> bool:
    """Prints everything that is wrong; returns whether anything is."""
    try:
        text = (out / ATTESTATION).read_bytes().decode()
        statement, problems = check_envelope(text, read_public_key(key))
        if problems:
            # What an untrusted statement says is of no interest.
            raise ValueError("; ".join(problems))
        for key, expected in (("_type", STATEMENT_TYPE), ("predicateType", PREDICATE_TYPE)):
            if statement[key] != expected:
                raise ValueError(f"{key} is {statement[key]!r}")
        problems = check_files(out, statement["subject"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{ATTESTATION}: {error}")
        return True
    try:
        problems += check_summary(out, statement["predicate"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        problems.append(f"summary.json: {error!r}")
    if dataset:
        problems += check_dataset(dataset, statement["predicate"]["dataset"])
    for problem in problems:
        print(problem)
    if not problems:
        print(f"holds: {len(statement['subject'])} files, signed {statement['predicate']['signedAt']}")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
