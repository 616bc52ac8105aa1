"""A made-up case is a folder that can be measured."""

import json
import tomllib

import pytest

from cicatrix.errors import OutputUnwritable
from cicatrix.phantom import case_scene, write_case
from cicatrix.phantom.scene import Scene


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "case"
    scene = case_scene("dark-scar", skin_ita_deg=20, seed=8)
    steps = []
    photos = write_case(
        folder, scene, visits=2, fade=0.4, on_photo=lambda *step: steps.append(step)
    )
    return folder, photos, steps


def test_the_casebook_names_files_that_exist(written):
    folder, photos, steps = written
    book = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))

    named = [photo for visit in book["visit"] for photo in visit["photos"]]
    assert named == [photo.path for photo in photos]
    assert all((folder / name).stat().st_size > 10_000 for name in named)
    assert [visit["date"] for visit in book["visit"]] == [p.visited_on for p in photos]
    assert steps == [(1, 2), (2, 2)]
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert book["case"]["skin_tone"] == truth["skin_ita_deg"]


def test_the_lesion_point_lies_in_the_lesion(written):
    folder, photos, _ = written
    book = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    x, y = book["lesion"][0]["point_xy"]

    assert photos[0].rendering.truth.lesion_mask[round(y), round(x)]


def test_the_last_visit_has_the_fade_asked_for(written):
    folder, _, _ = written
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))

    fades = [photo["fade_fraction"] for photo in truth["photos"]]
    assert fades[0] == 0
    assert fades[-1] == pytest.approx(0.4, abs=0.005)


def test_lesion_and_card_are_whole_in_every_photograph(written):
    _, photos, _ = written
    for photo in photos:
        truth = photo.rendering.truth
        rows, cols = truth.hidden.shape
        x, y = zip(*truth.objects[0].corners_px, strict=True)
        assert min(x) > 0
        assert max(x) < cols
        assert min(y) > 0
        assert max(y) < rows
        shown = truth.lesion_mask.sum() / truth.px_per_mm**2
        assert shown == pytest.approx(truth.area_mm2, rel=0.05)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(OutputUnwritable, match="could not be written"):
        write_case(tmp_path / "file" / "case", Scene(seed=1), visits=1)


def test_a_case_without_visits_is_the_callers_bug(tmp_path):
    with pytest.raises(ValueError, match="visits"):
        write_case(tmp_path, Scene(seed=1), visits=0)
