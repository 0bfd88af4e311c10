"""Books out of JSON, message catalogs, help pages, Markdown and numbered verses."""

from __future__ import annotations

import json
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from realmedia import formats, plaintext


def catalog(messages: dict[str, str]) -> bytes:
    """A message catalog as msgfmt writes it, without its optional hash table."""
    keys = sorted(messages)
    table = 28 + 16 * len(keys)
    strings, places = b"", []
    for text in (*keys, *(messages[key] for key in keys)):
        encoded = text.encode()
        places += [len(encoded), table + len(strings)]
        strings += encoded + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return head + struct.pack(f"<{len(places)}I", *places) + strings


class Formats(unittest.TestCase):
    """What is kept of each format, and in which order."""

    def test_verses_give_their_translation_and_no_names(self) -> None:
        verses = [{"id": 1, "text": "original", "translation": "One."}, {"id": 2, "translation": "Two."}]
        chapter = {"id": 1, "translation": "The Title", "verses": verses}
        self.assertEqual(formats.from_json(json.dumps([chapter]).encode()), "One.\n\nTwo.")

    def test_nested_lists_and_texts_inside_sections_keep_their_order(self) -> None:
        self.assertEqual(formats.from_json(b'[["a", "b"], ["c"]]'), "a\n\nb\n\nc")
        country = {"Land": {"Area": {"text": "wide"}, "Coast": {"text": "long", "note": {"text": "very"}}}}
        self.assertEqual(formats.from_json(json.dumps(country).encode()), "wide\n\nlong\n\nvery")

    def test_messages_are_sentences_without_marks(self) -> None:
        long = "Die _Datei konnte nicht ge\u00f6ffnet werden."
        payload = catalog({"": "Content-Type: text/plain; charset=UTF-8\n", "open": long, "ok": "_Ja"})
        self.assertEqual(formats.from_messages(payload), "Die Datei konnte nicht ge\u00f6ffnet werden.")

    def test_a_help_page_is_its_blocks_without_credits(self) -> None:
        page = (
            b'<page xmlns="http://projectmallard.org/1.0/"><info><desc>Short.</desc></info><title>Keys</title>'
            b"<list><item><p>Press <key>A</key>\n now.</p></item></list><!-- note --><p>Done.</p></page>"
        )
        self.assertEqual(formats.from_mallard(page), "Keys\n\nPress A now.\n\nDone.")

    def test_a_play_loses_its_marks_and_keeps_its_lines(self) -> None:
        self.assertEqual(formats.from_markdown(b"## ACT I\n\n**ANN**  \nWho's _there_?"), "ACT I\n\nANN\nWho's there?")

    def test_a_bible_in_a_module_is_its_longest_string(self) -> None:
        module = b'"""About."""\nbible = Bible(\n    """\nFirst verse. Second verse.\nNext paragraph."""\n)\n'
        self.assertEqual(formats.from_python_bible(module), "First verse. Second verse.\n\nNext paragraph.")

    def test_numbered_verses_are_gathered_by_chapter(self) -> None:
        lines = "=001 Genesis\nGe 1:1 X 1:1 one \nGe 1:2 X 1:2 two \nGe 2:1 X 2:1 three \n"
        self.assertEqual(formats.from_numbered_verses(lines.encode()), "one\ntwo\n\nthree")

    def test_colours_of_a_terminal_are_no_text(self) -> None:
        self.assertEqual(plaintext.from_fortunes("\x1b[32mone\x1b[m\n%\ntwo\n"), "one\n\ntwo\n")


if __name__ == "__main__":
    unittest.main()
