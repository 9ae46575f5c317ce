"""Members of records: what a name is of a form, and what is said of one that nothing answers to."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orderkit.language.expressions.calls import aggregates, functions
from orderkit.language.expressions.kinship import type_name
from orderkit.language.expressions.problems import (
    NOT_STORABLE,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Mend,
    mended,
)
from orderkit.language.expressions.scope import FormScope
from orderkit.language.expressions.syntax.tree import (
    Attribute,
    Name,
)
from orderkit.language.findings.nearest import did_you_mean
from orderkit.model.expressions.nodes import Expression, Get, Root
from orderkit.model.expressions.types import (
    ADDRESS_PARTS,
    Address,
    Json,
    Record,
    Rows,
    Text,
    Type,
)
from orderkit.model.labels import Label, label

if TYPE_CHECKING:
    from orderkit.language.expressions.checking import Checker


def report_unknown_name(checker: "Checker", syntax: Name) -> None:
    """Report a name that nothing answers to."""
    name = syntax.name
    if name == "me" and checker.scope.is_stored:
        checker.report(
            syntax.start,
            syntax.end,
            NOT_STORABLE,
            label(zh="保存的值不能用 `me`", en="a stored value cannot use `me`"),
            label(zh="改用 `virtual` 或 `default`", en="use `virtual` or `default` instead"),
        )
        return
    mend: Mend | None = None
    form = checker.form_of(checker.implicit.type) if checker.implicit is not None else None
    outer = checker.form_of(checker.outer.type) if checker.outer is not None else None
    known = {*checker.scope.roots, *(members(form) if form else ())}
    if checker.scope.is_stored:
        known.discard("me")
    if name in functions.NAMES or name in aggregates.NAMES:
        help_: Label | None = label(zh=f"函数要写成 `{name}(…)`", en=f"a function is written `{name}(…)`")
    elif outer is not None and member_type(outer, name) is not None and "this" in checker.scope.roots:
        help_ = label(
            zh=f"外面这条记录的字段写成 `this.{name}`",
            en=f"write `this.{name}` for the field of the record outside",
        )
    else:
        labels = form.labels if form else None
        help_ = did_you_mean(name, known, labels)
        mend = mended(syntax.start, syntax.end, name, known, labels)
    if isinstance(checker.implicit, Root) and isinstance(checker.implicit.type, Record):
        on = checker.implicit.type.form
        headline = label(zh=f"`{on}` 没有 `{name}`", en=f"`{on}` has no `{name}`")
    else:
        headline = label(zh=f"不认识 `{name}`", en=f"`{name}` is not known here")
    functions_too = (*known, *functions.NAMES, *aggregates.NAMES)
    checker.report(
        syntax.start, syntax.end, UNKNOWN_NAME, headline, help_, mend=mend, candidates=functions_too
    )


def member(checker: "Checker", base: Expression, syntax: Attribute) -> Expression | None:
    """Check a member of a record or of outside data."""
    match base.type:
        case Json():
            return Get(base, syntax.name, base.type)
        case Record(form_id):
            form = checker.scope.forms.get(form_id)
            if form is None:
                return None
            kind = member_type(form, syntax.name)
            if kind is not None:
                checker.mention(syntax.name_start, syntax.end, base.type, syntax.name)
                return Get(base, syntax.name, kind)
            checker.report(
                syntax.name_start,
                syntax.end,
                UNKNOWN_NAME,
                label(zh=f"`{form_id}` 没有 `{syntax.name}`", en=f"`{form_id}` has no `{syntax.name}`"),
                did_you_mean(syntax.name, members(form), form.labels),
                mend=mended(syntax.name_start, syntax.end, syntax.name, members(form), form.labels),
                candidates=members(form),
            )
        case Rows():
            checker.rows_alone(syntax)
        case Address() if syntax.name in ADDRESS_PARTS:
            return Get(base, syntax.name, Text())
        case Address():
            checker.report(
                syntax.name_start,
                syntax.end,
                UNKNOWN_NAME,
                label(zh=f"地址没有 `{syntax.name}`", en=f"an address has no `{syntax.name}`"),
                did_you_mean(syntax.name, ADDRESS_PARTS)
                or label(zh=f"有 {'、'.join(ADDRESS_PARTS)}", en=f"it has {', '.join(ADDRESS_PARTS)}"),
            )
        case other:
            name = type_name(other)
            checker.report(
                syntax.name_start,
                syntax.end,
                WRONG_TYPE,
                label(zh=f"{name['zh']}没有 `{syntax.name}`", en=f"{name['en']} has no `{syntax.name}`"),
                label(zh=f"写成 `{syntax.name}(…)`", en=f"write `{syntax.name}(…)`")
                if syntax.name in functions.NAMES
                else None,
            )
    return None


def members(form: FormScope) -> Iterable[str]:
    """Return the names that a record of the form answers to."""
    return (*form.fields, *form.collections)


def member_type(form: FormScope, name: str) -> Type | None:
    """Return the type of a field or collection."""
    if name in form.fields:
        return form.fields[name].type
    return Rows(form.collections[name]) if name in form.collections else None
