"""What is written is read back the same."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicatrix.casebook import (
    Casebook,
    LesionEntry,
    VisitEntry,
    read_casebook,
    write_casebook,
)
from cicatrix.casebook.writing import casebook_toml
from cicatrix.errors import OutputUnwritable


def a_case(folder, **changes):
    for name in ("a.jpg", "b é.jpg", "mask.png", "intake.toml", "plan.toml"):
        (folder / name).write_bytes(b"-")
    values = {
        "title": 'A "quoted"\\ title\n\u2028é',
        "folder": folder.resolve(),
        "intake": folder.resolve() / "intake.toml",
        "plan": folder.resolve() / "plan.toml",
        "skin_ita_deg": -12.5,
        "lesions": (
            LesionEntry(name="one", point_xy=(1.5, 2)),
            LesionEntry(name='"two"', box_xyxy=(0, 0, 3, 4)),
            LesionEntry(name="three", polygon_xy=((0, 0), (4, 0), (4, 4.25))),
            LesionEntry(name="drawn", scribble_xy=((1, 2), (9.5, 4), (7, 7))),
            LesionEntry(name="four", mask=folder.resolve() / "mask.png"),
        ),
        "visits": (
            VisitEntry(
                visited_on=date(2025, 1, 1),
                photos=(folder.resolve() / "a.jpg",),
                session=True,
                mm_per_px=1e-7,
                grey_xy=(3, 4),
                card_corners_xy=((0, 0), (1, 0), (1, 1), (0, 1)),
                flash=False,
                masks={'"two"': folder.resolve() / "mask.png"},
            ),
            VisitEntry(
                visited_on=date(2025, 2, 1),
                photos=(folder.resolve() / "b é.jpg",),
                flash=True,
            ),
        ),
    }
    return Casebook(**{**values, **changes})


def test_a_case_comes_back_as_it_was_written(tmp_path):
    case = a_case(tmp_path)

    write_casebook(case)

    assert read_casebook(tmp_path) == case
    assert not list(tmp_path.glob(".*.part"))


@given(title=st.text(min_size=1).filter(lambda text: text.strip() == text))
def test_any_title_survives(tmp_path_factory, title):
    folder = tmp_path_factory.mktemp("titles")
    case = a_case(folder, title=title)

    if any(0xD800 <= ord(c) <= 0xDFFF for c in title):
        return
    write_casebook(case)

    assert read_casebook(folder).title == title


def test_a_photo_outside_the_folder_is_the_callers_bug(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    case = replace(a_case(tmp_path), folder=inside.resolve())

    with pytest.raises(ValueError, match="subpath"):
        casebook_toml(case)


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path):
    case = a_case(tmp_path)
    moved = Casebook(
        title="x", folder=tmp_path / "gone", lesions=case.lesions[:1], visits=()
    )

    with pytest.raises(OutputUnwritable, match=r"case\.toml cannot be written"):
        write_casebook(moved)
