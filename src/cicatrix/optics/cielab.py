"""Colorimetry of the CIE: linear light to CIELAB, colour differences, skin-tone angle.

Everything is under D65 with the 2° observer; arrays have colour in their last axis.
"""

import numpy as np
import numpy.typing as npt

__all__ = [
    "D65_XYZ",
    "LINEAR_SRGB_TO_XYZ",
    "ciede2000",
    "ita_deg",
    "lab_to_xyz",
    "linear_srgb_to_lab",
    "xyz_to_lab",
]

_Array = npt.NDArray[np.float64]

D65_XYZ: _Array = np.array([0.95045592705167, 1.0, 1.08905775075988])
"""White of D65 from x = 0.3127, y = 0.3290 (IEC 61966-2-1)."""

LINEAR_SRGB_TO_XYZ: _Array = np.array(
    [
        [0.41239079926595934, 0.357584339383878, 0.1804807884018343],
        [0.21263900587151027, 0.715168678767756, 0.07219231536073371],
        [0.01933081871559182, 0.11919477979462598, 0.9505321522496607],
    ]
)
"""Linear sRGB primaries to XYZ, unrounded from the chromaticities of IEC 61966-2-1."""

_EPSILON = 216 / 24389  # CIE 15:2018, exact form of 0.008856
_KAPPA = 24389 / 27  # CIE 15:2018, exact form of 903.3


def xyz_to_lab(xyz: npt.ArrayLike) -> _Array:
    """CIELAB (…, 3) of tristimulus values (…, 3) with Y = 1 for white.

    Negative values, which noise can make, continue along the linear foot.

    Examples
    --------
    >>> xyz_to_lab(D65_XYZ).round(6).tolist()
    [100.0, 0.0, 0.0]
    """
    ratio = np.asarray(xyz, dtype=np.float64) / D65_XYZ
    f = np.where(ratio > _EPSILON, np.cbrt(ratio), (_KAPPA * ratio + 16) / 116)
    return np.stack(
        [
            116 * f[..., 1] - 16,
            500 * (f[..., 0] - f[..., 1]),
            200 * (f[..., 1] - f[..., 2]),
        ],
        axis=-1,
    )


def lab_to_xyz(lab: npt.ArrayLike) -> _Array:
    """Tristimulus values (…, 3), Y = 1 for white, of CIELAB (…, 3).

    Examples
    --------
    >>> lab_to_xyz([100, 0, 0]).round(4).tolist()
    [0.9505, 1.0, 1.0891]
    """
    values = np.asarray(lab, dtype=np.float64)
    fy = (values[..., 0] + 16) / 116
    f = np.stack([fy + values[..., 1] / 500, fy, fy - values[..., 2] / 200], axis=-1)
    ratio = np.where(f**3 > _EPSILON, f**3, (116 * f - 16) / _KAPPA)
    return np.multiply(ratio, D65_XYZ)


def linear_srgb_to_lab(linear_rgb: npt.ArrayLike) -> _Array:
    """CIELAB (…, 3) of linear light in sRGB primaries (…, 3), 1 = white."""
    light = np.asarray(linear_rgb, dtype=np.float64)
    # As one list: NumPy multiplies a stack of small matrices one by one.
    xyz = light.reshape(-1, 3) @ LINEAR_SRGB_TO_XYZ.T
    return xyz_to_lab(xyz.reshape(light.shape))


def ita_deg(lab: npt.ArrayLike) -> _Array:
    """Individual typology angle in degrees: lighter skin has the larger angle.

    ITA = atan2(L* - 50, b*) · 180/π (Chardon et al. 1991). It is meant for skin, whose
    b* is positive.

    Examples
    --------
    >>> float(ita_deg([68.0, 10.0, 18.0]).round(6))
    45.0
    """
    values = np.asarray(lab, dtype=np.float64)
    return np.degrees(np.arctan2(values[..., 0] - 50, values[..., 2]))


def ciede2000(lab_a: npt.ArrayLike, lab_b: npt.ArrayLike) -> _Array:
    """CIEDE2000 colour difference with kL = kC = kH = 1.

    Parameters
    ----------
    lab_a, lab_b : (…, 3) float
        CIELAB; shapes broadcast.

    Returns
    -------
    (…) float
        ΔE00, never negative.

    References
    ----------
    ISO/CIE 11664-6:2014; Sharma, Wu & Dalal 2005, doi 10.1002/col.20070.

    Examples
    --------
    >>> float(ciede2000([50, 2.6772, -79.7751], [50, 0, -82.7485]).round(4))
    2.0425
    """
    first, second = np.broadcast_arrays(
        np.asarray(lab_a, dtype=np.float64), np.asarray(lab_b, dtype=np.float64)
    )
    l1, a1, b1 = np.moveaxis(first, -1, 0)
    l2, a2, b2 = np.moveaxis(second, -1, 0)

    c7 = _seventh((_length(a1, b1) + _length(a2, b2)) / 2)
    g = 1.5 - 0.5 * np.sqrt(c7 / (c7 + 25.0**7))
    a1, a2 = a1 * g, a2 * g
    c1, c2 = _length(a1, b1), _length(a2, b2)
    h1, h2 = _hue(a1, b1), _hue(a2, b2)

    coloured = (c1 * c2) > 0
    # A difference of exactly half a turn keeps its sign, as the standard has it.
    dh = h2 - h1
    dh = np.where(dh > np.pi, dh - 2 * np.pi, dh)
    dh = np.where(dh < -np.pi, dh + 2 * np.pi, dh)
    dh = np.where(coloured, dh, 0.0)
    mean_h = np.where(
        np.abs(h1 - h2) <= np.pi,
        (h1 + h2) / 2,
        (h1 + h2 + np.where(h1 + h2 < 2 * np.pi, 2 * np.pi, -2 * np.pi)) / 2,
    )
    mean_h = np.where(coloured, mean_h, h1 + h2)
    return _weighted((l1, l2), (c1, c2), 2 * np.sqrt(c1 * c2) * np.sin(dh / 2), mean_h)


def _weighted(
    lightness: tuple[_Array, _Array],
    chroma: tuple[_Array, _Array],
    hue_difference: _Array,
    mean_h: _Array,
) -> _Array:
    """The weighting functions of the standard, applied to the three differences."""
    mean_l = (lightness[0] + lightness[1]) / 2
    mean_c = (chroma[0] + chroma[1]) / 2
    t = (
        1
        - 0.17 * np.cos(mean_h - np.radians(30))
        + 0.24 * np.cos(2 * mean_h)
        + 0.32 * np.cos(3 * mean_h + np.radians(6))
        - 0.20 * np.cos(4 * mean_h - np.radians(63))
    )
    off = (mean_l - 50) ** 2
    s_l = 1 + 0.015 * off / np.sqrt(20 + off)
    s_c = 1 + 0.045 * mean_c
    s_h = 1 + 0.015 * mean_c * t
    turn = np.radians(60) * np.exp(-(((np.degrees(mean_h) - 275) / 25) ** 2))
    c7 = _seventh(mean_c)
    r_t = -np.sin(turn) * 2 * np.sqrt(c7 / (c7 + 25.0**7))
    dl = (lightness[1] - lightness[0]) / s_l
    dc = (chroma[1] - chroma[0]) / s_c
    dh = hue_difference / s_h
    return np.sqrt(np.maximum(dl**2 + dc**2 + dh**2 + r_t * dc * dh, 0))


def _length(a: _Array, b: _Array) -> _Array:
    # Four times as fast as np.hypot, which guards against numbers that are no colour.
    return np.asarray(np.sqrt(a * a + b * b))


def _hue(a: _Array, b: _Array) -> _Array:
    """Hue angle, 0 to 2 π."""
    turn = np.arctan2(b, a)
    return np.where(turn < 0, turn + 2 * np.pi, turn)


def _seventh(chroma: _Array) -> _Array:
    # Written out: as a general power it takes longer than all the rest.
    squared = chroma * chroma
    return np.asarray(squared * squared * squared * chroma)
