"""How the picture is taken: camera, light, exposure, pose, and typical mixes of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

import numpy as np

from cicatrix.optics.cameras import Camera
from cicatrix.optics.illuminants import IlluminantKind, Light

__all__ = [
    "CAPTURE_SPREADS",
    "Capture",
    "CaptureSpread",
    "CaptureStyle",
    "Pose",
    "capture_preset",
    "pose_preset",
]

CaptureStyle = Literal["controlled", "clinic", "wild", "linear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Camera, light and processing of one photograph.

    Parameters
    ----------
    width_px, height_px
        Size of the picture.
    px_per_mm
        Pixels a millimetre at the lesion for `Pose(distance_factor=1)`.
    focal_factor
        Focal length over picture width: 0.75 is a phone, 1.4 to 3 a camera for close-ups.
    camera
        A name of `optics.cameras.GENERIC_CAMERAS` or a camera of your own.
    illuminant, cct_k
        Kind and colour temperature of the light; a `Light` of your own has no need of
        the latter.
    exposure_ev
        Stops off the exposure that shows a perfect diffuser as just white.
    white_balance_error
        Relative error of the red and blue gains.
    matrix_error
        (3, 3) rows added to the identity after the colour matrix; `None` is none.
    s_curve
        0..1, strength of a contrast curve on encoded values.
    local_tone
        0..1, strength of a gain from the blurred brightness, before the tone curve.
    base_compression
        0..1, share of the base layer's contrast that local tone mapping after the tone
        curve takes away, as phones do (`phantom.phone`).
    sharpening
        0..2, how much of the fine detail of the luma is added after the tone curve.
    chroma_smoothing_px
        Standard deviation of the blur that takes colour noise (and colour detail) away.
    light_direction_deg, light_elevation_deg
        Where the main light comes from (0 is right, 90 is down in the picture) and how
        high above the picture plane it stands.
    ambient
        0..1, share of light from everywhere, which draws no relief.
    shadow_gradient
        Relative fall of light across the picture's width, along `shadow_direction_deg`.
    flash
        Light beside the lens: more gloss, light falls off from the centre.
    gloss
        0..1, shine of the skin.
    blur_px, motion_px
        Standard deviation of defocus, length of motion blur.
    noise
        Standard deviation at linear light 1; read noise is a tenth of it.
    vignetting
        Relative loss in the corners.
    jpeg_quality
        libjpeg quality with 4:2:0 colour, or `None` for 16 bit linear sRGB without loss.
    date_stamp
        Burn the date into the lower right corner.
    taken_at
        For EXIF and stamp.
    """

    width_px: int = 1600
    height_px: int = 1200
    px_per_mm: float = 12.0
    focal_factor: float = 1.3
    camera: str | Camera = "generic-dslr"
    illuminant: IlluminantKind | Light = "daylight"
    cct_k: float = 5500.0
    exposure_ev: float = 0.0
    white_balance_error: tuple[float, float] = (0.0, 0.0)
    matrix_error: tuple[tuple[float, float, float], ...] | None = None
    s_curve: float = 0.0
    local_tone: float = 0.0
    base_compression: float = 0.0
    sharpening: float = 0.0
    chroma_smoothing_px: float = 0.0
    light_direction_deg: float = 225.0
    light_elevation_deg: float = 50.0
    ambient: float = 0.5
    shadow_gradient: float = 0.0
    shadow_direction_deg: float = 0.0
    flash: bool = False
    gloss: float = 0.15
    blur_px: float = 0.6
    motion_px: float = 0.0
    noise: float = 0.006
    vignetting: float = 0.06
    jpeg_quality: int | None = 92
    date_stamp: bool = False
    taken_at: datetime | None = None

    def __post_init__(self) -> None:
        if not (16 <= self.width_px <= 20000 and 16 <= self.height_px <= 20000):
            raise ValueError(
                f"picture must be 16..20000 px a side, got {self.width_px}x{self.height_px}"
            )
        if not 0 <= self.base_compression <= 1:
            raise ValueError(
                f"base_compression must be in [0, 1], got {self.base_compression!r}"
            )
        if not self.px_per_mm > 0:
            raise ValueError(f"px_per_mm must be positive, got {self.px_per_mm!r}")
        if self.jpeg_quality is not None and not 1 <= self.jpeg_quality <= 100:
            raise ValueError(
                f"jpeg_quality must be in 1..100 or None, got {self.jpeg_quality!r}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Where the camera is and how the skin is stretched.

    `rotation_deg` turns the picture, `shift_mm` moves the lesion off the picture's
    centre, `deformation_mm` is the amplitude of a smooth random stretch drawn from
    `deformation_seed`, `bend_per_mm` adds to the scene's curvature.
    """

    tilt_x_deg: float = 0.0
    tilt_y_deg: float = 0.0
    rotation_deg: float = 0.0
    distance_factor: float = 1.0
    shift_mm: tuple[float, float] = (0.0, 0.0)
    deformation_mm: float = 0.0
    deformation_seed: int = 0
    bend_per_mm: float = 0.0

    def __post_init__(self) -> None:
        if not 0.2 <= self.distance_factor <= 5:
            raise ValueError(
                f"distance_factor must be in 0.2..5, got {self.distance_factor!r}"
            )
        if max(abs(self.tilt_x_deg), abs(self.tilt_y_deg)) > 60:
            raise ValueError("tilt must be within 60 degrees")
        if not 0 <= self.deformation_mm <= 3:
            raise ValueError(
                f"deformation_mm must be in 0..3, got {self.deformation_mm!r}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureSpread:
    """How much two captures of one style differ by chance: widths of the draws."""

    exposure_ev: float
    white_balance: float
    matrix: float
    s_curve: float
    gradient: float
    gloss: float


CAPTURE_SPREADS: Final[dict[str, CaptureSpread]] = {
    # Exposure, white balance, matrix and S-curve: the first experiment on zero-change
    # pairs (docs/explanation/phantoms.md); gradient and gloss are set to match in kind.
    "linear": CaptureSpread(
        exposure_ev=0.0,
        white_balance=0.0,
        matrix=0.0,
        s_curve=0.0,
        gradient=0.0,
        gloss=0.0,
    ),
    "controlled": CaptureSpread(
        exposure_ev=0.15,
        white_balance=0.02,
        matrix=0.0,
        s_curve=0.1,
        gradient=0.05,
        gloss=0.15,
    ),
    "clinic": CaptureSpread(
        exposure_ev=0.6,
        white_balance=0.10,
        matrix=0.03,
        s_curve=0.35,
        gradient=0.15,
        gloss=0.3,
    ),
    "wild": CaptureSpread(
        exposure_ev=1.0,
        white_balance=0.20,
        matrix=0.05,
        s_curve=0.5,
        gradient=0.3,
        gloss=0.5,
    ),
}

_LIGHTS: Final[dict[str, tuple[tuple[IlluminantKind, float, float], ...]]] = {
    # Kind, lowest and highest colour temperature.
    "linear": (("daylight", 5500.0, 5500.0),),
    "controlled": (("daylight", 5200.0, 5800.0),),
    "clinic": (("daylight", 5000.0, 6500.0), ("led", 3800.0, 5500.0)),
    "wild": (
        ("daylight", 4500.0, 8000.0),
        ("led", 2900.0, 6500.0),
        ("planck", 2700.0, 3200.0),
    ),
}
_CAMERAS: Final[dict[str, tuple[str, ...]]] = {
    "linear": ("generic-dslr",),
    "controlled": ("generic-dslr", "generic-mirrorless"),
    "clinic": ("generic-dslr", "generic-mirrorless", "generic-phone"),
    "wild": ("generic-phone", "generic-phone-2", "generic-mirrorless"),
}


def capture_preset(
    style: CaptureStyle,
    rng: np.random.Generator,
    *,
    like: Capture | None = None,
    base: Capture | None = None,
) -> Capture:
    """A capture drawn from one of four styles.

    Parameters
    ----------
    style
        `controlled` (±0.15 EV, white balance ±2 %, S-curve to 0.1), `clinic` (±0.6 EV,
        ±10 %, matrix ±3 %, to 0.35), `wild` (±1 EV, ±20 %, ±5 %, to 0.5) or `linear`
        (none of these, 16 bit linear).
    rng
        Draws come from here only.
    like
        Keep the camera and its colour matrix of this earlier capture: the same camera at
        a later visit. `None` draws a camera of the style.
    base
        Size, scale and whatever the style does not draw.

    Raises
    ------
    ValueError
        Unknown style.
    """
    if style not in CAPTURE_SPREADS:
        raise ValueError(
            f"style must be one of {sorted(CAPTURE_SPREADS)}, got {style!r}"
        )
    spread, base = CAPTURE_SPREADS[style], base or Capture()
    kind, low, high = _LIGHTS[style][int(rng.integers(len(_LIGHTS[style])))]
    camera: str | Camera = str(rng.choice(_CAMERAS[style]))
    matrix = rng.uniform(-spread.matrix, spread.matrix, (3, 3))
    matrix -= matrix.mean(axis=1, keepdims=True)  # neutral stays neutral
    matrix_error = tuple(
        (float(row[0]), float(row[1]), float(row[2])) for row in matrix
    )
    red, blue = rng.uniform(-spread.white_balance, spread.white_balance, 2)
    wild = style == "wild"
    drawn = replace(
        base,
        camera=camera if like is None else like.camera,
        matrix_error=matrix_error if like is None else like.matrix_error,
        illuminant=kind,
        cct_k=float(rng.uniform(low, high)),
        exposure_ev=float(rng.uniform(-spread.exposure_ev, spread.exposure_ev)),
        white_balance_error=(float(red), float(blue)),
        s_curve=float(rng.uniform(0, spread.s_curve)),
        local_tone=float(rng.uniform(0, 0.3)) if wild else 0.0,
        shadow_gradient=float(rng.uniform(0, spread.gradient)),
        shadow_direction_deg=float(rng.uniform(0, 360)),
        light_direction_deg=float(
            rng.normal(225, 10) if style == "controlled" else rng.uniform(0, 360)
        ),
        gloss=float(rng.uniform(0.2, 1) * spread.gloss),
        flash=bool(wild and rng.random() < 0.3),
    )
    if style == "linear":
        return replace(drawn, jpeg_quality=None, vignetting=0.0, noise=0.002)
    quality = int(
        rng.integers(*{"controlled": (92, 97), "clinic": (85, 96)}.get(style, (75, 93)))
    )
    softness = {"controlled": 0.2, "clinic": 0.5}.get(style, 1.0)
    return replace(
        drawn,
        jpeg_quality=quality,
        blur_px=0.6 + float(rng.uniform(0, softness)),
        noise=0.004 + float(rng.uniform(0, 0.012)) * softness,
    )


def pose_preset(style: CaptureStyle, rng: np.random.Generator) -> Pose:
    """A pose drawn to suit a capture style: how exactly a later visit repeats the view."""
    if style not in CAPTURE_SPREADS:
        raise ValueError(
            f"style must be one of {sorted(CAPTURE_SPREADS)}, got {style!r}"
        )
    reach = {"linear": 0.3, "controlled": 0.3, "clinic": 1.0, "wild": 1.6}[style]
    tilt = rng.uniform(-1, 1, 2) * 8 * reach
    shift = rng.uniform(-1, 1, 2) * 6 * reach
    return Pose(
        tilt_x_deg=float(tilt[0]),
        tilt_y_deg=float(tilt[1]),
        rotation_deg=float(rng.uniform(-1, 1) * 15 * reach),
        distance_factor=float(np.exp(rng.uniform(-1, 1) * 0.18 * reach)),
        shift_mm=(float(shift[0]), float(shift[1])),
        deformation_mm=float(rng.uniform(0.1, 0.8) * min(reach, 1.2)),
        deformation_seed=int(rng.integers(1, 2**31)),
        bend_per_mm=float(rng.uniform(-0.001, 0.002) * reach),
    )
