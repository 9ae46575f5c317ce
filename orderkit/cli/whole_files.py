"""Files that stand under their name only once they are whole, for whoever made them alone to read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from orderkit.cli.project_files import Unwritable
from orderkit.model.labels import label


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """Open a file aside, which takes the place of `file` when everything went well. Raises Unwritable."""
    try:
        with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-", delete=False) as aside:
            unfinished = Path(aside.name)
            try:
                yield cast("BinaryIO", aside)
                aside.close()
                unfinished.replace(file)
            except BaseException:
                unfinished.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Unwritable(
            label(zh=f"写不了 {file}：{error.strerror}", en=f"{file} cannot be written: {error.strerror}")
        ) from error
