"""The words of a story: people, files to import, and what they do day by day.

A value in `set` and `with` is text as a person would type it (a label, a code of a record, the name of
an earlier record), or an expression behind `=`. Nothing is looked up here; see `playing`.
"""

from typing import Annotated, Self

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Value = str | dict[str, str] | list[dict[str, str]]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[list[str], BeforeValidator(_as_list)]


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class PersonWords(_Words):
    """Somebody who signs in. `manager` is a login name, `department` a department's name."""

    name: str
    roles: Names = Field(default_factory=list)
    manager: str | None = None
    department: str | None = None
    locale: str | None = None


class ImportWords(_Words):
    """Files that are imported through a mapping, as the system. Paths are relative to the project."""

    mapping: str = Field(validation_alias=AliasChoices("import", "mapping"))
    files: Names


class StepWords(_Words):
    """One thing somebody does: make a record, press transitions, decide a task, or post into a ledger by hand.

    `day` counts from today; what is not named keeps the day of the step before. With `history` the
    record arrives in its state, as from another system.
    """

    day: int | None = None
    by: str | None = Field(default=None, alias="as")
    create: str | None = None
    post: str | None = None
    keys: dict[str, str] = Field(default_factory=dict)
    amounts: dict[str, str] = Field(default_factory=dict)
    reason: str | None = None
    name: str | None = None
    set: dict[str, Value] = Field(default_factory=dict)
    history: bool = False
    do: Names = Field(default_factory=list)
    on: str | None = None
    with_: dict[str, str] = Field(default_factory=dict, alias="with")
    approve: str | None = None
    reject: str | None = None
    return_: str | None = Field(default=None, alias="return")
    comment: str | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        deeds = [self.create, self.post, self.do or None, self.approve, self.reject, self.return_]
        if sum(each is not None for each in deeds) != 1:
            raise ValueError("a step says one of: create, post, do, approve, reject, return")
        if self.do and self.on is None:
            raise ValueError("`do` needs `on`, the name of a record")
        return self


class Story(_Words):
    """A whole story. People are keyed by login name and share one `password`."""

    password: str | None = None
    people: dict[str, PersonWords] = Field(default_factory=dict)
    imports: list[ImportWords] = Field(default_factory=list)
    steps: list[StepWords] = Field(default_factory=list)

    def joined(self, other: "Story") -> "Story":
        """Return both stories as one: first this one's steps, then the other's."""
        return Story(
            password=other.password or self.password,
            people={**self.people, **other.people},
            imports=[*self.imports, *other.imports],
            steps=[*self.steps, *other.steps],
        )
