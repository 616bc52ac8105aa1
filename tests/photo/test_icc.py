"""Profiles decode as Little CMS decodes them, and damaged ones are said to be."""

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from cicatrix.photo.icc import read_profile
from cicatrix.photo.reading import read_photo
from cicatrix.photo.transfer import srgb_decoding, srgb_to_linear
from cicatrix.photo.value import to_linear

# Columns in the D50 connection space, from the published profiles of these spaces.
DISPLAY_P3 = (
    (0.51512, 0.24120, -0.00105),
    (0.29198, 0.69225, 0.04189),
    (0.15710, 0.06657, 0.78407),
)
ADOBE = (
    (0.60974, 0.31111, 0.01947),
    (0.20528, 0.62567, 0.06087),
    (0.14919, 0.06322, 0.74457),
)
PROPHOTO = (
    (0.79767, 0.28804, 0.0),
    (0.13519, 0.71188, 0.0),
    (0.03134, 0.00009, 0.82491),
)


def gamma(exponent):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(exponent * 256))


def sampled(values):
    codes = [round(v * 65535) for v in values]
    return b"curv\0\0\0\0" + struct.pack(f">I{len(codes)}H", len(codes), *codes)


def parametric(kind, *parameters):
    fixed = [round(v * 65536) for v in parameters]
    return b"para\0\0\0\0" + struct.pack(f">HH{len(fixed)}i", kind, 0, *fixed)


SRGB_CURVE = parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
CASES = {
    "Display P3": (DISPLAY_P3, SRGB_CURVE),
    "Adobe RGB": (ADOBE, gamma(563 / 256)),
    "ProPhoto": (PROPHOTO, gamma(1.8)),
    "linear": (ADOBE, b"curv\0\0\0\0" + bytes(4)),
    "sampled": (DISPLAY_P3, sampled(np.linspace(0, 1, 300) ** 2)),
    "power": (DISPLAY_P3, parametric(0, 2.2)),
}


@pytest.mark.parametrize("name", CASES)
def test_matrix_profiles_agree_with_little_cms(made, name):
    columns, curve = CASES[name]
    profile = made.matrix_profile(columns, curve)
    # Half-way colours, so that the conversion stays within what 8-bit sRGB can hold.
    codes = np.random.default_rng(0).integers(90, 170, (64, 64, 3), dtype=np.uint8)
    transform = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        "RGB",
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    theirs = np.array(ImageCms.applyTransform(Image.fromarray(codes), transform))

    ours = to_linear(codes, read_profile(profile, 256).decoding)

    held = ((theirs > 2) & (theirs < 253)).all(axis=2)
    assert held.mean() > 0.5
    back = np.interp(ours, srgb_to_linear(np.arange(256) / 255), np.arange(256))
    assert np.abs(back - theirs)[held].max() < 1.2


def test_white_stays_white(made):
    for columns, curve in CASES.values():
        decoding = read_profile(made.matrix_profile(columns, curve), 256).decoding
        white = to_linear(np.full((1, 1, 3), 255, np.uint8), decoding)
        assert white == pytest.approx(1.0, abs=2e-3)


def test_an_srgb_profile_needs_no_matrix(made):
    decoding = read_profile(made.SRGB_PROFILE, 256).decoding

    assert decoding.matrix is None
    assert np.array_equal(decoding.tables, srgb_decoding(256).tables)


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (parametric(1, 2.0, 0.5, 0.5), lambda x: (0.5 * x + 0.5) ** 2),
        (
            parametric(2, 2.0, 0.8, -0.1, 0.1),
            lambda x: np.where(x >= 0.125, (0.8 * x - 0.1) ** 2 + 0.1, 0.1),
        ),
        (
            parametric(4, 2.0, 0.8, 0.1, 0.5, 0.2, 0.05, 0.01),
            lambda x: np.where(x >= 0.2, (0.8 * x + 0.1) ** 2 + 0.05, 0.5 * x + 0.01),
        ),
    ],
)
def test_every_parametric_curve_follows_its_equation(made, curve, expected):
    decoding = read_profile(made.matrix_profile(ADOBE, curve), 256).decoding

    codes = np.linspace(0, 1, 256)
    assert decoding.tables[:, 1] == pytest.approx(expected(codes), abs=2e-4)


def test_a_linear_tiff_is_linear_because_its_profile_says_so(made):
    pixels = made.picture()
    profile = made.matrix_profile(ADOBE, b"curv\0\0\0\0" + bytes(4), b"Linear Adobe")

    photo = read_photo(made.packed(pixels, "TIFF", icc_profile=profile))

    assert photo.decoding.profile == "Linear Adobe"
    assert photo.decoding.tables[128, 0] == pytest.approx(128 / 255)


def test_the_profile_of_each_format_is_found(made):
    profile = made.matrix_profile(DISPLAY_P3, SRGB_CURVE, b"Display P3")

    for kind in ("JPEG", "PNG", "TIFF"):
        photo = read_photo(made.packed(made.picture(), kind, icc_profile=profile))
        assert photo.decoding.profile == "Display P3"
        assert photo.decoding.matrix is not None


def test_a_damaged_or_foreign_profile_is_said_and_srgb_assumed(made):
    whole = made.matrix_profile(ADOBE, gamma(2.2))
    foreign = whole[:16] + b"CMYK" + whole[20:]

    for profile in (b"nonsense", whole[:140], foreign):
        decoding = read_profile(profile, 256).decoding
        assert decoding.profile.startswith("sRGB assumed")
        assert np.array_equal(decoding.tables, srgb_decoding(256).tables)


def test_profiles_are_read_once(made):
    profile = made.matrix_profile(ADOBE, gamma(2.2))

    assert read_profile(profile, 256) is read_profile(bytes(bytearray(profile)), 256)


@given(data=st.data())
def test_altered_profiles_never_raise(made, data):
    changed = bytearray(made.matrix_profile(DISPLAY_P3, SRGB_CURVE))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place] = data.draw(st.integers(0, 255))

    reading = read_profile(bytes(changed), 256)

    assert np.isfinite(reading.decoding.tables).all()
