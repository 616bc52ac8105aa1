"""Masks of lesions as picture files: white where the lesion is."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from cicatrix.errors import PhotoTooLarge, PhotoUnreadable
from cicatrix.photo.bounds import MAX_PIXELS

__all__ = ["mask_png", "read_mask"]

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HALF = 127


def read_mask(path: Path) -> npt.NDArray[np.bool_]:
    """The mask (rows, cols) of a PNG: true where it is lighter than middle grey.

    Raises
    ------
    PhotoUnreadable
        The file is no PNG, is broken, or marks nothing or everything.
    PhotoTooLarge
        It would unpack to more pixels than a photograph may have.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PhotoUnreadable(
            f"The mask “{path.name}” cannot be opened ({error.strerror}), so the lesion "
            "is not known. Check its name and that you may read it."
        ) from error
    if not data.startswith(_PNG_SIGNATURE) or len(data) < 33:
        raise PhotoUnreadable(
            f"The mask “{path.name}” is not a PNG, so it cannot be trusted to the "
            "pixel. Save it as PNG, white on the lesion and black elsewhere."
        )
    # The first chunk of a PNG states its size: width and height at bytes 16 and 20.
    cols, rows = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
    if rows * cols > MAX_PIXELS:
        raise PhotoTooLarge(
            f"The mask “{path.name}” states {cols} × {rows} pixels, more than is "
            "unpacked. Make it the size of the photograph."
        )
    try:
        grey = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        grey = None
    if grey is None:
        raise PhotoUnreadable(
            f"The mask “{path.name}” is damaged, so the lesion is not known. Save it "
            "anew as PNG."
        )
    mask = np.asarray(grey > _HALF)
    if mask.all() or not mask.any():
        raise PhotoUnreadable(
            f"The mask “{path.name}” is of one colour, so it marks no lesion. Paint the "
            "lesion white and the rest black."
        )
    return mask


def mask_png(mask: npt.NDArray[np.bool_]) -> bytes:
    """The PNG of a mask (rows, cols) that `read_mask` reads back the same."""
    fine, data = cv2.imencode(".png", mask.astype(np.uint8) * 255)
    if not fine:
        raise ValueError(f"a mask of shape {mask.shape} cannot be a picture")
    return data.tobytes()
