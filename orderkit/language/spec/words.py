"""How the words of the language are declared: keys with a reader each, from which all else follows.

A `Words` is the table of one map: which keys it may have, how each is read, what it is for. Reading
reports unknown, missing and wrong keys and gives a `Written`, asked by `Key`, so that the type checker
knows what comes out. JSON Schema and the reference page are made from the same tables.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from orderkit.language.findings import (
    ERROR,
    Code,
    Finding,
    Fix,
    Note,
    Span,
    by_label,
    did_you_mean,
    nearest,
)
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.source.corrections import correction
from orderkit.language.spec.mentions import Mentions
from orderkit.model.labels import Label, label

UNKNOWN_KEY = Code(
    "OK1201",
    "unknown-key",
    ERROR,
    since="0.1",
    explain="""
    A map has a key that is not a word of the language in this place.
    ~~~yaml bad
    form: customer
    fields: {name: {type: text, requird: true}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text, required: true}}
    ~~~""",
    zh="映射里有一个键，不是语言在这个位置的词。",
)
MISSING_KEY = Code(
    "OK1202",
    "missing-key",
    ERROR,
    since="0.1",
    explain="""
    A map lacks a key without which it means nothing.
    ~~~yaml bad
    form: customer
    fields: {name: {label: Name}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text, label: Name}}
    ~~~""",
    zh="映射缺少一个不可缺的键。",
)
WRONG_SHAPE = Code(
    "OK1203",
    "wrong-shape",
    ERROR,
    since="0.1",
    explain="""
    A list stands where a map is expected, a map where a text is, or the like.
    ~~~yaml bad
    form: customer
    fields: [name, phone]
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}, phone: {type: text}}
    ~~~""",
    zh="该写映射的地方写了列表，该写文字的地方写了映射，等等。",
)
NOT_SUPPORTED_YET = Code(
    "OK1204",
    "not-supported-yet",
    ERROR,
    since="0.1",
    explain="""
    The word belongs to the language, but this version of orderkit does not do it yet; leaving it out
    silently would build another app than the one described.
    ~~~yaml bad
    # orderkit.yaml
    project: shop
    packages: [trade]
    ~~~
    ~~~yaml good
    # orderkit.yaml
    project: shop
    ~~~""",
    zh="这个词属于语言，但此版本的 orderkit 还不支持；悄悄忽略它，做出来的就不是所描述的应用了。",
)

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Reading:
    """One run of the compiler: collects findings, and knows the language of unmarked labels."""

    def __init__(self, language: str = "zh") -> None:
        self.language = language
        self.found: list[Finding] = []
        self.awaiting: dict[Span, str] = {}
        self.mentions = Mentions()

    def await_engine(self, what: str, place: Node | Span) -> None:
        """Note something that is right, but that no engine of this version carries out yet."""
        self.awaiting.setdefault(place if isinstance(place, Span) else place.span, what)

    def report(
        self,
        code: Code,
        place: Node | Span,
        headline: Label,
        help: Label | None = None,  # noqa: A002 - the word of the findings
        *,
        mark: Label | None = None,
        notes: Iterable[Note] = (),
        fix: Fix | None = None,
        candidates: Iterable[str] = (),
    ) -> None:
        """Add a finding at a node or a part of one."""
        span = place if isinstance(place, Span) else place.span
        self.found.append(
            Finding(
                code=code,
                span=span,
                headline=headline,
                help=help,
                mark=mark,
                notes=tuple(notes),
                fix=fix,
                candidates=tuple(candidates),
            )
        )


class Reader(Protocol[T_co]):
    """How the value of a key is read. None: it could not be, and that was reported."""

    def read(self, node: Node, reading: Reading) -> T_co | None:
        """Return what the node means in this place."""


@dataclass(frozen=True, slots=True)
class Key(Generic[T_co]):
    """One word: its name, how its value is read, and what it is for.

    `default` is what holds where it is absent, `example` a value, both as written in YAML; flags that
    say nothing are false by default. A word that `awaits_engine` is checked and kept in the model, and
    `build` says that nothing carries it out yet.
    """

    name: str
    reader: Reader[T_co]
    about: Label
    required: bool = False
    default: str = ""
    example: str = ""
    awaits_engine: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A map as written: values by key, and the nodes they came from.

    A broken one holds nothing; that was reported. It is there so that its name stays known.
    """

    node: MappingNode
    values: Mapping[str, Any]
    nodes: Mapping[str, tuple[ScalarNode, Node]]
    extra: Mapping[str, tuple[ScalarNode, Node]]
    is_broken: bool = False

    def __getitem__(self, key: Key[T]) -> T | None:
        """Return the value of a key, or None where it is absent or could not be read."""
        return self.values.get(key.name)

    @property
    def label(self) -> Label:
        """What people call it, as far as that is written."""
        text = self.values.get("label")
        return text if isinstance(text, Mapping) else {}

    def flag(self, key: Key[bool]) -> bool:
        """Return whether a flag is set; it is not where it is absent."""
        return self.values.get(key.name) is True

    def __contains__(self, key: Key[Any]) -> bool:
        """Whether the key is written, right or wrong."""
        return key.name in self.nodes

    def key_of(self, key: Key[Any]) -> ScalarNode:
        """Return the node of a key that is written."""
        return self.nodes[key.name][0]

    def value_of(self, key: Key[Any]) -> Node:
        """Return the node of the value of a key that is written."""
        return self.nodes[key.name][1]


@dataclass(frozen=True, slots=True)
class Words:
    """The keys that one map may have.

    Args:
        name: what the map is, for messages: `field`, `transition`.
        keys: its words.
        later: words of the language that this version does not do yet.
        takes_more: whether further keys are handed on in `extra` instead of being reported.
        more: how the compiler reads what stands under further keys that the project names.
        shorthand: the key that a scalar in place of the map stands for.
        about: what a kind of object is for.
        awaits_engine: whether a whole kind is checked and kept, but not carried out yet.
    """

    name: Label
    keys: tuple[Key[Any], ...]
    later: Sequence[str] = ()
    takes_more: bool = False
    more: Reader[Any] | None = None
    shorthand: Key[Any] | None = None
    about: Label | None = None
    awaits_engine: bool = False
    by_name: Mapping[str, Key[Any]] = field(init=False)
    required: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {key.name: key for key in self.keys})
        object.__setattr__(self, "required", tuple(key.name for key in self.keys if key.required))

    def read(self, node: Node, reading: Reading) -> Written:
        """Return the map with its values read; a broken one where it is not a map."""
        if self.shorthand is not None and isinstance(node, ScalarNode) and not node.is_empty:
            value = self.shorthand.reader.read(node, reading)
            values = {} if value is None else {self.shorthand.name: value}
            empty = MappingNode(node.source, node.start, node.end, ())
            return Written(empty, values, {self.shorthand.name: (node, node)}, {})
        if not isinstance(node, MappingNode):
            report_shape(reading, node, zh="一个映射（`键: 值`）", en="a map (`key: value`)")
            return _broken(node)
        if node.entries and not self.takes_more and not any(self._knows(key.text) for key, _ in node.entries):
            # Nothing fits, so probably another map was meant to stand here: one finding is enough.
            report_unknown_key(reading, node.entries[0][0], self.by_name, self.name)
            return _broken(node)
        return self._read_map(node, reading)

    def _knows(self, name: str) -> bool:
        return name in self.by_name or name in self.later

    def _read_map(self, node: MappingNode, reading: Reading) -> Written:
        values: dict[str, Any] = {}
        nodes: dict[str, tuple[ScalarNode, Node]] = {}
        extra: dict[str, tuple[ScalarNode, Node]] = {}
        lacks_its_own = False
        for entry in node.entries:
            key_node, value_node = entry
            key = self.by_name.get(key_node.text)
            if key is None:
                # Behind a key without its map, this is most likely the map: not indented.
                if not lacks_its_own or self._knows(key_node.text):
                    self._unknown(key_node, value_node, reading, extra)
                continue
            nodes[key.name] = entry
            if key.awaits_engine:
                reading.await_engine(key.name, key_node)
            found_before = len(reading.found)
            value = key.reader.read(value_node, reading)
            lacks_its_own = (
                len(reading.found) > found_before
                and isinstance(value_node, ScalarNode)
                and value_node.is_empty
            )
            if value is not None:
                values[key.name] = value
        missing = [name for name in self.required if name not in nodes]
        if missing:
            # A key that is misspelt is not missing besides.
            strange = {
                nearest(key.text, self.by_name): key for key, _ in node.entries if not self._knows(key.text)
            }
            for name in missing:
                if name not in strange:
                    self.report_missing(name, node, reading)
                elif self.takes_more:
                    # Whoever takes further keys would not complain of this one.
                    report_unknown_key(reading, strange[name], self.by_name, self.name)
                    extra.pop(strange[name].text, None)
        return Written(node, values, nodes, extra)

    def report_missing(self, name: str, node: MappingNode, reading: Reading) -> None:
        """Report that a required key is not there, at the first key of the map."""
        reading.report(
            MISSING_KEY,
            node.entries[0][0] if node.entries else node,
            label(zh=f"{self.name['zh']}缺少 `{name}`", en=f"the {self.name['en']} has no `{name}`"),
            label(zh=f"加上 `{name}:`", en=f"add `{name}:`"),
        )

    def _unknown(
        self,
        key_node: ScalarNode,
        value_node: Node,
        reading: Reading,
        extra: dict[str, tuple[ScalarNode, Node]],
    ) -> None:
        name = key_node.text
        if name in self.later:
            reading.report(
                NOT_SUPPORTED_YET,
                key_node,
                label(zh=f"此版本还不支持 `{name}`", en=f"`{name}` is not supported yet in this version"),
            )
        elif self.takes_more:
            extra[name] = (key_node, value_node)
        else:
            report_unknown_key(reading, key_node, self.by_name, self.name)


def _broken(node: Node) -> Written:
    return Written(MappingNode(node.source, node.start, node.end, ()), {}, {}, {}, is_broken=True)


def report_unknown_key(reading: Reading, key: ScalarNode, known: Iterable[str], owner: Label) -> None:
    """Report a key that is not a word here, with what was probably meant, also where its meaning was written."""
    words = known.values() if isinstance(known, Mapping) else ()
    labels = by_label(
        (text, word.name) for word in words if isinstance(word, Key) for text in word.about.values()
    )
    reading.report(
        UNKNOWN_KEY,
        key,
        label(zh=f"{owner['zh']}没有 `{key.text}` 这个键", en=f"the {owner['en']} has no key `{key.text}`"),
        did_you_mean(key.text, known, labels),
        fix=correction(key, key.text, known, labels),
        candidates=known,
    )


def report_shape(reading: Reading, node: Node, *, zh: str, en: str) -> None:
    """Report that a node is of another shape than its place expects."""
    if isinstance(node, ScalarNode) and node.is_broken:
        return
    found = shape_of(node)
    reading.report(
        WRONG_SHAPE,
        node.source.span(node.start, min(node.end, node.start + 1))
        if not isinstance(node, ScalarNode)
        else node,
        label(zh=f"这里应为{zh}，写的却是{found['zh']}", en=f"{en} is expected here, not {found['en']}"),
        _BELOW if isinstance(node, ScalarNode) and node.is_empty and not node.style else None,
    )


_BELOW = label(
    zh="写上内容；内容在下面的行里时，那些行要多缩进两个空格",
    en="write it, or indent the lines below by two spaces more if they belong here",
)


def shape_of(node: Node) -> Label:
    """Return what a node is, for a message."""
    if isinstance(node, MappingNode):
        return label(zh="一个映射", en="a map")
    if isinstance(node, ScalarNode):
        return label(zh="空值", en="nothing") if node.is_empty else label(zh="一段文字", en="a text")
    return label(zh="一个列表", en="a list")


@dataclass(frozen=True, slots=True)
class Nested:
    """Reads a map by its own words; `words` is a function where words hold themselves."""

    words: "Words | Callable[[], Words]"

    @property
    def keys(self) -> Mapping[str, Key[Any]]:
        """The words of such a map."""
        return self._words.by_name

    def read(self, node: Node, reading: Reading) -> Written:
        """Return the map as written."""
        return self._words.read(node, reading)

    @property
    def _words(self) -> Words:
        return self.words if isinstance(self.words, Words) else self.words()
