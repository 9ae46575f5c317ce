"""What may be lost: nothing, unless `orderkit build --allow-drop` names it; and then it is kept for a while."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from orderkit.database.changes.finding.models import Models
from orderkit.database.changes.finding.uses import places_of_field, places_of_form
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem
from orderkit.model.labels import Label, label

DROPPED_FORM = Code(
    "OK6101",
    "dropped-form",
    ERROR,
    since="0.1",
    explain="""
    A form of the last revision is gone, and all its records would go with it. If it was renamed, the new
    one says `renamed_from`. If it is not wanted any more, `orderkit build --allow-drop form` moves its
    records to a shadow table, where they are kept for 90 days.
    ~~~yaml before
    form: order
    fields: {memo: {type: text}}
    ~~~
    ~~~yaml bad
    form: sale
    fields: {memo: {type: text}}
    ~~~
    ~~~yaml good
    form: sale
    renamed_from: order
    fields: {memo: {type: text}}
    ~~~""",
    zh="上一个版本里的表单不见了，它的全部记录会随之消失。若是改名，在新表单写 `renamed_from`；"
    "若确实不要了，用 `orderkit build --allow-drop 表单` 把记录移入影子表，保留 90 天。",
)
DROPPED_FIELD = Code(
    "OK6102",
    "dropped-field",
    ERROR,
    since="0.1",
    explain="""
    A field of the last revision is gone, and its values would go with it. If it was renamed, the new one
    says `renamed_from`; if it went to another form, `moved_from`. If it is not wanted any more,
    `orderkit build --allow-drop form.field` moves its values to a shadow table, where they are kept for
    90 days.
    ~~~yaml before
    form: order
    fields: {memo: {type: text}, total: {type: money}}
    ~~~
    ~~~yaml bad
    form: order
    fields: {remark: {type: text}, total: {type: money}}
    ~~~
    ~~~yaml good
    form: order
    fields: {remark: {type: text, renamed_from: memo}, total: {type: money}}
    ~~~""",
    zh="上一个版本里的字段不见了，它的值会随之消失。若是改名，在新字段写 `renamed_from`；若移到了别的表单，写 `moved_from`；"
    "若确实不要了，用 `orderkit build --allow-drop 表单.字段` 把值移入影子表，保留 90 天。",
)
DROPPED_OPTION = Code(
    "OK6103",
    "dropped-option",
    ERROR,
    since="0.1",
    explain="""
    An option of a choice is gone, which records may have. `retired: true` keeps it on those and offers it
    no more. If it was renamed, the new one says `renamed_from`. `orderkit build --allow-drop
    form.field.option` empties the field of those records, and keeps what they had for 90 days.
    ~~~yaml before
    form: order
    fields: {kind: {type: choice, options: {standard: 标准, repair: 返修}}}
    ~~~
    ~~~yaml bad
    form: order
    fields: {kind: {type: choice, options: {standard: 标准}}}
    ~~~
    ~~~yaml good
    form: order
    fields: {kind: {type: choice, options: {standard: 标准, repair: {label: 返修, retired: true}}}}
    ~~~""",
    zh="单选或多选的一个选项不见了，已有记录可能用着它。写 `retired: true` 可保留在旧记录上而不再提供；若是改名，"
    "在新选项写 `renamed_from`；`orderkit build --allow-drop 表单.字段.选项` 会清空这些记录的该字段，并把原值保留 90 天。",
)
DROP_STILL_USED = Code(
    "OK6104",
    "drop-still-used",
    ERROR,
    since="0.1",
    explain="""
    `--allow-drop` names a form, field or option that the project still has. It allows what the YAML says
    and drops nothing by itself: take it out of the YAML first, and out of the places that use it.
    """,
    zh="`--allow-drop` 所指的表单、字段或选项在项目里还在。它只是允许 YAML 中的删除，自己不删任何东西："
    "请先从 YAML 里删去它，以及用到它的地方。",
)
DROP_UNKNOWN = Code(
    "OK6105",
    "drop-unknown",
    ERROR,
    since="0.1",
    explain="""
    `--allow-drop` names something that the last revision does not have, so nothing can be dropped. It is
    written as `form`, `form.field` or `form.field.option`, as they were called in the last revision.
    """,
    zh="`--allow-drop` 所指的东西上一个版本里没有，无从删除。写法是 `表单`、`表单.字段` 或 `表单.字段.选项`，用上一个版本里的名字。",
)

_MOST_PLACES = 10


@dataclass(slots=True)
class Allowance:
    """What people allowed to be dropped, and what of it was."""

    paths: AbstractSet[str]
    used: set[str] = field(default_factory=set)

    def takes(self, path: str) -> bool:
        """Return whether the path, or the form that it is of, may be dropped; it is noted as used."""
        parts = path.split(".")
        found = {".".join(parts[:count]) for count in range(1, len(parts) + 1)} & self.paths
        self.used |= found
        return bool(found)

    def takes_exactly(self, path: str) -> bool:
        """Return whether the very path may be dropped: an option is not meant by the name of its form."""
        if path in self.paths:
            self.used.add(path)
        return path in self.paths

    def problems(self, models: Models) -> Iterator[Problem]:
        """Yield what was allowed in vain: it is still there, or never was."""
        for path in sorted(self.paths - self.used):
            places = _places(path, models)
            yield _still_used(path, places) if places is not None else _unknown(path)


def dropped_form(form: str) -> Problem:
    """Return that a form would be lost, and the remedies."""
    return _problem(
        DROPPED_FORM,
        "drop_table",
        form,
        label(
            zh=f"表单 {form} 不见了：这会删除它的全部数据",
            en=f"the form {form} is gone: all its data would be deleted",
        ),
        label(
            zh=f"若是改名，请在新表单写 `renamed_from: {form}`；若确实不要，运行 `orderkit build --allow-drop {form}`，"
            "数据移入影子表保留 90 天；否则请把它加回来",
            en=f"if it was renamed, write `renamed_from: {form}` on the new form; if it is not wanted, run "
            f"`orderkit build --allow-drop {form}`, which keeps its data in a shadow table for 90 days; else put it back",
        ),
    )


def dropped_field(form: str, name: str) -> Problem:
    """Return that a field would be lost, and the remedies."""
    path = f"{form}.{name}"
    return _problem(
        DROPPED_FIELD,
        "drop_column",
        path,
        label(
            zh=f"{form} 的字段 {name} 不见了：这会删除它的全部数据",
            en=f"the field {name} of {form} is gone: all its values would be deleted",
        ),
        label(
            zh=f"若是改名，请在新字段写 `renamed_from: {name}`；若移到别的表单，写 `moved_from: {path}`；若确实不要，"
            f"运行 `orderkit build --allow-drop {path}`，数据移入影子表保留 90 天；否则请把它加回来",
            en=f"if it was renamed, write `renamed_from: {name}` on the new field; if it moved to another form, "
            f"`moved_from: {path}`; if it is not wanted, run `orderkit build --allow-drop {path}`, which keeps its "
            "values in a shadow table for 90 days; else put it back",
        ),
    )


def dropped_ledger(ledger: str) -> Problem:
    """Return that everything posted into a ledger would be lost, and the remedies."""
    return _problem(
        DROPPED_FORM,
        "drop_table",
        ledger,
        label(
            zh=f"台账 {ledger} 不见了：这会删除它的全部分录",
            en=f"the ledger {ledger} is gone: all its entries would be deleted",
        ),
        label(
            zh=f"若是改名，请在新台账写 `renamed_from: {ledger}`；若确实不要，运行 `orderkit build --allow-drop {ledger}`，"
            "分录移入影子表保留 90 天；否则请把它加回来",
            en=f"if it was renamed, write `renamed_from: {ledger}` on the new ledger; if it is not wanted, run "
            f"`orderkit build --allow-drop {ledger}`, which keeps its entries in a shadow table for 90 days; else put it back",
        ),
    )


def dropped_part(ledger: str, name: str) -> Problem:
    """Return that a key or a measure of entries would be lost, and the remedies."""
    path = f"{ledger}.{name}"
    return _problem(
        DROPPED_FIELD,
        "drop_column",
        path,
        label(
            zh=f"台账 {ledger} 的 {name} 不见了：以前的分录会失去它",
            en=f"{name} of the ledger {ledger} is gone: the entries would lose it",
        ),
        label(
            zh=f"若是改名，请写 `{{type: …, renamed_from: {name}}}`；若确实不要，运行 `orderkit build --allow-drop {path}`，"
            "原值移入影子表保留 90 天，余额按其余的键重新汇总；否则请把它加回来",
            en=f"if it was renamed, write `{{type: …, renamed_from: {name}}}`; if it is not wanted, run "
            f"`orderkit build --allow-drop {path}`, which keeps its values in a shadow table for 90 days and adds the "
            "balances up by the keys that are left; else put it back",
        ),
    )


def becomes_derived(form: str, name: str) -> Problem:
    """Return that what people entered would be overwritten by a formula, and the remedy."""
    path = f"{form}.{name}"
    return _problem(
        DROPPED_FIELD,
        "drop_column",
        path,
        label(
            zh=f"{form} 的字段 {name} 改为由公式得出：原来录入的值会丢失",
            en=f"the field {name} of {form} is now given by a formula: the values that people entered would be lost",
        ),
        label(
            zh=f"请为公式另起一个字段名；或运行 `orderkit build --allow-drop {path}`，原值移入影子表保留 90 天",
            en=f"give the formula a field of its own; or run `orderkit build --allow-drop {path}`, which keeps the "
            "values in a shadow table for 90 days",
        ),
    )


def dropped_option(path: str, option: str) -> Problem:
    """Return that an option would be lost, and the remedies."""
    return _problem(
        DROPPED_OPTION,
        "drop_option",
        path,
        label(
            zh=f"{path} 的选项 {option} 不见了：已有记录可能用着它",
            en=f"the option {option} of {path} is gone: records may have it",
        ),
        label(
            zh=f"写 `{option}: {{…, retired: true}}` 可保留而不再提供；若是改名，在新选项写 `renamed_from: {option}`；"
            f"若确实不要，运行 `orderkit build --allow-drop {path}.{option}`，这些记录的该字段会变空",
            en=f"`{option}: {{…, retired: true}}` keeps it and offers it no more; if it was renamed, write "
            f"`renamed_from: {option}` on the new one; if it is not wanted, run "
            f"`orderkit build --allow-drop {path}.{option}`, which empties the field of these records",
        ),
    )


def _places(path: str, models: Models) -> tuple[str, ...] | None:
    """Return where the model still names what is to be dropped; None when it is not there."""
    if path in models.new.form_by_id:
        return places_of_form(models.new, path)
    form, _, name = path.rpartition(".")
    ledger = models.new.ledger_by_id.get(form or path)
    if ledger is not None and (not form or name in ledger.row_form.by_id):
        return (f"ledger {ledger.id}",)
    if form in models.new.form_by_id and name in models.new.form_by_id[form].by_id:
        return places_of_field(models.new, form, name)
    owner, _, field_name = form.rpartition(".")
    holder = models.new.form_by_id.get(owner)
    found = holder.by_id.get(field_name) if holder is not None else None
    options = getattr(found.options, "options", ()) if found is not None else ()
    return (form,) if any(each.value == name for each in options) else None


def _still_used(path: str, places: tuple[str, ...]) -> Problem:
    shown = ", ".join(places[:_MOST_PLACES]) + (" …" if len(places) > _MOST_PLACES else "")
    return _problem(
        DROP_STILL_USED,
        "drop_still_used",
        path,
        label(
            zh=f"不能停用 {path}：项目里还有它（{shown}）",
            en=f"{path} cannot be dropped: it is still there ({shown})",
        ),
        label(zh="请先在这些地方删去它，再构建", en="take it out of these places first, then build"),
    )


def _unknown(path: str) -> Problem:
    return _problem(
        DROP_UNKNOWN,
        "drop_unknown",
        path,
        label(
            zh=f"`--allow-drop {path}`：上一个版本里没有它",
            en=f"`--allow-drop {path}`: the last revision has no such thing",
        ),
        label(
            zh="写法是 `表单`、`表单.字段` 或 `表单.字段.选项`，用上一个版本里的名字",
            en="write `form`, `form.field` or `form.field.option`, by the names of the last revision",
        ),
    )


def _problem(code: Code, word: str, path: str, message: Label, help_: Label) -> Problem:
    return Problem(path=path, code=word, message=message, help=help_, known_as=code)
