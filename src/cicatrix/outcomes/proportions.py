"""Intervals for a count out of a count, exact and after Jeffreys."""

__all__ = ["exact_interval", "jeffreys_interval"]

# scipy.special is loaded inside the functions: the command answers wrong usage at once.


def exact_interval(count: int, of: int, *, level: float = 0.95) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share: covers at least `level`, always.

    Parameters
    ----------
    count, of
        How many out of how many.
    level
        Nominal coverage, a fraction of one.

    Returns
    -------
    tuple of float
        Low and high, fractions of one.

    Examples
    --------
    >>> [round(end, 3) for end in exact_interval(0, 30)]
    [0.0, 0.116]
    """
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, tail))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, 1 - tail))
    return low, high


def jeffreys_interval(
    count: int, of: int, *, level: float = 0.95
) -> tuple[float, float]:
    """Jeffreys' interval of a share: shorter, right on average; 0 and 1 are reached.

    Examples
    --------
    >>> [round(end, 3) for end in jeffreys_interval(14, 253)]
    [0.032, 0.089]
    """
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    alpha, beta = count + 0.5, of - count + 0.5
    low = 0.0 if count == 0 else float(betaincinv(alpha, beta, tail))
    high = 1.0 if count == of else float(betaincinv(alpha, beta, 1 - tail))
    return low, high
