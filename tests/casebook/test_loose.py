"""A folder of photographs and one click make a case."""

from datetime import date

import pytest

from cicatrix.casebook.loose import casebook_from_photos
from cicatrix.errors import CasebookInvalid

DAYS = {
    "b.jpg": date(2025, 1, 1),
    "a.JPG": date(2025, 1, 1),
    "0.png": date(2025, 2, 1),
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos").mkdir()
    for name in (*DAYS, "notes.txt"):
        (tmp_path / "photos" / name).write_bytes(b"-")
    return tmp_path


def test_photographs_of_one_day_make_one_visit(folder):
    case = casebook_from_photos(
        folder, point_xy=(3, 4), taken_on=lambda path: DAYS[path.name]
    )

    assert [visit.visited_on for visit in case.visits] == sorted(set(DAYS.values()))
    assert [path.name for path in case.visits[0].photos] == ["a.JPG", "b.jpg"]
    assert case.lesions[0].point_xy == (3, 4)


def test_a_photograph_without_a_day_is_named(folder):
    with pytest.raises(CasebookInvalid, match=r"“0\.png” does not say when"):
        casebook_from_photos(folder, point_xy=(3, 4), taken_on=lambda path: None)


def test_one_day_is_not_a_change(folder):
    with pytest.raises(CasebookInvalid, match="on one day; a change needs two"):
        casebook_from_photos(
            folder, point_xy=(3, 4), taken_on=lambda path: date(2025, 1, 1)
        )


def test_a_folder_without_photographs_says_where_they_belong(tmp_path):
    (tmp_path / "notes.txt").write_text("-")

    with pytest.raises(CasebookInvalid, match="holds no photographs"):
        casebook_from_photos(tmp_path, point_xy=(3, 4), taken_on=lambda path: None)
