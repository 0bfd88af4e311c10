"""The audio quality bench: what it registers, how it alters it, and how answers are scored."""

from __future__ import annotations

import sys
from pathlib import Path

# The media helpers of the real-media dataset are shared, not copied.
sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "scripts"))
