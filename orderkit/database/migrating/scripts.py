"""The scripts of a line of revisions, in order, and what each says about itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from alembic.script import ScriptDirectory

from orderkit.database import operations
from orderkit.database.migrating.refusals import script_raised
from orderkit.database.operations.operation import Operation
from orderkit.database.operations.script import giving


@dataclass(frozen=True, slots=True)
class Script:
    """A revision as it stands in its file."""

    number: str
    title: str
    module: ModuleType

    @property
    def starts_from(self) -> str | None:
        """The hash of the model for which it was written; None for the first, and for one that does not say."""
        return getattr(self.module, "starts_from", None)

    @property
    def leads_to(self) -> str | None:
        """The hash of the model to which it leads."""
        return getattr(self.module, "leads_to", None)

    @property
    def is_safe_for_older(self) -> bool:
        """Whether a program of the revision before may go on with the database."""
        return getattr(self.module, "is_safe_for_older", False)

    @property
    def retires(self) -> tuple[str, ...]:
        """The paths of what it drops, such as `order.note`."""
        return tuple(getattr(self.module, "retires", ()))

    @property
    def is_collected(self) -> bool:
        """Whether it only uses our operations, so that they can be known before any is run."""
        values = vars(self.module).values()
        return any(each is operations for each in values) and not any(map(_is_of_alembic, values))

    def function(self, *, is_undoing: bool) -> Callable[[], None]:
        """Return what does it, or undoes it."""
        function: Callable[[], None] = self.module.downgrade if is_undoing else self.module.upgrade
        return function

    def operations(self, *, is_undoing: bool) -> Sequence[Operation]:
        """Return its operations; only where `is_collected`."""
        collected: list[Operation] = []
        with giving(collected.append):
            self.function(is_undoing=is_undoing)()
        return collected


def scripts_of(folder: Path) -> dict[str, Script]:
    """Return the scripts of a folder that holds `versions/`, by number, in order."""
    versions = folder / "versions"
    if not versions.is_dir():
        return {}
    directory = ScriptDirectory(str(folder), version_locations=[str(versions)])
    try:
        found = list(directory.walk_revisions())
    except Exception as error:
        raise script_raised("????", error) from error
    return {each.revision: Script(each.revision, each.doc, each.module) for each in reversed(found)}


def _is_of_alembic(value: object) -> bool:
    name = (
        getattr(value, "__name__", "") if isinstance(value, ModuleType) else getattr(value, "__module__", "")
    )
    return isinstance(name, str) and name.split(".")[0] == "alembic"
