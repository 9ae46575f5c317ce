"""Takes a Chinese address in one line apart: 省, 市, 区 or 县, and what is left."""

import re
from typing import NamedTuple


class Parts(NamedTuple):
    """The parts of an address, empty where they are not there."""

    province: str
    city: str
    district: str
    street: str


PARTS = Parts._fields

_MUNICIPALITY = re.compile(r"(北京|上海|天津|重庆)(?:市)?\s*")
_PROVINCE = re.compile(
    r"(内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区|[香澳][港门]特别行政区|[^\s省市区县]{2,3}省)\s*"
)
_CITY = re.compile(r"([^\s市区县旗]{1,10}?(?:自治州|地区|市|盟))\s*")
_DISTRICT = re.compile(r"([^\s市区县旗路街道号]{1,10}?(?:新区|区|自治县|县|市|自治旗|旗))\s*")
# A slash that stands alone; one within a street (`3/4`) parts nothing.
_BETWEEN = re.compile(r"(?<!\S)/(?!\S)")


def read_parts(line: str) -> Parts:
    """Return the parts of an address in one line; what cannot be told apart is the street."""
    given = _BETWEEN.split(line)
    if len(given) == len(PARTS):
        return Parts(*(each.strip() for each in given))
    rest = line
    province = city = district = ""
    municipality = _MUNICIPALITY.match(rest)
    if municipality is not None:
        province = city = f"{municipality[1]}市"
        rest = rest[municipality.end() :]
        again = re.match(rf"{city}\s*", rest)
        rest = rest[again.end() :] if again is not None else rest
    else:
        found = _PROVINCE.match(rest)
        if found is not None:
            province, rest = found[1], rest[found.end() :]
        found = _CITY.match(rest)
        if found is not None:
            city, rest = found[1], rest[found.end() :]
    found = _DISTRICT.match(rest) if province or city else None
    if found is not None:
        district, rest = found[1], rest[found.end() :]
    return Parts(province, city, district, rest.strip())


def split(value: str) -> Parts:
    """Return the parts of an address as it is kept."""
    return Parts(*([*value.split("|"), "", "", "", ""])[: len(PARTS)])


def joined(parts: Parts) -> str:
    """Return an address in one line; a municipality, which is its own city, is named once."""
    return "".join(parts[1:] if parts.province == parts.city else parts)
