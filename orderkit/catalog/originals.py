"""The templates of pages that a project may replace, as text by name; a file is read when somebody asks for it."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import orderkit

_FOLDERS = ("components", "layouts", "pages")


class Originals(Mapping[str, str]):
    """`pages/home.html` and the others of this installation, sorted by name."""

    @property
    def _web(self) -> Path:
        return Path(orderkit.__file__).parent / "web"

    @cached_property
    def _names(self) -> tuple[str, ...]:
        paths = (path for folder in _FOLDERS for path in (self._web / folder).glob("*.html"))
        return tuple(sorted(path.relative_to(self._web).as_posix() for path in paths))

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            raise KeyError(name)
        return (self._web / name).read_text(encoding="utf-8")

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
