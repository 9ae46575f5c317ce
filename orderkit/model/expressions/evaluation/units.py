"""Units of measure: what each measures and its exact size, so that conversion never goes through a float.

Packing units such as 件 and 箱 hold a different number in every project; they are a field of the product
(`qty * product.per_box`), not units here. The browser holds the same table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from orderkit.model.values.numbers import EXACT


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: what it measures, and how many base units of that it is."""

    dimension: str
    factor: Fraction


# Several names of one unit stand before its factor; each dimension counts in its first unit.
_TABLE = {
    "mass": "mg 毫克=1 g 克=1000 kg 千克 公斤=1000000 t 吨=1000000000 斤=500000 两=50000"
    " lb 磅=45359237/100 oz 盎司=45359237/1600",
    "length": "mm 毫米=1 cm 厘米=10 dm 分米=100 m 米=1000 km 千米 公里=1000000 in 英寸=127/5 ft 英尺=1524/5",
    "area": "mm2 平方毫米=1 cm2 平方厘米=100 m2 平方米=1000000 km2 平方公里=1000000000000"
    " ha 公顷=10000000000 亩=2000000000/3",
    "volume": "mm3 立方毫米=1 mL ml 毫升 cm3 立方厘米=1000 L l 升 dm3=1000000 m3 立方米 方=1000000000",
    "time": "s 秒=1 min 分钟=60 h 小时=3600 d 天=86400",
    "count": "pcs 个=1 dozen 打=12",
}


def _entries() -> Iterator[tuple[str, Unit]]:
    for dimension, text in _TABLE.items():
        waiting: list[str] = []
        for word in text.split():
            name, _, factor = word.partition("=")
            waiting.append(name)
            if factor:
                yield from ((each, Unit(dimension, Fraction(factor))) for each in waiting)
                waiting = []


UNITS: Mapping[str, Unit] = dict(_entries())
"""Every unit by each of its names."""


def factor_between(source: str, target: str) -> Fraction | None:
    """Return how many of `target` one `source` is; None where they do not measure the same."""
    first, second = UNITS.get(source), UNITS.get(target)
    if first is None or second is None or first.dimension != second.dimension:
        return None
    return first.factor / second.factor


def scaled(quantity: Decimal | int, factor: Fraction) -> tuple[Decimal, int]:
    """Return the quantity times a factor as a numerator and a denominator, both exact."""
    return EXACT.multiply(Decimal(quantity), factor.numerator), factor.denominator
