"""What comparing two visits promises, on flat made-up skin."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from cicatrix.change.around import log_of
from cicatrix.change.furrows import furrow_step_ln
from cicatrix.change.reading import read_together
from cicatrix.change.sources import NOISE_SHARE, Regions, gradient_source
from cicatrix.change.view import SkinView
from cicatrix.change.visits import Known, calibrated_lights, compare_visits
from cicatrix.colour.calibration import fit_calibration
from cicatrix.domain.fade import Verdict
from cicatrix.domain.reference import (
    ColourReference,
    PatchReading,
    PatchState,
    ReferenceKind,
)
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab

SIDE = 160
Y, X = np.mgrid[0:SIDE, 0:SIDE]
DISTANCE = np.hypot(X - 80, Y - 80)
REGIONS = Regions(
    core=DISTANCE < 24,
    ring=(DISTANCE > 34) & (DISTANCE < 66),
    cores=(DISTANCE < 22, DISTANCE < 26),
    rings=(
        (DISTANCE > 34) & (DISTANCE < 50),
        (DISTANCE > 50) & (DISTANCE < 66),
    ),
    sectors=tuple(
        (DISTANCE > 34) & (DISTANCE < 66) & part
        for part in (X < 80, X >= 80, Y < 80, Y >= 80)
    ),
)
SKIN = np.array([0.42, 0.25, 0.18])
STEP = np.array([-0.1, -0.45, -0.4])


def view(left=1.0, *, gain=1.0, seed=0, camera="A", offset=0.0, noise=0.01):
    """Skin with a round scar of which `left` remains, mottled alike in every view."""
    pattern = cv2.GaussianBlur(
        np.random.default_rng(7).standard_normal((SIDE, SIDE)), (0, 0), 3
    )
    logs = np.log(SKIN) + 0.05 * (pattern / pattern.std())[..., None]
    logs[DISTANCE < 28] += left * STEP
    light = np.exp(logs) * gain + offset
    light += np.random.default_rng([seed, 1]).normal(0, noise, light.shape) * light
    light = light.astype(np.float32)
    return SkinView(
        light=light,
        surroundings=light,
        healthy=DISTANCE > 34,
        calibration=None,
        alignment_sd_samples=0.3,
        camera=camera,
        flash=False,
    )


def compared(before, after):
    return compare_visits(before, after, REGIONS, leftover_blur_samples=0.3)


@pytest.mark.parametrize("fade", [0.0, 0.3, 0.7])
def test_the_fade_of_the_scar_is_found_under_another_exposure(fade):
    told = compared([view()], [view(1 - fade, gain=0.8, seed=1)]).reading.fade

    skin, whole, left = linear_srgb_to_lab(
        SKIN * np.exp(np.outer([0, 1, 1 - fade], STEP))
    )
    expected = 1 - float(ciede2000(left, skin) / ciede2000(whole, skin))
    assert told.estimate == pytest.approx(expected, abs=0.035)
    assert told.low <= expected <= told.high


def test_the_same_view_twice_fades_by_exactly_nothing():
    told = compared([view()], [view()]).reading.fade

    assert told.estimate == 0
    assert told.verdict is Verdict.NO_DETECTABLE_CHANGE


def test_swapping_the_visits_flips_the_log_ratio():
    ahead = compared([view()], [view(0.6, seed=1)]).reading.fade.estimate
    back = compared([view(0.6, seed=1)], [view()]).reading.fade.estimate

    assert np.log(1 - ahead) == pytest.approx(-np.log(1 - back), abs=0.02)


def test_another_camera_and_another_hue_widen_the_interval():
    def width(after):
        fade = compared([view()], [after]).reading.fade
        return fade.high - fade.low

    tinted = np.array([1.2, 1.0, 0.85])
    assert width(view(seed=1, camera="B")) > width(view(seed=1))
    assert width(view(seed=1, gain=tinted)) > 1.5 * width(view(seed=1))


def test_repeated_shots_that_agree_narrow_the_noise():
    one = compared([view(noise=0.3)], [view(seed=1, noise=0.3)])
    three = compared(
        [view(seed=s, noise=0.3) for s in (0, 2, 3)],
        [view(seed=s, noise=0.3) for s in (1, 4, 5)],
    )

    def noise(told):
        return next(
            line.fade_sd_fraction
            for line in told.reading.fade.budget
            if line.source.startswith("pixel noise")
        )

    assert noise(three) < noise(one)


def test_shots_of_one_visit_that_disagree_are_charged_for_it():
    alike = compared([view()], [view(seed=1), view(seed=2)])
    apart = compared([view()], [view(0.8, seed=1), view(1.2, seed=2)])

    def repeats(told):
        return next(
            line.fade_sd_fraction
            for line in told.reading.fade.budget
            if line.source == "repeated shots"
        )

    assert repeats(apart) > 10 * max(repeats(alike), 1e-4)


@pytest.mark.parametrize("gamma", [0.85, 1.15])
def test_a_tone_curve_that_draws_skin_and_scar_alike_is_told_from_a_fade(gamma):
    steeper = view(seed=1, camera="B", gain=np.array([1.15, 1.0, 0.9]))
    steeper = replace(
        steeper,
        light=steeper.light**gamma,
        surroundings=steeper.surroundings**gamma,
    )

    told = compared([view()], [steeper])

    assert told.strength.log_ratio == pytest.approx(np.log(gamma), abs=0.05)
    # Untold, the contrast would have changed by as much again as this: a tint as strong
    # as this one may be another lamp, and not all is laid on the tone curve.
    assert abs(told.reading.fade.estimate) < 0.75 * abs(1 - gamma)
    assert told.reading.fade.low < 0 < told.reading.fade.high


@pytest.mark.parametrize("left", [0.4, 0.8, 1.3])
def test_swapping_the_visits_flips_the_sign_of_the_log_ratio(left):
    pair = [view()], [view(left, gain=0.8, seed=1, camera="B")]

    there = compared(*pair).reading.fade.estimate
    back = compared(*reversed(pair)).reading.fade.estimate

    # A whole percent is what is printed.
    assert np.log(1 - there) == pytest.approx(-np.log(1 - back), abs=0.005)
    assert abs(np.log(1 - there)) > 0.1


def test_the_same_seed_gives_the_same_digits():
    pair = [view()], [view(0.7, seed=1)]

    assert compared(*pair).reading.fade == compared(*pair).reading.fade


def line(told, source):
    """One standard deviation of the fade from one source."""
    return next(
        one.fade_sd_fraction for one in told.reading.fade.budget if one.source == source
    )


def test_the_light_of_lost_furrows_is_taken_off_both_contrasts():
    one = view()

    told = compared([one], [one])

    raw = read_together([log_of(one.light)] * 2, core=REGIONS.core, ring=REGIONS.ring)
    lost = furrow_step_ln(raw.lifted, REGIONS.ring)
    assert lost > 0.005
    np.testing.assert_allclose(told.differences, raw.difference - lost, atol=1e-6)


def test_gloss_that_paler_skin_tells_is_taken_off_where_a_flash_fired():
    balanced = fit_calibration(
        ColourReference(kind=ReferenceKind.NONE, corners_xy=(), patches=(), notes=())
    )
    # No pattern in common, so that the skin's colour alone can tell.
    bare = np.zeros((SIDE, SIDE), dtype=bool)
    plain = replace(view(), healthy=bare)
    glossy = replace(view(seed=1, offset=0.06), healthy=bare, flash=True)

    unlit = compared([plain], [replace(glossy, flash=False)])
    unknown = compared([plain], [glossy])
    known = compared(
        [replace(plain, calibration=balanced)], [replace(glossy, calibration=balanced)]
    )

    assert unknown.strength is None
    assert unlit.reading.fade.estimate > 0.15
    # Some of it is expected of a flash before anything is looked at.
    assert 0.04 < unknown.reading.fade.estimate < unlit.reading.fade.estimate - 0.04
    assert abs(known.reading.fade.estimate) < 0.5 * unlit.reading.fade.estimate
    assert line(known, "gloss") < 0.8 * line(unknown, "gloss")


def test_more_gloss_is_taken_off_skin_that_was_told_to_be_dark():
    lit, plain = replace(view(), flash=True), view(0.7, seed=1)

    def contrast(ita):
        known = Known(calibrated=calibrated_lights([lit, plain]), skin_ita_deg=ita)
        told = compare_visits(
            [lit], [plain], REGIONS, leftover_blur_samples=0.3, known=known
        )
        return float(np.linalg.norm(told.differences[0]))

    assert contrast(48.0) < contrast(None) < contrast(-45.0)


def test_a_flash_at_one_visit_leaves_the_pattern_less_to_say():
    same, flashed = (
        compared([view()], [replace(view(seed=1), flash=fired)])
        for fired in (False, True)
    )

    assert line(flashed, "shared skin") > 5 * line(same, "shared skin")
    # The doubt of response alone: half of it goes through, with the gloss assumed here.
    assert line(flashed, "shared skin") > 0.05


def test_all_of_the_noise_counts_where_an_outline_follows_it(monkeypatch):
    pair = [view(noise=0.2)], [view(seed=1, noise=0.2)]

    def noise(faint):
        monkeypatch.setattr("cicatrix.change.visits.faintness", lambda *_, **__: faint)
        return line(compared(*pair), "pixel noise and skin texture")

    assert noise(1.0) == pytest.approx(noise(0.0) / NOISE_SHARE, rel=0.05)


def test_a_scar_of_another_colour_than_before_is_doubted_under_a_flash():
    redder = np.exp(np.array([0.06, 0.0, -0.06]))
    after = view(seed=1)
    light = after.light.copy()
    light[DISTANCE < 28] *= redder.astype(np.float32)
    turned = replace(after, light=light, flash=True)

    lit = replace(view(), flash=True)

    assert line(compared([lit], [turned]), "turned colour") > 0.03
    assert line(compared([lit], [replace(after, flash=True)]), "turned colour") < 0.01


def test_a_faint_outline_that_a_person_drew_is_led_less():
    pair = [view(0.2)], [view(0.2, seed=1)]
    found, drawn = (
        compare_visits(
            *pair, replace(REGIONS, drawn=by_hand), leftover_blur_samples=0.3
        )
        for by_hand in (False, True)
    )

    assert line(drawn, "selection") < 0.5 * line(found, "selection")


def test_pits_of_a_contrast_at_which_a_wide_scar_is_clear_count_as_faint():
    pair = [view(0.9)], [view(0.45, seed=1)]
    walls = (DISTANCE < 24) & (np.hypot(Y % 12 - 6, X % 12 - 6) < 4)
    wide, narrow = (
        compare_visits(*pair, replace(REGIONS, core=core), leftover_blur_samples=0.3)
        for core in (REGIONS.core, walls)
    )

    assert 9 < wide.reading.contrast_before_de00.estimate < 12
    assert line(narrow, "selection") > 2 * line(wide, "selection")


def test_light_that_bends_over_the_scar_is_doubted():
    bend = np.exp(-0.4 * ((X - 80) / 80.0) ** 2)[..., None].astype(np.float32)
    bent = replace(view(seed=1), light=view(seed=1).light * bend)

    even, uneven = compared([view()], [view(seed=1)]), compared([view()], [bent])

    assert line(uneven, "light gradient") > 3 * line(even, "light gradient") > 0


def test_light_of_another_hue_may_bend_otherwise(monkeypatch):
    told = []

    def seen(*args, unlike):
        told.append(unlike)
        return gradient_source(*args, unlike=unlike)

    monkeypatch.setattr("cicatrix.change.visits.gradient_source", seen)
    other = replace(view(), light=view().light * np.float32([1.4, 1.0, 0.7]))

    compared([view()], [view()])
    compared([view()], [other])

    alike, unlike = told
    assert alike < 0.01
    assert unlike > 0.5


def test_gloss_is_white_whatever_the_lamp():
    lamp = np.array([1.5, 1.0, 0.55])
    bare = np.zeros((SIDE, SIDE), dtype=bool)

    def fade(tint):
        patch = PatchReading(
            name="grey",
            centre_xy=(0.0, 0.0),
            linear_rgb=(0.4 * tint[0], 0.4 * tint[1], 0.4 * tint[2]),
            linear_rgb_sd=(0.0, 0.0, 0.0),
            state=PatchState.USED,
            reference_lab_d65=None,
            neutral=True,
        )
        calibration = fit_calibration(
            ColourReference(
                kind=ReferenceKind.GREY_PATCH, corners_xy=(), patches=(patch,), notes=()
            )
        )
        before, after = (
            replace(
                one,
                light=(one.light * tint).astype(np.float32),
                healthy=bare,
                calibration=calibration,
            )
            for one in (view(), replace(view(seed=1, offset=0.06), flash=True))
        )
        return compared([before], [after]).reading.fade.estimate

    assert fade(lamp) == pytest.approx(fade(np.ones(3)), abs=0.01)
