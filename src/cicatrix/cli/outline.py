"""`cicatrix outline`: see and keep the outline that a comparison would use."""

from pathlib import Path
from typing import TypedDict, Unpack

import click
import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.casebook.masks import mask_png
from cicatrix.cli.output import check_ending, check_outputs, write_whole
from cicatrix.cli.places import (
    BOX,
    POINT,
    STROKE,
    check_lesion_fits,
    lesion_from_options,
)
from cicatrix.cli.table import show_pairs, writer
from cicatrix.outline.value import Outline
from cicatrix.photo.value import Photo
from cicatrix.report.words import UNKNOWN
from cicatrix.work.abstaining import border_is_clear, ran_out
from cicatrix.work.comparing import find_outline
from cicatrix.work.opening import open_photo

__all__ = ["command", "full_mask"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_Place = tuple[float, ...] | None
_OVERLAY_SIDE_PX = 1600
"""Longest side of the picture to look at: sharp on a screen, small as a file."""

_DOUBTED = (
    "found where little stands out, so it may be that of a blotch, and its area on the "
    "skin is not told; if you see another, draw it and give it with --mask"
)
_RAN_OUT = (
    "has probably run out into the skin's own mottling, so it holds more than what was "
    "clicked, and its area on the skin is not told; draw the scar and give it with --mask"
)


class _Options(TypedDict):
    """The argument and options as click hands them over."""

    photo: Path
    lesion: _Place
    box: _Place
    scribble: _Place
    polygon: Path | None
    mask: Path | None
    output: Path
    overlay: Path | None
    mm_per_px: float | None


@click.command("outline")
@click.argument("photo", type=_FILE)
@click.option("--lesion", type=POINT, help="A point on the scar.")
@click.option("--box", type=BOX, help="A box around the scar.")
@click.option("--scribble", type=STROKE, help="A rough stroke along the scar.")
@click.option("--polygon", type=_FILE, help="File with the scar's corners.")
@click.option("--mask", type=_FILE, help="PNG of the photo's size, white on the scar.")
@click.option(
    "-o",
    "--output",
    type=_FILE,
    required=True,
    help="PNG for the outline: white on the scar, of the photo's size.",
)
@click.option("--overlay", type=_FILE, help="JPEG that shows it on the photo.")
@click.option(
    "--mm-per-px",
    type=click.FloatRange(min=0, min_open=True),
    help="Size of a pixel on the skin.",
)
def command(**given: Unpack[_Options]) -> None:
    """Find the outline of one scar in PHOTO and write it as a mask.

    The mask can be corrected in any paint program and given to compare with --mask.
    """
    check_ending(given["output"], (".png",))
    if given["overlay"] is not None:
        check_ending(given["overlay"], (".jpg", ".jpeg"))
    inputs = [given["photo"], given["polygon"], given["mask"]]
    check_outputs(
        [given["output"], given["overlay"]], inputs=[f for f in inputs if f is not None]
    )
    lesion = lesion_from_options(
        point=given["lesion"],
        box=given["box"],
        scribble=given["scribble"],
        polygon=given["polygon"],
        mask=given["mask"],
    )
    photo = open_photo(given["photo"], mm_per_px=given["mm_per_px"])
    check_lesion_fits(lesion, photo)
    outline = find_outline(photo, lesion)
    write_whole(given["output"], mask_png(full_mask(outline, photo)))
    if given["overlay"] is not None:
        write_whole(given["overlay"], _overlay_jpeg(outline, photo))
    show_pairs(writer(on_error_stream=False), _facts(outline, photo))


def full_mask(outline: Outline, photo: Photo) -> npt.NDArray[np.bool_]:
    """The outline's mask on every pixel of the photograph, (rows, cols)."""
    window = outline.window
    to_samples = np.array(
        [
            [1 / window.step_px, 0, -window.left_px / window.step_px],
            [0, 1 / window.step_px, -window.top_px / window.step_px],
        ]
    )
    grown = cv2.warpAffine(
        outline.mask.astype(np.float32),
        to_samples,
        (photo.width_px, photo.height_px),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    return np.asarray(grown > 0.5)


def _overlay_jpeg(outline: Outline, photo: Photo) -> bytes:
    """The photograph, reduced, with the outline drawn on it."""
    shrink = min(1.0, _OVERLAY_SIDE_PX / max(photo.width_px, photo.height_px))
    size = (round(photo.width_px * shrink), round(photo.height_px * shrink))
    small = cv2.resize(photo.encoded, size, interpolation=cv2.INTER_AREA)
    if photo.encoded.dtype == np.uint16:
        small = cv2.convertScaleAbs(small, alpha=1 / 257)
    picture = np.ascontiguousarray(small[..., ::-1])
    whole = full_mask(outline, photo).astype(np.uint8)
    mask = cv2.resize(whole, size, interpolation=cv2.INTER_NEAREST)
    edges, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    for colour, width in (((42, 32, 16), 4), ((255, 255, 255), 2)):
        cv2.drawContours(picture, edges, -1, colour, width, cv2.LINE_AA)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def _facts(outline: Outline, photo: Photo) -> list[tuple[str, str]]:
    """What the outline is, and how large."""
    area_px2 = float(outline.mask.sum()) * outline.window.step_px**2
    facts = [
        ("shape", outline.kind),
        ("against the skin", outline.polarity),
        ("area", f"{area_px2:.0f} px²"),
    ]
    clear = border_is_clear(outline)
    if not clear:
        facts.append(("border", _RAN_OUT if ran_out(outline) else _DOUBTED))
    if photo.scale is not None:
        x, y = outline.polygon_xy.mean(axis=0)
        mm_per_px = photo.scale.mm_per_px_at(float(x), float(y))
        area = f"{area_px2 * mm_per_px**2:.3g} mm²" if clear else UNKNOWN
        facts.append(("area on the skin", area))
        facts.append(("size of a pixel", f"{mm_per_px:.4g} mm"))
    return facts
