"""What `orderkit new` begins a project with: the files of each template, and those that all have.

`common` holds what is not YAML of the language: ignored files, checks before a commit, CI. A template is
a folder here; the one of the example project is taken from the example itself, which a wheel carries
along. Nothing here is read by a running app.
"""

from collections.abc import Mapping
from pathlib import Path

_HERE = Path(__file__).parent
# In a checkout the example lies beside the package; in an installed wheel, inside this folder.
_EXAMPLE = _HERE.parent.parent / "examples" / "order-management"
# What of the example belongs to its demo or was made from it.
_NOT_TAKEN = frozenset({"build", "data", "demo", "migrations", "var"})
_TEXTS = frozenset({".yaml", ".html"})
# What documents show besides: a stamp, a font.
_ASSETS = "assets"

TEMPLATES = ("blank", "order-management")

# Names that begin with a dot are kept without it, so that no tool takes them for its own here.
_DOTTED: Mapping[str, str] = {
    "gitignore": ".gitignore",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "github.yml": ".github/workflows/orderkit.yml",
    "gitlab-ci.yml": ".gitlab-ci.yml",
    "README.md": "README.md",
}


def template_files(name: str) -> Mapping[str, str]:
    """Return the YAML and the pages' templates of a template by path. Raises KeyError for an unknown name."""
    folder = _folder(name)
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in _taken(folder)
        if path.suffix in _TEXTS
    }


def template_assets(name: str) -> Mapping[str, bytes]:
    """Return the pictures and fonts of a template by path. Raises KeyError for an unknown name."""
    folder = _folder(name)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in _taken(folder)
        if path.relative_to(folder).parts[0] == _ASSETS
    }


def _folder(name: str) -> Path:
    if name not in TEMPLATES:
        raise KeyError(name)
    folder = _HERE / name
    if not folder.is_dir():
        folder = _EXAMPLE
    return folder


def _taken(folder: Path) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in _NOT_TAKEN
    ]


def common_files() -> Mapping[str, str]:
    """Return what every project has besides its YAML, by path."""
    return {
        target: (_HERE / "common" / source).read_text(encoding="utf-8") for source, target in _DOTTED.items()
    }
