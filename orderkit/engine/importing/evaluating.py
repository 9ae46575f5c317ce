"""Evaluates the expressions of a mapping on a row of a sheet and what is known of its record."""

from collections.abc import Mapping, Sequence

from orderkit.engine.importing.cell_values import Bad, Value, scalar
from orderkit.engine.rows import environment_of
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.evaluation import EvaluationError, RowLike, evaluate
from orderkit.model.expressions.evaluation.environment import PLAIN
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.forms import FieldId, FormId
from orderkit.model.labels import label


class PartialRow:
    """A record as far as a row of the sheet gives it. It has no id, and no lines yet."""

    def __init__(self, form: FormId, values: Mapping[FieldId, Value]) -> None:
        self._form = form
        self._values = values

    @property
    def form(self) -> str:
        """The form's id."""
        return self._form

    @property
    def id(self) -> int:
        """No id yet."""
        return 0

    def get(self, field: str) -> Scalar:
        """Return a value; of a reference the id, once it is known."""
        return scalar(self._values.get(field))

    def rows(self, collection: str) -> Sequence[RowLike]:  # noqa: ARG002 - the port's signature
        """Return no rows."""
        return ()


class Evaluating:
    """Evaluates within one unit."""

    def __init__(self, unit: Unit, form: FormId) -> None:
        self._form = form
        self._environment = environment_of(unit)

    def value(
        self, expression: Expression, cells: Mapping[str, str | None], values: Mapping[FieldId, Value]
    ) -> Scalar | Bad:
        """Return the value of an expression; of a record its id."""
        record = PartialRow(self._form, values)
        environment = self._environment.with_root("row", dict(cells))
        environment = environment.with_root("record", record).with_root("this", record)
        try:
            found = evaluate(expression, environment)
        except EvaluationError as error:
            return Bad("rule_failed", error.explain)
        if isinstance(found, tuple) and all(isinstance(each, str | int) for each in found):
            return found
        if isinstance(found, list | tuple | dict):
            what = label(zh="规则的结果不是单个值", en="the rule does not give a single value")
            return Bad("rule_failed", what)
        if found is None or isinstance(found, PLAIN):
            return found
        return found.id
