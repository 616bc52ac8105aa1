"""What may stand in the repository: no person's picture, no address, no machine's path."""

import re
from pathlib import Path

PICTURE_PLACES = ("src/cicatrix/phantom/", "docs/_static/")
PICTURE_ENDINGS = {
    *(".jpg", ".jpeg", ".png", ".tif", ".tiff", ".gif", ".bmp", ".webp"),
    *(".heic", ".heif", ".avif", ".dng", ".cr2", ".nef", ".arw", ".jp2"),
}
PICTURE_STARTS = (
    *(b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\x00", b"MM\x00*", b"GIF8", b"BM"),
    *(b"RIFF", b"\x00\x00\x00\x0cjP"),
)
WORK_ENDINGS = {".pkl", ".pickle", ".npy", ".part", ".orig", ".rej", ".log", ".pyc"}
"""What programs leave behind while one works."""

LARGEST_BYTES = 1_000_000
EXCEPTIONS = {
    "tests/photo/data/tiny.heic": "drawn by a program; the tests have no HEIC encoder",
}
LARGEST_EXCEPTION_BYTES = 8_000
"""Too little for a photograph of anybody."""

# A letter of each word stands in a class, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a package index": r"https?://\S*([p]ypi|[p]ythonhosted|/[s]imple\b)",
    "a machine's path": r"(?<![\w.~/-])/([w]ork|[r]oot|[h]ome|[o]pt|[t]mp|[U]sers)/\w",
    "the tools of the writer": r"\b([C]hatGPT|[C]laude|[A]nthropic|[O]penAI|[L]LMs?)\b",
    "an assistant": r"(?<![.])\b([A]I|language [m]odel|[p]rompt(s|ed)?|sub-?[a]gents?)\b",
    "a numbered ticket": r"\b([i]ssue|[p]ull request|[P]R) ?#\d+\b",
    "a source that is not public": r"[s]hared/facts|\b[h]ouse\.md\b",
}


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_picture_stands_outside_its_places(root, tracked):
    strays = [
        name
        for path in tracked
        if not (name := path.relative_to(root).as_posix()).startswith(PICTURE_PLACES)
        and (
            path.suffix.lower() in PICTURE_ENDINGS
            or path.read_bytes()[:12].startswith(PICTURE_STARTS)
            or path.read_bytes()[4:8] == b"ftyp"
        )
    ]

    assert [name for name in strays if name not in EXCEPTIONS] == []
    assert set(EXCEPTIONS) <= set(strays)
    for name in EXCEPTIONS:
        assert (root / name).stat().st_size <= LARGEST_EXCEPTION_BYTES


def test_nothing_that_programs_left_behind_is_kept(root, tracked):
    kept = [str(p.relative_to(root)) for p in tracked if p.suffix in WORK_ENDINGS]

    assert kept == []


def test_no_file_is_large(root, tracked):
    large = {
        str(path.relative_to(root)): size
        for path in tracked
        if (size := path.stat().st_size) > LARGEST_BYTES
    }

    assert large == {}


def test_no_file_names_an_address_a_path_or_a_tool_that_is_nobodys_business(
    root, tracked
):
    found = [
        f"{path.relative_to(root)}:{number}: {what}: {match[0]}"
        for path in tracked
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if (match := re.search(pattern, line))
    ]

    assert found == []


def test_the_patterns_find_what_they_forbid():
    bad = [
        "https://" + "py" + "pi.org/simple/x",
        "see /wo" + "rk/main/x",
        "by Chat" + "GPT",
        "an A" + "I wrote it",
        "iss" + "ue #12",
        "shared/" + "facts/x",
    ]

    for line, pattern in zip(bad, FORBIDDEN.values(), strict=True):
        assert re.search(pattern, line), (line, pattern)
