"""Real photographs: seven with a card, many without."""

import csv
from pathlib import Path

import numpy as np
import pytest

from cicatrix.colour.calibration import fit_calibration
from cicatrix.colour.find_reference import find_reference
from cicatrix.domain.reference import PatchState, ReferenceKind
from cicatrix.photo.reading import read_photo


def hand_set(folder: Path, name: str):
    with (folder / "patch_centres.csv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["file"] == name]
    return np.array([(float(r["x_px"]), float(r["y_px"])) for r in rows])


@pytest.mark.parametrize(
    ("name", "most_de00"),
    [
        ("classic.png", 4.5),
        ("nano.jpeg", 4.0),
        ("source1_img.png", 3.0),
        ("target_img.png", 3.0),
    ],
)
def test_a_whole_card_is_found_right_way_round_and_calibrates(
    shared_data, name, most_de00
):
    folder = shared_data / "colour-cards"

    found = find_reference(read_photo(folder / name))

    centres = np.array([p.centre_xy for p in found.patches])
    pitch = np.linalg.norm(centres[1] - centres[0])
    away = np.linalg.norm(centres - hand_set(folder, name), axis=1)
    assert found.kind is ReferenceKind.COLORCHECKER
    assert away.max() < 0.25 * pitch
    assert fit_calibration(found).held_out_de00 < most_de00


def test_the_half_covered_card_is_used_in_part(shared_data):
    found = find_reference(
        read_photo(shared_data / "colour-cards" / "partial_card_rgb.png")
    )

    covered = {p.name for p in found.patches if p.state is PatchState.COVERED}
    assert {"white", "neutral 8", "blue", "green", "orange", "purplish blue"} <= covered
    assert {"neutral 5", "black", "yellow", "magenta"}.isdisjoint(covered)
    assert any("covered" in note for note in found.notes)
    assert any("left out" in note for note in fit_calibration(found).notes)


def test_glare_and_clipping_are_said(shared_data):
    found = find_reference(
        read_photo(shared_data / "colour-cards" / "seedhead-rgb.jpg")
    )

    clipped = {p.name for p in found.patches if p.state is PatchState.CLIPPED}
    assert "white" in clipped
    assert 3 <= len(clipped) <= 4
    assert any("Veiling glare" in note for note in found.notes)


def test_no_card_is_seen_in_photographs_of_wounds(shared_data):
    files = sorted((shared_data / "wound-series" / "images").glob("*.png"))
    if not files:
        pytest.skip("the folder wound-series/images holds no photographs")

    for path in files:
        assert find_reference(read_photo(path)) is None, path.name
