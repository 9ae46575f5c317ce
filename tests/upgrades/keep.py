"""Keeps a release: `python -m tests.upgrades.keep 0.1.0` makes its artifact and databases anew.

Run it when a release is made, with the code of that release; what is kept of earlier ones stays as it is.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from orderkit.database.connections.defaults import default_url
from tests.support.databases import Databases
from tests.upgrades import keeping, shop
from tests.upkeep.conftest import tools


def main(release: str) -> None:
    target = keeping.KEPT / release
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "shop"
        folder.mkdir()
        shop.live(default_url(folder), folder)
        keeping.pack_sqlite(folder / "var" / "app.db", target / keeping.SQLITE)
        keeping.pack_project(folder, target / keeping.PROJECT)
        databases = Databases(Path(name))
        try:
            url = databases.fresh_url("postgresql", is_whole=True)
            other = Path(name) / "other"
            other.mkdir()
            shop.live(url, other)
            keeping.pack_postgresql(sa.make_url(url), target / keeping.POSTGRESQL, tools())
        finally:
            databases.close()
    for path in sorted(target.iterdir()):
        sys.stdout.write(f"{path.relative_to(keeping.KEPT)}: {path.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1])
