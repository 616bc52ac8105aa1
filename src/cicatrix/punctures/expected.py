"""What closed formulas say of punctures: of the geometry, and of complete randomness.

Densities are per mm². The random case is the Poisson process: every place is hit
independently of all others (Chiu et al., Stochastic Geometry and its Applications,
3rd ed., 2013, 2.3 and 3.1).
"""

from math import exp, log, pi, sqrt

__all__ = [
    "random_coverage",
    "random_nearest_mm",
    "random_overlap",
    "random_quantile_mm",
    "widest_wounded_fraction",
]


def random_nearest_mm(density_per_mm2: float) -> float:
    """Mean distance to the nearest other puncture.

    Examples
    --------
    >>> random_nearest_mm(4.0)
    0.25
    """
    return 1 / (2 * sqrt(density_per_mm2))


def random_coverage(density_per_mm2: float, radius_mm: float) -> float:
    """Share of the skin within a radius of a puncture."""
    return 1 - exp(-density_per_mm2 * pi * radius_mm**2)


def random_overlap(density_per_mm2: float, channel_mm: float) -> float:
    """Share of punctures whose channel touches another's."""
    return random_coverage(density_per_mm2, channel_mm)


def random_quantile_mm(density_per_mm2: float, share: float) -> float:
    """The distance within which a `share` of punctures has its nearest neighbour."""
    return sqrt(-log(1 - share) / (density_per_mm2 * pi))


def widest_wounded_fraction(
    density_per_mm2: float, *, channel_mm: float, slit_mm: float
) -> float:
    """Wounded share if every channel were drawn out to a slit and none met another."""
    one = pi * channel_mm**2 / 4 + channel_mm * slit_mm
    return min(1.0, density_per_mm2 * one)
