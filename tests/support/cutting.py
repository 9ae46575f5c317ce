"""Something between a browser and a server that can lose the answer on its way back, as a bad line does."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

CHUNK = 65_536


@dataclass(slots=True)
class CuttingProxy:
    """Passes bytes on. While `loses` names the beginning of a request, it arrives and its answer does not."""

    port: int
    loses: bytes = b""
    lost: list[bytes] = field(default_factory=list)
    _listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._pass, args=(client,), daemon=True).start()

    def _pass(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self.port))
        is_lost = threading.Event()
        threading.Thread(target=self._back, args=(server, client, is_lost), daemon=True).start()
        try:
            while sent := client.recv(CHUNK):
                if self.loses and sent.startswith(self.loses):
                    self.lost.append(sent.partition(b"\r\n")[0])
                    is_lost.set()
                server.sendall(sent)
        except OSError:
            pass
        finally:
            if not is_lost.is_set():
                server.close()

    def _back(self, server: socket.socket, client: socket.socket, is_lost: threading.Event) -> None:
        try:
            while answer := server.recv(CHUNK):
                if is_lost.is_set():
                    break
                client.sendall(answer)
        except OSError:
            pass
        for end in (client, server):
            # Another thread may wait for it, which closing alone would not end.
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
