"""Reading places in a photograph from the command line: points, boxes, files."""

import json
import re
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from cicatrix.casebook.masks import read_mask
from cicatrix.errors import LesionNotFound, PhotoUnreadable
from cicatrix.outline.value import Box, Lesion, Scribble
from cicatrix.photo.value import Photo

__all__ = [
    "BOX",
    "CORNERS",
    "POINT",
    "STROKE",
    "Numbers",
    "as_point",
    "as_points",
    "check_lesion_fits",
    "lesion_from_options",
    "read_polygon",
]

Point = tuple[float, float]

_MAX_POLYGON_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class _Shape:
    """How many numbers are wanted, and how they are written."""

    least: int
    most: int
    like: str

    @property
    def wanted(self) -> str:
        """The count in words."""
        if self.least == self.most:
            return f"{self.least} numbers from zero up"
        return f"{self.least} or more numbers from zero up, two for each point"

    def fits(self, found: tuple[float, ...]) -> bool:
        """Whether so many numbers are wanted, and such ones."""
        if len(found) % 2 or not self.least <= len(found) <= self.most:
            return False
        return all(isfinite(number) and number >= 0 for number in found)


class Numbers(click.ParamType[tuple[float, ...]]):
    """Pixel positions: finite, from zero up, split by commas or spaces.

    `count` of them, or an even number from `count` up to `most`.
    """

    def __init__(
        self, name: str, count: int, like: str, *, most: int | None = None
    ) -> None:
        self.name = name
        self._shape = _Shape(count, count if most is None else most, like)

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        """The numbers, or a message that shows how to write them."""
        if isinstance(value, tuple):
            return value
        parts = [part for part in re.split(r"[,;\s]+", str(value).strip()) if part]
        try:
            found = tuple(float(part) for part in parts)
        except ValueError:
            found = ()
        if not self._shape.fits(found):
            self.fail(
                f"{value!r} is not {self._shape.wanted}; write it like "
                f"{self._shape.like}, in pixels of the full photograph, x to the right "
                "and y down.",
                param,
                ctx,
            )
        return found


POINT = Numbers("X,Y", 2, "812,640")
BOX = Numbers("L,T,R,B", 4, "700,560,930,720")
CORNERS = Numbers(
    "X1,Y1,…,X4,Y4", 8, "10,10,410,12,408,300,9,298 (clockwise from its top left)"
)
STROKE = Numbers("X1,Y1,X2,Y2,…", 4, "812,640,850,655,900,650", most=20_000)


def as_point(numbers: tuple[float, ...] | None) -> Point | None:
    """Two numbers as a point."""
    return None if numbers is None else (numbers[0], numbers[1])


def as_points(numbers: tuple[float, ...] | None) -> tuple[Point, ...] | None:
    """x1, y1, x2, y2, … as points."""
    if numbers is None:
        return None
    return tuple(zip(numbers[0::2], numbers[1::2], strict=True))


def read_polygon(path: Path) -> npt.NDArray[np.float64]:
    """A polygon (n, 2) from a file: JSON [[x, y], …], or one "x y" or "x,y" a line.

    Raises
    ------
    PhotoUnreadable
        The file holds no three points of finite numbers from zero up.
    """
    try:
        text = path.read_bytes()[: _MAX_POLYGON_BYTES + 1].decode("utf-8-sig")
        if len(text) > _MAX_POLYGON_BYTES:
            raise ValueError("too large")
        points = np.array(_points(text), dtype=np.float64)
    except (OSError, ValueError, TypeError, RecursionError):
        points = np.empty(0)
    fits = points.ndim == 2 and points.shape[1:] == (2,) and len(points) >= 3
    if not fits or not np.isfinite(points).all() or (points < 0).any():
        raise PhotoUnreadable(
            f"“{path.name}” does not hold a polygon, so the lesion's place is unknown. "
            "Write three or more points from zero up, one “x y” a line."
        )
    return points


def _points(text: str) -> list[list[float]]:
    if text.lstrip().startswith("["):
        parsed: list[list[float]] = json.loads(text)
        return parsed
    rows = [re.split(r"[,;\s]+", line.strip()) for line in text.splitlines()]
    return [[float(part) for part in row] for row in rows if row != [""]]


def lesion_from_options(
    *,
    point: tuple[float, ...] | None,
    box: tuple[float, ...] | None,
    scribble: tuple[float, ...] | None,
    polygon: Path | None,
    mask: Path | None,
) -> Lesion:
    """The lesion's place from the one option that tells it.

    Raises
    ------
    click.UsageError
        None or more than one is given.
    PhotoUnreadable
        The file of a polygon or mask cannot be used.
    """
    places = (point, box, scribble, polygon, mask)
    if sum(place is not None for place in places) != 1:
        raise click.UsageError(
            "Point to the scar in the first photograph with exactly one of --lesion "
            "X,Y, --box, --scribble, --polygon or --mask."
        )
    if polygon is not None:
        return read_polygon(polygon)
    if mask is not None:
        return read_mask(mask)
    if box is not None:
        left, top, right, bottom = box
        if right <= left or bottom <= top:
            raise click.UsageError("--box is left,top,right,bottom; it has no inside.")
        return Box(left_px=left, top_px=top, right_px=right, bottom_px=bottom)
    if scribble is not None:
        return Scribble(points_xy=np.array(scribble, dtype=np.float64).reshape(-1, 2))
    return np.array(point, dtype=np.float64)


def check_lesion_fits(lesion: Lesion, photo: Photo) -> None:
    """Refuse a place outside of the photograph and a mask that is not of its size.

    A slip of the hand, so nothing is measured and nothing is written.

    Raises
    ------
    LesionNotFound
        A point, or all of a box, stroke or polygon, lies outside, or the sizes differ,
        so that the mask may mean another place.
    """
    if not isinstance(lesion, np.ndarray) or lesion.dtype != np.bool_:
        _require_inside(_points_of(lesion), photo)
        return
    rows, cols = lesion.shape
    if (rows, cols) != (photo.height_px, photo.width_px):
        raise LesionNotFound(
            f"The mask has {cols} × {rows} pixels and the photograph {photo.width_px} × "
            f"{photo.height_px}, so it cannot be laid on it. Draw the mask on the "
            "photograph at its full size."
        )


def _points_of(lesion: Lesion) -> npt.NDArray[np.float64]:
    """The points (n, 2) by which a place is told."""
    if isinstance(lesion, Box):
        corners = [lesion.left_px, lesion.top_px], [lesion.right_px, lesion.bottom_px]
        return np.array(corners)
    if isinstance(lesion, Scribble):
        return lesion.points_xy
    return np.atleast_2d(np.asarray(lesion, dtype=np.float64))


def _require_inside(points_xy: npt.NDArray[np.float64], photo: Photo) -> None:
    low, high = points_xy.min(axis=0), points_xy.max(axis=0)
    last = np.array([photo.width_px - 1, photo.height_px - 1])
    if (high < 0).any() or (low > last).any():
        raise LesionNotFound(
            f"The place ({low[0]:.0f}, {low[1]:.0f}) lies outside the photograph of "
            f"{photo.width_px} x {photo.height_px} px, so no scar is there. Point to it "
            "in pixels of the full photograph, x to the right and y down."
        )
