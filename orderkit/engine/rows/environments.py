"""What the names in an expression mean within a unit, and evaluating on a record."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from orderkit.engine.rows.row import LazyRow
from orderkit.engine.runtime import Person, Unit
from orderkit.model.expressions.evaluation import Environment, RowLike, RowStore, Value, evaluate
from orderkit.model.expressions.nodes import Expression

if TYPE_CHECKING:
    from orderkit.engine.rows.store import RowsOfUnit

NO_ROOTS: Mapping[str, Value] = MappingProxyType({})
_YES_NO = {"zh": ("是", "否"), "en": ("yes", "no")}


def environment_of(
    unit: Unit,
    record: RowLike | None = None,
    *,
    roots: Mapping[str, Value] = NO_ROOTS,
    person: Person | None = None,
    store: RowStore | None = None,
    changed: frozenset[str] | None = None,
) -> Environment:
    """Return the meaning of names: `record` (also as `this`), `me`, and the `roots` that the place adds.

    `store` stands in for the records that the unit has in hand, such as those before a change.
    """
    surroundings = unit.keep(_Surroundings, lambda: _Surroundings(unit))
    given = {"me": surroundings.me(person or unit.person), **roots}
    if record is not None:
        given.setdefault("record", record)
        given.setdefault("this", record)
    return Environment(
        roots=given,
        store=store or surroundings.rows,
        balances=surroundings.balances,
        now=surroundings.now,
        timezone=surroundings.timezone,
        changed=changed,
        choice_label=surroundings.choice_label,
        yes_no=surroundings.yes_no,
        calendar=surroundings.calendar,
    )


def evaluate_on(
    unit: Unit, expression: Expression, record: RowLike, roots: Mapping[str, Value] = NO_ROOTS
) -> Value:
    """Return the value of an expression on a record. Raises EvaluationError."""
    return evaluate(expression, environment_of(unit, record, roots=roots))


def holds(
    unit: Unit,
    condition: Expression,
    record: RowLike,
    *,
    roots: Mapping[str, Value] = NO_ROOTS,
    person: Person | None = None,
) -> bool:
    """Return whether a condition is true on a record; an empty one does not hold."""
    return evaluate(condition, environment_of(unit, record, roots=roots, person=person)) is True


class _Surroundings:
    """What is the same for every evaluation in a unit."""

    def __init__(self, unit: Unit) -> None:
        # The store imports this module, so that rows can evaluate virtual fields.
        from orderkit.engine.rows.store import rows_of  # noqa: PLC0415

        self._unit = unit
        self._me: dict[int, LazyRow] = {}
        self.rows: RowsOfUnit = rows_of(unit)
        self.balances = unit.runtime.hooks.balances(unit)
        self.now = unit.now
        self.timezone = unit.runtime.timezone
        self.calendar = unit.project.working_days
        self.yes_no = _YES_NO["zh" if unit.locale.startswith("zh") else "en"]

    def me(self, person: Person) -> LazyRow | None:
        """Return the user who acts; None for the system."""
        if person.id is None:
            return None
        if person.id not in self._me:
            self._me[person.id] = LazyRow(self.rows, "user", person.id)
        return self._me[person.id]

    def choice_label(self, form: str, field: str, value: str) -> str:
        """Return what a template prints for a choice: its label in the language of the unit's person."""
        found = self._unit.project.form_by_id[form].by_id[field]
        field_type = self._unit.runtime.catalog.fields[found.type]
        show: Callable[..., str] = field_type.show
        return show(found.options, value, self._unit.locale)
