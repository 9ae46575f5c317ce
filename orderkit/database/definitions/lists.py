"""What people keep of lists, in a database: a rename reaches their columns, filters, orders and groups.

A kept filter whose field is gone drops out, and its list would show more than its name says; or, once
another field takes the old name, would ask for something else.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa

from orderkit.database.definitions.names import Names
from orderkit.database.schema.system_tables import list_arrangement, list_default, list_view

# As in the address of a list: `f.status=quoted`, `any.1.notall.2.total.from=100`, `sort=-total`, `group=customer`.
_FILTER = re.compile(r"f\.|(?:(?:any|all|none|notall)\.[1-9]\.)+")
_OF_FIELDS = frozenset({"sort", "group"})


def rename_in_lists(connection: sa.Connection, names: Names) -> None:
    """Call forms, fields and options in kept views, columns and defaults what `names` calls them."""
    for row in connection.execute(sa.select(list_view)).all():
        kept = {"form": row.form, "columns": row.columns, "query": row.query}
        fresh = {
            "form": names.form(row.form),
            "columns": row.columns and _columns(names, row.form, row.columns),
            "query": _query(names, row.form, row.query),
        }
        if fresh != kept:
            connection.execute(list_view.update().where(list_view.c.id == row.id).values(fresh))
    for row in connection.execute(sa.select(list_arrangement)).all():
        kept = {"form": row.form, "columns": row.columns}
        fresh = {"form": names.form(row.form), "columns": _columns(names, row.form, row.columns)}
        if fresh != kept:
            key = list_arrangement.c
            own = (key.user_id == row.user_id) & (key.form == row.form) & (key.view == row.view)
            connection.execute(list_arrangement.update().where(own).values(fresh))
    for form in connection.execute(sa.select(list_default.c.form).distinct()).scalars().all():
        if names.form(form) != form:
            connection.execute(
                list_default.update().where(list_default.c.form == form).values(form=names.form(form))
            )


def _columns(names: Names, form: str, columns: list[list[object]]) -> list[list[object]]:
    return [[names.field(form, str(name)), *rest] for name, *rest in columns]


def _query(names: Names, form: str, query: str) -> str:
    before = parse_qsl(query, keep_blank_values=True)
    after = list(_parts(names, form, before))
    return query if after == before else urlencode(after)


def _parts(names: Names, form: str, pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, text in pairs:
        if found := _FILTER.match(name):
            field, *rest = name[found.end() :].split(".")
            yield ".".join([found[0] + names.field(form, field), *rest]), names.option(form, field, text)
        elif name in _OF_FIELDS:
            yield name, ",".join(_key(names, form, each) for each in text.split(","))
        else:
            yield name, text


def _key(names: Names, form: str, key: str) -> str:
    sign = key[:1] if key.startswith("-") else ""
    return sign + names.field(form, key.removeprefix("-"))
