"""How well colour cards are found and calibrate: seven real photographs, made-up cameras.

    python benchmarks/cards.py [--data FOLDER] [--captures 40] [--reserved]

Real cards are judged by patches left out of the fit; made-up cameras also by 188 spectra
that are not on the card. Cameras whose file name sorts in the second half are reserved
for judging (`--reserved`); nothing was tuned on them.
"""

import argparse
import csv
import json
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cicatrix.colour.calibration import fit_calibration
from cicatrix.colour.card_layout import (
    CARD_HEIGHT_MM,
    CARD_PATCHES,
    CARD_WIDTH_MM,
    COLORCHECKER_LAB_D65,
    COLORCHECKER_NAMES,
    grey_lab_d65,
)
from cicatrix.colour.find_reference import find_reference
from cicatrix.domain.reference import (
    ColourReference,
    PatchReading,
    PatchState,
    ReferenceKind,
)
from cicatrix.optics.cameras import Camera, read_camera, rgb_weights
from cicatrix.optics.cielab import (
    ciede2000,
    linear_srgb_to_lab,
)
from cicatrix.optics.illuminants import IlluminantKind, illuminant
from cicatrix.optics.skin import pigments_for_ita, skin_lab, skin_reflectance
from cicatrix.optics.spectra import WAVELENGTH_NM
from cicatrix.photo.reading import read_photo

Array = npt.NDArray[np.float64]

LIGHTS: tuple[tuple[IlluminantKind, float], ...] = (
    ("daylight", 5000.0),
    ("daylight", 6500.0),
    ("planck", 3000.0),
    ("led", 4000.0),
    ("led", 6000.0),
)
SPREADS = {
    # Exposure in EV, white balance, matrix, S-curve: as the phantoms' captures.
    "controlled": (0.15, 0.02, 0.0, 0.1),
    "clinic": (0.6, 0.10, 0.03, 0.35),
    "wild": (1.0, 0.20, 0.05, 0.5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """One real photograph; `centre_error_px` is the worst of 24, NaN without truth."""

    file: str
    kind: str
    used: int
    rotation_right: bool | None
    centre_error_px: float
    held_out_de00: float
    model: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraRow:
    """One made-up capture of a ColorChecker: errors are means in ΔE00."""

    style: str
    camera: str
    light: str
    held_out_de00: float
    other_spectra_de00: float
    model: str


def run(data_folder: Path) -> list[CardRow]:
    """The seven photographs of `colour-cards`."""
    folder = data_folder / "colour-cards"
    centres: dict[str, dict[int, tuple[float, float]]] = {}
    with (folder / "patch_centres.csv").open(newline="") as lines:
        for row in csv.DictReader(lines):
            place = float(row["x_px"]), float(row["y_px"])
            centres.setdefault(row["file"], {})[int(row["patch"]) - 1] = place
    files = sorted(p for p in folder.iterdir() if p.suffix in {".png", ".jpg", ".jpeg"})
    return [_card(path, centres.get(path.name, {})) for path in files]


def _card(path: Path, truth: dict[int, tuple[float, float]]) -> CardRow:
    reference = find_reference(read_photo(path))
    if reference is None:
        return CardRow(
            file=path.name,
            kind="not found",
            used=0,
            rotation_right=None,
            centre_error_px=float("nan"),
            held_out_de00=float("nan"),
            model="",
            notes=(),
        )
    calibration = fit_calibration(reference)
    error, right = _places(reference, truth)
    return CardRow(
        file=path.name,
        kind=reference.kind.value,
        used=sum(p.state is PatchState.USED for p in reference.patches),
        rotation_right=right,
        centre_error_px=error,
        held_out_de00=calibration.held_out_de00,
        model=calibration.model,
        notes=reference.notes,
    )


def _places(
    reference: ColourReference, truth: dict[int, tuple[float, float]]
) -> tuple[float, bool | None]:
    """Worst distance from the hand-set centres; right if below half a pitch."""
    if not truth or not reference.patches:
        return float("nan"), None
    found = np.array([p.centre_xy for p in reference.patches])
    away = [np.hypot(*(found[k] - place)) for k, place in truth.items()]
    pitch = float(np.linalg.norm(found[1] - found[0]))
    return float(max(away)), bool(max(away) < pitch / 2)


def simulate(
    data_folder: Path, *, captures: int = 40, reserved: bool = False, seed: int = 1
) -> list[CameraRow]:
    """Made-up captures of a ColorChecker by real cameras' spectral sensitivities."""
    cameras = real_cameras(data_folder, reserved=reserved)
    chart, others = _chart_spectra(), _other_spectra(data_folder)
    truth = skin_lab(others)
    rows = []
    for style in SPREADS:
        rng = np.random.default_rng(seed)
        for _ in range(captures):
            camera = cameras[int(rng.integers(len(cameras)))]
            light = LIGHTS[int(rng.integers(len(LIGHTS)))]
            shoot = _capture(camera, light, style, rng)
            reference = _read_chart(*shoot(chart), rng)
            calibration = fit_calibration(reference)
            seen, clipped = shoot(others)
            told = linear_srgb_to_lab(calibration.apply(seen))
            error = ciede2000(told, truth)[~clipped].mean()
            rows.append(
                CameraRow(
                    style=style,
                    camera=camera.name,
                    light=f"{light[0]} {light[1]:.0f} K",
                    held_out_de00=calibration.held_out_de00,
                    other_spectra_de00=float(error),
                    model=calibration.model,
                )
            )
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class SlopeRow:
    """A step of 15 % in the light of one skin, read through a calibrated photograph.

    `error` is measured over true logarithm of the step, minus 1; `sd` what the
    calibration's own draws say of it.
    """

    style: str
    card: str
    skin_ita_deg: float
    error: float
    sd: float


def slopes(
    data_folder: Path, *, captures: int = 40, reserved: bool = False, seed: int = 2
) -> list[SlopeRow]:
    """Tone slope at twelve skin tones after calibrating with either card."""
    cameras = real_cameras(data_folder, reserved=reserved)
    angles = np.linspace(-45, 57, 12)
    pigments = [pigments_for_ita(float(angle)) for angle in angles]
    skin = np.stack(
        [skin_reflectance(p.melanin_fraction, p.blood_fraction) for p in pigments]
    )
    greys = np.repeat([[p.reflectance] for p in CARD_PATCHES], 31, axis=1)
    charts = {"Cicatrix card": greys, "ColorChecker": _chart_spectra()}
    rows = []
    for style in SPREADS:
        rng = np.random.default_rng(seed)
        for _ in range(captures):
            camera = cameras[int(rng.integers(len(cameras)))]
            shoot = _capture(camera, LIGHTS[int(rng.integers(len(LIGHTS)))], style, rng)
            seen, clipped = shoot(np.concatenate([skin, 1.15 * skin]))
            fine = ~(clipped[:12] | clipped[12:])
            for name, chart in charts.items():
                reference = _read_chart(*shoot(chart), rng)
                if sum(p.state is PatchState.USED for p in reference.patches) < 12:
                    continue
                drawn = fit_calibration(reference).sample(seen, 300, rng)
                steps = np.log(drawn[:, 12:] / drawn[:, :12]).mean(axis=2)
                told = np.maximum(fit_calibration(reference).apply(seen), 1e-5)
                step = np.log(told[12:] / told[:12]).mean(axis=1)
                rows += [
                    SlopeRow(
                        style=style,
                        card=name,
                        skin_ita_deg=float(angles[k]),
                        error=float(step[k] / np.log(1.15) - 1),
                        sd=float(steps[:, k].std() / np.log(1.15)),
                    )
                    for k in np.flatnonzero(fine)
                ]
    return rows


def real_cameras(data_folder: Path, *, reserved: bool) -> list[Camera]:
    """Half of the real cameras by file name: the first to tune, the second to judge."""
    files = sorted((data_folder / "cameras" / "camera").glob("*.json"))
    half = len(files) // 2
    return [read_camera(p) for p in (files[half:] if reserved else files[:half])]


def _chart_spectra() -> Array:
    """BabelColor's average ColorChecker (24, 31)."""
    with warnings.catch_warnings():
        # It says at import which of its own optional libraries are missing.
        warnings.simplefilter("ignore")
        import colour  # heavy, and a dependency of tests only

    cards = colour.SDS_COLOURCHECKERS["BabelColor Average"]
    return np.stack(
        [
            np.interp(WAVELENGTH_NM, one.wavelengths, one.values)
            for one in cards.values()
        ]
    )


def _other_spectra(data_folder: Path) -> Array:
    path = data_folder / "cameras" / "training" / "training_spectral.json"
    table = json.loads(path.read_text())["spectral_data"]["data"]["main"]
    nm = np.array([float(key) for key in table])
    values = np.array(list(table.values()))
    spectra = np.stack([np.interp(WAVELENGTH_NM, nm, one) for one in values.T])
    return spectra[spectra.max(axis=1) > 0.02]


def _capture(
    camera: Camera,
    light: tuple[IlluminantKind, float],
    style: str,
    rng: np.random.Generator,
) -> Callable[[Array], tuple[Array, npt.NDArray[np.bool_]]]:
    """A camera with its errors drawn: spectra (n, 31) to decoded light and clipping."""
    ev, balance, crosstalk, curve = SPREADS[style]
    weights = rgb_weights(camera, illuminant(*light))
    gains = 2 ** rng.uniform(-ev, ev) * (
        1 + np.array([1, 0, 1]) * rng.uniform(-balance, balance, 3)
    )
    matrix = rng.uniform(-crosstalk, crosstalk, (3, 3))
    matrix = np.eye(3) + matrix - matrix.mean(axis=1, keepdims=True)
    strength, kind = rng.uniform(0, curve), int(rng.integers(3))

    def shoot(spectra: Array) -> tuple[Array, npt.NDArray[np.bool_]]:
        linear = (spectra @ weights) * gains @ matrix.T
        clipped = ((linear > 0.995) | (linear < 0)).any(axis=1)
        code = _tone(_encoded(linear), strength, kind)
        return _decoded(np.clip(code, 0, 1)), clipped

    return shoot


def _encoded(linear: Array) -> Array:
    value = np.clip(linear, 0, 1)
    return np.where(
        value < 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055
    )


def _decoded(code: Array) -> Array:
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def _tone(code: Array, strength: float, kind: int) -> Array:
    """A smooth step blended in, a logistic curve, or darker mid tones."""
    if kind == 0:
        return (1 - strength) * code + strength * code**2 * (3 - 2 * code)
    if kind == 1:
        steep = 1 + 8 * strength

        def logistic(u: npt.ArrayLike) -> Array:
            return np.asarray(1 / (1 + np.exp(-steep * (np.asarray(u) - 0.5))))

        return (logistic(code) - logistic(0)) / (logistic(1) - logistic(0))
    return np.asarray(code ** (1 + 0.6 * strength * (1 - code)))


def _read_chart(
    light: Array, clipped: npt.NDArray[np.bool_], rng: np.random.Generator
) -> ColourReference:
    light = light * np.exp(rng.normal(0, 0.005, light.shape))
    if len(light) == 24:
        places = [(k % 6 + 0.5, k // 6 + 0.5) for k in range(24)]
        labs, names, size = COLORCHECKER_LAB_D65, COLORCHECKER_NAMES, (6.0, 4.0)
        kind, first_grey = ReferenceKind.COLORCHECKER, 18
    else:
        places = [p.centre_mm for p in CARD_PATCHES]
        labs = tuple(grey_lab_d65(p.reflectance) for p in CARD_PATCHES)
        names = tuple(p.name for p in CARD_PATCHES)
        size = (CARD_WIDTH_MM, CARD_HEIGHT_MM)
        kind, first_grey = ReferenceKind.CICATRIX_CARD, 0
    patches = tuple(
        PatchReading(
            name=names[k],
            centre_xy=places[k],
            linear_rgb=(float(light[k, 0]), float(light[k, 1]), float(light[k, 2])),
            linear_rgb_sd=(0.0, 0.0, 0.0),
            state=PatchState.CLIPPED if clipped[k] else PatchState.USED,
            reference_lab_d65=labs[k],
            neutral=k >= first_grey,
        )
        for k in range(len(light))
    )
    corners = ((0.0, 0.0), (size[0], 0.0), size, (0.0, size[1]))
    return ColourReference(kind=kind, patches=patches, corners_xy=corners)


def plain_srgb_de00(path: Path) -> float:
    """Mean ΔE00 of a card's patches when the file is read as plain sRGB."""
    reference = find_reference(read_photo(path))
    if reference is None:
        return float("nan")
    used = [p for p in reference.patches if p.state is PatchState.USED]
    read = linear_srgb_to_lab([p.linear_rgb for p in used])
    return float(ciede2000(read, [p.reference_lab_d65 for p in used]).mean())


def main() -> None:
    """Print both tables."""
    words = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("CICATRIX_TEST_DATA", "../shared/data")
    words.add_argument("--data", type=Path, default=Path(default))
    words.add_argument("--captures", type=int, default=40)
    words.add_argument("--reserved", action="store_true")
    given = words.parse_args()
    print("Real photographs of a 24-patch card")
    print(
        f"{'file':22}{'used':>5}{'rotation':>10}{'centre px':>10}"
        f"{'as sRGB':>9}{'held out':>9}  model"
    )
    for row in run(given.data):
        turned = {True: "right", False: "WRONG", None: "-"}[row.rotation_right]
        plain = plain_srgb_de00(given.data / "colour-cards" / row.file)
        print(
            f"{row.file:22}{row.used:5}{turned:>10}{row.centre_error_px:10.1f}"
            f"{plain:9.2f}{row.held_out_de00:9.2f}  {row.model}"
        )
        for note in row.notes:
            print(f"{'':6}{note}")
    _print_simulated(given.data, captures=given.captures, reserved=given.reserved)


def _print_simulated(data: Path, *, captures: int, reserved: bool) -> None:
    which = "reserved" if reserved else "tuning"
    print(f"\nMade-up ColorCheckers, {which} cameras, {captures} a style; mean ΔE00")
    print(f"{'style':12}{'held-out patches':>18}{'other spectra':>15}{'95th pct':>10}")
    rows = simulate(data, captures=captures, reserved=reserved)
    for style in SPREADS:
        own = [r for r in rows if r.style == style]
        other = np.array([r.other_spectra_de00 for r in own])
        held = np.nanmean([r.held_out_de00 for r in own])
        print(
            f"{style:12}{held:18.2f}{other.mean():15.2f}{np.percentile(other, 95):10.2f}"
        )
    print("\nTone slope at skin, ITA -45 to 57: error of a 15 % step of light")
    print(
        f"{'style':12}{'card':16}{'RMS':>7}{'95th pct':>10}{'own SD':>8}{'covered':>9}"
    )
    steps = slopes(data, captures=captures, reserved=reserved)
    for style in SPREADS:
        for card in ("Cicatrix card", "ColorChecker"):
            own_steps = [r for r in steps if (r.style, r.card) == (style, card)]
            error = np.array([r.error for r in own_steps])
            sd = np.array([r.sd for r in own_steps])
            print(
                f"{style:12}{card:16}{np.sqrt((error**2).mean()):7.1%}"
                f"{np.percentile(abs(error), 95):10.1%}{sd.mean():8.1%}"
                f"{(abs(error) < 1.96 * sd).mean():9.0%}"
            )


if __name__ == "__main__":
    main()
