"""Puts what clearance writes into other people's validators.

    python3 scripts/check_outputs.py CLEARANCE FOLDER [--sarif-schema FILE]

CLEARANCE is the program, FOLDER an empty folder to work in. Registers and scans fixtures/demo, writes
every form, and reads each with a library of somebody else: jsonschema (typed messages, SARIF),
mlcroissant (Croissant 1.1), cyclonedx-python-lib (CycloneDX 1.7), spdx-python-model (SPDX 3.0.1), csv,
pyarrow and DuckDB. Then filters the dataset, and one of odd encodings and types (odd_parquet.py), and reads
both back (check_filtered.py); signs and verifies independently (verify_attestation.py). What has to be
installed is in
scripts/requirements-check.txt.
"""

import argparse
import contextlib
import csv
import io
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import verify_attestation

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DEMO = ROOT / "fixtures" / "demo"


class Check:
    def __init__(self, program: Path, folder: Path):
        self.program, self.folder = program, folder
        self.problems: list[str] = []

    def run(self, *arguments: str, allowed: tuple[int, ...] = (0,)) -> None:
        command = [str(self.program), *map(str, arguments)]
        ended = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        if ended.returncode not in allowed:
            raise SystemExit(f"{' '.join(command)}: {ended.returncode}\n{ended.stderr}")

    def script(self, name: str, *arguments: str) -> None:
        command = [sys.executable, HERE / name, *map(str, arguments)]
        ended = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        print((ended.stdout + ended.stderr).strip())
        if ended.returncode:
            self.problems.append(f"{name} ended with {ended.returncode}")

    def expect(self, what: str, problems: list[str]) -> None:
        print(f"{what}: {'valid' if not problems else problems[:3]}")
        self.problems += [f"{what}: {problem}" for problem in problems]


def messages(path: Path) -> list[str]:
    from jsonschema import Draft202012Validator, FormatChecker

    schema = json.loads((ROOT / "crates/report/schema/messages.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    lines = [json.loads(line) for line in path.open()]
    problems = [
        f"line {number}: {error.message}"
        for number, line in enumerate(lines, 1)
        for error in validator.iter_errors(line)
    ]
    if (lines[0]["type"], lines[-1]["type"]) != ("begin", "end"):
        problems.append("does not begin and end as it has to")
    return problems


def sarif(path: Path, schema: Path) -> list[str]:
    from jsonschema import Draft7Validator

    validator = Draft7Validator(json.loads(schema.read_text()))
    return [error.message for error in validator.iter_errors(json.loads(path.read_text()))]


def spreadsheet(path: Path, findings: int) -> list[str]:
    rows = list(csv.DictReader(path.open(newline="")))
    problems = [] if len(rows) == findings else [f"{len(rows)} lines for {findings} findings"]
    texts = ("file", "column_name", "work_id", "reason", "reservation_id", "license_id")
    return problems + [
        f"{row['finding_id']}: {name} looks like a formula"
        for row in rows
        for name in texts
        if row[name][:1] in tuple("=+-@\t\r")
    ]


def croissant(path: Path) -> list[str]:
    import mlcroissant

    try:
        dataset = mlcroissant.Dataset(str(path))
    except mlcroissant.ValidationError as error:
        return [str(error)]
    version = dataset.metadata.ctx.conforms_to.value
    return [] if version.endswith("/croissant/1.1") else [f"read as {version}"]


def cyclonedx(path: Path) -> list[str]:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    error = JsonStrictValidator(SchemaVersion.V1_7).validate_str(path.read_text())
    return [str(error)] if error else []


def spdx(path: Path) -> list[str]:
    from spdx_python_model.bindings import v3_0_1 as model

    objects = model.SHACLObjectSet()
    try:
        with path.open("rb") as file:
            model.JSONLDDeserializer().read(file, objects)
    except Exception as error:  # whatever the model says of it
        return [repr(error)]
    packages = list(objects.foreach_type(model.dataset_DatasetPackage))
    return [] if len(packages) == 1 else [f"{len(packages)} dataset packages"]


def tables(out: Path, findings: int) -> list[str]:
    import duckdb
    import pyarrow.parquet

    path = out / "findings.parquet"
    counts = {
        "pyarrow": pyarrow.parquet.read_table(path).num_rows,
        "DuckDB": duckdb.sql(f"select count(*) from read_parquet('{path}')").fetchall()[0][0],
        "JSON Lines": sum(1 for _ in (out / "findings.jsonl").open()),
    }
    return [f"{who} reads {n} of {findings}" for who, n in counts.items() if n != findings]


def tampered(out: Path, key: Path, folder: Path, rounds: int = 200) -> list[str]:
    """Random changes of a signed output that verify_attestation.py does not name."""
    draw, problems = random.Random(9), []
    names = sorted(path.name for path in out.iterdir())
    for number in range(rounds):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(out, folder)
        name = named = names[number % len(names)]
        path = folder / name
        data = bytearray(path.read_bytes())
        place = draw.randrange(len(data))
        how = draw.choice(("flip", "cut", "space", "drop", "remove", "add"))
        if how == "flip":
            data[place] ^= 1 << draw.randrange(8)
        elif how == "cut":
            del data[place:]
        elif how == "space":
            data[place:place] = b" "
        elif how == "drop":
            del data[place]
        if how == "remove":
            path.unlink()
        elif how == "add":
            named = name + ".old"
            (folder / named).write_bytes(data)
        else:
            path.write_bytes(data)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            failed = verify_attestation.verify(folder, key, None)
        if not failed or named not in said.getvalue():
            problems.append(f"round {number}: {how} of {name} is not named")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=lambda text: Path(text).resolve())
    parser.add_argument("folder", type=lambda text: Path(text).resolve())
    parser.add_argument("--sarif-schema", type=lambda text: Path(text).resolve())
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    check = Check(args.program, args.folder)
    dataset, out = DEMO / "dataset", args.folder / "out"
    check.run("register", DEMO / "catalog.csv", "--registry", "registry")
    check.run("keygen", "me.key")
    scan = ("scan", dataset, "--registry", "registry", "--out", out, "--as-of", "2026-06-30")
    check.run(*scan, "--key", "me.key", allowed=(1,))
    findings = json.loads((out / "summary.json").read_text())["findings"]
    check.expect("findings.parquet", tables(out, findings))
    check.run("verify", out, "--key", "me.key.pub", "--dataset", dataset, "--registry", "registry")
    check.script("verify_attestation.py", out, "--key", "me.key.pub", "--dataset", dataset)
    key = args.folder / "me.key.pub"
    check.expect("200 random changes", tampered(out, key, args.folder / "tampered"))
    check.run("report", out, "--format", "csv,sarif,json-lines", "--to", "forms")
    forms = args.folder / "forms"
    check.expect("messages.jsonl", messages(forms / "messages.jsonl"))
    check.expect("findings.csv", spreadsheet(forms / "findings.csv", findings))
    if args.sarif_schema:
        check.expect("findings.sarif", sarif(forms / "findings.sarif", args.sarif_schema))
    check.run("disclose", out, "--dataset", dataset, "--name", "demo", "--to", "forms")
    check.expect("croissant.json", croissant(forms / "croissant.json"))
    check.expect("cyclonedx.json", cyclonedx(forms / "cyclonedx.json"))
    check.expect("spdx.json", spdx(forms / "spdx.json"))
    filtering = ("filter", dataset, "--findings", out, "--allow-incomplete", "--to")
    check.run(*filtering, "clean")
    check.script("check_filtered.py", dataset, args.folder / "clean", out)
    check.run(*filtering, "nulled", "--null-items")
    check.script("check_filtered.py", dataset, args.folder / "nulled", out, "--null-items")
    check.script("odd_parquet.py", "odd")
    odd = ("--column", "text=text", "--column", "kind=ignore", "--as-of", "2026-06-30")
    check.run("scan", "odd", "--registry", "registry", "--out", "odd-out", *odd, allowed=(1,))
    for folder, more in (("odd-clean", ()), ("odd-nulled", ("--null-items",))):
        check.run("filter", "odd", "--findings", "odd-out", "--to", folder, *more)
        check.script("check_filtered.py", "odd", folder, "odd-out", *more)
    for problem in check.problems:
        print(problem)
    return 1 if check.problems else 0


if __name__ == "__main__":
    sys.exit(main())
