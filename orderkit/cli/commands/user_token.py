"""`orderkit user token`: what programs sign in with: made, listed, revoked."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption, opened, person_named
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.engine.accounts import Token
    from orderkit.engine.runtime import Runtime

ProjectOption = Annotated[
    Path, typer.Option("--project", metavar="DIR", help="The project folder, or the artifact itself.")
]
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The login name.")]
REACHES = ("read", "write", "full")

app = typer.Typer(no_args_is_help=True)


@app.command()
def create(
    login: Login,
    *,
    name: Annotated[str, typer.Option("--label", help="What it is for; shown in lists.")] = "API",
    scope: Annotated[
        str,
        typer.Option(
            "--scope",
            metavar="|".join(REACHES),
            help="read: look. write: also create, change, delete. full: also press buttons and decide tasks.",
        ),
    ] = "read",
    form: Annotated[
        list[str] | None,
        typer.Option("--form", metavar="FORM", help="Only this form; may be given several times."),
    ] = None,
    days: Annotated[
        int | None, typer.Option("--days", metavar="DAYS", help="How long it holds; 90 days without.")
    ] = None,
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """Print a new API token of a user. It is shown this once, and never does more than the user may.

    Example: `orderkit user token create erp --label "nightly sync" --scope write --form order --days 180`
    """
    from orderkit.engine.accounts import Reach, make_token  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    if scope not in REACHES:
        raise typer.BadParameter(f"one of {', '.join(REACHES)}", param_hint="--scope")
    with opened(project, database) as runtime:
        user_id = _id_of(runtime, login)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            made = make_token(unit, user_id, name, reach=Reach(scope), forms=form or (), days=days)
    console.note(
        label(zh="令牌只显示这一次，请妥善保存：", en="The token is shown only now; keep it safe:"),
    )
    console.data(made)


@app.command("list")
def list_(login: Login, *, project: ProjectOption = Path(), database: DatabaseOption = None) -> None:
    """List a user's API tokens, without the tokens themselves.

    Example: `orderkit user token list erp`
    """
    from orderkit.engine.accounts import tokens_of  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(project, database) as runtime:
        user_id = _id_of(runtime, login)
        with runtime.read(SYSTEM, Channel.COMMAND) as unit:
            found = tokens_of(unit, user_id)
        console.table(
            [
                label(zh="编号", en="Number"),
                label(zh="用途", en="For"),
                label(zh="范围", en="Scope"),
                label(zh="创建", en="Made"),
                label(zh="最近使用", en="Last used"),
                label(zh="有效至", en="Until"),
                label(zh="撤销", en="Revoked"),
            ],
            [_row(each, runtime) for each in found],
        )


@app.command()
def revoke(
    login: Login,
    number: Annotated[
        int, typer.Argument(metavar="NUMBER", help="The token's number, from `user token list`.")
    ],
    *,
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """End an API token at once.

    Example: `orderkit user token revoke erp 3`
    """
    from orderkit.engine.accounts import revoke_token  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415
    from orderkit.model.errors import NotFound  # noqa: PLC0415

    with opened(project, database) as runtime:
        user_id = _id_of(runtime, login)
        try:
            with runtime.write(SYSTEM, Channel.COMMAND) as unit:
                revoke_token(unit, number, user_id=user_id)
        except NotFound:
            raise NotFound(
                label(
                    zh=f"{login} 没有编号 {number} 的有效令牌",
                    en=f"{login} has no token {number} that still holds",
                )
            ) from None
    console.say(label(zh="已撤销", en="revoked"))


def _row(token: "Token", runtime: "Runtime") -> tuple[str, ...]:
    forms = sorted(token.scope.forms or ())
    return (
        str(token.id),
        token.label,
        token.scope.reach.value + (f": {', '.join(forms)}" if forms else ""),
        *(
            "–" if at is None else f"{at.astimezone(runtime.timezone):%Y-%m-%d %H:%M}"
            for at in (token.created_at, token.used_at, token.expires_at, token.revoked_at)
        ),
    )


def _id_of(runtime: "Runtime", login: str) -> int:
    person = person_named(runtime, login)
    assert person.id is not None
    return person.id
