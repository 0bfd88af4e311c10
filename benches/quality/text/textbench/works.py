"""The registered side: books, documents and short texts, with third texts that several quote."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field, replace
from pathlib import Path

from textbench.pool import BIBLES, Group, Section
from textbench.scripts import WORD, dominant, word_count

CATALOG_COLUMNS = ("work_id", "title", "rightsholder", "media", "path", "reservation")
# A group stays wholly unregistered by this chance, unless its script is rare.
LEFT_OUT = 0.12
REGISTERED_SHARE = (0.3, 0.55)
# One book of a group: consecutive sections as one work of up to so many characters.
BOOK_CHANCE = 0.6
BOOK_MIN_GROUP = 500_000
BOOK_CHARACTERS = (250_000, 2_500_000)
DOCUMENTS_MAX = 5
SHORTS_MAX = 3
SHORT_WORDS = (10, 150)
DOCUMENT_MIN_WORDS = 60
# Third texts: how many, how long, and in how many works each stands.
THIRD_TEXTS = 48
THIRD_WORDS = (22, 220)
THIRD_WORKS = (2, 5)
QUOTING_MIN_CHARACTERS = 4_000


@dataclass
class Work:
    """A registered work; `planted` says which third texts it quotes."""

    work_id: str
    title: str
    group: str
    form: str
    text: str
    script: str = ""
    planted: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sides:
    """What is registered, and what is left to be unrelated."""

    works: list[Work]
    unrelated: list[Section]


def deal(groups: list[Group], seed: int) -> Sides:
    """Deals every group's sections out to the two sides."""
    rng = random.Random(f"{seed}:sides")
    held_out_bible = rng.choice(BIBLES)
    scripts = [group.script for group in groups]
    # So few groups of a script are all dealt out: every seed asks about every script.
    works: list[Work] = []
    unrelated: list[Section] = []
    for group in groups:
        is_rare = scripts.count(group.script) <= 3
        if group.name == held_out_bible or (rng.random() < LEFT_OUT and not is_rare):
            unrelated += group.sections
            continue
        made, rest = registered(group, random.Random(f"{seed}:{group.name}"))
        works += made
        unrelated += rest
    rng.shuffle(works)
    for number, work in enumerate(works):
        work.work_id = f"text-{number:03}"
        work.script = dominant(work.text[:20_000])[0]
    return Sides(works, unrelated)


def registered(group: Group, rng: random.Random) -> tuple[list[Work], list[Section]]:
    """The works of a group, and the sections that stay out of them."""
    budget = round(group.characters * rng.uniform(*REGISTERED_SHARE))
    rest = list(group.sections)
    works = []
    if group.characters >= BOOK_MIN_GROUP and rng.random() < BOOK_CHANCE:
        taken = consecutive(rest, min(budget, rng.randint(*BOOK_CHARACTERS)), rng)
        rest = [section for section in rest if section not in taken]
        works.append(Work("", f"Book: {taken[0].name}", group.name, "book", "\n\n".join(s.text for s in taken)))
        budget -= len(works[0].text)
    long_enough = [section for section in rest if word_count(section.text[:2_000]) >= DOCUMENT_MIN_WORDS]
    for section in rng.sample(long_enough, min(rng.randint(2, DOCUMENTS_MAX), len(long_enough) // 2)):
        if len(section.text) <= max(budget, 60_000):
            budget -= len(section.text)
            rest.remove(section)
            works.append(Work("", section.name, group.name, "document", section.text))
    for section in rng.sample(rest, min(rng.randint(0, SHORTS_MAX), len(rest) // 3)):
        text = short(section.text, rng)
        if text:
            # What is left of the section is unrelated.
            rest[rest.index(section)] = replace(section, text=section.text.replace(text, "\n\n"))
            works.append(Work("", f"Short: {section.name}", group.name, "short", text))
    return works, rest


def consecutive(sections: list[Section], characters: int, rng: random.Random) -> list[Section]:
    """Sections in a row from a random one, up to a length."""
    start = rng.randrange(len(sections))
    taken: list[Section] = []
    for section in [*sections[start:], *sections[:start]]:
        if taken and sum(len(s.text) for s in taken) + len(section.text) > characters:
            break
        taken.append(section)
    return taken


def short(text: str, rng: random.Random) -> str:
    """Whole paragraphs of together 10 to 150 words, such as a saying or a poem; empty without one."""
    paragraphs = [part.strip() for part in text.split("\n\n")]
    wanted = round(SHORT_WORDS[0] * (SHORT_WORDS[1] / SHORT_WORDS[0]) ** rng.random())
    for _ in range(20):
        first = rng.randrange(len(paragraphs))
        for last in range(first + 1, min(first + 6, len(paragraphs) + 1)):
            run = "\n\n".join(paragraphs[first:last])
            if wanted <= (words := word_count(run)) <= max(1.5 * wanted, 20) and words <= SHORT_WORDS[1]:
                return run
    return ""


@dataclass(frozen=True)
class ThirdText:
    """A text by somebody else that several works quote."""

    text: str
    works: list[str]


def plant(sides: Sides, seed: int) -> list[ThirdText]:
    """Quotes third texts in works, each at the end of a paragraph; the source is not registered."""
    rng = random.Random(f"{seed}:third texts")
    by_script: dict[str, list[Work]] = {}
    for work in sides.works:
        if len(work.text) >= QUOTING_MIN_CHARACTERS:
            by_script.setdefault(work.script, []).append(work)
    planted: list[ThirdText] = []
    while len(planted) < THIRD_TEXTS:
        section = rng.choice(sides.unrelated)
        text = stretch(section.text, rng.randint(*THIRD_WORDS), rng)
        script, share = dominant(text)
        hosts = by_script.get(script, [])
        if share < 0.7 or len(hosts) < THIRD_WORKS[0] or word_count(text) < THIRD_WORDS[0]:
            continue
        chosen = rng.sample(hosts, min(rng.randint(*THIRD_WORKS), len(hosts)))
        for work in chosen:
            work.text = quoted(work.text, text, rng)
            work.planted.append(text)
        planted.append(ThirdText(text, sorted(work.work_id for work in chosen)))
    return planted


def quoted(text: str, third: str, rng: random.Random) -> str:
    """A text with another one quoted between two of its paragraphs, never inside an earlier quote."""
    gaps = [i for i in range(len(text) - 1) if text[i : i + 2] == "\n\n"] or [len(text)]
    gap = rng.choice(gaps)
    return f"{text[:gap]}\n\n\u201c{third}\u201d\n\n{text[gap:].lstrip()}"


def stretch(text: str, words: int, rng: random.Random) -> str:
    """So many whole words in a row from a random place."""
    found = list(WORD.finditer(text))
    first = rng.randint(0, max(0, len(found) - words))
    chosen = found[first : first + words]
    return text[chosen[0].start() : chosen[-1].end()] if chosen else ""


def write(works: list[Work], to: Path) -> None:
    """Writes the works' files and catalog.csv."""
    (to / "works").mkdir(exist_ok=True)
    with (to / "catalog.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(CATALOG_COLUMNS)
        for work in works:
            path = to / "works" / f"{work.work_id}.txt"
            path.write_text(work.text, encoding="utf-8", newline="")
            holder = f"{work.group.partition(':')[0]} rights"
            writer.writerow([work.work_id, work.title, holder, "text", f"works/{path.name}", "train"])


def read_catalog(bench: Path) -> dict[str, str]:
    """The registered texts by work."""
    with (bench / "catalog.csv").open(newline="", encoding="utf-8") as file:
        return {line["work_id"]: (bench / line["path"]).read_text(encoding="utf-8") for line in csv.DictReader(file)}
