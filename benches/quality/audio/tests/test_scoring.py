"""The scorer on a handful of queries whose figures are known."""

from __future__ import annotations

import json
import math
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from audiobench import scoring, truth
from audiobench.scoring import Query
from audiobench.truth import Truth

TRUTH = [
    Truth("queries/0-clean.flac", "clean-10s", "clean", "song", 0.0, 10.0, 30.0, 40.0),
    Truth("queries/1-speed.flac", "speed+20", "speed", "song", 0.0, 10.0, 50.0, 62.0, speed=1.2),
    Truth("queries/2-two.flac", "two-works", "insert", "song", 0.0, 5.0, 7.0, 12.0),
    Truth("queries/2-two.flac", "two-works", "insert", "hymn", 5.0, 10.0, 20.0, 25.0),
    Truth("queries/3-noise.flac", "unrelated-white-noise", "unrelated"),
]


def match(work_id: str, score: float, **changes: Any) -> dict[str, Any]:
    """A match of a whole ten-second query with seconds 30 to 40 of a work."""
    return {
        "work_id": work_id, "score": score, "query_start": 0.0, "query_end": 10.0, "work_start": 30.0,
        "work_end": 40.0, "tempo": None, "pitch_semitones": None, "speed": None, "reported": True, **changes,
    }


def queries(**answers: list[dict[str, Any]]) -> dict[str, Query]:
    """The queries above, by attack, with the answers named by attack (dashes left out)."""
    by_attack = {line.attack.replace("-", "").replace("+", ""): line.file for line in TRUTH}
    lines = [{"file": by_attack[name], "matches": matches} for name, matches in answers.items()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.jsonl"
        path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        return {query.attack: query for query in scoring.join(TRUTH, scoring.read_answers(path))}


class Scoring(unittest.TestCase):
    """What counts as found, above every false score, reported, wrong and aligned."""

    def test_a_perfect_answer_is_found_in_every_way(self) -> None:
        line = scoring.figures([queries(clean10s=[match("song", 9.0)])["clean-10s"]], above=1.0)
        self.assertEqual((line.first_right, line.at_no_false, line.reported, line.wrong_reported), (1, 1, 1, 0))
        self.assertEqual((line.offset_median_s, line.far_offsets, line.rate_error), (0.0, 0.0, 0.0))

    def test_no_answer_is_a_miss(self) -> None:
        line = scoring.figures([queries()["clean-10s"]], above=-math.inf)
        self.assertEqual((line.first_right, line.at_no_false, line.reported), (0, 0, 0))
        self.assertIsNone(line.offset_median_s)

    def test_the_strongest_match_decides_however_the_answer_is_ordered(self) -> None:
        query = queries(clean10s=[match("song", 2.0), match("hymn", 3.0, reported=False)])["clean-10s"]
        self.assertFalse(query.is_first_right)
        self.assertTrue(query.is_reported)
        self.assertFalse(query.is_wrong_reported)

    def test_a_score_equal_to_an_unrelated_one_is_not_above_it(self) -> None:
        named = queries(clean10s=[match("song", 3.0)], unrelatedwhitenoise=[match("hymn", 3.0)])
        above = scoring.highest_unrelated(named.values())
        self.assertEqual(above, 3.0)
        self.assertFalse(named["clean-10s"].is_found_above(above))
        self.assertTrue(named["clean-10s"].is_found_above(2.9))

    def test_of_two_works_both_must_be_named(self) -> None:
        one = match("song", 5.0, query_end=5.0, work_start=7.0, work_end=12.0)
        other = match("hymn", 4.0, query_start=5.0, work_start=20.0, work_end=25.0)
        self.assertFalse(queries(twoworks=[one])["two-works"].is_first_right)
        both = queries(twoworks=[one, other])["two-works"]
        self.assertTrue(both.is_first_right)
        self.assertTrue(both.is_found_above(3.0))
        self.assertFalse(both.is_found_above(4.5))
        self.assertEqual(scoring.figures([both], above=0.0).offset_p90_s, 0.0)

    def test_the_offset_error_is_taken_in_the_middle_along_the_line_told(self) -> None:
        half = match("song", 5.0, query_start=2.0, query_end=6.0, work_start=52.4, work_end=57.2, speed=1.2)
        line = scoring.figures([queries(speed20=[half])["speed+20"]], above=0.0)
        self.assertAlmostEqual(line.offset_median_s or 0.0, 0.0)
        self.assertAlmostEqual(line.rate_error or 0.0, 0.0)
        self.assertAlmostEqual(line.pitch_error or 0.0, 0.0)

    def test_another_repetition_is_a_far_offset(self) -> None:
        later = match("song", 5.0, work_start=38.0, work_end=48.0)
        line = scoring.figures([queries(clean10s=[later])["clean-10s"]], above=0.0)
        self.assertEqual((line.offset_median_s, line.far_offsets), (8.0, 1.0))

    def test_pitch_may_be_told_as_speed_or_as_semitones(self) -> None:
        told = match("song", 5.0, pitch_semitones=12 * math.log2(1.2))
        line = scoring.figures([queries(speed20=[told])["speed+20"]], above=0.0)
        self.assertAlmostEqual(line.pitch_error or 0.0, 0.0)
        self.assertIsNone(scoring.figures([queries(speed20=[match("song", 5.0)])["speed+20"]], 0.0).pitch_error)

    def test_false_reports_are_counted_by_query_and_by_match(self) -> None:
        false = [match("song", 3.0), match("hymn", 2.0), match("ode", 1.0, reported=False)]
        line = scoring.silence([queries(unrelatedwhitenoise=false)["unrelated-white-noise"]])
        self.assertEqual((line.falsely_reported, line.false_matches, line.highest), (1, 2, 3.0))

    def test_the_ninetieth_percentile_is_a_value_that_occurs(self) -> None:
        self.assertEqual(scoring.percentile([float(n) for n in range(1, 11)], 0.9), 9.0)
        self.assertEqual(scoring.percentile([4.0], 0.9), 4.0)
        self.assertIsNone(scoring.percentile([], 0.9))


class TruthFile(unittest.TestCase):
    """The file that the generator writes and the scorer reads."""

    def test_what_is_written_is_read_back(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "queries.csv"
            truth.write(path, TRUTH)
            self.assertEqual(truth.read(path), TRUTH)


if __name__ == "__main__":
    unittest.main()
