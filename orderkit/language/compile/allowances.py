"""The last pass: findings that a comment allows are left out, and comments that allow nothing are found.

`# orderkit: allow OK9002 the role comes next month` allows that finding on its own line, or on the line
below where nothing else stands on its line. Only warnings can be allowed: an error means that there is
no model, and no comment changes that.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orderkit.language.findings import (
    ERROR,
    WARNING,
    Code,
    Finding,
    Fix,
    Span,
    TextEdit,
    has_errors,
    nearest,
)
from orderkit.language.findings.ledger import all_codes
from orderkit.language.source.comments import Comment, comments_of
from orderkit.language.source.decoding import decode
from orderkit.language.source.directory import is_asset
from orderkit.model.labels import label

UNUSED_ALLOWANCE = Code(
    "OK9900",
    "unused-allowance",
    WARNING,
    since="0.1",
    explain="""
    A comment allows a finding that is not there (any more), or that another comment allows already.
    Where the project has errors nothing is said, because they may hide the finding.
    ~~~yaml bad
    form: customer
    # orderkit: allow OK1102 the number belongs to the name
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    # orderkit: allow OK1102 the number is a remark
    label: Customer #1
    fields: {name: {type: text}}
    ~~~""",
    zh="注释允许的问题并不存在（或已不存在），或已有另一条注释允许它。项目还有错误时不报告，因为错误可能掩盖它。",
)
ALLOWANCE_WITHOUT_REASON = Code(
    "OK9901",
    "allowance-without-reason",
    WARNING,
    since="0.1",
    explain="""
    A comment allows a finding and does not say why. In a year nobody will know whether it may go.
    ~~~yaml bad
    form: customer
    # orderkit: allow OK1102
    label: Customer #1
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    # orderkit: allow OK1102 the number is a remark
    label: Customer #1
    fields: {name: {type: text}}
    ~~~""",
    zh="注释允许了一个问题，却没有写原因。一年后没有人知道它能不能删。",
)
WRONG_ALLOWANCE = Code(
    "OK9902",
    "wrong-allowance",
    WARNING,
    since="0.1",
    explain="""
    A comment that begins with `# orderkit:` is meant for `check`, and it cannot be read: it is written
    `# orderkit: allow CODE reason`, with a code that exists.
    ~~~yaml bad
    form: customer
    # orderkit: ignore OK1102 the number is a remark
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    # orderkit: allow OK1102 the number is a remark
    label: Customer #1
    fields: {name: {type: text}}
    ~~~""",
    zh="以 `# orderkit:` 开头的注释是写给 `check` 的，但读不懂。写法是 `# orderkit: allow 代码 原因`，代码必须存在。",
)
ERROR_ALLOWED = Code(
    "OK9903",
    "error-allowed",
    WARNING,
    since="0.1",
    explain="""
    A comment allows a code that is an error. Only warnings can be allowed; an error has to be mended.
    ~~~yaml bad
    form: customer
    # orderkit: allow OK1201 we like it so
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="注释允许的代码是错误。只有警告可以被允许，错误必须改正。",
)
_OURS = frozenset({UNUSED_ALLOWANCE, ALLOWANCE_WITHOUT_REASON, WRONG_ALLOWANCE, ERROR_ALLOWED})
_BEGINS = re.compile(rb"#[ \t]*orderkit:")
_FORM = re.compile(r"#[ \t]*orderkit:[ \t]*(?P<word>\S*)[ \t]*(?P<code>\S*)[ \t]*(?P<reason>.*)")


@dataclass(frozen=True, slots=True)
class _Allowance:
    """A comment that can be read. `line` is the one it speaks of."""

    comment: Comment
    code: Code
    reason: str
    line: int


def apply_allowances(found: Sequence[Finding], files: Mapping[str, bytes]) -> list[Finding]:
    """Return the findings without those that comments allow, and what is wrong with the comments."""
    allowances: dict[tuple[str, int, str], _Allowance] = {}
    wrong: list[Finding] = []
    superfluous: list[_Allowance] = []
    for path, data in files.items():
        if is_asset(path) or not _BEGINS.search(data):
            continue
        for read in _read(path, data):
            if isinstance(read, Finding):
                wrong.append(read)
            elif allowances.setdefault((path, read.line, read.code.id), read) is not read:
                superfluous.append(read)
    if not (allowances or wrong):
        return list(found)
    kept = []
    used = set()
    for finding in found:
        key = (finding.path, finding.span.line, finding.code.id)
        if key in allowances:
            used.add(key)
        else:
            kept.append(finding)
    without_reason = [_without_reason(allowances[key]) for key in used if not allowances[key].reason]
    if not has_errors(kept):
        superfluous += [each for key, each in allowances.items() if key not in used]
    return [*kept, *wrong, *without_reason, *(_unused(each) for each in superfluous)]


def _read(path: str, data: bytes) -> Iterator[_Allowance | Finding]:
    """Yield what the comments of a file allow, or a finding for one that cannot be read."""
    source = decode(path, data).value
    if source is None:
        return
    for comment in comments_of(source):
        if _FORM.match(comment.text):
            yield _understood(comment, _line_meant(comment))


def _line_meant(comment: Comment) -> int:
    """Return the line that a comment speaks of: its own, else the first below that holds no further one."""
    if not comment.is_alone:
        return comment.line
    lines = comment.source.text.split("\n")
    number = comment.line
    while number < len(lines) and _FORM.match(lines[number].strip()):
        number += 1
    return number + 1


def _understood(comment: Comment, line: int) -> _Allowance | Finding:
    match = _FORM.match(comment.text)
    assert match is not None
    code = all_codes().get(match["code"])
    if match["word"] != "allow" or code is None:
        return _wrong(comment, match)
    if code.severity is ERROR or code in _OURS:
        return Finding(
            code=ERROR_ALLOWED,
            span=_span(comment, match.start("code"), match.end("code")),
            headline=label(
                zh=f"`{code.id}` 不能用注释允许", en=f"`{code.id}` cannot be allowed by a comment"
            ),
            help=label(zh="改正问题，并删掉这条注释", en="mend it, and delete the comment"),
            fix=_removal(comment),
        )
    return _Allowance(comment, code, match["reason"].strip(), line)


def _wrong(comment: Comment, match: re.Match[str]) -> Finding:
    if match["word"] != "allow":
        return Finding(
            code=WRONG_ALLOWANCE,
            span=comment.source.span(comment.start, comment.end),
            headline=label(
                zh="看不懂这条写给 orderkit 的注释", en="this comment for orderkit cannot be read"
            ),
            help=label(zh="写成 `# orderkit: allow 代码 原因`", en="write `# orderkit: allow CODE reason`"),
        )
    written = match["code"]
    by_name = {code.name: code.id for code in all_codes().values()}
    meant = by_name.get(written) or nearest(written, all_codes())
    start, end = comment.start + match.start("code"), comment.start + match.end("code")
    return Finding(
        code=WRONG_ALLOWANCE,
        span=comment.source.span(start, end),
        headline=label(zh=f"没有代码 `{written}`", en=f"there is no code `{written}`")
        if written
        else label(zh="没有写是哪个代码", en="the comment does not say which code"),
        help=label(zh=f"是不是 `{meant}`？", en=f"did you mean `{meant}`?")
        if meant
        else label(
            zh="`orderkit explain --list` 列出所有代码", en="`orderkit explain --list` names them all"
        ),
        fix=None
        if written not in by_name
        else Fix(
            title=label(zh=f"改成 `{meant}`", en=f"write `{meant}`"),
            edits=(comment.source.edit(start, end, by_name[written]),),
        ),
    )


def _without_reason(allowance: _Allowance) -> Finding:
    comment, code = allowance.comment, allowance.code
    return Finding(
        code=ALLOWANCE_WITHOUT_REASON,
        span=comment.source.span(comment.start, comment.end),
        headline=label(zh=f"允许了 `{code.id}`，却没有写原因", en=f"`{code.id}` is allowed without a reason"),
        help=label(
            zh=f"写成 `# orderkit: allow {code.id} 原因`", en=f"write `# orderkit: allow {code.id} reason`"
        ),
    )


def _unused(allowance: _Allowance) -> Finding:
    comment, code = allowance.comment, allowance.code
    return Finding(
        code=UNUSED_ALLOWANCE,
        span=comment.source.span(comment.start, comment.end),
        headline=label(zh=f"这里没有 `{code.id}` 可以允许", en=f"there is no `{code.id}` here to be allowed"),
        help=label(zh="删掉这条注释", en="delete the comment"),
        fix=_removal(comment),
    )


def _removal(comment: Comment) -> Fix:
    """Return the fix that deletes a comment, with its line where nothing else stands on it."""
    return Fix(
        title=label(zh="删掉这条注释", en="delete the comment"),
        edits=(_deletion(comment),),
    )


def _deletion(comment: Comment) -> TextEdit:
    text, start, end = comment.source.text, comment.start, comment.end
    start -= len(text[:start]) - len(text[:start].rstrip(" \t"))
    if comment.is_alone:
        after = text.find("\n", end)
        end = len(text) if after < 0 else after + 1
    return comment.source.edit(start, end, "")


def _span(comment: Comment, start: int, end: int) -> Span:
    return comment.source.span(comment.start + start, comment.start + end)
