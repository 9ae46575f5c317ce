"""Finds `renamed_from` that cannot be what happened: forms, fields and options alike."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from orderkit.database.changes.finding.models import Models
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem
from orderkit.model.labels import Label, label

RENAMED_FROM_NOTHING = Code(
    "OK6110",
    "renamed-from-nothing",
    ERROR,
    since="0.1",
    explain="""
    `renamed_from` names something that the last revision does not have, so there are no rows to keep.
    Write what it was called when `orderkit build` last wrote a revision: of a chain of names, the first.
    ~~~yaml before
    form: order
    fields: {memo: {type: text}}
    ~~~
    ~~~yaml bad
    form: order
    fields: {remark: {type: text, renamed_from: note}}
    ~~~
    ~~~yaml good
    form: order
    fields: {remark: {type: text, renamed_from: memo}}
    ~~~""",
    zh="`renamed_from` 写的名字在上一个版本里没有，因此没有可以保留的数据。"
    "请写 `orderkit build` 上次写版本时的名字；连续改过几次名的，写最早的那个。",
)
RENAMED_FROM_KEPT = Code(
    "OK6111",
    "renamed-from-kept",
    ERROR,
    since="0.1",
    explain="""
    `renamed_from` names something that still exists beside the new one, so it is no rename.
    ~~~yaml before
    form: order
    fields: {memo: {type: text}}
    ~~~
    ~~~yaml bad
    form: order
    fields: {memo: {type: text}, remark: {type: text, renamed_from: memo}}
    ~~~
    ~~~yaml good
    form: order
    fields: {memo: {type: text}, remark: {type: text}}
    ~~~""",
    zh="`renamed_from` 所指的东西还在，与新的并存，所以不是改名。",
)
RENAMED_TWICE = Code(
    "OK6112",
    "renamed-twice",
    ERROR,
    since="0.1",
    explain="""
    Two new names say that they were the same old one; its rows can go to one of them only.
    ~~~yaml before
    form: order
    fields: {memo: {type: text}}
    ~~~
    ~~~yaml bad
    form: order
    fields: {remark: {type: text, renamed_from: memo}, hint: {type: text, renamed_from: memo}}
    ~~~
    ~~~yaml good
    form: order
    fields: {remark: {type: text, renamed_from: memo}, hint: {type: text}}
    ~~~""",
    zh="两个新名字都说自己原来是同一个；数据只能归其中一个。",
)
RENAMED_ONTO = Code(
    "OK6113",
    "renamed-onto-existing",
    ERROR,
    since="0.1",
    explain="""
    What was there under this name in the last revision keeps its own rows, so another cannot be renamed
    onto it. To pass names on, rename and build one after the other; to exchange
    two, let one of them have a third name for a while.
    ~~~yaml before
    form: order
    fields: {memo: {type: text}, remark: {type: text}}
    ~~~
    ~~~yaml bad
    form: order
    fields: {remark: {type: text, renamed_from: memo}}
    ~~~
    ~~~yaml good
    form: order
    fields: {memo: {type: text}, remark: {type: text}}
    ~~~""",
    zh="上一个版本里已有同名的东西，它保留自己的数据，别的不能改名成它。要传递名字，请逐个改名并各 `build` 一次；要互换两个名字，先让其中一个临时用第三个名字。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames:
    """What may have been renamed among its like: new names to `renamed_from`, and the names before."""

    place: str
    new: Mapping[str, str | None]
    old: AbstractSet[str]

    def taken(self) -> Mapping[str, str]:
        """Return the renames that really happened, old names to new ones."""
        return {
            before: name
            for name, before in self.new.items()
            if before is not None and name not in self.old and before in self.old and before not in self.new
        }


def renames_of_forms(models: Models) -> Renames:
    """Return the renames of forms that people open; lines are fields of these."""
    return Renames(
        place="",
        new={form.id: form.renamed_from for form in models.new.forms if form.parent is None},
        old={form.id for form in models.old.forms if form.parent is None},
    )


def renames_of_fields(models: Models) -> Iterator[Renames]:
    """Yield the renames of fields, for each form that was there."""
    for form in models.new.forms:
        before = models.form_before(form.id)
        if before is not None:
            yield Renames(
                place=form.id,
                new={each.id: each.renamed_from for each in form.fields},
                old={each.id for each in before.fields},
            )


def problems_of(renames: Renames) -> Iterator[Problem]:
    """Yield what is wrong with the renames, one finding a name."""
    claims: dict[str, str] = {}
    for name, before in renames.new.items():
        if before is None or before == name:
            continue
        path = f"{renames.place}.{name}".strip(".")
        if name in renames.old:
            is_exchange = renames.new.get(before) == name and before in renames.old
            if before in renames.old and (before not in renames.new or is_exchange):
                yield _onto(path, name, before)
        elif before not in renames.old:
            yield _nothing(path, before, sorted(renames.old - renames.new.keys()))
        elif before in renames.new:
            # Where names are passed on (a to b, b to c), the one that is taken over is to blame.
            if renames.new[before] is None:
                yield _kept(path, before)
        elif before in claims:
            yield _twice(path, before, claims[before])
        else:
            claims[before] = name


def _nothing(path: str, before: str, gone: list[str]) -> Problem:
    names = ", ".join(f"`{name}`" for name in gone)
    help_ = (
        label(
            zh=f"上一个版本里有而现在不见的：{names}；若它原来是其中之一，就写那个名字",
            en=f"gone since the last revision: {names}; if it was one of them, write that name",
        )
        if gone
        else label(zh="若它是新的，请删去 `renamed_from`", en="if it is new, take `renamed_from` away")
    )
    return _problem(
        RENAMED_FROM_NOTHING,
        path,
        label(
            zh=f"`{path}` 写着 `renamed_from: {before}`，但上一个版本里没有 `{before}`",
            en=f"`{path}` says `renamed_from: {before}`, but the last revision has no `{before}`",
        ),
        help_,
    )


def _kept(path: str, before: str) -> Problem:
    return _problem(
        RENAMED_FROM_KEPT,
        path,
        label(
            zh=f"`{path}` 写着 `renamed_from: {before}`，但 `{before}` 还在",
            en=f"`{path}` says `renamed_from: {before}`, but `{before}` is still there",
        ),
        label(
            zh=f"若是改名，请删去 `{before}`；若两个都要，请删去 `renamed_from`",
            en=f"if it was renamed, take `{before}` away; if both are wanted, take `renamed_from` away",
        ),
    )


def _twice(path: str, before: str, other: str) -> Problem:
    return _problem(
        RENAMED_TWICE,
        path,
        label(
            zh=f"`{path}` 与 `{other}` 都写着 `renamed_from: {before}`",
            en=f"both `{path}` and `{other}` say `renamed_from: {before}`",
        ),
        label(zh="只在一处保留 `renamed_from`", en="keep `renamed_from` at one of them"),
    )


def _onto(path: str, name: str, before: str) -> Problem:
    return _problem(
        RENAMED_ONTO,
        path,
        label(
            zh=f"`{path}` 写着 `renamed_from: {before}`，但上一个版本里已有 `{name}`，它有自己的数据",
            en=f"`{path}` says `renamed_from: {before}`, but the last revision has `{name}` with data of its own",
        ),
        label(
            zh=f"请给 `{before}` 另起一个新名字；要互换名字，先把其中一个改成临时的第三个名字，每改一次运行一次 `orderkit build`",
            en=f"give `{before}` a name that is new; to exchange names, let one of them have a third name first, "
            "with an `orderkit build` after each rename",
        ),
    )


def _problem(code: Code, path: str, message: Label, help_: Label) -> Problem:
    return Problem(path=path, code=code.name.replace("-", "_"), message=message, help=help_, known_as=code)
