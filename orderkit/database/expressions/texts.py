"""Values as text in SQL: templates, titles and `text(…)`."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from orderkit.database.expressions.scope import Sql
from orderkit.fields.choice import ChoiceOptions
from orderkit.model.expressions import Expression, Get, Template, TemplatePart
from orderkit.model.labels import text_of
from orderkit.model.types import Boolean, Choice, Date, DateTime, Number, Record

if TYPE_CHECKING:
    from orderkit.database.expressions.compiler import Compiler

# strftime letters as to_char of PostgreSQL writes them.
_TO_CHAR = {
    "%Y": "YYYY",
    "%y": "YY",
    "%m": "MM",
    "%d": "DD",
    "%H": "HH24",
    "%M": "MI",
    "%S": "SS",
    "%j": "DDD",
}
_DATE, _INSTANT = "%Y-%m-%d", "%Y-%m-%d %H:%M"


def compile_template(template: Template, compiler: "Compiler") -> Sql:
    """Return the text of a template; empty parts print as nothing, and an empty text is empty."""
    joined: Sql = sa.literal("", sa.Text())
    for part in template.parts:
        joined = joined.concat(_part(part, compiler))
    return sa.func.nullif(joined, "", type_=sa.Text())


def _part(part: TemplatePart, compiler: "Compiler") -> Sql:
    if part.expression is None:
        return sa.literal(part.text, sa.Text())
    return sa.func.coalesce(as_text(part.expression, compiler, part.format), "", type_=sa.Text())


def as_text(expression: Expression, compiler: "Compiler", pattern: str = "") -> Sql:
    """Return a value as a template prints it."""
    match expression.type:
        case Number(scale=scale):
            return compiler.arithmetic.text(compiler.value(expression), scale)
        case Date():
            return _formatted_date(compiler.value(expression), pattern or _DATE, compiler)
        case DateTime():
            return _formatted_instant(compiler.value(expression), pattern or _INSTANT, compiler)
        case Choice():
            return _choice_label(expression, compiler)
        case Record():
            return _title(expression, compiler)
        case Boolean():
            return _yes_or_no(compiler.value(expression), compiler)
        case _:
            return compiler.value(expression)


def _formatted_date(value: Sql, pattern: str, compiler: "Compiler") -> Sql:
    if compiler.scope.is_sqlite:
        return sa.func.ok_format_date(value, pattern, type_=sa.Text())
    return sa.func.to_char(value, _to_char(pattern), type_=sa.Text())


def _formatted_instant(value: Sql, pattern: str, compiler: "Compiler") -> Sql:
    zone = str(compiler.scope.constants.timezone)
    if compiler.scope.is_sqlite:
        return sa.func.ok_format_instant(value, zone, pattern, type_=sa.Text())
    return sa.func.to_char(sa.func.timezone(zone, value), _to_char(pattern), type_=sa.Text())


def _to_char(pattern: str) -> str:
    for letter, meaning in _TO_CHAR.items():
        pattern = pattern.replace(letter, meaning)
    return pattern


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


def _yes_or_no(value: Sql, compiler: "Compiler") -> Sql:
    is_chinese = compiler.scope.project.locale.startswith("zh")
    yes, no = ("是", "否") if is_chinese else ("yes", "no")
    return sa.case((value.is_(sa.true()), yes), (value.is_(sa.false()), no), else_=sa.null())
