"""The tree of a file as text: two spaces a level, brackets on one line as long as they fit."""

from collections.abc import Sequence

from orderkit.language.findings.formats.frames import width
from orderkit.language.format.items import Item, Remark
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode

WIDEST = 110
_STEP = "  "
_ALLOWS = "orderkit:"


def write(top: Item) -> str:
    """Return the text of a file."""
    head, is_apart = _take_head(top)
    lines = [*_remarks(head, "", is_first=True), *([""] if is_apart else [])]
    lines += _map(top, "", is_first=is_apart or not head)
    lines += _remarks(top.foot, "", is_first=not lines)
    return "\n".join(lines) + "\n"


def _take_head(top: Item) -> tuple[list[Remark], bool]:
    """Take the comments that belong to the whole file from what they were written above.

    They are set off by a blank line, and then stay so, or speak to an editor.
    """
    written = min(top.children, key=lambda child: child.start)
    above = written.above
    blanks = [number for number, each in enumerate(above) if each.has_blank_above and number]
    count = len(above) if above and written.has_blank_above else max(blanks, default=0)
    if above and "yaml-language-server:" in above[0].text:
        count = max(count, 1)
    head, written.above = above[:count], above[count:]
    below = written.above[0] if written.above else written
    is_apart = bool(head) and below.has_blank_above
    # The blank line stays with the head, wherever the words below it go.
    below.has_blank_above = below.has_blank_above and not is_apart
    return head, is_apart


def _map(item: Item, indent: str, *, is_first: bool = True) -> list[str]:
    lines: list[str] = []
    for child in item.children:
        lines += _lead(child, indent, is_first=is_first and not lines)
        assert child.key is not None
        lines += _entry(child, indent, f"{indent}{_scalar(child.key)}:")
    return lines


def _list(item: Item, indent: str) -> list[str]:
    lines: list[str] = []
    for child in item.children:
        body, hoisted = _body(child, indent)
        child.above += hoisted
        lines += _lead(child, indent, is_first=not lines)
        lines += body
    return lines


def _body(child: Item, indent: str) -> tuple[list[str], list[Remark]]:
    """Return the lines of a list's item, and the comments that must stand above its dash."""
    if isinstance(child.value, ScalarNode) or _line(child, f"{indent}- ") is not None:
        return _entry(child, indent, f"{indent}-"), []
    inner = indent + _STEP
    first = child.children[0]
    hoisted = [*child.beside, *first.above]
    first.above, first.has_blank_above = [], False
    lines = _map(child, inner) if isinstance(child.value, MappingNode) else _list(child, inner)
    lines += _remarks(child.foot, inner)
    return [f"{indent}- {lines[0][len(inner) :]}", *lines[1:]], hoisted


def _lead(item: Item, indent: str, *, is_first: bool) -> list[str]:
    lines = _remarks(item.above, indent, is_first=is_first)
    if item.has_blank_above and not (is_first and not lines):
        lines.append("")
    return lines


def _remarks(remarks: Sequence[Remark], indent: str, *, is_first: bool = False) -> list[str]:
    lines: list[str] = []
    for remark in remarks:
        if remark.has_blank_above and not (is_first and not lines):
            lines.append("")
        lines.append(indent + remark.text)
    return lines


def _entry(item: Item, indent: str, opening: str) -> list[str]:
    """Return the lines of a value behind its key or dash, with the comments beside it."""
    value = item.value
    beside = "".join(f"  {remark.text}" for remark in item.beside[:1])
    spare = [indent + remark.text for remark in item.beside[1:]]
    if isinstance(value, ScalarNode):
        lines = _scalar_lines(value, indent)
        if value.style in ("|", ">"):
            return [*spare, f"{opening} {lines[0]}", *lines[1:]]
        lines[0] = f"{opening} {lines[0]}" if lines[0] else opening
        return [*spare, *lines[:-1], lines[-1] + beside]
    line = _line(item, f"{opening} ")
    if line is not None:
        return [*spare, f"{opening} {line}{beside}"]
    inner = indent + _STEP
    lines = _map(item, inner) if isinstance(value, MappingNode) else _list(item, inner)
    return [*spare, opening + beside, *lines, *_remarks(item.foot, inner)]


def _line(item: Item, opening: str) -> str | None:
    """Return brackets as one line, or None where they must be taken apart.

    They stay together beside a comment that allows a finding, because it speaks of this line.
    """
    if isinstance(item.value, ScalarNode) or not (item.value.is_flow or not item.children):
        return None
    if item.foot or any(child.above or child.beside or child.foot for child in item.all_below()):
        return None
    line = _joined(item)
    if line is None:
        return None
    is_bound = any(_ALLOWS in remark.text for remark in (*item.above, *item.beside))
    return line if is_bound or not item.children or width(opening + line) <= WIDEST else None


def _joined(item: Item) -> str | None:
    value = item.value
    if isinstance(value, ScalarNode):
        text = _scalar(value)
        return None if "\n" in text else text
    parts = []
    for child in item.children:
        part = _joined(child)
        if part is None:
            return None
        if child.key is not None:
            name = _scalar(child.key)
            part = f"{name}: {part}" if part else name
        parts.append(part)
    opening, closing = "[]" if isinstance(value, SequenceNode) else "{}"
    return f"{opening}{', '.join(parts)}{closing}"


def _scalar_lines(node: ScalarNode, indent: str) -> list[str]:
    text = _scalar(node)
    if node.style in ("|", ">"):
        return _block_lines(text, indent + _STEP)
    first, *rest = text.split("\n")
    return [
        first.rstrip() if rest else first,
        *(indent + _STEP + line.strip() if line.strip() else "" for line in rest[:-1]),
        *(indent + _STEP + line.lstrip() for line in rest[-1:]),
    ]


def _block_lines(text: str, indent: str) -> list[str]:
    """Return a block text with another indentation; what is indented further stays so."""
    header, *lines = text.removesuffix("\n").split("\n")
    # A text of blank lines has no indentation to speak of.
    common = next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), len(text))
    return [header, *(indent + line[common:] if line[common:] else "" for line in lines)]


def _scalar(node: Node) -> str:
    """Return a scalar as written; in double quotes where it stood in single ones without need."""
    text = node.source.text[node.start : node.end]
    inside = text[1:-1]
    if text[:1] == "'" and not any(sign in inside for sign in "'\"\\\n"):
        return f'"{inside}"'
    return text
