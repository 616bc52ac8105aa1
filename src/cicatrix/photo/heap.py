"""Freed memory is kept for the next picture instead of going back to the system."""

from functools import lru_cache

import numpy as np

__all__ = ["keep_freed_memory"]

_KEPT_BYTES = 31 << 20
"""glibc keeps blocks up to the size of the largest that it has seen freed, and twice as much
at the end of its heap; from 32 MiB on (DEFAULT_MMAP_THRESHOLD_MAX) it learns no more."""


@lru_cache(maxsize=1)
def keep_freed_memory() -> None:
    """Let the allocator keep blocks of up to 31 MiB that are freed.

    Otherwise the heap shrinks and grows again with each pair: 12,000 page faults, of which
    700 are left. The block is never written to, so it takes no memory; allocators other
    than glibc's are left as they are.
    """
    np.empty(_KEPT_BYTES, dtype=np.uint8)
