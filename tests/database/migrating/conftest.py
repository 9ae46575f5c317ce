"""A shop before its second revision, to be migrated in all sorts of weather."""

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from orderkit.database.connections.database import open_engine
from orderkit.database.connections.failures import DatabaseUnusable
from orderkit.database.connections.urls import database_url as parsed
from tests.database.migrating import story


class Shop(NamedTuple):
    url: str
    folder: Path


@pytest.fixture(scope="module")
def first(databases, dialect, tmp_path_factory) -> Shop:
    folder = tmp_path_factory.mktemp("refused") / "migrations"
    url = databases.fresh_url(dialect, is_whole=True)
    story.begin(url, folder)
    return Shop(url, folder)


@pytest.fixture
def started(first, databases, tmp_path) -> Shop:
    """A shop of its own that stands before its second revision."""
    mark = databases.mark()
    folder = tmp_path / "migrations"
    shutil.copytree(first.folder, folder)
    url = databases.copied_url(first.url)
    if url.startswith("sqlite"):
        # A folder of its own, so that the copies from before are its own too.
        path = Path(sa.make_url(url).database or "")
        url = f"sqlite:///{shutil.move(path, tmp_path / path.name)}"
    yield Shop(url, folder)
    databases.clear(mark)


def write(url: str, sql: str) -> None:
    engine = open_engine(parsed(url)).execution_options(orderkit_writes=True)
    with engine.begin() as connection:
        connection.exec_driver_sql(sql)
    engine.dispose()


def script(shop: Shop) -> Path:
    return shop.folder / "versions" / "0002_everything.py"


def edit(shop: Shop, old: str, new: str) -> None:
    text = script(shop).read_text(encoding="utf-8")
    assert old in text
    script(shop).write_text(text.replace(old, new), encoding="utf-8")


def refused(shop: Shop, **rest: Any) -> DatabaseUnusable:
    with pytest.raises(DatabaseUnusable) as caught:
        story.bring(shop.url, shop.folder, **rest)
    assert caught.value.explain.keys() == {"zh", "en"}
    assert caught.value.known_as is not None
    return caught.value
