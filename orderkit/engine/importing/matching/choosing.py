"""Which mapping a file means, when a person only names the form."""

from pathlib import Path

from orderkit.engine.importing.matching.mapping import plan_of
from orderkit.engine.importing.preparing import find_sheet
from orderkit.engine.importing.reading.limits import Limits, UnreadableFile
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import label
from orderkit.model.project import Project


def choose_mapping(project: Project, name: str, path: Path, *, limits: Limits | None = None) -> str:
    """Return the mapping to read a file with: the one named, or the one of that form that reads most of the file.

    A form without mappings is read by its own headings. Raises: NotFound, Refused (none fits, or several alike).
    """
    if name in project.import_by_id:
        return name
    mappings = [mapping.id for mapping in project.imports if mapping.form == name]
    if len(mappings) < 2:
        return mappings[0] if mappings else plan_of(project, name).id
    read = {each: _columns_read(project, each, path, limits or Limits()) for each in mappings}
    most = max(read.values())
    fitting = [each for each in mappings if read[each] == most]
    if most and len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(mappings)
    raise Refused(
        [
            Problem(
                path="mapping",
                code="ambiguous",
                message=label(
                    zh=f"不能确定用哪个导入模板：{listed}",
                    en=f"which mapping is meant is not clear: {listed}",
                ),
                help=label(zh="请指明一个模板", en="name one of them"),
            )
        ]
    )


def _columns_read(project: Project, name: str, path: Path, limits: Limits) -> int:
    """Return how many columns of the file a mapping reads; 0 where it does not fit."""
    plan = plan_of(project, name)
    try:
        binding = find_sheet(plan, path, sheet=None, limits=limits).binding
    except UnreadableFile:
        return 0
    return 0 if binding.problems else len({place for s in plan.sources if (place := binding.place(s))})
