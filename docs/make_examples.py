"""Make the pictures and example sessions of these pages: python docs/make_examples.py.

No photograph of a person stands in this repository; what looks like skin here is made.
A session stands between two comments that name its command; what the command prints
now replaces what stood there.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from cicatrix.domain.fade import Fade
from cicatrix.phantom import render
from cicatrix.phantom.capture import Capture, Pose
from cicatrix.phantom.scene import Scene, SceneObject
from cicatrix.report.pictures import ComparisonPictures
from cicatrix.work.comparing import compare_with_pictures
from cicatrix.work.opening import open_photo

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "docs" / "_static"
PAGES = (ROOT / "README.md", ROOT / "docs" / "tutorial" / "first-case.md")
COMMANDS = (
    "cicatrix phantom demo-case --lesion stria-alba --skin-ita -20 --visits 4 "
    "--fade 0.35 --seed 7",
    "cicatrix measure demo-case",
    "cicatrix compare demo-case/photos/2025-01-10-1.jpg "
    "demo-case/photos/2025-05-16-1.jpg --lesion 922,239 --skin-tone -20",
)
"""Run in this order in one empty folder."""

SESSION = re.compile(
    r"(?P<open><!-- session: (?P<command>[^\n]+?) -->\n)(?P<shown>.*?)"
    r"(?P<close><!-- end of session -->)",
    re.DOTALL,
)
SEED = 7
"""Below 1000: the judging seeds are never drawn to be looked at."""

TRUE_FADE = 0.35
PANEL_PX = 400
GAP_PX = 12
TITLE_PX = 30
FOOT_PX = 36
INK = (35, 38, 42)
OUTLINE_RGB = (255, 255, 255)


def comparison() -> Path:
    """Before, after and difference of one made-up scar, with what Cicatrix says of it."""
    scene = Scene(
        seed=SEED,
        skin_ita_deg=-20.0,
        lesion="red-scar",
        contrast_de00=18.0,
        objects=(SceneObject(kind="cicatrix-card", centre_mm=(0.0, 60.0)),),
    )
    first = Capture(width_px=2000, height_px=1500, px_per_mm=12.5)
    second = Capture(
        width_px=2000,
        height_px=1500,
        px_per_mm=12.5,
        exposure_ev=-0.3,
        white_balance_error=(0.05, -0.04),
    )
    before = render(scene, first, Pose(shift_mm=(0.0, -38.0)), fade=0.0, visit=0)
    after = render(
        scene,
        second,
        Pose(shift_mm=(3.0, -38.0), rotation_deg=6.0, tilt_x_deg=5.0),
        fade=TRUE_FADE,
        visit=1,
    )
    result, pictures = compare_with_pictures(
        open_photo(before.file_bytes),
        open_photo(after.file_bytes),
        lesion=np.asarray(before.truth.lesion_point_px),
    )
    if pictures is None:
        raise SystemExit(f"the example is not measurable: {result.reason}")
    sheet = _sheet(pictures, _sentence(result.fade))
    path = STATIC / "comparison.jpg"
    STATIC.mkdir(exist_ok=True)
    sheet.save(path, quality=88, optimize=True)
    return path


def _sentence(fade: Fade) -> str:
    # The font of the picture has no narrow space, which reports put before the sign.
    told, low, high, true = (
        f"{100 * share:.0f} %"
        for share in (fade.estimate, fade.low, fade.high, TRUE_FADE)
    )
    return (
        f"{fade.verdict.value.capitalize()}: {told} less contrast "
        f"(95 % interval {low} to {high}). True for this made-up scar: {true}."
    )


def _sheet(pictures: ComparisonPictures, sentence: str) -> Image.Image:
    panels = [
        ("Before", _outlined(pictures.before, pictures.lesion)),
        (
            "After, laid on the first photograph",
            _outlined(pictures.after, pictures.lesion),
        ),
        ("What changed", _coloured(pictures.difference_de00)),
    ]
    width = len(panels) * PANEL_PX + (len(panels) - 1) * GAP_PX
    sheet = Image.new("RGB", (width, TITLE_PX + PANEL_PX + FOOT_PX), "white")
    pen = ImageDraw.Draw(sheet)
    for index, (title, pixels) in enumerate(panels):
        left = index * (PANEL_PX + GAP_PX)
        sheet.paste(Image.fromarray(_square(pixels)), (left, TITLE_PX))
        pen.text((left, 5), title, fill=INK, font=ImageFont.load_default(18))
    pen.text(
        (0, TITLE_PX + PANEL_PX + 8),
        sentence,
        fill=INK,
        font=ImageFont.load_default(20),
    )
    return sheet


def _square(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    rows, cols = pixels.shape[:2]
    side = min(rows, cols)
    top, left = (rows - side) // 2, (cols - side) // 2
    part = pixels[top : top + side, left : left + side]
    how = cv2.INTER_AREA if side > PANEL_PX else cv2.INTER_CUBIC
    return np.asarray(
        cv2.resize(part, (PANEL_PX, PANEL_PX), interpolation=how), np.uint8
    )


def _outlined(
    pixels: npt.NDArray[np.uint8], lesion: npt.NDArray[np.bool_]
) -> npt.NDArray[np.uint8]:
    drawn = np.ascontiguousarray(pixels)
    contours, _ = cv2.findContours(
        lesion.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    cv2.drawContours(
        drawn,
        contours,
        -1,
        OUTLINE_RGB,
        max(1, lesion.shape[0] // PANEL_PX),
        cv2.LINE_AA,
    )
    return drawn


def _coloured(difference_de00: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """Differences from 0 (dark) upwards; grey where nothing was measured."""
    known = np.isfinite(difference_de00)
    top = max(1.0, float(np.percentile(difference_de00[known], 99.5)))
    levels = np.where(known, np.clip(difference_de00 / top, 0, 1) * 255, 0)
    painted = cv2.applyColorMap(levels.astype(np.uint8), cv2.COLORMAP_CIVIDIS)
    rgb = cv2.cvtColor(painted, cv2.COLOR_BGR2RGB)
    rgb[~known] = (225, 227, 230)
    return np.asarray(rgb, np.uint8)


def sessions() -> dict[str, str]:
    """What each command prints now."""
    program = Path(sys.executable).with_name("cicatrix")
    with tempfile.TemporaryDirectory() as folder:
        return {
            command: subprocess.run(
                [str(program), *command.split()[1:]],
                cwd=folder,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            for command in COMMANDS
        }


def with_sessions(page: str, shown: dict[str, str]) -> str:
    """The page with every session it holds brought up to date."""

    def replaced(match: re.Match[str]) -> str:
        lines = "\n".join(
            line.rstrip() for line in shown[match["command"]].strip().splitlines()
        )
        return (
            f"{match['open']}```\n$ {match['command']}\n{lines}\n```\n{match['close']}"
        )

    return SESSION.sub(replaced, page)


def main() -> int:
    """Draw, run, and write the pages."""
    print(comparison().relative_to(ROOT))
    shown = sessions()
    for path in PAGES:
        path.write_text(with_sessions(path.read_text("utf-8"), shown), "utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
