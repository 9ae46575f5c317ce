"""Applying the safe fixes of a project until nothing more is found that could be mended."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orderkit.language.findings import Finding
from orderkit.language.findings.edits import edited, safe_fixes

# What one fix uncovers is mended in the next round; a fix that never settles must not run on.
MAX_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Fixed:
    """The files after every safe fix, what was mended, and what is still found."""

    files: Mapping[str, bytes]
    mended: Sequence[Finding]
    found: Sequence[Finding]


def fix_files(files: Mapping[str, bytes], check: Callable[[Mapping[str, bytes]], Sequence[Finding]]) -> Fixed:
    """Return a project with its safe fixes applied.

    Args:
        files: the files as they are.
        check: what is found in files.
    """
    mended: list[Finding] = []
    found = check(files)
    for _ in range(MAX_ROUNDS):
        fixes = safe_fixes(found)
        if not fixes:
            break
        edits = [edit for fix in fixes for edit in fix.edits]
        changed = {edit.span.path for edit in edits}
        files = {
            path: edited(data.decode("utf-8"), [edit for edit in edits if edit.span.path == path]).encode()
            if path in changed
            else data
            for path, data in files.items()
        }
        mended += [each for each in found if each.fix in fixes]
        found = check(files)
    return Fixed(files, mended, found)
