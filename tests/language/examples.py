"""Small projects for tests of the language: several files in one text, a `project` added where none is."""

import re
from collections.abc import Mapping

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import Outcome
from orderkit.model.project import Project

PROJECT = b"project: example\nlabel: {zh: \xe7\xa4\xba\xe4\xbe\x8b, en: Example}\n"
_FILE = re.compile(r"^# (?P<path>[\w/.-]+\.(?:ya?ml|html))$", re.MULTILINE)


def files_of(text: str) -> dict[str, str]:
    """Return the files of a text in which lines `# path.yaml` divide them."""
    files, path, start = {}, "first.yaml", 0
    for match in _FILE.finditer(text):
        files[path] = text[start : match.start()]
        path, start = match["path"], match.end() + 1
    files[path] = text[start:]
    return {
        name: content for name, content in files.items() if content.strip() or name == "first.yaml" == path
    }


def compiled(files: Mapping[str, str | bytes]) -> Outcome[Project | None]:
    """Compile files, with a project where they declare none."""
    data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    declares = any(text.startswith(b"project:") or b"\nproject:" in text for text in data.values())
    if not declares and "orderkit.yaml" not in data:
        data["orderkit.yaml"] = PROJECT
    return compile_project(data, built_in())


def codes_of(text: str) -> list[str]:
    """Return the codes of what is found in the files of a text, in order."""
    return [finding.code.id for finding in compiled(files_of(text)).found]
