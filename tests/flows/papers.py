"""Pictures of codes as a cheap camera sees them, for tests of scanning."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import segno
from PIL import Image, ImageChops, ImageDraw, ImageFilter

WHITE = 235
"""Paper, as a camera sees it."""

MODULES = 60
"""About as many as a code of ours has on a side, with its margin: what a blur is measured by."""


@dataclass(frozen=True)
class Damage:
    """What came between the code as it was printed and the picture of it.

    ``side``: of the code, in pixels of a picture of 640. ``angle`` in degrees; ``blur`` in pixels; ``copies``:
    generations of black-and-white photocopies with their specks; ``noise`` and ``shade`` from 0 to 1; ``tilt``: how
    much narrower the far edge is.
    """

    side: int = 320
    angle: float = 0
    blur: float = 0
    copies: int = 0
    noise: float = 0
    shade: float = 0
    tilt: float = 0


def code_of(text: str) -> Image.Image:
    """A code of ``text`` as printed: grade M, with its margin."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=16, border=4)
    return Image.open(out).convert("L")


def photo_of(text: str, damage: Damage, *, size: int = 640, seed: int = 1) -> Image.Image:
    """A grey picture, ``size`` pixels square, of a sheet with the code in its middle."""
    chance = random.Random(seed)  # noqa: S311 -- specks of dust
    code = code_of(text).resize((2 * damage.side, 2 * damage.side), Image.Resampling.LANCZOS)
    for _generation in range(damage.copies):
        code = _copied(code, chance)
    sheet = Image.new("L", (2 * size, 2 * size), WHITE)
    sheet.paste(code, ((sheet.width - code.width) // 2,) * 2)
    sheet = sheet.rotate(damage.angle, Image.Resampling.BICUBIC, fillcolor=WHITE)
    if damage.tilt:
        sheet = _tilted(sheet, damage.tilt)
    sheet = sheet.resize((size, size), Image.Resampling.LANCZOS)
    if damage.blur:
        sheet = sheet.filter(ImageFilter.GaussianBlur(damage.blur))
    if damage.shade:
        dark = Image.linear_gradient("L").resize(sheet.size).rotate(90)
        sheet = ImageChops.multiply(sheet, dark.point(lambda light: int(255 - (255 - light) * damage.shade)))
    if damage.noise:
        sheet = Image.blend(sheet, Image.effect_noise(sheet.size, 160), damage.noise / 2)
    return sheet


def _copied(code: Image.Image, chance: random.Random) -> Image.Image:
    """Once through a copier: grey is gone, edges creep, and dust lies on the glass."""
    soft = code.filter(ImageFilter.GaussianBlur(code.width / MODULES * 0.12))
    rough = Image.blend(soft, Image.effect_noise(soft.size, 60), 0.25)
    copy = rough.point(lambda light: 0 if light < 140 else 255)
    draw = ImageDraw.Draw(copy)
    for _speck in range(60):
        x, y, size = chance.randrange(copy.width), chance.randrange(copy.height), chance.randrange(1, 4)
        draw.ellipse((x - size, y - size, x + size, y + size), fill=chance.choice([0, 255]))
    return copy


def _tilted(sheet: Image.Image, tilt: float) -> Image.Image:
    """As from a phone that is not held level: the far edge is narrower."""
    w, narrow = sheet.width, int(sheet.width * tilt / 2)
    corners = (-narrow, -narrow, 0, w, w, w, w + narrow, -narrow)
    return sheet.transform(sheet.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=WHITE)


def as_png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, format="PNG")
    return out.getvalue()


def film(pictures: Iterable[Image.Image], path: Path) -> None:
    """What a camera sees, one picture after another, for ``--use-file-for-fake-video-capture``."""
    frames = io.BytesIO()
    for picture in pictures:
        wide = Image.new("L", (1280, 720), 120)
        wide.paste(picture.resize((720, 720)), (280, 0))
        wide.convert("RGB").save(frames, format="JPEG", quality=80)
    path.write_bytes(frames.getvalue())
