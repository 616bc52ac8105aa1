"""A mask is read to the pixel or refused."""

import struct
import zlib

import cv2
import numpy as np
import pytest

from cicatrix.casebook.masks import mask_png, read_mask
from cicatrix.errors import PhotoTooLarge, PhotoUnreadable


def a_mask():
    mask = np.zeros((30, 40), bool)
    mask[5:12, 8:20] = True
    return mask


def test_a_mask_comes_back_as_it_was_written(tmp_path):
    (tmp_path / "m.png").write_bytes(mask_png(a_mask()))

    assert (read_mask(tmp_path / "m.png") == a_mask()).all()


def test_a_coloured_picture_is_cut_at_middle_grey(tmp_path):
    colour = np.where(a_mask()[..., None], (250, 240, 255), (0, 40, 10)).astype(
        np.uint8
    )
    cv2.imwrite(str(tmp_path / "m.png"), colour)

    assert (read_mask(tmp_path / "m.png") == a_mask()).all()


@pytest.mark.parametrize("value", [False, True])
def test_a_mask_of_one_colour_marks_no_lesion(tmp_path, value):
    (tmp_path / "m.png").write_bytes(mask_png(np.full((30, 40), value)))

    with pytest.raises(PhotoUnreadable, match="of one colour"):
        read_mask(tmp_path / "m.png")


def test_another_format_is_refused_as_it_may_have_blurred_the_edge(tmp_path):
    cv2.imwrite(str(tmp_path / "m.jpg"), a_mask().astype(np.uint8) * 255)

    with pytest.raises(PhotoUnreadable, match="not a PNG"):
        read_mask(tmp_path / "m.jpg")


def test_a_missing_mask_is_named_without_its_folder(tmp_path):
    with pytest.raises(PhotoUnreadable, match=r"“m\.png” cannot be opened") as caught:
        read_mask(tmp_path / "m.png")
    assert str(tmp_path) not in str(caught.value)


def test_a_damaged_mask_is_refused(tmp_path):
    (tmp_path / "m.png").write_bytes(mask_png(a_mask())[:40])

    with pytest.raises(PhotoUnreadable, match=r"damaged|one colour"):
        read_mask(tmp_path / "m.png")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    header = b"IHDR" + struct.pack(">IIBBBBB", 60000, 60000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    (tmp_path / "m.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk)

    with pytest.raises(PhotoTooLarge, match="60000 × 60000"):
        read_mask(tmp_path / "m.png")
