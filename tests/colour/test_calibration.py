"""What a card promises: true tone slopes and colours, and honest doubt about them."""

import numpy as np
import pytest

from cicatrix.colour.calibration import fit_calibration
from cicatrix.domain.reference import ColourReference, ReferenceKind
from cicatrix.optics.cielab import ciede2000, linear_srgb_to_lab

SKIN = np.array([(0.55, 0.36, 0.27), (0.33, 0.19, 0.13), (0.12, 0.065, 0.045)])
LESION = SKIN * np.array([(0.82, 0.70, 0.72), (0.85, 0.7, 0.75), (0.8, 0.72, 0.72)])

CAPTURES = [
    {},
    {"strength": 0.5},
    {"ev": -1.0, "strength": 0.5},
    {"ev": 0.4, "strength": 0.35},
    {"gains": (1.35, 1.0, 0.6), "strength": 0.3},
    {"gains": (0.75, 1.0, 1.3), "ev": -0.5},
]


def log_contrast(light):
    skin, lesion = light[:3], light[3:]
    return np.log(lesion / skin)


@pytest.mark.parametrize("capture", CAPTURES, ids=str)
@pytest.mark.parametrize("kind", ["card", "checker"])
def test_log_contrast_of_skin_survives_exposure_cast_and_tone(made, kind, capture):
    true = made.card_light() if kind == "card" else made.CHECKER_LIGHT
    read = made.camera(true, **capture)
    clipped = np.flatnonzero((read > 0.99).any(axis=1))
    reference = (made.card_reference if kind == "card" else made.checker_reference)(
        read, clipped=clipped
    )
    colours = np.concatenate([SKIN, LESION])

    told = fit_calibration(reference).apply(made.camera(colours, **capture))

    # Light, medium and dark skin; relative to contrasts of 0.16 to 0.36.
    assert np.abs(log_contrast(told) - log_contrast(colours)).max() < 0.02
    assert told == pytest.approx(colours, rel=0.06)


def test_nothing_to_mend_changes_nothing(made):
    calibration = fit_calibration(made.checker_reference(made.CHECKER_LIGHT))

    assert calibration.apply(SKIN) == pytest.approx(SKIN, rel=0.01)
    assert calibration.held_out_de00 < 0.3
    assert calibration.model == "tone curve"


def test_crosstalk_of_a_camera_calls_for_a_matrix(made):
    matrix = np.array([(0.7, 0.25, 0.05), (0.15, 0.75, 0.1), (0.05, 0.3, 0.65)])
    read = made.camera(made.CHECKER_LIGHT @ matrix.T, strength=0.2)

    calibration = fit_calibration(made.checker_reference(read))

    models = dict(calibration.candidates)
    assert calibration.matrix is not None
    assert calibration.held_out_de00 < 2
    assert models["tone curve"] > 2 * calibration.held_out_de00
    seen = made.camera(SKIN @ matrix.T, strength=0.2)
    error = ciede2000(
        linear_srgb_to_lab(calibration.apply(seen)), linear_srgb_to_lab(SKIN)
    )
    assert error.max() < 2


@pytest.mark.parametrize("mixed", [0.0, 0.3])
def test_one_channel_alone_is_what_all_of_them_make_of_it(made, mixed):
    matrix = (1 - mixed) * np.eye(3) + mixed / 3
    calibration = fit_calibration(made.checker_reference(made.CHECKER_LIGHT @ matrix.T))
    light = np.float32(np.stack([SKIN, LESION, [(-0.1, 0.0, 1.2)] * 3]))

    alone = [calibration.apply_to(channel, light) for channel in range(3)]

    assert (calibration.matrix is not None) == (mixed > 0)
    assert np.array_equal(np.stack(alone, axis=-1), calibration.apply(light))


def test_the_matrix_does_not_depend_on_exposure(made):
    matrix = np.array([(0.7, 0.25, 0.05), (0.15, 0.75, 0.1), (0.05, 0.3, 0.65)])
    calibration = fit_calibration(made.checker_reference(made.CHECKER_LIGHT @ matrix.T))

    whole = calibration.matrix.apply(SKIN)

    assert calibration.matrix.apply(SKIN / 4) == pytest.approx(whole / 4)


def test_neutrals_stay_neutral_under_the_matrix(made):
    matrix = np.array([(0.7, 0.25, 0.05), (0.15, 0.75, 0.1), (0.05, 0.3, 0.65)])
    calibration = fit_calibration(made.checker_reference(made.CHECKER_LIGHT @ matrix.T))
    grey = np.full((1, 3), 0.31)

    assert calibration.matrix.apply(grey) == pytest.approx(grey)


def test_a_light_gradient_over_the_card_is_told_from_the_tone_curve(made):
    place = np.array(
        [
            (p.centre_xy[0] / 50 - 1, p.centre_xy[1] / 35 - 1)
            for p in made.card_reference(made.card_light()).patches
        ]
    )
    light = made.card_light() * np.exp(place @ (0.15, -0.1))[:, None]

    calibration = fit_calibration(made.card_reference(made.camera(light, strength=0.3)))

    assert calibration.light_gradient == pytest.approx((0.15, -0.1), abs=0.01)
    colours = np.concatenate([SKIN, LESION])
    told = calibration.apply(made.camera(colours, strength=0.3))
    assert np.abs(log_contrast(told) - log_contrast(colours)).max() < 0.02


def test_the_tone_curve_never_falls(made):
    rng = np.random.default_rng(4)
    noisy = made.card_light() * np.exp(rng.normal(0, 0.15, (16, 3)))

    ramp = np.repeat(np.linspace(0, 1, 500)[:, None], 3, axis=1)
    told = fit_calibration(made.card_reference(noisy)).apply(ramp)

    assert (np.diff(told, axis=0) >= 0).all()


def test_draws_cover_what_is_not_known_of_the_contrast(made):
    rng = np.random.default_rng(11)
    colours = np.concatenate([SKIN, LESION])
    inside = []
    for trial in range(40):
        capture = {"strength": rng.uniform(0, 0.5), "ev": rng.uniform(-1, 0.3)}
        # Reading and reference errors of the size that the model assumes.
        read = made.camera(made.card_light(), **capture)
        read *= np.exp(rng.normal(0, 0.015, (16, 1)) + rng.normal(0, 0.006, (16, 3)))
        calibration = fit_calibration(made.card_reference(read))
        seen = made.camera(colours, **capture)
        drawn = calibration.sample(seen, 300, np.random.default_rng(trial))
        low, high = np.percentile(
            np.log(drawn[:, 3:] / drawn[:, :3]), [2.5, 97.5], axis=0
        )
        truth = log_contrast(colours)
        inside.append((low <= truth) & (truth <= high))

    assert 0.9 <= np.mean(inside) <= 1
    assert (high - low).mean() < 0.05


def test_draws_centre_on_what_is_told(made):
    calibration = fit_calibration(made.card_reference(made.camera(made.card_light())))

    drawn = calibration.sample(SKIN, 2000, np.random.default_rng(0))

    assert drawn.shape == (2000, 3, 3)
    assert np.median(drawn, axis=0) == pytest.approx(calibration.apply(SKIN), rel=0.01)


def test_an_error_of_the_print_moves_two_visits_alike(made):
    one = fit_calibration(made.card_reference(made.camera(made.card_light())))
    colours = np.concatenate([SKIN, LESION])

    def contrast(seed):
        drawn = one.sample(colours, 500, np.random.default_rng(seed))
        return np.log(drawn[:, 3:] / drawn[:, :3])

    together = np.mean(
        [
            np.corrcoef(contrast(1)[:, 1, c], contrast(2)[:, 1, c])[0, 1]
            for c in range(3)
        ]
    )

    assert together > 0.3


def test_lost_greys_leave_more_doubt(made):
    read = made.camera(made.card_light())
    dark = [k for k in range(16) if made.card_light()[k, 0] < 0.2]

    sure = fit_calibration(made.card_reference(read))
    unsure = fit_calibration(made.card_reference(read, clipped=dark))

    def spread(calibration):
        drawn = calibration.sample(SKIN[2:], 500, np.random.default_rng(0))
        return np.log(drawn).std(axis=0).mean()

    assert spread(unsure) > 2 * spread(sure)


def test_three_greys_are_too_few_for_a_tone_curve(made):
    read = made.CHECKER_LIGHT * (0.8, 0.7, 0.6)

    calibration = fit_calibration(made.checker_reference(read, clipped=(18, 19, 20)))

    assert not calibration.has_tone
    assert any("3 greys" in note for note in calibration.notes)
    assert calibration.apply(SKIN * (0.8, 0.7, 0.6)) == pytest.approx(SKIN, rel=0.05)


def test_a_card_of_greys_says_that_colours_are_not_calibrated(made):
    calibration = fit_calibration(made.card_reference(made.card_light()))

    assert calibration.has_tone
    assert calibration.matrix is None
    assert any("greys only" in note for note in calibration.notes)


def test_a_grey_patch_sets_white_balance_only(made):
    patch = made.card_reference(made.card_light() * (1.2, 1.0, 0.6)).patches[3]
    reference = ColourReference(kind=ReferenceKind.GREY_PATCH, patches=(patch,))

    calibration = fit_calibration(reference)

    told = calibration.apply(np.array([(0.36, 0.3, 0.18)]))
    assert told == pytest.approx(np.full((1, 3), told[0, 0]), rel=1e-3)
    assert not calibration.has_tone
    assert np.isnan(calibration.held_out_de00)


def test_a_refused_reference_changes_nothing():
    reference = ColourReference(
        kind=ReferenceKind.NONE, patches=(), notes=("It is mirrored.",)
    )

    calibration = fit_calibration(reference)

    assert calibration.apply(SKIN) == pytest.approx(SKIN, abs=1e-5)
    assert calibration.notes == ("It is mirrored.",)
    drawn = calibration.sample(SKIN, 3, np.random.default_rng(0))
    assert drawn.shape == (3, 3, 3)
