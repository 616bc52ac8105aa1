"""Punctures of whole passes over patches of skin, block by block.

A patch is a square somewhere inside a treated area that is much larger: where the first
track lies, and the phase of the needles on each track, are drawn evenly. So a patch has
no edge of its own, and every place in it is as likely to be hit as any other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, cos, radians, sin

import numpy as np
import numpy.typing as npt

from cicatrix.punctures.device import Device, Handling
from cicatrix.punctures.needles import assumed

__all__ = ["Block", "Tracks", "gathered", "throw", "tracks_of"]

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int32]

_BLOCK = 1 << 15
"""Punctures worked on at once: their numbers stay in the cache of one core."""

_FARTHEST_SD = 6.0
"""One normal number in a thousand million is larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracks:
    """How a device leaves punctures, whatever its kind.

    `needles_mm` is (needles, 2): along and across. `turns_each_press` tells a stamp,
    which is lifted, from a pen, whose turning lasts for a track.
    """

    needles_mm: npt.NDArray[np.float64]
    step_mm: float
    spacing_mm: float
    jitter_mm: float
    placing_mm: float
    rotation_deg: float
    turns_each_press: bool
    directions_deg: tuple[float, ...]

    def reach_mm(self) -> float:
        """How far from the middle of a stroke a needle may land."""
        farthest = float(np.hypot(*self.needles_mm.T).max())
        return farthest + _FARTHEST_SD * self.jitter_mm

    def density_per_mm2(self) -> float:
        """Punctures that the geometry gives on average, coinciding ones included."""
        one_pass = len(self.needles_mm) / (self.step_mm * self.spacing_mm)
        return one_pass * len(self.directions_deg)


@dataclass(frozen=True, slots=True)
class Block:
    """Some punctures: places in mm about the middle of their patch, and which patch."""

    x_mm: Floats
    y_mm: Floats
    patch: Indices


def tracks_of(device: Device, handling: Handling) -> Tracks:
    """The tracks of a device led by a hand."""

    def size(name: str) -> float:
        given: float | None = getattr(handling, name)
        return assumed(name) if given is None else given

    rolls = device.kind == "roller"
    return Tracks(
        needles_mm=device.needles_mm(handling),
        step_mm=device.step_mm(handling),
        spacing_mm=device.width_mm * (1 - handling.overlap_fraction),
        jitter_mm=size("jitter_mm"),
        placing_mm=size("placing_mm"),
        rotation_deg=0.0 if rolls else size("rotation_deg"),
        turns_each_press=device.kind == "stamp",
        directions_deg=handling.pass_directions_deg(),
    )


def throw(
    tracks: Tracks, *, patches: int, half_mm: float, rng: np.random.Generator
) -> Iterator[Block]:
    """Every puncture within `half_mm` of the middle of each patch, along x and y.

    Parameters
    ----------
    tracks
        From `tracks_of`.
    patches
        How many patches, each with its own accidents.
    half_mm
        Half the side of a patch, its guard border included.
    rng
        Everything accidental follows from it.
    """
    for direction in tracks.directions_deg:
        yield from _one_pass(tracks, radians(direction), patches, half_mm, rng)


def gathered(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same punctures in fewer blocks: a small one costs as many calls as a large."""
    waiting: list[Block] = []
    number = 0
    for block in blocks:
        waiting.append(block)
        number += len(block.x_mm)
        if number >= _BLOCK // 2:
            yield _joined(waiting)
            waiting, number = [], 0
    if waiting:
        yield _joined(waiting)


def _joined(blocks: list[Block]) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    return Block(
        np.concatenate([block.x_mm for block in blocks]),
        np.concatenate([block.y_mm for block in blocks]),
        np.concatenate([block.patch for block in blocks]),
    )


def _one_pass(
    tracks: Tracks, angle: float, patches: int, half_mm: float, rng: np.random.Generator
) -> Iterator[Block]:
    along_x, along_y = cos(angle), sin(angle)
    reach = half_mm * (abs(along_x) + abs(along_y)) + tracks.reach_mm()
    wide = reach + _FARTHEST_SD * tracks.placing_mm
    lines = ceil(2 * wide / tracks.spacing_mm) + 1
    strokes = ceil(2 * reach / tracks.step_mm) + 1
    across = rng.random((patches, 1)) + np.arange(lines)
    across = across * tracks.spacing_mm - wide - tracks.spacing_mm
    across += tracks.placing_mm * rng.standard_normal((patches, lines))
    start = (rng.random((patches, lines)) - 1) * tracks.step_mm - reach
    turned = np.radians(tracks.rotation_deg) * rng.standard_normal((patches, lines))
    across, start, turned = across.ravel(), start.ravel(), turned.ravel()
    total = patches * lines * strokes
    size = max(1, _BLOCK // len(tracks.needles_mm))
    for first in range(0, total, size):
        line, stroke = np.divmod(np.arange(first, min(first + size, total)), strokes)
        along = start[line] + stroke * tracks.step_mm
        side = across[line]
        x = _shaken(along * along_x - side * along_y, tracks.jitter_mm, rng)
        y = _shaken(along * along_y + side * along_x, tracks.jitter_mm, rng)
        turn = turned[line]
        if tracks.turns_each_press:
            turn = np.radians(tracks.rotation_deg) * rng.standard_normal(len(line))
        needles = _turned(
            tracks.needles_mm, angle + turn, fixed=not tracks.rotation_deg
        )
        yield _inside(x, y, needles, (line // lines).astype(np.int32), half_mm)


def _shaken(
    place: npt.NDArray[np.float64], jitter_mm: float, rng: np.random.Generator
) -> Floats:
    shake = rng.standard_normal(len(place), dtype=np.float32)
    shake *= np.float32(jitter_mm)
    shake += place.astype(np.float32)
    return shake


def _turned(
    needles_mm: npt.NDArray[np.float64], angle: npt.NDArray[np.float64], *, fixed: bool
) -> tuple[Floats, Floats]:
    """Needles about the middle of each stroke: (strokes or 1, needles) in x and in y."""
    if fixed:
        angle = angle[:1]
    cosine = np.cos(angle, dtype=np.float32)[:, None]
    sine = np.sin(angle, dtype=np.float32)[:, None]
    along, across = needles_mm.astype(np.float32).T
    return cosine * along - sine * across, sine * along + cosine * across


def _inside(
    x: Floats,
    y: Floats,
    needles: tuple[Floats, Floats],
    patch: Indices,
    half_mm: float,
) -> Block:
    all_x = (x[:, None] + needles[0]).ravel()
    all_y = (y[:, None] + needles[1]).ravel()
    within = np.abs(all_x) < half_mm
    within &= np.abs(all_y) < half_mm
    owner = np.repeat(patch, needles[0].shape[1])
    return Block(all_x[within], all_y[within], owner[within])
