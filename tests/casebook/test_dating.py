"""The day of a photograph is read from its own metadata."""

from datetime import date

import pytest
from PIL import Image

from cicatrix.casebook.dating import taken_on
from cicatrix.errors import PhotoUnreadable


def a_picture(path, taken=None):
    exif = Image.Exif()
    exif[0x010F] = "Example"  # Pillow leaves out metadata without a main directory
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = taken
    Image.new("RGB", (80, 80), (200, 160, 140)).save(path, exif=exif)
    return path


@pytest.mark.parametrize("ending", ["jpg", "png"])
def test_the_day_is_the_cameras(tmp_path, ending):
    path = a_picture(tmp_path / f"a.{ending}", "2025:03:04 23:59:59")

    assert taken_on(path) == date(2025, 3, 4)


def test_a_file_that_does_not_say_has_no_day(tmp_path):
    assert taken_on(a_picture(tmp_path / "a.jpg")) is None


def test_what_is_no_photograph_is_refused(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"hello")

    with pytest.raises(PhotoUnreadable):
        taken_on(tmp_path / "a.jpg")
