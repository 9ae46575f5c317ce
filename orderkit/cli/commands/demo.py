"""`orderkit demo`: the people and records of a project's `demo/` folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption, opened
from orderkit.model.labels import Label, label, text_of

if TYPE_CHECKING:
    from orderkit.engine.runtime import Runtime
    from orderkit.testing.story import Story

FOLDER = "demo"
_PLAYED = "demo_played"


def demo(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The project folder.")] = Path(),
    *,
    database: DatabaseOption = None,
) -> None:
    """Load sample people and sample records, and print how to sign in. For trying out, not for work.

    Running it again only prints the sign-ins.

    Example: `orderkit demo examples/order-management`
    """
    from orderkit.testing.playing import play  # noqa: PLC0415 - `--help` does without

    story = read_story(directory / FOLDER)
    with opened(directory, database) as runtime:
        if _was_played(runtime):
            console.note(label(zh="示例数据已装入过", en="the sample data is there already"))
        else:
            with console.progress(label(zh="装入示例数据", en="loading sample data")) as bar:
                played = play(runtime, story, directory, on_step=bar)
            _note_played(runtime)
            console.say(
                label(
                    zh="示例数据：导入 {files} 个文件，{records} 张单据；{steps} 步操作",
                    en="sample data: {files} files with {records} records, and {steps} steps",
                ),
                files=len(played.imports),
                records=sum(each.created for each in played.imports),
                steps=played.steps,
            )
        _print_people(runtime, story)


def read_story(folder: Path) -> "Story":
    """Return the story of every `*.story.yaml` in a folder, in the order of their names.

    Raises: Refused, with the file and the place of each mistake.
    """
    import yaml  # noqa: PLC0415 - only this command reads a story
    from pydantic import ValidationError  # noqa: PLC0415

    from orderkit.language.source.directory import STORY  # noqa: PLC0415
    from orderkit.model.errors import Problem, Refused  # noqa: PLC0415
    from orderkit.testing.story import Story  # noqa: PLC0415

    story = Story()
    problems: list[Problem] = []
    for path in sorted(folder.glob(f"*{STORY}")):
        try:
            # Every scalar stays the text that it is; its place decides what it means.
            words = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - it makes texts, lists, maps
            story = story.joined(Story.model_validate(words or {}))
        except yaml.YAMLError as error:
            problems.append(Problem(path=str(path), code="yaml", message=_both(str(error))))
        except ValidationError as error:
            for each in error.errors(include_url=False):
                place = ".".join(str(part) for part in each["loc"])
                problems.append(Problem(path=f"{path}: {place}", code="story", message=_both(each["msg"])))
    if problems:
        raise Refused(
            problems, label(zh="示例数据的写法有误", en="the sample data is not written as it should be")
        )
    return story


def _both(text: str) -> Label:
    return label(zh=text, en=text)


def _was_played(runtime: "Runtime") -> bool:
    import sqlalchemy as sa  # noqa: PLC0415 - `--help` does without

    from orderkit.database.schema.system_tables import setting  # noqa: PLC0415

    with runtime.database.read() as connection:
        found = connection.execute(sa.select(setting.c.value).where(setting.c.name == _PLAYED)).first()
    return found is not None


def _note_played(runtime: "Runtime") -> None:
    from orderkit.database.schema.system_tables import setting  # noqa: PLC0415 - `--help` does without

    with runtime.database.write() as connection:
        connection.execute(setting.insert().values(name=_PLAYED, value=runtime.clock.now().isoformat()))


def _print_people(runtime: "Runtime", story: "Story") -> None:
    if not story.people:
        return
    roles = {role.id: text_of(role.label, console.language()) for role in runtime.project.roles}
    console.table(
        [
            label(zh="登录名", en="Login"),
            label(zh="密码", en="Password"),
            label(zh="姓名", en="Name"),
            label(zh="角色", en="Roles"),
        ],
        [
            (login, story.password or "", words.name, ", ".join(roles.get(r, r) for r in words.roles))
            for login, words in story.people.items()
        ],
    )
