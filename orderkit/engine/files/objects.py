"""Attachments in object storage: S3 and what speaks its language, Azure, Google Cloud.

`ORDERKIT_FILES_URL` says where, such as `s3://bucket/orders`; keys and endpoint come from the variables that
those systems know (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, …). Needs the extra `s3`.
"""

import importlib.util
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from orderkit.engine.runtime import FileStore
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label

if TYPE_CHECKING:
    from obstore.store import ObjectStore

FILES_VARIABLE = "ORDERKIT_FILES_URL"
SCHEMES = ("s3", "gs", "az", "memory", "file")


class FilesUnusable(OrderkitError):
    """The storage of attachments cannot be used; check ORDERKIT_FILES_URL and its keys."""


def remote_files(environment: Mapping[str, str]) -> FileStore | None:
    """Return the storage that ORDERKIT_FILES_URL names; None when attachments lie in a folder. Raises FilesUnusable."""
    url = environment.get(FILES_VARIABLE)
    if not url:
        return None
    if urlsplit(url).scheme not in SCHEMES:
        raise FilesUnusable(
            label(
                zh=f"{FILES_VARIABLE} 不可用：请写成 s3://桶/前缀",
                en=f"{FILES_VARIABLE} cannot be used: write s3://bucket/prefix",
            )
        )
    if importlib.util.find_spec("obstore") is None:
        raise FilesUnusable(
            label(
                zh='没有安装对象存储的支持：运行 `pip install "orderkit[s3]"`',
                en='support for object storage is not installed: run `pip install "orderkit[s3]"`',
            )
        )
    from obstore.store import from_url  # noqa: PLC0415 - only where attachments lie in object storage

    with _explained(url):
        return Objects(from_url(url, **_options(url, environment)), place=url)


class Objects:
    """A `FileStore` over object storage, in which an object is whole as soon as it is there."""

    def __init__(self, store: "ObjectStore", *, place: str) -> None:
        self.store = store
        self._place = place

    @property
    def place(self) -> str:
        """The URL."""
        return self._place

    def digests(self) -> Iterator[str]:
        """Yield what it holds."""
        with _explained(self._place):
            for page in self.store.list():
                for each in page:
                    yield each["path"].replace("/", "")

    def holds(self, digest: str) -> bool:
        """Return whether it has this content."""
        try:
            with _explained(self._place):
                self.store.head(_key(digest))
        except FileNotFoundError:
            return False
        return True

    def put(self, digest: str, source: Path) -> None:
        """Keep a copy of a local file, in parts where it is large."""
        with source.open("rb") as file, _explained(self._place, is_writing=True):
            self.store.put(_key(digest), file)

    def fetch(self, digest: str, target: Path) -> None:
        """Write a copy to a local path. Raises FileNotFoundError."""
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.part")
        try:
            with _explained(self._place), beside.open("wb") as file:
                for chunk in self.store.get(_key(digest)).stream():
                    file.write(chunk)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)

    def remove(self, digest: str) -> None:
        """Remove content."""
        try:
            with _explained(self._place):
                self.store.delete(_key(digest))
        except FileNotFoundError:
            return


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:]}"


def _options(url: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what a server of one's own needs: it is often spoken to without TLS, inside a network."""
    endpoint = environment.get("AWS_ENDPOINT_URL", "")
    is_plain = urlsplit(url).scheme == "s3" and endpoint.startswith("http:")
    return {"client_options": {"allow_http": True}} if is_plain else {}


@contextmanager
def _explained(place: str, *, is_writing: bool = False) -> Iterator[None]:
    """Say of a failure where it was. What is not there to be read stays a FileNotFoundError."""
    from obstore.exceptions import BaseError  # noqa: PLC0415 - it is installed where this is reached

    try:
        yield
    except FileNotFoundError as error:
        if not is_writing:
            raise
        raise _unusable(place, error) from error
    except BaseError as error:
        raise _unusable(place, error) from error


def _unusable(place: str, error: Exception) -> FilesUnusable:
    first = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return FilesUnusable(
        label(
            zh=f"附件存储 {place} 没有完成操作（{first}）：请检查地址、密钥和网络",
            en=f"the storage of attachments {place} did not do it ({first}): check URL, keys and network",
        )
    )
