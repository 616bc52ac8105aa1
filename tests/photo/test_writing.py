"""What we write, any reader understands."""

from datetime import datetime
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from cicatrix.domain.capture import Capture
from cicatrix.photo.icc_writing import linear_srgb_profile
from cicatrix.photo.writing import jpeg_bytes, png16_bytes, unpacked_jpeg


def ramp(dtype):
    top = np.iinfo(dtype).max
    row = np.linspace(0, top, 64).astype(dtype)
    return np.repeat(np.repeat(row[None, :, None], 48, axis=0), 3, axis=2)


def test_a_jpeg_carries_what_the_camera_knows():
    known = Capture(
        taken_at=datetime.fromisoformat("2025-01-10 10:30:00"),
        exposure_time_s=0.008,
        f_number=5.6,
        iso=200,
        flash_fired=True,
        camera_make="Cicatrix",
        camera_model="phantom",
    )
    picture = Image.open(BytesIO(jpeg_bytes(ramp(np.uint8), quality=90, capture=known)))
    exif = picture.getexif()
    part = exif.get_ifd(0x8769)

    assert picture.size == (64, 48)
    assert (exif[0x010F], exif[0x0110]) == ("Cicatrix", "phantom")
    assert part[0x9003] == "2025:01:10 10:30:00"
    assert float(part[0x829A]) == pytest.approx(0.008)
    assert float(part[0x829D]) == pytest.approx(5.6)
    assert part[0x8827] == 200
    assert part[0x9209] == 1
    assert 0x920A not in part


def test_a_jpeg_without_facts_has_no_exif():
    assert b"Exif" not in jpeg_bytes(ramp(np.uint8), quality=90)


def test_our_own_jpeg_comes_back_nearly_unchanged():
    data = jpeg_bytes(ramp(np.uint8), quality=95)

    error = np.abs(unpacked_jpeg(data).astype(int) - ramp(np.uint8))
    assert error.max() < 8


def test_a_linear_png_keeps_every_bit_and_says_that_it_is_linear():
    cv2 = pytest.importorskip("cv2")
    data = png16_bytes(ramp(np.uint16))

    back = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(back[..., ::-1], ramp(np.uint16))
    profile = Image.open(BytesIO(data)).info["icc_profile"]
    assert profile == linear_srgb_profile()


def test_other_software_reads_the_profile_as_linear_srgb():
    profile = ImageCms.ImageCmsProfile(BytesIO(linear_srgb_profile()))
    to_srgb = ImageCms.buildTransform(
        profile, ImageCms.createProfile("sRGB"), "RGB", "RGB"
    )
    grey = Image.new("RGB", (1, 1), (55, 55, 55))

    shown = ImageCms.applyTransform(grey, to_srgb).getpixel((0, 0))

    # 55/255 of light is code 128.
    assert shown == pytest.approx((128, 128, 128), abs=2)


@pytest.mark.parametrize("writer", [lambda p: jpeg_bytes(p, quality=90), png16_bytes])
def test_pixels_of_the_wrong_kind_are_the_callers_bug(writer):
    with pytest.raises(ValueError, match="need"):
        writer(np.zeros((4, 4), np.float32))
