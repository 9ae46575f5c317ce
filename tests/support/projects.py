"""Projects for tests, compiled from YAML by the real compiler."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.compile.papers.assets import by_digest
from orderkit.language.findings import has_errors, render_human
from orderkit.language.source.directory import read_directory
from orderkit.model.project import Project
from orderkit.model.stored import model_hash

EXAMPLE = Path(__file__).parents[2] / "examples" / "order-management"

ROOT = """\
project: shop
label: {zh: 商店, en: Shop}
version: 1.0.0
locale: zh-CN
locales: [zh-CN, en]
timezone: Asia/Shanghai
currency: CNY
"""


def project(*documents: str, **files: str) -> Project:
    """Compile YAML texts; a `project:` of the usual kind is added where none is given.

    A keyword names its file: `order="form: order…"` stands in `order.yaml`, so that findings name it. A template is named with its path.
    """
    texts = {name if name.endswith(".html") else f"{name}.yaml": text for name, text in files.items()}
    texts |= {f"document_{number}.yaml": text for number, text in enumerate(documents, 1)}
    if not any(line.startswith("project:") for text in texts.values() for line in text.splitlines()):
        texts["orderkit.yaml"] = ROOT
    return compiled({path: text.encode() for path, text in texts.items()})


@cache
def example() -> Project:
    """Return the compiled example, `examples/order-management`."""
    return compiled(dict(read_directory(EXAMPLE)))


@cache
def example_hash() -> str:
    """Return the hash of the example, which each of its runtimes would reckon anew."""
    return model_hash(example())


def hash_if_known(project: Project) -> str | None:
    """Return the hash of a project that many tests run."""
    return example_hash() if project is example() else None


@cache
def example_assets() -> Mapping[str, bytes]:
    """Return the pictures and fonts of the example, as its artifact would hold them."""
    return by_digest(read_directory(EXAMPLE))


def compiled(files: Mapping[str, bytes]) -> Project:
    """Compile the files of a project, which must be right."""
    outcome = compile_project(files, built_in())
    sources = {path: source.decode(errors="replace") for path, source in files.items()}
    assert not has_errors(outcome.found), render_human(outcome.found, sources, "en")
    assert outcome.value is not None
    return outcome.value
