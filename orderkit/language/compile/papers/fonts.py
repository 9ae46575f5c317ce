"""Which characters a font file has, read from its own table (`cmap`) without drawing anything."""

import struct
from collections.abc import Callable

_SFNT = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_UNICODE = {(0, 3), (0, 4), (0, 6), (3, 1), (3, 10)}


class NotAFont(Exception):
    """Bytes that are no TrueType or OpenType font, or one without a table of Unicode characters."""


def characters_of(data: bytes) -> Callable[[str], bool]:
    """Return what answers whether a font has a character. Raises NotAFont."""
    if data[:4] not in _SFNT:
        raise NotAFont
    try:
        return _covers(data)
    except (struct.error, IndexError) as error:
        raise NotAFont from error


def _covers(data: bytes) -> Callable[[str], bool]:
    start = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, start + 2)
    ranges: list[tuple[int, int]] = []
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * number)
        if (platform, encoding) in _UNICODE:
            ranges += _ranges(data, start + offset)
    if not ranges:
        raise NotAFont
    return lambda character: any(first <= ord(character) <= last for first, last in ranges)


def _table(data: bytes, name: bytes) -> int:
    (count,) = struct.unpack_from(">H", data, 4)
    for number in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        if tag == name:
            return int(offset)
    raise NotAFont


def _ranges(data: bytes, at: int) -> list[tuple[int, int]]:
    """Return the ranges of characters of one table: format 4 up to U+FFFF, format 12 beyond."""
    (kind,) = struct.unpack_from(">H", data, at)
    if kind == 4:
        (twice,) = struct.unpack_from(">H", data, at + 6)
        lasts = struct.unpack_from(f">{twice // 2}H", data, at + 14)
        firsts = struct.unpack_from(f">{twice // 2}H", data, at + 16 + twice)
        # The last range is the end of the table, not a character.
        return [pair for pair in zip(firsts, lasts, strict=True) if pair[0] != 0xFFFF]
    if kind == 12:
        (groups,) = struct.unpack_from(">L", data, at + 12)
        return [struct.unpack_from(">LL", data, at + 16 + 12 * number) for number in range(groups)]
    return []
