"""The first pass: which objects there are, in which file, and which words they are made of.

It knows kinds and ids, nothing of what they mean. A file that could not be read to its end still gives
its name, so that those who refer to it hear of one fault, not of two.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from orderkit.language.findings import ERROR, Code, Note, did_you_mean
from orderkit.language.source import MappingNode, Node, ScalarNode, SourceText, load_file
from orderkit.language.spec import KINDS, KINDS_LATER, Reading, Written
from orderkit.language.spec.words import NOT_SUPPORTED_YET, report_shape
from orderkit.model.forms import Origin
from orderkit.model.labels import label

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
)
NO_PROJECT = Code(
    "OK2005",
    "no-project",
    ERROR,
    since="0.1",
    explain="""
    There is no `project`. `orderkit.yaml` at the root of the folder declares it.""",
)

MAX_ID = 40
_ID = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Declared:
    """One object as declared. `written` is None where its file could not be read to the end."""

    kind: str
    id: str
    id_node: ScalarNode
    written: Written | None

    @property
    def origin(self) -> Origin:
        """Where it was declared, for the model."""
        span = self.id_node.span
        return Origin(path=span.path, line=span.line, column=span.column)


@dataclass(frozen=True, slots=True)
class Named:
    """Every object of the project by kind and id, sorted by id."""

    objects: Mapping[str, Mapping[str, Declared]]
    sources: Mapping[str, SourceText] = field(default_factory=dict)

    def of(self, kind: str) -> Mapping[str, Declared]:
        """Return the objects of a kind by id."""
        return self.objects.get(kind, {})


@dataclass(frozen=True, slots=True)
class _Document:
    node: MappingNode
    is_cut_short: bool


def collect_names(files: Mapping[str, bytes], reading: Reading) -> Named:
    """Read the files in the order of their paths, and collect what they declare."""
    documents: list[_Document] = []
    sources: dict[str, SourceText] = {}
    for path in sorted(files):
        outcome = load_file(path, files[path])
        reading.found += outcome.found
        if outcome.value is None:
            continue
        sources[path] = outcome.value.source
        for node in outcome.value.documents:
            if isinstance(node, MappingNode):
                documents.append(_Document(node, outcome.value.is_cut_short))
            elif not outcome.found:
                report_shape(reading, node, zh="一个映射（`键: 值`）", en="a map (`key: value`)")
    reading.language = _main_language(documents) or reading.language
    objects: dict[str, dict[str, Declared]] = {}
    for document in documents:
        declared = _declared(document, reading)
        if declared is None:
            continue
        known = objects.setdefault(declared.kind, {})
        first = known.setdefault(declared.id, declared)
        if first is not declared:
            _report_twice(declared, first, reading)
    return Named(
        MappingProxyType({kind: dict(sorted(by_id.items())) for kind, by_id in sorted(objects.items())}),
        sources,
    )


def is_id(text: str) -> bool:
    """Whether a text may be an id."""
    return _ID.fullmatch(text) is not None and len(text) <= MAX_ID


def check_id(node: ScalarNode, reading: Reading) -> bool:
    """Report an id that is none; return whether it is one."""
    if is_id(node.text):
        return True
    meant = re.sub(r"[^a-z0-9_]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.text).lower()).strip("_")[
        :MAX_ID
    ]
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


def _main_language(documents: list[_Document]) -> str | None:
    for document in documents:
        if document.node.key("project") is not None:
            locale = document.node.get("locale")
            if isinstance(locale, ScalarNode) and locale.text:
                return locale.text.split("-", 1)[0]
    return None


def _declared(document: _Document, reading: Reading) -> Declared | None:
    node = document.node
    kinds = [entry for entry in node.entries if entry[0].text in KINDS or entry[0].text in KINDS_LATER]
    if not kinds:
        if not document.is_cut_short:
            _report_no_kind(node, reading)
        return None
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
        return None
    kind = kind_node.text
    if kind in KINDS_LATER:
        reading.report(
            NOT_SUPPORTED_YET,
            kind_node,
            label(
                zh=f"此版本还不支持 `{kind}`", en=f"the kind `{kind}` is not supported yet in this version"
            ),
        )
        return None
    if not isinstance(id_node, ScalarNode) or id_node.is_broken:
        if document.is_cut_short:
            return None
        report_shape(reading, id_node, zh="标识", en="an id")
        return None
    if not check_id(id_node, reading):
        return None
    if document.is_cut_short:
        return Declared(kind, id_node.text, id_node, None)
    rest = MappingNode(
        node.source,
        node.start,
        node.end,
        tuple(entry for entry in node.entries if entry[0] is not kind_node),
        node.is_flow,
    )
    return Declared(kind, id_node.text, id_node, _read(kind, kind_node, rest, reading))


def _read(kind: str, kind_node: ScalarNode, rest: MappingNode, reading: Reading) -> Written | None:
    """Read the words of an object. What it lacks is reported at its kind."""
    if not rest.entries:
        rest = MappingNode(rest.source, kind_node.start, kind_node.end, ())
    return KINDS[kind].read(rest, reading)


def _report_no_kind(node: MappingNode, reading: Reading) -> None:
    known = (*KINDS, *KINDS_LATER)
    suspects: list[tuple[ScalarNode, Node]] = [
        entry for entry in node.entries if isinstance(entry[1], ScalarNode)
    ]
    for key, _ in suspects:
        meant = did_you_mean(key.text, known)
        if meant is not None:
            reading.report(
                NO_KIND,
                key,
                label(zh=f"`{key.text}` 不是一种对象", en=f"`{key.text}` is not a kind of object"),
                meant,
            )
            return
    reading.report(
        NO_KIND,
        node.entries[0][0] if node.entries else node,
        label(zh="这个文件没有写明是哪种对象", en="the file does not say what it declares"),
        label(zh="加上例如 `form: customer`", en="add, for example, `form: customer`"),
    )


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
