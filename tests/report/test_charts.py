"""Marks of the charts stand where the numbers are."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from cicatrix.domain.fade import Fade, Interval, Verdict
from cicatrix.domain.result import VisitResult
from cicatrix.evidence.visibility import visibility_bands
from cicatrix.report.charts import fade_curve, fade_strip


def a_visit(day, contrast, half=1.0, **more):
    interval = (
        Interval.unknown()
        if contrast is None
        else Interval(estimate=contrast, low=contrast - half, high=contrast + half)
    )
    return VisitResult(
        visited_on=day,
        photos=(),
        contrast_de00=interval,
        since_baseline=None,
        since_last=None,
        **more,
    )


JANUARY, MARCH, JULY = date(2025, 1, 1), date(2025, 3, 2), date(2025, 6, 30)


def test_time_runs_to_the_right_and_contrast_upwards():
    curve = fade_curve([a_visit(JANUARY, 16), a_visit(MARCH, 12), a_visit(JULY, 8)], ())

    first, second, last = curve.dots
    assert (second.x - first.x) / (last.x - first.x) == pytest.approx(60 / 180)
    assert (second.y - first.y) == pytest.approx(last.y - second.y)
    assert first.y < last.y
    assert first.high_y < first.y < first.low_y


def test_zero_is_the_bottom_line():
    curve = fade_curve([a_visit(JANUARY, 16), a_visit(JULY, 8)], ())

    assert curve.y_lines[0].text == "0"
    assert curve.y_lines[0].at == curve.bottom
    assert all(curve.top <= line.at <= curve.bottom for line in curve.y_lines)


def test_a_visit_that_could_not_be_measured_is_marked_and_not_joined():
    curve = fade_curve(
        [a_visit(JANUARY, 16), a_visit(MARCH, None), a_visit(JULY, 8)], ()
    )

    assert len(curve.dots) == 2
    assert curve.missing[0].text == "2 Mar 2025: not measurable"
    assert curve.path.count("L") == 1


def test_redness_opens_the_circle():
    early = a_visit(MARCH, 12, judge_from=date(2025, 3, 9))

    assert fade_curve([a_visit(JANUARY, 16), early], ()).dots[1].open


def test_one_measured_visit_is_no_curve():
    assert fade_curve([a_visit(JANUARY, 16), a_visit(MARCH, None)], ()) is None


def test_only_bands_within_the_picture_are_drawn_and_words_keep_off_the_marks():
    bands = visibility_bands()

    curve = fade_curve([a_visit(JANUARY, 16), a_visit(JULY, 9.8)], bands)

    drawn = {band.text: band for band in curve.bands}
    assert set(drawn) == {"perfect match", "slight mismatch", "obvious mismatch"}
    assert drawn["slight mismatch"].words_x < curve.left + 10
    assert drawn["obvious mismatch"].words_x > curve.right - 110


def test_words_stand_beside_a_mark_where_both_ends_are_taken():
    bands = visibility_bands()
    between = next(b for b in bands if b.name == "slight mismatch").mean_de76

    curve = fade_curve([a_visit(JANUARY, between), a_visit(JULY, between)], bands)

    start = next(b for b in curve.bands if b.text == "slight mismatch").words_x
    assert curve.dots[0].x < start
    assert start + 108 < curve.dots[1].x


def test_dates_do_not_run_into_each_other():
    days = [date(2025, 1, day) for day in range(1, 29)]

    labels = fade_curve([a_visit(day, 9) for day in days], ()).x_labels

    gaps = [b.at - a.at for a, b in pairwise(labels)]
    assert min(gaps) >= 100
    assert (labels[0].text, labels[-1].text) == ("1 Jan 2025", "28 Jan 2025")


FADE = Fade(
    estimate=0.31,
    low=0.24,
    high=0.38,
    smallest_detectable_change=0.1,
    verdict=Verdict.FADED,
)


def test_the_strip_puts_zero_zone_and_interval_on_one_axis():
    strip = fade_strip(FADE)

    per_fade = (strip.estimate - strip.zero) / 0.31
    assert strip.low == pytest.approx(strip.zero + 0.24 * per_fade)
    assert strip.high == pytest.approx(strip.zero + 0.38 * per_fade)
    assert strip.zone_low == pytest.approx(strip.zero - 0.1 * per_fade)
    assert strip.zone_high - strip.zero == pytest.approx(strip.zero - strip.zone_low)
    assert all(24 <= tick.at <= 456 for tick in strip.ticks)


@pytest.mark.parametrize("scale", [1e-4, 1.0, 50.0])
def test_the_strip_has_few_ticks_whatever_the_range(scale):
    fade = replace(
        FADE,
        estimate=-0.3 * scale,
        low=-0.5 * scale,
        high=-0.1 * scale,
        smallest_detectable_change=0.2 * scale,
    )

    assert 3 <= len(fade_strip(fade).ticks) <= 8


def test_what_is_not_measurable_has_no_strip():
    assert fade_strip(Fade.not_measurable()) is None
