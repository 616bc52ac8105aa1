"""The memory of a picture that nobody looks at any more serves the next one of its size."""

import weakref
from dataclasses import dataclass, field
from threading import RLock

import numpy as np
import numpy.typing as npt

__all__ = ["picture_memory"]

_Bytes = npt.NDArray[np.uint8]

_LEAST_BYTES = 8_000_000
"""Smaller ones are kept by the allocator itself."""

_MOST_BYTES = 150_000_000
"""Kept in all while no picture is open: two of 24 megapixels."""


@dataclass(slots=True)
class _Shelf:
    """Memory that waits for a picture.

    The lock is one that a thread may take twice: an array may be dropped, and its memory
    given back, at any moment.
    """

    lock: RLock = field(default_factory=RLock)
    free: list[_Bytes] = field(default_factory=list)

    def taken(self, size: int) -> _Bytes:
        """Memory of just that size; what is kept of other sizes is let go."""
        with self.lock:
            for at, memory in enumerate(self.free):
                if memory.size == size:
                    return self.free.pop(at)
            self.free.clear()
        return np.empty(size, np.uint8)

    def given_back(self, memory: _Bytes) -> None:
        """Nobody looks at it any more."""
        with self.lock:
            self.free.append(memory)
            while sum(one.size for one in self.free) > _MOST_BYTES:
                self.free.pop(0)


_shelf = _Shelf()


def picture_memory(shape: tuple[int, int, int]) -> _Bytes:
    """An array (rows, cols, channels) to be filled, which may hold anything.

    New memory is cleared by the system page by page: of a JPEG a seventh of the time that
    unpacking takes. Once neither the array nor any view of it is in use, its memory is
    kept for the next of its size.
    """
    rows, cols, channels = shape
    size = rows * cols * channels
    if not _LEAST_BYTES <= size <= _MOST_BYTES:
        return np.empty(shape, np.uint8)
    memory = _shelf.taken(size)
    # Through a memoryview: NumPy lets views hold on to the first array in line, which
    # would be `memory` itself, and nobody could tell when the last of them is dropped.
    flat: _Bytes = np.frombuffer(memory.data, np.uint8)
    weakref.finalize(flat, _shelf.given_back, memory).atexit = False
    return flat.reshape(shape)
