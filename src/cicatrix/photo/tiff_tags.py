"""Tags of a TIFF directory, which EXIF uses too: read within bounds, never trusted.

Pillow reads EXIF as well, but answers damaged tags by process-wide warnings and a
wide choice of exceptions; this reader has one error and looks at few tags.
"""

import struct
from collections.abc import Iterator, Mapping

__all__ = ["TagReader", "Tags", "TagsBroken"]

_MAX_ENTRIES = 512
"""Camera files have about 60 tags in a directory; more is damage."""

_MAX_VALUES = 1_000_000
"""Longest list that is unpacked: strip offsets of a tall picture, an ICC profile."""

# Type code: struct letter and bytes (TIFF 6.0, section 2).
_TYPES = {
    1: ("B", 1),
    2: ("s", 1),
    3: ("H", 2),
    4: ("I", 4),
    5: ("I", 8),
    6: ("b", 1),
    7: ("s", 1),
    8: ("h", 2),
    9: ("i", 4),
    10: ("i", 8),
    13: ("I", 4),
}
_RATIONAL, _SIGNED_RATIONAL = 5, 10

Value = bytes | tuple[int, ...] | tuple[tuple[int, int], ...]


class TagsBroken(Exception):
    """The bytes are not a readable TIFF directory; the caller decides what it costs."""


class Tags(Mapping[int, Value]):
    """Tags of one directory; asking wrongly typed tags answers `None`, no error."""

    def __init__(self, values: dict[int, Value]) -> None:
        self._values = values

    def __getitem__(self, tag: int) -> Value:
        return self._values[tag]

    def __iter__(self) -> Iterator[int]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def raw(self, tag: int) -> bytes | None:
        """The bytes of a text or opaque tag."""
        value = self._values.get(tag)
        return value if isinstance(value, bytes) else None

    def text(self, tag: int) -> str | None:
        """The printable part of a text tag, at most 100 characters, or `None`."""
        value = self.raw(tag)
        if value is None:
            return None
        plain = value.split(b"\0", 1)[0].decode("utf-8", "replace")
        shown = "".join(c for c in plain if c.isprintable()).strip()
        return shown[:100] or None

    def integers(self, tag: int) -> tuple[int, ...]:
        """All whole numbers of a tag; empty where there are none."""
        value = self._values.get(tag)
        if value is None or isinstance(value, bytes):
            return ()
        return tuple(v for v in value if isinstance(v, int))

    def integer(self, tag: int) -> int | None:
        """The first whole number of a tag, or `None`."""
        return next(iter(self.integers(tag)), None)

    def fraction(self, tag: int) -> float | None:
        """The first rational (or whole) number of a tag; `None` for n/0."""
        value = self._values.get(tag)
        if value is None or isinstance(value, bytes) or not value:
            return None
        first = value[0]
        if isinstance(first, int):
            return float(first)
        return first[0] / first[1] if first[1] else None


class TagReader:
    """Reads directories out of `data`, which starts with a TIFF header."""

    def __init__(self, data: bytes) -> None:
        order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
        if order is None:
            raise TagsBroken("no TIFF header")
        self._data = data
        self._order = order

    def directory_at_start(self) -> tuple[Tags, int]:
        """The first directory, and the offset of the next (0 = none)."""
        return self.directory(self._unpack("I", 4)[0])

    def directory(self, offset: int) -> tuple[Tags, int]:
        """The directory at `offset`, and the offset of the next (0 = none).

        Raises
        ------
        TagsBroken
            It reaches beyond the data, or is too long to be one.
        """
        count = self._unpack("H", offset)[0]
        if count > _MAX_ENTRIES:
            raise TagsBroken("too many tags")
        values: dict[int, Value] = {}
        for index in range(count):
            at = offset + 2 + 12 * index
            tag, kind, length = self._unpack("HHI", at)
            try:
                values.setdefault(tag, self._value(kind, length, at + 8))
            except TagsBroken:
                continue  # one damaged tag does not spoil the others
        try:
            following = self._unpack("I", offset + 2 + 12 * count)[0]
        except TagsBroken:
            following = 0
        return Tags(values), following

    def _value(self, kind: int, length: int, at: int) -> Value:
        if kind not in _TYPES or length > _MAX_VALUES:
            raise TagsBroken("unknown type or too long")
        letter, width = _TYPES[kind]
        if length * width > 4:
            at = self._unpack("I", at)[0]
        if letter == "s":
            return self._slice(at, length)
        if kind in (_RATIONAL, _SIGNED_RATIONAL):
            flat = self._unpack(f"{2 * length}{letter}", at)
            return tuple(zip(flat[0::2], flat[1::2], strict=True))
        return self._unpack(f"{length}{letter}", at)

    def _slice(self, at: int, length: int) -> bytes:
        if at + length > len(self._data):
            raise TagsBroken("beyond the end")
        return self._data[at : at + length]

    def _unpack(self, letters: str, at: int) -> tuple[int, ...]:
        try:
            return struct.unpack_from(self._order + letters, self._data, at)
        except struct.error as error:
            raise TagsBroken("beyond the end") from error
