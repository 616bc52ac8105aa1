"""One phantom pair, end to end: all that was told of it beside all that is true of it."""

import time
from functools import partial

import cv2
import numpy as np

from by_hand import drawn_by_hand
from cicatrix.alignment.value import Alignment
from cicatrix.domain.fade import MeasureChange
from cicatrix.domain.quality import Grade
from cicatrix.domain.result import Comparison
from cicatrix.errors import PhotoUnusable
from cicatrix.evidence.skin_tone import SkinTone, typical_ita_deg
from cicatrix.measures.size import size_of
from cicatrix.optics.cameras import Camera
from cicatrix.optics.illuminants import Light
from cicatrix.outline.finding import outline_from_mask
from cicatrix.outline.value import Lesion, Outline
from cicatrix.phantom import Rendering, render, truth_displacement
from cicatrix.phantom.capture import Capture
from cicatrix.photo.value import Photo
from cicatrix.work.comparing import compare_laid, find_outline, place, refused
from cicatrix.work.laying import lay
from cicatrix.work.opening import open_photo
from pairs import Pair
from six_skins import ROLE as SIX_SKINS

__all__ = ["Row", "measured_pair"]

Row = dict[str, object]

SHOWN_PX = 4.0
"""A lesion point nearer to the picture's edge than this is not in the picture."""


ASKS = "draw its outline"
"""A refusal with these words wants a person's outline, and gets one."""


def measured_pair(
    pair: Pair, *, flash_told: bool = True, skin_told: bool = True
) -> Row:
    """Everything there is to say of a pair, as plain values.

    `flash_told`: the user says whether a flash fired, where the file does not.
    `skin_told`: the user says to which of six classes of tone the healthy skin belongs;
    `skin_untold` of the row is then what had been told of the fade without it.
    """
    cv2.setNumThreads(1)
    started = time.process_time()
    before, after = (
        render(scene, capture, pose, fade=fade, visit=visit)
        for visit, (scene, capture, pose, fade) in enumerate(
            zip(pair.scenes, pair.captures, pair.poses, (0.0, pair.fade), strict=True)
        )
    )
    rendered = time.process_time()
    flashes = [one.flash if flash_told else None for one in pair.captures]
    photos = [
        _opened(pair, rendering, flash_fired=fired)
        for rendering, fired in zip((before, after), flashes, strict=True)
    ]
    row = _drawn(pair) | _true(pair, before, after)
    tone = typical_ita_deg(SkinTone(pair.tone)) if skin_told else None
    row |= _told(pair, photos, (before, after), tone)
    row["render_seconds"] = rendered - started
    row["seconds"] = time.process_time() - rendered
    return row


def _drawn(pair: Pair) -> Row:
    return {
        "seed": pair.seed,
        "role": pair.role,
        "tone": pair.tone,
        "reference": pair.reference,
        "capture": pair.capture,
        "style": pair.style,
        "same_camera": pair.same_camera,
        "lesion": pair.scenes[0].lesion,
        "ita_deg": pair.scenes[0].skin_ita_deg,
        "wanted_de00": pair.wanted_de00,
        "wanted_fade": pair.fade,
        "curvature_per_mm": pair.scenes[0].curvature_per_mm,
        "flash": [one.flash for one in pair.captures],
        "camera": [_camera_name(one) for one in pair.captures],
        "light": [_light_name(one) for one in pair.captures],
        "exposure_ev": [one.exposure_ev for one in pair.captures],
    }


def _camera_name(capture: Capture) -> str:
    camera = capture.camera
    return camera.name if isinstance(camera, Camera) else camera


def _light_name(capture: Capture) -> str:
    light = capture.illuminant
    return light.name if isinstance(light, Light) else f"{light} {capture.cct_k:.0f} K"


def _true(pair: Pair, before: Rendering, after: Rendering) -> Row:
    first, last = before.truth, after.truth
    points = _lesion_points(before)
    shown = truth_displacement(first, last, points)
    rows, cols = last.hidden.shape
    inside = ((shown > SHOWN_PX) & (shown < np.array([cols, rows]) - SHOWN_PX)).all(1)
    return {
        "true_contrast_de00": first.contrast_de00,
        "true_fade": 1 - last.contrast_de00 / first.contrast_de00,
        "true_ln": [
            [one.melanin_log_change, one.blood_log_change, one.scattering_log_change]
            for one in (first, last)
        ],
        "true_signed_lab": [first.signed_lab, last.signed_lab],
        "true_area_mm2": first.area_mm2,
        "true_length_mm": first.length_mm,
        "true_width_mm": first.width_mm,
        "true_furrows": pair.scenes[1].lesion_furrows / pair.scenes[0].lesion_furrows,
        "px_per_mm": [first.px_per_mm, last.px_per_mm],
        "clipped": [_clipped_share(one) for one in (before, after)],
        "shown": float(inside.mean()),
    }


def _lesion_points(before: Rendering) -> np.ndarray:
    spots = np.argwhere(before.truth.lesion_mask)[:, ::-1]
    return spots[:: max(1, len(spots) // 300)].astype(float)


def _clipped_share(rendering: Rendering) -> float:
    """Share of the lesion whose colour is lost at the top of a channel."""
    inside = rendering.encoded[rendering.truth.lesion_mask]
    if len(inside) == 0:
        return 1.0
    top = np.iinfo(inside.dtype).max
    return float((inside >= top - top // 255).any(axis=1).mean())


def _told(
    pair: Pair,
    photos: list[Photo],
    renderings: tuple[Rendering, Rendering],
    skin_ita_deg: float | None,
) -> Row:
    before = renderings[0]
    click = np.asarray(before.truth.lesion_point_px)
    row = _told_of(click, photos, renderings, skin_ita_deg)
    if pair.role in ("fade", "faint", SIX_SKINS) and ASKS in (row["reason"] or ""):
        hand = drawn_by_hand(
            before.truth.lesion_mask, px_per_mm=before.truth.px_per_mm, seed=pair.seed
        )
        row["drawn"] = _told_of(hand, photos, renderings, skin_ita_deg)
    return row


def _told_of(
    lesion: Lesion,
    photos: list[Photo],
    renderings: tuple[Rendering, Rendering],
    skin_ita_deg: float | None,
) -> Row:
    before, after = renderings
    row: Row = {}
    try:
        outline = find_outline(photos[0], lesion)
        row |= _outline_row(before, photos[0], outline)
        first = lay(photos[0], outline, None)
        second = place(photos[0], photos[1], outline)
    except PhotoUnusable as trouble:
        told = refused("lesion", None, None, trouble.reason)
        row["refused_by"] = type(trouble).__name__
    else:
        if second.alignment is not None:
            row |= _alignment_row(before, after, outline, second.alignment)
        laid = partial(compare_laid, [first], [second], outline, name="lesion")
        told, _ = laid(skin_ita_deg=skin_ita_deg)
        if skin_ita_deg is not None:
            row["skin_untold"] = _fade_row(laid()[0])
    return row | _comparison_row(told)


def _comparison_row(told: Comparison) -> Row:
    records = [one for one in (told.baseline, told.followup) if one is not None]
    return {
        "anchor": told.colour_anchor.name,
        "held_out_de00": [one.reference_held_out_de00 for one in records],
        **_fade_row(told),
        "contrast_de00": [told.contrast_before_de00.estimate, told.contrast_after_de00.estimate],
        "reason": told.reason,
        "notes": list(told.notes),
        "warned": sorted(
            {
                finding.heading.value
                for one in records
                for finding in one.quality
                if finding.grade is not Grade.PASS
            }
        ),
        "budget": {line.source: line.fade_sd_fraction for line in told.fade.budget},
        "measures": {one.name: _measure(one) for one in told.measures},
    }  # fmt: skip


def _fade_row(told: Comparison) -> Row:
    return {
        "estimate": told.fade.estimate,
        "low": told.fade.low,
        "high": told.fade.high,
        "sdc": told.fade.smallest_detectable_change,
        "verdict": told.fade.verdict.value,
    }


def _measure(one: MeasureChange) -> Row:
    return {
        "before": one.before.estimate,
        "after": one.after.estimate,
        "change": [one.change.estimate, one.change.low, one.change.high],
        "verdict": one.verdict.value,
        "note": one.note,
    }


def _opened(pair: Pair, rendering: Rendering, *, flash_fired: bool | None) -> Photo:
    """As a user opens it, who points to the grey patch and remembers the flash.

    Linear files hold no note of it; in all others the note says the same.
    """
    grey = None
    if pair.reference == "grey":
        x, y = np.mean(rendering.truth.objects[0].corners_px, axis=0)
        rows, cols = rendering.truth.hidden.shape
        # Nobody can click on a patch outside the picture.
        if 0 < x < cols and 0 < y < rows:
            grey = (float(x), float(y))
    return open_photo(rendering.file_bytes, grey_xy=grey, flash_fired=flash_fired)


def _outline_row(before: Rendering, photo: Photo, outline: Outline) -> Row:
    at = np.round(outline.window.samples_xy()).astype(int)
    rows, cols = before.truth.lesion_mask.shape
    x = np.clip(at[..., 0], 0, cols - 1)
    y = np.clip(at[..., 1], 0, rows - 1)
    truth = before.truth.lesion_mask[y, x]
    whole = before.truth.lesion_mask.sum() / outline.window.step_px**2
    both = (truth & outline.mask).sum()
    row: Row = {
        "dice": float(2 * both / (whole + outline.mask.sum())),
        "kind": outline.kind,
        "area_ratio": float(outline.mask.sum() / whole),
    }
    if outline.kind != "line":
        return row
    # The same ruler on the true outline: what the drawing costs, not the definition.
    own = size_of(outline.mask, outline.window, kind="line")
    drawn = outline_from_mask(photo, before.truth.lesion_mask)
    true = size_of(drawn.mask, drawn.window, kind="line")
    return row | {
        "width_ratio": own.width_px / true.width_px,
        "length_ratio": own.length_px / true.length_px,
    }


def _alignment_row(
    before: Rendering, after: Rendering, outline: Outline, alignment: Alignment
) -> Row:
    spots = np.argwhere(outline.mask)[:: max(1, int(outline.mask.sum()) // 200), ::-1]
    points = outline.window.to_pixels(spots)
    true = truth_displacement(before.truth, after.truth, points)
    told = alignment.to_followup(points)
    off = np.linalg.norm(true - told, axis=1)
    # Told in baseline pixels, as `error_px` is; per cent of the diagonal is the same.
    error = float(np.nanmedian(off)) / alignment.scale
    diagonal = float(np.hypot(*before.truth.lesion_mask.shape))
    return {
        "alignment_px_12mp": error / diagonal * 5000,
        "alignment_told_px_12mp": alignment.error_px / diagonal * 5000,
        "alignment_mm": error / before.truth.px_per_mm,
    }
