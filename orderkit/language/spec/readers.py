"""Readers of values: what a scalar, a list or a map means by its place.

They read only what needs no other object: names and expressions stay nodes until the compiler knows
what they may refer to.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from orderkit.language.findings import ERROR, Code, did_you_mean
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.source.corrections import correction, rewriting
from orderkit.language.source.nodes import BROKEN, EMPTY
from orderkit.language.source.traps import quoted, quoting
from orderkit.language.spec.meanings import Meaning
from orderkit.language.spec.words import Nested, Reader, Reading, report_shape
from orderkit.model.labels import Label, label
from orderkit.model.values.durations import ALL_UNITS, STOPWATCH_UNITS, TimeSpan, TimeUnit, time_span

WRONG_VALUE = Code(
    "OK1206",
    "wrong-value",
    ERROR,
    since="0.1",
    explain="""
    A value is not of the kind its place reads: true or false, a whole number, a duration, one of some words.
    ~~~yaml bad
    form: customer
    fields: {name: {type: text, required: yes}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text, required: true}}
    ~~~""",
    zh="值的种类与位置不符：应为 true 或 false、整数、时长，或几个词之一。",
)
MISSING_VALUE = Code(
    "OK1207",
    "missing-value",
    ERROR,
    since="0.1",
    explain="""
    A key is written, but nothing stands behind it.
    ~~~yaml bad
    form: customer
    label:
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    label: Customer
    fields: {name: {type: text}}
    ~~~""",
    zh="写了键，后面却没有值。",
)
UNKNOWN_LANGUAGE = Code(
    "OK1208",
    "unknown-language",
    ERROR,
    since="0.1",
    explain="""
    A label is a map, and a key of it is not a language such as `zh` or `en`.
    ~~~yaml bad
    form: customer
    label: {zh: 客户, english: Customer}
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    label: {zh: 客户, en: Customer}
    fields: {name: {type: text}}
    ~~~""",
    zh="名称写成了映射，其中有一个键不是 `zh`、`en` 这样的语言代码。",
)

T = TypeVar("T")


def scalar(node: Node, reading: Reading) -> ScalarNode | None:
    """Return the node if it is a text, else report what it is."""
    if isinstance(node, ScalarNode):
        if node.text not in EMPTY and node.style != BROKEN:
            return node
        if node.is_broken:
            return None
        if node.is_empty:
            reading.report(
                MISSING_VALUE,
                node,
                label(zh="这里没有写值", en="nothing is written here"),
                label(zh="写上值，或删掉这个键", en="write a value, or delete the key"),
            )
            return None
        return node
    if (
        isinstance(node, MappingNode)
        and node.is_flow
        and all(_is_nothing(value) for _, value in node.entries)
    ):
        meant = quoted(node.source.text[node.start : node.end])
        reading.report(
            WRONG_VALUE,
            node,
            label(zh="`{…}` 在这里是 YAML 映射，不是文字", en="`{…}` is a YAML map here, not a text"),
            label(zh=f"加引号：`{meant}`", en=f"quote it: `{meant}`"),
            fix=quoting(node.source, node.start, node.end),
        )
        return None
    report_shape(reading, node, zh="一段文字", en="a text")
    return None


def _is_nothing(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.is_empty


@dataclass(frozen=True, slots=True)
class AsWritten:
    """Hands on a scalar for the compiler to look up or parse."""

    meaning: Meaning

    def read(self, node: Node, reading: Reading) -> ScalarNode | None:
        """Return the scalar itself: a name, an expression, a template."""
        return scalar(node, reading)


@dataclass(frozen=True, slots=True)
class PlainText:
    """Reads a text that means nothing but itself."""

    def read(self, node: Node, reading: Reading) -> str | None:
        """Return the text as written."""
        found = scalar(node, reading)
        return None if found is None else found.text


@dataclass(frozen=True, slots=True)
class Deferred(Reader[Node]):
    """Hands on a node that the compiler reads, as something with a meaning or as one of `shapes`."""

    meaning: Meaning | None = None
    shapes: tuple[Reader[Any], ...] = ()

    def read(self, node: Node, reading: Reading) -> Node | None:  # noqa: ARG002 - a reader
        """Return the node, whose place reads it later."""
        return node


@dataclass(frozen=True, slots=True)
class Flag:
    """Reads true or false."""

    def read(self, node: Node, reading: Reading) -> bool | None:
        """Return true or false; `yes`, `on` and `1` are text, as YAML 1.2 says."""
        found = scalar(node, reading)
        if found is None:
            return None
        if found.text in ("true", "false"):
            return found.text == "true"
        meant = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
        lowered = found.text.lower()
        nearest = lowered if lowered in ("true", "false") else meant.get(lowered)
        reading.report(
            WRONG_VALUE,
            found,
            label(
                zh=f"这里写 true 或 false，不是 `{found.text}`", en=f"write true or false, not `{found.text}`"
            ),
            None if nearest is None else label(zh=f"是不是 `{nearest}`？", en=f"did you mean `{nearest}`?"),
            fix=None if nearest is None else rewriting(found, nearest),
        )
        return None


@dataclass(frozen=True, slots=True)
class Whole:
    """Reads a whole number within bounds."""

    least: int = 0
    most: int = 1_000_000

    def read(self, node: Node, reading: Reading) -> int | None:
        """Return the number."""
        found = scalar(node, reading)
        if found is None:
            return None
        if re.fullmatch(r"-?\d{1,15}", found.text) and self.least <= int(found.text) <= self.most:
            return int(found.text)
        reading.report(
            WRONG_VALUE,
            found,
            label(
                zh=f"这里是 {self.least} 到 {self.most} 的整数，不是 `{found.text}`",
                en=f"a whole number from {self.least} to {self.most} is expected, not `{found.text}`",
            ),
        )
        return None


@dataclass(frozen=True, slots=True)
class OneOf:
    """Reads one of some words."""

    words: tuple[str, ...]

    def read(self, node: Node, reading: Reading) -> str | None:
        """Return the word."""
        found = scalar(node, reading)
        if found is None:
            return None
        if found.text in self.words:
            return found.text
        reading.report(
            WRONG_VALUE,
            found,
            label(
                zh=f"这里不能写 `{found.text}`", en=f"`{found.text}` is not one of the words for this place"
            ),
            did_you_mean(found.text, self.words),
            fix=correction(found, found.text, self.words),
            candidates=self.words,
        )
        return None


def seconds(text: str) -> int | None:
    """Return the seconds of a duration such as `30s`, `5min`, `6h`, `2d`, or None."""
    span = time_span(text, STOPWATCH_UNITS)
    return None if span is None else span.seconds


@dataclass(frozen=True, slots=True)
class Duration:
    """Reads a length of time in one of some units."""

    units: tuple[TimeUnit, ...] = ALL_UNITS

    def read(self, node: Node, reading: Reading) -> TimeSpan | None:
        """Return the length in the unit it was written in."""
        found = scalar(node, reading)
        if found is None:
            return None
        span = time_span(found.text, self.units)
        if span is None:
            *most, last = [f"`{TimeSpan(_SUCH_AS[unit], unit)}`" for unit in self.units]
            reading.report(
                WRONG_VALUE,
                found,
                label(zh=f"`{found.text}` 不是时长", en=f"`{found.text}` is not a duration"),
                label(zh=f"写成{'、'.join(most)} 或 {last}", en=f"write {', '.join(most)} or {last}"),
            )
        return span


_SUCH_AS = {
    TimeUnit.SECONDS: 30,
    TimeUnit.MINUTES: 5,
    TimeUnit.HOURS: 6,
    TimeUnit.DAYS: 2,
    TimeUnit.MONTHS: 1,
    TimeUnit.WORKING_HOURS: 8,
    TimeUnit.WORKING_DAYS: 2,
}


@dataclass(frozen=True, slots=True)
class Shaped:
    """Reads a text that has a certain shape, such as `60/min` or `5%`."""

    shape: str
    about: Label
    such_as: str

    def read(self, node: Node, reading: Reading) -> str | None:
        """Return the text, without spaces around it."""
        found = scalar(node, reading)
        if found is None:
            return None
        text = found.text.strip()
        if re.fullmatch(self.shape, text, re.ASCII):
            return text
        reading.report(
            WRONG_VALUE,
            found,
            label(
                zh=f"`{found.text}` 不是{self.about['zh']}", en=f"`{found.text}` is not {self.about['en']}"
            ),
            label(zh=f"写成 `{self.such_as}`", en=f"write `{self.such_as}`"),
        )
        return None


_USUAL = frozenset({"zh", "en"})
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class LabelText:
    """Reads a text for people, in one language or several."""

    def read(self, node: Node, reading: Reading) -> Label | None:
        """Return a label: a text in the project's main language, or a map by language."""
        if not isinstance(node, MappingNode):
            found = scalar(node, reading)
            return None if found is None else MappingProxyType({reading.language: found.text})
        texts: dict[str, str] = {}
        for key, value in node.entries:
            if key.text not in _USUAL and not _LANGUAGE.fullmatch(key.text):
                if _is_nothing(value):
                    scalar(node, reading)
                    return None
                reading.report(
                    UNKNOWN_LANGUAGE,
                    key,
                    label(zh=f"`{key.text}` 不是语言代码", en=f"`{key.text}` is not a language"),
                    label(zh="写成 `{zh: …, en: …}`", en="write `{zh: …, en: …}`"),
                )
                continue
            text = scalar(value, reading)
            if text is not None:
                texts[key.text] = text.text
        return MappingProxyType(texts) if texts else None


@dataclass(frozen=True, slots=True)
class ListOf(Generic[T]):
    """Reads a list; `or_one` takes a single value for a list of one."""

    item: Reader[T]
    or_one: bool = False

    def read(self, node: Node, reading: Reading) -> tuple[T, ...] | None:
        """Return the items that could be read."""
        if not isinstance(node, SequenceNode):
            if not self.or_one or (isinstance(node, ScalarNode) and node.is_empty):
                report_shape(reading, node, zh="一个列表（`[…]`）", en="a list (`[…]`)")
                return None
            one = self.item.read(node, reading)
            return None if one is None else (one,)
        items = (self.item.read(each, reading) for each in node.items)
        return tuple(item for item in items if item is not None)


@dataclass(frozen=True, slots=True)
class MapOf(Generic[T]):
    """Reads a map whose keys are names given by the project."""

    item: Reader[T]

    def read(self, node: Node, reading: Reading) -> tuple[tuple[ScalarNode, T], ...] | None:
        """Return keys and values, without the values that could not be read."""
        if not isinstance(node, MappingNode):
            report_shape(reading, node, zh="一个映射（`键: 值`）", en="a map (`key: value`)")
            return None
        found = []
        lacks_its_own = False
        for key, value in node.entries:
            if lacks_its_own and self._is_word_within(key, value):
                # Behind a name without its map, this is most likely the map: not indented.
                continue
            found_before = len(reading.found)
            item = self.item.read(value, reading)
            lacks_its_own = (
                len(reading.found) > found_before and isinstance(value, ScalarNode) and value.is_empty
            )
            if item is not None:
                found.append((key, item))
        return tuple(found)

    def _is_word_within(self, key: ScalarNode, value: Node) -> bool:
        item: object = self.item
        return isinstance(item, Nested) and key.text in item.keys and not isinstance(value, MappingNode)


TEXT = PlainText()
NAME = AsWritten(Meaning.NAME)
EXPRESSION = AsWritten(Meaning.EXPRESSION)
TEMPLATE = AsWritten(Meaning.TEMPLATE)
VALUE = Deferred(Meaning.VALUE)
NODE = Deferred()
WHO = Deferred(Meaning.WHO)
DO_ACTION = Deferred(Meaning.DO_ACTION)
AFTER_ACTION = Deferred(Meaning.AFTER_ACTION)
FLAG = Flag()
LABEL = LabelText()
DURATION = Duration()
STOPWATCH = Duration(STOPWATCH_UNITS)
RATE = Shaped(r"[1-9]\d{0,5}\s*/\s*(s|min|h|d)", label(zh="频率", en="a rate"), "60/min")
PERCENTAGE = Shaped(r"\d{1,4}(\.\d{1,2})?\s*%", label(zh="百分比", en="a percentage"), "5%")
NAMES = ListOf(NAME)
ONE_OR_MORE_NAMES = ListOf(NAME, or_one=True)


def plain(node: Node) -> object:
    """Return a node as texts, lists and maps, for option classes that read them themselves."""
    if isinstance(node, ScalarNode):
        return None if node.is_empty else node.text
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries}
