"""What opens, what is refused and why; every way up."""

import hashlib
import io
import os
import struct
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cicatrix.errors import CicatrixError, PhotoTooLarge, PhotoUnreadable
from cicatrix.photo.reading import read_photo, upright


def refusal(data, kind=PhotoUnreadable, **options):
    with pytest.raises(kind) as caught:
        read_photo(data, **options)
    return str(caught.value)


def test_a_jpeg_opens_as_its_own_pixels(made, tmp_path):
    data = made.packed(made.picture())
    file = tmp_path / "before.jpg"
    file.write_bytes(data)

    photo = read_photo(file)

    assert photo.name == "before.jpg"
    assert photo.file_format == "JPEG"
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert photo.jpeg_quality == 95
    assert photo.encoded.dtype == np.uint8
    assert np.abs(photo.encoded.astype(int) - made.picture()).max() <= 4
    assert photo.decoding.profile == "sRGB"
    assert photo.capture.taken_at is None


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_lossless_files_open_exactly(made, kind):
    photo = read_photo(made.packed(made.picture(), kind))

    assert photo.file_format == kind
    assert np.array_equal(photo.encoded, made.picture())
    assert photo.jpeg_quality is None


@pytest.mark.parametrize("kind", [".png", ".tiff"])
def test_sixteen_bits_stay_sixteen(made, kind):
    pixels = made.picture().astype(np.uint16) * 257 + 3

    photo = read_photo(made.packed_16(pixels, kind))

    assert photo.encoded.dtype == np.uint16
    assert np.array_equal(photo.encoded, pixels)
    assert photo.decoding.tables.shape == (65536, 3)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_alpha_is_dropped(made, kind):
    opaque = made.picture()
    alpha = np.full((*opaque.shape[:2], 1), 40, np.uint8)

    photo = read_photo(made.packed(np.concatenate([opaque, alpha], axis=2), kind))

    assert np.array_equal(photo.encoded, opaque)


def test_a_palette_png_opens_in_its_colours(made, tmp_path):
    file = tmp_path / "palette.png"
    with Image.fromarray(made.picture()) as full:
        full.quantize(64).save(file)
        expected = np.array(full.quantize(64).convert("RGB"))

    assert np.array_equal(read_photo(file).encoded, expected)


def test_a_progressive_jpeg_opens(made):
    photo = read_photo(made.packed(made.picture(), progressive=True))

    assert np.abs(photo.encoded.astype(int) - made.picture()).max() <= 4


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_every_orientation_is_turned_upright(made, orientation, kind):
    # What the camera stores so that the turned picture is `picture()`.
    turned = made.picture()
    stored = {
        1: turned,
        2: turned[:, ::-1],
        3: turned[::-1, ::-1],
        4: turned[::-1],
        5: turned.swapaxes(0, 1),
        6: np.rot90(turned, 1),
        7: turned[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(turned, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation

    photo = read_photo(made.packed(np.ascontiguousarray(stored), kind, exif=exif))

    assert photo.encoded.shape == turned.shape
    assert np.abs(photo.encoded.astype(int) - turned).max() <= 4
    assert photo.encoded.flags["C_CONTIGUOUS"]


def test_an_upright_picture_is_not_copied(made):
    pixels = made.picture()

    assert np.shares_memory(upright(pixels, 1), pixels)


def test_heic_opens_upright_with_its_date(made):
    pytest.importorskip("pi_heif")
    y, x = np.mgrid[0:80, 0:112]
    stored = np.stack([120 + x, 90 + y, 60 + 0 * x], axis=-1)

    photo = read_photo(Path(__file__).parent / "data" / "tiny.heic")

    assert photo.file_format == "HEIC"
    assert photo.encoded.shape == (112, 80, 3)
    assert np.abs(photo.encoded - np.rot90(stored, -1)).mean() < 3
    assert photo.capture.taken_at == datetime(2024, 5, 6, 5, 8, 9, 0, UTC)


@pytest.mark.parametrize("place", [160, 177])
def test_a_heic_made_to_harm_cannot_end_the_process(made, place):
    pytest.importorskip("pi_heif")
    data = bytearray((Path(__file__).parent / "data" / "tiny.heic").read_bytes())
    # Inside the table of items; such changes have ended the process that decodes.
    data[place] = 0xDB

    assert opened_or_refused(bytes(data)) in {(112, 80, 3), "photo-unreadable"}


def opened_or_refused(data):
    try:
        return read_photo(data).encoded.shape
    except CicatrixError as refused:
        return refused.code


def test_a_heic_of_nothing_but_its_signature_is_refused():
    pytest.importorskip("pi_heif")

    assert "HEIC" in refusal(b"\0\0\0\x18ftypheic" + bytes(60))


def test_a_heic_above_the_cap_is_refused(made):
    pytest.importorskip("pi_heif")
    file = Path(__file__).parent / "data" / "tiny.heic"

    assert "80 x 112" in refusal(file, PhotoTooLarge, max_pixels=5000)


def test_camera_raw_opens_as_linear_light(made):
    pytest.importorskip("rawpy")

    photo = read_photo(made.small_dng())

    assert photo.file_format == "camera raw"
    assert photo.linear().mean() == pytest.approx(20_000 / 65_535, abs=1e-3)
    assert photo.capture.camera_make == "Maker"


@pytest.mark.parametrize(
    ("library", "extra", "data"),
    [
        ("pi_heif", "heic", lambda made: b"\0\0\0\x18ftypheic" + bytes(60)),
        ("rawpy", "raw", lambda made: made.small_dng()),
    ],
)
def test_a_missing_extra_says_how_to_get_it(made, monkeypatch, library, extra, data):
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(CicatrixError, match=rf"cicatrix\[{extra}\]") as caught:
        read_photo(data(made))

    assert caught.value.code == "extra-missing"


def test_grey_and_cmyk_and_deep_pictures_say_why_not(made):
    grey = made.picture()[..., 0]

    assert "grey" in refusal(made.packed(grey))
    assert "grey" in refusal(made.packed(grey, "PNG"))
    assert "grey" in refusal(made.packed(grey, "TIFF"))
    file = io.BytesIO()
    Image.fromarray(made.picture()).convert("CMYK").save(file, "JPEG")
    assert "CMYK" in refusal(file.getvalue())


def test_several_pictures_in_one_file_are_refused(made, tmp_path):
    frames = [Image.fromarray(made.picture()), Image.fromarray(made.picture()[::-1])]
    pages, moving = tmp_path / "pages.tiff", tmp_path / "moving.png"
    frames[0].save(pages, save_all=True, append_images=frames[1:])
    frames[0].save(moving, save_all=True, append_images=frames[1:])

    assert "several pictures" in refusal(pages)
    assert "animation" in refusal(moving)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.97])
def test_a_file_cut_short_is_refused(made, kind, share):
    noise = np.random.default_rng(0).integers(0, 255, (90, 90, 3), dtype=np.uint8)
    data = made.packed(noise, kind)

    assert "damaged" in refusal(data[: int(share * len(data))])


def test_altered_pixels_of_a_png_are_noticed(made):
    data = bytearray(made.packed(made.picture(), "PNG"))
    data[len(data) // 2] ^= 0x10

    assert "check sum" in refusal(bytes(data))


def png_announcing(width, height):
    """A PNG of a few bytes whose header promises any size."""

    def chunk(kind, body):
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )


def test_a_bomb_is_refused_by_its_header():
    message = refusal(png_announcing(60_000, 60_000), PhotoTooLarge)

    assert "3600 megapixels" in message


def test_the_cap_can_be_set(made):
    data = made.packed(made.picture())

    assert "limit" in refusal(data, PhotoTooLarge, max_pixels=96 * 72 - 1)
    assert read_photo(data, max_pixels=96 * 72).width_px == 96
    with pytest.raises(ValueError, match="max_pixels"):
        read_photo(data, max_pixels=0)


def test_a_header_that_promises_more_than_the_file_holds_is_refused():
    assert "damaged" in refusal(png_announcing(400, 300))


@pytest.mark.parametrize("size", [(0, 0), (1, 1), (63, 400)])
def test_too_small_a_picture_is_refused_with_its_size(size):
    assert f"{size[0]} x {size[1]} pixels" in refusal(png_announcing(*size))


def test_what_is_no_photograph_is_named_so(tmp_path):
    for name, content in (("empty.jpg", b""), ("notes.jpg", b"Dear doctor, ...")):
        (tmp_path / name).write_bytes(content)
        assert name in refusal(tmp_path / name)
    assert "empty" in refusal(b"")
    assert "not a photograph" in refusal(b"GIF89a" + bytes(100))
    assert "folder" in refusal(tmp_path)
    assert "no file nowhere.jpg" in refusal(tmp_path / "nowhere.jpg")
    assert "could not be read" in refusal("a\0b.jpg")


def test_messages_never_name_the_folder(tmp_path):
    assert str(tmp_path) not in refusal(tmp_path / "nowhere.jpg")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")

    assert "not a file" in refusal(tmp_path / "pipe.jpg")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_a_forbidden_file_says_so(made, tmp_path):
    file = tmp_path / "secret.jpg"
    file.write_bytes(made.packed(made.picture()))
    file.chmod(0)

    assert "permissions" in refusal(file)


def test_a_wrong_ending_does_not_matter(made, tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(made.packed(made.picture(), "PNG"))

    assert read_photo(file).file_format == "PNG"


def test_a_jpeg_of_endless_scans_is_refused(made):
    data = made.packed(made.picture(), progressive=True)

    assert "progressive" in refusal(data[:-2] + b"\xff\xda" * 200 + data[-2:])


@given(st.binary(max_size=300))
def test_random_bytes_never_raise_anything_else(data):
    with pytest.raises(CicatrixError):
        read_photo(data)


HEADS = [
    b"\xff\xd8\xff\xe1",
    b"\x89PNG\r\n\x1a\n",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"II*\0\x10\0\0\0CR\x02\0",
]


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(HEADS), st.binary(max_size=400))
def test_random_bytes_after_a_true_signature_are_refused(head, rest):
    with pytest.raises(CicatrixError):
        read_photo(head + rest)


@pytest.fixture(scope="module")
def whole_files(made):
    """One file of every kind, by name: failures then print the name, not the bytes."""
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "Model"
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    options = {"exif": exif, "icc_profile": made.SRGB_PROFILE}
    files = {
        kind: made.packed(made.picture(), kind, **options)
        for kind in ("JPEG", "PNG", "TIFF")
    }
    deep = made.picture().astype(np.uint16) * 256
    files["LZW"] = made.packed(made.picture(), "TIFF", compression="tiff_lzw")
    files["16-bit TIFF"] = made.packed_16(deep, ".tiff")
    files["16-bit PNG"] = made.packed_16(deep, ".png")
    return files


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_altered_files_open_or_are_refused(whole_files, data):
    whole = whole_files[data.draw(st.sampled_from(sorted(whole_files)))]
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        # Headers are where the danger lies: most changes go there.
        limit = data.draw(st.sampled_from([64, 700, len(whole)]))
        place = data.draw(st.integers(0, min(limit, len(whole)) - 1))
        # TIFF keeps its directory at the end as often as at the start.
        if data.draw(st.booleans()):
            place = len(whole) - 1 - place
        changed[place] = data.draw(st.integers(0, 255))

    try:
        photo = read_photo(bytes(changed), max_pixels=1_000_000)
    except CicatrixError:
        return
    assert photo.encoded.shape[2] == 3
    assert np.isfinite(photo.linear()).all()


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "jpeg"])
def test_compressed_tiffs_open(made, compression):
    photo = read_photo(made.packed(made.picture(), "TIFF", compression=compression))

    assert np.abs(photo.encoded.astype(int) - made.picture()).max() <= 12


def test_big_endian_tiffs_open(made):
    pixels = made.picture()
    body = pixels.tobytes()
    entries = [
        (0x100, 3, 1, 96),
        (0x101, 3, 1, 72),
        (0x102, 3, 3, struct.pack(">3H", 8, 8, 8)),
        (0x103, 3, 1, 1),
        (0x106, 3, 1, 2),
        (0x111, 4, 1, 0),
        (0x115, 3, 1, 3),
        (0x116, 3, 1, 72),
        (0x117, 4, 1, len(body)),
    ]
    entries[5] = (0x111, 4, 1, len(made.tiff(entries, order=">")))

    photo = read_photo(made.tiff(entries, body, order=">"))

    assert np.array_equal(photo.encoded, pixels)
