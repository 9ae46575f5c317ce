"""Keeping to the limits: after every write, whoever made it and through whatever door.

The rows that were taken from are locked before what was taken is summed up, so two who take of one row at
once take turns, and the second sees what the first took.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from orderkit.engine.records.documents.document import Document, Part
from orderkit.engine.records.making.rules import ITEM, Limit, Limits, cancelled_states, limits_of
from orderkit.engine.records.making.seeing import seen_value
from orderkit.engine.records.making.taking import NOTHING, lock_sources, most_of, taken, top_of
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.expressions.evaluation import EvaluationError
from orderkit.model.forms import FormId
from orderkit.model.labels import Label, label

OVER_LIMIT = "over_limit"

Due = dict[Limit, dict[int, list[tuple[Document, Part]]]]


@dataclass(slots=True)
class _Due:
    """Which source rows have to be looked at: because of rows that take, or because they changed themselves."""

    taking: Due = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    changed: Due = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def limits(self) -> list[Limit]:
        """Return the limits in question, in an order that is always the same."""
        found = {*self.taking, *self.changed}
        return sorted(found, key=lambda limit: (limit.form, limit.field.id, limit.link))

    def ids(self, limit: Limit) -> set[int]:
        """Return the source rows of a limit that have to be looked at."""
        return {*self.taking.get(limit, ()), *self.changed.get(limit, ())}


def keep_limits(unit: Unit, documents: Sequence[Document], elsewhere: Sequence[Document]) -> None:
    """Note on its document what takes too much; all of them are stored already.

    Raises: Refused when a record that only follows from others takes too much.
    """
    limits = limits_of(unit.runtime)
    if not limits.by_taking:
        return
    due = _due(unit, limits, documents, elsewhere)
    wanted: dict[FormId, set[int]] = defaultdict(set)
    for limit in due.limits():
        wanted[limit.source].update(due.ids(limit))
    if not wanted:
        return
    lock_sources(unit, wanted)
    with rows_of(unit).reading_again():
        for limit in due.limits():
            _keep(unit, limit, due)
    broken = [
        Problem(path="", code=each.code, message=each.message)
        for document in elsewhere
        for each in document.problems
    ]
    if broken:
        raise Refused(broken)


def _due(unit: Unit, limits: Limits, documents: Iterable[Document], elsewhere: Iterable[Document]) -> _Due:
    due = _Due()
    for document in (*documents, *elsewhere):
        is_reopened = _is_reopened(unit, document)
        for _, part in document.parts():
            for limit in limits.by_taking.get(part.form.id, ()):
                source = part.row.values.get(limit.link)
                counts_anew = part.is_new or is_reopened or part.changed & {limit.link, limit.field.id}
                if isinstance(source, int) and counts_anew:
                    due.taking[limit][source].append((document, part))
    for document in documents:
        for _, part in document.parts():
            for limit in limits.by_source.get(part.form.id, ()):
                if not part.is_new and part.changed & limit.inputs:
                    due.changed[limit][part.row.id].append((document, part))
    return due


def _is_reopened(unit: Unit, document: Document) -> bool:
    """Return whether a record that was called off stands again."""
    top = document.top
    return top.old is not None and any(
        name in top.changed and top.old.values.get(name) in states
        for name, states in cancelled_states(unit.project, document.form.id)
    )


def _keep(unit: Unit, limit: Limit, due: _Due) -> None:
    ids = due.ids(limit)
    sums = taken(unit, limit, ids)
    for row in rows_of(unit).load(limit.source, ids):
        total = sums.get(row.id, NOTHING)
        blamed = due.taking[limit].get(row.id) or due.changed[limit][row.id]
        document, part = blamed[-1]
        is_taking = part.form.id == limit.form
        place = part.path + (limit.field.id if is_taking else "")
        try:
            allowed = limit.allowed(most_of(unit, limit, row), total)
        except EvaluationError as error:
            document.refuse(place, "cannot_compute", error.explain)
            continue
        if total <= max(allowed, NOTHING):
            continue
        if not is_taking:
            document.refuse(_input_at(limit, part), OVER_LIMIT, _TAKEN_ALREADY)
            continue
        mine = _of_documents(limit, due.taking[limit][row.id])
        document.refuse(place, OVER_LIMIT, _too_much(unit, limit, row, allowed - (total - mine)))


def _of_documents(limit: Limit, parts: Iterable[tuple[Document, Part]]) -> Decimal:
    values = (part.row.get(limit.field.id) for _, part in parts)
    return sum((Decimal(each) for each in values if isinstance(each, int | Decimal)), NOTHING)


def _input_at(limit: Limit, part: Part) -> str:
    changed = sorted(name for name in part.changed & limit.inputs if name in part.given)
    return (part.path + (changed[0] if changed else "")).removesuffix(".")


def _too_much(unit: Unit, limit: Limit, row: RecordRow, left: Decimal) -> Label:
    """Return that too much was taken; how much is left only to who may see what it follows from."""
    _, is_seen = seen_value(unit, limit.most, top_of(unit, row), {ITEM: row})
    if not is_seen:
        return _TOO_MUCH
    shown = shown_number(max(left, NOTHING))
    return label(
        zh=f"超出源单据的可用数量，最多还可填 {shown}",
        en=f"more than is left of what it is made from: at most {shown}",
    )


def shown_number(value: Decimal) -> str:
    """Return a number without zeros at its end, for a message."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_TOO_MUCH = label(zh="超出源单据的可用数量", en="more than is left of what it is made from")
_TAKEN_ALREADY = label(
    zh="由它生成的单据已用掉更多，不能再少", en="records made from it have taken more than this already"
)
