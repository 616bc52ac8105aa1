"""Reading a ColorChecker that was located: which patches can be trusted, and why not."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from cicatrix.colour.card_layout import (
    COLORCHECKER_COLS,
    COLORCHECKER_LAB_D65,
    COLORCHECKER_NAMES,
    COLORCHECKER_PATCH_FRACTION,
    COLORCHECKER_ROWS,
)
from cicatrix.colour.find_colorchecker import CELLS, CardPlace
from cicatrix.colour.patches import Points, map_points, read_spot
from cicatrix.domain.reference import (
    ColourReference,
    PatchReading,
    PatchState,
    ReferenceKind,
)
from cicatrix.optics.cielab import LINEAR_SRGB_TO_XYZ, lab_to_xyz
from cicatrix.photo.value import Photo

__all__ = ["FIRST_NEUTRAL", "read_colorchecker"]

FIRST_NEUTRAL = 18
"""Patches 18..23, counted from 0, are the neutral row."""

_INNER = 0.6
_UNEVEN = 0.22
"""SD over mean inside a patch above which something lies or shines on it."""

_FEWEST_PATCHES = 12
_FEWEST_NEUTRALS = 3
_VEIL = 0.085
"""Black over white, in linear light, above which stray light lies over the card. The
patches themselves have 0.034; tone curves of cameras lower it further."""

_OUTLIER = 1.1
"""Log distance of a patch from what the others predict above which it is covered.
Cameras and light sources leave 0.5 at most, on the weakest channel."""

_FRAME_WINDOW = 0.05
"""Half side of the window read between patches, over the pitch."""

_FRAME_TOLERANCE = (0.3, 0.8)
"""Least and largest log distance at which a spot still is the frame; between them,
three times the usual distance on this card. Shading and blur change the frame by up to
a factor of two, whatever covers it usually by more."""

_FRAME_CORNERS = 3


def read_colorchecker(photo: Photo, place: CardPlace) -> ColourReference:
    """The 24 patches of a located card.

    Returns
    -------
    ColourReference
        Kind COLORCHECKER, or NONE with the reason in `notes` where it is mirrored or
        too little of it can be used.
    """
    outline = _outline(place)
    if place.mirrored:
        return ColourReference(
            kind=ReferenceKind.NONE,
            patches=(),
            corners_xy=outline,
            notes=(
                "The photograph shows the ColorChecker mirrored, so left and right are "
                "swapped. Use the file as the camera stored it.",
            ),
        )
    patches = [_read(photo, place, k) for k in range(24)]
    patches = _covered_marked(patches, place.seen)
    framed = _framed(photo, place)
    patches = [
        p
        if shown or p.state is not PatchState.USED
        else replace(p, state=PatchState.COVERED)
        for p, shown in zip(patches, framed | place.seen, strict=True)
    ]
    notes = _notes(patches)
    used = [p for p in patches if p.state is PatchState.USED]
    neutrals = [p for p in used if p.neutral]
    kind = ReferenceKind.COLORCHECKER
    if len(used) < _FEWEST_PATCHES or len(neutrals) < _FEWEST_NEUTRALS:
        kind = ReferenceKind.NONE
        notes.append(
            f"The ColorChecker shows {len(used)} usable patches, {len(neutrals)} of them "
            f"neutral; {_FEWEST_PATCHES} and {_FEWEST_NEUTRALS} are needed. Photograph "
            "it uncovered and without glare."
        )
    return ColourReference(
        kind=kind, patches=tuple(patches), corners_xy=outline, notes=tuple(notes)
    )


def _outline(place: CardPlace) -> tuple[tuple[float, float], ...]:
    half = COLORCHECKER_PATCH_FRACTION / 2
    right, bottom = COLORCHECKER_COLS - 1 + half, COLORCHECKER_ROWS - 1 + half
    cells = [(-half, -half), (right, -half), (right, bottom), (-half, bottom)]
    return tuple((float(x), float(y)) for x, y in map_points(place.to_px, cells))


def _read(photo: Photo, place: CardPlace, k: int) -> PatchReading:
    half = COLORCHECKER_PATCH_FRACTION * _INNER / 2
    square = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half
    spot = read_spot(photo, map_points(place.to_px, square + CELLS[k]))
    centre = map_points(place.to_px, CELLS[k : k + 1])[0]
    state = spot.state
    light = sum(spot.mean) / 3
    if not spot.inside:
        state = PatchState.COVERED
    elif sum(spot.sd) / 3 > _UNEVEN * light + 0.008:
        state = PatchState.GLARE if place.seen[k] else PatchState.COVERED
    return PatchReading(
        name=COLORCHECKER_NAMES[k],
        centre_xy=(float(centre[0]), float(centre[1])),
        linear_rgb=spot.mean,
        linear_rgb_sd=spot.sd,
        state=state,
        reference_lab_d65=COLORCHECKER_LAB_D65[k],
        neutral=k >= FIRST_NEUTRAL,
    )


def _framed(photo: Photo, place: CardPlace) -> npt.NDArray[np.bool_]:
    """(24,) whether the card's frame shows at the four corners around each patch.

    Whatever covers a patch covers the frame around it, even where it is of the patch's
    own colour, as a leaf over the green one.
    """
    grid = np.array([(x - 0.5, y - 0.5) for y in range(5) for x in range(7)])
    tiny = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * _FRAME_WINDOW
    spots = [read_spot(photo, map_points(place.to_px, tiny + point)) for point in grid]
    light = np.log(np.array([s.mean for s in spots]) + 0.01).reshape(5, 7, 3)
    inside = np.array([s.inside for s in spots]).reshape(5, 7)
    corners = [(row, col) for row in (0, 1) for col in (0, 1)]
    k = np.arange(24)
    rows, cols = k // 6, k % 6
    trusted = [(rows[place.seen] + r, cols[place.seen] + c) for r, c in corners]
    known = np.concatenate([light[where] for where in trusted])
    frame = np.median(known, axis=0)
    usual = float(np.median(np.abs(known - frame).max(axis=1)))
    limit = np.clip(3 * usual, *_FRAME_TOLERANCE)
    alike = inside & (np.abs(light - frame).max(axis=2) < limit)
    count = sum(alike[rows + r, cols + c].astype(int) for r, c in corners)
    return np.asarray(count >= _FRAME_CORNERS)


def _covered_marked(
    patches: list[PatchReading], seen: npt.NDArray[np.bool_]
) -> list[PatchReading]:
    """Mark as covered what the patches that stood out by themselves do not predict.

    Prediction: per channel, log light is a straight line of log reference light, fitted
    robustly. It is crude, but so is a leaf over a patch.
    """
    read = np.log(np.maximum([p.linear_rgb for p in patches], 1e-3))
    truth = lab_to_xyz(COLORCHECKER_LAB_D65) @ np.linalg.inv(LINEAR_SRGB_TO_XYZ).T
    truth = np.log(np.maximum(truth, 0.02))
    usable = np.array([p.state is PatchState.USED for p in patches])
    trusted = usable & seen
    if trusted.sum() < 6:
        return patches
    off = np.zeros((24, 3))
    for channel in range(3):
        slope, start = _robust_line(truth[trusted, channel], read[trusted, channel])
        off[:, channel] = read[:, channel] - (slope * truth[:, channel] + start)
    # Where a channel is nearly dark its logarithm says little.
    weight = np.clip((truth - np.log(0.02)) / np.log(5), 0.2, 1)
    distance = np.abs(off * weight).max(axis=1)
    limit = np.where(seen, 1.5 * _OUTLIER, _OUTLIER)
    strange = usable & (distance > limit)
    return [
        replace(p, state=PatchState.COVERED) if odd else p
        for p, odd in zip(patches, strange, strict=True)
    ]


def _robust_line(x: Points, y: Points) -> tuple[float, float]:
    """Slope and intercept by least squares, three times, farther points weighing less."""
    weight = np.ones(len(x))
    slope, start = 1.0, 0.0
    for _ in range(3):
        slope, start = np.polyfit(x, y, 1, w=weight)
        weight = 1 / np.sqrt(1 + ((y - slope * x - start) / 0.3) ** 2)
    return float(slope), float(start)


def _notes(patches: list[PatchReading]) -> list[str]:
    notes = []
    for state, words in (
        (PatchState.CLIPPED, "clipped (a channel at the end of its range)"),
        (PatchState.GLARE, "uneven, as by glare or a shadow's edge"),
        (PatchState.COVERED, "covered or outside the picture"),
    ):
        names = [p.name for p in patches if p.state is state]
        if names:
            notes.append(
                f"{len(names)} of 24 patches are {words} and were not used: "
                f"{', '.join(names)}."
            )
    white, black = patches[FIRST_NEUTRAL], patches[23]
    gone = {PatchState.COVERED}
    if white.state not in gone and black.state not in gone:
        ratio = min(black.linear_rgb) / max(min(white.linear_rgb), 1e-6)
        if ratio > _VEIL:
            notes.append(
                f"Veiling glare: black reads {ratio:.0%} of white where "
                f"{0.034:.0%} is expected, so stray light lies over the card. Shield "
                "the lens and keep lamps out of the mirror direction."
            )
    return notes
