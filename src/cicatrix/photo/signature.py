"""Which of the named formats a file is, from its first bytes and never from its name."""

from enum import StrEnum

from cicatrix.photo.tiff_tags import TagReader, TagsBroken

__all__ = ["HEAD_BYTES", "FileFormat", "file_format"]

HEAD_BYTES = 64
"""Enough to know every format but a raw file that is built as a TIFF."""

_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
)
# Raw files with a signature of their own: Fujifilm, Olympus (3), Panasonic, Sigma.
_RAW_HEADS = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb")
_TIFF_HEADS = (b"II*\0", b"MM\0*")

_DNG_VERSION, _SUB_IFDS, _SUBFILE_TYPE, _PHOTOMETRIC = 0xC612, 0x014A, 0x00FE, 0x0106
_COLOUR_FILTER_ARRAY, _LINEAR_RAW = 32803, 34892


class FileFormat(StrEnum):
    """The formats that are tried; anything else is refused unopened."""

    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    HEIC = "HEIC"
    RAW = "camera raw"


def file_format(data: bytes) -> FileFormat | None:
    """The format that the leading bytes announce, `None` for any other file.

    Camera raw files built as TIFF (DNG, NEF, ARW, CR2) are told from pictures by
    their tags, so they need the whole file; all others the first `HEAD_BYTES`.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return FileFormat.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileFormat.PNG
    if data.startswith(_TIFF_HEADS):
        return FileFormat.RAW if _is_raw_tiff(data) else FileFormat.TIFF
    if data.startswith(_RAW_HEADS):
        return FileFormat.RAW
    return _boxed_format(data)


def _boxed_format(data: bytes) -> FileFormat | None:
    """HEIC and Canon's CR3 share the ISO base media box layout."""
    if data[4:8] != b"ftyp":
        return None
    brand = data[8:12]
    if brand == b"crx ":
        return FileFormat.RAW
    return FileFormat.HEIC if brand in _HEIC_BRANDS else None


def _is_raw_tiff(data: bytes) -> bool:
    if data[8:10] == b"CR":
        return True
    try:
        tags, _ = TagReader(data).directory_at_start()
    except TagsBroken:
        return False
    photometric = tags.integer(_PHOTOMETRIC)
    # NEF and ARW keep a preview first and the sensor's data in a sub-directory.
    preview_first = bool((tags.integer(_SUBFILE_TYPE) or 0) & 1) and _SUB_IFDS in tags
    return (
        _DNG_VERSION in tags
        or preview_first
        or photometric in (_COLOUR_FILTER_ARRAY, _LINEAR_RAW)
    )
