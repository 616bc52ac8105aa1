"""The day on which a photograph says it was taken."""

from datetime import date
from pathlib import Path

from cicatrix.photo.exif import read_exif
from cicatrix.photo.jpeg import read_header
from cicatrix.photo.reading import read_photo
from cicatrix.photo.signature import FileFormat, file_format

__all__ = ["taken_on"]


def taken_on(path: Path) -> date | None:
    """The day by the camera's clock, `None` where the file does not say.

    Only the head of a JPEG is looked at; other formats are opened.

    Raises
    ------
    PhotoUnusable
        The file cannot be opened as a photograph.
    """
    data = path.read_bytes()
    if file_format(data) is FileFormat.JPEG:
        capture = read_exif(read_header(path.name, data).exif).capture
    else:
        capture = read_photo(path).capture
    return None if capture.taken_at is None else capture.taken_at.date()
