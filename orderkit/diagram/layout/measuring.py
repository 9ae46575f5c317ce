"""How much room a shape takes: its own size, what is written in it, below it, and the clocks on its edge."""

from dataclasses import dataclass
from math import ceil

from orderkit.diagram.graphs import EVENTS, GATEWAYS, Kind, Node
from orderkit.diagram.layout.drawing import Box, Direction, DrawnLabel, DrawnTimer
from orderkit.diagram.lettering import lines_of, width_of
from orderkit.model.labels import text_of

EVENT = 36
GATEWAY = 50
LETTERS = 12
SMALL_LETTERS = 11
LINE = 16
_SIGN = 14
_HEADER = 26
_PADDING = 14
_MOST_LINES = 6
_CAPTION_WIDTH = 104
_EDGE_LABEL_WIDTH = 112
_TIMER_LABEL_WIDTH = 84


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large a task is at least, and how much room stands between its edge and its text."""

    width: int = 100
    height: int = 80
    inset: int = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A shape around the origin, its centre, and how far it reaches with all that belongs to it."""

    node: Node
    width: int
    height: int
    left: int
    right: int
    above: int
    below: int
    label: DrawnLabel
    note: DrawnLabel | None = None
    timers: tuple[DrawnTimer, ...] = ()


def measured(
    node: Node, locale: str, direction: Direction, sizes: Sizes, inner: tuple[int, int] | None
) -> Measured:
    """Return the room that a shape takes; `inner` is the size of the picture within it."""
    text = text_of(node.label, locale)
    if node.kind in EVENTS or node.kind in GATEWAYS:
        side = EVENT if node.kind in EVENTS else GATEWAY
        return _captioned(node, side, text, direction)
    if inner is not None:
        return _block(node, text, sizes, inner, locale)
    return _task(node, text, sizes, locale)


def edge_label(text: str) -> DrawnLabel | None:
    """Return the label of a way, at the origin; None where it has none."""
    return _lettered(text, _EDGE_LABEL_WIDTH, SMALL_LETTERS, most=4) if text else None


def moved(label: DrawnLabel, x: int, y: int) -> DrawnLabel:
    """Return a label so far away."""
    return DrawnLabel(lines=label.lines, box=label.box.moved(x, y), whole=label.whole)


def _captioned(node: Node, side: int, text: str, direction: Direction) -> Measured:
    """Return an event or a gateway, whose text stands beside the way that leads on."""
    half = side // 2
    caption = _lettered(text, _CAPTION_WIDTH, SMALL_LETTERS, most=3)
    width, height = caption.box.width, caption.box.height
    if not text:
        return Measured(
            node=node, width=side, height=side, left=half, right=half, above=half, below=half, label=caption
        )
    if direction is Direction.DOWN:
        return Measured(
            node=node,
            width=side,
            height=side,
            left=half,
            right=half + 4 + width,
            above=half,
            below=half,
            label=moved(caption, half + 4, -(height // 2)),
        )
    reach = max(half, ceil(width / 2))
    return Measured(
        node=node,
        width=side,
        height=side,
        left=reach,
        right=reach,
        above=half,
        below=half + 4 + height,
        label=moved(caption, -(width // 2), half + 4),
    )


def _task(node: Node, text: str, sizes: Sizes, locale: str) -> Measured:
    timers = _timer_slots(node, locale)
    width = max(sizes.width, _even(sum(slot for slot, _ in timers) + 8))
    has_sign = node.kind is Kind.STEP or node.mark == "approval"
    room = width - 2 * (sizes.inset + (_SIGN if has_sign else 0))
    label = _lettered(text, room, LETTERS, most=_MOST_LINES)
    note_text = text_of(node.note, locale)
    note = _lettered(note_text, room, SMALL_LETTERS, most=2) if note_text else None
    written = label.box.height + (0 if note is None else note.box.height)
    mark = LINE if node.repeats or node.kind in {Kind.SCRIPT, Kind.SERVICE, Kind.STEP} else 0
    height = max(sizes.height, _even(written + 2 * sizes.inset + mark + (10 if timers else 0)))
    top = -((written + (8 if timers else 0)) // 2)
    return _with_timers(
        node,
        width,
        height,
        label=moved(label, -(label.box.width // 2), top),
        note=None if note is None else moved(note, -(note.box.width // 2), top + label.box.height),
        slots=timers,
    )


def _block(node: Node, text: str, sizes: Sizes, inner: tuple[int, int], locale: str) -> Measured:
    timers = _timer_slots(node, locale)
    head = _lettered(text, max(inner[0], sizes.width) - 2 * sizes.inset, LETTERS, most=1)
    width = _even(
        max(
            sizes.width,
            inner[0] + 2 * _PADDING,
            head.box.width + 2 * sizes.inset,
            sum(slot for slot, _ in timers) + 8,
        )
    )
    height = _even(_HEADER + inner[1] + _PADDING + (LINE if node.repeats or timers else 0))
    label = moved(head, -(width // 2) + sizes.inset + 4, -(height // 2) + 6)
    return _with_timers(node, width, height, label=label, note=None, slots=timers)


def inner_corner(measure: Measured, inner: tuple[int, int]) -> tuple[int, int]:
    """Return where the picture within a shape begins, from the centre of the shape."""
    return (-(inner[0] // 2), -(measure.height // 2) + _HEADER)


def _with_timers(
    node: Node,
    width: int,
    height: int,
    *,
    label: DrawnLabel,
    note: DrawnLabel | None,
    slots: tuple[tuple[int, DrawnLabel], ...],
) -> Measured:
    half = EVENT // 2
    bottom = height // 2
    timers = []
    x = -(width // 2) + 6
    lowest = 0
    for timer, (slot, text) in zip(node.timers, slots, strict=True):
        box = Box(x, bottom - half, EVENT, EVENT)
        timers.append(DrawnTimer(timer=timer, box=box, label=moved(text, x + half + 5, bottom + half + 2)))
        lowest = max(lowest, half + 2 + text.box.height)
        x += slot
    return Measured(
        node=node,
        width=width,
        height=height,
        left=width // 2,
        right=width // 2,
        above=height // 2,
        below=bottom + lowest,
        label=label,
        note=note,
        timers=tuple(timers),
    )


def _timer_slots(node: Node, locale: str) -> tuple[tuple[int, DrawnLabel], ...]:
    """Return how wide each clock is with what stands beside it, and that text."""
    found = []
    for timer in node.timers:
        text = _lettered(text_of(timer.label, locale), _TIMER_LABEL_WIDTH, SMALL_LETTERS, most=2)
        found.append((max(EVENT + 8, EVENT // 2 + 5 + text.box.width + 8), text))
    return tuple(found)


def _lettered(text: str, width: int, size: int, *, most: int) -> DrawnLabel:
    lines = lines_of(text, width, size, most=most)
    wide = _even(ceil(max((width_of(line, size) for line in lines), default=0)))
    return DrawnLabel(lines=lines, box=Box(0, 0, wide, LINE * len(lines)), whole=text)


def _even(number: int) -> int:
    return number + number % 2
