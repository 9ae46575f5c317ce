"""The way back of a step: what it has to undo, and that it leads to the same again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.model.errors import Refused
from orderkit.model.project import Project
from tests.properties.walking.scene import Cell, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A database at one moment. `revision` is the last that was run on it."""

    project: Project
    revision: str
    schema: Mapping[str, Any]
    rows: Rows


def there_and_back(
    before: Standing,
    after: Standing,
    *,
    go: Callable[[Standing], None],
    look: Callable[[Standing], Standing],
    free: frozenset[Cell],
) -> str:
    """Undo a step and do it again; return what became of it.

    Args:
        before: where the step began.
        after: where it led to.
        go: migrates to the revision of a standing.
        look: returns what is there now, read by the model of a standing.
        free: values that may differ, by form and field.

    On the way back every value is the one from before or the one from after: nothing else may appear.
    """
    try:
        go(before)
    except DatabaseUnusable as error:
        if error.reason != "irreversible":
            raise
        became = "cannot be undone"
    except Refused as error:
        if any(each.known_as is None for each in error.problems):
            raise
        became = "rows do not fit back"
    else:
        became = "undone"
    if became != "undone":
        assert look(after) == after
        return became
    found = look(before)
    assert found.schema == before.schema
    _check_undone(before.rows, after.rows, found.rows, free)
    go(after)
    assert look(after) == after
    return became


def _check_undone(before: Rows, after: Rows, found: Rows, free: frozenset[Cell]) -> None:
    assert found.keys() == before.keys()
    for form, rows in found.items():
        assert rows.keys() == before[form].keys(), form
        later = after.get(form, {})
        for key, row in rows.items():
            for name, value in row.items():
                was, is_now = before[form][key][name], later.get(key, {}).get(name)
                assert (form, name) in free or value in (was, is_now), (form, key, name, was, is_now, value)
