"""Documents that a command prints, or writes where it is told: for everybody to read, unlike `whole_files`."""

from pathlib import Path

from orderkit.cli import console
from orderkit.cli.project_files import Unwritable
from orderkit.model.labels import label


def give(text: str, output: Path | None) -> None:
    """Print a document, or write it to a file and say so. Raises Unwritable."""
    if output is None:
        console.document(text)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Unwritable(
            label(zh=f"写不了 {output}：{error.strerror}", en=f"{output} cannot be written: {error.strerror}")
        ) from error
    console.note(label(zh="已写入 {path}", en="wrote {path}"), path=output)
