"""Values as text in SQL: `text(…)` and `concat(…)` plainly, templates and titles as people read them."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from orderkit.database.expressions import moments
from orderkit.database.expressions.scope import Sql
from orderkit.fields.choice import ChoiceOptions
from orderkit.model.evaluation.texts import DATE_FORMAT, INSTANT_FORMAT, PLAIN_INSTANT_FORMAT
from orderkit.model.expressions import Expression, Get, Template, TemplatePart
from orderkit.model.labels import text_of
from orderkit.model.types import Boolean, Choice, Date, DateTime, Number, Record

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
    field = compiler.scope.project.form_by_id[expression.base.type.form].by_id[expression.field]
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


def _either(value: Sql, yes: str, no: str) -> Sql:
    return sa.case((value.is_(sa.true()), yes), (value.is_(sa.false()), no), else_=sa.null())
