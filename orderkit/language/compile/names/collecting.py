"""The first pass: which objects there are, in which file, and which words they are made of.

It knows kinds and ids, nothing of what they mean. A file that could not be read to its end still gives
its name, so that those who refer to it hear of one fault, not of two.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType

from orderkit.language.compile.names.salvaging import identity
from orderkit.language.findings import ERROR, Code, Note, nearest
from orderkit.language.source import MappingNode, Node, ScalarNode, SourceText, load_file
from orderkit.language.source.corrections import correction
from orderkit.language.source.decoding import decode
from orderkit.language.source.directory import TEMPLATE_SUFFIX, is_asset
from orderkit.language.spec import KINDS, Reading, Written, kinds_among
from orderkit.language.spec.words import report_shape
from orderkit.model.forms import Origin
from orderkit.model.labels import Label, label

NO_KIND = Code(
    "OK2001",
    "no-kind",
    ERROR,
    since="0.1",
    explain="""
    A file does not say what it declares: one key must be a kind such as `form` or `workflow`, its value the id.
    ~~~yaml bad
    from: customer
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="文件没有写明声明的是什么：须有一个键是种类，如 `form`、`workflow`，其值是标识。",
)
TWO_KINDS = Code(
    "OK2002",
    "two-kinds",
    ERROR,
    since="0.1",
    explain="""
    A file has two keys that are kinds. One object, one file.
    ~~~yaml bad
    form: customer
    menu: main
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="文件里有两个键都是种类。一个对象一个文件。",
)
BAD_ID = Code(
    "OK2003",
    "bad-id",
    ERROR,
    since="0.1",
    explain="""
    Ids are small letters, digits and `_`, begin with a letter and have at most 40 characters. They are for
    git and SQL; what people read is `label`.
    ~~~yaml bad
    form: Customer
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    label: Customer
    fields: {name: {type: text}}
    ~~~""",
    zh="标识用小写字母、数字和 `_`，以字母开头，最多 40 个字符。它们给 git 和 SQL 用；给人看的写在 `label`。",
)
DUPLICATE_ID = Code(
    "OK2004",
    "duplicate-id",
    ERROR,
    since="0.1",
    explain="""
    Two objects of one kind have one id.
    ~~~yaml bad
    # a.yaml
    form: customer
    fields: {name: {type: text}}
    # b.yaml
    form: customer
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="同一种类的两个对象用了同一个标识。",
)
NO_PROJECT = Code(
    "OK2005",
    "no-project",
    ERROR,
    since="0.1",
    explain="""
    There is no `project`. `orderkit.yaml` at the root of the folder declares it.
    ~~~yaml bad
    # orderkit.yaml
    form: customer
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    # orderkit.yaml
    project: shop
    # customer.yaml
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="没有 `project`。它由文件夹根下的 `orderkit.yaml` 声明。",
)

MAX_ID = 40
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Declared:
    """One object as declared. `written` is None where it could not be read; `facts` is what is known then."""

    kind: str
    id: str
    id_node: ScalarNode
    written: Written | None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> Label:
        """What people call it, as far as that could be read."""
        return {} if self.written is None else self.written.label

    @property
    def origin(self) -> Origin:
        """Where it was declared, for the model."""
        span = self.id_node.span
        return Origin(path=span.path, line=span.line, column=span.column)


@dataclass(frozen=True, slots=True)
class Named:
    """Every object of the project by kind and id, sorted by id, and every template and asset by path.

    A template is None where it cannot be read; that was reported.
    """

    objects: Mapping[str, Mapping[str, Declared]]
    templates: Mapping[str, SourceText | None] = field(default_factory=dict)
    assets: Mapping[str, bytes] = field(default_factory=dict)

    def of(self, kind: str) -> Mapping[str, Declared]:
        """Return the objects of a kind by id."""
        return self.objects.get(kind, {})


_KEYS_LOOKED_AT = 50
_DOCUMENTS_LOOKED_AT = 20


def collect_names(files: Mapping[str, bytes], reading: Reading) -> Named:
    """Read the files in the order of their paths, and collect what they declare."""
    documents: list[MappingNode] = []
    lost: list[Declared] = []
    templates: dict[str, SourceText | None] = {}
    assets: dict[str, bytes] = {}
    for path in sorted(files):
        if is_asset(path):
            assets[path] = files[path]
            continue
        if path.endswith(TEMPLATE_SUFFIX):
            text = decode(path, files[path])
            reading.found += text.found
            templates[path] = text.value
            continue
        outcome = load_file(path, files[path])
        reading.found += outcome.found
        file = outcome.value
        nodes = () if file is None or file.is_cut_short else file.documents
        maps = [node for node in nodes if isinstance(node, MappingNode)]
        # One is all a file may have, and that was reported; the next few tell what other files refer to.
        documents += maps[:_DOCUMENTS_LOOKED_AT]
        if not maps:
            lost += _lost(path, files[path])
        for node in nodes:
            if not isinstance(node, MappingNode) and not outcome.found:
                report_shape(reading, node, zh="一个映射（`键: 值`）", en="a map (`key: value`)")
    reading.language = _main_language(documents, lost) or reading.language
    objects: dict[str, dict[str, Declared]] = {}
    every = [*(each for document in documents for each in _declared(document, reading)), *lost]
    # What could be read comes first, so that nothing lost is taken for another object of its name.
    for declared in sorted(every, key=lambda each: each.written is None):
        known = objects.setdefault(declared.kind, {})
        first = known.setdefault(declared.id, declared)
        if first is not declared and declared.written is not None:
            _report_twice(declared, first, reading)
    return Named(
        MappingProxyType({kind: dict(sorted(by_id.items())) for kind, by_id in sorted(objects.items())}),
        MappingProxyType(templates),
        MappingProxyType(assets),
    )


def _lost(path: str, data: bytes) -> list[Declared]:
    """Return what a file that cannot be read declares, as far as that can be known."""
    found = identity(path, data)
    if found is not None:
        return [Declared(found[0], found[1].text, found[1], None, found[2])]
    return _named_like(ScalarNode(SourceText(path, ""), 0, 0, ""))


def _named_like(node: Node, facts: Mapping[str, str] = MappingProxyType({})) -> list[Declared]:
    """Return lost objects of every kind, named as the file is: one of them was probably meant."""
    stem = PurePosixPath(node.source.path).stem
    at = ScalarNode(node.source, 0, 0, stem)
    return [Declared(kind, stem, at, None, facts) for kind in KINDS if kind not in ("project", "extend")]


def is_id(text: str) -> bool:
    """Whether a text may be an id."""
    return _ID.fullmatch(text) is not None and len(text) <= MAX_ID


def meant_id(text: str) -> str:
    """Return the id that somebody meant who wrote `orderNo` or `order-no`; it may still be none."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()
    return shortened(re.sub(r"[^a-z0-9_]+", "_", snake).strip("_"), MAX_ID)


def shortened(text: str, most: int) -> str:
    """Return the words at the beginning of an id that fit into so many characters, or a part of the first one."""
    if len(text) <= most:
        return text
    whole, _, _ = text[: most + 1].rpartition("_")
    return whole.rstrip("_") or text[:most]


def check_id(node: ScalarNode, reading: Reading) -> bool:
    """Report an id that is none; return whether it is one."""
    if is_id(node.text):
        return True
    meant = meant_id(node.text)
    if _ID.fullmatch(node.text):
        _report_too_long(node, meant, reading)
        return False
    reading.report(
        BAD_ID,
        node,
        label(zh=f"`{node.text}` 不能作为标识", en=f"`{node.text}` cannot be an id"),
        label(zh=f"例如写 `{meant}`，文字写到 `label` 里", en=f"write `{meant}`, and the text into `label`")
        if is_id(meant)
        else label(
            zh="标识用小写字母、数字和 `_`，以字母开头，最多 40 个字符；文字写到 `label` 里",
            en="ids are small letters, digits and `_`, begin with a letter and have at most 40 characters; "
            "the text belongs into `label`",
        ),
    )
    return False


def _report_too_long(node: ScalarNode, meant: str, reading: Reading) -> None:
    length = len(node.text)
    reading.report(
        BAD_ID,
        node,
        label(
            zh=f"标识 `{node.text}` 有 {length} 个字符，最多 {MAX_ID} 个",
            en=f"the id `{node.text}` has {length} characters, and {MAX_ID} is the most",
        ),
        label(
            zh=f"写短一些，例如 `{meant}`；完整的名称写到 `label` 里",
            en=f"shorten it, for example to `{meant}`; the whole name goes into `label`",
        ),
    )


def _main_language(documents: Iterable[MappingNode], lost: Iterable[Declared]) -> str | None:
    for document in documents:
        locale = document.get("locale") if document.key("project") is not None else None
        if isinstance(locale, ScalarNode) and locale.text:
            return locale.text.split("-", 1)[0]
    for declared in lost:
        if declared.kind == "project" and "locale" in declared.facts:
            return declared.facts["locale"].split("-", 1)[0]
    return None


def _declared(node: MappingNode, reading: Reading) -> list[Declared]:
    """Return what a document declares: one object, or lost ones where it is not clear which."""
    named = kinds_among(key.text for key, _ in node.entries)
    kinds = [entry for entry in node.entries if entry[0].text in named]
    if not kinds:
        return _report_no_kind(node, reading)
    kind_node, id_node = kinds[0]
    if len(kinds) > 1:
        reading.report(
            TWO_KINDS,
            kinds[1][0],
            label(
                zh=f"这个文件已经声明了 `{kind_node.text}`，又写了 `{kinds[1][0].text}`",
                en=f"the file declares a `{kind_node.text}` and a `{kinds[1][0].text}`",
            ),
            label(zh="分成两个文件", en="divide it into two files"),
        )
        return [
            Declared(kind.text, value.text, value, None)
            for kind, value in kinds
            if isinstance(value, ScalarNode)
        ]
    kind = kind_node.text
    if not isinstance(id_node, ScalarNode) or id_node.is_broken or id_node.is_empty:
        report_shape(reading, id_node, zh="标识", en="an id")
        return _named_like(node)
    if not check_id(id_node, reading):
        # Others may have written what was meant, or what the file is called.
        names = (id_node.text, meant_id(id_node.text))
        return [*(Declared(kind, name, id_node, None) for name in names), *_named_like(node)]
    rest = MappingNode(
        node.source,
        node.start,
        node.end,
        tuple(entry for entry in node.entries if entry[0] is not kind_node),
        node.is_flow,
    )
    written = _read(kind, kind_node, rest, reading)
    return [Declared(kind, id_node.text, id_node, None if written.is_broken else written, _facts(rest))]


def _read(kind: str, kind_node: ScalarNode, rest: MappingNode, reading: Reading) -> Written:
    """Read the words of an object. What it lacks is reported at its kind."""
    if not rest.entries:
        rest = MappingNode(rest.source, kind_node.start, kind_node.end, ())
    words = KINDS[kind]
    if words.awaits_engine:
        reading.await_engine(kind, kind_node)
    return words.read(rest, reading)


def _report_no_kind(node: MappingNode, reading: Reading) -> list[Declared]:
    for key, value in node.entries[:_KEYS_LOOKED_AT]:
        meant = nearest(key.text, KINDS) if isinstance(value, ScalarNode) else None
        if meant is not None and isinstance(value, ScalarNode):
            reading.report(
                NO_KIND,
                key,
                label(zh=f"`{key.text}` 不是一种对象", en=f"`{key.text}` is not a kind of object"),
                label(zh=f"是不是 `{meant}`？", en=f"did you mean `{meant}`?"),
                fix=correction(key, key.text, KINDS),
            )
            guessed = [Declared(meant, value.text, value, None, _facts(node))] if is_id(value.text) else []
            return [*guessed, *_named_like(node, _facts(node))]
    reading.report(
        NO_KIND,
        node.entries[0][0] if node.entries else node,
        label(zh="这个文件没有写明是哪种对象", en="the file does not say what it declares"),
        label(zh="加上例如 `form: customer`", en="add, for example, `form: customer`"),
    )
    return _named_like(node, _facts(node))


def _facts(node: MappingNode) -> dict[str, str]:
    """Return the plain values of an object by key: what is known of it where its words cannot be read."""
    return {key.text: value.text for key, value in node.entries if isinstance(value, ScalarNode)}


def _report_twice(second: Declared, first: Declared, reading: Reading) -> None:
    reading.report(
        DUPLICATE_ID,
        second.id_node,
        label(
            zh=f"{second.kind} `{second.id}` 声明了两次",
            en=f"the {second.kind} `{second.id}` is declared twice",
        ),
        label(zh="改名，或合并到一个文件", en="rename one, or join them in one file"),
        notes=(Note(text=label(zh="第一次在这里", en="it is declared here first"), span=first.id_node.span),),
    )
