"""A casebook is measured visit by visit, and one bad photograph does not end it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from cicatrix.alignment.value import Alignment
from cicatrix.casebook.masks import mask_png
from cicatrix.casebook.value import Casebook, LesionEntry, VisitEntry
from cicatrix.casebook.writing import write_casebook
from cicatrix.errors import (
    AlignmentRefused,
    CasebookInvalid,
    LesionNotFound,
    PhotoUnreadable,
)
from cicatrix.outline.value import Scribble
from cicatrix.work import chaining, comparing, measuring
from cicatrix.work.measuring import measure, measure_with_pictures

DAYS = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 2, 5)]


@pytest.fixture
def case(tmp_path, png, mask):
    """Writes a case whose visits hold the named photographs; `sessions` by number."""

    def made(*visits, sessions=()):
        for seed, name in enumerate(name for names in visits for name in names):
            (tmp_path / f"{name}.png").write_bytes(png(seed=seed))
        (tmp_path / "mask.png").write_bytes(mask_png(mask))
        return Casebook(
            title="Case",
            folder=tmp_path,
            lesions=(LesionEntry(name="chin", mask=tmp_path / "mask.png"),),
            visits=tuple(
                VisitEntry(
                    visited_on=day,
                    photos=tuple(tmp_path / f"{name}.png" for name in names),
                    session=index in sessions,
                )
                for index, (day, names) in enumerate(zip(DAYS, visits, strict=False))
            ),
        )

    return made


@pytest.fixture
def knows(monkeypatch):
    """Sets which photographs are recognised in which: {(baseline, follow-up), …}."""

    def known(*pairs):
        def align(baseline, followup, lesion):
            names = (baseline.name[0], followup.name[0])
            if names not in pairs:
                raise AlignmentRefused(f"{names[0]}.png is not seen in {names[1]}.png.")
            return Alignment(error_px=1.0)

        monkeypatch.setattr(comparing, "align", align)
        monkeypatch.setattr(chaining, "align", align)

    return known


def visits_of(result):
    return result.lesions[0].visits


def test_every_visit_has_its_contrast_and_its_change(case, knows):
    knows(("a", "b"), ("a", "c"))
    heard = []

    result, pictures = measure_with_pictures(
        case(["a"], ["b"], ["c"]), progress=lambda share, what: heard.append(share)
    )

    assert [v.visited_on for v in visits_of(result)] == DAYS
    assert all(v.contrast_de00.is_known for v in visits_of(result)[:1])
    assert visits_of(result)[0].since_baseline is None
    assert visits_of(result)[2].since_last.baseline.name == "b.png"
    assert set(pictures) == {("chin", 0), ("chin", 1), ("chin", 2)}
    assert heard == sorted(heard)
    assert heard[-1] == 1
    assert dict(result.versions)["cicatrix"]


def test_the_tone_of_the_skin_reaches_every_comparison_of_a_case(case, knows):
    knows(("a", "b"), ("a", "c"), ("b", "c"))
    plain = case(["a"], ["b"], ["c"])

    unsaid, said = measure(plain), measure(replace(plain, skin_ita_deg=-45.0))

    assert "skin_ita_deg" not in dict(unsaid.parameters)
    assert dict(said.parameters)["skin_ita_deg"] == "-45"
    for without, told in zip(visits_of(unsaid), visits_of(said), strict=True):
        assert told.contrast_de00.estimate != without.contrast_de00.estimate
    last = visits_of(said)[2]
    for told in (last.since_baseline, last.since_last):
        assert not any("skin_tone" in note for note in told.notes)


def test_what_a_visit_says_of_its_flash_reaches_its_photographs(case, knows):
    knows(("a", "b"))
    plain = case(["a"], ["b"])
    lit = replace(plain, visits=(plain.visits[0], replace(plain.visits[1], flash=True)))

    told = visits_of(measure(lit))[1].since_baseline

    assert told.baseline.capture.flash_fired is None
    assert told.followup.capture.flash_fired is True
    assert any("a.png does not say whether a flash" in note for note in told.notes)


def test_a_folder_is_as_good_as_a_casebook(case, knows):
    knows(("a", "b"))
    casebook = case(["a"], ["b"])
    write_casebook(casebook)

    assert visits_of(measure(casebook.folder)) == visits_of(measure(casebook))
    assert measure(str(casebook.folder)).title == "Case"


def test_a_photograph_that_is_not_recognised_goes_through_another(case, knows):
    knows(("a", "b"), ("b", "c"))

    result = measure(case(["a"], ["b"], ["c"]))

    last = visits_of(result)[2]
    assert last.since_baseline.alignment.error_px == pytest.approx(2**0.5)
    assert last.notes == (
        "c.png was laid on a.png through b.png, as the two share too little to be laid "
        "directly.",
    )


def test_photographs_of_one_visit_are_steps_for_each_other(case, knows):
    knows(("a", "d"), ("d", "c"), ("c", "b"))

    result = measure(case(["a"], ["b", "c", "d"]))

    assert [photo.name for photo in visits_of(result)[1].photos] == [
        "b.png",
        "c.png",
        "d.png",
    ]


def test_one_bad_visit_does_not_end_the_series(case, knows):
    knows(("a", "c"))

    result = measure(case(["a"], ["b"], ["c"]))

    _, bad, good = visits_of(result)
    assert bad.since_baseline.reason == "a.png is not seen in b.png."
    assert not bad.contrast_de00.is_known
    assert bad.photos == ()
    assert good.since_last.baseline.name == "a.png"


def test_one_bad_shot_of_a_visit_is_noted_and_the_others_used(case, knows):
    knows(("a", "c"))

    result = measure(case(["a"], ["b", "c"]))

    second = visits_of(result)[1]
    assert [photo.name for photo in second.photos] == ["c.png"]
    assert second.notes == ("a.png is not seen in b.png.",)


def test_a_session_shortly_before_a_visit_makes_the_judgement_wait(case, knows):
    knows(("a", "b"), ("a", "c"))

    result = measure(case(["a"], ["b"], ["c"], sessions=(1,)))

    assert [v.judge_from for v in visits_of(result)] == [None, None, date(2025, 2, 8)]
    assert "2025-02-01" in result.notes[0]


def test_a_lesion_that_is_not_found_says_so_at_every_visit(case, knows):
    knows(("a", "b"))
    casebook = case(["a"], ["b"])
    lost = Casebook(
        title="Case",
        folder=casebook.folder,
        lesions=(LesionEntry(name="chin", point_xy=(900.0, 10.0)),),
        visits=casebook.visits,
    )

    result = measure(lost)

    assert all("outside" in v.since_baseline.reason for v in visits_of(result))


def test_one_visit_is_no_change(case):
    with pytest.raises(CasebookInvalid, match="1 visit; a change needs two"):
        measure(case(["a"]))


def test_a_mask_of_another_size_is_refused(case):
    casebook = case(["a"], ["b"])
    wide = np.zeros((150, 201), bool)
    wide[50:90, 50:90] = True
    (casebook.folder / "mask.png").write_bytes(mask_png(wide))

    with pytest.raises(CasebookInvalid, match="201 × 150 pixels"):
        measure(casebook)


def test_a_file_that_is_no_photograph_ends_it(case, knows):
    knows(("a", "b"))
    casebook = case(["a"], ["b"])
    (casebook.folder / "b.png").write_text("hello")

    with pytest.raises(PhotoUnreadable, match=r"b\.png"):
        measure(casebook)


def test_a_stroke_of_the_case_file_reaches_the_outline_as_a_stroke(
    case, knows, monkeypatch
):
    knows(("a", "b"))
    asked = []

    def find(photo, lesion):
        asked.append(lesion)
        raise LesionNotFound("Nothing there.")

    monkeypatch.setattr(measuring, "find_outline", find)
    drawn = LesionEntry(name="chin", scribble_xy=((1, 2), (30, 4)))

    measure(replace(case(["a"], ["b"]), lesions=(drawn,)))

    assert isinstance(asked[0], Scribble)
    assert asked[0].points_xy.tolist() == [[1, 2], [30, 4]]
