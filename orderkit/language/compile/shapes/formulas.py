"""Which computed fields are never empty, seen from how they are written, before any type is checked.

Careful as `expressions.emptiness` is: "never" is only said where it is certain. `sum` and `count` of
nothing are 0, so that `total > 50000` needs no `coalesce` where `total` is `sum(lines.amount)`.
"""

from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.expressions.syntax.parsing import parse
from orderkit.language.expressions.syntax.tree import (
    CallSyntax,
    Conditional,
    Constant,
    Infix,
    Name,
    Prefix,
    Syntax,
)
from orderkit.language.spec.parts import field as words
from orderkit.model.expressions.types import Boolean

_NEVER = frozenset({"sum", "count"})
_AS_ITS_FIRST = frozenset({"round", "abs"})
_AS_ALL = frozenset({"least", "greatest"})


class Formulas:
    """The fields of one form, asked whether their records could have them empty."""

    def __init__(self, shape: FormShape) -> None:
        self._fields = shape.fields
        self._answers: dict[str, bool] = {}

    def is_never_empty(self, name: str) -> bool:
        """Return whether no record has the field empty: required, a flag, or computed of such."""
        shape = self._fields.get(name)
        if shape is None:
            return False
        answer = self._answers.get(name)
        if answer is None:
            # What is computed of itself is reported elsewhere.
            self._answers[name] = False
            answer = self._answers[name] = self._of_field(shape)
        return answer

    def _of_field(self, shape: FieldShape) -> bool:
        field, written = shape.field, shape.written
        if field is None:
            return True
        if written is None:
            return field.required
        if field.required or isinstance(field.value_type, Boolean):
            return True
        formula = written[words.COMPUTE]
        syntax = None if formula is None else parse(formula.text).syntax
        return syntax is not None and self._of(syntax)

    def _of(self, syntax: Syntax) -> bool:
        match syntax:
            case Constant(value=value):
                return value is not None
            case Name(name=name):
                return self.is_never_empty(name)
            case Prefix(operand=operand):
                return self._of(operand)
            case Infix(operator="+" | "-" | "*", left=left, right=right):
                return self._of(left) and self._of(right)
            case Infix(operator="/", left=left, right=Constant(value=value)):
                return bool(value) and self._of(left)
            case Conditional(then=then, otherwise=otherwise):
                return self._of(then) and self._of(otherwise)
            case CallSyntax(function=function, arguments=arguments):
                return self._of_call(function, arguments)
            case _:
                return False

    def _of_call(self, function: str, arguments: tuple[Syntax, ...]) -> bool:
        if function == "coalesce":
            return any(self._of(each) for each in arguments)
        if function in _AS_ITS_FIRST:
            return bool(arguments) and self._of(arguments[0])
        return function in _NEVER or (function in _AS_ALL and all(self._of(each) for each in arguments))
