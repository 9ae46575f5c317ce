"""A way to a PostgreSQL server that can be cut, as a cable or a pool of connections can."""

import socket
import threading
from contextlib import suppress

import sqlalchemy as sa


class Proxy:
    """Listens on a port of this machine and passes everything on to the server of a URL until it is cut."""

    def __init__(self, url: str) -> None:
        made = sa.make_url(url)
        folder = made.query.get("host")
        self._server = f"{folder}/.s.PGSQL.{made.port or 5432}" if folder else (made.host, made.port or 5432)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listening]
        self._threads: list[threading.Thread] = []
        self._start(self._accept)
        port = self._listening.getsockname()[1]
        query = {key: value for key, value in made.query.items() if key != "host"}
        self.url = made.set(host="127.0.0.1", port=port, query=query).render_as_string(hide_password=False)

    def cut(self) -> None:
        """End every connection, and take no new one."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def close(self) -> None:
        """Cut it, and wait until nothing of it runs any more."""
        self.cut()
        for each in self._threads:
            each.join()

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type] # callables all
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX if isinstance(self._server, str) else socket.AF_INET)
                server.connect(self._server)
                self._open += [client, server]
                self._start(self._pass_on, client, server)
                self._start(self._pass_on, server, client)

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
