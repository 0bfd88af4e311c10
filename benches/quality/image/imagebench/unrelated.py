"""Query files that hold nothing registered: what a matcher must stay silent on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from imagebench import drawn, screens
from imagebench.attacks import ON_UNRELATED
from imagebench.picture import Picture
from imagebench.queries import store
from imagebench.studio import Studio
from imagebench.truth import UNRELATED, Truth

# Of a hundred unrelated queries that are not altered; what is left are other pictures of the
# packages that works come from.
SHARES = {
    "translated": 9, "text": 14, "document": 5, "screenshot": 6, "window": 7, "chart": 6, "logo": 4,
    "flat": 5, "gradient": 3, "solid": 1.5, "noise": 3,
}
ALTERED_SHARE = 0.3
SERIES, ALTERED = "series", "altered"
# What an altered one shows: a translated screenshot, a picture of the series, or else a drawing.
TRANSLATED_ALTERED, SERIES_ALTERED = 0.08, 0.7
DRAWN: dict[str, Callable[[random.Random], object]] = {
    "text": drawn.text_page, "window": drawn.window, "chart": drawn.chart, "logo": drawn.logo,
    "flat": drawn.flat, "gradient": drawn.gradient, "solid": drawn.solid, "noise": drawn.static,
}


def planned(studio: Studio, seed: int, count: int) -> Iterator[tuple[str, str]]:
    """Every unrelated query to make: its kind, and the picture it shows or nothing."""
    rng = random.Random(f"{seed}:unrelated")
    series = rng.sample(studio.others, len(studio.others))
    translated = rng.sample(studio.translated, len(studio.translated))
    altered = round(count * ALTERED_SHARE)
    left = count - altered
    for kind, share in SHARES.items():
        made = round((count - altered) * share / 100)
        names = translated[:made] if kind == "translated" else [""] * made
        left -= len(names)
        yield from ((kind, name) for name in names)
    shown, rest = series[:left], series[left:]
    yield from ((SERIES, name) for name in shown)
    # Where a small collection has no more pictures, the altered ones alter those already shown.
    rest = rest or shown
    for index in range(altered):
        lot = rng.random()
        if lot < TRANSLATED_ALTERED and translated:
            yield ALTERED, rng.choice(translated)
        else:
            yield ALTERED, rest[index % len(rest)] if lot < SERIES_ALTERED else ""


def make(kind: str, name: str, studio: Studio, rng: random.Random, target: Path) -> list[Truth]:
    """One unrelated query; the file name of an altered one says by which attack."""
    if kind == ALTERED:
        attack = rng.choice(ON_UNRELATED)
        made = studio.unregistered(name) if name else plain(rng.choice(list(DRAWN)), studio, rng)
        made = attack.applied(made, studio, rng)
        target = target.with_name(f"{target.name}-{attack.name}")
        written = store(made.image, target, rng, attack.encoding)
    else:
        made = studio.unregistered(name) if name else plain(kind, studio, rng)
        written = store(made.image, target, rng, None)
    assert not made.placed
    file = f"{written.parent.name}/{written.name}"
    return [Truth(file, f"unrelated-{kind}", UNRELATED, sources=";".join(made.sources))]


def plain(kind: str, studio: Studio, rng: random.Random) -> Picture:
    """What is drawn, or composed of unregistered pictures."""
    if kind == "screenshot":
        return rng.choice((screens.web, screens.mobile))(studio.other(rng), studio, rng)
    if kind == "document":
        page = Picture(drawn.text_page(rng))
        one = studio.other(rng)
        one = screens.within(one, page.size[0] // 2, page.size[1] // 2)
        return page.with_pasted(one, ((page.size[0] - one.size[0]) // 2, page.size[1] // 3))
    return Picture(DRAWN[kind](rng))  # type: ignore[arg-type]
