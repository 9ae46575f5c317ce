"""Which mapping a file means, when a person only names the form."""

from pathlib import Path

from orderkit.engine.importing.matching.mapping import plan_of
from orderkit.engine.importing.preparing import find_sheet
from orderkit.engine.importing.reading.limits import Limits, UnreadableFile
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import label
from orderkit.model.project import Project


def choose_mapping(project: Project, name: str, path: Path, *, limits: Limits | None = None) -> str:
    """Return the mapping to read a file with: the one named, or the one of that form that fits.

    A form without mappings is read by its own headings. Raises: NotFound, Refused (several fit).
    """
    if name in project.import_by_id:
        return name
    mappings = [mapping.id for mapping in project.imports if mapping.form == name]
    if len(mappings) < 2:
        return mappings[0] if mappings else plan_of(project, name).id
    fitting = [each for each in mappings if _fits(project, each, path, limits or Limits())]
    if len(fitting) == 1:
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


def _fits(project: Project, name: str, path: Path, limits: Limits) -> bool:
    try:
        return not find_sheet(plan_of(project, name), path, sheet=None, limits=limits).binding.problems
    except UnreadableFile:
        return False
