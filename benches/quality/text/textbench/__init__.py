"""The text quality bench: what it registers, how it alters it, and how answers are scored."""

from __future__ import annotations

import sys
from pathlib import Path

# The readers of real media are shared with the whole-way run, figures and tables with the other benches.
_ROOT = Path(__file__).resolve().parents[4]
sys.path[:0] = [str(_ROOT / "scripts"), str(_ROOT / "benches" / "quality")]
