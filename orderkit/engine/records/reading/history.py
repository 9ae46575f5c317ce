"""What happened to a record: the audit and its workflows' steps, as this reader may see them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from orderkit.engine import audit
from orderkit.engine.access import Right, field_rights
from orderkit.engine.access.masks import masked
from orderkit.engine.audit import Recorded
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.records.views import FieldChange, HistoryEntry
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.zones import options_seen
from orderkit.fields.field_type import Invalid
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, Form, FormId, SystemRole, ids_in
from orderkit.model.labels import Label, label, text_of

_VERBS: Mapping[str, Label] = {
    "created": label(zh="新建", en="Created"),
    "updated": label(zh="修改", en="Changed"),
    "deleted": label(zh="删除", en="Deleted"),
    "computed": label(zh="自动更新", en="Updated automatically"),
    "restored": label(zh="从回收站恢复", en="Restored from the bin"),
}
_PRINTED = "printed"
_SYSTEM = label(zh="系统", en="System")
_ADDED = label(zh="新增一行", en="row added")
_REMOVED = label(zh="删除一行", en="row removed")
_ERASED = label(zh="（已清除）", en="(erased)")


def history(
    unit: Unit,
    form_id: FormId,
    record_id: int,
    *,
    limit: int = 200,
    before: datetime | None = None,
    at: datetime | None = None,
    whole: frozenset[str] = frozenset(),
) -> tuple[HistoryEntry, ...]:
    """Return what happened, newest first; `before` an instant, or `at` one. Raises NotFound like `get`.

    Of the verbs in `whole` it is only told that they happened: all that an order begins with is hundreds of values.
    """
    row = readable_row(unit, form_id, record_id)
    rights = field_rights(unit, form_id, row)
    teller = Teller(unit, row.shape, row, rights)
    recorded = [
        replace(each, changes={}) if each.verb in whole else each
        for each in audit.read(unit, form_id, record_id, limit=limit, before=before, at=at)
    ]
    audited = list(teller.audited(recorded))
    begun = {entry.at for entry in audited if entry.verb == "created"}
    steps = [
        entry
        for entry in teller.steps(record_id)
        # That a life began says no more than that the record was created.
        if not (entry.verb == "start" and entry.at in begun)
        and (before is None or entry.at < before)
        and (at is None or entry.at == at)
    ]
    # What is later stands first; of one moment, what the workflow did stands above what it wrote.
    entries = [*steps, *audited]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return tuple(entries[:limit])


class Teller:
    """Tells what entries of one record say to a reader with these rights. `row` None is a record that is gone."""

    def __init__(
        self,
        unit: Unit,
        form: Form,
        row: RecordRow | None,
        rights: Mapping[str, Right],
        *,
        with_states: bool = False,
    ) -> None:
        self.unit = unit
        self.row = row
        self.form = form
        self._with_states = with_states
        self.rights = rights
        self.locale = unit.locale
        self._numbers: dict[str, dict[int, int]] = {}

    def audited(self, recorded: Sequence[Recorded]) -> Iterator[HistoryEntry]:
        """Yield an entry for each that says something to this reader."""
        names = self._names(recorded)
        for each, changes in self.changes(recorded):
            if changes or each.verb != "updated":
                yield HistoryEntry(
                    at=each.at,
                    actor_id=each.actor_id,
                    actor=self._name(names, each.actor_id),
                    on_behalf_of=None
                    if each.on_behalf_of_id is None
                    else self._name(names, each.on_behalf_of_id),
                    channel=each.channel,
                    verb=each.verb,
                    label=self._verb(each),
                    changes=changes,
                )

    def changes(self, recorded: Sequence[Recorded]) -> Iterator[tuple[Recorded, tuple[FieldChange, ...]]]:
        """Yield each entry with what of its changes this reader may see."""
        titles = self._titles(recorded)
        for each in recorded:
            yield each, tuple(self._changes(each, titles))

    def _verb(self, recorded: Recorded) -> Label:
        """Return what was done; of a printing, which document it was."""
        if recorded.verb != _PRINTED:
            return _VERBS.get(recorded.verb, label(en=recorded.verb))
        name = next((after for _, after in recorded.changes.values()), None)
        document = self.unit.project.print_by_id.get(str(name))
        said = {"en": str(name)} if document is None else document.label
        return label(zh=f"打印{text_of(said, 'zh')}", en=f"Printed: {text_of(said, 'en')}")

    def steps(self, record_id: int) -> Iterator[HistoryEntry]:
        """Yield the steps of the record's workflows."""
        for step in reversed(self.unit.runtime.hooks.steps(self.unit, self.form.id, record_id)):
            yield HistoryEntry(
                at=step.at,
                actor_id=step.actor_id,
                actor=step.actor,
                on_behalf_of=step.on_behalf_of,
                channel=step.channel,
                verb=step.verb,
                label=step.label,
                comment=step.comment,
                changes=tuple(
                    FieldChange(path=name, label=label_, before="", after=text)
                    for name, label_, text in step.answers
                ),
            )

    def _changes(self, recorded: Recorded, titles: Mapping[tuple[FormId, int], str]) -> Iterator[FieldChange]:
        for path, (before, after) in recorded.changes.items():
            name, line, inner = _parts(path)
            if self.rights.get(".".join(filter(None, (name, inner))), Right.HIDDEN) is Right.HIDDEN:
                continue
            field = self._field(name, inner)
            if field is None or (line is not None and inner is None):
                if line is not None:
                    yield self._row_change(path, name, came=after is not None)
                continue
            if field.system is SystemRole.STATE and recorded.verb == "updated" and not self._with_states:
                # The workflow's own step tells this better.
                continue
            yield FieldChange(
                path=path,
                label=self._label(name, line, field if inner is not None else None),
                before=self._text(path, field, before, titles, is_erased=(path, 0) in recorded.erased),
                after=self._text(path, field, after, titles, is_erased=(path, 1) in recorded.erased),
            )

    def _row_change(self, path: str, name: str, *, came: bool) -> FieldChange:
        said = text_of(_ADDED if came else _REMOVED, self.locale)
        return FieldChange(
            path=path,
            label=self._label(name, _parts(path)[1], None),
            before="" if came else said,
            after=said if came else "",
        )

    def _field(self, name: str, inner: str | None) -> Field | None:
        if inner is None:
            return self.form.by_id.get(name)
        collection = self.form.collection_by_id.get(name)
        return None if collection is None else self.unit.project.form_by_id[collection.form].by_id.get(inner)

    def _label(self, name: str, line: str | None, inner: Field | None) -> Label:
        outer = self.form.by_id[name].label
        number = self._number(name, line)
        if number is not None:
            outer = label(
                zh=f"{text_of(outer, 'zh')}第 {number} 行", en=f"{text_of(outer, 'en')}, row {number}"
            )
        if inner is None:
            return outer
        return label(
            zh=f"{text_of(outer, 'zh')} · {text_of(inner.label, 'zh')}",
            en=f"{text_of(outer, 'en')} · {text_of(inner.label, 'en')}",
        )

    def _number(self, name: str, line: str | None) -> int | None:
        """Return where a line stands now, counted from 1; None for one that is gone."""
        if line is None or self.row is None or not line.isdecimal():
            return None
        if name not in self._numbers:
            rows = self.row.rows(name)
            self._numbers[name] = {row.id: number for number, row in enumerate(rows, 1)}
        return self._numbers[name].get(int(line))

    def _text(
        self,
        path: str,
        field: Field,
        given: object,
        titles: Mapping[tuple[FormId, int], str],
        *,
        is_erased: bool,
    ) -> str:
        if given is None:
            return text_of(_ERASED, self.locale) if is_erased else ""
        value = self._value(field, given)
        name, _, inner = _parts(path)
        if self.rights.get(".".join(filter(None, (name, inner)))) is Right.MASKED:
            return masked(value, field.mask) or ""
        if field.target is not None:
            joint = "、" if self.locale.startswith("zh") else ", "
            return joint.join(titles.get((field.target, each)) or f"#{each}" for each in ids_in(value))
        return self.unit.runtime.catalog.fields[field.type].show(
            options_seen(field, self.unit.project, self.unit.zone), value, self.locale
        )

    def _value(self, field: Field, given: object) -> Scalar:
        value = self.unit.runtime.catalog.fields[field.type].from_json(field.options, given)
        return str(given) if isinstance(value, Invalid) else value

    def _titles(self, recorded: Sequence[Recorded]) -> Mapping[tuple[FormId, int], str]:
        wanted: dict[FormId, set[int]] = defaultdict(set)
        for each in recorded:
            for path, pair in each.changes.items():
                name, _, inner = _parts(path)
                field = self._field(name, inner)
                if field is None or field.target is None:
                    continue
                for given in pair:
                    wanted[field.target].update(ids_in(tuple(given) if isinstance(given, list) else given))  # type: ignore[arg-type] # JSON
        rows = rows_of(self.unit)
        return {
            (form, record_id): title
            for form, ids in wanted.items()
            for record_id, title in rows.titles(form, ids).items()
        }

    def _names(self, recorded: Sequence[Recorded]) -> Mapping[int, str]:
        ids = {each for entry in recorded for each in (entry.actor_id, entry.on_behalf_of_id)} - {None}
        user = self.unit.runtime.database.tables["user"]
        found = self.unit.connection.execute(select(user.c.id, user.c.name).where(user.c.id.in_(ids)))
        return {row.id: row.name for row in found}

    def _name(self, names: Mapping[int, str], user_id: int | None) -> str:
        return text_of(_SYSTEM, self.locale) if user_id is None else names.get(user_id, f"#{user_id}")


def _parts(path: str) -> tuple[str, str | None, str | None]:
    """Return a path of the audit as field or collection, line id, and field of the line."""
    parts = path.split(".")
    if len(parts) == 1:
        return parts[0], None, None
    return parts[0], parts[1], parts[2] if len(parts) > 2 else None
