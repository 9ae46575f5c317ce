"""How our own templates become Python: what Jinja writes, with less around each value and each call.

Drawing a list escapes thousands of texts and calls a macro for each cell, so most of a page's time went into
wrapping what was escaped in `Markup` only to join it, and into looking for a context that no function of ours
takes. What is escaped, and how, stays as it was. Templates of a project are compiled as Jinja does it.
"""

from types import CodeType
from typing import Any

import markupsafe
from jinja2 import BytecodeCache, Environment, nodes
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import Macro
from markupsafe import Markup, escape

# Jinja's own `escape` is this function, wrapped in `Markup`.
_escape_text: Any = getattr(markupsafe, "_escape_inner", escape)


def escaped(value: object) -> str:
    """Return a value as it stands in HTML, to be joined with the rest: a text of HTML is not marked as such."""
    if type(value) is str:
        text: str = _escape_text(value)
        return text
    return value if isinstance(value, Markup) else escape(value)


class PlainMacro(Macro):
    """A macro that is called without further ado where it is given just what it takes."""

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        """Return what the macro draws."""
        is_plain = len(args) == self._argument_count and not kwargs
        if is_plain and not (self.caller or self.catch_kwargs or self.catch_varargs):
            return str.__new__(Markup, self._func(*args))
        return super().__call__(*args, **kwargs)


class PlainGenerator(CodeGenerator):
    """Writes the code of a template."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        """Write a template, with the names that its code needs."""
        self.writeline("from operator import call")
        self.writeline(f"from {__name__} import PlainMacro, escaped")
        super().visit_Template(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT001, FBT002, N802 - Jinja's signature
        """Write a call. Nothing that our templates call asks for Jinja's context."""
        self.write("call(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write the making of a macro."""
        self.write("Plain")
        super().macro_def(macro_ref, frame)

    def _output_child_pre(
        self,
        node: nodes.Expr,  # noqa: ARG002 - Jinja's signature
        frame: Frame,  # noqa: ARG002
        finalize: CodeGenerator._FinalizeInfo,
    ) -> None:
        self.write("escaped(")
        if finalize.src is not None:
            self.write(finalize.src)


class Compiled(BytecodeCache):
    """The code of our own templates, which each app of this process shares: compiling takes longer than drawing.

    A template is found by its name, its file and what it says. What a project brings does not stand here.
    """

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it was compiled before."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        self._code[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


class Plain(Environment):
    """Compiles our own templates; all of them escape."""

    code_generator_class = PlainGenerator
