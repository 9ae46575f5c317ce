"""An expression's text made from its tree again: what `parse` reads it as is the same tree.

Places in the text are not kept. Brackets stand where the binding of operators asks for them, so a name
can be exchanged in the tree without a look at the text around it.
"""

from typing import assert_never

from orderkit.language.expressions.syntax.tree import (
    Attribute,
    CallSyntax,
    Conditional,
    Constant,
    Infix,
    ListSyntax,
    Name,
    Prefix,
    Syntax,
)

_CONDITIONAL, _OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _NEGATE, _ATOM = range(9)
_BINDING = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in", "not in"), _COMPARE),
    **dict.fromkeys(("+", "-"), _ADD),
    **dict.fromkeys(("*", "/", "%"), _MULTIPLY),
}
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t"})
_WORDS = {True: "true", False: "false", None: "null"}


def printed(syntax: Syntax) -> str:
    """Return the expression as text, on one line unless a quoted text has another kind of line end."""
    match syntax:
        case Constant(value=bool() | None as value):
            return _WORDS[value]
        case Constant(value=str() as value):
            return f"'{value.translate(_ESCAPES)}'"
        case Constant(value=value):
            return format(value, "f") if not isinstance(value, int) else str(value)
        case Name(name=name):
            return name
        case Attribute(base=base, name=name, is_subscript=is_subscript):
            reached = f"['{name.translate(_ESCAPES)}']" if is_subscript else f".{name}"
            return f"{_inside(base, _ATOM)}{reached}"
        case CallSyntax(function=function, arguments=arguments, keywords=keywords):
            named = (f"{keyword.name}={printed(keyword.value)}" for keyword in keywords)
            return f"{function}({', '.join((*map(printed, arguments), *named))})"
        case Prefix(operator="not", operand=operand):
            return f"not {_inside(operand, _NOT)}"
        case Prefix(operator=operator, operand=operand):
            return f"{operator}{_inside(operand, _NEGATE)}"
        case Infix():
            return _infix(syntax)
        case Conditional(test=test, then=then, otherwise=otherwise):
            return f"{_inside(then, _OR)} if {_inside(test, _OR)} else {printed(otherwise)}"
        case ListSyntax(items=items):
            return f"[{', '.join(map(printed, items))}]"
        case _:
            assert_never(syntax)


def _infix(syntax: Infix) -> str:
    binding = _BINDING[syntax.operator]
    # `a < b < c` would be read as a chain, so a comparison within one needs brackets on either side.
    left = _inside(syntax.left, binding + 1 if binding == _COMPARE else binding)
    return f"{left} {syntax.operator} {_inside(syntax.right, binding + 1)}"


def _inside(syntax: Syntax, least: int) -> str:
    """Return a part, in brackets where it binds less than its place asks for."""
    text = printed(syntax)
    return text if _binding_of(syntax) >= least else f"({text})"


def _binding_of(syntax: Syntax) -> int:
    match syntax:
        case Infix(operator=operator):
            return _BINDING[operator]
        case Conditional():
            return _CONDITIONAL
        case Prefix(operator=operator):
            return _NOT if operator == "not" else _NEGATE
        case Constant() | Name() | Attribute() | CallSyntax() | ListSyntax():
            return _ATOM
        case _:
            assert_never(syntax)
