"""XML as a tree of elements that know their line; a document type, which could blow up memory, is refused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from orderkit.diagram.importing.refusals import Finding, RefusedDiagram
from orderkit.model.labels import label

MOST_BYTES = 10_000_000
_DEEPEST = 100


@dataclass(slots=True)
class Element:
    """An element: `space` is its namespace, `name` what it is called there."""

    space: str
    name: str
    attributes: Mapping[str, str]
    line: int
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    @property
    def id(self) -> str:
        """Its id, or nothing."""
        return self.attributes.get("id", "")

    def all(self, space: str, name: str) -> Iterator["Element"]:
        """Yield the children of a name."""
        return (each for each in self.children if each.space == space and each.name == name)

    def first(self, space: str, name: str) -> "Element | None":
        """Return the first child of a name."""
        return next(self.all(space, name), None)

    def whole_text(self) -> str:
        """Return the text in it and in all that it holds."""
        return self.text + "".join(each.whole_text() for each in self.children)


def read_tree(data: bytes) -> Element:
    """Return the root element. Raises RefusedDiagram for what is no XML, too large, or too deep."""
    if len(data) > MOST_BYTES:
        raise _refused(1, "文件太大（最多 10 MB）", "the file is too large (10 MB at most)")
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise _refused(
            error.lineno, f"不是正确的 XML：{error}", f"this is no well-formed XML: {error}"
        ) from error
    assert reader.root is not None
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.said
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, bare = name.rpartition(" ")
        element = Element(space, bare, attributes, self.parser.CurrentLineNumber)
        if len(self.open) >= _DEEPEST:
            raise _refused(element.line, "元素嵌套太深", "elements stand too deep in each other")
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _name: str) -> None:
        self.open.pop()

    def said(self, text: str) -> None:
        self.open[-1].text += text

    def doctype(self, *_words: object) -> None:
        raise _refused(
            self.parser.CurrentLineNumber,
            "文件带有文档类型声明（DOCTYPE），BPMN 不需要它",
            "the file has a document type (DOCTYPE), which BPMN does without",
        )


def _refused(line: int, zh: str, en: str) -> RefusedDiagram:
    return RefusedDiagram([Finding(element="", line=line, message=label(zh=zh, en=en))])
