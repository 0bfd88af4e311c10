"""Screenshots: pages of a browser and of a telephone with one to three pictures in them."""

from __future__ import annotations

import random

from PIL import Image, ImageDraw

from imagebench import drawn
from imagebench.drawn import BLACK, WHITE, sentence, typeface, word
from imagebench.picture import Colour, Picture
from imagebench.studio import Studio

Room = tuple[int, int, int, int]

# How often one picture, two or three are shown.
COUNTS = (1, 1, 2, 3)
WORK_BESIDE = 0.6


def web(picture: Picture, studio: Studio, rng: random.Random) -> Picture:
    """A browser window with an article, a shop or a gallery."""
    return browser(shown(picture, studio, rng, rng.choice(COUNTS)), rng)


def mobile(picture: Picture, studio: Studio, rng: random.Random) -> Picture:
    """A telephone's screen with a feed, a chat or a picture opened over black."""
    return telephone(shown(picture, studio, rng, rng.choice((1, 1, 2))), rng)


def shown(picture: Picture, studio: Studio, rng: random.Random, count: int) -> list[Picture]:
    """The picture and what stands beside it: of an unregistered one nothing registered."""
    pictures = [picture]
    taken = {work.work_id for work in picture.placed}
    for _ in range(count - 1):
        if taken and rng.random() < WORK_BESIDE:
            pictures.append(studio.another_work(rng, taken))
            taken |= {work.work_id for work in pictures[-1].placed}
        else:
            pictures.append(studio.other(rng))
    rng.shuffle(pictures)
    return pictures


def browser(pictures: list[Picture], rng: random.Random) -> Picture:
    """Tabs, an address, a side bar, words, and the pictures."""
    width, height = rng.choice(((1280, 800), (1440, 900), (1366, 768), (1100, 900)))
    dark = rng.random() < 0.25
    paper, ink = ((28, 30, 34), (225, 225, 225)) if dark else (WHITE, (30, 30, 30))
    image = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(image)
    face = typeface("DejaVuSans.ttf", 13)
    chrome = (50, 52, 58) if dark else (222, 225, 230)
    draw.rectangle((0, 0, width, 82), chrome)
    for index in range(rng.randint(2, 5)):
        left = 10 + index * 190
        draw.rounded_rectangle((left, 8, left + 180, 44), 8, paper if index == 0 else chrome)
        draw.ellipse((left + 10, 18, left + 24, 32), drawn.colour(rng))
        draw.text((left + 32, 18), sentence(rng, 2)[:18], ink, face)
    draw.rounded_rectangle((110, 46, width - 90, 76), 14, paper)
    draw.text((126, 54), f"https://www.{word(rng)}{word(rng)}.org/{word(rng)}/{rng.randint(1, 9999)}", ink, face)
    for index in range(3):
        draw.ellipse((14 + index * 30, 52, 32 + index * 30, 70), None, ink, 2)
    side = rng.choice((0, 180, 240))
    if side:
        for row in range(14):
            draw.text((20, 110 + row * 34), sentence(rng, 2)[:22], ink, face)
        draw.line((side, 82, side, height), (140, 140, 140))
    draw.text((side + 30, 96), sentence(rng, 5), ink, typeface("DejaVuSerif-Bold.ttf", 28))
    draw.ellipse((side + 30, 140, side + 62, 172), drawn.colour(rng))
    draw.text((side + 72, 148), sentence(rng, 3), (120, 120, 120), face)
    page = Picture(image)
    room = (side + 30, 186, width - 30, height - 20)
    if len(pictures) > 1:
        return gallery(page, pictures, room, rng, ink)
    return article(page, pictures[0], room, rng, ink)


def article(
    page: Picture, picture: Picture, room: Room, rng: random.Random, ink: Colour,
) -> Picture:
    """Words beside or below one picture."""
    share = rng.uniform(0.4, 0.75)
    one = within(picture, round(share * (room[2] - room[0])), room[3] - room[1] - 40)
    draw = ImageDraw.Draw(page.image)
    on_right = rng.random() < 0.5
    left = room[2] - one.size[0] if on_right else room[0]
    free = (room[0], left - 20) if on_right else (left + one.size[0] + 20, room[2])
    face = typeface("DejaVuSerif.ttf", 15)
    drawn.paragraph(draw, rng, (free[0], room[1], free[1], room[3]), 15, ink=ink, face=face)
    top = room[1] + one.size[1]
    draw.text((left, top + 6), sentence(rng, 6)[:60], (120, 120, 120), typeface("DejaVuSans.ttf", 12))
    if room[3] - top > 70:
        below = (left, top + 34, left + one.size[0], room[3])
        drawn.paragraph(draw, rng, below, 15, ink=ink, face=face)
    return page.with_pasted(one, (left, room[1]))


def gallery(
    page: Picture, pictures: list[Picture], room: Room, rng: random.Random, ink: Colour,
) -> Picture:
    """Pictures side by side with a caption and a line of words each."""
    gap = rng.choice((12, 24))
    each = (room[2] - room[0] - gap * (len(pictures) - 1)) // len(pictures)
    in_cells = rng.random() < 0.4
    face, bold = typeface("DejaVuSans.ttf", 13), typeface("DejaVuSans-Bold.ttf", 14)
    for index, picture in enumerate(pictures):
        left = room[0] + index * (each + gap)
        cell = (each, round(each * 0.75))
        one = picture.covering(cell) if in_cells else within(picture, each, room[3] - room[1] - 80)
        page = page.with_pasted(one, (left, room[1]))
        draw = ImageDraw.Draw(page.image)
        top = room[1] + one.size[1]
        draw.text((left, top + 8), sentence(rng, 3)[:30], ink, bold)
        drawn.paragraph(draw, rng, (left, top + 32, left + each, room[3]), 13, ink=ink, face=face)
    return page


def telephone(pictures: list[Picture], rng: random.Random) -> Picture:
    """A status bar, a head with a portrait, the pictures at full width with words between them."""
    width, height = rng.choice(((720, 1480), (750, 1334), (640, 1386)))
    dark = rng.random() < 0.35
    paper, ink = ((0, 0, 0), (235, 235, 235)) if dark else (WHITE, BLACK)
    page = Picture(Image.new("RGB", (width, height), paper))
    draw = ImageDraw.Draw(page.image)
    bold, plain = typeface("DejaVuSans-Bold.ttf", 24), typeface("DejaVuSans.ttf", 22)
    draw.text((30, 14), f"{rng.randint(0, 23)}:{rng.randint(0, 59):02}", ink, plain)
    draw.rectangle((width - 80, 18, width - 36, 36), None, ink, 2)
    draw.rectangle((width - 76, 22, width - 76 + rng.randint(8, 36), 32), ink)
    draw.text((30, 58), sentence(rng, 1), ink, typeface("DejaVuSans-Bold.ttf", 36))
    top = 120
    inset = rng.choice((0, 0, 24, 70))
    for picture in pictures:
        draw = ImageDraw.Draw(page.image)
        draw.ellipse((24, top, 84, top + 60), drawn.colour(rng))
        draw.text((98, top + 4), sentence(rng, 2)[:24], ink, bold)
        draw.text((98, top + 34), f"{rng.randint(1, 23)} h", (130, 130, 130), typeface("DejaVuSans.ttf", 18))
        top += 76
        one = within(picture, width - 2 * inset, round(0.72 * height / len(pictures)) - 120, enlarge=True)
        page = page.with_pasted(one, (inset if inset else (width - one.size[0]) // 2, top))
        top += one.size[1] + 16
        draw = ImageDraw.Draw(page.image)
        draw.polygon([(30, top + 14), (44, top + 4), (58, top + 14), (44, top + 34)], (220, 40, 70))
        draw.ellipse((90, top + 4, 120, top + 34), None, ink, 3)
        draw.text((140, top + 6), f"{rng.randint(2, 9999)}", ink, plain)
        words = (24, top + 48, width - 24, top + 48 + rng.choice((32, 64, 96)))
        top = drawn.paragraph(draw, rng, words, 22, ink=ink, face=plain) + 14
    draw = ImageDraw.Draw(page.image)
    drawn.paragraph(draw, rng, (24, top, width - 24, height - 110), 22, ink=ink, face=plain)
    draw.rectangle((0, height - 96, width, height), (24, 24, 26) if dark else (246, 246, 246))
    for index in range(5):
        left = round((index + 0.5) * width / 5)
        draw.ellipse((left - 18, height - 66, left + 18, height - 30), None, (130, 130, 130), 4)
    return page


def within(picture: Picture, width: int, height: int, *, enlarge: bool = False) -> Picture:
    """As large as a frame allows; a little enlarged at most, or up to the frame."""
    scale = min(width / picture.size[0], height / picture.size[1], 1e9 if enlarge else 2.0)
    return picture.resized((round(picture.size[0] * scale), round(picture.size[1] * scale)))
