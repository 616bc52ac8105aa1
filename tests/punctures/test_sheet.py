"""The sheet tells the numbers of the field, each with its source."""

import pytest

from cicatrix.domain.sheet import Origin
from cicatrix.punctures.asking import device_asked
from cicatrix.punctures.device import Handling, Pen, Roller, Stamp
from cicatrix.punctures.duration import duration_of
from cicatrix.punctures.field import Sampling, puncture_field
from cicatrix.punctures.sheet import puncture_sheet

FEW = Sampling(patches=10, within_mm=(0.2,))


@pytest.fixture(scope="module")
def field():
    roller = device_asked("dermaroller-mf8", {})
    return puncture_field(roller, handling=Handling(passes=15), sampling=FEW)


def lines(sheet, title):
    return next(part.lines for part in sheet.sections if part.title == title)


def test_the_answer_is_the_density_the_nearness_and_the_wounded_share(field):
    answer = puncture_sheet(field).answer.text

    assert f"{field.per_cm2.mean:,.0f} punctures per cm²" in answer
    assert "within 0.2 mm" in answer
    assert "wounded" in answer


def test_facts_of_the_device_and_published_figures_stand_with_their_sources(field):
    told = lines(puncture_sheet(field), "Told by sources")

    assert {line.sources for line in told} == {
        ("schwarz-2011",),
        ("kalluri",),
        ("doddaballapur",),
    }
    assert [line.origin for line in told[:-1]] == [Origin.FACT] * (len(told) - 1)


def test_a_roller_stands_beside_the_published_density(field):
    line = lines(puncture_sheet(field), "Told by sources")[-1]

    assert line.text == "15.3 per cm² here, 16.7 published"
    assert "a turn of 11.5 cm²" in line.note


def test_another_number_of_needles_is_not_held_against_it():
    other = puncture_field(Roller(needles=540, rows=18), sampling=FEW)

    told = lines(puncture_sheet(other), "Told by sources")
    assert all(line.origin is Origin.FACT for line in told)


@pytest.mark.parametrize(
    ("name", "rate", "words"),
    [
        ("exceed", 100, "6 needles, 0 to 1.5 mm long, 100 to 150 strokes a second"),
        (
            "dermapen-11",
            90,
            "11 needles, 0.25 or more mm long, up to 90 strokes a second",
        ),
        (
            "dermaroller-mf8",
            None,
            "192 needles in 8 rows, drum of 20 mm, 20 mm wide, 1.5 mm long",
        ),
        ("pro-pen-14", 100, "14 needles"),
    ],
)
def test_what_was_told_of_a_device_is_shown(name, rate, words):
    device = device_asked(name, {"rate_hz": rate})
    told = lines(
        puncture_sheet(puncture_field(device, sampling=FEW)), "Told by sources"
    )

    assert told[0].text.startswith(words)


def test_one_pass_is_one_pass_in_one_direction():
    asked = lines(
        puncture_sheet(puncture_field(Stamp(needles=9), sampling=FEW)), "Asked"
    )

    assert any("1 pass along 0°," in line.text for line in asked)


def test_every_assumption_that_was_used_is_named(field):
    assert len(lines(puncture_sheet(field), "Assumed")) == len(field.assumed) == 3


def test_a_channel_that_was_asked_for_is_not_told_as_measured():
    asked = Sampling(patches=10, within_mm=(0.2,), channel_um=100)
    sheet = puncture_sheet(puncture_field(Stamp(needles=9), sampling=asked))

    assert "kalluri" not in sheet.cited()


def test_the_time_is_area_over_speed_and_width_times_passes():
    pen = Pen(needles=12, rate_hz=100, field_mm=4)
    field = puncture_field(pen, handling=Handling(passes=4), sampling=FEW)

    found = duration_of(field, area_cm2=150)

    assert found.seconds == pytest.approx(4 * 150 / (2 * 0.4))
    assert found.punctures == pytest.approx(12 * 100 * found.seconds)
    said = lines(puncture_sheet(field, duration=found), "Time")
    assert any("12.5 minutes" in line.text for line in said)


def test_a_stamp_is_not_timed():
    field = puncture_field(Stamp(needles=9), sampling=FEW)

    assert duration_of(field, area_cm2=10).seconds is None
