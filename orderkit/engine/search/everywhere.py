"""Records of all forms with some words, best first, each as this person may see it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.expressions import compile_value
from orderkit.engine.access import Action, decide, row_condition
from orderkit.engine.access.row_rules import scope_of
from orderkit.engine.records.reading.conditions import search_words, searched
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.forms import Form, FormId
from orderkit.model.labels import Label

MOST_HITS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A record that was found. `label` is the form's."""

    form: FormId
    id: int
    title: str
    label: Label


def everywhere(unit: Unit, text: str, limit: int = 20) -> tuple[Hit, ...]:
    """Return records with every word of `text` in their title or texts, from all forms that the person may read.

    Best first: titles that are the text, that begin with it, that have it, that have its words; then
    those found by another text or by pinyin. Among equals the newest of each form, forms in their order.
    """
    words = search_words(text)
    if not words:
        return ()
    limit = max(1, min(limit, MOST_HITS))
    found = [hit for form in _readable(unit) for hit in _hits(unit, form, text, limit)]
    # Sorting keeps the order among equals.
    return tuple(sorted(found, key=lambda hit: _rank(hit.title, text, words))[:limit])


def _readable(unit: Unit) -> Iterator[Form]:
    for form in unit.project.forms:
        if form.parent is None and decide(unit.person, Action.READ, form.id, unit=unit):
            yield form


def _hits(unit: Unit, form: Form, text: str, limit: int) -> Iterator[Hit]:
    table = unit.runtime.database.tables[form.id]
    scope = scope_of(unit, form.id, table)
    found, are_few = searched(unit, form, table, scope, search_words(text))
    order: list[sa.ColumnElement[object]] = [table.c.id.desc()]
    if are_few:
        # Few enough to compare all titles; elsewhere the newest are as good as others.
        begins = compile_value(form.title, scope).istartswith(" ".join(text.split()), autoescape=True)
        order.insert(0, sa.case((begins, 0), else_=1))
    readable = row_condition(unit, form.id, Action.READ, table)
    query = sa.select(table).where(sa.and_(sa.true(), readable, found)).order_by(*order).limit(limit)
    store = rows_of(unit)
    rows = store.taken(form.id, query)
    titles = store.titles(form.id, [row.id for row in rows])
    for row in rows:
        yield Hit(form=form.id, id=row.id, title=titles[row.id], label=form.label)


def _rank(title: str, text: str, words: Sequence[str]) -> int:
    shown, wanted = title.casefold(), " ".join(text.split()).casefold()
    tests = (
        shown == wanted,
        shown.startswith(wanted),
        wanted in shown,
        all(word.casefold() in shown for word in words),
    )
    return tests.index(True) if True in tests else len(tests)
