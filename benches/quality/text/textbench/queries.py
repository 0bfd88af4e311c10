"""Rows that hold passages of registered works, and the truth about each."""

from __future__ import annotations

import random
from collections.abc import Sequence

from textbench import attacks
from textbench.attacks import LONG_ROW, MIXTURE, TWO_WORKS, VERBATIM, Attack
from textbench.offsets import Mapped, joined
from textbench.scripts import WORD, word_count
from textbench.studio import Passage, Studio
from textbench.truth import COPY, SHARED, Place, Row

# A work that has so much of a passage has that passage.
SAME_SHARE = 0.8
LONG_CHARACTERS = (20_000, 200_000)
SHARED_EDITS = (VERBATIM, "case", "whitespace", "punctuation", "ocr-1%", "html", "hyphens")
SHARED_WORDS_MIN = 20


def copy(attack: Attack, words: int, number: int, studio: Studio, rng: random.Random) -> Row | None:
    """A row with a passage of so many words, altered; None where no work has one."""
    script = studio.draw_script(number, rng)
    passage = studio.passage(words, script, rng) or studio.passage(words, "latin", rng)
    if passage is None:
        return None
    padded = number % 4 in (1, 2)
    around = studio.around(script, rng) if padded else ("", "")
    source = Mapped.passage(passage.text, passage.start)
    passages = [passage]
    if attack.name == TWO_WORKS:
        other = studio.passage(words, studio.draw_script(rng.randrange(64), rng), rng) or passage
        passages.append(other)
        row = two(passages, studio, rng, around)
    elif attack.name == LONG_ROW:
        row = inside_long(source, script, studio, rng)
    else:
        chain = attacks.mixed(rng) if attack.name == MIXTURE else (attack,)
        row = attacks.applied(chain, source, *around, rng)
    return told(row, passages, studio, Row(
        f"{attack.name}-{words}-{number:03}", attack.group, attack.name, words, passage.script, COPY, row.text,
    ))


def two(passages: list[Passage], studio: Studio, rng: random.Random, around: tuple[str, str]) -> Mapped:
    """Two passages one after the other, with a chunk of unrelated text between them."""
    between = Mapped.foreign(f"\n\n{studio.chunk(passages[0].script, rng)}\n\n")
    first, second = (
        Mapped.passage(passage.text, passage.start, source) for source, passage in enumerate(passages)
    )
    return attacks.framed(joined([first, between, second]), *around)


def inside_long(source: Mapped, script: str, studio: Studio, rng: random.Random) -> Mapped:
    """A passage somewhere in a row as long as a chapter or a book."""
    low, high = LONG_CHARACTERS
    wanted = round(low * (high / low) ** rng.random())
    around: list[str] = []
    while sum(map(len, around)) < wanted:
        around.append(studio.chunk(script if rng.random() < 0.7 else "latin", rng))
    at = rng.randint(0, len(around))
    return attacks.framed(source, "\n\n".join(around[:at]), "\n\n".join(around[at:]))


def told(row: Mapped, passages: Sequence[Passage], studio: Studio, shown: Row) -> Row:
    """A row with its places, and with the other works that say the same."""
    places = tuple(
        Place(studio.works[passages[span.source].work].work_id, span.query_start, span.query_end,
              span.work_start, span.work_end)
        for span in row.spans()
    )
    own = {place.work_id for place in places}
    same: set[str] = set()
    partly: set[str] = set()
    for passage in passages:
        for one in studio.index.shared(passage.text):
            (same if one.share >= SAME_SHARE else partly).add(studio.works[one.work].work_id)
    return Row(**{
        **vars(shown), "truth": places, "shared_with": tuple(sorted(same - own)),
        "partly_with": tuple(sorted(partly - own - same)),
    })


def whole_short_work(number: int, studio: Studio, rng: random.Random) -> Row:
    """The whole of a short work, between unrelated paragraphs in half of the rows."""
    short = [i for i, work in enumerate(studio.works) if work.form == "short"]
    work = studio.works[short[number % len(short)]]
    around = studio.around(work.script, rng) if rng.random() < 0.5 else ("", "")
    row = attacks.framed(Mapped.passage(work.text, 0), *around)
    words = len(studio.words(studio.number[work.work_id])[0])
    passage = Passage(studio.number[work.work_id], 0, work.text, work.script)
    return told(row, [passage], studio, Row(
        f"{attacks.WHOLE}-{number:03}", "whole", attacks.WHOLE, words, work.script, COPY, row.text,
    ))


def shared(text: str, number: int, studio: Studio, rng: random.Random) -> Row | None:
    """A passage that several works quote, lightly altered; None where fewer than two hold it now."""
    holders = [one for one in studio.index.shared(text) if one.share >= SAME_SHARE]
    if len(holders) < 2:
        return None
    attack = rng.choice([attack for attack in attacks.ATTACKS if attack.name in SHARED_EDITS])
    script = studio.works[holders[0].work].script
    around = studio.around(script, rng) if rng.random() < 0.5 else ("", "")
    row = attacks.applied((attack,), Mapped.passage(text, 0), *around, rng)
    (span,) = row.spans()
    places = []
    for one in holders:
        begin = studio.works[one.work].text.find(text)
        low, high = (begin + span.work_start, begin + span.work_end) if begin >= 0 else (one.work_start, one.work_end)
        places.append(Place(studio.works[one.work].work_id, span.query_start, span.query_end, low, high))
    partly = (studio.works[one.work].work_id for one in studio.index.shared(text) if one.share < SAME_SHARE)
    return Row(
        f"shared-{number:03}", "shared", attack.name, word_count(text), script, SHARED, row.text,
        tuple(sorted(places, key=lambda place: place.work_id)),
        tuple(sorted(place.work_id for place in places)), tuple(sorted(partly)),
    )


def third_passages(studio: Studio, count: int, rng: random.Random) -> list[str]:
    """Passages that at least two works hold: of the planted texts, and of what they share anyway."""
    passages = []
    for third in studio.thirds:
        words = list(word_spans(third.text))
        wanted = rng.choice((len(words), rng.randint(SHARED_WORDS_MIN, max(SHARED_WORDS_MIN, len(words)))))
        first = rng.randint(0, max(0, len(words) - wanted))
        chosen = words[first : first + wanted]
        passages.append(third.text[chosen[0][0] : chosen[-1][1]])
    natural = studio.index.common()
    rng.shuffle(natural)
    for work, token in natural:
        if len(passages) >= count:
            break
        text = studio.works[work].text
        stream = studio.index.streams[work]
        start = int(stream.starts[token])
        chosen = list(word_spans(text[start : start + 2_000]))[: rng.randint(SHARED_WORDS_MIN, 60)]
        part = text[start : start + chosen[-1][1]]
        if not any(part in other or other in part for other in passages):
            passages.append(part)
    return passages


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where words begin and end."""
    return [match.span() for match in WORD.finditer(text)]
