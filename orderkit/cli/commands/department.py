"""`orderkit department`: the departments of a built project, and who heads them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption, opened, person_named
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.engine.records import DepartmentPlace
    from orderkit.engine.runtime import Runtime, Unit

ProjectOption = Annotated[
    Path, typer.Option("--project", metavar="DIR", help="The project folder, or the artifact itself.")
]
Name = Annotated[
    str, typer.Argument(metavar="NAME", help="The department's name, or #ID where two have the same.")
]

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(*, project: ProjectOption = Path(), database: DatabaseOption = None) -> None:
    """List the departments, each followed by those below it, with heads and how many people are in it.

    Example: `orderkit department list --project shop`
    """
    from orderkit.engine import records  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(project, database) as runtime, runtime.read(SYSTEM, Channel.COMMAND) as unit:
        console.table(
            [
                label(zh="部门", en="Department"),
                label(zh="编号", en="ID"),
                label(zh="负责人", en="Head"),
                label(zh="人数", en="People"),
            ],
            [
                ("  " * each.depth + each.name, f"#{each.id}", each.head or "–", str(each.members))
                for each in records.department_tree(unit)
            ],
        )


@app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="How it is called.")],
    *,
    below: Annotated[
        str | None,
        typer.Option("--below", metavar="NAME", help="The department above it; none is at the top."),
    ] = None,
    head: Annotated[str | None, typer.Option("--head", metavar="LOGIN", help="Who heads it.")] = None,
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """Make a department.

    Example: `orderkit department add 华东区 --below 销售部 --head li`
    """
    from orderkit.engine import records  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(project, database) as runtime:
        head_id = _head(runtime, head)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            parent = None if below is None else _named(unit, below).id
            values = {"name": name, "parent": parent, "head": head_id}
            (made,) = records.apply(unit, [records.Create(form="department", values=values)])
    console.say(
        label(zh="已创建部门 {name}（#{id}）", en="made the department {name} (#{id})"), name=name, id=made.id
    )


@app.command()
def move(
    name: Name,
    *,
    below: Annotated[
        str | None,
        typer.Option("--below", metavar="NAME", help="The department above it; without, it goes to the top."),
    ] = None,
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """Put a department, with all below it, below another one or at the top.

    Example: `orderkit department move 华东区 --below 市场部`
    """
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415 - `--help` does without

    with opened(project, database) as runtime, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        _change(unit, name, parent=None if below is None else _named(unit, below).id)
    if below is None:
        console.say(label(zh="{name} 现在是最上级部门", en="{name} stands at the top now"), name=name)
    else:
        console.say(
            label(zh="{name} 现在在 {below} 之下", en="{name} stands below {below} now"),
            name=name,
            below=below,
        )


@app.command()
def head(
    name: Name,
    login: Annotated[
        str | None, typer.Argument(metavar="[LOGIN]", help="Who heads it; left out, nobody does.")
    ] = None,
    *,
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """Say who heads a department.

    Example: `orderkit department head 华东区 li`
    """
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415 - `--help` does without

    with opened(project, database) as runtime:
        head_id = _head(runtime, login)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            _change(unit, name, head=head_id)
    console.say(
        label(zh="{name} 的负责人：{head}", en="the head of {name}: {head}"), name=name, head=login or "–"
    )


@app.command()
def remove(name: Name, *, project: ProjectOption = Path(), database: DatabaseOption = None) -> None:
    """Delete a department that nobody is in and nothing refers to; it goes to the bin.

    Example: `orderkit department remove 华东区`
    """
    from orderkit.engine import records  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(project, database) as runtime, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        records.apply(unit, [records.Delete(form="department", id=_named(unit, name).id)])
    console.say(label(zh="已删除部门 {name}", en="removed the department {name}"), name=name)


def _change(unit: "Unit", name: str, **values: int | None) -> None:
    from orderkit.engine import records  # noqa: PLC0415 - `--help` does without

    records.apply(unit, [records.Update(form="department", id=_named(unit, name).id, values=values)])


def _named(unit: "Unit", name: str) -> "DepartmentPlace":
    """Return the department of this name, or of the ID in `#7`. Raises NotFound, Conflict."""
    from orderkit.engine import records  # noqa: PLC0415 - `--help` does without
    from orderkit.model.errors import Conflict, NotFound  # noqa: PLC0415

    found = [each for each in records.department_tree(unit) if name in {each.name, f"#{each.id}"}]
    if not found:
        raise NotFound(
            label(
                zh=f"没有部门“{name}”；orderkit department list 列出全部部门",
                en=f"there is no department `{name}`; `orderkit department list` names them all",
            )
        )
    if len(found) > 1:
        ids = ", ".join(f"#{each.id}" for each in found)
        raise Conflict(
            label(
                zh=f"有 {len(found)} 个部门叫“{name}”，请改用编号：{ids}",
                en=f"{len(found)} departments are called `{name}`; name one of {ids} instead",
            )
        )
    return found[0]


def _head(runtime: "Runtime", login: str | None) -> int | None:
    return None if login is None else person_named(runtime, login).id
