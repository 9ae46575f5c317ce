"""Places of expressions and templates: the checker's offsets turned into places in files."""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.language.compile.places.context import Compilation
from orderkit.language.compile.places.scopes import Places
from orderkit.language.expressions import Checked, check_expression, check_template
from orderkit.language.expressions.problems import UNKNOWN_NAME, WRONG_TEMPLATE, Mend
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, Fix, Note
from orderkit.language.source import ScalarNode
from orderkit.language.source.corrections import rewriting
from orderkit.language.spec.mentions import ReadExpression
from orderkit.model.expressions.nodes import Expression, Template
from orderkit.model.expressions.types import Boolean, Date, DateTime, Json, Record, Rows, Type
from orderkit.model.labels import label

MAY_BE_EMPTY = Code(
    "OK3109",
    "condition-may-be-empty",
    ERROR,
    since="0.1",
    explain="""
    A guard, or the `when` of an approval or an alert, reads a value that may be empty; it would silently count as no.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, guard: total > 0}}
    # order.yaml
    form: order
    fields: {total: {type: money}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner, guard: total > 0, require: [total]}}
    # order.yaml
    form: order
    fields: {total: {type: money}}
    ~~~""",
    zh="前提（guard）、审批或预警的 `when` 用到可能为空的值；为空时会悄悄算作不成立。",
)

NO_MOMENT = Code(
    "OK4400",
    "no-moment",
    ERROR,
    since="0.1",
    explain="""
    A deadline, a timer or a trigger reads something that is neither a date nor a moment.
    ~~~yaml bad
    automation: remind
    trigger: {date: order.name, before: 1wd}
    after: [{task: owner}]
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~
    ~~~yaml good
    automation: remind
    trigger: {date: order.need_by, before: 1wd}
    after: [{task: owner}]
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~""",
    zh="期限、定时器或触发读到的既不是日期，也不是时刻。",
)


@dataclass(frozen=True, slots=True)
class Checking:
    """Reads expressions at nodes and reports what is wrong with them at the very characters."""

    compilation: Compilation
    places: Places

    def expression(
        self, node: ScalarNode | None, scope: Scope, expected: Type | None = None, *, skip: int = 0
    ) -> Expression | None:
        """Return the expression of a node, or None where it is absent or wrong.

        Args:
            node: the scalar, or None.
            scope: what it may name.
            expected: the type of its place.
            skip: how many characters stand before the expression (`=` in a value place).
        """
        return None if node is None else self.checked(node, scope, expected, skip=skip).expression

    def checked(
        self,
        node: ScalarNode,
        scope: Scope,
        expected: Type | None = None,
        *,
        skip: int = 0,
        end: int | None = None,
    ) -> Checked:
        """Return what the checker says of a node, or of its characters `skip` to `end`; problems are reported."""
        found = check_expression(node.text[skip:end], scope, expected, choices=self.compilation.choices)
        self._report(node, found, skip)
        self._note(node, skip, end, found, scope)
        return found

    def unplaced(self, text: str, scope: Scope, expected: Type) -> Expression | None:
        """Return an expression that the compiler itself writes."""
        found = check_expression(text, scope, expected)
        assert not found.problems, (text, found.problems)
        return found.expression

    def condition(self, node: ScalarNode | None, scope: Scope) -> Expression | None:
        """Return a condition."""
        return self.expression(node, scope, Boolean())

    def moment(self, node: ScalarNode | None, scope: Scope, *, skip: int = 0) -> Expression | None:
        """Return an expression that gives a date or a moment, or None where it is absent or wrong."""
        if node is None:
            return None
        found = self.checked(node, scope, skip=skip)
        if found.expression is None or isinstance(found.type, Date | DateTime | Json):
            return found.expression
        self.compilation.reading.report(
            NO_MOMENT,
            node,
            label(zh=f"`{node.text}` 不是日期或时刻", en=f"`{node.text}` is no date and no moment"),
            label(zh="写日期或时间字段，或表达式", en="write a date or datetime field, or an expression"),
        )
        return None

    def certain(self, node: ScalarNode | None, scope: Scope) -> Expression | None:
        """Return a condition of a guard or an approval, where an empty value would silently mean no."""
        if node is None:
            return None
        found = self.checked(node, scope, Boolean())
        if found.expression is not None and found.may_be_empty:
            self.compilation.reading.report(
                MAY_BE_EMPTY,
                node,
                label(zh="这个条件可能为空", en="this condition may be empty"),
                label(
                    zh="用 `coalesce(字段, 0)`、`字段 != null and …`，或让字段必填",
                    en="use `coalesce(field, 0)`, `field != null and …`, or require the field",
                ),
                notes=self._fields_that_may_be_empty(found, scope),
            )
        return found.expression

    def _fields_that_may_be_empty(self, found: Checked, scope: Scope) -> Iterator[Note]:
        """Yield where the fields are declared that an expression reads and that may be empty."""
        implicit = None if scope.implicit is None else scope.implicit.type
        for form, name in dict.fromkeys(
            each.id.rpartition(".")[::2] for each in found.names if each.kind == "field"
        ):
            shape, known = self.compilation.shapes.get(form), scope.forms.get(form)
            field = None if shape is None else shape.fields.get(name)
            seen = None if known is None else known.fields.get(name)
            if field is None or seen is None or seen.is_required or isinstance(seen.type, Boolean | Rows):
                continue
            if implicit == Record(form) and name in scope.known:
                continue
            yield Note(
                text=label(zh=f"`{name}` 可以为空", en=f"`{name}` may be empty"),
                span=None if field.id_node is None else field.id_node.span,
            )

    def template(self, node: ScalarNode | None, scope: Scope) -> Template | None:
        """Return the template of a node, or None where it is absent or wrong."""
        if node is None:
            return None
        found = check_template(node.text, scope, choices=self.compilation.choices)
        self._report(node, found, 0)
        self._note(node, 0, None, found, scope)
        return found.expression if isinstance(found.expression, Template) else None

    def _report(self, node: ScalarNode, found: Checked, skip: int) -> None:
        for start, end, what in found.awaiting:
            self.compilation.reading.await_engine(what, node.part(start + skip, end + skip))
        for problem in found.problems:
            about = node.text[problem.start + skip : problem.end + skip]
            if problem.code is WRONG_TEMPLATE:
                about = node.text  # a format is wrong for the type of what stands before it
            if problem.code is not UNKNOWN_NAME and self.compilation.names_broken(about):
                # Its type is only unknown because of what was reported elsewhere.
                continue
            if self.compilation.is_within_bad_id(node.text, problem.start + skip, problem.end + skip):
                continue
            self.compilation.reading.report(
                problem.code,
                node.part(problem.start + skip, problem.end + skip),
                problem.headline,
                problem.help,
                fix=_fix(node, problem.mend, skip),
                candidates=problem.candidates,
            )

    def _note(self, node: ScalarNode, start: int, end: int | None, found: Checked, scope: Scope) -> None:
        mentions = self.compilation.reading.mentions
        if found.expression is None:
            mentions.name_words(found.names, node, start)
        else:
            mentions.expressions.append(
                ReadExpression(node, start, end, found.expression, scope, found.names)
            )


def _fix(node: ScalarNode, mend: Mend | None, skip: int) -> Fix | None:
    if mend is None:
        return None
    return rewriting(node.part(mend.start + skip, mend.end + skip), mend.text, is_sure=mend.is_sure)
