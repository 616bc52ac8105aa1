"""How much of the full effect is there after some sessions and weeks."""

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["FULL_SESSIONS", "FULL_WEEKS", "share_of_full", "share_on_day"]

FULL_SESSIONS = 4
"""Sessions of the course whose effect is called full: the median of the trials."""

FULL_WEEKS = 12.0
"""Weeks after the last session at which the effect is called full: the usual visit."""

_FULL_INTERVAL_WEEKS = 4.0
_MOST_SESSIONS = 20


def _matured(weeks: Any, at_once: Any, settling_weeks: Any, xp: Any) -> Any:
    """The share of one session's effect that is there some weeks after it."""
    return 1 - (1 - at_once) * xp.exp(-weeks / settling_weeks)


def share_of_full(
    sessions: Any,
    *,
    interval_weeks: Any,
    weeks_after: Any,
    shape: tuple[Any, Any, Any],
    xp: Any = np,
) -> Any:
    """The effect of a course as a share of four monthly sessions seen after twelve weeks.

    Every session adds less than the one before it, as `1 - exp(-k / k0)`, and what it
    adds grows from a share `at_once` towards all of it with `settling_weeks`. So neither
    a further session nor a further week ever lowers the share.

    Parameters
    ----------
    sessions
        Whole number of sessions, array or scalar, at most 20.
    interval_weeks, weeks_after
        Weeks between sessions, and since the last one.
    shape
        `k0`, `at_once`, `settling_weeks`, arrays that broadcast against the rest.
    xp
        The array library: NumPy, or that of the sampler.
    """
    sessions_to_most, at_once, settling_weeks = shape
    sessions, interval_weeks, weeks_after = (
        xp.asarray(v)[..., None] for v in (sessions, interval_weeks, weeks_after)
    )
    k0, at_once, settling = (
        xp.asarray(v)[..., None] for v in (sessions_to_most, at_once, settling_weeks)
    )
    number = xp.arange(1, _MOST_SESSIONS + 1)
    weeks = weeks_after + (sessions - number) * interval_weeks
    added = xp.exp(-(number - 1) / k0) - xp.exp(-number / k0)
    done = number <= sessions
    own = xp.where(
        done, added * _matured(xp.where(done, weeks, 0.0), at_once, settling, xp), 0.0
    )
    full = xp.arange(1, FULL_SESSIONS + 1)
    full_added = xp.exp(-(full - 1) / k0) - xp.exp(-full / k0)
    full_weeks = FULL_WEEKS + (FULL_SESSIONS - full) * _FULL_INTERVAL_WEEKS
    whole = full_added * _matured(full_weeks, at_once, settling, xp)
    return own.sum(-1) / whole.sum(-1)


def share_on_day(
    session_days: Sequence[float],
    day: float,
    *,
    shape: tuple[Any, Any, Any],
) -> Any:
    """The share that is there on a day of a course with its own session days.

    Parameters
    ----------
    session_days
        Days of all sessions in order; those after `day` have not happened yet.
    day
        The day asked about, on the same count.
    shape
        As in `share_of_full`.
    """
    k0, at_once, settling = (np.asarray(v, dtype=float) for v in shape)
    full = np.zeros(np.broadcast(k0, at_once, settling).shape)
    own = np.zeros_like(full)
    for number in range(1, FULL_SESSIONS + 1):
        weeks = FULL_WEEKS + (FULL_SESSIONS - number) * _FULL_INTERVAL_WEEKS
        full = full + _added(number, k0) * _matured(weeks, at_once, settling, np)
    for number, session_day in enumerate(session_days, start=1):
        if session_day <= day:
            weeks = (day - session_day) / 7
            own = own + _added(number, k0) * _matured(weeks, at_once, settling, np)
    return own / full


def _added(number: int, k0: Any) -> Any:
    return np.exp(-(number - 1) / k0) - np.exp(-number / k0)
