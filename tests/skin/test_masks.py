"""What the masks promise: skin of every tone under any light, and nothing else."""

import numpy as np
import pytest

import cicatrix as cx
from cicatrix.phantom.capture import capture_preset
from cicatrix.photo.reading import read_photo
from cicatrix.skin.masks import glare_mask, hair_mask, skin_mask

TONES = {
    "very light": (0.72, 0.47, 0.36),
    "tan": (0.36, 0.19, 0.11),
    "dark": (0.075, 0.035, 0.021),
}


def scene(tone, cast=(1.0, 1.0, 1.0), gain=1.0, side=240, seed=1):
    """A disc of skin on a white drape over a grey floor, and the truth."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side]
    picture = np.full((side, side, 3), 0.6)
    picture[: side // 3] = (0.16, 0.15, 0.14)
    skin = (x - side / 2) ** 2 + (y - side / 2) ** 2 < (side / 3) ** 2
    shade = 0.7 + 0.5 * x / side
    picture[skin] = np.asarray(tone) * shade[skin, None]
    picture *= np.asarray(cast) * gain
    picture *= np.exp(rng.normal(0, 0.03, picture.shape))
    return picture.clip(0, 1).astype(np.float32), skin


def dice(found, truth):
    return 2 * (found & truth).sum() / (found.sum() + truth.sum())


@pytest.mark.parametrize("tone", TONES.values(), ids=TONES)
@pytest.mark.parametrize("cast", [(1, 1, 1), (1.25, 1.0, 0.7), (0.8, 1.0, 1.2)])
@pytest.mark.parametrize("gain", [0.5, 1.2])
def test_skin_is_found_on_every_tone_under_any_light(tone, cast, gain):
    picture, truth = scene(tone, cast, gain)

    assert dice(skin_mask(picture), truth) > 0.95


@pytest.mark.parametrize("tone", TONES.values(), ids=TONES)
def test_a_picture_of_nothing_but_skin_is_all_skin(tone):
    rng = np.random.default_rng(2)
    picture = np.asarray(tone) * np.exp(rng.normal(0, 0.05, (200, 200, 3)))

    assert skin_mask(picture.astype(np.float32)).mean() > 0.97


def test_black_padding_and_a_burnt_in_date_are_not_skin():
    picture, truth = scene(TONES["tan"])
    picture[:, 180:] = 0
    picture[150:158, 100:150] = (0.9, 0.3, 0.02)

    found = skin_mask(picture)

    assert not found[:, 182:].any()
    assert not found[151:157, 101:149].any()
    assert found[truth & (np.arange(240) < 90)].mean() > 0.95


def test_a_card_is_left_out_where_it_is_named():
    picture, _ = scene(TONES["tan"])
    corners = [(100, 100), (140, 100), (140, 140), (100, 140)]

    assert skin_mask(picture)[105:135, 105:135].all()
    assert not skin_mask(picture, exclude=[corners])[101:139, 101:139].any()


def test_a_seed_settles_which_of_two_colours_is_skin():
    """A red lesion wide enough to look like the skin, on skin that fills the rest."""
    rng = np.random.default_rng(3)
    picture = np.full((200, 200, 3), TONES["very light"])
    picture[60:140, 60:140] = (0.6, 0.24, 0.2)
    picture *= np.exp(rng.normal(0, 0.03, picture.shape))
    seed = np.zeros((200, 200), dtype=bool)
    seed[40:58, 60:140] = True

    assert skin_mask(picture.astype(np.float32), seed=seed)[:50].mean() > 0.95


NO_SKIN = {
    "dark green": (0.02, 0.06, 0.03),
    "blue cloth": (0.05, 0.09, 0.25),
    "grey wall": (0.3, 0.3, 0.3),
    "foliage": (0.1, 0.2, 0.03),
}


@pytest.mark.parametrize("colour", NO_SKIN.values(), ids=NO_SKIN)
def test_what_is_plainly_not_skin_is_not_taken_for_it(colour):
    rng = np.random.default_rng(5)
    picture = np.asarray(colour) * np.exp(rng.normal(0, 0.05, (200, 200, 3)))

    assert not skin_mask(picture.astype(np.float32)).any()


def test_a_seed_beside_the_skin_makes_no_skin_of_the_background():
    picture, _ = scene(TONES["tan"])
    picture[:80] = (0.02, 0.06, 0.03)
    seed = np.zeros(picture.shape[:2], dtype=bool)
    seed[10:50, 60:180] = True

    assert not skin_mask(picture, seed=seed)[:78].any()


@pytest.mark.parametrize("style", ["controlled", "wild"])
@pytest.mark.parametrize("ita_deg", [-45, -20, 5, 30, 45, 60])
def test_made_up_skin_of_every_tone_is_skin(ita_deg, style):
    frame = cx.phantom.Capture(width_px=320, height_px=240, px_per_mm=1.8)
    scene = cx.phantom.Scene(seed=60 + ita_deg, lesion="red-scar", skin_ita_deg=ita_deg)
    rng = np.random.default_rng(100 + ita_deg)
    capture = capture_preset(style, rng, base=frame)

    shown = cx.phantom.render(scene, capture)

    found = skin_mask(read_photo(shown.file_bytes).linear())
    assert found[shown.truth.adjacent_mask].mean() > 0.97


def test_an_unrecorded_picture_has_no_skin():
    assert not skin_mask(np.zeros((50, 50, 3), dtype=np.float32)).any()


def test_shapes_that_are_not_pictures_are_the_callers_bug():
    with pytest.raises(ValueError, match="rows, cols, 3"):
        skin_mask(np.zeros((50, 50), dtype=np.float32))
    with pytest.raises(ValueError, match="polygon"):
        skin_mask(np.ones((50, 50, 3), dtype=np.float32) / 2, exclude=[[(1, 2)]])


def test_a_hair_is_found_and_a_mole_is_not():
    rng = np.random.default_rng(4)
    picture = np.full((200, 200, 3), TONES["very light"])
    rows = np.arange(20, 180)
    for width in range(3):
        picture[rows, rows // 2 + 40 + width] *= 0.3
    y, x = np.mgrid[:200, :200]
    mole = (x - 160) ** 2 + (y - 60) ** 2 < 8**2
    picture[mole] *= 0.3
    picture *= np.exp(rng.normal(0, 0.01, picture.shape))

    found = hair_mask(picture.astype(np.float32), hair_px=4)

    assert found[rows, rows // 2 + 41].mean() > 0.9
    assert not found[mole].any()
    assert found.mean() < 0.05


def test_hair_needs_a_width():
    with pytest.raises(ValueError, match="hair_px"):
        hair_mask(np.ones((9, 9, 3), dtype=np.float32), hair_px=0)


def test_gloss_and_clipping_are_glare_and_pale_skin_is_not():
    picture = np.full((120, 120, 3), TONES["tan"])
    picture[50:56, 50:56] += 0.5
    picture[80:84, 80:84] = 1.0
    picture[20:40, 20:40] *= 1.6

    found = glare_mask(picture.astype(np.float32))

    assert found[50:56, 50:56].all()
    assert found[80:84, 80:84].all()
    assert not found[22:38, 22:38].any()
