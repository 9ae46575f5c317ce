"""Where a walk stands before a step: the YAML, the model, the rows; and what a step is."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any

from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.project import Project
from tests.properties.walking.documents import Documents, Files, documents_of, fields_of, files_of

Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[int, Row]]
Cell = tuple[str, str]


_PLAIN_WORDS = """
add rename drop split reorder retire retarget move to by from of the option options field form lines with without
places key its required default backfill unique index computed another formula false true decimal money integer
text longtext date choice choices boolean percent ref convert a an in_flight become becomes is entered people
"""


class DoesNotFit(Exception):
    """Some rows do not fit the step, so that it has to be refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A step of a walk.

    Attributes:
        words: what it does.
        files: the YAML afterwards.
        rows: from the rows before to those that must be there afterwards; raises DoesNotFit.
        allow_drop: what the build is told may go.
        unknown: form and field of values that are worked out anew, and compared with nothing.
        may_be_needed: whether running records may stand in the way of it.
        leaves: a state of the workflow that is gone afterwards.
    """

    words: str
    files: Files
    rows: Callable[[Rows], Rows] = lambda rows: rows
    allow_drop: frozenset[str] = frozenset()
    unknown: frozenset[Cell] = frozenset()
    may_be_needed: bool = False
    leaves: str = ""

    @property
    def places(self) -> frozenset[str]:
        """Every word that may be the name of a form, field or workflow, before or after."""
        return frozenset(re.findall(r"\b[a-z]\w*(?:\.\w+)*", self.words)) - {*_PLAIN_WORDS.split()}

    def is_beside(self, other: "Edit") -> bool:
        """Whether the two have nothing to do with each other, so that one build may hold both."""
        return not any(
            f"{one}.".startswith(f"{two}.") or f"{two}.".startswith(f"{one}.")
            for one in self.places
            for two in other.places
        )

    def then(self, other: "Edit") -> "Edit":
        """Return both as one step; the other begins where this one ends."""
        return Edit(
            words=f"{self.words}; {other.words}",
            files=other.files,
            rows=lambda rows: other.rows(self.rows(rows)),
            allow_drop=self.allow_drop | other.allow_drop,
            unknown=self.unknown | other.unknown,
            may_be_needed=self.may_be_needed or other.may_be_needed,
            leaves=self.leaves or other.leaves,
        )


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What an edit may look at and draw from."""

    files: Files
    project: Project
    rows: Rows
    random: Random
    number: int
    documents: Documents = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "documents", documents_of(self.files))

    def name(self, letter: str) -> str:
        """Return a name that nothing has had."""
        return f"{letter}{self.number}"

    @cached_property
    def forms(self) -> Sequence[Form]:
        """The forms that are written in YAML, lines among them."""
        tops = {each["form"] for each in self.documents.values() if "form" in each}
        return [form for form in self.project.forms if form.id.split(".")[0] in tops]

    def some_form(self, *, is_lines: bool | None = None) -> Form:
        found = [each for each in self.forms if is_lines is None or (each.parent is not None) == is_lines]
        return self.random.choice(found)

    def some_field(self, *types: str, **wanted: Any) -> tuple[Form, Field] | None:
        """Draw a stored field of the project that nobody works out, of one of the types; those of the walk oftener."""
        found = [
            (form, each)
            for form in self.forms
            for each in form.stored_fields
            if each.system is SystemRole.NONE and not each.is_derived
            if not types or each.type in types
            if all(getattr(each, name) == value for name, value in wanted.items())
            for _ in range(3 if each.id[1:].isdigit() else 1)
        ]
        return self.random.choice(found) if found else None

    def words_of(self, form: str, name: str) -> dict[str, Any]:
        """Return what the YAML says of a field, to be changed."""
        words: dict[str, Any] = fields_of(self.documents, form)[name]
        return words

    def edit(self, words: str, **more: Any) -> Edit:
        """Return the step to the documents as they are now."""
        return Edit(words=words, files=files_of(self.documents, self.files), **more)


def each_row(rows: Rows, form: str, change: Callable[[Row], Row]) -> Rows:
    """Return rows of which those of one form are changed."""
    return {**rows, form: {key: change(row) for key, row in rows[form].items()}}


def each_value(rows: Rows, form: str, name: str, change: Callable[[Any], Any]) -> Rows:
    """Return rows of which one column of one form is changed."""
    return each_row(rows, form, lambda row: {**row, name: change(row[name])})


def filled(rows: Rows, form: str, name: str, value: Any) -> Rows:
    """Return rows of which one column is empty nowhere."""
    return each_value(rows, form, name, lambda old: value if old is None else old)


def differences(found: Rows, expected: Rows) -> list[str]:
    """Return in words where rows are not what they must be."""
    if found.keys() != expected.keys():
        return [f"forms {sorted(found)} instead of {sorted(expected)}"]
    told = []
    for form, rows in found.items():
        if rows.keys() != expected[form].keys():
            told.append(f"{form}: ids {list(rows)} instead of {list(expected[form])}")
            continue
        for key, row in rows.items():
            must = expected[form][key]
            told += [
                f"{form} {key}.{name}: {row.get(name, 'nothing')!r} instead of {must.get(name, 'nothing')!r}"
                for name in sorted(row.keys() | must.keys())
                if name not in row or name not in must or row[name] != must[name]
            ]
    return told
