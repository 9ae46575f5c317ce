"""Finds records of one file that collide with each other; the database would only see it half-way."""

from collections.abc import Iterator, Sequence

from orderkit.engine.importing.grouping import DraftRecord
from orderkit.engine.importing.matching.references import Reference
from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.rows import RowReader
from orderkit.model.forms import FieldId
from orderkit.model.labels import label


def find_duplicates(reader: RowReader, drafts: Sequence[DraftRecord]) -> Iterator[ImportProblem]:
    """Yield a problem for each record that has the same unique values as an earlier one of the file."""
    form = reader.plan.form
    groups: list[tuple[FieldId, ...]] = [(f.id,) for f in form.fields if f.unique and f.id in reader.fields]
    groups += [group for group in form.unique if set(group) <= set(reader.fields)]
    for group in groups:
        seen: dict[tuple[object, ...], DraftRecord] = {}
        for draft in drafts:
            key = tuple(_comparable(draft, field) for field in group)
            if any(part is None for part in key):
                continue
            first = seen.setdefault(key, draft)
            if first is not draft:
                yield reader.problem(
                    group[0],
                    draft.rows[0],
                    "duplicate",
                    label(
                        zh=f"与第 {first.rows[0]} 行重复，而此值必须唯一",
                        en=f"the same as in row {first.rows[0]}, though it must be unique",
                    ),
                )


def _comparable(draft: DraftRecord, field: FieldId) -> object:
    value = draft.values.get(field)
    if isinstance(value, Reference):
        return value.id if value.id is not None else value
    return value
