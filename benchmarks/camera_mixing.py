"""How far cameras and lamps differ in the colours of skin, and how much of it hue tells.

    python benchmarks/camera_mixing.py [--reserved]

Nothing is rendered: spectra of skin and scars are seen by cameras under lamps, white
balance known. First the covariance of channel mixing over our made-up cameras
(`optics.mixing.MIXING_COVARIANCE` holds it). Then pairs of real cameras and lamps of the
test data, which had no part in it: the error of the fade by the colours of cameras alone,
and what is left once the step of the skin's hue is taken for mixing.
"""

import argparse
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from cicatrix.change.signs import hue_of
from cicatrix.colour.card_layout import COLORCHECKER_LAB_D65
from cicatrix.colour.matrix import MatrixFit, fit_matrix
from cicatrix.optics.cameras import GENERIC_CAMERAS, Camera, generic_camera, rgb_weights
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab
from cicatrix.optics.illuminants import illuminant
from cicatrix.optics.mixing import LEAKS, MIXING_COVARIANCE, mixing_steps
from cicatrix.optics.reflectances import smooth_reflectance
from cicatrix.optics.skin import pigments_for_ita, skin_reflectance
from pairs import pools

Array = npt.NDArray[np.float64]

ITA_DEG = (57, 48, 35, 20, 5, -10, -25, -40)
SCARS = {
    # ln melanin, ln blood, ln scattering against the skin beside.
    "red": (0.0, 1.0, 0.0),
    "brown": (1.0, 0.0, 0.0),
    "pale": (-1.0, -0.3, 0.1),
    "white": (-0.5, -0.5, 0.3),
    "red and brown": (0.4, 0.7, -0.1),
    "bloodless": (0.0, -1.0, 0.0),
    "fibrous": (0.0, 0.0, 0.4),
    "deep red": (0.2, 1.0, -0.2),
}
STRENGTHS = (0.4, 0.8)
MATRIX_ERROR = 0.03
"""Colour matrices are off by up to this, white kept, as the phantoms' in a clinic."""

DRAWN_MATRICES = 3
RIDGE = 1e-4
KNOWN_HUE_SD_LN = 0.005
PAIRS = 2000


def perfect() -> Array:
    """Weights (31, 3) of the CIE observer under daylight."""
    return rgb_weights(generic_camera("cie-1931"), illuminant("daylight", 6504.0))


def spectra(ita_deg: float) -> tuple[Array, Array]:
    """Skin (31,) and scars (n, 31) on it."""
    skin = pigments_for_ita(ita_deg)
    scars = [
        skin_reflectance(
            skin.melanin_fraction * np.exp(strength * melanin),
            skin.blood_fraction * np.exp(strength * blood),
            np.exp(strength * scattering),
        )
        for melanin, blood, scattering in SCARS.values()
        for strength in STRENGTHS
    ]
    return skin_reflectance(skin.melanin_fraction, skin.blood_fraction), np.array(scars)


def seen(
    cameras: Iterable[Camera], lights: Iterable[Array], rng: np.random.Generator
) -> list[Array]:
    """Weights (31, 3) of every camera under every lamp, with its own matrix errors."""
    lit = list(lights)
    found = []
    for camera in cameras:
        for light in lit:
            plain = rgb_weights(camera, light)
            for _ in range(DRAWN_MATRICES):
                error = rng.uniform(-MATRIX_ERROR, MATRIX_ERROR, (3, 3))
                error -= error.mean(axis=1, keepdims=True)
                found.append(plain @ (np.eye(3) + error).T)
    return found


def mixing_of(weights: Array) -> Array:
    """Weights of `LEAKS` that explain best what a camera makes of skin and scars.

    Contrasts count most: of every skin all scars, but the skin against white just once.
    """
    designs, wanted = [], []
    for ita in ITA_DEG:
        skin, scars = spectra(ita)
        level, told = np.log(skin @ perfect()), np.log(skin @ weights)
        steps = mixing_steps(level)
        lesions, lesions_told = np.log(scars @ perfect()), np.log(scars @ weights)
        designs += [mixing_steps(lesions) - steps, steps[None]]
        wanted += [(lesions_told - told) - (lesions - level), (told - level)[None]]
    design = np.concatenate(designs).reshape(-1, len(LEAKS))
    off = np.concatenate(wanted).ravel()
    ridge = RIDGE * len(design) / 3 * np.eye(len(LEAKS))
    return np.asarray(np.linalg.solve(design.T @ design + ridge, design.T @ off))


def made_up_covariance() -> Array:
    """Covariance (6, 6) of the mixing of our own cameras under the lamps of tuning."""
    cameras = [generic_camera(n) for n in GENERIC_CAMERAS if n != "cie-1931"]
    lights = [_power(lamp) for lamp in pools(judging=False).lamps]
    views = seen(cameras, lights, np.random.default_rng(2))
    return np.asarray(np.cov(np.array([mixing_of(view) for view in views]).T))


def _power(lamp) -> Array:
    kind, kelvin = lamp
    return illuminant(kind, kelvin) if isinstance(kind, str) else np.array(kind.power)


def with_matrix(view: Array) -> MatrixFit:
    """What a ColorChecker that is read without error makes of a camera's colours."""
    lab = np.asarray(COLORCHECKER_LAB_D65, dtype=np.float64).reshape(-1, 3)
    patches = np.array([smooth_reflectance(tuple(map(float, one))) for one in lab])
    return fit_matrix(
        patches @ view,
        patches @ perfect(),
        1 / (patches @ perfect())[:, 1],
        rooted=False,
        ridge=0.0,
    )


def errors(views: list[Array], rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Error (n,) of ln contrast ratio of unchanged scars: as seen, by matrix, by hue."""
    plain, mended, told = [], [], []
    fits = [with_matrix(view) for view in views]
    for _ in range(PAIRS):
        skin, scars = spectra(float(rng.choice(ITA_DEG)))
        scar = scars[int(rng.integers(len(scars)))]
        which = [int(rng.integers(len(views))) for _ in range(2)]
        pair = [views[one] for one in which]
        skins = np.stack([np.log(skin @ view) for view in pair])
        steps = np.stack([np.log(scar @ view) for view in pair]) - skins
        level = np.log(skin @ perfect())
        plain.append(_log_ratio(steps, level))
        colours = [
            np.log(fits[one].apply(np.stack([skin, scar]) @ views[one]))
            for one in which
        ]
        mended.append(_log_ratio(np.stack([c[1] - c[0] for c in colours]), level))
        here = mixing_steps(level)
        turns = hue_of(np.moveaxis(here, -1, 0)).T
        doubt = turns @ (2 * MIXING_COVARIANCE) @ turns.T
        doubt += KNOWN_HUE_SD_LN**2 * np.eye(2)
        pull = 2 * MIXING_COVARIANCE @ turns.T @ np.linalg.inv(doubt)
        weights = pull @ hue_of(skins[1] - skins[0])
        moved = [(mixing_steps(level + step) - here) @ weights for step in steps]
        told.append(
            _log_ratio(steps + np.stack([0.5 * moved[0], -0.5 * moved[1]]), level)
        )
    return np.array(plain), np.array(mended), np.array(told)


def _log_ratio(steps: Array, level: Array) -> float:
    skin = np.exp(level)
    before, after = ciede2000(
        linear_srgb_to_lab(skin * np.exp(steps)), linear_srgb_to_lab(skin)
    )
    return float(np.log(after / before))


def main() -> None:
    """Print the covariance, and what hue tells of real cameras."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--reserved", action="store_true", help="the judging half")
    chosen = parser.parse_args()
    print("covariance of mixing, made-up cameras, 1e-4:")
    print(np.array2string(1e4 * made_up_covariance(), precision=1, suppress_small=True))
    drawn_from = pools(judging=chosen.reserved)
    cameras = [
        generic_camera(one) if isinstance(one, str) else one
        for one in drawn_from.cameras
    ]
    rng = np.random.default_rng(3)
    views = seen(cameras, [_power(lamp) for lamp in drawn_from.lamps], rng)
    plain, mended, told = (100 * np.sqrt(np.mean(one**2)) for one in errors(views, rng))
    print(f"{len(cameras)} cameras, {len(drawn_from.lamps)} lamps, {PAIRS} pairs")
    print(f"fade off by camera and lamp alone: {plain:.1f} % (root mean square)")
    print(f"with a matrix fitted to all patches of a ColorChecker: {mended:.1f} %")
    print(f"once the step of the skin's hue is taken for mixing: {told:.1f} %")


if __name__ == "__main__":
    main()
