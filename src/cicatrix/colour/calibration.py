"""From the patches of a reference to calibrated light, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cicatrix.colour.candidates import Candidate, Patches, fit_candidate, held_out
from cicatrix.colour.matrix import MatrixFit
from cicatrix.colour.tone import ToneFit
from cicatrix.domain.reference import ColourReference, PatchState, ReferenceKind
from cicatrix.optics.cielab import LINEAR_SRGB_TO_XYZ, lab_to_xyz

__all__ = ["Calibration", "fit_calibration"]

_Array = npt.NDArray[np.float64]
_Image = npt.NDArray[np.float32]

_TABLE = 4096
_FEWEST_LEVELS = 4
"""Greys of different lightness below which no tone curve is fitted."""

_FEWEST_COLOURS = 9
"""Coloured patches below which no matrix is fitted: it has up to 5 weights a channel."""

_POOR_DE00 = 6.0
"""Held-out error of a card in bad light. Five good photographs of cards with unknown
processing have 2.4-4.3, one with veiling glare and one half covered 9-11."""

_RIDGE = 0.05
"""Pull of a matrix to the identity, in squared weighted light errors: a tenth of the
evidence of a good card, so it only tells where patches are few or noisy."""

_MISFIT_SD: _Array = np.array([0.015, 0.022, 0.1])
"""What no matrix can mend: camera and light see spectra otherwise than the eye. Change of
log light per unit of log chromaticity and channel. Set so that intervals of the log
contrast of skin lesions cover on simulated photographs by the tuning cameras (the first
half by name), five lights, skin of ITA -45 to 57; blue is worst, where skin pigments
are steepest."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """What a photograph's colour reference says about its light.

    `held_out_de00` is the mean error of patches left out of the fit, ΔE00, NaN where no
    patch could be left out. `model` names what was fitted. `has_tone` tells that the
    slope of the tone curve is known; `matrix` is what colours were fitted with beyond
    white balance, if they were. `candidates` lists (model, held-out ΔE00) of all models tried.
    `light_gradient` is the natural log of the light from the card's centre to its right
    and lower edge, where greys printed twice tell it.
    """

    held_out_de00: float
    model: str
    notes: tuple[str, ...]
    has_tone: bool
    candidates: tuple[tuple[str, float], ...]
    light_gradient: tuple[float, float] | None
    tone: ToneFit | None
    matrix: MatrixFit | None
    table: npt.NDArray[np.float32]

    def apply(self, linear: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """Linear sRGB under D65 (…, 3) of decoded light (…, 3), 1 = perfect white."""
        light = np.asarray(linear, dtype=np.float32)
        # In one run: numpy is slow over a last axis of three.
        flat = light.ravel()
        column = np.tile(np.arange(3), len(flat) // 3)
        out = _looked_up(self.table, flat, column).reshape(light.shape)
        if self.matrix is not None:
            out = self.matrix.apply(out)
        return out

    def apply_to(self, channel: int, linear: npt.NDArray[np.float32]) -> _Image:
        """One channel (…) of what `apply` makes of light (…, 3)."""
        if self.matrix is not None:
            return self.apply(linear)[..., channel]
        light = np.ascontiguousarray(linear[..., channel])
        return _looked_up(self.table[:, channel : channel + 1], light, 0)

    def sample(
        self, linear_colours: npt.ArrayLike, n: int, rng: np.random.Generator
    ) -> _Array:
        """Calibrated light (n, k, 3) of colours (k, 3) under n equally likely fits.

        The draws hold what the patches leave open of tone curve, white balance, gradient
        and, where one was fitted, matrix. Without a matrix they do not hold the camera's
        own colour error. Draw i stands for the same printed card in every photograph.
        """
        colours = np.asarray(linear_colours, dtype=np.float64).reshape(-1, 3)
        if self.tone is None:
            told = self.apply(colours).astype(np.float64)
            return np.broadcast_to(told, (n, *told.shape)).copy()
        light = self.tone.draws(colours, n, rng)
        if self.matrix is None:
            return light
        light = np.maximum(self.matrix.draws(light, rng), 1e-6)
        r, g, b = np.moveaxis(np.log(light), -1, 0)
        chroma = np.stack([r - g, b - g], axis=-1)
        slopes = _MISFIT_SD * rng.standard_normal((n, 2, 3))
        return np.asarray(light * np.exp(chroma @ slopes))


def _looked_up(
    table: _Image, light: _Image, column: npt.NDArray[np.intp] | int
) -> _Image:
    """Values of a table (levels, columns) for light (…), each of its own column."""
    place: _Image = np.sqrt(np.clip(light, 0, 1))
    place *= _TABLE - 1
    below = np.minimum(place, _TABLE - 2).astype(np.intp)
    place -= below.astype(np.float32)
    width = table.shape[1]
    below *= width
    below += column
    values = table.ravel()
    place *= np.subtract(values[width:], values[:-width]).take(below)
    place += values.take(below)
    return place


def fit_calibration(reference: ColourReference) -> Calibration:
    """The calibration that a colour reference allows.

    With at least four greys a tone curve is fitted always: it is drawn to the identity
    by its prior, and a fade depends on its slope more than ΔE00 shows. Among matrices
    the simplest is taken whose error on patches left out is within one standard error
    of the best.

    Parameters
    ----------
    reference
        As found; a reference of kind NONE gives the identity.

    Returns
    -------
    Calibration
    """
    used = [p for p in reference.patches if p.state is PatchState.USED]
    if reference.kind is ReferenceKind.NONE or not used:
        return _plain("none", np.zeros(3), reference.notes)
    if reference.kind is ReferenceKind.GREY_PATCH:
        light = np.log(np.maximum(used[0].linear_rgb, 1e-4))
        # Its lightness is unknown: the mean of the three gains stays 1.
        return _plain("grey patch", light.mean() - light, reference.notes)
    patches = _patches(reference)
    levels = len(np.unique(patches.greys.level))
    colours = int((~patches.neutral).sum())
    trials = _trials(levels=levels, colours=colours)
    errors = held_out(patches, trials)
    best = _chosen(errors)
    tone, matrix = fit_candidate(patches, trials[best])
    return Calibration(
        held_out_de00=float(errors[best].mean()),
        model=trials[best].name,
        notes=_said(levels, colours, float(errors[best].mean())),
        has_tone=trials[best].curve,
        candidates=tuple(
            (one.name, float(error.mean()))
            for one, error in zip(trials, errors, strict=True)
        ),
        light_gradient=(float(tone.gradient[0]), float(tone.gradient[1]))
        if reference.kind is ReferenceKind.CICATRIX_CARD
        else None,
        tone=tone,
        matrix=matrix,
        table=_table(tone),
    )


def _trials(*, levels: int, colours: int) -> list[Candidate]:
    """Candidates from the simplest to the richest that the patches can carry.

    Where a tone curve can be fitted, all have one.
    """
    curve = levels >= _FEWEST_LEVELS
    trials = [
        Candidate(name="exposure only"),
        Candidate(name="white balance", white_balance=True),
    ]
    if curve:
        trials = [Candidate(name="tone curve", white_balance=True, curve=True)]
    if colours < _FEWEST_COLOURS:
        return trials
    before = "tone curve" if curve else "white balance"
    trials += [
        Candidate(
            name=f"{before} + {words}",
            white_balance=True,
            curve=curve,
            rooted=rooted,
            ridge=_RIDGE,
        )
        for rooted, words in ((False, "3x3 matrix"), (True, "root-polynomial matrix"))
    ]
    return trials


def _chosen(errors: list[_Array]) -> int:
    """The simplest within one standard error of the best."""
    best = min(range(len(errors)), key=lambda i: float(errors[i].mean()))
    for i, error in enumerate(errors):
        more = error - errors[best]
        if more.mean() <= more.std() / np.sqrt(len(more)):
            return i
    return best


def _patches(reference: ColourReference) -> Patches:
    used = [
        p
        for p in reference.patches
        if p.state is PatchState.USED and p.reference_lab_d65 is not None
    ]
    lab = np.array([p.reference_lab_d65 for p in used], dtype=np.float64)
    centre = np.mean(reference.corners_xy, axis=0)
    corners = np.asarray(reference.corners_xy, dtype=np.float64)
    across = (corners[1] + corners[2] - corners[0] - corners[3]) / 4
    down = (corners[2] + corners[3] - corners[0] - corners[1]) / 4
    away = np.array([p.centre_xy for p in used]) - centre
    place = np.linalg.solve(np.stack([across, down], axis=1), away.T).T
    return Patches(
        light=np.array([p.linear_rgb for p in used], dtype=np.float64),
        wanted=lab_to_xyz(lab) @ np.linalg.inv(LINEAR_SRGB_TO_XYZ).T,
        lab=lab,
        place=place,
        neutral=np.array([p.neutral for p in used]),
        doubled=reference.kind is ReferenceKind.CICATRIX_CARD,
    )


def _said(levels: int, colours: int, held_out_de00: float) -> tuple[str, ...]:
    notes = []
    if held_out_de00 > _POOR_DE00:
        notes.append(
            f"Patches left out of the fit are off by {held_out_de00:.1f} ΔE00 on average, "
            f"where cards in good light stay below {_POOR_DE00:.0f}: its light is uneven, "
            "it shines, or its colours are not those of the reference."
        )
    if levels < _FEWEST_LEVELS:
        notes.append(
            f"Only {levels} greys could be used, so the tone curve is taken as the "
            "file declares it."
        )
    if colours < _FEWEST_COLOURS:
        notes.append(
            "The reference shows greys only: exposure, white balance and tone are "
            "calibrated, the camera's own colours are not."
        )
    return tuple(notes)


def _plain(model: str, log_gain: _Array, notes: tuple[str, ...]) -> Calibration:
    """Gains only, from nothing but a declaration."""
    steps = (np.arange(_TABLE) / (_TABLE - 1)) ** 2
    return Calibration(
        held_out_de00=float("nan"),
        model=model,
        notes=notes,
        has_tone=False,
        candidates=(),
        light_gradient=None,
        tone=None,
        matrix=None,
        table=(steps[:, None] * np.exp(log_gain)).astype(np.float32),
    )


def _table(tone: ToneFit) -> npt.NDArray[np.float32]:
    """Calibrated light at evenly spaced square roots of decoded light, never falling."""
    steps = (np.arange(_TABLE) / (_TABLE - 1)) ** 2
    told = tone.table(steps)
    return np.maximum.accumulate(told, axis=0).astype(np.float32)
