"""Projects as they are being written: the files of the disk, under what an editor has open."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from orderkit.catalog import Catalog
from orderkit.language.compile import Analysis, analyse_project
from orderkit.language.source.directory import STORY, read_directory

MARKER = "orderkit.yaml"


class OpenProject:
    """One project folder. Its analysis is made when it is asked for, once for each state of the texts."""

    def __init__(self, root: Path, catalog: Catalog) -> None:
        self.root = root
        self.catalog = catalog
        self.published: frozenset[str] = frozenset()
        self._on_disk: Mapping[str, bytes] | None = None
        self._open: dict[str, bytes] = {}
        self._analysis: Analysis | None = None

    @property
    def files(self) -> Mapping[str, bytes]:
        """The texts by path relative to the project."""
        if self._on_disk is None:
            try:
                self._on_disk = read_directory(self.root)
            except OSError:
                # What cannot be read now may be readable at the next change; what is open is known anyway.
                self._on_disk = {}
        return {**self._on_disk, **self._open}

    @property
    def analysis(self) -> Analysis:
        """What the compiler says of the texts as they are now."""
        if self._analysis is None:
            self._analysis = analyse_project(self.files, self.catalog)
        return self._analysis

    def write(self, path: str, text: str) -> None:
        """Take the text of an open file."""
        self._open[path] = text.encode("utf-8", errors="replace")
        self._analysis = None

    def close(self, path: str) -> None:
        """Take the disk's word for a file again."""
        self._open.pop(path, None)
        self.refresh()

    def refresh(self) -> None:
        """Read the disk anew when next asked."""
        self._on_disk = None
        self._analysis = None

    def path_of(self, file: Path) -> str | None:
        """Return the path of a file within the project, or None for one that declares nothing."""
        if file.suffix not in (".yaml", ".yml") or file.name.endswith(STORY):
            return None
        try:
            return file.relative_to(self.root).as_posix()
        except ValueError:
            return None


class Projects:
    """Every project that an editor opened a file of."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._by_root: dict[Path, OpenProject] = {}

    def of(self, file: Path) -> OpenProject | None:
        """Return the project that a file belongs to: the nearest folder upwards with an `orderkit.yaml`.

        None for other YAML, which is not ours to judge, and for what is no file: an unsaved text, or an
        earlier version that the editor shows.
        """
        if not file.is_absolute():
            return None
        root = next((folder for folder in file.parents if (folder / MARKER).is_file()), None)
        if root is None and file.name == MARKER:
            root = file.parent  # a project that has not been saved yet
        if root is None:
            return None
        if root not in self._by_root:
            self._by_root[root] = OpenProject(root, self.catalog)
        return self._by_root[root]

    def all(self) -> Iterable[OpenProject]:
        """Return the projects that were opened so far."""
        return tuple(self._by_root.values())
