"""The scorer on rows whose figures are known, and the truth about what works share."""

from __future__ import annotations

import json
import random
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from textbench import boilerplate, scoring, truth, works
from textbench.scripts import dominant, word_count
from textbench.shingles import Index
from textbench.truth import Place, Row

WORDS = [f"word{number}" for number in range(60)]
COPY = Row("0", "noise", "case", 20, "latin", truth.COPY, "x" * 300, (Place("heron", 100, 200, 1000, 1100),),
           ("gull",), ("tern",))
TWO = Row("1", "several", "two-works", 20, "latin", truth.COPY, "x" * 300,
          (Place("heron", 0, 100, 0, 100), Place("tide", 150, 250, 50, 150)))
SHARED = Row("2", "shared", "verbatim", 20, "latin", truth.SHARED, "x" * 100,
             (Place("heron", 0, 100, 0, 100), Place("tide", 0, 100, 50, 150)), ("heron", "tide"))
NOTHING = Row("3", truth.UNRELATED, "same-genre", 20, "latin", truth.UNRELATED, "x" * 100)
REUSE = Row("4", truth.REUSE, "licence", 20, "latin", truth.REUSE, "x" * 100, (), ("heron",))


def finding(work_id: str, query: tuple[int, int], work: tuple[int, int] = (0, 1), **changes: Any) -> scoring.Finding:
    """A finding as a tool writes it."""
    return scoring.parse({
        "work_id": work_id, "query_start": query[0], "query_end": query[1], "work_start": work[0],
        "work_end": work[1], "score": 20.0, "e_value": 1e-9, "words": 20, "identity": 1.0, **changes,
    })


class Scoring(unittest.TestCase):
    """What is right, false or neither, and how spans and shared works count."""

    def test_a_perfect_answer(self) -> None:
        judged = scoring.judge(COPY, [finding("heron", (100, 200), (1000, 1100))])
        self.assertTrue(judged.is_found)
        self.assertEqual((scoring.query_f1(judged), scoring.work_f1(judged)), (1.0, 1.0))

    def test_no_answer_is_a_miss_and_no_false_finding(self) -> None:
        judged = scoring.judge(COPY, [])
        self.assertEqual((judged.is_found, judged.false), (False, ()))
        self.assertIsNone(scoring.query_f1(judged))

    def test_a_work_with_the_same_passage_is_right(self) -> None:
        self.assertTrue(scoring.judge(COPY, [finding("gull", (100, 150))]).is_found)
        named = finding("raven", (100, 150), shared_with=["heron"])
        self.assertTrue(scoring.judge(COPY, [named]).is_found)

    def test_a_work_with_part_of_the_passage_is_neither(self) -> None:
        judged = scoring.judge(COPY, [finding("tern", (100, 150))])
        self.assertEqual((judged.right, judged.false, judged.is_found), ((), (), False))

    def test_a_wrong_work_and_a_wrong_place_are_false(self) -> None:
        wrong = scoring.judge(COPY, [finding("raven", (100, 200))])
        self.assertTrue(wrong.names_wrong_work)
        elsewhere = scoring.judge(COPY, [finding("heron", (0, 100))])
        self.assertEqual((len(elsewhere.false), elsewhere.names_wrong_work, elsewhere.is_found), (1, False, False))

    def test_both_works_must_be_found(self) -> None:
        one = finding("heron", (0, 100), (0, 100))
        self.assertFalse(scoring.judge(TWO, [one]).is_found)
        self.assertTrue(scoring.judge(TWO, [one, finding("tide", (150, 250), (50, 150))]).is_found)

    def test_spans_count_characters(self) -> None:
        self.assertAlmostEqual(scoring.f1([(0, 50)], [(0, 100)]), 2 / 3)
        self.assertAlmostEqual(scoring.f1([(0, 40), (30, 60)], [(0, 60)]), 1.0)
        self.assertEqual(scoring.f1([], [(0, 60)]), 0.0)

    def test_a_shared_passage_asks_for_all_its_works(self) -> None:
        half = scoring.judge(SHARED, [finding("tide", (0, 100))])
        self.assertEqual((half.is_found, scoring.named_share(half)), (True, 0.5))
        for answer in ([finding("tide", (0, 90), shared_with=["heron"])],
                       [finding("tide", (0, 90)), finding("heron", (0, 90))]):
            self.assertEqual(scoring.named_share(scoring.judge(SHARED, answer)), 1.0)

    def test_reuse_is_never_false_and_an_unrelated_row_always(self) -> None:
        answer = [finding("heron", (0, 50))]
        self.assertEqual(scoring.judge(REUSE, answer).false, ())
        self.assertEqual(len(scoring.judge(NOTHING, answer).false), 1)

    def test_a_summary_of_all_rows(self) -> None:
        judged = [
            scoring.judge(COPY, [finding("heron", (100, 200), (1000, 1100), score=10.0)]),
            scoring.judge(TWO, [finding("raven", (0, 100))]),
            scoring.judge(SHARED, [finding("tide", (0, 100), shared_with=["heron"])]),
            scoring.judge(NOTHING, [finding("heron", (0, 50), score=15.0)]),
            scoring.judge(REUSE, [finding("heron", (0, 50))]),
        ]
        line = scoring.summary(judged)
        self.assertEqual((line.recall, line.recall_above_false), (0.5, 0.0))
        self.assertEqual((line.row_precision, line.finding_precision), (0.5, 0.5))
        self.assertEqual((line.false_rows, line.negative_rows), (1, 1))
        self.assertAlmostEqual(line.wrong_work_rate, 1 / 3)
        self.assertEqual((line.shared_found, line.shared_fully_named), (1.0, 1.0))

    def test_truth_and_answers_are_read_as_written(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "queries.jsonl"
            truth.write(path, [COPY, SHARED, REUSE])
            self.assertEqual(list(truth.read(path)), [COPY, SHARED, REUSE])
            answers = Path(folder) / "answers.jsonl"
            told = {"work_id": "heron", "query_start": 1, "query_end": 2, "work_start": 3, "work_end": 4, "score": 5}
            lines = [{"id": "0", "findings": [told]}, {"cost": {"scan_mb_s": 3.5}}]
            answers.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
            found, cost = scoring.read_answers(answers)
            self.assertEqual((found["0"][0].query, found["0"][0].e_value, cost), ((1, 2), None, {"scan_mb_s": 3.5}))


class Sharing(unittest.TestCase):
    """Thirteen words in a row, wherever the same letters stand."""

    def test_thirteen_words_are_reuse_and_twelve_are_not(self) -> None:
        index = Index([" ".join(WORDS)])
        for count, is_unrelated in ((12, True), (13, False)):
            text = "before " + "; ".join(WORDS[5 : 5 + count]).upper() + " after"
            self.assertEqual(index.is_unrelated(text, 13), is_unrelated)

    def test_a_shared_passage_says_how_much_and_where(self) -> None:
        text = " ".join(WORDS)
        index = Index(["nothing of the kind is here", text])
        (found,) = index.shared("x y z " + " ".join(WORDS[20:37]))
        self.assertEqual((found.work, found.words), (1, 17.0))
        self.assertEqual(text[found.work_start : found.work_end], " ".join(WORDS[20:37]))
        self.assertAlmostEqual(found.share, 0.85)

    def test_two_characters_without_blanks_are_a_word(self) -> None:
        work = "".join(chr(0x4E00 + number) for number in range(100))
        index = Index([work])
        self.assertFalse(index.is_unrelated(work[10:36], 13))
        self.assertTrue(index.is_unrelated(work[10:35], 13))
        self.assertEqual(word_count(work[:20]), 10)
        self.assertEqual(word_count("\u0e01" * 8 + " and two"), 4)

    def test_a_passage_that_stands_twice_is_known(self) -> None:
        index = Index([" ".join([*WORDS, *WORDS[:30]])])
        self.assertEqual(index.repeats(" ".join(WORDS[:20]), 0), 1.0)
        self.assertEqual(index.repeats(" ".join(WORDS[35:55]), 0), 0.0)

    def test_scripts_are_told_by_most_letters(self) -> None:
        self.assertEqual(dominant("\u6771\u4eac\u306f\u5927\u304d\u3044")[0], "japanese")
        self.assertEqual(dominant("\u5317\u4eac\u662f\u9996\u90fd abc")[0], "han")
        self.assertEqual(dominant("12 34"), ("none", 0.0))

    def test_short_works_are_whole_paragraphs(self) -> None:
        text = "\n\n".join(f"Saying {number} has some ten words in all, as it happens." for number in range(40))
        for seed in range(20):
            made = works.short(text, random.Random(seed))
            self.assertTrue(not made or all(part in text.split("\n\n") for part in made.split("\n\n")))

    def test_boilerplate_has_no_places_left_to_fill(self) -> None:
        for seed in range(60):
            self.assertNotRegex(boilerplate.notice(random.Random(seed)), r"\{\w+\}")


if __name__ == "__main__":
    unittest.main()
