"""How small and how large a picture may be, decided before its pixels are unpacked."""

from cicatrix.errors import PhotoTooLarge, PhotoUnreadable

__all__ = ["MAX_PIXELS", "MIN_SIDE_PX", "checked_size"]

MAX_PIXELS = 120_000_000
"""120 MP unpack to 360 MB at 8 bit: above the largest phone and full-frame cameras
(108 MP), below what would drive a laptop into swapping."""

MIN_SIDE_PX = 64
"""Below this no scar and the ring of skin around it can be told apart; a thumbnail."""


def checked_size(
    name: str, width_px: int, height_px: int, max_pixels: int
) -> tuple[int, int]:
    """(width_px, height_px) unchanged, if a picture of this size may be unpacked.

    Raises
    ------
    PhotoUnreadable
        A side is shorter than `MIN_SIDE_PX`, or the header states no size.
    PhotoTooLarge
        There are more than `max_pixels` pixels.
    """
    if min(width_px, height_px) < MIN_SIDE_PX:
        raise PhotoUnreadable(
            f"{name} measures {width_px} x {height_px} pixels; at least {MIN_SIDE_PX} "
            "are needed on each side to tell a scar from its skin. Use the original "
            "photograph, not a thumbnail."
        )
    if width_px * height_px > max_pixels:
        raise PhotoTooLarge(
            f"{name} would unpack to {width_px} x {height_px} pixels, "
            f"{width_px * height_px / 1e6:.0f} megapixels; the limit is "
            f"{max_pixels / 1e6:.0f}, which guards this machine's memory. If it "
            "really is a photograph, save it at a smaller size."
        )
    return width_px, height_px
