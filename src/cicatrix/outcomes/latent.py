"""The scale on which treatments, studies and patients add up."""

from typing import Any

import numpy as np

__all__ = ["full_effect"]

_SOFTNESS_PERCENT = 10.0
"""How gently the effect bends towards nothing, in points of percent.

Trials scatter by some twenty points; half of that keeps sums of effects straight where
most trials lie and never below nothing.
"""


def full_effect(level: Any, *, xp: Any = np) -> Any:
    """The improvement of a full course, in percent, from the sum of what bears on it.

    It is the level itself where that is large, and fades to nothing, never below, where
    the level is negative: a session cannot take away what another gave.

    Examples
    --------
    >>> [round(float(full_effect(v)), 1) for v in (-40.0, 0.0, 40.0)]
    [0.2, 6.9, 40.2]
    """
    return _SOFTNESS_PERCENT * xp.logaddexp(level / _SOFTNESS_PERCENT, 0.0)
