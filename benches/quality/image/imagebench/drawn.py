"""What is drawn instead of collected: fonts, words, badges, pages, windows, charts, plain fields."""

from __future__ import annotations

import colorsys
import math
import random
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from imagebench.picture import Colour

FONT_FOLDER = Path("/usr/share/fonts/truetype/dejavu")
FONTS = (
    "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf",
    "DejaVuSansMono.ttf", "DejaVuSansCondensed.ttf", "DejaVuSerifCondensed-Italic.ttf",
)
SYLLABLES = {
    "latin": "an ber co da el fi ga ho in ja ka lo mer na or pa qui ra sen tu ul ver wa xi yo the of".split(),
    "cyrillic": "ан бе во га дом ел жи за ин ка ло ме на ор по ра се ту ум фо ха це ча ша ык эн юг яр".split(),
    "greek": "αν βε γα δο ελ ζη θε ιν κα λο με να ξε ομ πα ρα σε τη υλ φω χα ψι ων και το".split(),
}
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@lru_cache(maxsize=256)
def typeface(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A DejaVu face, or the one Pillow brings where DejaVu is not installed."""
    path = FONT_FOLDER / name
    return ImageFont.truetype(str(path), size) if path.exists() else ImageFont.load_default(size)


def font(rng: random.Random, size: int) -> ImageFont.FreeTypeFont:
    """A random face of the given size in pixels."""
    return typeface(rng.choice(FONTS), max(6, size))


def word(rng: random.Random, script: str = "latin") -> str:
    """A word of no language."""
    return "".join(rng.choice(SYLLABLES[script]) for _ in range(rng.choice((1, 1, 2, 2, 3, 4))))


def sentence(rng: random.Random, count: int, script: str = "latin") -> str:
    """So many words, the first with a capital."""
    return " ".join(word(rng, script) for _ in range(count)).capitalize()


def colour(rng: random.Random, *, light: bool | None = None) -> Colour:
    """A random colour; light or dark on request."""
    lightness = {None: (0.15, 0.85), True: (0.8, 0.97), False: (0.05, 0.3)}[light]
    shade = colorsys.hls_to_rgb(rng.random(), rng.uniform(*lightness), rng.uniform(0.1, 0.9))
    return tuple(round(255 * part) for part in shade)  # type: ignore[return-value]


def paragraph(
    draw: ImageDraw.ImageDraw, rng: random.Random, box: tuple[int, int, int, int], size: int, *,
    ink: Colour = BLACK, script: str = "latin", face: ImageFont.FreeTypeFont | None = None,
) -> int:
    """Fills a box with lines of words; returns where the last one ends."""
    face = face or font(rng, size)
    left, top, right, bottom = box
    while top + size <= bottom:
        line = word(rng, script).capitalize()
        while draw.textlength(line, face) < (right - left) * 0.86:
            line += " " + word(rng, script)
        while draw.textlength(line, face) > right - left and " " in line:
            line = line.rsplit(" ", 1)[0]
        draw.text((left, top), line + rng.choice(("", "", ",", ".")), ink, face)
        top += round(size * 1.4)
    return top


def badge(rng: random.Random, side: int) -> Image.Image:
    """A round face, a star or a round logo on nothing."""
    layer = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(layer)
    sort = rng.choice(("face", "star", "logo"))
    ink = colour(rng)
    if sort == "star":
        reach = [side / 2 if turn % 2 == 0 else 0.45 * side / 2 for turn in range(10)]
        draw.polygon([
            (side / 2 + far * math.sin(turn * math.pi / 5), side / 2 - far * math.cos(turn * math.pi / 5))
            for turn, far in enumerate(reach)
        ], ink)
        return layer
    ground = (250, 205, 60) if sort == "face" else ink
    draw.ellipse((0, 0, side - 1, side - 1), ground, BLACK, max(1, side // 40))
    if sort == "logo":
        text = word(rng).upper()[:4]
        face = typeface("DejaVuSans-Bold.ttf", max(8, side // 3))
        draw.text((side / 2, side / 2), text, WHITE, face, anchor="mm")
        return layer
    for x in (0.33, 0.67):
        draw.ellipse((side * (x - 0.06), side * 0.28, side * (x + 0.06), side * 0.46), BLACK)
    draw.arc((side * 0.22, side * 0.3, side * 0.78, side * 0.8), 20, 160, BLACK, max(2, side // 20))
    return layer


def text_page(rng: random.Random) -> Image.Image:
    """A page of words: a letter, an article in columns, a listing, a slide."""
    width, height = rng.choice(((800, 1130), (640, 900), (1000, 750), (720, 720)))
    ink, paper = (BLACK, WHITE) if rng.random() < 0.8 else (colour(rng, light=True), colour(rng, light=False))
    page = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(page)
    script = rng.choice(("latin", "latin", "latin", "cyrillic", "greek"))
    size = rng.randint(11, 26)
    margin = width // rng.choice((8, 12, 20))
    layout = rng.choice(("letter", "columns", "listing", "slide"))
    top = margin
    if layout != "listing":
        face = font(rng, size * 2)
        draw.text((margin, top), sentence(rng, 3, script), ink, face)
        top += size * 3
    if layout == "columns":
        count = rng.choice((2, 3))
        room = (width - (count + 1) * margin // 2) // count
        for column in range(count):
            left = margin // 2 + column * (room + margin // 2)
            paragraph(draw, rng, (left, top, left + room, height - margin), size, ink=ink, script=script)
    elif layout == "letter":
        while top < height - margin - 3 * size:
            end = min(height - margin, top + rng.randint(3, 9) * size)
            top = paragraph(draw, rng, (margin, top, width - margin, end), size, ink=ink, script=script) + size
    else:
        face = typeface("DejaVuSansMono.ttf", size) if layout == "listing" else font(rng, size)
        while top < height - margin:
            indent = rng.randint(0, 4) * size if layout == "listing" else 0
            lead = f"{rng.randint(1, 99)}: " if layout == "listing" else "\u2022 "
            draw.text((margin + indent, top), lead + sentence(rng, rng.randint(2, 8), script), ink, face)
            top += round(size * (1.4 if layout == "listing" else 2.2))
    return page


def window(rng: random.Random) -> Image.Image:
    """A plain dialog or list window of a desktop program."""
    width, height = rng.randint(420, 1000), rng.randint(300, 760)
    face = typeface("DejaVuSans.ttf", rng.randint(11, 15))
    shade = rng.randint(225, 250)
    made = Image.new("RGB", (width, height), (shade, shade, shade))
    draw = ImageDraw.Draw(made)
    draw.rectangle((0, 0, width, 28), colour(rng, light=rng.random() < 0.5))
    draw.text((10, 6), sentence(rng, 3), BLACK, face)
    for index in range(3):
        draw.ellipse((width - 24 * (index + 1), 7, width - 24 * (index + 1) + 14, 21), colour(rng))
    top = 44
    while top < height - 90:
        sort = rng.choice(("label", "entry", "check", "list", "radio"))
        if sort == "list":
            draw.rectangle((16, top, width - 16, top + 76), WHITE, (150, 150, 150))
            for row in range(4):
                if rng.random() < 0.25:
                    draw.rectangle((17, top + 2 + row * 18, width - 17, top + 18 + row * 18), (180, 210, 250))
                draw.text((22, top + 2 + row * 18), sentence(rng, rng.randint(2, 6)), BLACK, face)
            top += 90
            continue
        if sort == "entry":
            draw.rectangle((140, top - 2, width - 16, top + 20), WHITE, (150, 150, 150))
            draw.text((146, top), sentence(rng, 2), BLACK, face)
        if sort == "check":
            draw.rectangle((width // 2, top, width // 2 + 14, top + 14), WHITE, BLACK)
        if sort == "radio":
            draw.ellipse((width // 2, top, width // 2 + 14, top + 14), WHITE, BLACK)
        draw.text((16, top), sentence(rng, 1)[:16], BLACK, face)
        top += 32
    for index, label in enumerate(("Cancel", "OK", "Help")[: rng.randint(1, 3)]):
        left = width - 110 * (index + 1)
        draw.rounded_rectangle((left, height - 42, left + 96, height - 14), 4, (235, 235, 235), (130, 130, 130))
        draw.text((left + 48, height - 28), label, BLACK, face, anchor="mm")
    return made


def chart(rng: random.Random) -> Image.Image:
    """Bars, lines, points or a pie with axes and a legend."""
    width, height = rng.choice(((640, 480), (800, 500), (560, 560)))
    made = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(made)
    face = typeface("DejaVuSans.ttf", 12)
    box = (70, 50, width - 40, height - 60)
    draw.text((width / 2, 24), sentence(rng, 4), BLACK, typeface("DejaVuSans.ttf", 16), anchor="mm")
    sort = rng.choice(("bars", "lines", "points", "pie"))
    if sort == "pie":
        start = rng.uniform(0, 360)
        shares = [rng.uniform(1, 5) for _ in range(rng.randint(3, 7))]
        radius = (box[3] - box[1]) / 2
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        round_box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
        for share in shares:
            end = start + 360 * share / sum(shares)
            draw.pieslice(round_box, start, end, colour(rng), BLACK)
            start = end
        return made
    draw.rectangle(box, None, BLACK)
    for step in range(6):
        y = box[3] - step * (box[3] - box[1]) / 5
        draw.line((box[0], y, box[2], y), (210, 210, 210))
        draw.text((box[0] - 8, y), f"{step * rng.choice((2, 10, 25))}", BLACK, face, anchor="rm")
    for series in range(rng.randint(1, 4)):
        ink = colour(rng)
        count = rng.randint(4, 14) if sort == "bars" else rng.randint(10, 80)
        level, values = rng.random(), []
        for _ in range(count):
            level = min(1.0, max(0.0, level + rng.gauss(0, 0.15)))
            values.append(level)
        points = [
            (box[0] + (index + 0.5) * (box[2] - box[0]) / count, box[3] - value * (box[3] - box[1]))
            for index, value in enumerate(values)
        ]
        if sort == "lines":
            draw.line(points, ink, rng.randint(1, 3))
        for x, y in points:
            if sort == "bars":
                half = (box[2] - box[0]) / count / (3 + series)
                draw.rectangle((x - half, y, x + half, box[3]), ink)
            elif sort == "points":
                draw.ellipse((x - 3, y - 3, x + 3, y + 3), ink)
        top = box[1] + 8 + 18 * series
        draw.rectangle((box[2] - 120, top, box[2] - 108, top + 12), ink)
        draw.text((box[2] - 102, top - 1), word(rng), BLACK, face)
    return made


def gradient(rng: random.Random) -> Image.Image:
    """From one colour to another, straight or round."""
    width, height = rng.randint(300, 1000), rng.randint(300, 800)
    y, x = np.mgrid[0:height, 0:width]
    angle = rng.uniform(0, 2 * math.pi)
    along = x * math.cos(angle) + y * math.sin(angle)
    if rng.random() < 0.4:
        along = np.hypot(x - rng.uniform(0, width), y - rng.uniform(0, height))
    along = ((along - along.min()) / np.ptp(along))[..., None]
    one, other = np.array(colour(rng)), np.array(colour(rng))
    return Image.fromarray((one * (1 - along) + other * along).astype(np.uint8))


def solid(rng: random.Random) -> Image.Image:
    """One colour."""
    size = (rng.randint(200, 900), rng.randint(200, 900))
    return Image.new("RGB", size, rng.choice((WHITE, BLACK, colour(rng))))


def static(rng: random.Random) -> Image.Image:
    """Noise: white, or of clouds."""
    width, height = rng.randint(300, 800), rng.randint(300, 800)
    source = np.random.default_rng(rng.getrandbits(64))
    channels = rng.choice((1, 3))
    made = source.random((height, width, channels))
    if rng.random() < 0.5:
        spectrum = np.fft.fft2(made, axes=(0, 1))
        radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None])
        slope = np.maximum(radius, 1 / width)[..., None] ** rng.uniform(0.7, 1.6)
        made = np.fft.ifft2(spectrum / slope, axes=(0, 1)).real
    made = (made - made.min()) / np.ptp(made)
    return Image.fromarray((255 * np.repeat(made, 3 // channels, axis=2)).astype(np.uint8))


def logo(rng: random.Random) -> Image.Image:
    """A mark and a word on a plain ground."""
    width, height = rng.randint(300, 900), rng.randint(200, 500)
    grounds = (WHITE, WHITE, colour(rng, light=True), colour(rng, light=False))
    made = Image.new("RGB", (width, height), rng.choice(grounds))
    side = min(height, width) // 2
    made.paste(mark := badge(rng, side), (width // 12, (height - side) // 2), mark)
    ImageDraw.Draw(made).text(
        (width // 8 + side, height / 2), word(rng).upper(), colour(rng), font(rng, height // 6), anchor="lm",
    )
    return made


def flat(rng: random.Random) -> Image.Image:
    """A drawing of plain shapes, as in a poster or a slide."""
    width, height = rng.randint(400, 1000), rng.randint(400, 900)
    made = Image.new("RGB", (width, height), colour(rng, light=True))
    draw = ImageDraw.Draw(made)
    for _ in range(rng.randint(4, 25)):
        x, y = rng.uniform(-0.1, 1) * width, rng.uniform(-0.1, 1) * height
        w, h = rng.uniform(0.05, 0.5) * width, rng.uniform(0.05, 0.5) * height
        sort = rng.choice(("box", "round", "ellipse", "triangle", "line"))
        ink = colour(rng)
        if sort == "box":
            draw.rectangle((x, y, x + w, y + h), ink)
        elif sort == "round":
            draw.rounded_rectangle((x, y, x + w, y + h), min(w, h) / 4, ink)
        elif sort == "ellipse":
            draw.ellipse((x, y, x + w, y + h), ink)
        elif sort == "triangle":
            draw.polygon([(x, y + h), (x + w, y + h), (x + w * rng.random(), y)], ink)
        else:
            draw.line((x, y, x + w, y + h), ink, rng.randint(2, 14))
    return made.filter(ImageFilter.GaussianBlur(0.4))
