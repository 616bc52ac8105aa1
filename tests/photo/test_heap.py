"""The allocator keeps what was freed."""

import ctypes
import subprocess
import sys

import pytest

_MAPPED = """
import ctypes
import numpy as np
from cicatrix.photo.heap import keep_freed_memory

class Told(ctypes.Structure):
    _fields_ = [(f"field_{n}", ctypes.c_size_t) for n in range(10)]

mallinfo2 = ctypes.CDLL(None).mallinfo2
mallinfo2.restype = Told

def mapped():
    before = mallinfo2().field_4
    block = np.empty(20 << 20, np.uint8)
    return mallinfo2().field_4 - before >= block.nbytes

first = mapped()
keep_freed_memory()
print(first, mapped())
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallinfo2"),
    reason="only glibc tells what it has mapped",
)
def test_large_blocks_come_from_the_heap_afterwards() -> None:
    told = subprocess.run(
        [sys.executable, "-c", _MAPPED], check=True, capture_output=True, text=True
    )
    assert told.stdout.split() == ["True", "False"]
