"""Every edit keeps its offsets: what a row says of a work, the work says too."""

from __future__ import annotations

import html
import json
import random
import sys
import unicodedata
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from textbench import attacks, edits, markup, ocr
from textbench.attacks import ATTACKS, Attack
from textbench.offsets import STRIDE, Mapped, joined

ENGLISH = (
    "The office kept its files in eleven cabinets. Nobody had opened the fifth of them since the flood; "
    "it was said that a difficult clerk, \u201cafflicted by figures\u201d, had locked it.\n\nCaf\u00e9 owners "
    "told the story differently & better. In their version the key \u2014 a small one \u2014 was never lost."
)
TEXTS = {
    "english": ENGLISH,
    "russian": "\u0411\u044b\u043b \u0445\u043e\u043b\u043e\u0434\u043d\u044b\u0439 \u0432\u0435\u0447\u0435\u0440. "
    "\u041d\u0438\u043a\u0442\u043e \u043d\u0435 \u0436\u0434\u0430\u043b \u0433\u043e\u0441\u0442\u0435\u0439, \u043d\u043e "
    "\u0434\u0432\u0435\u0440\u044c \u043e\u0442\u043a\u0440\u044b\u043b\u0430\u0441\u044c \u0441\u043d\u043e\u0432\u0430.",
    "japanese": "\u6625\u306f\u3042\u3051\u307c\u306e\u3002\u3084\u3046\u3084\u3046\u767d\u304f\u306a\u308a\u3086\u304f"
    "\u5c71\u304e\u306f\u3001\u3059\u3053\u3057\u3042\u304b\u308a\u3066\u3002\u590f\u306f\u591c\u3002\u6708\u306e\u3053\u308d",
    "arabic": "\u0628\u0650\u0633\u0652\u0645\u0650 \u0627\u0644\u0644\u0651\u064e\u0647\u0650 \u0648\u0643\u0627\u0646 "
    "\u0627\u0644\u0628\u064a\u062a \u0642\u0631\u064a\u0628\u0627 \u0645\u0646 \u0627\u0644\u0628\u062d\u0631",
    "korean": "\ub098\ub294 \uc5b4\uc81c \uc2dc\uc7a5\uc5d0\uc11c \ucc45\uc744 \uc0c0\ub2e4. "
    "\uadf8 \ucc45\uc740 \uc624\ub798\ub41c \uac83\uc774\ub2e4.",
    "thai": "\u0e27\u0e31\u0e19\u0e19\u0e35\u0e49\u0e1d\u0e19\u0e15\u0e01"
    "\u0e17\u0e31\u0e49\u0e07\u0e27\u0e31\u0e19\u0e41\u0e25\u0e30\u0e1f\u0e49\u0e32\u0e21\u0e37\u0e14",
    "hindi": "\u092f\u0939 \u092a\u0941\u0938\u094d\u0924\u0915 "
    "\u092c\u0939\u0941\u0924 \u092a\u0941\u0930\u093e\u0928\u0940 \u0939\u0948\u0964 "
    "\u0909\u0938\u0928\u0947 \u0915\u0932 \u0907\u0938\u0947 \u092a\u0922\u093c\u093e \u0964",
    "hebrew": "\u05d1\u05b0\u05bc\u05e8\u05b5\u05d0\u05e9\u05c1\u05b4\u05d9\u05ea \u05d1\u05b8\u05bc\u05e8\u05b8\u05d0",
}
START = 700
BEFORE, AFTER = "Something else stands here.", "And something else there."


def letters(text: str) -> str:
    """Letters and digits only, folded: what no edit of layout or markup may change."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text)).casefold()
    return "".join(char for char in folded if char.isalnum())


def row(attack: Attack, text: str, seed: int) -> Mapped:
    """A passage at `START` of a work, between two other texts, attacked."""
    return attacks.applied((attack,), Mapped.passage(text, START), BEFORE, AFTER, random.Random(seed))


class EveryAttack(unittest.TestCase):
    """What must hold for each attack in each script."""

    def each(self) -> list[tuple[str, str, Mapped, str]]:
        """Attacks on texts by turns."""
        return [
            (attack.name, name, row(attack, text, seed), text)
            for attack in ATTACKS for name, text in TEXTS.items() for seed in range(12)
        ]

    def test_the_span_of_the_work_lies_in_the_passage(self) -> None:
        for attack, name, made, text in self.each():
            with self.subTest(attack=attack, text=name):
                (span,) = made.spans()
                self.assertTrue(START <= span.work_start < span.work_end <= START + len(text))
                self.assertTrue(0 <= span.query_start < span.query_end <= len(made.text))
                if not attack.startswith("ocr"):
                    self.assertGreaterEqual(span.work_end - span.work_start, 0.8 * len(text))

    def test_nothing_of_the_frame_is_in_the_span_of_the_row(self) -> None:
        for attack, name, made, _ in self.each():
            with self.subTest(attack=attack, text=name):
                (span,) = made.spans()
                self.assertGreater(span.query_start, len("something"))
                self.assertLess(span.query_end, len(made.text) - len("something"))
                self.assertTrue((made.first[: span.query_start] < 0).all())
                self.assertTrue((made.first[span.query_end :] < 0).all())

    def test_a_character_that_stays_maps_to_itself(self) -> None:
        for attack, name, made, text in self.each():
            with self.subTest(attack=attack, text=name):
                for place in range(len(made.text)):
                    first, last = int(made.first[place]), int(made.last[place])
                    if first >= 0 and last == first + 1 and attack in ("verbatim", "whitespace", "hyphens", "markdown"):
                        was = text[first - START]
                        self.assertTrue(made.text[place] == was or made.text[place].isspace() == was.isspace())

    def test_the_same_seed_gives_the_same_row(self) -> None:
        for attack in ATTACKS:
            self.assertEqual(row(attack, ENGLISH, 5).text, row(attack, ENGLISH, 5).text)


class SingleEdits(unittest.TestCase):
    """What each edit does, and what it must leave."""

    def made(self, editor: edits.Editor, text: str, seed: int = 3) -> str:
        """A passage after an edit."""
        return editor(Mapped.passage(text, 0), random.Random(seed)).text

    def test_layout_and_case_leave_all_letters(self) -> None:
        for editor in (edits.case, edits.blanks, edits.punctuation, markup.wrapped):
            for text in TEXTS.values():
                for seed in range(8):
                    self.assertEqual(letters(self.made(editor, text, seed)), letters(text))

    def test_entities_and_tags_come_off_again(self) -> None:
        for seed in range(8):
            page = self.made(markup.html, ENGLISH, seed)
            body = page.partition('"article">')[2].partition("<footer>")[0]
            plain = html.unescape("".join(part.partition(">")[2] for part in f">{body}".split("<")))
            self.assertEqual(letters(plain), letters(ENGLISH))

    def test_a_json_string_is_read_back(self) -> None:
        for text in TEXTS.values():
            for seed in range(8):
                made = self.made(markup.json_string, text + "\U0001d11e", seed)
                value = json.loads(made if made.startswith('{"id"') else f'"{made}"')
                self.assertEqual(value["text"] if isinstance(value, dict) else value, text + "\U0001d11e")

    def test_pages_of_a_pdf_have_ligatures_heads_and_numbers(self) -> None:
        made = "".join(self.made(markup.pdf, ENGLISH, seed) for seed in range(8))
        for sign in ("\ufb01", "\x0c", *markup.RUNNING_HEADS[:1]):
            self.assertIn(sign, made)

    def test_errors_come_at_their_rate(self) -> None:
        text = "mind the grey harbour light " * 200
        written = sum(not char.isspace() for char in text)
        for percent in (1, 3, 5):
            mapped = ocr.misread(percent / 100)(Mapped.passage(text, 0), random.Random(1))
            kept = sum(mapped.text[i] == text[mapped.first[i]] for i in range(len(mapped.text)) if mapped.first[i] >= 0)
            # What is put in leaves all that was there.
            expected = (1 - ocr.SHARES[2]) * percent / 100 * written
            self.assertAlmostEqual((len(text) - kept) / expected, 1.0, delta=0.25)

    def test_lines_are_broken_in_long_words_and_writing_without_blanks(self) -> None:
        for text in ("\u6771" * 333, "a" * 500 + " b " + "\u0e01" * 61, "ab\u6771 " * 90):
            for seed in range(20):
                self.assertEqual(letters(self.made(markup.wrapped, text, seed)), letters(text))

    def test_other_words_are_of_the_same_text_and_as_many(self) -> None:
        words = [f"word{number}" for number in range(200)]
        made = self.made(edits.other_words(0.1), " ".join(words)).split()
        self.assertEqual(sum(a != b for a, b in zip(words, made, strict=True)), 20)
        self.assertTrue(set(made) <= set(words))

    def test_reordering_keeps_every_character_and_its_place(self) -> None:
        mapped = markup.reordered(Mapped.passage(ENGLISH, 0), random.Random(2))
        self.assertNotEqual(letters(mapped.text), letters(ENGLISH))
        self.assertEqual(sorted(place for place in mapped.first.tolist() if place >= 0), list(range(len(ENGLISH))))
        for place, char in zip(mapped.first.tolist(), mapped.text, strict=True):
            self.assertTrue(place < 0 or ENGLISH[place] == char)

    def test_marks_decompose_widen_or_take_points_out(self) -> None:
        self.assertIn("\u1102", self.made(edits.decomposed, TEXTS["korean"]))
        self.assertTrue(self.made(edits.wide, "Heron").startswith("\uff28"))
        self.assertFalse(any(map(unicodedata.combining, self.made(edits.unpointed, TEXTS["hebrew"]))))
        self.assertIn("\ufe8f", self.made(edits.presentation, "\u0628\u064a\u062a"))

    def test_two_sources_keep_apart(self) -> None:
        both = joined([Mapped.passage("heron", 5), Mapped.foreign(" and "), Mapped.passage("tide", 9, source=1)])
        first, second = both.spans()
        self.assertEqual((first.source, first.query_start, first.query_end, first.work_start), (0, 0, 5, 5))
        self.assertEqual((second.source, second.query_start, second.work_start, second.work_end), (1, 10, 9, 13))
        self.assertGreater(STRIDE, 1 << 32)

    def test_a_range_made_shorter_covers_all_of_it(self) -> None:
        made = Mapped.passage("burn", 40).edited([(2, 4, "m")])
        (span,) = made.spans()
        self.assertEqual((made.text, span.work_start, span.work_end, span.query_end), ("bum", 40, 44, 3))

    def test_edits_out_of_order_are_refused(self) -> None:
        with self.assertRaises(ValueError):
            Mapped.passage("heron", 0).edited([(3, 4, "x"), (1, 2, "y")])


if __name__ == "__main__":
    unittest.main()
