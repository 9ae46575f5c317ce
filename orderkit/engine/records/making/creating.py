"""Making records of others: one for each group of sources, with what was picked, in one transaction.

The project says what goes where, so the engine writes on its own account, as for a default or a copy; the
person says which records, which rows and how much. What they may not see reaches no field that they see.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import cast

from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.records.changes import Applied, ChangesRefused, Create, LineChange
from orderkit.engine.records.making.picking import Group, derivation_of, open_groups, refused
from orderkit.engine.records.making.rules import ITEM
from orderkit.engine.records.making.seeing import seen_value
from orderkit.engine.records.making.shapes import Picks, Quantity
from orderkit.engine.records.making.taking import NOTHING
from orderkit.engine.records.making.tracing import Trace, note_trace
from orderkit.engine.records.writing.applying import apply
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.rows.row import LazyRow
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.expressions.evaluation import EvaluationError, Value
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.forms import CreateFrom, FieldId, Form, FormId
from orderkit.model.labels import Label, label

ROWS = "rows"
_CHOOSE = label(zh="请至少勾选一行", en="tick at least one line")
_NOTHING_OPEN = label(zh="没有可用的数量了", en="nothing is left to take")


def make(
    unit: Unit, source: FormId, target: FormId, ids: Iterable[int], picks: Picks | None = None
) -> tuple[Applied, ...]:
    """Make records of `target` from records of `source`; return them in the order of the groups.

    `picks` None takes everything that is open. The places of problems are `rows.<row>.<field>` for what was
    picked, and fields of the new record for the rest.
    Raises: NotFound, Denied, Refused.
    """
    form, derivation = derivation_of(unit, source, target)
    groups = open_groups(unit, form, derivation, ids, lock=True)
    return _Making(unit, form, derivation, picks).make(groups)


class _Making:
    def __init__(self, unit: Unit, form: Form, derivation: CreateFrom, picks: Picks | None) -> None:
        self.unit = unit
        self.form = form
        self.derivation = derivation
        self.picks = picks
        self.rights = field_rights(unit, form.id, None)
        self.problems: list[Problem] = []

    def make(self, groups: Sequence[Group]) -> tuple[Applied, ...]:
        self._check_picks(groups)
        changes: list[Create] = []
        places: list[list[int]] = []
        used: list[Group] = []
        for group in groups:
            made = self._create(group)
            if made is not None:
                used.append(group)
                changes.append(made[0])
                places.append(made[1])
        if self.problems:
            raise Refused(self.problems)
        if not changes:
            if self.picks is not None:
                raise refused("", "required", _CHOOSE)
            raise refused("", "nothing_open", _NOTHING_OPEN)
        try:
            applied = apply(self.unit, changes, by_rule=True)
        except ChangesRefused as error:
            raise Refused(self._placed(error, places)) from error
        self._check_created(applied)
        for group, each in zip(used, applied, strict=True):
            note_trace(self.unit, Trace.MADE, group.sources, each.form, each.id)
        return applied

    def _check_picks(self, groups: Sequence[Group]) -> None:
        """Refuse rows that are not offered: another record's, used up, or none at all."""
        known = {row.id for group in groups for _, row, _ in group.rows}
        for row_id in self.picks or ():
            if row_id not in known:
                message = label(
                    zh="这一行已没有可用数量，请刷新", en="nothing is left of this row; load the page again"
                )
                self.problems.append(Problem(path=f"{ROWS}.{row_id}", code="not_open", message=message))

    def _create(self, group: Group) -> tuple[Create, list[int]] | None:
        lines = self.derivation.lines
        values = self._header(group)
        if lines is None:
            return Create(form=self.form.id, values=values), []
        changes: list[LineChange] = []
        places: list[int] = []
        for top, row, quantities in group.rows:
            picked = None if self.picks is None else self.picks.get(row.id)
            if self.picks is not None and picked is None:
                continue
            amounts = self._amounts(row, quantities, picked or {})
            changes.append(LineChange(values={**self._line(top, row), **amounts}))
            places.append(row.id)
        if not changes:
            return None
        return Create(form=self.form.id, values=values, lines={lines.field: changes}), places

    def _header(self, group: Group) -> dict[FieldId, Scalar]:
        """Return what the sources agree on; what they differ in is left to the form's own defaults."""
        values: dict[FieldId, Scalar] = {}
        for name, expression in self.derivation.set:
            found = [self._value(expression, top, {}, name) for top in group.sources]
            if found and all(each is not None and each == found[0] for each in found):
                values[name] = found[0][0] if found[0] is not None else None
        link = self.derivation.link
        if link is not None and len(group.sources) == 1:
            values.setdefault(link, group.sources[0].id)
        return values

    def _line(self, top: RecordRow, row: RecordRow) -> dict[FieldId, Scalar]:
        lines = self.derivation.lines
        assert lines is not None
        values: dict[FieldId, Scalar] = {}
        for name, expression in lines.set:
            found = self._value(expression, top, {ITEM: row}, f"{lines.field}.{name}")
            if found is not None:
                values[name] = found[0]
        if lines.link is not None:
            values.setdefault(lines.link, row.id)
        return values

    def _value(
        self, expression: Expression, top: RecordRow, roots: Mapping[str, RecordRow], path: str
    ) -> tuple[Scalar] | None:
        """Return a value for a field; None where the person sees the field, but not what it comes from."""
        try:
            value, is_seen = seen_value(self.unit, expression, top, roots)
        except EvaluationError as error:
            self.problems.append(Problem(path=path, code="cannot_compute", message=error.explain))
            return None
        if not is_seen and self.rights.get(path, Right.HIDDEN) >= Right.READ:
            return None
        return (scalar(value),)

    def _amounts(
        self, row: RecordRow, quantities: Sequence[Quantity], picked: Mapping[FieldId, Decimal]
    ) -> dict[FieldId, Scalar]:
        known = {each.field.id: each for each in quantities}
        for name in picked:
            if name not in known:
                message = label(zh=f"没有数量 {name}", en=f"there is no quantity `{name}`")
                self._refuse(row, name, "unknown_field", message)
        amounts: dict[FieldId, Scalar] = {}
        for name, quantity in known.items():
            given = picked.get(name, quantity.preset)
            if name in picked and not quantity.is_writable and given != quantity.preset:
                message = label(zh="此数量不能修改", en="This quantity cannot be changed")
                self._refuse(row, name, "readonly", message)
            elif given is not None and given <= NOTHING:
                self._refuse(row, name, "check_failed", label(zh="必须大于 0", en="must be more than 0"))
            elif given is not None:
                amounts[name] = given
        return amounts

    def _refuse(self, row: RecordRow, name: FieldId, code: str, message: Label) -> None:
        self.problems.append(Problem(path=f"{ROWS}.{row.id}.{name}", code=code, message=message))

    def _placed(self, error: ChangesRefused, places: Sequence[Sequence[int]]) -> list[Problem]:
        """Return problems of the new records at the rows that they come from."""
        lines = self.derivation.lines
        found: list[Problem] = []
        for index, problems in error.by_change.items():
            for problem in problems:
                first, _, rest = problem.path.partition(".")
                position, _, name = rest.partition(".")
                if lines is None or first != lines.field or not position.isdecimal():
                    found.append(problem)
                    continue
                path = f"{ROWS}.{places[index][int(position)]}.{name}".removesuffix(".")
                found.append(
                    Problem(path=path, code=problem.code, message=problem.message, help=problem.help)
                )
        return found

    def _check_created(self, applied: Iterable[Applied]) -> None:
        """Check that the person may create these very records. Raises Denied."""
        for each in applied:
            row = rows_of(self.unit).row(each.form, each.id)
            if row is None:
                raise NotFound
            decision = decide(self.unit.person, Action.CREATE, each.form, row, unit=self.unit)
            if not decision:
                raise Denied(decision.why)


def scalar(value: Value) -> Scalar:
    """Return a value as fields keep it: records by their ids. What is of no such kind, its field refuses."""
    if isinstance(value, list):
        return cast("Scalar", tuple(each.id if isinstance(each, RecordRow) else each for each in value))
    return value.id if isinstance(value, RecordRow | LazyRow) else cast("Scalar", value)
