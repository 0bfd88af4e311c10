"""The scorer on a handful of rows whose score is known."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from realmedia.items import Truth
from realmedia.scoring import Score, score

TRUTH = [
    Truth("a/t.parquet", 0, "audio", 0, "audio", "song", "excerpt-10s", 0.0, 10.0, 30.0, 40.0),
    Truth("a/t.parquet", 1, "audio", 0, "audio", "", "unrelated"),
    Truth("a/t.parquet", 2, "audio", 0, "audio", "", "bad-zero-bytes"),
    Truth("a/t.parquet", 3, "audio", 0, "audio", "song", "bad-truncated-40%"),
    Truth("u/t.parquet", 0, "URL", 0, "image", "", "url-only"),
]
COVERAGE = [("a/t.parquet", 2, "unreadable"), ("a/t.parquet", 3, "partial"), ("u/t.parquet", 0, "skipped")]
SUMMARY = {"rows": 5, "matched": 1, "unreadable": 1, "skipped": 1, "clear": 2}


def finding(row_index: int, work_id: str, **changes: Any) -> dict[str, Any]:
    """A finding on the first file, two seconds into the excerpt of `TRUTH`."""
    return {
        "file": "/data/set/a/t.parquet", "row_index": row_index, "column_name": "audio",
        "item_index": 0, "work_id": work_id, "kind": "excerpt", "score": 0.9, "e_value": 1e-9,
        "query_start": 2.0, "query_end": 10.0, "work_start": 32.25, "work_end": 40.0, **changes,
    }


def scored(*findings: dict[str, Any], related: tuple[str, str] | None = None, **summary: int) -> Score:
    """The score of some findings beside a fixed coverage."""
    names = ("file", "row_index", "status")
    coverage = [dict(zip(names, line, strict=True)) for line in COVERAGE]
    return score(TRUTH, {related} if related else set(), list(findings), coverage, SUMMARY | summary)


class Scoring(unittest.TestCase):
    """What counts as found, missed, wrong, false and unaccounted."""

    def test_a_perfect_scan_is_clean(self) -> None:
        result = scored(finding(0, "song"))
        self.assertTrue(result.is_clean, result)
        self.assertEqual(result.lines["audio", "excerpt-10s"].found, 1)

    def test_the_offset_error_compares_alignments_not_starts(self) -> None:
        error_s = scored(finding(0, "song")).lines["audio", "excerpt-10s"].offset_error_s
        self.assertAlmostEqual(error_s or 0.0, 0.25)

    def test_a_copy_without_a_finding_is_missed(self) -> None:
        result = scored(matched=0, clear=3)
        self.assertEqual([item.row_index for item in result.missed], [0])
        self.assertEqual(result.mismatches, [])

    def test_another_work_on_a_copy_is_wrong_unless_the_two_share_passages(self) -> None:
        found = [finding(0, "song"), finding(0, "cover")]
        self.assertEqual(len(scored(*found).wrong_work), 1)
        result = scored(*found, related=("cover", "song"))
        self.assertEqual((len(result.wrong_work), len(result.shared)), (0, 1))

    def test_a_finding_on_an_unrelated_row_is_false(self) -> None:
        result = scored(finding(0, "song"), finding(1, "song"), matched=2, clear=1)
        self.assertEqual([f["row_index"] for f in result.false], [1])

    def test_a_broken_item_left_out_of_the_coverage_is_named(self) -> None:
        result = score(TRUTH, set(), [finding(0, "song")], [], SUMMARY)
        self.assertEqual([item.row_index for item in result.unnamed], [2, 3, 0])

    def test_a_summary_that_does_not_add_up_is_a_mismatch(self) -> None:
        result = scored(finding(0, "song"), clear=3)
        self.assertEqual(result.mismatches, ["summary.json says clear = 3, the rows say 2"])


if __name__ == "__main__":
    unittest.main()
