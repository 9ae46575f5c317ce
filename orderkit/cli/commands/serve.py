"""`orderkit serve`: run the app of a built project, or, with `--dev`, of the YAML as it is written."""

import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orderkit.cli import console
from orderkit.cli.opening import DatabaseOption
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from orderkit.engine.runtime import Runtime

LEFT_SECONDS = 10
LEFT_SECONDS_IN_DEVELOPMENT = 1
BACKLOG = 2048


class PortTaken(OrderkitError):
    """Something else listens on this port; choose another with --port."""


def serve(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The project folder, or the artifact itself.")
    ] = Path(),
    *,
    dev: Annotated[
        bool, typer.Option("--dev", help="Compile anew on every save and show what is wrong in the browser.")
    ] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8000,
    database: DatabaseOption = None,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Do background jobs in this process too.")
    ] = True,
    tls_cert: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Speak HTTPS with this certificate (PEM).")
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The private key of --tls-cert (PEM, no password).")
    ] = None,
) -> None:
    """Run the app. The database must be at the artifact; if it is not, the message says what to run.

    Example: `orderkit serve examples/order-management --port 8080`
    """
    import uvicorn  # noqa: PLC0415 - `--help` does without

    from orderkit.artifact.certificates import certificate_of  # noqa: PLC0415
    from orderkit.artifact.log import write_log  # noqa: PLC0415
    from orderkit.artifact.serving import app_of, open_served  # noqa: PLC0415

    write_log()
    tls = certificate_of(tls_cert, tls_key)
    listening = _listen(host, port)
    with listening:
        application: ASGIApp
        if dev:
            from orderkit.cli.developing import Development  # noqa: PLC0415 - the compiler stays out otherwise

            development = Development(directory, database=database, with_worker=worker)
            application, runtime = development, development.runtime
        else:
            opened = open_served(directory, database=database)
            application, runtime = app_of(opened, with_worker=worker), opened.runtime
        address = _address("https" if tls else "http", host, listening.getsockname()[1])
        console.speak_as_project(runtime.project.locale)
        _greet(runtime, address, is_development=dev)
        config = uvicorn.Config(
            application,
            log_level="warning",
            # The app itself believes proxies, and only those that its settings name.
            proxy_headers=False,
            server_header=False,
            lifespan="on",
            timeout_graceful_shutdown=LEFT_SECONDS_IN_DEVELOPMENT if dev else LEFT_SECONDS,
            ssl_certfile=tls.certificate if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
        # Ctrl+C has ended the server by the time it is raised again here.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    console.note(label(zh="已停止", en="stopped"))


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. It is taken first, so that a taken port is found before anything is opened."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise PortTaken(
            label(
                zh=f"无法监听 {host}：没有这个地址", en=f"cannot listen on {host}: there is no such address"
            )
        ) from error
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise PortTaken(
            label(
                zh=f"无法监听 {host}:{port}（{error.strerror}）：可能已有程序在用这个端口，请停掉它或用 --port 换一个",
                en=f"cannot listen on {host}:{port} ({error.strerror}): something else may use this port; "
                "stop it, or choose another with --port",
            )
        ) from error
    return listening


def _address(scheme: str, host: str, port: int) -> str:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - where a browser on this machine goes
    return f"{scheme}://[{shown}]:{port}" if ":" in shown else f"{scheme}://{shown}:{port}"


def _greet(runtime: "Runtime", address: str, *, is_development: bool) -> None:
    from orderkit.engine.accounts import first_administrator_link  # noqa: PLC0415 - `--help` does without

    console.say(label(zh="应用已启动：{address}", en="serving at {address}"), address=address)
    token = first_administrator_link(runtime)
    if token is not None:
        console.say(
            label(
                zh="还没有管理员。打开这个链接创建第一位（只能用一次，三天内有效）：\n  {link}",
                en="There is no administrator yet. Open this link to become the first (once, within three days):\n  {link}",
            ),
            link=f"{address}/link/{token}",
        )
    if is_development:
        console.note(
            label(zh="开发模式：保存 YAML 后自动重新编译", en="development: compiled anew on every save")
        )
    console.note(label(zh="按 Ctrl+C 停止", en="Ctrl+C stops it"))
