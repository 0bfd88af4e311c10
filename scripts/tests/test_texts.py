"""Quotations and the checks that keep the truth of texts true."""

from __future__ import annotations

import random
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from realmedia import plaintext, texts
from realmedia.items import Asset

ENGLISH = " ".join(f"word{i}" for i in range(400))
OTHER = " ".join(f"other{i}" for i in range(400))


def asset(work_id: str, text: str) -> Asset:
    """A work registered as plain text."""
    return Asset(work_id, work_id, "text", Path(f"{work_id}.txt"), Path(), "package", text=text)


class Quotations(unittest.TestCase):
    """A quotation's place in host and work, and which passages may be quoted."""

    def test_the_spans_of_a_quotation_hold_the_quoted_words(self) -> None:
        passages = texts.Passages({"work": ENGLISH})
        item = texts.quotation(random.Random(1), asset("work", ENGLISH), OTHER, 50, passages)
        assert item is not None and isinstance(item.payload, str)
        spans = item.spans
        quoted = item.payload[spans.query_start : spans.query_end]
        self.assertEqual(quoted, ENGLISH[spans.work_start : spans.work_end])
        self.assertEqual(len(quoted.split()), 50)

    def test_a_passage_of_two_works_is_not_quoted(self) -> None:
        passages = texts.Passages({"one": ENGLISH, "two": ENGLISH})
        self.assertEqual(passages.related(), [("one", "two")])
        self.assertIsNone(texts.quotation(random.Random(1), asset("one", ENGLISH), OTHER, 50, passages))

    def test_eight_words_of_a_work_make_a_text_related(self) -> None:
        passages = texts.Passages({"work": ENGLISH})
        self.assertTrue(passages.is_unrelated(OTHER + " " + " ".join(ENGLISH.split()[:7])))
        self.assertFalse(passages.is_unrelated(OTHER + " " + " ".join(ENGLISH.split()[:8]).upper()))

    def test_two_japanese_characters_count_as_a_word(self) -> None:
        self.assertEqual(plaintext.word_count("日本語の文 and two"), 4)
        self.assertEqual(texts.tokens("日本 Word"), ["日", "本", "word"])


class Markup(unittest.TestCase):
    """What is left of a page."""

    def test_menus_and_heads_are_dropped_and_paragraphs_kept(self) -> None:
        page = (
            "<html><head><title>T</title><meta></head><body><ul class='docnav'><li><img>Next</ul>"
            "<h1>One</h1><p>Two <b>three</b><br>four &amp; five</p></body></html>"
        )
        self.assertEqual(plaintext.from_html(page), "One\n\nTwo three\n\nfour & five")


if __name__ == "__main__":
    unittest.main()
