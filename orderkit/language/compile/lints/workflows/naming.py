"""A lint: what a form makes by itself reads a field that is always empty when it is made.

A number and a default are taken when the record is made, and stay; a title and a formula are made anew, so they
may well read what is filled later, but not what nobody ever fills.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.workflows.fillable import is_fillable, is_filled_by_people
from orderkit.language.compile.lints.workflows.filling import NOT_FILLED_BY_THEN
from orderkit.language.compile.lints.workflows.graph import Graph
from orderkit.language.compile.lints.workflows.reading import paths_read
from orderkit.language.findings import Note
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import Label, label


def _is_filled_at_first(field: Field, lives: Sequence[Graph]) -> bool:
    """Whether people may give a field a value when they make a record."""
    if field.readonly:
        return False
    begins = [graph.workflow.state_by_id[graph.workflow.initial].edit for graph in lives]
    return not begins or any(
        edit is None or any(field.id in grant.fields for grant in edit) for edit in begins
    )


def _is_ever_filled(field: Field, lives: Sequence[Graph]) -> bool:
    if not lives:
        return not field.readonly
    return any(is_fillable(graph, field, frozenset(graph.workflow.state_by_id)) for graph in lives)


@dataclass(frozen=True, slots=True)
class _Rule:
    """When a template of a form finds its fields filled, and what is said where it does not."""

    is_filled: Callable[[Field, Sequence[Graph]], bool]
    headline: Label
    help: Label


_NUMBER = _Rule(
    _is_filled_at_first,
    label(
        zh="单号在第一次保存时取得，那时还没有人能填 `{name}`",
        en="the number is taken at the first save, when nobody can have filled `{name}`",
    ),
    label(
        zh="在起始状态的 `edit` 里加上它，或给它 `default:`",
        en="add it to the `edit` of the initial state, or give it a `default`",
    ),
)
_TITLE = _Rule(
    _is_ever_filled,
    label(zh="标题里的 `{name}` 没有人能填", en="nobody can ever fill `{name}`, which the title shows"),
    label(zh="让它可以填写，或从标题里去掉", en="let people fill it, or take it out of the title"),
)
_DEFAULT = _Rule(
    _is_filled_at_first,
    label(
        zh="默认值在新建时取得，那时还没有人能填 `{name}`",
        en="a default is taken when the record is made, when nobody can have filled `{name}`",
    ),
    label(
        zh="写 `compute:` 或 `copy:`，或在之后的流转里用 `do: [{set: …}]` 赋值",
        en="use `compute` or `copy`, or let a later transition `set` it",
    ),
)
_FORMULA = _Rule(
    _is_ever_filled,
    label(
        zh="公式里的 `{name}` 没有人能填", en="nobody can ever fill `{name}`, which this is worked out from"
    ),
    label(zh="让它可以填写，或从公式里去掉", en="let people fill it, or take it out of the formula"),
)
# What stands in no record that is being made.
_TAKEN_AT_SAVING = frozenset({SystemRole.NUMBER, SystemRole.ID})


def check_naming(linting: Linting, graphs: Iterable[Graph]) -> None:
    """Report fields that are empty whenever a number is taken, and fields of titles that are always empty."""
    by_form: dict[str, list[Graph]] = {}
    for graph in graphs:
        by_form.setdefault(graph.workflow.form, []).append(graph)
    unreadable = {each.form for each in linting.project.workflows} - by_form.keys()
    for form in linting.project.forms:
        if form.is_built_in or form.parent is not None or form.id in unreadable:
            continue
        lives = by_form.get(form.id, ())
        if form.number is not None:
            _check(linting, form, form.number, lives, _NUMBER)
        _check(linting, form, form.title, lives, _TITLE)
        for field in form.fields:
            if field.default is not None:
                _check(linting, form, field.default, lives, _DEFAULT)
            for formula in (field.compute, field.virtual, field.copy):
                if formula is not None:
                    _check(linting, form, formula, lives, _FORMULA)


def _check(linting: Linting, form: Form, made: Expression, lives: Sequence[Graph], rule: _Rule) -> None:
    place = linting.usage.place_of(made)
    if place is None:
        return
    for name in dict.fromkeys(paths_read(made, form)):
        field = form.by_id.get(name)
        if field is None or not _is_empty(linting, form, field, lives, rule):
            continue
        shape = linting.lowering.compilation.shapes[form.id].fields[name]
        part = re.search(rf"(?:\{{\s*|\b)(?P<name>{name})\b", place.node.text)
        linting.report(
            NOT_FILLED_BY_THEN,
            place.span if part is None else place.node.part(part.start("name"), part.end("name")),
            {language: text.replace("{name}", name) for language, text in rule.headline.items()},
            rule.help,
            notes=()
            if shape.id_node is None
            else (Note(text=label(zh="字段在这里", en="the field stands here"), span=shape.id_node.span),),
        )


def _is_empty(linting: Linting, form: Form, field: Field, lives: Sequence[Graph], rule: _Rule) -> bool:
    """Whether a field is always empty when what reads it is made."""
    if rule is _DEFAULT and field.system in _TAKEN_AT_SAVING:
        return True
    if not is_filled_by_people(field):
        return False
    return not linting.usage.is_given(form.id, field.id) and not rule.is_filled(field, lives)
