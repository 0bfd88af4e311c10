"""The scorer on a handful of queries whose figures are known, and the geometry behind the truth."""

from __future__ import annotations

import json
import math
import random
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from imagebench import pool, scoring, steps, truth
from imagebench.attacks import ATTACKS
from imagebench.picture import UNIT_SQUARE, Picture, Placed, scaling
from imagebench.scoring import Limits, Query
from imagebench.truth import Truth

WHOLE = (0.0, 0.0, 1.0, 1.0)
TRUTH = [
    Truth("queries/0-jpeg50.jpg", "jpeg50", "faithful", "heron", *WHOLE, *WHOLE, sources="images/a/heron.jpg"),
    Truth("queries/1-crop50.jpg", "crop50", "geometry", "heron", *WHOLE, 0.0, 0.0, 0.5, 1.0),
    Truth("queries/2-collage.jpg", "collage4", "composite", "heron", 0.0, 0.0, 0.5, 1.0, *WHOLE),
    Truth("queries/2-collage.jpg", "collage4", "composite", "tide", 0.5, 0.0, 1.0, 1.0, *WHOLE),
    Truth("queries/3-series.png", "unrelated-series", "unrelated", sources="images/a/gull.jpg"),
]


def match(work_id: str, score: float, **changes: Any) -> dict[str, Any]:
    """A match of a whole query with a whole work."""
    return {
        "work_id": work_id, "score": score, "query_box": list(WHOLE), "work_box": list(WHOLE),
        "flip": False, "rotation_deg": 0.0, "reported": True, **changes,
    }


def nothing_excused(_line: Truth, _work_id: str) -> bool:
    """No two pictures share anything."""
    return False


def queries(
    excused: scoring.Excused = nothing_excused, **answers: list[dict[str, Any]],
) -> dict[str, Query]:
    """The queries above by attack, with the answers named so."""
    by_word = {line.attack.removeprefix("unrelated-"): line.file for line in TRUTH}
    lines: list[dict[str, Any]] = [{"file": by_word[word], "matches": found} for word, found in answers.items()]
    lines.append({"cost": {"fingerprint_ms": 3.5}})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.jsonl"
        path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
        held, cost = scoring.read_answers(path)
    assert cost == {"fingerprint_ms": 3.5}
    return {query.attack.removeprefix("unrelated-"): query for query in scoring.join(TRUTH, held, excused)}


def line_of(query: Query, unrelated: list[Query] | None = None) -> scoring.Line:
    """The figures of one query."""
    silent = unrelated or []
    return scoring.figures([query], silent, Limits.of([query, *silent]))


class Scoring(unittest.TestCase):
    """What counts as found, above every false score, reported, wrong and well placed."""

    def test_a_perfect_answer_is_found_in_every_way(self) -> None:
        line = line_of(queries(jpeg50=[match("heron", 9.0)])["jpeg50"])
        found = (line.first_right, line.at_no_false, line.above_wrong, line.at_precision, line.average_precision)
        self.assertEqual(found, (1, 1, 1, 1, 1))
        self.assertEqual((line.reported, line.wrong_reported), (1, 0))
        self.assertEqual((line.query_overlap, line.work_overlap, line.turns_right), (1, 1, 1))

    def test_no_answer_is_a_miss(self) -> None:
        line = line_of(queries()["jpeg50"])
        found = (line.first_right, line.at_no_false, line.average_precision, line.reported)
        self.assertEqual(found, (0, 0, 0, 0))
        self.assertIsNone(line.query_overlap)

    def test_the_strongest_match_decides_however_the_answer_is_ordered(self) -> None:
        query = queries(jpeg50=[match("heron", 2.0), match("tide", 3.0, reported=False)])["jpeg50"]
        self.assertFalse(query.is_first_right)
        self.assertTrue(query.is_reported)
        self.assertEqual([wrong.work_id for wrong in query.wrong], ["tide"])

    def test_a_score_equal_to_an_unrelated_one_is_not_above_it(self) -> None:
        named = queries(jpeg50=[match("heron", 3.0)], series=[match("tide", 3.0)])
        limits = Limits.of(named.values())
        self.assertEqual(limits.unrelated, 3.0)
        self.assertFalse(named["jpeg50"].is_found_above(limits.unrelated))
        self.assertTrue(named["jpeg50"].is_found_above(2.9))

    def test_a_wrong_work_is_told_apart_from_an_unrelated_query(self) -> None:
        named = queries(jpeg50=[match("heron", 5.0), match("tide", 4.5)], series=[match("tide", 3.0)])
        limits = Limits.of(named.values())
        self.assertEqual((limits.unrelated, limits.wrong), (3.0, 4.5))

    def test_of_two_works_both_must_be_named(self) -> None:
        self.assertFalse(queries(collage4=[match("heron", 5.0)])["collage4"].is_first_right)
        both = queries(collage4=[match("heron", 5.0), match("tide", 4.0)])["collage4"]
        self.assertTrue(both.is_first_right)
        self.assertTrue(both.is_found_above(3.0))
        self.assertFalse(both.is_found_above(4.5))
        self.assertAlmostEqual(line_of(both).query_overlap or 0.0, 0.5)

    def test_a_work_found_twice_in_a_query_is_one_answer(self) -> None:
        query = queries(jpeg50=[match("heron", 2.0), match("heron", 5.0)])["jpeg50"]
        self.assertEqual([found.score for found in query.matches], [5.0])

    def test_what_shares_content_with_the_query_is_neither_right_nor_false(self) -> None:
        answers = {"jpeg50": [match("heron", 9.0), match("gull", 8.0)], "series": [match("heron", 7.0)]}
        named = queries(lambda line, work: "images/a" in line.sources and work != "tide", **answers)
        self.assertEqual([found.work_id for found in named["jpeg50"].matches], ["heron"])
        self.assertEqual(named["series"].matches, ())

    def test_average_precision_is_over_all_pairs_with_false_ones_first_among_equals(self) -> None:
        named = queries(jpeg50=[match("heron", 5.0)], crop50=[match("heron", 3.0)], series=[match("tide", 3.0)])
        related = [named["jpeg50"], named["crop50"]]
        self.assertAlmostEqual(scoring.average_precision([*related, named["series"]]), (1 + 2 / 3) / 2)
        self.assertAlmostEqual(scoring.average_precision(related), 1.0)

    def test_the_precise_score_takes_equal_scores_together(self) -> None:
        named = queries(jpeg50=[match("heron", 5.0)], crop50=[match("heron", 3.0)], series=[match("tide", 3.0)])
        self.assertEqual(scoring.precise_score(list(named.values())), 5.0)
        self.assertEqual(scoring.precise_score([named["crop50"]]), 3.0)

    def test_false_reports_are_counted_by_query_and_by_match(self) -> None:
        false = [match("heron", 3.0), match("tide", 2.0), match("gull", 1.0, reported=False)]
        line = scoring.silence([queries(series=false)["series"]])
        self.assertEqual((line.falsely_reported, line.false_matches, line.highest), (1, 2, 3.0))

    def test_a_turn_is_right_within_some_degrees_and_only_with_the_right_mirroring(self) -> None:
        near = scoring.parse_match(match("heron", 1.0, rotation_deg=355.0))
        self.assertTrue(scoring.is_turn_near(TRUTH[0], near))
        self.assertFalse(scoring.is_turn_near(TRUTH[0], scoring.parse_match(match("heron", 1.0, flip=True))))


class Files(unittest.TestCase):
    """The files that the generator writes and the scorer reads."""

    def test_what_is_written_is_read_back(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            truth.write(Path(folder) / "queries.csv", TRUTH[:3])
            truth.write(Path(folder) / "queries-more.csv", TRUTH[3:])
            self.assertCountEqual(truth.read_all(Path(folder)), TRUTH)

    def test_families_are_chains_of_shared_content_only(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "SHARED.csv"
            path.write_text("first,second,shared\na,b,contains\nb,c,same picture\nc,d,same template\n")
            family = pool.families("abcd", path)
        self.assertEqual(family["a"], family["c"])
        self.assertNotEqual(family["c"], family["d"])


class Geometry(unittest.TestCase):
    """Where a work is after the steps, seen from a mark in its pixels."""

    def altered(self, step: steps.Step, size: tuple[int, int] = (240, 160)) -> Picture:
        """A grey picture whose right lower part is bright, after a step."""
        pixels = np.full((size[1], size[0], 3), 90, np.uint8)
        pixels[size[1] // 2 :, size[0] * 3 // 4 :] = 250
        whole = Picture(Image.fromarray(pixels), (Placed("heron", scaling(*size), UNIT_SQUARE),))
        return step(whole, None, random.Random(3))  # type: ignore[arg-type]

    def assert_mark_is_where_told(self, picture: Picture) -> None:
        """The middle of the bright part is where the homography says."""
        spot = picture.placed[0].to_picture @ np.array([0.875, 0.75, 1.0])
        x, y = spot[:2] / spot[2]
        bright = np.argwhere(np.asarray(picture.image.convert("L")) > 200)
        self.assertLess(abs(bright[:, 1].mean() + 0.5 - x), 3.0)
        self.assertLess(abs(bright[:, 0].mean() + 0.5 - y), 3.0)

    def test_turns_and_mirrors_move_the_truth_with_the_pixels(self) -> None:
        wanted = {
            "flip-h": (1, 0.0), "flip-v": (1, 180.0), "rot90": (0, 90.0), "rot180": (0, 180.0),
            "rot270": (0, 270.0),
        }
        by_name = {attack.name: attack for attack in ATTACKS}
        for name, orientation in wanted.items():
            with self.subTest(name):
                made = self.altered(by_name[name].steps[0])
                self.assert_mark_is_where_told(made)
                self.assertEqual(made.placed[0].orientation(1.5), orientation)
                self.assertEqual(made.placed[0].query_box(made.size), WHOLE)

    def test_a_stretched_or_slanted_work_keeps_its_mark(self) -> None:
        for step in (steps.aspect(0.75), steps.perspective):
            made = self.altered(step)
            spot = made.placed[0].to_picture @ np.array([0.875, 0.75, 1.0])
            x, y = (spot[:2] / spot[2]).astype(int)
            self.assertGreater(made.image.getpixel((x, y))[0], 200)
        self.assertEqual(self.altered(steps.aspect(0.75)).placed[0].orientation(1.5), (0, 0.0))

    def test_a_crop_leaves_the_share_it_says(self) -> None:
        made = self.altered(steps.crop(0.5))
        placed = made.placed[0]
        self.assertAlmostEqual(placed.share, 0.5, delta=0.02)
        self.assertAlmostEqual(placed.work_box()[2] - placed.work_box()[0], math.sqrt(0.5), delta=0.01)
        self.assertEqual(placed.query_box(made.size), WHOLE)

    def test_turning_is_clockwise_and_the_inside_is_free_of_corners(self) -> None:
        made = self.altered(steps.turned(15, inside=True))
        _, degrees = made.placed[0].orientation(1.5)
        self.assertIn(degrees, (15.0, 345.0))
        corners = [made.image.getpixel(spot)[0] for spot in ((0, 0), (made.size[0] - 1, 0), (0, made.size[1] - 1))]
        self.assertTrue(all(60 < value < 120 or value > 200 for value in corners), corners)
        self.assertTrue(all(0 < edge < 1 for edge in made.placed[0].work_box()[:2]))


if __name__ == "__main__":
    unittest.main()
