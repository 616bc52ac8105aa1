"""What was made of a picture, kept for as long as the picture is in use."""

import weakref
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import numpy.typing as npt

__all__ = ["KeptBeside"]

_Made = TypeVar("_Made")


class KeptBeside(Generic[_Made]):
    """Things made of arrays that are never written to, each at the first asking."""

    def __init__(self) -> None:
        # By the identity of arrays that are still in use; dropped together with them.
        self._kept: dict[int, tuple[object, _Made]] = {}

    def get(
        self, array: npt.NDArray[Any], make: Callable[[], _Made], *, by: object = None
    ) -> _Made:
        """What `make` makes of an array (any shape), made anew where `by` is another.

        `by` is what else it was made with; the last one counts.
        """
        key = id(array)
        held = self._kept.get(key)
        if held is None or held[0] is not by:
            held = by, make()
            if key not in self._kept:
                weakref.finalize(array, self._kept.pop, key, None)
            self._kept[key] = held
        return held[1]
