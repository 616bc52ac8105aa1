"""A limit that does not fall from one pixel to the next."""

__all__ = ["share_below"]

_STEEPNESS = 6
"""From nine tenths to one tenth within about a factor of two."""


def share_below(value: float, limit: float) -> float:
    """1 for values (>= 0) far below a limit (> 0), a half at it, 0 far above."""
    return 1 / (1 + (value / limit) ** _STEEPNESS)
