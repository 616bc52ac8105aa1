"""Phantom pairs for judging: what is drawn for pair number n, from n alone.

Strata go round in turn (skin, contrast, colour reference, capture), everything else is
drawn from the pair's own seed. Seeds below 1000 are for tuning and draw from one half of
the real cameras, our own made-up lights and nine kinds of lesion. Seeds from 150000 on
judge: the other half of the cameras, lamps of the CIE's tables, and two more kinds. All
nine kinds and the daylight formula serve both; that much is not held out.
"""

import json
import os
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from cards import real_cameras
from cicatrix.optics.cameras import Camera, rgb_weights
from cicatrix.optics.illuminants import IlluminantKind, Light, illuminant
from cicatrix.optics.skin import pigments_for_ita, skin_lab, skin_reflectance
from cicatrix.optics.spectra import WAVELENGTH_NM
from cicatrix.phantom import HELD_OUT_LESIONS, LESION_KINDS
from cicatrix.phantom.capture import CAPTURE_SPREADS, Capture, CaptureSpread, Pose
from cicatrix.phantom.scene import Scene, SceneObject

ITA_CLASSES: Final = {
    "very light": (55.0, 60.0),
    "light": (41.0, 55.0),
    "intermediate": (28.0, 41.0),
    "tan": (10.0, 28.0),
    "brown": (-30.0, 10.0),
    "dark": (-45.0, -30.0),
}
CONTRASTS_DE00: Final = (4.0, 10.0, 18.0, 29.0)
REFERENCES: Final = ("card", "grey", "none")
CAPTURES: Final = ("phone, local tones", "phone", "DSLR", "linear")
STYLES: Final = {"controlled": 0.35, "clinic": 0.40, "wild": 0.25}
FADES: Final = {0.0: 0.40, 0.1: 0.12, 0.2: 0.12, 0.3: 0.12, 0.5: 0.12, 0.8: 0.12}
UNMEASURABLE: Final = ("faint", "blurred", "wrong skin", "clipped")
CELLS: Final = 288

TUNING_SEEDS: Final = range(100, 1000)
"""Those below serve tests."""
JUDGING_SEED: Final = 150_000
"""Seeds from here on are for judging only; those of earlier versions (10000 to 142375,
listed in docs/explanation/phantoms.md) have been looked at. Tuning uses those below 1000."""

BASE: Final = Capture(width_px=1600, height_px=1200, px_per_mm=9.0)

UNEVEN: Final = (-0.35, 0.75)
"""Range of the logarithm of mottle and relief: 0.7 to 2.1 times the phantoms' usual one,
which is smoother than skin in clinical photographs (benchmarks/phantom_kindness.py)."""

CARD_DISTANCE: Final = 1.15
"""From here the card fits beside the lesion even a sixth nearer."""

_LAMPS: Final = (
    *("FL2", "FL8", "FL9", "FL10", "FL11", "FL12"),
    *("LED-B2", "LED-B3", "LED-B4", "LED-B5", "LED-V2"),
)
"""Of CIE 015:2018, 3000 to 6600 K; in no room of ours."""

_REACH_ITA_DEG: Final = (-45.0, -30.0, -10.0, 10.0, 30.0, 45.0, 58.0)
_REACH_DE00: Final = {
    # Largest contrast that the pigments of a kind can make on skin of these angles.
    "ice-pick": (12, 16, 22, 29, 35, 38, 34),
    "boxcar": (12, 16, 21, 26, 31, 33, 29),
    "rolling": (9, 13, 19, 26, 31, 31, 23),
    "red-scar": (12, 16, 20, 25, 32, 38, 42),
    "dark-scar": (7, 11, 17, 24, 32, 39, 44),
    "pale-scar": (43, 39, 34, 28, 23, 18, 13),
    "hypertrophic": (12, 15, 19, 24, 30, 34, 36),
    "stria-rubra": (12, 16, 20, 26, 33, 39, 41),
    "stria-alba": (37, 34, 30, 26, 21, 17, 12),
    "surgical-line": (13, 17, 21, 26, 31, 34, 31),
    "patchy-scar": (13, 17, 23, 30, 36, 40, 37),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread(CaptureSpread):
    """How much two photographs of a pair may differ by chance: camera, light and pose."""

    distance: float
    tilt_deg: float
    rotation_deg: float
    flash: float
    same_camera: float


SPREADS: Final = {
    # Poses and light up to: ±1 EV, 3000-7000 K, flash or not, ±20 % distance, 15° tilt.
    "controlled": Spread(
        **asdict(CAPTURE_SPREADS["controlled"]),
        distance=0.05,
        tilt_deg=4.0,
        rotation_deg=3.0,
        flash=0.0,
        same_camera=0.8,
    ),
    "clinic": Spread(
        **asdict(CAPTURE_SPREADS["clinic"]),
        distance=0.12,
        tilt_deg=9.0,
        rotation_deg=5.0,
        flash=0.15,
        same_camera=0.5,
    ),
    "wild": Spread(
        **asdict(CAPTURE_SPREADS["wild"]),
        distance=0.20,
        tilt_deg=15.0,
        rotation_deg=8.0,
        flash=0.30,
        same_camera=0.5,
    ),
}

Lamp = tuple[IlluminantKind | Light, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pools:
    """What a pair is drawn from; `notes` say what could not be held out."""

    cameras: tuple[Camera | str, ...]
    lamps: tuple[Lamp, ...]
    flashes: tuple[Lamp, ...]
    kinds: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """What of a pair goes round in turn instead of being drawn."""

    tone: str
    reference: str
    wanted_de00: float
    capture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Everything that makes one pair of phantom photographs.

    `role` is "fade" for the strata, one of `UNMEASURABLE`, or "texture" where the
    furrows in the lesion change by a fifth and its colour does not. `scenes` differ in
    these roles only.
    """

    seed: int
    role: str
    tone: str
    reference: str
    capture: str
    style: str
    same_camera: bool
    fade: float
    wanted_de00: float
    scenes: tuple[Scene, Scene]
    captures: tuple[Capture, Capture]
    poses: tuple[Pose, Pose]


def data_folder() -> Path:
    """Where the real cameras lie."""
    return Path(os.environ.get("CICATRIX_TEST_DATA", "../shared/data"))


@lru_cache(maxsize=2)
def pools(*, judging: bool) -> Pools:
    """Cameras, lights and lesion kinds of one of the two halves."""
    notes = ["all nine usual lesion kinds and the daylight formula serve tuning too"]
    folder = data_folder()
    cameras: tuple[Camera | str, ...] = ()
    if (folder / "cameras" / "camera").is_dir():
        cameras = tuple(real_cameras(folder, reserved=judging))
    else:
        cameras = ("generic-phone", "generic-phone-2", "generic-mirrorless")
        notes.append("real cameras absent: three made-up sensors stand in")
    own: tuple[Lamp, ...] = tuple(
        (kind, kelvin)
        for kind, low, high in (
            ("planck", 3000, 3200),
            ("led", 3000, 6500),
            ("daylight", 4500, 7000),
        )
        for kelvin in np.linspace(low, high, 5)
    )
    flashes: tuple[Lamp, ...] = (("led", 5000.0), ("daylight", 5600.0))
    if not judging:
        return Pools(
            cameras=cameras,
            lamps=own,
            flashes=flashes,
            kinds=LESION_KINDS,
            notes=tuple(notes),
        )
    lamps = _published_lamps(folder)
    if not lamps:
        notes.append("colour-science absent: the lights are those of tuning")
    daylight: tuple[Lamp, ...] = tuple(
        ("daylight", kelvin) for kelvin in (4300.0, 5000.0, 5800.0, 6500.0, 7000.0)
    )
    return Pools(
        cameras=cameras,
        lamps=(*lamps, *daylight) if lamps else own,
        flashes=(*(one for one in lamps if _is_named(one, "LED-B4")), flashes[1]),
        kinds=(*LESION_KINDS, *HELD_OUT_LESIONS, *HELD_OUT_LESIONS),
        notes=tuple(notes),
    )


def _published_lamps(folder: Path) -> tuple[Lamp, ...]:
    try:
        with warnings.catch_warnings():
            # It says at import which of its own optional libraries are missing.
            warnings.simplefilter("ignore")
            import colour  # heavy, and a dependency of tests only
    except ImportError:
        return ()
    found = [
        _lamp(name, lamp.wavelengths, lamp.values)
        for name, lamp in ((name, colour.SDS_ILLUMINANTS[name]) for name in _LAMPS)
    ]
    tungsten = folder / "cameras" / "illuminant" / "iso7589_stutung_380_780_5.json"
    if tungsten.is_file():
        table = json.loads(tungsten.read_text())["spectral_data"]["data"]["main"]
        values = [float(np.ravel(value)[0]) for value in table.values()]
        found.append(_lamp("ISO 7589 tungsten", [float(nm) for nm in table], values))
    return tuple(found)


def _is_named(lamp: Lamp, name: str) -> bool:
    return isinstance(lamp[0], Light) and lamp[0].name == name


def _lamp(name: str, wavelengths, values) -> Lamp:
    power = np.interp(WAVELENGTH_NM, wavelengths, values)
    return Light(name=name, power=tuple(float(p) for p in power)), 0.0


def role_of(number: int) -> tuple[str, int]:
    """What pair `number` is for, and its place among the pairs of the strata.

    Of every 24: two that cannot be measured, one with a change of texture.
    """
    turn, place = divmod(number, 24)
    if place in (7, 19):
        return UNMEASURABLE[(2 * turn + (place == 19)) % 4], number
    if place == 13:
        return "texture", number
    return "fade", 21 * turn + place - (place > 7) - (place > 13) - (place > 19)


def pair_of(number: int, *, first_seed: int = JUDGING_SEED) -> Pair:
    """Pair `number` of a run, from its seed `first_seed + number` alone."""
    role, place = role_of(number)
    # 133 shares no factor with the 288 cells: any run of pairs is spread over all.
    cell = place * 133 % CELLS
    stratum = Stratum(
        tone=tuple(ITA_CLASSES)[cell % 6],
        reference=REFERENCES[cell // 6 % 3],
        wanted_de00=CONTRASTS_DE00[cell // 18 % 4],
        capture=CAPTURES[cell // 72 % 4],
    )
    return pair_in(first_seed + number, role, stratum, alike_on=(stratum.tone,))


def pair_in(
    seed: int, role: str, stratum: Stratum, *, alike_on: tuple[str, ...]
) -> Pair:
    """What a seed draws in a stratum; its lesion is of a kind for skin of all `alike_on`."""
    drawn_from = pools(judging=seed >= 1000)
    rng = np.random.default_rng([seed, 1])
    tone, reference, capture = stratum.tone, stratum.reference, stratum.capture
    style = str(rng.choice(list(STYLES), p=list(STYLES.values())))
    fade = float(rng.choice(list(FADES), p=list(FADES.values())))
    wanted = stratum.wanted_de00
    if role != "fade":
        fade, wanted = 0.0, max(wanted, 10.0)
    share = rng.random()
    angles = {
        name: float(low + (high - low) * share)
        for name, (low, high) in ITA_CLASSES.items()
    }
    ita = angles[tone]
    kind = _kind(drawn_from.kinds, [angles[name] for name in alike_on], wanted, rng)
    limb = rng.uniform(0.004, 0.010) if rng.random() < 0.25 else rng.uniform(0, 0.004)
    scene = Scene(
        seed=seed,
        skin_ita_deg=ita,
        lesion=kind,
        contrast_de00=0.8 if role == "faint" else wanted,
        objects=_objects(reference, rng),
        curvature_per_mm=float(limb),
        curvature_axis_deg=float(rng.uniform(0, 180)),
        mottling=float(np.exp(rng.uniform(*UNEVEN))),
        relief=float(np.exp(rng.uniform(*UNEVEN))),
        vascular_change=float(rng.uniform(0.2, 0.6)),
        hairs_per_cm2=float(rng.gamma(1.5, 0.5)),
    )
    same_camera = bool(rng.random() < SPREADS[style].same_camera)
    lit = (style, _brightest(ita, kind, wanted))
    captures = _captures(drawn_from, capture, lit, rng, same=same_camera)
    return _spoilt(
        Pair(
            seed=seed,
            role=role,
            tone=tone,
            reference=reference,
            capture=capture,
            style=style,
            same_camera=same_camera,
            fade=fade,
            wanted_de00=wanted,
            scenes=(scene, scene),
            captures=captures,
            poses=_poses(reference, style, rng),
        ),
        rng,
    )


def tuning_pairs(fits: Callable[[Pair], bool], count: int) -> list[Pair]:
    """The first so many tuning pairs that fit."""
    first = TUNING_SEEDS[0]
    drawn = (pair_of(n, first_seed=first) for n in range(len(TUNING_SEEDS)))
    return list(islice(filter(fits, drawn), count))


def _spoilt(pair: Pair, rng: np.random.Generator) -> Pair:
    """The pair as its role wants it."""
    scene, later = pair.scenes[0], pair.captures[1]
    if pair.role == "wrong skin":
        return replace(pair, scenes=(scene, replace(scene, seed=scene.seed + 5_000)))
    if pair.role == "blurred":
        # 2.5 to 4 mm: what is narrower is gone, what is wider has no border.
        blur = float(rng.uniform(2.5, 4.0)) * BASE.px_per_mm
        return replace(pair, captures=(pair.captures[0], replace(later, blur_px=blur)))
    if pair.role == "clipped":
        # All three channels of the skin beyond white.
        ev = float(np.log2(1.6 / _skin_light(later, scene.skin_ita_deg).min()))
        changed = replace(later, exposure_ev=max(ev, later.exposure_ev))
        return replace(pair, captures=(pair.captures[0], changed))
    if pair.role == "texture":
        share = scene.lesion_furrows * (0.8 if rng.random() < 0.5 else 1.2)
        return replace(pair, scenes=(scene, replace(scene, lesion_furrows=share)))
    return pair


def _kind(
    kinds: tuple[str, ...],
    angles: list[float],
    wanted: float,
    rng: np.random.Generator,
) -> str:
    """A kind that can make the contrast on these skins; the best one where none can."""
    reach = np.array(
        [np.interp(angles, _REACH_ITA_DEG, _REACH_DE00[kind]).min() for kind in kinds]
    )
    able = np.flatnonzero(reach > 1.08 * wanted)
    if len(able) == 0:
        return kinds[int(reach.argmax())]
    return kinds[int(rng.choice(able))]


def _captures(
    drawn_from: Pools,
    capture: str,
    style_and_skin: tuple[str, "Lit"],
    rng: np.random.Generator,
    *,
    same: bool,
) -> tuple[Capture, Capture]:
    style, lit = style_and_skin
    first = _capture(drawn_from, capture, style, rng)
    second = _capture(drawn_from, capture, style, rng)
    if same:
        # A camera keeps its sensor, colour matrix, lens and way of processing.
        second = replace(
            second,
            camera=first.camera,
            matrix_error=first.matrix_error,
            focal_factor=first.focal_factor,
            s_curve=first.s_curve if capture == "linear" else second.s_curve,
            base_compression=first.base_compression * float(rng.uniform(0.8, 1.2)),
            sharpening=first.sharpening,
            chroma_smoothing_px=first.chroma_smoothing_px,
            jpeg_quality=first.jpeg_quality,
        )
    if style == "controlled":
        second = replace(second, illuminant=first.illuminant, cct_k=first.cct_k)
    return _metered(first, lit), _metered(second, lit)


def _capture(
    drawn_from: Pools, capture: str, style: str, rng: np.random.Generator
) -> Capture:
    """One photograph, exposure still relative to what the meter will say."""
    spread = SPREADS[style]
    matrix = rng.uniform(-spread.matrix, spread.matrix, (3, 3))
    matrix -= matrix.mean(axis=1, keepdims=True)  # neutral stays neutral
    flash = bool(rng.random() < spread.flash)
    lamps = drawn_from.flashes if flash else drawn_from.lamps
    kind, kelvin = lamps[int(rng.integers(len(lamps)))]
    red, blue = rng.uniform(-spread.white_balance, spread.white_balance, 2)
    softness = {"controlled": 0.2, "clinic": 0.5, "wild": 1.0}[style]
    drawn = replace(
        BASE,
        camera=drawn_from.cameras[int(rng.integers(len(drawn_from.cameras)))],
        matrix_error=tuple(tuple(float(v) for v in row) for row in matrix),
        illuminant=kind,
        cct_k=kelvin,
        exposure_ev=float(rng.uniform(-spread.exposure_ev, spread.exposure_ev)),
        white_balance_error=(float(red), float(blue)),
        s_curve=float(rng.uniform(0, spread.s_curve)),
        shadow_gradient=float(rng.uniform(0, spread.gradient)),
        shadow_direction_deg=float(rng.uniform(0, 360)),
        light_direction_deg=float(
            rng.normal(225, 10) if style == "controlled" else rng.uniform(0, 360)
        ),
        gloss=float(rng.uniform(0.2, 1) * spread.gloss),
        flash=flash,
        blur_px=0.6 + float(rng.uniform(0, softness)),
    )
    return _processed(drawn, capture, softness, rng)


def _processed(
    drawn: Capture, capture: str, softness: float, rng: np.random.Generator
) -> Capture:
    """What kind of camera file it becomes."""
    if capture == "linear":
        return replace(
            drawn, jpeg_quality=None, s_curve=0.0, matrix_error=None,
            focal_factor=1.4, noise=0.002 + 0.004 * float(rng.uniform()),
        )  # fmt: skip
    if capture == "DSLR":
        return replace(
            drawn, jpeg_quality=int(rng.integers(90, 98)), focal_factor=1.4,
            noise=0.003 + 0.006 * float(rng.uniform()) * softness,
            sharpening=float(rng.uniform(0, 0.3)),
        )  # fmt: skip
    phone = replace(
        drawn, jpeg_quality=int(rng.integers(80, 95)), focal_factor=0.78,
        noise=0.005 + 0.012 * float(rng.uniform()) * softness,
        sharpening=float(rng.uniform(0.2, 0.7)),
        chroma_smoothing_px=float(rng.uniform(0.8, 2.5)),
    )  # fmt: skip
    if capture == "phone":
        return phone
    strongest = {0.2: 0.12, 0.5: 0.20, 1.0: 0.30}[softness]
    return replace(phone, base_compression=float(rng.uniform(0.3, 1) * strongest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lit:
    """What a meter is pointed at: skin, and how much lighter its lesion is (1: not)."""

    ita_deg: float
    lesion_gain: float


def _brightest(ita: float, kind: str, contrast: float) -> Lit:
    """Pale lesions are lighter than skin by about their contrast in L*."""
    pigments = pigments_for_ita(ita)
    skin = skin_reflectance(pigments.melanin_fraction, pigments.blood_fraction)
    lightness = float(skin_lab(skin)[0])
    paler = lightness + contrast if kind in ("pale-scar", "stria-alba") else lightness
    light = [((value + 16) / 116) ** 3 for value in (lightness, min(paler, 95.0))]
    return Lit(ita_deg=ita, lesion_gain=light[1] / light[0])


def _metered(capture: Capture, lit: Lit) -> Capture:
    """Exposure as a meter sets it for this skin, off by what was drawn, short of white.

    A perfect diffuser a third of a stop below white, dark skin up to a stop more light;
    no meter burns out what it is pointed at (that is a stratum of its own).
    """
    light = _skin_light(capture, lit.ita_deg)
    meter = float(np.clip(np.log2(0.30 / light.mean()), -0.33, 0.67))
    most = float(np.log2(0.72 / light.max() / lit.lesion_gain))
    return replace(capture, exposure_ev=min(capture.exposure_ev + meter, most))


def _skin_light(capture: Capture, ita: float) -> np.ndarray:
    """Linear light (3,) of the skin at exposure 0, white balance errors included."""
    chosen = capture.illuminant
    light = (
        np.asarray(chosen.power)
        if isinstance(chosen, Light)
        else illuminant(chosen, capture.cct_k)
    )
    camera = capture.camera
    pigments = pigments_for_ita(ita)
    skin = skin_reflectance(pigments.melanin_fraction, pigments.blood_fraction)
    if isinstance(camera, str):
        return np.full(3, skin.mean())
    red, blue = capture.white_balance_error
    return (skin @ rgb_weights(camera, light)) * np.array([1 + red, 1, 1 + blue])


def _poses(reference: str, style: str, rng: np.random.Generator) -> tuple[Pose, Pose]:
    """A steady hand at baseline; the follow-up is where frames differ."""
    spread = SPREADS[style]
    with_card = reference == "card"
    distance = CARD_DISTANCE if with_card else 1.0
    place = (0.0, -36.0) if with_card else (0.0, 0.0)
    turn = rng.uniform(0, 2 * np.pi)
    tilt = spread.tilt_deg * np.sqrt(rng.random())
    slip = rng.uniform(-1, 1, 2) * min(6.0, 40 * spread.distance) * 0.5
    room = 1.0 if with_card else 2.0
    later = Pose(
        tilt_x_deg=float(tilt * np.cos(turn)),
        tilt_y_deg=float(tilt * np.sin(turn)),
        rotation_deg=float(rng.uniform(-1, 1) * spread.rotation_deg * room),
        distance_factor=distance
        * float(np.exp(rng.uniform(-1, 1) * np.log1p(spread.distance))),
        shift_mm=(float(slip[0] + place[0]), float(slip[1] + place[1])),
        deformation_mm=float(rng.uniform(0.1, 0.8)),
        deformation_seed=int(rng.integers(1, 2**31)),
        bend_per_mm=float(rng.uniform(-0.0005, 0.001) * spread.tilt_deg / 9),
    )
    return Pose(shift_mm=place, distance_factor=distance), later


def _objects(reference: str, rng: np.random.Generator) -> tuple[SceneObject, ...]:
    if reference == "card":
        kind = "cicatrix-card" if rng.random() < 0.6 else "colorchecker"
        return (SceneObject(kind=kind, centre_mm=(0.0, 60.0), print_spread=1.0),)
    if reference == "grey":
        return (SceneObject(kind="grey-patch", centre_mm=(38.0, 30.0)),)
    return ()
