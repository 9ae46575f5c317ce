"""Records that somebody has looked at before, named as they are now."""

from collections.abc import Sequence

import sqlalchemy as sa

from orderkit.engine.access import Action, decide, row_condition
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.search.everywhere import Hit
from orderkit.model.forms import FormId


def recalled(unit: Unit, wanted: Sequence[tuple[FormId, int]]) -> tuple[Hit, ...]:
    """Return those of some records, by form and id, that there still are and that the person may read.

    In the order given. What is asked for may be anything: it comes from a browser.
    """
    titles = {form: _titles(unit, form, [key for of, key in wanted if of == form]) for form, _ in wanted}
    forms = unit.project.form_by_id
    return tuple(
        Hit(form=form, id=key, title=titles[form][key], label=forms[form].label)
        for form, key in dict.fromkeys(wanted)
        if key in titles[form]
    )


def _titles(unit: Unit, form_id: FormId, ids: Sequence[int]) -> dict[int, str]:
    form = unit.project.form_by_id.get(form_id)
    if form is None or form.parent is not None or not decide(unit.person, Action.READ, form.id, unit=unit):
        return {}
    table = unit.runtime.database.tables[form.id]
    readable = row_condition(unit, form.id, Action.READ, table)
    query = sa.select(table).where(sa.and_(sa.true(), readable, table.c.id.in_(ids)))
    store = rows_of(unit)
    return dict(store.titles(form.id, [row.id for row in store.taken(form.id, query)]))
