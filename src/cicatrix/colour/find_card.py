"""Finding the printed Cicatrix card by its corner markers."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.colour.card_layout import (
    CARD_HEIGHT_MM,
    CARD_MARKERS,
    CARD_PATCHES,
    CARD_WIDTH_MM,
    CardPatch,
    grey_lab_d65,
)
from cicatrix.colour.patches import Points, map_points, read_spot
from cicatrix.domain.reference import (
    ColourReference,
    PatchReading,
    PatchState,
    ReferenceKind,
)
from cicatrix.photo.value import Photo

__all__ = ["MIN_MARKERS", "find_card"]

_INNER = 0.6
"""Share of a patch's side that is read: blur and print edges stay outside."""

MIN_MARKERS = 2
"""One marker fixes no perspective over the card and is found by chance now and then."""

_MAX_RESIDUAL = 0.06
"""RMS distance of marker corners from one plane, over a marker's side. Above it the
markers are not those of one flat card."""

_MIN_GREY_CORRELATION = 0.9
"""Rank correlation of the greys read with the greys printed. Chance gives below 0.7
for 16 patches."""

_FEWEST_GREYS = 6
"""Usable patches below which the card is refused."""

_TWINS_APART = 0.4
"""Log light by which twins may differ from the usual twin. Light that falls by a third
over the card makes 0.2; noise on solid black 0.2."""

_FEWEST_PAIRS = 3

_UNEVEN = 0.12
"""SD over mean inside a patch above which something lies on it. Print grain and
photographic noise stay below 0.08 once averaged over the patch."""


def find_card(
    photo: Photo,
    small: npt.NDArray[np.uint8],
    factors: tuple[float, float],
    *,
    fewest_markers: int = MIN_MARKERS,
) -> ColourReference | None:
    """The Cicatrix card in the photograph, or `None`.

    Two of its four markers are enough, unless more are asked for. A mirrored photograph shows no valid marker.

    Parameters
    ----------
    photo
        Where patches are read, at full resolution.
    small : (rows, cols, 3) uint8
        A reduced copy in which markers are looked for.
    factors
        (x, y) size of a reduced pixel in full-resolution pixels.

    Returns
    -------
    ColourReference or None
        Kind NONE with a note where the card is seen but cannot be used.
    """
    found = _markers(small, factors)
    if len(found) < fewest_markers:
        return None
    found = {key: _refined(photo, corners) for key, corners in found.items()}
    plane = np.concatenate(
        [m.corners_mm for m in CARD_MARKERS if m.marker_id in found]
    ).astype(np.float64)
    seen = np.concatenate(
        [found[m.marker_id] for m in CARD_MARKERS if m.marker_id in found]
    )
    homography, _ = cv2.findHomography(plane, seen, 0)
    if homography is None:
        return None
    to_px = np.asarray(homography, dtype=np.float64)
    residual = np.sqrt(((map_points(to_px, plane) - seen) ** 2).sum(axis=1).mean())
    side = np.mean([_side(corners) for corners in found.values()])
    if residual > _MAX_RESIDUAL * side:
        return None
    return _reference(photo, to_px, missing=len(CARD_MARKERS) - len(found))


def _markers(
    small: npt.NDArray[np.uint8], factors: tuple[float, float]
) -> dict[int, Points]:
    """Full-resolution corners (4, 2) of each marker of ours that is seen once."""
    settings = cv2.aruco.DetectorParameters()
    settings.adaptiveThreshWinSizeMin = 5
    settings.adaptiveThreshWinSizeMax = 25
    settings.adaptiveThreshWinSizeStep = 20
    settings.minMarkerPerimeterRate = 0.02
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    words = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    detector = cv2.aruco.ArucoDetector(words, settings)
    corners, ids, _ = detector.detectMarkers(np.ascontiguousarray(small[..., 1]))
    if ids is None:
        return {}
    ours = {marker.marker_id for marker in CARD_MARKERS}
    names = [int(i) for i in np.ravel(ids)]
    scale = np.array(factors)
    return {
        name: (np.asarray(quad, np.float64).reshape(4, 2) + 0.5) * scale - 0.5
        for name, quad in zip(names, corners, strict=True)
        if name in ours and names.count(name) == 1
    }


def _side(corners: Points) -> float:
    """Mean side of a quadrilateral (4, 2)."""
    return float(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).mean())


def _refined(photo: Photo, corners: Points) -> Points:
    """Corners (4, 2) to sub-pixel places at full resolution."""
    side = _side(corners)
    reach = int(np.clip(side / 6 * 0.5, 2, 12))
    margin = 2 * reach + 4
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - margin, 0)
    high = np.ceil(corners.max(axis=0)).astype(int) + margin
    part = photo.encoded[low[1] : high[1], low[0] : high[0], 1]
    if part.dtype != np.uint8:
        part = (part >> 8).astype(np.uint8)
    start = (corners - low).astype(np.float32).reshape(-1, 1, 2)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.01)
    better = cv2.cornerSubPix(
        np.ascontiguousarray(part), start.copy(), (reach, reach), (-1, -1), stop
    )
    moved = np.linalg.norm((better - start).reshape(4, 2), axis=1)
    # A corner that ran away found something else.
    keep = moved < 2 * reach
    refined = np.where(keep[:, None], better.reshape(4, 2), start.reshape(4, 2))
    return np.asarray(refined, dtype=np.float64) + low


def _reference(photo: Photo, to_px: Points, missing: int) -> ColourReference | None:
    places = map_points(to_px, [xy for patch in CARD_PATCHES for xy in _spots(patch)])
    read = [
        _read(photo, patch, place)
        for patch, place in zip(CARD_PATCHES, places.reshape(-1, 5, 2), strict=True)
    ]
    patches = _twins_agree(read)
    usable = [p for p in patches if p.state is PatchState.USED]
    if len(usable) >= _FEWEST_GREYS and not _greys_in_order(usable):
        return None
    corners = map_points(
        to_px,
        [
            (0, 0),
            (CARD_WIDTH_MM, 0),
            (CARD_WIDTH_MM, CARD_HEIGHT_MM),
            (0, CARD_HEIGHT_MM),
        ],
    )
    outline = tuple((float(x), float(y)) for x, y in corners)
    notes = []
    if missing:
        notes.append(f"{missing} of 4 corner markers of the card are not visible.")
    for state, why in (
        (PatchState.CLIPPED, "clipped"),
        (PatchState.COVERED, "covered, unevenly lit or outside the picture"),
    ):
        count = sum(p.state is state for p in patches)
        if count:
            notes.append(f"{count} of 16 greys are {why} and were not used.")
    if len(usable) < _FEWEST_GREYS:
        notes.append(
            f"The Cicatrix card shows {len(usable)} usable greys; {_FEWEST_GREYS} are "
            "needed. Photograph it flat, uncovered and without glare."
        )
        return ColourReference(
            kind=ReferenceKind.NONE,
            patches=patches,
            corners_xy=outline,
            notes=tuple(notes),
        )
    return ColourReference(
        kind=ReferenceKind.CICATRIX_CARD,
        patches=patches,
        corners_xy=outline,
        notes=tuple(notes),
    )


def _spots(patch: CardPatch) -> list[tuple[float, float]]:
    """Corners of what is read of a patch, and its centre, on the card."""
    (x, y), (width, height) = patch.centre_mm, patch.size_mm
    dx, dy = width * _INNER / 2, height * _INNER / 2
    box = [(x - dx, y - dy), (x + dx, y - dy), (x + dx, y + dy), (x - dx, y + dy)]
    return [*box, (x, y)]


def _read(photo: Photo, patch: CardPatch, places_xy: Points) -> PatchReading:
    """The patch whose `_spots` lie at these places (5, 2) of the photograph."""
    spot = read_spot(photo, places_xy[:4])
    centre = places_xy[4]
    state = spot.state
    uneven = spot.sd[1] > _UNEVEN * spot.mean[1] + 0.01
    if not spot.inside or uneven:
        state = PatchState.COVERED
    return PatchReading(
        name=patch.name,
        centre_xy=(float(centre[0]), float(centre[1])),
        linear_rgb=spot.mean,
        linear_rgb_sd=spot.sd,
        state=state,
        reference_lab_d65=grey_lab_d65(patch.reflectance),
        neutral=True,
    )


def _twins_agree(patches: list[PatchReading]) -> tuple[PatchReading, ...]:
    """Mark both patches of a grey as covered where they differ as no light does.

    Something even, a finger or a cloth, may lie over one of them.
    """
    log = {p.name: np.log(np.maximum(p.linear_rgb, 1e-4)) for p in patches}
    # The layout lists the upper row, then the lower one in opposite order.
    half = len(patches) // 2
    pairs = list(zip(patches[:half], patches[half:][::-1], strict=True))
    apart = np.array([log[a.name] - log[b.name] for a, b in pairs])
    clear = [
        a.state is PatchState.USED and b.state is PatchState.USED for a, b in pairs
    ]
    if sum(clear) < _FEWEST_PAIRS:
        return tuple(patches)
    usual = np.median(apart[clear], axis=0)
    odd = np.abs(apart - usual).max(axis=1) > _TWINS_APART
    strange = {
        p.name for (a, b), one in zip(pairs, odd, strict=True) if one for p in (a, b)
    }
    return tuple(
        replace(p, state=PatchState.COVERED)
        if p.name in strange and p.state is PatchState.USED
        else p
        for p in patches
    )


def _greys_in_order(usable: list[PatchReading]) -> bool:
    read = np.argsort(np.argsort([p.linear_rgb[1] for p in usable]))
    printed = [p.reference_lab_d65[0] for p in usable if p.reference_lab_d65]
    order = np.argsort(np.argsort(printed))
    return float(np.corrcoef(read, order)[0, 1]) >= _MIN_GREY_CORRELATION
