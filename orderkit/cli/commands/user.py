"""`orderkit user`: people of a built project, their roles, tokens and links. What people may do is in the YAML."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.commands import user_token
from orderkit.cli.opening import DatabaseOption, opened, person_named
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.engine.runtime import Person, Runtime

ProjectOption = Annotated[
    Path, typer.Option("--project", metavar="DIR", help="The project folder, or the artifact itself.")
]
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The login name.")]
AddressOption = Annotated[
    str, typer.Option("--address", metavar="URL", help="Where people reach the app; links begin with it.")
]
LOCAL = "http://127.0.0.1:8000"

app = typer.Typer(no_args_is_help=True)
app.add_typer(user_token.app, name="token", help="API tokens of a user.")


@app.command("list")
def list_(*, project: ProjectOption = Path(), database: DatabaseOption = None) -> None:
    """List everybody with their roles.

    Example: `orderkit user list --project shop`
    """
    import sqlalchemy as sa  # noqa: PLC0415 - `--help` does without

    from orderkit.engine.accounts import roles_of  # noqa: PLC0415
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(project, database) as runtime, runtime.read(SYSTEM, Channel.COMMAND) as unit:
        user = runtime.database.tables["user"]
        rows = unit.connection.execute(sa.select(user).order_by(user.c.login)).all()
        console.table(
            [
                label(zh="登录名", en="Login"),
                label(zh="姓名", en="Name"),
                label(zh="角色", en="Roles"),
                label(zh="在职", en="Active"),
            ],
            [
                (row.login, row.name, ", ".join(sorted(roles_of(unit, row.id))), "✓" if row.active else "–")
                for row in rows
            ],
        )


@app.command()
def create(
    login: Login,
    *,
    name: Annotated[str, typer.Option("--name", help="What others see.")],
    role: Annotated[
        list[str] | None, typer.Option("--role", metavar="ROLE", help="May be given several times.")
    ] = None,
    email: Annotated[str | None, typer.Option("--email")] = None,
    address: AddressOption = LOCAL,
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """Make a user, and print the link with which they choose a password.

    Example: `orderkit user create li --name 李明 --role sales --project shop`
    """
    from orderkit.engine.accounts import LinkPurpose, make_link, make_user  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(project, database) as runtime:
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            values = {"email": email} if email else {}
            user_id = make_user(unit, login=login, name=name, roles=role or (), values=values)
            token = make_link(unit, LinkPurpose.SET_PASSWORD, user_id)
        console.say(label(zh="已创建用户 {login}", en="made the user {login}"), login=login)
        _print_link(token, address)


@app.command()
def link(
    login: Login,
    *,
    address: AddressOption = LOCAL,
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """Print a new link with which a user chooses a password; it works once, within three days.

    Example: `orderkit user link li --address https://orders.example.com`
    """
    from orderkit.engine.accounts import LinkPurpose, make_link  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(project, database) as runtime:
        user_id = _id_of(runtime, login)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            token = make_link(unit, LinkPurpose.SET_PASSWORD, user_id)
        _print_link(token, address)


@app.command()
def roles(
    login: Login,
    role: Annotated[
        list[str] | None, typer.Argument(metavar="[ROLE]...", help="All roles they shall have.")
    ] = None,
    *,
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """Give a user exactly these roles; none takes all away.

    Example: `orderkit user roles li sales lead`
    """
    from orderkit.engine.accounts import set_roles  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    given = role or []
    with opened(project, database) as runtime:
        user_id = _id_of(runtime, login)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            set_roles(unit, user_id, given)
    console.say(
        label(zh="{login} 的角色：{roles}", en="{login} has the roles: {roles}"),
        login=login,
        roles=", ".join(given) or "–",
    )


@app.command()
def remove(
    login: Login,
    *,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="LOGIN", help="Who gets their open tasks; without, as the workflows say."
        ),
    ] = None,
    record: Annotated[
        list[str] | None,
        typer.Option(
            "--records",
            metavar="FORM.FIELD",
            help="Records that name them there go to --to as well; `all` for all. May be given several times.",
        ),
    ] = None,
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """Let a user go: open tasks go to others, and they can sign in no longer. Records keep their name.

    Example: `orderkit user remove li --to wang --records customer.salesperson`
    """
    from orderkit.engine import leaving  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    chosen = set(record or ())
    if chosen and to is None:
        raise typer.BadParameter("--records needs --to", param_hint="--records")
    with opened(project, database) as runtime:
        user_id = _id_of(runtime, login)
        successor = None if to is None else person_named(runtime, to)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            known = {each.path for each in leaving.holdings_of(unit, user_id)}
            wanted = known if "all" in chosen else chosen
            if wanted - known:
                raise typer.BadParameter(
                    f"{login} holds nothing in {', '.join(sorted(wanted - known))}; "
                    f"there is: {', '.join(sorted(known)) or 'nothing'}",
                    param_hint="--records",
                )
            gone = leaving.let_go(unit, user_id, successor=successor, holdings=wanted)
    console.say(
        label(
            zh="{login} 不能再登录；移交了 {tasks} 个待办、{records} 条记录",
            en="{login} can no longer sign in; handed over: tasks: {tasks}, records: {records}",
        ),
        login=login,
        tasks=gone.tasks,
        records=gone.records,
    )


@app.command()
def restore(login: Login, *, project: ProjectOption = Path(), database: DatabaseOption = None) -> None:
    """Let a user who was let go come in again, with the roles they had. What was handed over stays where it is.

    Example: `orderkit user restore li`
    """
    from orderkit.engine.leaving import id_of_login, take_back  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(project, database) as runtime, runtime.write(SYSTEM, Channel.COMMAND) as unit:
        take_back(unit, id_of_login(unit, login))
    console.say(label(zh="{login} 可以重新登录", en="{login} can sign in again"), login=login)


@app.command()
def unlink(login: Login, *, project: ProjectOption = Path(), database: DatabaseOption = None) -> None:
    """Take the link to the company's own provider from an account; the next sign-in there may be linked anew.

    Example: `orderkit user unlink li`
    """
    from orderkit.engine.accounts.oidc import forget_identities  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(project, database) as runtime:
        user_id = _id_of(runtime, login)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            removed = forget_identities(unit, user_id)
    console.say(
        label(
            zh="{login}：解除了 {count} 个单点登录关联",
            en="{login}: took {count} link(s) to single sign-on away",
        ),
        login=login,
        count=removed,
    )


@app.command()
def export(
    login: Login,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="Where the copy is written.")],
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """Write what is kept of a user into a ZIP file, for the person themselves.

    Example: `orderkit user export li --out li.zip`
    """
    from orderkit.engine.accounts.disclosing import export_person  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    with opened(project, database) as runtime:
        user_id = _id_of(runtime, login)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit, out.open("xb") as file:
            export_person(unit, user_id, file)
    console.say(label(zh="已写入 {path}", en="wrote {path}"), path=out)


@app.command()
def erase(
    login: Login,
    *,
    is_sure: Annotated[bool, typer.Option("--yes", help="It cannot be undone.")] = False,
    project: ProjectOption = Path(),
    database: DatabaseOption = None,
) -> None:
    """Forget a user for good: the account is emptied, records keep a reference that names nobody.

    Example: `orderkit user erase li --yes`
    """
    from orderkit.engine.accounts.forgetting import erase_person  # noqa: PLC0415 - `--help` does without
    from orderkit.engine.runtime import SYSTEM, Channel  # noqa: PLC0415

    if not is_sure:
        raise typer.BadParameter(
            "it cannot be undone: export first if they want a copy, then say --yes", param_hint="--yes"
        )
    with opened(project, database) as runtime:
        user_id = _id_of(runtime, login)
        with runtime.write(SYSTEM, Channel.COMMAND) as unit:
            called = erase_person(unit, user_id)
    console.say(
        label(zh="{login} 已清除，现称 {called}", en="{login} is erased and now called {called}"),
        login=login,
        called=called,
    )


def _id_of(runtime: "Runtime", login: str) -> int:
    person: Person = person_named(runtime, login)
    assert person.id is not None
    return person.id


def _print_link(link_token: str, address: str) -> None:
    console.note(
        label(
            zh="用这个链接设置密码（只能用一次，三天内有效）：",
            en="With this link they choose a password (once, within three days):",
        )
    )
    console.data(f"{address.rstrip('/')}/link/{link_token}")
