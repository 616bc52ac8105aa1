"""Draw docs/_static/tone-curve.svg: python docs/make_colour_figure.py.

A made-up camera bends the greys of the card; the curve found from them, with its 95 %
band, stands beside the true one.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from cicatrix.colour.calibration import fit_calibration
from cicatrix.colour.card_layout import (
    CARD_HEIGHT_MM,
    CARD_PATCHES,
    CARD_WIDTH_MM,
    grey_lab_d65,
)
from cicatrix.domain.reference import (
    ColourReference,
    PatchReading,
    PatchState,
    ReferenceKind,
)

Array = npt.NDArray[np.float64]

TARGET = Path(__file__).resolve().parent / "_static" / "tone-curve.svg"
STRENGTH, EXPOSURE_EV = 0.45, 0.3
READING_SD = 0.006
WIDTH, HEIGHT, MARGIN = 560, 400, 56


def camera(light: Array) -> Array:
    """What the file declares: exposure, S-curve on the encoded value, sRGB undone."""
    value = np.clip(light * 2.0**EXPOSURE_EV, 0, 1)
    code = np.where(
        value <= 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055
    )
    code = (1 - STRENGTH) * code + STRENGTH * code**2 * (3 - 2 * code)
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def read_card(rng: np.random.Generator) -> ColourReference:
    """The card as that camera shows it."""
    light = np.repeat([[p.reflectance] for p in CARD_PATCHES], 3, axis=1)
    read = camera(light) * np.exp(rng.normal(0, READING_SD, light.shape))
    patches = tuple(
        PatchReading(
            name=patch.name,
            centre_xy=patch.centre_mm,
            linear_rgb=(float(row[0]), float(row[1]), float(row[2])),
            linear_rgb_sd=(0.0, 0.0, 0.0),
            state=PatchState.CLIPPED if row.max() > 0.99 else PatchState.USED,
            reference_lab_d65=grey_lab_d65(patch.reflectance),
            neutral=True,
        )
        for patch, row in zip(CARD_PATCHES, read, strict=True)
    )
    return ColourReference(
        kind=ReferenceKind.CICATRIX_CARD,
        patches=patches,
        corners_xy=(
            (0.0, 0.0),
            (CARD_WIDTH_MM, 0.0),
            (CARD_WIDTH_MM, CARD_HEIGHT_MM),
            (0.0, CARD_HEIGHT_MM),
        ),
    )


def points(true: Array, ratio: Array) -> str:
    """SVG coordinates of true reflectance (log, 0.02..0.9) against a ratio 0.8..1.25."""
    x = MARGIN + (np.log(true / 0.02) / np.log(45)) * (WIDTH - 2 * MARGIN)
    y = HEIGHT / 2 - np.log(ratio) / np.log(1.25) * (HEIGHT / 2 - MARGIN)
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))


def main() -> None:
    """Fit, draw, write."""
    rng = np.random.default_rng(1)
    reference = read_card(rng)
    calibration = fit_calibration(reference)
    true = np.geomspace(0.022, 0.75, 80)
    seen = camera(np.repeat(true[:, None], 3, axis=1))
    told = calibration.apply(seen)[:, 1] / true
    drawn = calibration.sample(seen, 1000, rng)[:, :, 1] / true
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    raw = np.clip(seen[:, 1] / true, 0.8, 1.25)
    band = points(true, low) + " " + points(true[::-1], high[::-1])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12" fill="#222">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<polygon points="{band}" fill="#0072b2" fill-opacity="0.25"/>',
        _line(points(true, raw), "#d55e00", "6 4"),
        _line(points(true, told), "#0072b2", ""),
        _line(points(true, np.ones_like(true)), "#222", "2 3"),
    ]
    for ratio in (0.8, 0.9, 1.0, 1.1, 1.25):
        _, y = points(np.array([0.02]), np.array([ratio])).split(",")
        parts.append(f'<text x="{MARGIN - 8}" y="{y}" text-anchor="end">{ratio}</text>')
    for value in (0.02, 0.05, 0.1, 0.2, 0.4, 0.8):
        x, _ = points(np.array([value]), np.array([1.0])).split(",")
        parts.append(
            f'<text x="{x}" y="{HEIGHT - 30}" text-anchor="middle">{value}</text>'
        )
    used = [
        patch.reflectance
        for patch, read in zip(CARD_PATCHES, reference.patches, strict=True)
        if read.state is PatchState.USED
    ]
    for value in used:
        x, _ = points(np.array([value]), np.array([1.0])).split(",")
        parts.append(f'<path d="M{x} {HEIGHT - 52} v-8" stroke="#222"/>')
    parts += [
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle">'
        "reflectance (marks: greys of the card that are not clipped)</text>",
        f'<text x="{MARGIN}" y="24">told light over true light; dashed: the file as it '
        "declares itself</text>",
        "</svg>",
    ]
    TARGET.write_text("\n".join(parts) + "\n")


def _line(coordinates: str, colour: str, dashes: str) -> str:
    return (
        f'<polyline points="{coordinates}" fill="none" stroke="{colour}" '
        f'stroke-width="1.6" stroke-dasharray="{dashes}"/>'
    )


if __name__ == "__main__":
    main()
