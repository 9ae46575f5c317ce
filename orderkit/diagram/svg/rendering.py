"""Elements of SVG for the shapes and ways of a picture."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from math import copysign

from orderkit.diagram.graphs import EVENTS, GATEWAYS, Kind
from orderkit.diagram.layout.drawing import Box, Drawn, DrawnEdge, DrawnLabel, DrawnNode, Point
from orderkit.diagram.layout.measuring import LINE
from orderkit.diagram.svg.style import STYLE
from orderkit.diagram.xml import attribute, text

_ROUND = 8
_ASCENT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Lit:
    """What is lit in a picture, by ids: where a record is now, where it was, and the ways it went."""

    now: AbstractSet[str] = frozenset()
    walked: AbstractSet[str] = frozenset()
    ways: AbstractSet[tuple[str, str]] = frozenset()


def svg(
    drawn: Drawn,
    *,
    title: str,
    description: str,
    lang: str,
    name: str = "life",
    lit: Lit | None = None,
    is_alone: bool = True,
) -> str:
    """Return the picture as an `<svg>` element; `is_alone` it carries its colours and is a file of its own.

    Args:
        drawn: the picture.
        title: what it is, for those who do not see it.
        description: what it shows, in a sentence.
        lang: the language of its texts.
        name: begins the ids in it, so that a page may hold several.
        lit: what is lit in it.
        is_alone: whether it is a file, and not part of a page.
    """
    return "\n".join(
        [
            _opening(drawn, lang, name, is_alone=is_alone),
            f'<title id="{attribute(name)}-title">{text(title)}</title>',
            f'<desc id="{attribute(name)}-desc">{text(description)}</desc>',
            *([f"<style>{STYLE}</style>"] if is_alone else []),
            *_content(drawn, lit or Lit()),
            "</svg>\n",
        ]
    )


def _opening(drawn: Drawn, lang: str, name: str, *, is_alone: bool) -> str:
    space = ' xmlns="http://www.w3.org/2000/svg"' if is_alone else ""
    return (
        f'<svg{space} class="flow-picture" width="{drawn.width}" height="{drawn.height}"'
        f' viewBox="0 0 {drawn.width} {drawn.height}" role="img" lang="{attribute(lang)}"'
        f' aria-labelledby="{attribute(name)}-title {attribute(name)}-desc">'
    )


def _content(drawn: Drawn, lit: Lit) -> Iterator[str]:
    """Yield shapes and ways, and above them what is said on the ways."""
    yield from _level(drawn, lit)
    for edge in drawn.all_edges():
        if edge.label is not None:
            yield from _text(edge.label, "is-way")


def _level(drawn: Drawn, lit: Lit) -> Iterator[str]:
    """Yield the ways of a level and then its shapes; ways that were walked last, above the others."""
    for edge in sorted(drawn.edges, key=lambda edge: _is_walked(edge, lit)):
        yield from _way(edge, is_walked=_is_walked(edge, lit))
    for node in drawn.nodes:
        yield from _node(node, lit)


def _is_walked(edge: DrawnEdge, lit: Lit) -> bool:
    return (edge.edge.source, edge.edge.target) in lit.ways


def _node(node: DrawnNode, lit: Lit) -> Iterator[str]:
    kind = node.node.kind
    classes = ["flow-node", f"is-{kind.value.replace('_', '-')}"]
    if node.node.mark:
        classes.append(f"is-{node.node.mark}")
    if node.node.id in lit.now:
        classes.append("is-now")
    elif node.node.id in lit.walked:
        classes.append("is-walked")
    yield f'<g class="{" ".join(classes)}">'
    if node.label.whole:
        yield f"<title>{text(node.label.whole)}</title>"
    yield _shape(node.box, kind)
    yield from _sign(node)
    yield from _text(node.label, "is-small" if kind in EVENTS or kind in GATEWAYS else "")
    if node.note is not None:
        yield from _text(node.note, "is-small")
    if node.inner is not None:
        yield from _level(node.inner, lit)
    for timer in node.timers:
        yield from _clock(timer.box)
        yield from _text(timer.label, "is-small")
    yield "</g>"


def _shape(box: Box, kind: Kind) -> str:
    x, y = box.x + box.width // 2, box.y + box.height // 2
    if kind in EVENTS:
        return f'<circle class="flow-shape" cx="{x}" cy="{y}" r="{box.width // 2}"/>'
    if kind in GATEWAYS:
        return f'<path class="flow-shape" d="M{x} {box.y}L{box.right} {y}L{x} {box.bottom}L{box.x} {y}Z"/>'
    return f'<rect class="flow-shape" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="10"/>'


def _sign(node: DrawnNode) -> Iterator[str]:
    """Yield the small drawing that says what kind of shape it is."""
    box = node.box
    x, y = box.x + box.width // 2, box.y + box.height // 2
    match node.node.kind:
        case Kind.CHOICE:
            yield f'<path class="flow-sign" d="M{x - 7} {y - 7}L{x + 7} {y + 7}M{x + 7} {y - 7}L{x - 7} {y + 7}"/>'
        case Kind.FORK:
            yield f'<path class="flow-sign" d="M{x} {y - 11}V{y + 11}M{x - 11} {y}H{x + 11}"/>'
        case Kind.SOME:
            yield f'<circle class="flow-sign" cx="{x}" cy="{y}" r="11"/>'
        case Kind.JOIN_EARLY:
            yield (
                f'<path class="flow-sign" d="M{x} {y - 11}V{y + 11}M{x - 11} {y}H{x + 11}'
                f'M{x - 8} {y - 8}L{x + 8} {y + 8}M{x + 8} {y - 8}L{x - 8} {y + 8}"/>'
            )
        case Kind.STEP:
            yield _person(box.x + 12, box.y + 10)
        case Kind.STATE if node.node.mark == "approval":
            yield _person(box.x + 12, box.y + 10)
        case _:
            pass
    if node.node.repeats:
        low = box.bottom - 14
        if node.node.repeats == "together":
            yield f'<path class="flow-sign" d="M{x - 4} {low}v10M{x} {low}v10M{x + 4} {low}v10"/>'
        else:
            yield f'<path class="flow-sign" d="M{x - 6} {low + 1}h12M{x - 6} {low + 5}h12M{x - 6} {low + 9}h12"/>'


def _person(x: int, y: int) -> str:
    return f'<path class="flow-sign" d="M{x - 6} {y + 7}a6 6 0 0 1 12 0zM{x - 3} {y - 3}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z"/>'


def _clock(box: Box) -> Iterator[str]:
    x, y, radius = box.x + box.width // 2, box.y + box.height // 2, box.width // 2
    yield f'<circle class="flow-shape" cx="{x}" cy="{y}" r="{radius}"/>'
    yield f'<circle class="flow-sign" cx="{x}" cy="{y}" r="{radius - 4}"/>'
    yield f'<path class="flow-sign" d="M{x} {y - 8}V{y}H{x + 6}"/>'


def _way(edge: DrawnEdge, *, is_walked: bool) -> Iterator[str]:
    classes = "".join([" is-rare" if edge.edge.is_rare else "", " is-walked" if is_walked else ""])
    yield f'<path class="flow-way{classes}" d="{_path(edge.points)}"/>'
    (before_x, before_y), (x, y) = edge.points[-2], edge.points[-1]
    yield f'<path class="flow-arrow{" is-walked" if is_walked else ""}" d="{_arrow((before_x, before_y), (x, y))}"/>'
    if edge.edge.is_default:
        start_x, start_y = edge.points[0]
        yield f'<path class="flow-sign" d="M{start_x + 6} {start_y + 5}l6 -10"/>'


def _path(points: tuple[Point, ...]) -> str:
    """Return the way through its corners, which are rounded."""
    parts = [f"M{points[0][0]} {points[0][1]}"]
    for (before, corner), (_, after) in pairwise(pairwise(points)):
        radius = min(_ROUND, _length(before, corner) // 2, _length(corner, after) // 2)
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        parts.append(f"L{start[0]} {start[1]}Q{corner[0]} {corner[1]} {end[0]} {end[1]}")
    parts.append(f"L{points[-1][0]} {points[-1][1]}")
    return "".join(parts)


def _arrow(before: Point, tip: Point) -> str:
    (x, y), (from_x, from_y) = tip, before
    if y == from_y:
        back = -8 if x > from_x else 8
        return f"M{x} {y}l{back} -4v8z"
    back = -8 if y > from_y else 8
    return f"M{x} {y}l-4 {back}h8z"


def _length(start: Point, end: Point) -> int:
    return abs(start[0] - end[0]) + abs(start[1] - end[1])


def _towards(start: Point, end: Point, distance: int) -> Point:
    if start[0] == end[0]:
        return (start[0], start[1] + int(copysign(distance, end[1] - start[1])))
    return (start[0] + int(copysign(distance, end[0] - start[0])), start[1])


def _text(label: DrawnLabel, name: str) -> Iterator[str]:
    x = label.box.x + label.box.width // 2
    classes = f"flow-text {name}".rstrip()
    for index, line in enumerate(label.lines):
        yield f'<text class="{classes}" x="{x}" y="{label.box.y + index * LINE + _ASCENT}">{text(line)}</text>'
