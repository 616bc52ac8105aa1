"""Whatever is wrong is told in one message, and nothing half-done is left behind."""

import io
import json
import os
import shutil
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image


def png(width, height, *, depth=8):
    """A PNG that states a size and holds next to no pixels."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def saved(picture, kind, **options):
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def flat_rgb(width, height):
    return Image.new("RGB", (width, height), (180, 140, 120))


BAD_FILES = {
    "not an image": (b"Dear doctor, " * 50, "photo-unreadable", "not a photograph"),
    "nothing": (b"", "photo-unreadable", "is empty"),
    "a bomb": (png(60_000, 60_000), "photo-too-large", "3600 megapixels"),
    "0 x 0": (png(0, 0), "photo-unreadable", "0 x 0"),
    "1 x 1": (saved(flat_rgb(1, 1), "PNG"), "photo-unreadable", "1 x 1 pixels"),
    "less than it says": (png(800, 600), "photo-unreadable", "damaged PNG"),
    "CMYK": (
        saved(flat_rgb(800, 600).convert("CMYK"), "JPEG"),
        "photo-unreadable",
        "CMYK",
    ),
    "grey": (
        saved(flat_rgb(800, 600).convert("L"), "PNG"),
        "photo-unreadable",
        "a grey picture",
    ),
}


def one_message(told, code):
    """The message of an error, if that is all that was said."""
    assert told.exit_code == 1, told.output
    assert told.exception is None or isinstance(told.exception, SystemExit)
    assert told.stdout == ""
    start = f"Error [{code}]: "
    assert told.stderr.startswith(start), told.stderr
    message = told.stderr.removeprefix(start).strip()
    assert "Traceback" not in message
    assert len(message.split(". ")) >= 2, "what was found, and what to do next"
    assert os.sep + "tmp" not in message
    return message


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_one_message_and_nothing_is_written(
    run, story, tmp_path, kind, place
):
    data, code, found = BAD_FILES[kind]
    (tmp_path / "bad.jpg").write_bytes(data)
    good = story.folder / "before.jpg"
    pair = ["bad.jpg", good] if place == "before" else [good, "bad.jpg"]

    told = run("compare", *pair, "--lesion", story.click, "--json", "result.json")

    message = one_message(told, code)
    assert found in message
    assert "bad.jpg" in message
    assert [path.name for path in tmp_path.iterdir()] == ["bad.jpg"]


def test_a_jpeg_cut_short_is_refused(run, story, tmp_path):
    whole = (story.folder / "before.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 2])

    told = run("compare", "cut.jpg", "cut.jpg", "--lesion", story.click)

    assert "cut short" in one_message(told, "photo-unreadable")
    assert [path.name for path in tmp_path.iterdir()] == ["cut.jpg"]


def test_sixteen_bits_open_as_eight_do(run, story, tmp_path):
    deep = story.before.encoded[:, :, ::-1].astype(np.uint16) * 257
    cv2.imwrite(str(tmp_path / "deep.png"), deep)

    told = run("outline", "deep.png", "--lesion", story.click, "-o", "scar.png")

    assert told.exit_code == 0, told.output
    scar = cv2.imread(str(tmp_path / "scar.png"), cv2.IMREAD_GRAYSCALE) > 0
    truth = story.before.truth.lesion_mask
    assert 2 * (scar & truth).sum() / (scar.sum() + truth.sum()) > 0.8


@pytest.mark.parametrize(
    ("point", "found"),
    [
        ("5000,20", "outside the photograph of 1000 x 750 px"),
        ("480,560", "off the skin"),
        ("999,749", "stands out"),
    ],
)
def test_a_point_off_the_photograph_the_skin_or_the_scar_is_told(
    run, story, tmp_path, point, found
):
    photo = story.folder / "before.jpg"

    told = run("outline", photo, "--lesion", point, "-o", "scar.png")

    assert found in one_message(told, "lesion-not-found")
    assert list(tmp_path.iterdir()) == []


def test_a_comparison_that_cannot_be_made_is_noticed_by_a_script(run, story, tmp_path):
    pair = [story.folder / "before.jpg", story.folder / "faded.jpg"]

    told = run("compare", *pair, "--lesion", "480,560", "--json", "result.json")

    assert told.exit_code == 3
    assert "off the skin" in told.stdout
    comparison = json.loads((tmp_path / "result.json").read_text())["comparison"]
    assert comparison["fade"]["verdict"] == "not measurable"
    assert comparison["fade"]["estimate_fraction"] is None
    assert "off the skin" in comparison["reason"]
    assert "off the skin" in (tmp_path / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("option", "place", "found"),
    [
        ("--grey", "9999,3", "outside of before.jpg"),
        ("--card-corners", "0,0,2000,0,2000,900,0,900", "outside of before.jpg"),
        ("--card-corners", "5,5,5,5,5,5,5,5", "clockwise"),
        ("--card-corners", "0,0,100,100,200,200,300,300", "clockwise"),
        ("--card-corners", "0,0,0,400,600,400,600,0", "clockwise"),
    ],
)
def test_a_reference_where_none_can_be_is_told(
    run, story, tmp_path, option, place, found
):
    pair = [story.folder / "before.jpg", story.folder / "faded.jpg"]

    told = run("compare", *pair, "--lesion", story.click, option, place)

    assert found in one_message(told, "reference-unusable")
    assert list(tmp_path.iterdir()) == []


LESION = """[[lesion]]
name = "chin"
point_xy = [510, 234]
"""


def visit(name, day=None):
    dated = "" if day is None else f"date = {day}\n"
    return f'[[visit]]\n{dated}photos = ["photos/{name}.jpg"]\n'


BAD_CASES = {
    "no list": (None, "no case.toml"),
    "an empty list": ("", "is empty"),
    "no TOML": ("[case\n", "not valid TOML"),
    "a missing photo": (
        LESION + visit("before", "2025-01-01") + visit("zz", "2025-02-01"),
        "“photos/zz.jpg”, and there is no such file",
    ),
    "dates in the wrong order": (
        LESION + visit("before", "2025-03-01") + visit("faded", "2025-02-01"),
        "before the visit above it (2025-03-01)",
    ),
    "one visit": (LESION + visit("before", "2025-03-01"), "a change needs two"),
    "the same photo twice": (
        LESION + visit("before", "2025-03-01") + visit("before", "2025-04-01"),
        "which visit 1 uses too",
    ),
    "no date anywhere": (
        LESION + visit("before") + visit("undated"),
        "“undated.jpg” does not say when it was taken",
    ),
    "a photo outside": (
        LESION + visit("before", "2025-03-01") + visit("../../x", "2025-04-01"),
        "outside the case's folder",
    ),
}


@pytest.mark.parametrize("kind", BAD_CASES)
def test_a_bad_casebook_is_one_message_and_nothing_is_written(
    run, story, tmp_path, kind
):
    text, found = BAD_CASES[kind]
    photos = tmp_path / "case" / "photos"
    photos.mkdir(parents=True)
    for name in ("before", "faded"):
        shutil.copy(story.folder / f"{name}.jpg", photos)
    (photos / "undated.jpg").write_bytes(saved(flat_rgb(80, 60), "JPEG"))
    if text is not None:
        (photos.parent / "case.toml").write_text(text)
    before = sorted(tmp_path.rglob("*"))

    told = run("measure", "case", "--json", "result.json")

    message = one_message(told, "casebook-invalid")
    assert found in message
    assert sorted(tmp_path.rglob("*")) == before


def test_a_case_with_an_unreadable_photo_leaves_no_report(run, story, tmp_path):
    photos = tmp_path / "case" / "photos"
    photos.mkdir(parents=True)
    (photos / "before.jpg").write_text("hello")
    shutil.copy(story.folder / "faded.jpg", photos)
    (photos.parent / "case.toml").write_text(
        LESION + visit("before", "2025-01-01") + visit("faded", "2025-02-01")
    )

    told = run("measure", "case")

    assert "before.jpg" in one_message(told, "photo-unreadable")
    assert not (tmp_path / "case" / "report.html").exists()


WRITING = [
    ("compare", "BEFORE", "FADED", "--lesion", "CLICK", "--report", "OUT"),
    ("compare", "BEFORE", "FADED", "--lesion", "CLICK", "--json", "OUT"),
    ("outline", "BEFORE", "--lesion", "CLICK", "-o", "OUT"),
    ("card", "OUT"),
]
# The phantom's folder is made where it is not there.
UNWRITABLE = [
    *((command, out) for command in WRITING for out in ("file/out", "nowhere/out")),
    (("phantom", "OUT", "--visits", "2"), "file/out"),
]


@pytest.mark.parametrize(("command", "out"), UNWRITABLE)
def test_where_nothing_can_be_written_is_told_before_the_work(
    run, story, tmp_path, command, out
):
    (tmp_path / "file").write_text("mine")
    words = {
        "BEFORE": story.folder / "before.jpg",
        "FADED": story.folder / "faded.jpg",
        "CLICK": story.click,
        "OUT": out,
    }

    told = run(*(words.get(word, word) for word in command))

    assert "written" in one_message(told, "output-unwritable")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "mine"


def test_a_read_only_folder_is_told_before_the_work(run, story, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    pair = [story.folder / "before.jpg", story.folder / "faded.jpg"]

    told = run("compare", *pair, "--lesion", story.click, "--report", "closed/r.html")

    assert "cannot be written" in one_message(told, "output-unwritable")
    assert list(closed.iterdir()) == []
