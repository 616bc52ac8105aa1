"""What `align` promises: the same skin is found, other skin is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest

from cicatrix.alignment import aligning
from cicatrix.alignment.agreement import Agreement
from cicatrix.alignment.aligning import align, align_with
from cicatrix.alignment.channels import Glance, reduced
from cicatrix.alignment.finding import Fit, Found
from cicatrix.alignment.spline import flat_sheet
from cicatrix.domain.capture import Capture
from cicatrix.domain.reference import ColourReference, ReferenceKind
from cicatrix.errors import AlignmentRefused
from cicatrix.photo.value import Decoding, Photo

LEVELS = np.arange(256) / 255
LINEAR = np.where(LEVELS <= 0.04045, LEVELS / 12.92, ((LEVELS + 0.055) / 1.055) ** 2.4)
SRGB = Decoding(
    tables=np.repeat(LINEAR[:, None], 3, axis=1).astype(np.float32),
    matrix=None,
    profile="sRGB",
)


def photo_of(linear, name="picture"):
    """A photo of linear light, coded as sRGB with 8 bits."""
    code = np.interp(np.clip(linear, 0, 1), LINEAR, np.arange(256))
    encoded = np.ascontiguousarray(np.round(code).astype(np.uint8))
    return Photo(
        name=name,
        sha256=str(encoded.sum()),
        file_format="PNG",
        encoded=encoded,
        decoding=SRGB,
        capture=Capture(),
    )


def skin(seed=0, rows=360, cols=480, margin=120):
    """Linear light of mottled skin, larger than the picture by a margin."""
    rng = np.random.default_rng(seed)
    shape = (rows + 2 * margin, cols + 2 * margin)
    pigment, blood = np.zeros(shape), np.zeros(shape)
    for sigma, size in ((2.0, 0.05), (6.0, 0.08), (16.0, 0.1), (40.0, 0.1)):
        for field in (pigment, blood):
            noise = cv2.GaussianBlur(rng.normal(size=shape), (0, 0), sigma)
            field += size * noise / noise.std()
    log = np.stack([0.35 * pigment, 0.6 * pigment + blood, pigment + 0.9 * blood], -1)
    return np.array([0.45, 0.26, 0.17]) * np.exp(-log)


def seen(surface, matrix, rows=360, cols=480, margin=120, bend=None):
    """The surface photographed: pixel x shows the surface at matrix · x (+ bend)."""
    x, y = np.meshgrid(np.arange(cols, dtype=float), np.arange(rows, dtype=float))
    points = np.stack([x, y], -1)
    where = points @ matrix[:, :2].T + matrix[:, 2] + margin
    if bend is not None:
        where = where + bend(points)
    return cv2.remap(
        surface.astype(np.float32),
        where[..., 0].astype(np.float32),
        where[..., 1].astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT,
    )


IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def turned(angle_deg, scale=1.0, shift=(0.0, 0.0), centre=(240.0, 180.0)):
    """Map of follow-up pixels to surface: the baseline turned and scaled."""
    a = np.radians(angle_deg)
    linear = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) / scale
    offset = np.array(centre) - linear @ (np.array(centre) + np.array(shift))
    return np.c_[linear, offset]


def carried(matrix, points):
    """Where surface points lie in a picture seen through `matrix`."""
    return (points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T


LESION = np.array([[215.0, 160.0], [265.0, 160.0], [265.0, 200.0], [215.0, 200.0]])
INSIDE = np.stack(
    np.meshgrid([220.0, 240.0, 260.0], [165.0, 180.0, 195.0]), -1
).reshape(-1, 2)


def median_error(alignment, matrix):
    return np.median(
        np.linalg.norm(alignment.to_followup(INSIDE) - carried(matrix, INSIDE), axis=1)
    )


@pytest.mark.parametrize(
    ("angle", "scale", "shift"),
    [(0, 1, (3.3, -2.6)), (8, 1.1, (10, 5)), (90, 1, (0, 0)), (-150, 0.7, (5, 9))],
)
def test_the_same_skin_is_found_turned_scaled_and_shifted(angle, scale, shift):
    surface, matrix = skin(1), turned(angle, scale, shift)
    before, after = photo_of(seen(surface, IDENTITY)), photo_of(seen(surface, matrix))

    alignment = align(before, after, LESION)

    assert median_error(alignment, matrix) < 0.3
    assert alignment.error_px < 2
    assert alignment.scale == pytest.approx(scale, abs=0.02)
    turn = (alignment.rotation_deg - angle + 180) % 360 - 180
    assert turn == pytest.approx(0, abs=1)
    assert alignment.overlap_fraction > 0.9


def test_skin_that_bends_is_followed():
    def bend(points):
        x, y = points[..., 0], points[..., 1]
        return np.stack([6 * np.sin(y / 70), 5 * np.cos(x / 80)], -1)

    surface = skin(2)
    before = photo_of(seen(surface, IDENTITY, bend=bend))
    after = photo_of(seen(surface, IDENTITY))

    alignment = align(before, after, LESION)

    truth = INSIDE + bend(INSIDE)
    error = np.linalg.norm(alignment.to_followup(INSIDE) - truth, axis=1)
    assert np.median(error) < 0.5


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_skin_over_a_limb_is_followed_however_much_it_is_bent(seed):
    # A quadratic of 115 px at the picture's side: nothing of it may be taken for a dent.
    def bend(points):
        x, y = points[..., 0] - 240, points[..., 1] - 180
        return 0.002 * np.stack([x * x + 0.5 * x * y, x * y - 0.5 * y * y], -1)

    surface = skin(seed, margin=240)
    before = photo_of(seen(surface, IDENTITY, margin=240))
    after = photo_of(seen(surface, IDENTITY, margin=240, bend=bend))

    found = align(before, after, LESION).to_followup(INSIDE)

    error = np.linalg.norm(found + bend(found) - INSIDE, axis=1)
    assert np.median(error) < 0.3


def test_another_light_and_white_balance_change_nothing():
    surface, matrix = skin(3), turned(5, 1.05)
    x = np.linspace(0.6, 1.1, 480)[None, :, None]
    after = seen(surface, matrix) * x * np.array([1.15, 1.0, 0.8])

    alignment = align(photo_of(seen(surface, IDENTITY)), photo_of(after), LESION)

    assert median_error(alignment, matrix) < 0.4


def test_a_scar_that_faded_and_shrank_does_not_pull_the_skin():
    surface, matrix = skin(4), turned(3)
    first, second = surface.copy(), surface.copy()
    y, x = np.mgrid[: surface.shape[0], : surface.shape[1]]
    far = np.hypot((x - 360) / 25, (y - 300) / 20)
    first[far < 1] *= (0.8, 0.5, 0.5)
    second[far < 0.6] *= (0.95, 0.8, 0.8)

    alignment = align(
        photo_of(seen(first, IDENTITY)), photo_of(seen(second, matrix)), LESION
    )

    assert median_error(alignment, matrix) < 0.4


def test_the_same_pixels_are_exactly_the_identity():
    picture = photo_of(seen(skin(5), IDENTITY))
    copy = replace(picture, name="copy", encoded=picture.encoded.copy())

    alignment = align(picture, copy, (240.0, 180.0))

    assert np.array_equal(alignment.to_followup(INSIDE), INSIDE)
    assert alignment.error_px == 0


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_other_skin_is_refused_with_a_sentence_that_helps(seed):
    before = photo_of(seen(skin(6), IDENTITY), "one.jpg")
    after = photo_of(seen(skin(seed), IDENTITY), "two.jpg")

    with pytest.raises(AlignmentRefused, match=r"one\.jpg.*two\.jpg.*same place"):
        align(before, after, LESION)


def test_a_repeated_pattern_is_refused():
    tile = np.tile(skin(7)[:40, :40], (15, 18, 1))
    shifted = np.roll(tile, (13, 17), axis=(0, 1))
    rng = np.random.default_rng(0)
    pictures = [
        photo_of(seen(t * np.exp(rng.normal(0, 0.02, t.shape)), IDENTITY))
        for t in (tile, shifted)
    ]

    with pytest.raises(AlignmentRefused):
        align(pictures[0], pictures[1], LESION)


def test_a_picture_without_skin_is_refused_and_named():
    before = photo_of(seen(skin(8), IDENTITY), "before.jpg")
    black = photo_of(np.zeros((360, 480, 3)), "black.jpg")

    with pytest.raises(
        AlignmentRefused, match=r"black\.jpg shows too little bare skin"
    ):
        align(before, black, LESION)


def test_a_background_that_stays_while_the_skin_moves_does_not_steer():
    surface, matrix = skin(9), turned(0, 1.0, (14.0, 8.0))
    room = np.random.default_rng(1).uniform(0.1, 0.6, (360, 480, 1)).repeat(3, axis=2)
    y = np.mgrid[:360, :480][0]
    limb_a, limb_b = np.abs(y - 180) < 110, np.abs(y - 188) < 110
    before = np.where(limb_a[..., None], seen(surface, IDENTITY), room)
    after = np.where(limb_b[..., None], seen(surface, matrix), room)

    alignment = align(photo_of(before), photo_of(after), LESION)

    assert median_error(alignment, matrix) < 0.4


def test_a_card_that_moved_on_its_own_does_not_steer():
    surface, matrix = skin(10), turned(2, 1.0, (6.0, 3.0))
    card = (
        np.random.default_rng(2).choice([0.05, 0.3, 0.8], (8, 8, 1)).repeat(3, axis=2)
    )
    card = np.kron(card, np.ones((12, 12, 1)))
    before, after = seen(surface, IDENTITY), seen(surface, matrix)
    before[20:116, 300:396] = card
    after[10:106, 340:436] = card

    def with_card(linear, left, top):
        corners = [
            (left, top),
            (left + 95.0, top),
            (left + 95.0, top + 95.0),
            (left, top + 95.0),
        ]
        reference = ColourReference(
            kind=ReferenceKind.GREY_PATCH, patches=(), corners_xy=tuple(corners)
        )
        return replace(photo_of(linear), reference=reference)

    alignment = align(
        with_card(before, 300.0, 20.0), with_card(after, 340.0, 10.0), LESION
    )

    assert median_error(alignment, matrix) < 0.4


def test_mask_polygon_point_and_nothing_are_all_understood():
    surface, matrix = skin(14), turned(4)
    before, after = photo_of(seen(surface, IDENTITY)), photo_of(seen(surface, matrix))
    mask = np.zeros((360, 480), dtype=bool)
    mask[160:200, 215:265] = True

    for lesion in (mask, LESION, (240.0, 180.0), None):
        assert median_error(align(before, after, lesion), matrix) < 0.5


@pytest.mark.parametrize(
    ("lesion", "message"),
    [
        (np.zeros((360, 480), dtype=bool), "empty"),
        (np.ones((10, 10), dtype=bool), "mask is"),
        ((-5.0, 3.0), "off the photograph"),
        ((np.nan, 3.0), "off the photograph"),
        ([1.0, 2.0, 3.0], "a lesion is"),
    ],
)
def test_a_lesion_that_makes_no_sense_is_the_callers_bug(lesion, message):
    picture = photo_of(seen(skin(15), IDENTITY))

    with pytest.raises(ValueError, match=message):
        align(picture, picture, lesion)


def test_the_number_of_threads_changes_nothing():
    surface, matrix = skin(16), turned(6, 1.1)
    before, after = photo_of(seen(surface, IDENTITY)), photo_of(seen(surface, matrix))
    threads = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        alone = align(before, after, LESION).to_followup(INSIDE)
        cv2.setNumThreads(4)
        together = align(before, after, LESION).to_followup(INSIDE)
    finally:
        cv2.setNumThreads(threads)

    assert together == pytest.approx(alone, abs=1e-6)


def looked_at(before, after):
    return partial(Glance.of, before), partial(reduced, after)


def in_a_thread(function):
    """Begins a function as a helper does."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result


@pytest.mark.parametrize("angle", [4.0, 100.0])
def test_judging_on_another_core_changes_nothing(angle):
    # At 100 degrees the first candidate, which is refined meanwhile, is a wrong one.
    surface, matrix = skin(3), turned(angle)
    before, after = photo_of(seen(surface, IDENTITY)), photo_of(seen(surface, matrix))

    alone = align(before, after, LESION)
    beside = align_with(
        before, after, LESION, seen=looked_at(before, after), beside=in_a_thread
    )

    assert abs(alone.rotation_deg) == pytest.approx(angle, abs=0.5)
    np.testing.assert_array_equal(beside.to_followup(INSIDE), alone.to_followup(INSIDE))
    assert beside.error_px == alone.error_px
    assert beside.agreement == alone.agreement
    np.testing.assert_array_equal(beside.agreement_xy, alone.agreement_xy)


def test_other_skin_is_refused_alike_on_another_core():
    before = photo_of(seen(skin(20), IDENTITY), "one.jpg")
    after = photo_of(seen(skin(120), IDENTITY), "two.jpg")

    with pytest.raises(AlignmentRefused) as alone:
        align(before, after, LESION)
    with pytest.raises(AlignmentRefused) as beside:
        align_with(
            before, after, LESION, seen=looked_at(before, after), beside=in_a_thread
        )

    assert str(beside.value) == str(alone.value)


def test_a_refusal_of_the_first_candidate_is_told(monkeypatch):
    surface, matrix = skin(3), turned(4.0)
    before, after = photo_of(seen(surface, IDENTITY)), photo_of(seen(surface, matrix))
    calls = []

    def torn(signs):
        calls.append(signs)
        raise AlignmentRefused("torn")

    monkeypatch.setattr(aligning, "_require_agreement", torn)
    with pytest.raises(AlignmentRefused, match="torn"):
        align_with(
            before, after, LESION, seen=looked_at(before, after), beside=in_a_thread
        )

    assert len(calls) == 1


def noisy(picture, size, seed):
    rng = np.random.default_rng(seed)
    return picture * np.exp(rng.normal(0, size, picture.shape))


@pytest.mark.parametrize("size", [0.02, 0.1])
def test_the_true_error_stays_within_twice_the_own(size):
    told = []
    for seed in range(3):
        surface, matrix = skin(seed), turned(3, 1.02, (4.3, -2.7))
        before = photo_of(noisy(seen(surface, IDENTITY), size, 2 * seed))
        after = photo_of(noisy(seen(surface, matrix), size, 2 * seed + 1))

        alignment = align(before, after, LESION)

        told.append(alignment.error_px)
        assert median_error(alignment, matrix) < 2 * alignment.error_px
        assert alignment.sd_px < alignment.error_px
    assert np.median(told) < 3


def test_more_noise_is_more_error():
    surface, matrix = skin(7), turned(0, 1, (2.4, 1.6))
    told = [
        align(
            photo_of(noisy(seen(surface, IDENTITY), size, 1)),
            photo_of(noisy(seen(surface, matrix), size, 2)),
            LESION,
        ).error_px
        for size in (0.01, 0.1)
    ]

    assert told[1] > 1.5 * told[0]


@pytest.mark.parametrize(
    ("worse", "words"),
    [
        ({"shared_fine": 0.02}, "share only 2 % of the skin's fine pattern"),
        ({"shared_grey": 0.2}, "share only 20 % of the skin's pattern"),
        ({"left_open": 0.3}, "takes up so much of the skin"),
        ({"sides": 4.3}, "has moved against the skin on the other"),
    ],
)
def test_where_the_place_is_a_guess_it_is_refused(monkeypatch, calm, worse, words):
    signs = replace(calm, **worse)
    monkeypatch.setattr(aligning, "signs_of", lambda *given, **options: signs)
    surface = skin(2)
    pair = (
        photo_of(seen(surface, IDENTITY)),
        photo_of(seen(surface, turned(0, 1, (3.0, 2.0)))),
    )

    with pytest.raises(AlignmentRefused, match=words):
        align(*pair, LESION)


def found_with(even):
    agreed = Agreement(
        mean=0.5,
        lead=10.0,
        won=0.5,
        even=even,
        area=100.0,
        each=np.zeros((1, 1)),
        counted=np.ones((1, 1)),
    )
    still = Fit(affine=IDENTITY, sheet=flat_sheet((0.0, 0.0, 100.0, 100.0), 50.0))
    return Found(fit=still, agreement=agreed, factor=1)


def test_skin_that_agrees_on_one_side_only_is_refused():
    before, after = photo_of(skin(1), "one.jpg"), photo_of(skin(1), "two.jpg")
    even, uneven = found_with(0.9), found_with(0.1)

    assert aligning._recognised(even, before, after) is even
    with pytest.raises(AlignmentRefused, match=r"one\.jpg was not recognised"):
        aligning._recognised(uneven, before, after)


def two_parts(shape=(360, 480)):
    """A lesion in two parts, either side of the picture."""
    mask = np.zeros(shape, bool)
    mask[160:200, 100:140] = mask[160:200, 390:430] = True
    return mask


def test_a_part_of_the_lesion_on_other_skin_is_refused():
    still = turned(0)
    same, other = seen(skin(1), still), seen(skin(2), still)
    mixed = same.copy()
    mixed[:, 350:] = other[:, 350:]
    before = photo_of(same, "one.jpg")
    left = two_parts() & (np.arange(480) < 240)

    align(before, photo_of(seen(skin(1), turned(1)), "two.jpg"), two_parts())
    align(before, photo_of(mixed, "two.jpg"), left)
    with pytest.raises(AlignmentRefused, match=r"in 2 parts.*two\.jpg"):
        align(before, photo_of(mixed, "two.jpg"), two_parts())
