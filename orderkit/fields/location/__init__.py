"""Places on the map."""

import re
from decimal import Decimal

from orderkit.fields.field_type import Accepts, Invalid, Rejects
from orderkit.fields.one_line import OneLine
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label as bilingual
from orderkit.model.options import OptionModel
from orderkit.model.values.numbers import plain_text

_TYPED = re.compile(r"([+-]?\d{1,3}(?:\.\d{1,12})?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d{1,12})?)")
_STEP = Decimal("0.000001")
NOT_A_PLACE = Invalid(
    bilingual(zh="不是坐标", en="not a place on the map"),
    bilingual(zh="纬度,经度，例如 31.2304,121.4737", en="latitude,longitude such as 31.2304,121.4737"),
)


class LocationOptions(OptionModel):
    """A location field has no options of its own."""


class Location(OneLine[LocationOptions]):
    """A place by latitude and longitude (WGS 84), to a tenth of a metre."""

    name = "location"
    label = bilingual(zh="位置", en="Location")
    description = bilingual(zh="地图上的位置，如送货地点", en="A place on the map, such as where to deliver")
    Options = LocationOptions
    reader = "place"
    examples = (
        Accepts("31.2304,121.4737", "31.2304,121.4737", "31.2304,121.4737"),
        Accepts(" 31.23040, 121.4737001 ", "31.2304,121.4737"),
        Accepts("３１．２３，１２１．４７", "31.23,121.47"),
        Accepts("-33.9 18.4", "-33.9,18.4"),
        Accepts("", None, ""),
        Rejects("121.4737,31.2304"),
        Rejects("31.2304"),
        Rejects("上海"),
    )

    def canonical(self, options: LocationOptions, text: str) -> str | Invalid:
        """Return both degrees with at most six decimal places."""
        found = _TYPED.fullmatch(text)
        if found is None:
            return NOT_A_PLACE
        latitude, longitude = (Decimal(each).quantize(_STEP) for each in found.groups())
        if abs(latitude) > 90 or abs(longitude) > 180:
            return NOT_A_PLACE
        return f"{plain_text(latitude)},{plain_text(longitude)}"

    def from_json(self, options: LocationOptions, value: object) -> Scalar | Invalid:
        """Read `{"lat": 31.2304, "lng": 121.4737}`, or the text."""
        if isinstance(value, dict):
            value = f"{value.get('lat')},{value.get('lng')}" if value.keys() == {"lat", "lng"} else "?"
        return super().from_json(options, value)

    def to_json(self, options: LocationOptions, value: Scalar) -> object:
        """Return latitude and longitude as numbers."""
        if not isinstance(value, str):
            return None
        latitude, _, longitude = value.partition(",")
        return {"lat": float(latitude), "lng": float(longitude)}

    def json_schema(self, options: LocationOptions) -> dict[str, object]:
        """Return an object of two numbers."""
        return {
            "type": "object",
            "required": ["lat", "lng"],
            "additionalProperties": False,
            "properties": {
                "lat": {"type": "number", "minimum": -90, "maximum": 90},
                "lng": {"type": "number", "minimum": -180, "maximum": 180},
            },
        }


TYPE = Location()
