"""Values as text in SQL: `text(…)` and `concat(…)` plainly, templates and titles as people read them."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from orderkit.database.expressions import moments, structures
from orderkit.database.expressions.scope import Sql
from orderkit.fields.choice import ChoiceOptions
from orderkit.model.expressions.evaluation.texts import DATE_FORMAT, INSTANT_FORMAT, PLAIN_INSTANT_FORMAT
from orderkit.model.expressions.nodes import Expression, Get, Template, TemplatePart
from orderkit.model.expressions.types import (
    Address,
    Boolean,
    Choice,
    Date,
    DateTime,
    Duration,
    Number,
    Record,
    Time,
)
from orderkit.model.labels import text_of

if TYPE_CHECKING:
    from orderkit.database.expressions.compiler import Compiler


def compile_template(template: Template, compiler: "Compiler") -> Sql:
    """Return the text of a template; empty parts print as nothing, and an empty text is empty."""
    joined: Sql = sa.literal("", sa.Text())
    for part in template.parts:
        joined = joined.concat(_part(part, compiler))
    return sa.func.nullif(joined, "", type_=sa.Text())


def _part(part: TemplatePart, compiler: "Compiler") -> Sql:
    if part.expression is None:
        return sa.literal(part.text, sa.Text())
    return sa.func.coalesce(_printed(part.expression, compiler, part.format), "", type_=sa.Text())


def plain(expression: Expression, compiler: "Compiler") -> Sql:
    """Return a value as text that programs read; the same for every reader."""
    value = compiler.value(expression)
    match expression.type:
        case Number(scale=scale):
            return compiler.arithmetic.text(value, scale)
        case Date():
            return moments.formatted_date(value, DATE_FORMAT, compiler)
        case DateTime():
            return moments.formatted_instant(value, PLAIN_INSTANT_FORMAT, compiler)
        case Boolean():
            return _either(value, "true", "false")
        case Time():
            return _clock(value, compiler, has_seconds=True)
        case Duration():
            return _span(value)
        case _:
            return value


def _printed(expression: Expression, compiler: "Compiler", pattern: str) -> Sql:
    """Return a value as a template prints it."""
    match expression:
        case Get(type=Number(is_ratio=True, scale=scale)):
            raw, arithmetic = compiler.value(expression), compiler.arithmetic
            hundred = arithmetic.multiply(raw, arithmetic.literal(100, 0), scale)
            return arithmetic.text(hundred, scale).concat("%")
        case Get(type=Number(currency=str(), scale=scale)):
            return compiler.arithmetic.fixed_text(compiler.value(expression), scale)
    match expression.type:
        case Date():
            return moments.formatted_date(compiler.value(expression), pattern or DATE_FORMAT, compiler)
        case DateTime():
            return moments.formatted_instant(compiler.value(expression), pattern or INSTANT_FORMAT, compiler)
        case Choice():
            return _choice_label(expression, compiler)
        case Time():
            return _clock(compiler.value(expression), compiler, has_seconds=False)
        case Address():
            return structures.address_line(compiler.value(expression), is_sqlite=compiler.scope.is_sqlite)
        case Record():
            return _title(expression, compiler)
        case Boolean():
            return _either(compiler.value(expression), *compiler.scope.constants.yes_no)
        case _:
            return plain(expression, compiler)


def _choice_label(expression: Expression, compiler: "Compiler") -> Sql:
    value = compiler.value(expression)
    if not isinstance(expression, Get) or not isinstance(expression.base.type, Record):
        return value
    field = compiler.scope.project.row_form_by_id[expression.base.type.form].by_id[expression.field]
    if not isinstance(field.options, ChoiceOptions):
        return value
    locale = compiler.scope.project.locale
    labels = {option.value: text_of(option.label, locale) for option in field.options.options}
    return sa.case(labels, value=value, else_=value)


def _title(expression: Expression, compiler: "Compiler") -> Sql:
    assert isinstance(expression.type, Record)
    form = compiler.scope.project.form_by_id[expression.type.form]
    row = compiler.row(expression)
    if row is not None:
        return compiler.inside(compiler.scope.with_row("record", row)).value(form.title)
    target, joins = compiler.scope.new_row(form.id)
    title = compiler.inside(compiler.scope.with_row("record", target)).value(form.title)
    return (
        sa.select(title)
        .select_from(joins.added_to(target.alias))
        .where(target.alias.c.id == compiler.value(expression))
        .correlate_except(target.alias, *joins.aliases)
        .scalar_subquery()
    )


def _clock(value: Sql, compiler: "Compiler", *, has_seconds: bool) -> Sql:
    """Return a clock time as text, which on SQLite it is already."""
    if compiler.scope.is_sqlite:
        return sa.func.substr(sa.type_coerce(value, sa.Text()), 1, 8 if has_seconds else 5, type_=sa.Text())
    return sa.func.to_char(value, "HH24:MI:SS" if has_seconds else "HH24:MI", type_=sa.Text())


def _span(value: Sql) -> Sql:
    """Return a span as `1d2h30min5s`, without the parts that are nought."""
    seconds = sa.type_coerce(value, sa.BigInteger())
    line: Sql = sa.literal("", sa.Text())
    for unit, size, whole in (("d", 86_400, None), ("h", 3_600, 24), ("min", 60, 60), ("s", 1, 60)):
        amount: Sql = sa.type_coerce(seconds.op("/")(size), sa.BigInteger())
        if whole is not None:
            amount = sa.type_coerce(amount.op("%")(whole), sa.BigInteger())
        told = sa.cast(amount, sa.Text()).concat(unit)
        line = line.concat(sa.case((amount == 0, ""), else_=told))
    return sa.case((seconds == 0, "0s"), else_=line)


def _either(value: Sql, yes: str, no: str) -> Sql:
    return sa.case((value.is_(sa.true()), yes), (value.is_(sa.false()), no), else_=sa.null())
