"""What the camera wrote down about a photograph."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Facts from the file's metadata; `None` means that the file does not say.

    `taken_at` is the camera's clock; it has a time zone only where the file states one.
    """

    taken_at: datetime | None = None
    exposure_time_s: float | None = None
    f_number: float | None = None
    iso: float | None = None
    exposure_bias_ev: float | None = None
    flash_fired: bool | None = None
    focal_length_mm: float | None = None
    focal_length_35mm_mm: float | None = None
    white_balance: str | None = None
    camera_make: str | None = None
    camera_model: str | None = None
    software: str | None = None
