"""What changed about the options of a choice field: new ones, renamed, split, in another order, gone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orderkit.database.changes.finding.dropping import Allowance, dropped_option
from orderkit.database.changes.finding.formulas import meaning
from orderkit.database.changes.finding.renaming import Renames, problems_of
from orderkit.database.changes.kinds import (
    AddOptions,
    Change,
    RenameOptions,
    ReorderOptions,
    RetireOption,
    SplitOption,
)
from orderkit.fields.choice import ChoiceOptions
from orderkit.model.errors import Problem
from orderkit.model.expressions.types import Choice
from orderkit.model.forms import Field, SystemRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a choice field is kept, and what it was and is."""

    table: str
    form: str
    form_before: str
    old: Field
    new: Field

    @property
    def path(self) -> str:
        """The field as people name it."""
        return f"{self.form}.{self.new.id}"

    @property
    def path_before(self) -> str:
        """The field as the last revision names it."""
        return f"{self.form_before}.{self.old.id}"


def changes_of_options(place: Place, allowance: Allowance) -> Iterator[Change | Problem]:
    """Yield the changes of the options of one field that has some, and what is wrong with them."""
    assert isinstance(place.old.options, ChoiceOptions)
    assert isinstance(place.new.options, ChoiceOptions)
    old = tuple(each.value for each in place.old.options.options)
    given = place.new.options.options
    new = tuple(each.value for each in given)
    renames = Renames(
        place=place.path, new={each.value: each.renamed_from for each in given}, old=frozenset(old)
    )
    problems = list(problems_of(renames))
    yield from problems
    taken = renames.taken()
    added = tuple(value for value in new if value not in old and value not in taken.values())
    yield from _renamed(place, taken, added)
    if added:
        yield AddOptions(table=place.table, form=place.form, column=place.new.id, options=added)
    if not problems:
        yield from _gone(
            place, [value for value in old if value not in new and value not in taken], allowance
        )
    before = tuple(taken.get(value, value) for value in old if taken.get(value, value) in new)
    after = tuple(value for value in new if value in before)
    if before != after:
        yield ReorderOptions(table=place.table, form=place.form, column=place.new.id, old=before, new=after)


def has_options(field: Field) -> bool:
    """Return whether a field is a choice whose options the project declares, unlike states."""
    return isinstance(field.options, ChoiceOptions) and field.system is not SystemRole.STATE


def _renamed(place: Place, taken: Mapping[str, str], added: tuple[str, ...]) -> Iterator[Change]:
    """Yield the renames; with new options and a `backfill:` that is new too, an option was split."""
    if not taken:
        return
    by = place.new.backfill
    is_new = by is not None and (place.old.backfill is None or meaning(by) != meaning(place.old.backfill))
    if by is not None and is_new and added and isinstance(place.new.value_type, Choice):
        for old, new in taken.items():
            yield SplitOption(
                table=place.table,
                form=place.form,
                column=place.new.id,
                option=old,
                into=(new, *added),
                by=by,
            )
        return
    yield RenameOptions(table=place.table, form=place.form, column=place.new.id, mapping=tuple(taken.items()))


def _gone(place: Place, gone: list[str], allowance: Allowance) -> Iterator[Change | Problem]:
    for option in gone:
        path = f"{place.path_before}.{option}"
        if not allowance.takes_exactly(path):
            yield dropped_option(place.path_before, option)
        yield RetireOption(table=place.table, form=place.form, column=place.new.id, option=option, path=path)
