"""Postal addresses: province, city, district and street."""

from typing import Annotated

from orderkit.fields.address.parts import PARTS, Parts, joined, read_parts, split
from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.typed_text import read_text, too_long
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Address as AddressType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel

_LONGEST = 300
NOT_AN_ADDRESS = Invalid(
    bilingual(zh="不是地址", en="not an address"),
    bilingual(
        zh="地址，例如 江苏省南京市玄武区中山路1号", en="an address such as 江苏省南京市玄武区中山路1号"
    ),
)
_INCOMPLETE = Invalid(
    bilingual(zh="地址不完整", en="the address is not complete"),
    bilingual(zh="省、市、区县和街道", en="province, city, district and street"),
)


class AddressOptions(OptionModel):
    """`complete` refuses an address without province, city or street."""

    complete: Annotated[
        bool, About("是否必须写全省、市和街道", "whether province, city and street must be there", "true")
    ] = False


class Address(FieldType[AddressOptions]):
    """An address in four parts, kept as `province|city|district|street`; expressions read each part."""

    name = "address"
    label = bilingual(zh="地址", en="Address")
    description = bilingual(
        zh="省市区和街道，如收货地址", en="Province, city, district and street, such as where to deliver"
    )
    column = ColumnKind.TEXT
    reader = "address"
    Options = AddressOptions
    examples = (
        Accepts(
            "江苏省南京市玄武区中山路1号", "江苏省|南京市|玄武区|中山路1号", "江苏省南京市玄武区中山路1号"
        ),
        Accepts(
            "上海市浦东新区世纪大道100号",
            "上海市|上海市|浦东新区|世纪大道100号",
            "上海市浦东新区世纪大道100号",
        ),
        Accepts(
            "新疆维吾尔自治区伊犁哈萨克自治州伊宁市解放路5号",
            "新疆维吾尔自治区|伊犁哈萨克自治州|伊宁市|解放路5号",
        ),
        Accepts("江苏省 昆山市 人民路 8 号", "江苏省|昆山市||人民路 8 号"),
        Accepts("中山路1号", "|||中山路1号", "中山路1号"),
        Accepts("a / b / c / d", "a|b|c|d"),
        Accepts("江苏省 / 南京市 /  /", "江苏省|南京市||"),
        Accepts("/  / 玄武区 / 中山路3/4号", "||玄武区|中山路3/4号"),
        Accepts("", None, ""),
        Rejects("a|b"),
        Rejects("路" * 301),
    )

    def value_type(self, options: AddressOptions) -> AddressType:
        """Return an address with its parts."""
        return AddressType()

    def parse(self, options: AddressOptions, text: str) -> str | Invalid | None:
        """Split an address written in one line, or with ` / ` between its four parts."""
        typed = read_text(text, is_multiline=False)
        if typed is None or isinstance(typed, Invalid):
            return typed
        return NOT_AN_ADDRESS if "|" in typed else self._kept(options, read_parts(typed))

    def kept(self, options: AddressOptions, value: Scalar) -> Scalar | Invalid:
        """Return an address that a rule or a sender gave in its four parts."""
        is_whole = not isinstance(value, str) or value.count("|") == len(PARTS) - 1
        return value if is_whole else self.parse(options, str(value))

    def show(self, options: AddressOptions, value: Scalar, locale: str) -> str:
        """Return the address in one line, as it stands on a letter."""
        return joined(split(value)) if isinstance(value, str) else ""

    def edit_text(self, options: AddressOptions, value: Scalar) -> str:
        """Return the address in one line; with ` / ` between its parts where they could not be told apart."""
        if not isinstance(value, str):
            return ""
        parts = split(value)
        line = joined(parts)
        return line if read_parts(line) == parts else " / ".join(parts)

    def from_json(self, options: AddressOptions, value: object) -> str | Invalid | None:
        """Read an object of parts, or an address in one line."""
        if value is None or isinstance(value, str):
            return self.parse(options, value or "")
        if not isinstance(value, dict) or not value.keys() <= set(PARTS):
            return NOT_AN_ADDRESS
        found: list[str] = []
        for name in PARTS:
            part = value.get(name)
            text = read_text(part, is_multiline=False) if isinstance(part, str) else part
            if not isinstance(text, str | None) or (text and "|" in text):
                return NOT_AN_ADDRESS
            found.append(text or "")
        return self._kept(options, Parts(*found))

    def to_json(self, options: AddressOptions, value: Scalar) -> object:
        """Return the parts that are there."""
        if not isinstance(value, str):
            return None
        return {name: part for name, part in zip(PARTS, split(value), strict=True) if part}

    def json_schema(self, options: AddressOptions) -> dict[str, object]:
        """Return an object of texts."""
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: {"type": "string"} for name in PARTS},
        }

    def check(self, options: AddressOptions, value: Scalar) -> Invalid | None:
        """Return why a text is not an address in four parts."""
        if not isinstance(value, str):
            return None
        if value.count("|") != len(PARTS) - 1:
            return NOT_AN_ADDRESS
        parts = split(value)
        if options.complete and not (parts.province and parts.city and parts.street):
            return _INCOMPLETE
        return too_long(value, _LONGEST)

    def _kept(self, options: AddressOptions, parts: Parts) -> str | Invalid | None:
        value = "|".join(parts)
        return (too_long(value, _LONGEST) or value) if any(parts) else None


TYPE = Address()
