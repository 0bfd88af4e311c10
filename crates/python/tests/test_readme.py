"""What the READMEs show, run as it stands there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT


@pytest.mark.parametrize("name", ["README.md", "crates/python/README.md"])
def test_the_lines_of_the_readme_work(name: str, tmp_path: Path) -> None:
    shown = (ROOT / name).read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    assert len([line for line in shown.splitlines() if line]) == 5
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    command = [sys.executable, "-c", shown]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    table, batch = map(int, ran.stdout.split())
    assert table > batch > 0
