"""The mapping that somebody chose in front of a sheet: which of its columns fills which path.

It is an `import:` like one of the project, so that it is read in the same way and can be kept as YAML.
"""

from collections.abc import Mapping
from dataclasses import replace

from orderkit.engine.importing.matching.fillable import fillable_paths, filled_with
from orderkit.engine.importing.matching.mapping import Plan, plan_of, plan_of_form, plan_of_mapping
from orderkit.engine.importing.options import ChosenColumns
from orderkit.engine.importing.reading.cells import column_letters, heading_key
from orderkit.model.errors import Problem, Refused
from orderkit.model.exchange.imports import ImportColumn, ImportMapping
from orderkit.model.labels import Label, label, text_of
from orderkit.model.project import Project


def plan_with(project: Project, name: str, columns: ChosenColumns | None) -> Plan:
    """Return the plan of a mapping or form, with the columns that somebody chose, if so.

    Raises: NotFound; Refused, when the choice is not one that can be read.
    """
    if columns is None:
        return plan_of(project, name)
    problems = choice_problems(project, name, columns)
    if problems:
        raise Refused(problems)
    mapping = mapping_with(project, name, columns)
    plan = plan_of_mapping(project, mapping)
    base = project.import_by_id.get(name)
    if base is None:
        return replace(plan, matches=plan_of_form(project, plan.form).matches)
    known = {heading_key(each.heading): each.field for each in base.columns}
    return replace(plan, paths_by_heading=known, filled_with=filled_with(base))


def mapping_with(project: Project, name: str, columns: ChosenColumns) -> ImportMapping:
    """Return the mapping, or one of the form of that id, with other columns."""
    chosen = tuple(
        ImportColumn(field=path, heading=columns.headings.get(column, ""))
        for path, column in columns.by_path.items()
    )
    base = project.import_by_id.get(name)
    if base is not None:
        heading_of = {each.field: each.heading for each in chosen}
        also = (
            ImportColumn(field=path, heading=heading_of[first])
            for path, first in filled_with(base).items()
            if first in heading_of and path not in heading_of
        )
        return replace(base, columns=(*chosen, *also))
    form = plan_of(project, name).form
    return ImportMapping(
        id=form.id,
        label=form.label,
        form=form.id,
        sheet=None,
        header_rows=(),
        match=(),
        columns=chosen,
        values={},
        default=(),
        set=(),
        create_missing=(),
        is_history=False,
        waive=frozenset(),
    )


def choice_problems(project: Project, name: str, columns: ChosenColumns) -> list[Problem]:
    """Return why a choice cannot be read: a path that is not there, filled twice, or by name and key at once."""
    known = {each.path: each for each in fillable_paths(project, plan_of(project, name))}
    base = project.import_by_id.get(name)
    makes = frozenset() if base is None else frozenset(base.create_missing)
    by_path: dict[str, list[int]] = {}
    for column, path in sorted(columns.paths.items()):
        if path:
            by_path.setdefault(path, []).append(column)
    problems = []
    if not by_path:
        problems.append(Problem(path="columns", code="required", message=_NOTHING))
    for path, places in by_path.items():
        letters = [f"{column_letters(each)} {columns.headings.get(each, '')}".strip() for each in places]
        if path not in known:
            problems.append(Problem(path=path, code="unknown_field", message=_unknown(path)))
            continue
        if len(places) > 1:
            problems.append(Problem(path=path, code="duplicate", message=_twice(known[path].label, letters)))
        whole = path.rpartition(".")[0]
        if whole in by_path and whole in known and whole not in makes:
            message = _both(known[whole].label, known[path].label)
            problems.append(Problem(path=path, code="ambiguous", message=message))
    return problems


def chosen_by_heading(names: Mapping[int, str], wanted: Mapping[str, str]) -> dict[int, str]:
    """Return the columns of headings that somebody named. Raises Refused for one that is not there, or twice."""
    found: dict[int, str] = {}
    problems = []
    for heading, path in wanted.items():
        places = [column for column, name in names.items() if heading_key(name) == heading_key(heading)]
        if len(places) == 1:
            found[places[0]] = path
        else:
            message = _no_heading(heading) if not places else _heading_twice(heading)
            problems.append(Problem(path=heading, code="missing_column", message=message))
    if problems:
        raise Refused(problems)
    return found


_NOTHING = label(
    zh="还没有选择任何列：至少让一列填入一个字段",
    en="no column is chosen yet: let at least one fill a field",
)


def _unknown(path: str) -> Label:
    return label(zh=f"没有可以填写的字段“{path}”", en=f"there is no field `{path}` to be filled")


def _twice(title: Label, places: list[str]) -> Label:
    return label(
        zh=f"“{text_of(title, 'zh')}”由几列填写：{'、'.join(places)}；只留一列",
        en=f"`{text_of(title, 'en')}` is filled by several columns: {', '.join(places)}; leave one of them",
    )


def _both(whole: Label, part: Label) -> Label:
    zh, en = (text_of(whole, "zh"), text_of(part, "zh")), (text_of(whole, "en"), text_of(part, "en"))
    return label(
        zh=f"“{zh[0]}”和“{zh[1]}”指同一条记录，只能选一个",
        en=f"`{en[0]}` and `{en[1]}` name the same record; choose one of them",
    )


def _no_heading(heading: str) -> Label:
    return label(zh=f"文件里没有标题“{heading}”", en=f"the file has no heading `{heading}`")


def _heading_twice(heading: str) -> Label:
    return label(zh=f"标题“{heading}”在文件里不止一处", en=f"the heading `{heading}` stands more than once")
