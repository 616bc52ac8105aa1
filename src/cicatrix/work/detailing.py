"""Every measure of a lesion at two visits, each with its own change and interval."""

from collections.abc import Callable
from dataclasses import replace
from math import hypot, log

import numpy as np
import numpy.typing as npt

from cicatrix.change.sources import Regions
from cicatrix.change.strength import SharedStrength
from cicatrix.change.visits import VisitComparison
from cicatrix.domain.fade import MeasureChange, Verdict
from cicatrix.evidence.measuring import measuring_limits
from cicatrix.measures.chromophores import PigmentContrast, pigment_contrasts
from cicatrix.measures.field import Field, evenness_change, scar_load
from cicatrix.measures.texture import (
    TextureChange,
    beside_contrast,
    pattern_change,
)
from cicatrix.outline.value import Outline
from cicatrix.photo.value import FloatImage
from cicatrix.work.abstaining import border_in_doubt, without_changes
from cicatrix.work.rows import COVER, around, row, unknown_row
from cicatrix.work.sizing import without_sizes

__all__ = ["details", "textures_of"]

_TOO_SMALL = "the lesion is too small or too smooth for it"
_PATTERN_NOTE = (
    "relative index of shade and fine pigment pattern; 1 is like the skin around"
)
_NO_RELIEF = (
    "one photograph shows furrows and the skin's fine pigment alike, and inside a scar "
    "pigment is most of it"
)
"""A fifth more or fewer furrows change the pattern of made-up lesions by 0.0 to 4 % (median
0.5 %) as photographed at 9 pixels a millimetre, and by 0.3 to 11 % (2 to 3 %) at 20 and 40,
with nothing else changed (benchmarks/furrows.py): no two photographs are that alike. Colour does
not part them either: pigment darkens red, green and blue in nearly the proportions that
shade does."""
_WIDEST_EVENNESS, _WIDEST_CHANGED_EVENNESS = 0.35, 0.6
"""Half width of the interval of an evenness (ln) up to which it is given: wider, it could
not show a change by three tenths. One that did change is given up to the second: spots that
fade on skin that stays make blocks differ, as doubt does. Wider still, what seems a change
is more often a photograph's doing."""
_MOST_CONTRAST_SD_LN = 1.0
"""Of the change of a lesion's contrast: more is a lesion that no contrast draws."""
_BEYOND_DOUBT = 3.0
"""Standard deviations from which it did: of what is told for being large alone, two would
pick the accidents (seed 888, unchanged, seemed to have changed by 2.5)."""
_LIGHT_DIFFERS = (
    "light from another side draws another relief, another camera another contrast: "
    "photograph in the same light, with the same camera"
)
_FIELD_UNSURE = (
    "these photographs draw the field too differently for a change by three tenths to "
    "show: photograph in the same light, with the same camera"
)
_NOTHING_SHARED = "the photographs share too little of the skin's own pattern for it"

_Floats = npt.NDArray[np.float64]


def details(
    outline: Outline,
    regions: Regions,
    told: VisitComparison,
    sizes: Callable[[], tuple[MeasureChange, ...]],
    textures: Callable[[], TextureChange],
    *,
    fade_told: bool,
) -> tuple[MeasureChange, ...]:
    """All measures of the pair, headline contrast first.

    `sizes` waits for those of `sizing.size_changes`, `textures` for `textures_of`. Where
    the fade is not told (`fade_told`), no change of colour, pigment or scar load is, and
    where the border is in doubt no size and no scar load.
    """
    rows = (*_colour(told), *_pigments(told))
    even: tuple[MeasureChange, ...] = ()
    load: tuple[MeasureChange, ...] = ()
    if outline.kind == "field":
        lights = told.calibrated[0], told.calibrated[-1]
        even, load = _field(lights, outline, regions, told.strength)
    # Sizes were begun long ago; what is not begun by now is done while they are awaited.
    of_texture = _textures(textures(), told)
    of_size = sizes()
    if border_in_doubt(told, outline):
        of_size, load = without_sizes(of_size), without_sizes(load)
    if not fade_told:
        rows, load = without_changes(rows), without_changes(load)
    return (*rows, *of_size, *of_texture, *even, *load)


def _colour(told: VisitComparison) -> list[MeasureChange]:
    reading = told.reading
    rows = [
        MeasureChange(
            name="contrast_de00",
            label="colour contrast",
            unit="ΔE00",
            before=reading.contrast_before_de00,
            after=reading.contrast_after_de00,
            change=reading.contrast_change_de00,
            verdict=reading.fade.verdict,
        )
    ]
    for key, name, label, unit in (
        ("delta_l", "delta_l_cielab", "lighter (+) or darker (-)", "ΔL*"),
        ("delta_a", "delta_a_cielab", "redder (+) or greener (-)", "Δa*"),
        ("delta_b", "delta_b_cielab", "yellower (+) or bluer (-)", "Δb*"),
        ("delta_ita_deg", "delta_ita_deg", "skin-tone angle (ΔITA)", "°"),
    ):
        rows.append(
            row(
                name,
                label,
                unit,
                (
                    reading.signed_before[key],
                    reading.signed_after[key],
                    reading.signed_change[key],
                ),
            )
        )
    return rows


def _pigments(told: VisitComparison) -> list[MeasureChange]:
    skin = told.skin_linear_rgb
    # Weighed alike at both visits, so that equal colours give equal pigments.
    alike = (told.covariance[:3, :3] + told.covariance[3:6, 3:6]) / 2
    found = pigment_contrasts(skin, told.differences, alike)
    moved_sd = _moved_sd(told, found)
    return [
        _pigment_row(index, name, label, found, float(moved_sd[index]))
        for index, (name, label) in enumerate(
            (
                ("melanin_contrast_ln", "melanin contrast"),
                ("haemoglobin_contrast_ln", "haemoglobin contrast"),
                ("scattering_contrast_ln", "scattering contrast"),
            )
        )
    ]


def _moved_sd(told: VisitComparison, found: list[PigmentContrast]) -> _Floats:
    """One standard deviation (3,) of the pigments' change.

    What colour left open of a contrast changes with it: of two equal contrasts nothing.
    """
    both = np.concatenate([-found[0].sensitivity, found[1].sensitivity], axis=1)
    largest = float(np.abs(told.differences).max())
    step = float(np.abs(told.differences[1] - told.differences[0]).max())
    share = step / largest if largest > 0 else 0.0
    left_open = share**2 * (found[0].left_open + found[1].left_open) / 2
    return np.asarray(np.sqrt(np.diag(both @ told.covariance @ both.T + left_open)))


def _pigment_row(
    index: int,
    name: str,
    label: str,
    found: list[PigmentContrast],
    moved_sd: float,
) -> MeasureChange:
    if not all(one.resolved[index] for one in found):
        return unknown_row(
            name,
            label,
            "ln",
            "this skin's colour does not tell this apart from the other pigments well "
            "enough",
        )
    each = [
        around(float(one.change[index]), float(one.covariance[index, index]) ** 0.5)
        for one in found
    ]
    change = around(each[1].estimate - each[0].estimate, moved_sd)
    return row(
        name,
        label,
        "ln",
        (each[0], each[1], change),
        note="relative change of the pigment against adjacent skin, natural logarithm",
    )


def textures_of(
    calibrated: tuple[FloatImage, ...], outline: Outline, regions: Regions
) -> TextureChange:
    """Change of the fine pattern from the first to the last of equally sharp lights."""
    lights = calibrated[0], calibrated[-1]
    lesion = outline.mask & _usable(regions, outline)
    return pattern_change(lights, lesion, regions.ring)


def _textures(found: TextureChange, told: VisitComparison) -> list[MeasureChange]:
    """What texture there is."""
    return [
        _texture_row(
            "fine_pattern_ratio",
            "fine pattern (shade and pigment) against adjacent skin",
            beside_contrast(found, _contrast_sd_ln(told)),
        ),
        unknown_row("relief_ratio", "relief and lines of the skin", "", _NO_RELIEF),
    ]


def _contrast_sd_ln(told: VisitComparison) -> float:
    """One SD of what two captures do to a lesion's contrast in mean light, ln."""
    share = told.skin_linear_rgb / told.skin_linear_rgb.sum()
    # Of the larger one: a lesion that all but faded is not unsure of having done so.
    largest = float(np.abs(told.differences @ share).max())
    step = np.concatenate([-share, share])
    sd = float(step @ told.covariance @ step) ** 0.5
    return min(sd / largest, _MOST_CONTRAST_SD_LN) if largest > 0 else 0.0


def _texture_row(
    name: str,
    label: str,
    found: TextureChange,
    *,
    widest: float | None = None,
    note: str = _PATTERN_NOTE,
    unsure: str = _LIGHT_DIFFERS,
) -> MeasureChange:
    """A row of an index; `widest` half width of its change (ln) that is given.

    `unsure` says why a wider one is not. An index is 1 for skin, and as far from it as its
    logarithm from 0.
    """
    before, after = found.before, found.after
    if not np.isfinite(found.log_sd):
        return unknown_row(name, label, "", _TOO_SMALL)
    if widest is None:
        widest = measuring_limits().widest_texture_half_width
    if COVER * found.log_sd > widest:
        return unknown_row(name, label, "", unsure)
    sd = found.log_sd * (before.ratio * after.ratio) ** 0.5
    return row(
        name,
        label,
        "",
        (
            around(before.ratio, before.ratio * before.log_sd),
            around(after.ratio, after.ratio * after.log_sd),
            around(after.ratio - before.ratio, sd),
        ),
        note=note,
        apart=lambda ratio: abs(log(ratio)),
    )


def _usable(regions: Regions, outline: Outline) -> npt.NDArray[np.bool_]:
    """Where the lesion is usable in both: the core tells it for its inside."""
    return regions.core | (outline.mask & ~outline.core)


def _field(
    lights: tuple[FloatImage, FloatImage],
    outline: Outline,
    regions: Regions,
    strength: SharedStrength | None,
) -> tuple[tuple[MeasureChange, ...], tuple[MeasureChange, ...]]:
    """How even the field is, and how much of it is scar: a row each."""
    lesion = outline.mask & _usable(regions, outline)
    before, after = (Field.of(light, lesion, regions.ring) for light in lights)
    loads = [scar_load(before), scar_load(after)]
    each = [around(one.area_fraction, one.area_fraction_sd) for one in loads]
    sd = hypot(*(one.area_fraction_sd for one in loads))
    even = (
        None
        if strength is None
        else evenness_change((before, after), strength.log_ratio)
    )
    load = row(
        "scar_load_fraction",
        "scar-like share of the field",
        "fraction",
        (each[0], each[1], around(each[1].estimate - each[0].estimate, sd)),
    )
    return (_evenness_row(even),), (load,)


def _evenness_row(found: TextureChange | None) -> MeasureChange:
    """More even is less visible: the verdict is that of the spots."""
    named = "evenness_ratio", "evenness of complexion against adjacent skin"
    if found is None:
        return unknown_row(*named, "", _NOTHING_SHARED)
    told = _texture_row(
        *named,
        found,
        widest=_widest_evenness(found),
        note="1 is as even as the skin around, at the size of the scars",
        unsure=_FIELD_UNSURE,
    )
    if told.verdict not in (Verdict.FADED, Verdict.MORE_VISIBLE):
        return told
    evener = told.change.estimate > 0
    return replace(told, verdict=Verdict.FADED if evener else Verdict.MORE_VISIBLE)


def _widest_evenness(found: TextureChange) -> float:
    """Half width (ln) up to which a change of evenness is given."""
    changed = abs(found.log_change) > _BEYOND_DOUBT * found.log_sd
    return _WIDEST_CHANGED_EVENNESS if changed else _WIDEST_EVENNESS
