"""Single alterations of a picture. Each takes the picture, the studio and the query's generator."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from imagebench import drawn
from imagebench.picture import Colour, Picture, encoded, shifting
from imagebench.studio import Studio, noise_source

Step = Callable[[Picture, Studio, random.Random], Picture]
CORNERS: tuple[Colour, ...] = ((0, 0, 0), (255, 255, 255))


def pixels(change: Callable[[Image.Image, random.Random], Image.Image]) -> Step:
    """A step that changes pixels where they are."""
    def step(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
        return picture.changed(change(picture.image, rng))

    return step


def recoded(form: str, quality: int) -> Step:
    """Written and read again with losses."""
    def change(image: Image.Image, _rng: random.Random) -> Image.Image:
        with Image.open(io.BytesIO(encoded(image, form, quality))) as again:
            return again.convert("RGB")

    return pixels(change)


def thumbnail(side: int) -> Step:
    """A preview whose longer side is `side` pixels."""
    return lambda picture, _studio, _rng: picture.fitted(side)


def half(picture: Picture, _studio: Studio, _rng: random.Random) -> Picture:
    """Half as wide and high."""
    return picture.resized((picture.size[0] // 2, picture.size[1] // 2))


def grey(image: Image.Image, _rng: random.Random) -> Image.Image:
    """Without colour."""
    return image.convert("L").convert("RGB")


def enhanced(kind: type, *factors: float) -> Step:
    """Brightness, contrast or saturation times one of the factors."""
    return pixels(lambda image, rng: kind(image).enhance(rng.choice(factors)))


def hue(image: Image.Image, rng: random.Random) -> Image.Image:
    """All colours shifted around the wheel by 30 to 90 degrees either way."""
    shift = round(rng.choice((-1, 1)) * rng.uniform(30, 90) / 360 * 256)
    bands = list(image.convert("HSV").split())
    bands[0] = bands[0].point([(value + shift) % 256 for value in range(256)])
    return Image.merge("HSV", bands).convert("RGB")


def gamma(image: Image.Image, rng: random.Random) -> Image.Image:
    """Midtones lifted or sunk."""
    power = rng.choice((0.6, 1.7))
    return image.point([round(255 * (value / 255) ** power) for value in range(256)] * 3)


def blur(share: float) -> Step:
    """A Gaussian whose sigma is a share of the longer side."""
    return pixels(lambda image, _rng: image.filter(ImageFilter.GaussianBlur(share * max(image.size))))


def noise(image: Image.Image, rng: random.Random) -> Image.Image:
    """Grain in every channel, 12 to 25 of 255."""
    grain = noise_source(rng).normal(0, rng.uniform(12, 25), (*image.size[::-1], 3))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def sharpened(image: Image.Image, rng: random.Random) -> Image.Image:
    """An unsharp mask."""
    return image.filter(ImageFilter.UnsharpMask(radius=2, percent=rng.randint(120, 250), threshold=2))


def sepia(image: Image.Image, _rng: random.Random) -> Image.Image:
    """Brown tones of one brightness."""
    return ImageOps.colorize(image.convert("L"), (20, 10, 0), (255, 240, 200), (150, 110, 70))


def posterised(image: Image.Image, rng: random.Random) -> Image.Image:
    """Three to five bits a channel."""
    return ImageOps.posterize(image, rng.randint(3, 5))


def pixelated(image: Image.Image, rng: random.Random) -> Image.Image:
    """Blocks, 48 to 80 of them along the longer side."""
    scale = rng.randint(48, 80) / max(image.size)
    small = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(small, Image.Resampling.BOX).resize(image.size, Image.Resampling.NEAREST)


def edges(image: Image.Image, rng: random.Random) -> Image.Image:
    """Outlines, white on black or black on white."""
    small = image.copy()
    small.thumbnail((800, 800), Image.Resampling.LANCZOS)
    outlines = small.convert("L").filter(ImageFilter.GaussianBlur(1)).filter(ImageFilter.FIND_EDGES)
    outlines = ImageOps.autocontrast(outlines, cutoff=1)
    return (ImageOps.invert(outlines) if rng.random() < 0.5 else outlines).resize(image.size).convert("RGB")


def transposed(method: Image.Transpose) -> Step:
    """Mirrored, or turned by right angles."""
    def step(picture: Picture, _studio: Studio, _rng: random.Random) -> Picture:
        width, height = picture.size
        matrix = {
            Image.Transpose.FLIP_LEFT_RIGHT: [[-1, 0, width], [0, 1, 0]],
            Image.Transpose.FLIP_TOP_BOTTOM: [[1, 0, 0], [0, -1, height]],
            # PIL turns the other way round.
            Image.Transpose.ROTATE_270: [[0, -1, height], [1, 0, 0]],
            Image.Transpose.ROTATE_180: [[-1, 0, width], [0, -1, height]],
            Image.Transpose.ROTATE_90: [[0, 1, 0], [-1, 0, width]],
        }[method]
        return picture.moved(picture.image.transpose(method), np.array([*matrix, [0, 0, 1]], float))

    return step


def watermarked(image: Image.Image, rng: random.Random) -> Image.Image:
    """Half-transparent words, once in the middle or all over."""
    text = rng.choice(("SAMPLE", "PREVIEW ONLY", "(c) Harbour Pictures", "DRAFT", "stock photo 4471"))
    opacity = rng.randint(90, 140)
    colour = (*rng.choice(((255, 255, 255), (255, 255, 255), (0, 0, 0), (200, 30, 30))), opacity)
    side = round(1.5 * max(image.size))
    layer = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(layer)
    if rng.random() < 0.5:
        font = drawn.font(rng, max(9, image.width // 24))
        step_x, step_y = draw.textlength(text, font) * 1.5, image.width / 8
        for row in range(int(side / step_y) + 1):
            for column in range(int(side / step_x) + 1):
                draw.text((column * step_x + row % 2 * step_x / 2, row * step_y), text, colour, font)
    else:
        font = drawn.font(rng, max(10, round(1.1 * image.width / len(text))))
        draw.text((side / 2, side / 2), text, colour, font, anchor="mm")
    layer = layer.rotate(rng.choice((0, 20, 30, -25)), Image.Resampling.BICUBIC)
    left, top = (side - image.width) // 2, (side - image.height) // 2
    layer = layer.crop((left, top, left + image.width, top + image.height))
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def badge(image: Image.Image, rng: random.Random) -> Image.Image:
    """A logo or a face over five to eight hundredths of the area."""
    side = round(math.sqrt(rng.uniform(0.05, 0.08) * image.width * image.height / 0.785))
    side = min(side, *image.size)
    layer = image.convert("RGBA")
    mark = drawn.badge(rng, side)
    layer.alpha_composite(mark, (rng.randint(0, image.width - side), rng.randint(0, image.height - side)))
    return layer.convert("RGB")


def turned(degrees: float, *, inside: bool) -> Step:
    """Turned either way, with plain corners, or cut to what is free of them."""
    def step(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
        angle = math.radians(degrees) * rng.choice((-1, 1))
        width, height = picture.size
        cos, sin = math.cos(angle), math.sin(angle)
        size = (
            round(width * abs(cos) + height * abs(sin)), round(width * abs(sin) + height * abs(cos)),
        )
        turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]])
        matrix = shifting(size[0] / 2, size[1] / 2) @ turn @ shifting(-width / 2, -height / 2)
        whole = picture.warped(matrix, size, rng.choice(CORNERS))
        if not inside:
            return whole
        free_x, free_y = inner_rectangle(width, height, abs(angle))
        left, top = (size[0] - free_x) / 2 + 1, (size[1] - free_y) / 2 + 1
        return whole.cropped((math.ceil(left), math.ceil(top), int(left + free_x - 2), int(top + free_y - 2)))

    return step


def inner_rectangle(width: float, height: float, angle: float) -> tuple[float, float]:
    """The sides of the largest upright rectangle within a turned one."""
    long, short = max(width, height), min(width, height)
    sin, cos = math.sin(angle), math.cos(angle)
    if short <= 2 * sin * cos * long:
        half_short = short / 2
        free = (half_short / sin, half_short / cos)
        return free if width >= height else free[::-1]
    cos_double = cos * cos - sin * sin
    return (width * cos - height * sin) / cos_double, (height * cos - width * sin) / cos_double


def crop(area: float) -> Step:
    """A random part of the picture with the same aspect and that share of its area."""
    def step(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
        width, height = (round(side * math.sqrt(area)) for side in picture.size)
        left, top = rng.randint(0, picture.size[0] - width), rng.randint(0, picture.size[1] - height)
        return picture.cropped((left, top, left + width, top + height))

    return step


def aspect(factor: float) -> Step:
    """Stretched or squeezed sideways."""
    return lambda picture, _studio, _rng: picture.resized((round(picture.size[0] * factor), picture.size[1]))


def bordered(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
    """A frame of one colour, a tenth of each side wide."""
    return padded(picture, rng, picture.size[0] // 10, picture.size[1] // 10)


def letterboxed(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
    """Bars above and below, or left and right, a sixth to a third of that side each."""
    share = rng.uniform(1 / 6, 1 / 3)
    if rng.random() < 0.6:
        return padded(picture, rng, 0, round(share * picture.size[1]), plain=True)
    return padded(picture, rng, round(share * picture.size[0]), 0, plain=True)


def padded(picture: Picture, rng: random.Random, x: int, y: int, *, plain: bool = False) -> Picture:
    """Room of one colour on both sides."""
    fill = rng.choice(CORNERS) if plain or rng.random() < 0.5 else drawn.colour(rng)
    size = (picture.size[0] + 2 * x, picture.size[1] + 2 * y)
    return Picture(Image.new("RGB", size, fill)).with_pasted(picture, (x, y))


def perspective(picture: Picture, _studio: Studio, rng: random.Random) -> Picture:
    """Each corner drawn in by up to a tenth of the sides."""
    width, height = picture.size
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    drawn_in = [[rng.uniform(0, 0.1) * width, rng.uniform(0, 0.1) * height] for _ in frame]
    corners = frame + inward * np.array(drawn_in, np.float32)
    matrix = cv2.getPerspectiveTransform(frame, corners.astype(np.float32))
    return picture.warped(matrix, picture.size, rng.choice(CORNERS))


def half_covered(picture: Picture, studio: Studio, rng: random.Random) -> Picture:
    """A flat box or another picture over one half."""
    width, height = picture.size
    side = rng.choice(("left", "right", "top", "bottom"))
    size = (width // 2, height) if side in ("left", "right") else (width, height // 2)
    at = (width - size[0] if side == "right" else 0, height - size[1] if side == "bottom" else 0)
    lines = {
        "left": (1.0, 0.0, -size[0]), "right": (-1.0, 0.0, at[0]),
        "top": (0.0, 1.0, -size[1]), "bottom": (0.0, -1.0, at[1]),
    }
    flat = Picture(Image.new("RGB", size, drawn.colour(rng)))
    cover = flat if rng.random() < 0.5 else studio.other(rng).covering(size)
    kept = tuple(work.cut(lines[side]) for work in picture.placed)
    return Picture(picture.image, kept, picture.sources).with_pasted(cover, at)


def embedded(share: float) -> Step:
    """Pasted into a picture nobody registered, at that share of its width."""
    def step(picture: Picture, studio: Studio, rng: random.Random) -> Picture:
        around = studio.other(rng)
        scale = rng.randint(900, 1400) / max(around.size)
        around = around.resized((round(around.size[0] * scale), round(around.size[1] * scale)))
        width = round(share * around.size[0])
        height = round(width * picture.size[1] / picture.size[0])
        if height > 0.95 * around.size[1]:
            width, height = round(width * 0.95 * around.size[1] / height), round(0.95 * around.size[1])
        small = picture.resized((width, height))
        at = (rng.randint(0, around.size[0] - width), rng.randint(0, around.size[1] - height))
        return around.with_pasted(small, at)

    return step


def collage(works: int) -> Step:
    """Two by two cells, so many of them works, the rest pictures nobody registered."""
    def step(picture: Picture, studio: Studio, rng: random.Random) -> Picture:
        cell = rng.choice(((480, 480), (560, 420), (420, 560)))
        gap = rng.choice((0, 6, 14))
        taken = {work.work_id for work in picture.placed}
        shown = [picture]
        for index in range(1, 4):
            shown.append(studio.another_work(rng, taken) if index < works else studio.other(rng))
            taken |= {work.work_id for work in shown[-1].placed}
        rng.shuffle(shown)
        size = (2 * cell[0] + 3 * gap, 2 * cell[1] + 3 * gap)
        sheet = Picture(Image.new("RGB", size, rng.choice(CORNERS)))
        for index, one in enumerate(shown):
            at = (gap + index % 2 * (cell[0] + gap), gap + index // 2 * (cell[1] + gap))
            sheet = sheet.with_pasted(one.covering(cell), at)
        return sheet

    return step
