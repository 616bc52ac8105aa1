"""How wide edges are, in which direction: defocus and motion told from smooth skin.

The variance of a Laplacian calls smooth skin blurred and noise sharp. Here only edges
speak, each by how much a second, known blur lowers it (Zhuo & Sim 2011, doi
10.1016/j.patcog.2011.03.009); their number does not matter. Where skin shows none, the
fall of its texture's power with scale does.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.photo.value import FloatImage
from cicatrix.skin.parts import places

__all__ = [
    "EDGE_WIDTH_PER_SD",
    "Blur",
    "EdgeSamples",
    "blur_of",
    "edges_of",
    "texture_blur_px",
]

_Array = npt.NDArray[np.float64]

EDGE_WIDTH_PER_SD = 2.563
"""10 to 90 % width of an edge blurred by a Gaussian of one standard deviation."""

_FIRST_SD_PX, _SECOND_SD_PX = 1.0, 2.0
"""The first blur keeps noise and JPEG blocks from making edges, the second tests them."""

_TIMES_MEDIAN = 4.0
"""Gradients of pure noise are Rayleigh distributed: one in 65 000 exceeds four times
the median."""

_TIMES_MEDIAN_STRONG = 8.0
"""Noise then moves the ratio of the two gradients by under a tenth; weaker edges look
sharper than they are."""

_LEAST_STEP = 1.5
"""Gradient in code values per pixel: below it lie JPEG rounding and faint mottle."""

_SHARPEST_SHARE = 20.0
"""Skin has soft edges of its own; the sharpest fifth shows what the lens could do."""

_PIXEL_SD_PX = 12**-0.5
"""No edge is narrower than the pixel that averages it."""

_MIN_EDGES = 40
_MIN_EDGES_A_BIN = 20
_BINS = 8
_MIN_BINS = 5

_LEAST_ANISOTROPY = 0.5
"""Share of the blur's variance that must turn with direction before it is called a
motion: the edges of lesions and folds, which are soft by themselves, stay below."""

_TEXTURE_SCALES_PX = (1.6, 2.26, 3.2, 4.5)
_TEXTURE_FALL = 2.1
"""Gradient power of sharp skin falls with the square of the scale, nearly: 2.0 to 2.3
in made-up skin (seeds below 1000) from 3 px on, 1.2 to 1.7 in dermoscopy."""

_NOISE_FALL = 3.0
"""Noise falls with the fourth power of the scale; steeper than this, it rules."""

_KINK = 0.1
"""A fall that slows down from one scale to the next is noise on a blurred picture."""

_LEAST_TEXTURE = 0.3
"""Gradient at 1.6 px in code values: below it JPEG rounding rules."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EdgeSamples:
    """Edge points: blur (standard deviation, px of the level) and gradient angle.

    `strong` says that noise cannot have made them look sharper.
    """

    sd_px: _Array
    angle_rad: _Array
    strong: bool

    @property
    def enough(self) -> bool:
        """Whether a blur can be stated from them."""
        return len(self.sd_px) >= _MIN_EDGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Blur:
    """Blur of the sharpest edges, in px of the level that was measured.

    `smear_px` is the length of a uniform motion that would explain the difference
    between directions, at least; `None` where too few directions have clear edges.
    """

    sd_px: float
    smear_px: float | None
    smear_angle_deg: float | None


def edges_of(tiles: Iterable[FloatImage]) -> EdgeSamples:
    """Edge points of grey tiles (rows, cols), code values 0..255."""
    found = [_tile_edges(tile) for tile in tiles if min(tile.shape) >= 16]
    if not found:
        return EdgeSamples(sd_px=np.empty(0), angle_rad=np.empty(0), strong=False)
    sd, angle, contrast = (np.concatenate(part) for part in zip(*found, strict=True))
    strong = contrast > _TIMES_MEDIAN_STRONG
    if int(strong.sum()) >= _MIN_EDGES:
        return EdgeSamples(sd_px=sd[strong], angle_rad=angle[strong], strong=True)
    return EdgeSamples(sd_px=sd, angle_rad=angle, strong=False)


def blur_of(edges: EdgeSamples) -> Blur:
    """What the edges say together.

    Raises
    ------
    ValueError
        There are not `edges.enough`.
    """
    if not edges.enough:
        raise ValueError(f"{len(edges.sd_px)} edges are too few")
    smear_px, angle_deg = _smear(edges) if edges.strong else (None, None)
    return Blur(
        sd_px=max(float(np.percentile(edges.sd_px, _SHARPEST_SHARE)), _PIXEL_SD_PX),
        smear_px=smear_px,
        smear_angle_deg=angle_deg,
    )


def texture_blur_px(tiles: Iterable[FloatImage]) -> float | None:
    """Blur (standard deviation, px of the level) by the texture of skin without edges.

    The power of the gradient at scale s falls as (s² + σ²)^(-1.05): flat below the blur
    σ, steep above it. `None` where noise or rounding hides the texture.
    """
    powers = [
        _gradient_powers(tile)
        for tile in tiles
        if min(tile.shape) >= 12 * _TEXTURE_SCALES_PX[-1]
    ]
    if not powers:
        return None
    # Medians over the tiles: backdrop, card and hair are in the minority.
    power = np.median(np.array(powers), axis=0)
    if np.sqrt(power[0]) < _LEAST_TEXTURE:
        return None
    scales = np.array(_TEXTURE_SCALES_PX)
    fall = -np.diff(np.log(power)) / np.diff(np.log(scales))
    if fall[1] > _NOISE_FALL or fall[2] < fall[0] - _KINK or fall[1] <= 0:
        return None
    middle = float(np.sqrt(scales[1] * scales[2]))
    sd_px = middle * float(np.sqrt(max(_TEXTURE_FALL / fall[1] - 1, 0)))
    return max(sd_px, _PIXEL_SD_PX)


def _gradient_powers(tile: FloatImage) -> list[float]:
    powers = []
    for scale in _TEXTURE_SCALES_PX:
        # Every ninth place tells the same median as all.
        soft = np.asarray(cv2.GaussianBlur(tile, (0, 0), scale), np.float32)
        across = (soft[8:-8:3, 9:-7:3] - soft[8:-8:3, 7:-9:3]) / 2
        down = (soft[9:-7:3, 8:-8:3] - soft[7:-9:3, 8:-8:3]) / 2
        square = across * across + down * down
        powers.append(max(_median(square), 1e-12))
    return powers


def _tile_edges(tile: FloatImage) -> tuple[_Array, _Array, _Array]:
    """Blur, angle and strength over the median of the edges of a tile."""
    smooth = cv2.GaussianBlur(tile, (0, 0), _FIRST_SD_PX)
    first_x, first_y = _gradient(smooth)
    second = np.asarray(cv2.GaussianBlur(tile, (0, 0), _SECOND_SD_PX), np.float32)
    first = cv2.magnitude(first_x, first_y)
    # Every ninth pixel gives the same median in a ninth of the time.
    usual = max(_median(first[::3, ::3]), _LEAST_STEP / _TIMES_MEDIAN)
    floor = _TIMES_MEDIAN * usual
    rows, cols = places(first[2:-2, 2:-2] > floor)
    rows, cols = rows + 2, cols + 2
    strength = first[rows, cols]
    # Only the crest of an edge: the flanks would count it as wider.
    unit_x = first_x[rows, cols] / strength
    unit_y = first_y[rows, cols] / strength
    step_x = np.rint(unit_x).astype(int)
    step_y = np.rint(unit_y).astype(int)
    crest = (strength >= first[rows + step_y, cols + step_x]) & (
        strength > first[rows - step_y, cols - step_x]
    )
    rows, cols = rows[crest], cols[crest]
    # Along the first gradient: the second alone may point elsewhere near corners.
    second_x = (second[rows, cols + 1] - second[rows, cols - 1]) / 2
    second_y = (second[rows + 1, cols] - second[rows - 1, cols]) / 2
    along = (second_x * unit_x[crest] + second_y * unit_y[crest]).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio_2 = (strength[crest].astype(np.float64) / along) ** 2
        variance = (_SECOND_SD_PX**2 - ratio_2 * _FIRST_SD_PX**2) / (ratio_2 - 1)
    usable = (along > 0) & (ratio_2 > 1.0)
    sd = np.sqrt(np.clip(variance[usable], 0, None))
    angle = np.arctan2(unit_y[crest][usable], unit_x[crest][usable])
    contrast = strength[crest][usable] / usual
    return sd, angle.astype(np.float64), contrast.astype(np.float64)


def _median(values: cv2.typing.MatLike) -> float:
    """Upper median; np.median takes twice as long on so few values."""
    middle = values.size // 2
    return float(np.partition(values, middle, axis=None)[middle])


def _gradient(smooth: cv2.typing.MatLike) -> tuple[FloatImage, FloatImage]:
    """Central differences, in code values per pixel."""
    kernel = np.array([[-0.5, 0.0, 0.5]])
    one = np.ones((1, 1))
    across = cv2.sepFilter2D(smooth, cv2.CV_32F, kernel, one)
    down = cv2.sepFilter2D(smooth, cv2.CV_32F, one, kernel)
    return np.asarray(across, np.float32), np.asarray(down, np.float32)


def _smear(edges: EdgeSamples) -> tuple[float | None, float | None]:
    """Length and direction of a motion, from blur against the edges' direction.

    A motion of length L at angle θ adds L²/12 · cos²(φ - θ) to the variance of an edge
    whose gradient points to φ, so a + b cos 2φ + c sin 2φ is fitted to the sharpest
    edges of each direction and L = (24 · hypot(b, c))^0.5.
    """
    turn = edges.angle_rad % np.pi
    bins = np.minimum((turn / np.pi * _BINS).astype(int), _BINS - 1)
    centres, variances = [], []
    for index in range(_BINS):
        mine = edges.sd_px[bins == index]
        if len(mine) >= _MIN_EDGES_A_BIN:
            centres.append((index + 0.5) * np.pi / _BINS)
            variances.append(float(np.percentile(mine, _SHARPEST_SHARE)) ** 2)
    if len(centres) < _MIN_BINS:
        return None, None
    phi = np.array(centres)
    design = np.stack([np.ones_like(phi), np.cos(2 * phi), np.sin(2 * phi)], axis=1)
    fit, *_ = np.linalg.lstsq(design, np.array(variances), rcond=None)
    amplitude = float(np.hypot(fit[1], fit[2]))
    if amplitude < _LEAST_ANISOTROPY * fit[0]:
        return 0.0, None
    angle = float(np.degrees(np.arctan2(fit[2], fit[1]) / 2) % 180)
    return float(np.sqrt(24 * amplitude)), angle
