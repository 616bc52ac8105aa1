"""What is compared between two photographs: grey and colour, freed of light and cast."""

from dataclasses import dataclass, replace
from typing import TypeVar, cast

import cv2
import numpy as np
import numpy.typing as npt
from cv2.typing import MatLike

from cicatrix.photo.value import Decoding, FloatImage, Photo, to_linear
from cicatrix.skin.colours import colours_of, colours_of_half
from cicatrix.skin.masks import skin_of_colours

__all__ = [
    "AllPlanes",
    "Glance",
    "LocalWindow",
    "Planes",
    "Reduced",
    "all_log_channels",
    "inner",
    "log_channels",
    "normalised",
    "reduced",
    "shrunk",
]

Mask = npt.NDArray[np.bool_]
Encoded = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
Planes = tuple[FloatImage, FloatImage]
"""Grey and colour, each (rows, cols): apart from each other, as OpenCV works through
whole planes several times faster than numpy through every second value."""

AllPlanes = tuple[FloatImage, FloatImage, FloatImage]
"""Grey and two colours, each (rows, cols)."""

_AnyPlanes = TypeVar("_AnyPlanes", Planes, AllPlanes)

_DARK = 0.004
"""Added to light before the logarithm; one code value of a dark 8-bit pixel."""

_WORKING_PX = 480
"""Least longest side of the picture on which the same skin is looked for, up to twice of
which is used. Skin of a body part keeps enough marks at this size (tried on 512 px wound
photographs and on phantoms)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reduced:
    """A photograph shrunk by a whole factor.

    `channels` are as from `log_channels`, `skin` (rows, cols) is float32 0/1. Pixel i
    covers full-resolution pixels `factor * i` to `factor * i + factor - 1`.
    """

    factor: int
    channels: Planes
    skin: FloatImage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Glance:
    """A photograph shrunk by a whole factor as stored, and its `channels`, not its skin."""

    factor: int
    part: Encoded
    channels: Planes

    @classmethod
    def of(cls, photo: Photo) -> "Glance":
        """The photograph at 480 to 960 px."""
        part, factor = photo.encoded, 1
        for half in photo.halves:
            if max(half.shape) < _WORKING_PX:
                break
            part, factor = half, 2 * factor
        return cls(
            factor=factor,
            part=part,
            channels=log_channels(part, photo.decoding),
        )


def reduced(
    photo: Photo,
    *,
    lesion_xy: npt.NDArray[np.float64] | None = None,
    seen: Glance | None = None,
) -> Reduced:
    """The photograph at 480 to 960 px with its skin found.

    `lesion_xy` (n, 2), the lesion's outline, tells where skin surely surrounds it. `seen`
    is the photograph at that size where it is at hand.
    """
    seen = seen or Glance.of(photo)
    return Reduced(
        factor=seen.factor,
        channels=seen.channels,
        skin=_skin(photo, seen, lesion_xy),
    )


def _skin(
    photo: Photo, seen: Glance, lesion_xy: npt.NDArray[np.float64] | None
) -> FloatImage:
    """Bare skin of the reduced picture."""
    exclude: list[npt.NDArray[np.float64]] = []
    if photo.reference is not None and len(photo.reference.corners_xy) >= 3:
        corners = np.asarray(photo.reference.corners_xy, dtype=np.float64)
        # A card's white margin and shadow move with it.
        grown = corners.mean(axis=0) + 1.15 * (corners - corners.mean(axis=0))
        exclude.append(grown / seen.factor)
    seed = None
    if lesion_xy is not None:
        seed = _surroundings(lesion_xy / seen.factor, seen.part.shape[:2])
    if seen.factor > 1:
        colours = colours_of_half(photo, seen.factor.bit_length() - 1)
    else:
        colours = colours_of(to_linear(seen.part, photo.decoding))
    return skin_of_colours(colours, exclude=exclude, seed=seed).astype(np.float32)


def _surroundings(outline_xy: npt.NDArray[np.float64], shape: tuple[int, int]) -> Mask:
    """A band about the lesion, a twelfth of the picture wide, without the lesion."""
    inner = np.zeros(shape, dtype=np.uint8)
    cv2.fillPoly(inner, [np.round(outline_xy).astype(np.int32)], 1)
    away = cv2.distanceTransform(1 - inner, cv2.DIST_L2, 3)
    gap, width = max(2, max(shape) // 100), max(5, max(shape) // 12)
    return np.asarray((away > gap) & (away < width))


def log_channels(
    encoded: npt.NDArray[np.uint8] | npt.NDArray[np.uint16], decoding: Decoding
) -> Planes:
    """Log grey and log-chromaticity of stored code values (rows, cols, 3).

    Grey is the mean of ln R, ln G, ln B; the other is (ln B + ln G) / 2 - ln R, from
    which the strength of the light, and with it shading, drops out. Channels are the
    camera's own: the matrix to sRGB primaries would only mix noise here.
    """
    grey, colour, _ = all_log_channels(encoded, decoding)
    return grey, colour


def all_log_channels(
    encoded: npt.NDArray[np.uint8] | npt.NDArray[np.uint16], decoding: Decoding
) -> AllPlanes:
    """`log_channels` (rows, cols), and the colour that they leave out: ln B - ln G."""
    tables = np.log(np.maximum(decoding.tables, 0) + np.float32(_DARK))
    # Plane by plane: OpenCV takes three times as long for channels that lie together.
    red, green, blue = (
        _looked_up(cast(Encoded, plane), tables[:, channel])
        for channel, plane in enumerate(cv2.split(encoded))
    )
    grey = cv2.scaleAdd(green, _THIRD, red * np.float32(_THIRD))
    colour = cv2.scaleAdd(green, 0.5, -red)
    grey, colour = cv2.scaleAdd(blue, _THIRD, grey), cv2.scaleAdd(blue, 0.5, colour)
    return cast(AllPlanes, (grey, colour, cv2.subtract(blue, green)))


_THIRD = float(np.float32(1 / 3))


def _looked_up(codes: Encoded, table: npt.NDArray[np.float32]) -> FloatImage:
    if codes.dtype == np.uint8 and len(table) == 256:
        found = cv2.LUT(codes, np.ascontiguousarray(table))
        return np.asarray(found, dtype=np.float32)
    return table.take(codes, mode="clip")


def normalised(channels: Planes, weight: FloatImage, sigma_px: float) -> Planes:
    """Channels with local mean 0 and local variance 1 where `weight` is, else 0.

    Parameters
    ----------
    channels
        Two planes (rows, cols).
    weight : (rows, cols) float32
        0..1; what lies at 0 takes no part, so that a background cannot leak in.
    sigma_px
        Of the Gaussian window, pixels.

    Returns
    -------
    Planes
        Cut to -4..4, so that single hairs or glints do not rule a window.
    """
    window = LocalWindow.of(weight, sigma_px)
    grey, colour = (window.flattened(plane) for plane in channels)
    return grey, colour


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalWindow:
    """A Gaussian window over a weight (rows, cols), wide ones at reduced size.

    That changes them by under 1 %. `mass` is the blurred weight at that size, `share`
    the weight's mean.
    """

    weight: FloatImage
    small: tuple[int, int]
    sigma_px: float
    mass: FloatImage
    share: float

    @classmethod
    def of(cls, weight: FloatImage, sigma_px: float) -> "LocalWindow":
        """The window of a standard deviation in pixels."""
        rows, cols = weight.shape
        shrink = int(sigma_px // 4)
        if shrink < 2 or min(rows, cols) < 4 * shrink:
            shrink = 1
        small = (max(1, rows // shrink), max(1, cols // shrink))
        bare = cls(
            weight=weight,
            small=small,
            sigma_px=sigma_px / shrink,
            mass=np.ones(small, dtype=np.float32),
            share=float(weight.mean()),
        )
        return replace(bare, mass=bare.mean_of(weight) + np.float32(1e-4))

    def flattened(self, values: FloatImage) -> FloatImage:
        """One plane (rows, cols), `normalised`."""
        flat = self.levelled(values)
        out = cv2.multiply(flat, self.gain(flat))
        return np.asarray(np.clip(out, -4, 4), dtype=np.float32)

    def levelled(self, values: FloatImage) -> FloatImage:
        """One plane (rows, cols) less its local mean."""
        centre = self.mean_of(cv2.multiply(values, self.weight))
        flat = cv2.multiply(cv2.subtract(values, self.grown(centre)), self.weight)
        return cast(FloatImage, flat)

    def gain(self, flat: FloatImage) -> FloatImage:
        """What brings a levelled plane (rows, cols) to local variance 1."""
        power = self.mean_of(cv2.multiply(flat, flat))
        # A floor: the flattest parts hold only noise, which must not be blown up.
        floor = 0.1 * float(power.mean() / max(self.share, 1e-4)) + 1e-8
        gain = np.asarray(1 / np.sqrt(power + np.float32(floor)), dtype=np.float32)
        return self.grown(gain)

    def mean_of(self, heavy: MatLike) -> FloatImage:
        """Weighted mean under the window, (rows, cols) of the reduced size."""
        part = heavy
        if self.small != self.weight.shape:
            part = cv2.resize(heavy, self.small[::-1], interpolation=cv2.INTER_AREA)
        part = cv2.GaussianBlur(part, (0, 0), self.sigma_px)
        return cast(FloatImage, cv2.divide(part, self.mass))

    def grown(self, part: FloatImage) -> FloatImage:
        """Back to the full size."""
        if self.small == self.weight.shape:
            return part
        return cast(FloatImage, cv2.resize(part, self.weight.shape[::-1]))


def inner(weight: FloatImage) -> FloatImage:
    """1 where `weight` is whole for two samples around, else 0, (rows, cols).

    Beyond its weight a normalised picture is 0: that edge is in both pictures at the
    same place and would hold the displacement where it is.
    """
    whole = (weight > 0.98).view(np.uint8)
    return cv2.erode(whole, np.ones((5, 5), np.uint8)).astype(np.float32)


def shrunk(
    channels: _AnyPlanes, weight: FloatImage, factor: int
) -> tuple[_AnyPlanes, FloatImage]:
    """Planes (rows, cols) averaged over factor x factor blocks by weight (rows, cols)."""
    if factor == 1:
        return channels, weight
    rows, cols = (max(1, s // factor) for s in weight.shape)
    crop = (slice(0, rows * factor), slice(0, cols * factor))
    part = weight[crop]
    small = cv2.resize(part, (cols, rows), interpolation=cv2.INTER_AREA)
    mass = np.maximum(small, 1e-4)
    planes = tuple(
        cv2.divide(
            cv2.resize(
                cv2.multiply(plane[crop], part),
                (cols, rows),
                interpolation=cv2.INTER_AREA,
            ),
            mass,
        )
        for plane in channels
    )
    return cast(_AnyPlanes, planes), cast(FloatImage, small)
