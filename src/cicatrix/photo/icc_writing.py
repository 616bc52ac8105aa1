"""The smallest ICC profile that says: these numbers are linear sRGB light."""

import struct
from functools import lru_cache

__all__ = ["linear_srgb_profile"]

# sRGB primaries and white adapted to D50 by Bradford, as ICC asks (IEC 61966-2-1 annex).
_PRIMARIES_D50 = (
    (0.43607, 0.22249, 0.01392),
    (0.38515, 0.71687, 0.09708),
    (0.14307, 0.06061, 0.71410),
)
_WHITE_D50 = (0.9642, 1.0, 0.8249)


@lru_cache(maxsize=1)
def linear_srgb_profile() -> bytes:
    """A version 2 matrix profile with straight tone curves (ICC.1:2001-04)."""
    straight = b"curv" + bytes(4) + struct.pack(">I", 0) + bytes(0)
    name = b"linear sRGB"
    described = (
        b"desc"
        + bytes(4)
        + struct.pack(">I", len(name) + 1)
        + name
        + b"\0"
        + bytes(4 + 4 + 2 + 1 + 67)
    )
    text = b"text" + bytes(4) + b"No copyright, use freely\0"
    blocks = {
        b"desc": described,
        b"cprt": text,
        b"wtpt": _xyz(_WHITE_D50),
        b"rXYZ": _xyz(_PRIMARIES_D50[0]),
        b"gXYZ": _xyz(_PRIMARIES_D50[1]),
        b"bXYZ": _xyz(_PRIMARIES_D50[2]),
        b"rTRC": straight,
        b"gTRC": straight,
        b"bTRC": straight,
    }
    table, body = struct.pack(">I", len(blocks)), b""
    start = 128 + 4 + 12 * len(blocks)
    for tag, block in blocks.items():
        table += struct.pack(">4sII", tag, start + len(body), len(block))
        body += block + bytes(-len(block) % 4)
    size = 128 + len(table) + len(body)
    return _header(size) + table + body


def _fixed(value: float) -> int:
    return round(value * 65536)


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(_fixed(v) for v in values))


def _header(size: int) -> bytes:
    head = struct.pack(">I", size) + bytes(4) + struct.pack(">I", 0x02400000)
    head += b"mntrRGB XYZ " + struct.pack(">6H", 2025, 1, 1, 0, 0, 0) + b"acsp"
    head += bytes(4 * 7) + struct.pack(">3i", *(_fixed(v) for v in _WHITE_D50))
    return head + bytes(128 - len(head))
