"""A picture on its way to a query, and where in it the works are.

Every alteration says by a homography where each point goes, so that the truth about boxes, mirroring
and rotation holds after any number of them.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from imagebench.truth import Box

Image.MAX_IMAGE_PIXELS = None
Colour = tuple[int, int, int]
UNIT_SQUARE = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


@dataclass(frozen=True)
class Placed:
    """A work in a picture.

    `to_picture` takes points of the work, in shares of its sides, to pixels; `visible` is the convex
    part of the work that is still to be seen.
    """

    work_id: str
    to_picture: np.ndarray
    visible: np.ndarray

    def then(self, matrix: np.ndarray, size: tuple[int, int]) -> Placed:
        """After a change of the picture, cut by the new frame."""
        width, height = size
        moved = replace(self, to_picture=matrix @ self.to_picture)
        return moved.cut((1, 0, 0)).cut((-1, 0, width)).cut((0, 1, 0)).cut((0, -1, height))

    def cut(self, line: tuple[float, float, float]) -> Placed:
        """Only what is on the side of the picture where `a x + b y + c` is positive."""
        within = np.array(line, float) @ self.to_picture
        return replace(self, visible=clipped(self.visible, within))

    @property
    def share(self) -> float:
        """How much of the work is visible."""
        x, y = self.visible.T if len(self.visible) else (np.zeros(1), np.zeros(1))
        return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2

    def query_box(self, size: tuple[int, int]) -> Box:
        """The bounding box in the picture, in shares of its sides."""
        return bounds(project(self.to_picture, self.visible) / np.array(size))

    def work_box(self) -> Box:
        """The bounding box of what is visible of the work."""
        return bounds(self.visible)

    def orientation(self, work_aspect: float) -> tuple[int, float]:
        """Mirrored or not, and the clockwise turn in degrees that follows.

        `work_aspect` is width by height of the work; without it a stretched work would seem turned.
        """
        middle = self.visible.mean(0)
        step = 1e-3
        ahead = middle + np.array([[0, 0], [step / work_aspect, 0], [0, step]])
        origin, right, down = project(self.to_picture, ahead)
        across, along = right - origin, down - origin
        flip = across[0] * along[1] - across[1] * along[0] < 0
        if flip:
            across = -across
        # The turn nearest to both axes: they need not stay at right angles.
        turned = across / np.linalg.norm(across) + np.array([along[1], -along[0]]) / np.linalg.norm(along)
        degrees = math.degrees(math.atan2(turned[1], turned[0])) % 360
        return int(flip), round(degrees, 1) % 360


@dataclass(frozen=True)
class Picture:
    """Pixels, the works in them, and the collected files they come from."""

    image: Image.Image
    placed: tuple[Placed, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.image.size

    def changed(self, image: Image.Image) -> Picture:
        """Other pixels in the same place."""
        return replace(self, image=image)

    def moved(self, image: Image.Image, matrix: np.ndarray) -> Picture:
        """Other pixels after a change of place."""
        placed = tuple(work.then(matrix, image.size) for work in self.placed)
        return replace(self, image=image, placed=placed)

    def resized(self, size: tuple[int, int]) -> Picture:
        """The whole picture at another size."""
        width, height = max(1, size[0]), max(1, size[1])
        image = self.image.resize((width, height), Image.Resampling.LANCZOS)
        return self.moved(image, scaling(width / self.size[0], height / self.size[1]))

    def fitted(self, side_max: int) -> Picture:
        """No side longer than that; smaller pictures stay as they are."""
        scale = side_max / max(self.size)
        return self if scale >= 1 else self.resized((round(self.size[0] * scale), round(self.size[1] * scale)))

    def cropped(self, box: tuple[int, int, int, int]) -> Picture:
        """A part of the picture, in pixels."""
        return self.moved(self.image.crop(box), shifting(-box[0], -box[1]))

    def covering(self, size: tuple[int, int]) -> Picture:
        """Scaled until it covers a frame, what is over cut off on both sides alike."""
        scale = max(size[0] / self.size[0], size[1] / self.size[1])
        whole = self.resized((math.ceil(self.size[0] * scale), math.ceil(self.size[1] * scale)))
        left, top = (whole.size[0] - size[0]) // 2, (whole.size[1] - size[1]) // 2
        return whole.cropped((left, top, left + size[0], top + size[1]))

    def warped(self, matrix: np.ndarray, size: tuple[int, int], fill: Colour) -> Picture:
        """The picture under a homography, in a frame of the given size."""
        # OpenCV counts from the middle of a pixel, boxes from its corner.
        about = shifting(-0.5, -0.5) @ matrix @ shifting(0.5, 0.5)
        pixels = cv2.warpPerspective(
            np.asarray(self.image), about, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT,
            borderValue=fill,
        )
        return self.moved(Image.fromarray(pixels), matrix)

    def with_pasted(self, other: Picture, at: tuple[int, int]) -> Picture:
        """Another picture laid over this one; what it hides of works here is not cut off."""
        image = self.image.copy()
        image.paste(other.image, at)
        added = tuple(work.then(shifting(*at), image.size) for work in other.placed)
        return Picture(image, (*self.placed, *added), (*self.sources, *other.sources))


def opened(path: Path, side_min: int = 0) -> Image.Image:
    """A file as colours without transparency, turned as its camera says.

    With `side_min` a JPEG may come smaller, though no side shorter than that.
    """
    with Image.open(path) as file:
        if side_min:
            file.draft("RGB", (side_min, side_min))
        shown = ImageOps.exif_transpose(file)
        if shown.mode in ("I", "I;16", "F"):
            pixels = np.asarray(shown, np.float32)
            shown = Image.fromarray((255 * (pixels - pixels.min()) / max(np.ptp(pixels), 1)).astype(np.uint8))
        if "transparency" not in shown.info and shown.mode in ("RGB", "L", "CMYK", "1"):
            return shown.convert("RGB")
        shown = shown.convert("RGBA")
    flat = Image.new("RGBA", shown.size, "white")
    flat.alpha_composite(shown)
    return flat.convert("RGB")


def encoded(image: Image.Image, form: str, quality: int) -> bytes:
    """A picture as a file of the given format."""
    held = io.BytesIO()
    options = {} if form == "png" else {"quality": quality}
    image.save(held, {"jpg": "JPEG"}.get(form, form.upper()), **options)
    return held.getvalue()


def scaling(x: float, y: float) -> np.ndarray:
    """The homography of a change of size."""
    return np.diag([x, y, 1.0])


def shifting(x: float, y: float) -> np.ndarray:
    """The homography of a move."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def project(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Where points go."""
    moved = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return moved[:, :2] / moved[:, 2:]


def clipped(polygon: np.ndarray, within: np.ndarray) -> np.ndarray:
    """The part of a convex polygon on the positive side of a line."""
    if not len(polygon):
        return polygon
    sides = np.column_stack([polygon, np.ones(len(polygon))]) @ within
    kept: list[np.ndarray] = []
    for index, (point, side) in enumerate(zip(polygon, sides, strict=True)):
        before, before_side = polygon[index - 1], sides[index - 1]
        if (side > 0) != (before_side > 0):
            kept.append(before + (point - before) * before_side / (before_side - side))
        if side > 0:
            kept.append(point)
    return np.array(kept).reshape(-1, 2)


def bounds(points: np.ndarray) -> Box:
    """The bounding box of points, within 0 and 1."""
    low, high = np.clip(points.min(0), 0, 1), np.clip(points.max(0), 0, 1)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
