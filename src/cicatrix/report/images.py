"""Pictures as text for a page: data addresses, outlines as paths, a colour scale."""

import base64
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.report.pictures import ComparisonPictures

__all__ = [
    "PictureView",
    "ScaleBar",
    "colour_stops",
    "difference_ceiling",
    "picture_view",
]

_JPEG_QUALITY = 90
"""Compression then stays below what an eye or the outline on it shows."""

_UNMEASURED_RGB = (225, 227, 230)
_CEILINGS_DE00 = (5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 60.0, 100.0)
_BAR_LENGTHS_MM = (1, 2, 5, 10, 20, 50, 100)
_STOPS = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleBar:
    """A bar of a round length, in picture elements."""

    length_px: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """The pictures of one comparison as a page shows them, all on one grid.

    The three addresses are `data:` addresses; `outline_path` and `ring_path` are SVG
    paths on the same grid. The difference map runs from 0 to `ceiling_de00`.
    """

    width_px: int
    height_px: int
    before: str
    after: str
    difference: str
    outline_path: str
    ring_path: str
    bar: ScaleBar | None
    ceiling_de00: float


def picture_view(
    pictures: ComparisonPictures, *, ceiling_de00: float | None = None
) -> PictureView:
    """Encode the pictures of one comparison.

    `ceiling_de00` is the upper end of the colour scale; without it the least round
    number is taken that nearly all differences stay below.
    """
    rows, cols = pictures.lesion.shape
    ceiling = ceiling_de00 or difference_ceiling(pictures)
    return PictureView(
        width_px=cols,
        height_px=rows,
        before=_jpeg(pictures.before),
        after=_jpeg(pictures.after),
        difference=_jpeg(_coloured(pictures.difference_de00, ceiling)),
        outline_path=_path(pictures.lesion),
        ring_path=_path(pictures.ring),
        bar=_scale_bar(cols, pictures.mm_per_px),
        ceiling_de00=ceiling,
    )


def difference_ceiling(pictures: ComparisonPictures) -> float:
    """The least round ΔE00 above 99 % of the differences at the lesion and its ring."""
    seen = pictures.difference_de00[pictures.lesion | pictures.ring]
    seen = seen[np.isfinite(seen)]
    reach = float(np.percentile(seen, 99)) if seen.size else 0.0
    fitting = [ceiling for ceiling in _CEILINGS_DE00 if ceiling >= reach]
    return fitting[0] if fitting else _CEILINGS_DE00[-1]


def colour_stops() -> tuple[str, ...]:
    """Colours of the scale from low to high, evenly spaced, as #rrggbb.

    Cividis (Nuñez, Anderton & Renslow 2018, doi 10.1371/journal.pone.0199239) is read
    alike with and without a colour-vision deficiency, and its lightness rises evenly.
    """
    levels = np.linspace(0, 255, _STOPS).astype(np.uint8)[None]
    bgr = cv2.applyColorMap(levels, cv2.COLORMAP_CIVIDIS)[0]
    return tuple(f"#{r:02x}{g:02x}{b:02x}" for b, g, r in bgr.tolist())


def _coloured(
    difference_de00: npt.NDArray[np.float32], ceiling: float
) -> npt.NDArray[np.uint8]:
    """The map in colours, (rows, cols, 3) sRGB; grey where nothing was measured."""
    known = np.isfinite(difference_de00)
    share = np.clip(np.where(known, difference_de00, 0) / ceiling, 0, 1)
    bgr = cv2.applyColorMap((share * 255).astype(np.uint8), cv2.COLORMAP_CIVIDIS)
    rgb = bgr[..., ::-1].copy()
    rgb[~known] = _UNMEASURED_RGB
    return np.asarray(rgb, np.uint8)


def _jpeg(rgb: npt.NDArray[np.uint8]) -> str:
    """The `data:` address of a picture (rows, cols, 3) sRGB."""
    options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    fine, data = cv2.imencode(".jpg", np.ascontiguousarray(rgb[..., ::-1]), options)
    if not fine:
        raise ValueError(f"pictures of shape {rgb.shape} cannot be encoded")
    return f"data:image/jpeg;base64,{base64.b64encode(data.tobytes()).decode()}"


def _path(mask: npt.NDArray[np.bool_]) -> str:
    """The edges of a mask as an SVG path, through the pixels' outer corners."""
    # Twice the size lets the contour run between pixels, not over their centres.
    doubled = cv2.resize(
        mask.astype(np.uint8) * 255, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR
    )
    contours, _ = cv2.findContours(
        (doubled > 127).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE
    )
    parts = []
    for contour in contours:
        smooth = cv2.approxPolyDP(contour, 1.2, closed=True)[:, 0, :]
        if len(smooth) < 3:
            continue
        corners = " ".join(f"{x / 2:g} {y / 2:g}" for x, y in smooth.tolist())
        parts.append(f"M{corners}Z")
    return "".join(parts)


def _scale_bar(cols: int, mm_per_px: float | None) -> ScaleBar | None:
    """The longest round bar within a quarter of the picture; none without a scale."""
    if mm_per_px is None:
        return None
    fitting = [mm for mm in _BAR_LENGTHS_MM if mm <= cols * mm_per_px / 4]
    if not fitting:
        return None
    return ScaleBar(length_px=fitting[-1] / mm_per_px, text=f"{fitting[-1]} mm")
