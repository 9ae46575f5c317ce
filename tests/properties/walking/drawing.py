"""Which step a walk takes next: drawn at random until one compiles."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import has_errors
from orderkit.model.project import Project
from tests.properties.walking.documents import Files
from tests.properties.walking.fields import (
    add_field,
    add_reference,
    demand,
    drop_field,
    mark,
    move_field,
    rename_field,
    retarget,
)
from tests.properties.walking.forms import (
    add_form,
    add_lines,
    change_key,
    drop_form,
    drop_lines,
    rename_form,
    rename_lines,
)
from tests.properties.walking.moving import form_to_lines, lines_to_form
from tests.properties.walking.scene import DoesNotFit, Edit, Rows, Scene
from tests.properties.walking.values import (
    add_formula,
    change_formula,
    change_options,
    derive,
    rescale,
    retype,
)
from tests.properties.walking.workflows import change_workflow

Step = Callable[[Scene], Edit | None]

# The steps, and how often each is tried beside the others.
STEPS = (
    *(add_field, change_options, retype) * 4,
    *(rename_field, drop_field, demand, rescale, mark, change_workflow) * 2,
    *(add_reference, retarget, move_field, change_formula, add_formula, derive),
    *(add_form, add_lines, rename_form, rename_lines, drop_form, drop_lines, change_key),
    *(lines_to_form, form_to_lines),
)
_MOST_TRIES = 50


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Where steps are drawn from; `counted` is told what became of the tries."""

    random: Random
    counted: Counter[str]
    steps: Sequence[Step]

    def edit(self, files: Files, project: Project, rows: Rows) -> tuple[Edit, Project]:
        """Draw an edit, or two that have nothing to do with each other; return it and the model afterwards."""
        edit, after = self._one(files, project, rows)
        if edit.unknown or self.random.random() < 0.5:
            return edit, after
        try:
            then = edit.rows(rows)
        except DoesNotFit:
            return edit, after
        second, both = self._one(edit.files, after, then)
        if not edit.is_beside(second):
            return edit, after
        self.counted["two at once"] += 1
        return edit.then(second), both

    def _one(self, files: Files, project: Project, rows: Rows) -> tuple[Edit, Project]:
        """Draw edits until one compiles."""
        for _ in range(_MOST_TRIES):
            scene = Scene(
                files=files, project=project, rows=rows, random=self.random, number=self.counted["tried"]
            )
            self.counted["tried"] += 1
            edit = self.random.choice(self.steps)(scene)
            if edit is None:
                self.counted["not possible"] += 1
                continue
            outcome = compile_project(edit.files, built_in())
            if outcome.value is not None and not has_errors(outcome.found):
                return edit, outcome.value
            self.counted["not compiled"] += 1
        raise AssertionError("nothing compiles any more")
