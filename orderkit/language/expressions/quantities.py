"""Checks `convert()` between units, and `rmb_upper()`."""

from typing import TYPE_CHECKING

from orderkit.language.expressions.calls.arguments import counted
from orderkit.language.expressions.problems import UNKNOWN_UNIT
from orderkit.language.expressions.syntax.tree import CallSyntax, Syntax
from orderkit.language.findings.nearest import did_you_mean
from orderkit.model.expressions.evaluation.units import UNITS, factor_between
from orderkit.model.expressions.nodes import Call, Expression, Literal
from orderkit.model.expressions.types import DIVISION_SCALE, Number, Text
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.language.expressions.checking import Checker


def convert(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    """Check `convert(qty, 'kg', product.unit)`; units that are written out must fit together."""
    if not counted(checker, syntax, 3, 3):
        return None
    quantity, source, target = syntax.arguments
    value = checker.check_as(quantity, Number())
    first, second = checker.check_as(source, Text()), checker.check_as(target, Text())
    if value is None or first is None or second is None:
        return None
    is_known = [_is_known(checker, each, unit) for each, unit in ((source, first), (target, second))]
    if not all(is_known) or not _fit_together(checker, syntax, first, second):
        return None
    return Call("convert", (value, first, second), Number(DIVISION_SCALE))


def rmb_upper(checker: "Checker", syntax: CallSyntax) -> Expression | None:
    """Check `rmb_upper(total)`."""
    if not counted(checker, syntax, 1, 1):
        return None
    value = checker.check_as(syntax.arguments[0], Number())
    return None if value is None else Call("rmb_upper", (value,), Text())


def _is_known(checker: "Checker", syntax: Syntax, unit: Expression) -> bool:
    """Return whether a unit is known, or known at run time only; after reporting if it is not."""
    name = _written(unit)
    if name is None or name in UNITS:
        return True
    checker.report(
        syntax.start,
        syntax.end,
        UNKNOWN_UNIT,
        label(zh=f"没有单位 `{name}`", en=f"there is no unit `{name}`"),
        did_you_mean(name, UNITS)
        or label(
            zh="件、箱等包装单位用字段相乘，例如 `qty * product.per_box`",
            en="multiply by a field for packing units, such as `qty * product.per_box`",
        ),
    )
    return False


def _fit_together(checker: "Checker", syntax: CallSyntax, first: Expression, second: Expression) -> bool:
    source, target = _written(first), _written(second)
    if source is None or target is None or factor_between(source, target) is not None:
        return True
    checker.report(
        syntax.arguments[1].start,
        syntax.arguments[2].end,
        UNKNOWN_UNIT,
        label(
            zh=f"`{source}` 和 `{target}` 量的不是同一种东西",
            en=f"`{source}` and `{target}` do not measure the same",
        ),
    )
    return False


def _written(unit: Expression) -> str | None:
    return unit.value if isinstance(unit, Literal) and isinstance(unit.value, str) else None
