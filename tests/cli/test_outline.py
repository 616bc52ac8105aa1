"""`cicatrix outline` writes the outline of what was pointed to, in any way."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from cicatrix.evidence.measuring import measuring_limits

TRUTH = np.zeros((300, 400), np.uint8)
cv2.line(TRUTH, (110, 170), (290, 130), 1, thickness=16)
TRUTH = TRUTH.astype(bool)


@pytest.fixture
def scar(tmp_path):
    """skin.png: a dark oblong scar, `TRUTH`, on mottled skin."""
    rng = np.random.default_rng(3)
    mottle = cv2.GaussianBlur(rng.normal(0, 12, TRUTH.shape), (0, 0), 4)
    soft = cv2.GaussianBlur(TRUTH.astype(float), (0, 0), 1.5)
    rgb = np.array([205.0, 155.0, 130.0]) + mottle[..., None]
    rgb -= soft[..., None] * np.array([25.0, 45.0, 35.0])
    cv2.imwrite(str(tmp_path / "skin.png"), np.round(rgb[..., ::-1]).astype(np.uint8))


@pytest.mark.parametrize(
    "place",
    [
        ("--lesion", "200,150"),
        ("--box", "90,110,310,190"),
        ("--scribble", "120,168,200,150,280,132"),
    ],
)
def test_click_box_and_scribble_find_the_same_scar(run, scar, tmp_path, place):
    told = run("outline", "skin.png", *place, "-o", "scar.png")

    assert told.exit_code == 0, told.output
    assert "darker" in told.stdout
    found = cv2.imread(str(tmp_path / "scar.png"), cv2.IMREAD_GRAYSCALE) > 0
    assert 2 * (found & TRUTH).sum() / (found.sum() + TRUTH.sum()) > 0.9


def test_a_scribble_beside_the_photograph_is_told(run, scar, tmp_path):
    told = run("outline", "skin.png", "--scribble", "900,9,950,20", "-o", "scar.png")

    assert told.exit_code == 1
    assert "outside the photograph of 400 x 300 px" in told.stderr
    assert not (tmp_path / "scar.png").exists()


@pytest.mark.parametrize(
    ("output", "overlay"),
    [("scar.jpg", "look.jpg"), ("scar", "look.jpg"), ("scar.png", "look.png")],
)
def test_a_name_that_tells_of_another_format_is_refused(
    run, scar, tmp_path, output, overlay
):
    told = run(
        *("outline", "skin.png", "--lesion", "200,150"),
        *("-o", output, "--overlay", overlay),
    )

    assert told.exit_code == 1
    assert "[output-unwritable]" in told.stderr
    assert "does not end in" in told.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["skin.png"]


def test_the_overlay_shows_the_photograph_with_the_border(run, scar, tmp_path):
    run(*("outline", "skin.png", "--lesion", "200,150"), *("-o", "s.png"))
    run(
        *("outline", "skin.png", "--mask", "s.png", "-o", "again.png"),
        *("--overlay", "look.jpg"),
    )

    first, again = (
        cv2.imread(str(tmp_path / name), cv2.IMREAD_GRAYSCALE) > 0
        for name in ("s.png", "again.png")
    )
    assert (first & again).sum() > 0.98 * first.sum()
    look = cv2.imread(str(tmp_path / "look.jpg"))
    drawn = (look.min(axis=2) > 225).sum()
    assert look.shape[:2] == TRUTH.shape
    assert 200 < drawn < 2000


def test_a_border_found_where_little_stands_out_tells_no_area_on_the_skin(
    run, tmp_path
):
    rng = np.random.default_rng(3)
    rgb = np.array([205.0, 155.0, 130.0]) + rng.normal(0, 12, (*TRUTH.shape, 3))
    rgb -= TRUTH[..., None] * np.array([2.4, 4.4, 3.6])
    cv2.imwrite(str(tmp_path / "skin.png"), np.round(rgb[..., ::-1]).astype(np.uint8))
    cv2.imwrite(str(tmp_path / "true.png"), 255 * TRUTH.astype(np.uint8))

    def told(*where):
        return run(
            "outline", "skin.png", *where, *("-o", "s.png", "--mm-per-px", "0.1")
        )

    found = told("--lesion", "200,150")
    drawn = told("--mask", "true.png")

    assert "mm²" not in found.stdout
    assert "give it with --mask" in " ".join(found.stdout.split())
    assert f"{TRUTH.sum() / 100:.3g} mm²" in drawn.stdout
    assert "stands out" not in drawn.stdout


def test_a_border_that_ran_out_is_said_and_its_area_on_the_skin_is_not(
    run, scar, monkeypatch
):
    place = ("outline", "skin.png", "--lesion", "200,150", "--mm-per-px", "0.1")
    held = run(*place, "-o", "held.png").stdout
    limits = replace(
        measuring_limits(), least_as_pointed_to=9.0, surely_held_separation=1e9
    )
    monkeypatch.setattr("cicatrix.work.abstaining.measuring_limits", lambda: limits)
    told = run(*place, "-o", "ran.png").stdout

    assert "mm²" in held
    assert "run out" not in held
    assert "has probably run out" in told
    assert "mm²" not in told
