"""`orderkit eject`: copy a template of a page into the project, to be changed there."""

from pathlib import Path
from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.model.errors import Conflict, NotFound
from orderkit.model.labels import label

_FOLDERS = ("pages/", "components/", "layouts/")


def eject(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The template: `pages/home.html`.")],
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="The project folder.")] = Path(),
    *,
    output: Annotated[
        str | None, typer.Option("--output", help="`-` writes the original to standard output instead.")
    ] = None,
) -> None:
    """Copy a template of a page, a component or a layout into `templates/`, where the project may change it.

    The first line notes the version, so that `check` says when the original has changed since.

    Example: `orderkit eject pages/home.html`
    """
    from orderkit.catalog import installed  # noqa: PLC0415 - `--help` does without
    from orderkit.language.findings import did_you_mean  # noqa: PLC0415
    from orderkit.model.templates import copied_note  # noqa: PLC0415

    originals = installed().originals
    known = [each for each in originals if each.startswith(_FOLDERS)]
    if name not in known:
        near = did_you_mean(name, known) or label(zh="", en="")
        raise NotFound(
            label(
                zh=f"没有模板 `{name}`。{near['zh']}",
                en=f"there is no template `{name}`. {near['en']}".rstrip(),
            )
        )
    text = f"{copied_note(name, originals[name])}\n{originals[name]}"
    if output == "-":
        console.document(text)
        return
    path = directory / "templates" / name
    if path.exists():
        raise Conflict(
            label(zh=f"{path} 已经有了，没有动它", en=f"{path} is there already and is left alone")
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    console.say(label(zh="已写入 {path}", en="wrote {path}"), path=path)
