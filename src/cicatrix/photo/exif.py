"""What the camera wrote into EXIF: when, how, and which way is up.

Only the tags named here are read. Place, owner and serial numbers never are.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from math import isfinite

from cicatrix.domain.capture import Capture
from cicatrix.photo.tiff_tags import TagReader, Tags, TagsBroken

__all__ = ["Exif", "read_exif"]

# EXIF 2.32 (CIPA DC-008-2019) tag numbers.
_MAKE, _MODEL, _ORIENTATION, _SOFTWARE = 0x010F, 0x0110, 0x0112, 0x0131
_EXIF_IFD, _INTEROP_IFD, _INTEROP_INDEX = 0x8769, 0xA005, 0x0001
_EXPOSURE_TIME, _F_NUMBER, _ISO, _BIAS = 0x829A, 0x829D, 0x8827, 0x9204
_FLASH, _FOCAL, _WHITE_BALANCE, _FOCAL_35 = 0x9209, 0x920A, 0xA403, 0xA405
_TAKEN, _TAKEN_OFFSET, _TAKEN_SUBSEC = 0x9003, 0x9011, 0x9291
_DIGITISED, _DIGITISED_OFFSET, _DIGITISED_SUBSEC = 0x9004, 0x9012, 0x9292
_NOTHING = Tags({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exif:
    """The facts used; the default is a file without EXIF.

    `adobe_rgb` is set where the DCF interoperability index names Adobe RGB, which
    cameras write in place of an ICC profile.
    """

    capture: Capture = field(default_factory=Capture)
    orientation: int = 1
    adobe_rgb: bool = False


def read_exif(block: bytes | None) -> Exif:
    """The facts of an EXIF block (with or without its `Exif` prefix), or of a TIFF.

    Damaged or missing tags become `None`, a block that is no EXIF the default: a
    photograph is never refused for its metadata.
    """
    if not block:
        return Exif()
    try:
        reader = TagReader(block.removeprefix(b"Exif\0\0"))
        main, _ = reader.directory_at_start()
    except TagsBroken:
        return Exif()
    photo = _sub_directory(reader, main, _EXIF_IFD)
    interop = _sub_directory(reader, photo, _INTEROP_IFD)
    orientation = main.integer(_ORIENTATION) or 1
    return Exif(
        capture=_capture(main, photo),
        orientation=orientation if 1 <= orientation <= 8 else 1,
        adobe_rgb=interop.text(_INTEROP_INDEX) == "R03",
    )


def _sub_directory(reader: TagReader, parent: Tags, tag: int) -> Tags:
    offset = parent.integer(tag)
    if offset is None:
        return _NOTHING
    try:
        return reader.directory(offset)[0]
    except TagsBroken:
        return _NOTHING


def _capture(main: Tags, photo: Tags) -> Capture:
    flash = photo.integer(_FLASH)
    return Capture(
        taken_at=_moment(photo, _TAKEN, _TAKEN_OFFSET, _TAKEN_SUBSEC)
        or _moment(photo, _DIGITISED, _DIGITISED_OFFSET, _DIGITISED_SUBSEC),
        exposure_time_s=_positive(photo.fraction(_EXPOSURE_TIME)),
        f_number=_positive(photo.fraction(_F_NUMBER)),
        iso=_positive(photo.fraction(_ISO)),
        exposure_bias_ev=_finite(photo.fraction(_BIAS)),
        flash_fired=None if flash is None else bool(flash & 1),
        focal_length_mm=_positive(photo.fraction(_FOCAL)),
        focal_length_35mm_mm=_positive(photo.fraction(_FOCAL_35)),
        white_balance={0: "automatic", 1: "manual"}.get(
            -1 if (code := photo.integer(_WHITE_BALANCE)) is None else code
        ),
        camera_make=main.text(_MAKE),
        camera_model=main.text(_MODEL),
        software=main.text(_SOFTWARE),
    )


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def _positive(value: float | None) -> float | None:
    """EXIF writes 0 for unknown."""
    return value if value is not None and isfinite(value) and value > 0 else None


def _moment(photo: Tags, when: int, offset: int, subsec: int) -> datetime | None:
    """The camera's clock; aware only where the file states the offset from UTC."""
    text = photo.text(when)
    if text is None:
        return None
    try:
        # Naive on purpose: most cameras do not know where they are.
        moment = datetime.strptime(text, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    digits = photo.text(subsec) or ""
    if digits.isascii() and digits.isdigit():
        moment = moment.replace(microsecond=int(digits[:6].ljust(6, "0")))
    zone = _zone(photo.text(offset))
    return moment if zone is None else moment.replace(tzinfo=zone)


def _zone(text: str | None) -> timezone | None:
    if text is None or len(text) != 6 or text[0] not in "+-" or text[3] != ":":
        return None
    hours, minutes = text[1:3], text[4:6]
    if not (hours + minutes).isascii() or not (hours + minutes).isdigit():
        return None
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    if shift >= timedelta(hours=24):
        return None
    return timezone(-shift if text[0] == "-" else shift)
