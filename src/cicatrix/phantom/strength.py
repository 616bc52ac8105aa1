"""How strong a lesion's pigments must be for a wanted contrast, and what they then are."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from cicatrix.optics.cameras import generic_camera, rgb_weights
from cicatrix.optics.cielab import ciede2000, ita_deg, linear_srgb_to_lab
from cicatrix.optics.illuminants import illuminant
from cicatrix.optics.skin_table import SkinTable, skin_table
from cicatrix.phantom.fields import FloatImage
from cicatrix.phantom.lesion import LESION_PIGMENTS, lesion_shape
from cicatrix.phantom.scene import Scene
from cicatrix.phantom.skin_map import pigment_maps

__all__ = ["LesionState", "lesion_state", "with_lesion"]

_Array = npt.NDArray[np.float64]

_LOW: Final = np.log(np.array([6e-4, 5e-4, 0.5], dtype=np.float32))
_HIGH: Final = np.log(np.array([0.95, 0.45, 3.0], dtype=np.float32))
# Bounds of log melanin, blood and scattering: no skin is beyond them.

_STRONGEST: Final = 5.0

_CLOSE: Final = 1e-4
"""Of the wanted contrast: fifty times closer than the truth promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionState:
    """A lesion at one visit, for a perfect observer under D65.

    `contrast_de00` and `signed_lab` compare the medians of lesion and adjacent skin
    (lesion minus skin); `baseline_de00` is the contrast at fade 0 of the first visit,
    which is below the wanted one where pigments cannot make it. `log_changes` are the
    full changes of log melanin, blood and scattering, `skin_lab` the adjacent skin.
    """

    strength: float
    contrast_de00: float
    baseline_de00: float
    signed_lab: tuple[float, float, float]
    skin_lab: tuple[float, float, float]
    skin_ita_deg: float
    log_changes: tuple[float, float, float]


@lru_cache(maxsize=64)
def lesion_state(scene: Scene, *, visit: int = 0, fade: float = 0.0) -> LesionState:
    """The lesion after fading by `fade` of its baseline contrast.

    Parameters
    ----------
    scene
        Skin and lesion.
    visit
        Blood mottle differs by visit, so the strength that gives a contrast does too.
    fade
        0 is baseline, 1 no contrast left, above 1 past skin colour to the other side,
        below 0 more visible.

    Raises
    ------
    ValueError
        `fade` is outside -1..2.
    """
    if not -1 <= fade <= 2:
        raise ValueError(f"fade must be in -1..2, got {fade!r}")
    baseline = _baseline(scene)
    if fade == 0 and visit == 0:
        return _state(_Sampled.of(scene, 0), baseline, baseline)
    sampled = _Sampled.of(scene, visit)
    attained = sampled.contrast(baseline)
    if visit != 0:
        attained = _Sampled.of(scene, 0).contrast(baseline)
    left = 1 - fade
    strength = _solve(sampled, attained * abs(left), sign=1.0 if left >= 0 else -1.0)
    return _state(sampled, strength, baseline, attained)


@lru_cache(maxsize=16)
def _baseline(scene: Scene) -> float:
    """The strength that gives the wanted contrast at the first visit."""
    return _solve(_Sampled.of(scene, 0), scene.contrast_de00)


def with_lesion(
    scene: Scene,
    maps: tuple[FloatImage, FloatImage],
    cover: FloatImage,
    strength: float,
) -> tuple[FloatImage, FloatImage, FloatImage]:
    """Log melanin, blood and scattering where the lesion covers skin by `cover`."""
    changes = LESION_PIGMENTS[scene.lesion]
    starts = (maps[0], maps[1], np.zeros_like(cover))
    made = [
        np.clip(start + np.float32(strength * change) * cover, low, high)
        for start, change, low, high in zip(starts, changes, _LOW, _HIGH, strict=True)
    ]
    return made[0], made[1], made[2]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sampled:
    """Pigments of the lesion's samples and the colour of the adjacent skin."""

    scene: Scene
    log_melanin: FloatImage
    log_blood: FloatImage
    cover: FloatImage
    ring_lab: _Array

    @classmethod
    def of(cls, scene: Scene, visit: int) -> "_Sampled":
        return _sampled(scene, visit)

    def lab(self, strength: float) -> _Array:
        """Median CIELAB of the lesion."""
        made = with_lesion(
            self.scene, (self.log_melanin, self.log_blood), self.cover, strength
        )
        light = _perfect_table().light_scattered(*made)
        return np.asarray(np.median(linear_srgb_to_lab(light.reshape(-1, 3)), axis=0))

    def contrast(self, strength: float) -> float:
        return float(ciede2000(self.lab(strength), self.ring_lab))


@lru_cache(maxsize=16)
def _sampled(scene: Scene, visit: int) -> _Sampled:
    shape = lesion_shape(scene)
    melanin, blood = pigment_maps(scene, shape.grid, visit=visit)
    inside, ring = shape.inside, shape.adjacent
    light = _perfect_table().light(_block(melanin[ring]), _block(blood[ring]))
    return _Sampled(
        scene=scene,
        log_melanin=_block(melanin[inside]),
        log_blood=_block(blood[inside]),
        cover=_block(shape.cover[inside]),
        ring_lab=np.median(linear_srgb_to_lab(light.reshape(-1, 3)), axis=0),
    )


def _block(samples: FloatImage) -> FloatImage:
    """Samples (n) as a picture: the table takes no more than 32767 in a row."""
    width = 16
    return samples[: len(samples) // width * width].reshape(-1, width)


@lru_cache(maxsize=1)
def _perfect_table() -> SkinTable:
    weights = rgb_weights(generic_camera("cie-1931"), illuminant("daylight", 6504.0))
    return skin_table(weights)


def _solve(sampled: _Sampled, wanted: float, *, sign: float = 1.0) -> float:
    """The least strength with the wanted contrast, or that of the largest contrast.

    The contrast at strength 0 is the mottle between lesion and ring: what lies below it
    is answered by the strength of the least contrast.
    """
    strengths = sign * np.linspace(0, 1, 15) ** 1.5 * _STRONGEST
    contrasts = np.array([sampled.contrast(float(one)) for one in strengths])
    least = int(np.argmin(contrasts))
    above = np.flatnonzero(contrasts[least:] >= wanted)
    if len(above) == 0:
        return float(strengths[int(np.argmax(contrasts))])
    first = least + int(above[0])
    if first == least:
        return float(strengths[least])
    ends = (float(strengths[first - 1]), float(strengths[first]))
    offs = (float(contrasts[first - 1]) - wanted, float(contrasts[first]) - wanted)
    return _between(sampled, wanted, ends, offs)


def _between(
    sampled: _Sampled,
    wanted: float,
    ends: tuple[float, float],
    offs: tuple[float, float],
) -> float:
    """The strength between two whose contrasts are below and above what is wanted.

    Regula falsi in the Illinois form: about five contrasts where halving took fourteen.
    """
    (low, high), (below, above) = ends, offs
    middle, was_above = high, True
    for _ in range(20):
        middle = high - above * (high - low) / (above - below)
        off = sampled.contrast(middle) - wanted
        if abs(off) < _CLOSE * wanted:
            break
        if off > 0:
            high, above = middle, off
            below = below / 2 if was_above else below
        else:
            low, below = middle, off
            above = above / 2 if not was_above else above
        was_above = off > 0
    return middle


def _state(
    sampled: _Sampled, strength: float, baseline: float, attained: float | None = None
) -> LesionState:
    lab = sampled.lab(strength)
    contrast = float(ciede2000(lab, sampled.ring_lab))
    signed, ring = lab - sampled.ring_lab, sampled.ring_lab
    changes = LESION_PIGMENTS[sampled.scene.lesion]
    return LesionState(
        strength=strength,
        contrast_de00=contrast,
        baseline_de00=contrast if attained is None else attained,
        signed_lab=(float(signed[0]), float(signed[1]), float(signed[2])),
        skin_lab=(float(ring[0]), float(ring[1]), float(ring[2])),
        skin_ita_deg=float(ita_deg(ring)),
        log_changes=(
            strength * changes[0],
            strength * changes[1],
            strength * changes[2],
        ),
    )
