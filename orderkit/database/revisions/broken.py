"""What may be wrong with the files in `migrations/`, and what to do about it."""

from collections.abc import Sequence
from pathlib import Path

from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import Label, label

TWO_OF_ONE_NUMBER = Code(
    "OK6200",
    "two-revisions-of-one-number",
    ERROR,
    since="0.1",
    explain="""
    Two branches each wrote a revision, and now there are two with the same number. `orderkit build
    --rebase` keeps the one whose snapshot stands in `migrations/models/` (the merge decided which), takes
    the other away, and writes what is still missing as a new revision at the end of the line.
    """,
    zh="两个分支各写了一个版本，编号相同。`orderkit build --rebase` 保留 `migrations/models/` 中有快照的那个（合并时已选定），"
    "去掉另一个，并把尚缺的变更作为新版本写在最后。",
)
REVISION_GONE = Code(
    "OK6201",
    "revision-gone",
    ERROR,
    since="0.1",
    explain="""
    A number is missing in `migrations/versions/`, or a snapshot is there without its script. Revisions are
    kept for good, since databases have run them: restore the file from git.
    """,
    zh="`migrations/versions/` 缺了一个编号，或者有快照而没有对应的脚本。版本要一直保留，因为已有数据库执行过它：请从 git 恢复该文件。",
)
FOLLOWS_ANOTHER = Code(
    "OK6202",
    "revision-follows-another",
    ERROR,
    since="0.1",
    explain="""
    A revision starts from another model than the one before it leads to: the one before was written anew,
    or comes from another branch. `orderkit build --rebase` takes it away and writes it anew from the models.
    """,
    zh="一个版本所依据的模型，不是前一个版本所到达的模型：前一个被重写过，或来自另一个分支。"
    "`orderkit build --rebase` 会去掉它，并按模型重新写出。",
)
SNAPSHOT_MISSING = Code(
    "OK6203",
    "snapshot-missing",
    ERROR,
    since="0.1",
    explain="""
    The snapshot of a revision is not in `migrations/models/`. From the last one the next revision starts; those
    before it are what `orderkit plan --against` and `orderkit build --rebase` go by. `git restore` brings back a
    file that was deleted and not committed; otherwise `git log --diff-filter=D -- FILE` names the commit that
    deleted it, and `git checkout COMMIT~ -- FILE` takes the file from before.
    """,
    zh="某个版本在 `migrations/models/` 里没有快照。下一个版本从最后一个快照开始；之前的快照供 `orderkit plan --against` 和 "
    "`orderkit build --rebase` 使用。尚未提交的删除用 `git restore` 恢复；否则 `git log --diff-filter=D -- 文件` "
    "会指出是哪次提交删的，再用 `git checkout 该提交~ -- 文件` 取回之前的文件。",
)
SNAPSHOT_DAMAGED = Code(
    "OK6204",
    "snapshot-damaged",
    ERROR,
    since="0.1",
    explain="""
    A snapshot in `migrations/models/` cannot be read. If git left conflict marks in it, take one side as a
    whole (`git checkout --ours` or `--theirs`, then `orderkit build --rebase`); else restore it from git.
    """,
    zh="`migrations/models/` 里的快照读不出来。若其中有 git 的冲突标记，请整个取一方"
    "（`git checkout --ours` 或 `--theirs`，再 `orderkit build --rebase`）；否则请从 git 恢复。",
)
SNAPSHOT_UNKNOWN_FORMAT = Code(
    "OK6205",
    "snapshot-unknown-format",
    ERROR,
    since="0.1",
    explain="""
    A snapshot has a format that this orderkit does not know: a newer one wrote it. Use that version.
    """,
    zh="快照的格式版本是这个 orderkit 不认识的：它由更新的版本写出。请改用那个版本。",
)
SNAPSHOT_OF_ANOTHER = Code(
    "OK6206",
    "snapshot-of-another",
    ERROR,
    since="0.1",
    explain="""
    A snapshot belongs to another revision than the script of its number, as when a merge took the script
    of one branch and the snapshot of the other. Take both from the same side.
    """,
    zh="快照与同编号的脚本不是一对，例如合并时脚本取了一方、快照取了另一方。请两者都取同一方。",
)
SCRIPT_UNREADABLE = Code(
    "OK6207",
    "revision-unreadable",
    ERROR,
    since="0.1",
    explain="""
    A script in `migrations/versions/` is no Python, or its head is not as `build` wrote it. Mend it, or
    restore it from git.
    """,
    zh="`migrations/versions/` 里的脚本不是合法的 Python，或开头的常量不是 `build` 写的样子。请改正，或从 git 恢复。",
)
EDITED_MISSES_MODEL = Code(
    "OK6208",
    "edited-revision-misses-model",
    ERROR,
    since="0.1",
    explain="""
    A revision was edited by hand, and a database that runs it does not get the tables of the model any
    more. Edit what happens to rows as you like; what it makes of tables must stay.
    """,
    zh="一个版本被手工改过，而执行它的数据库不再得到模型所要的表。对数据怎样处理可以随意改；对表做的事必须保持。",
)
REBASE_OF_EDITED = Code(
    "OK6209",
    "rebase-of-edited",
    ERROR,
    since="0.1",
    explain="""
    `build --rebase` would take away a revision that somebody edited by hand, and with it what they wrote.
    Put the file aside, rebase, and bring the edits into the revision that is written then.
    """,
    zh="`build --rebase` 会去掉一个手工改过的版本，连同改动一起。请先把该文件另存，再变基，然后把改动写进新写出的版本。",
)


_MOST_NAMED = 3


class BrokenHistory(OrderkitError):
    """The files in migrations/ do not fit together; restore them from git and build again."""

    def __init__(self, code: Code, explain: Label) -> None:
        self.known_as = code
        super().__init__(explain)


_REBASE = label(zh="请运行 `orderkit build --rebase`", en="run `orderkit build --rebase`")


def two_of_one_number(number: str, paths: Sequence[Path]) -> BrokenHistory:
    """Return that branches each wrote a revision."""
    names = ", ".join(path.name for path in paths)
    return BrokenHistory(
        TWO_OF_ONE_NUMBER,
        label(
            zh=f"有 {len(paths)} 个版本的编号都是 {number}（{names}），像是合并分支（merge）所致：{_REBASE['zh']}",
            en=f"{len(paths)} revisions have the number {number} ({names}), as after a merge of branches: "
            f"{_REBASE['en']}",
        ),
    )


def revision_gone(folder: Path, number: str) -> BrokenHistory:
    """Return that a script is gone."""
    return BrokenHistory(
        REVISION_GONE,
        label(
            zh=f"{folder} 里没有版本 {number} 的脚本：请从 git 恢复；若它从未部署过，也请删去它的快照",
            en=f"{folder} has no script of revision {number}: restore it from git; "
            "if it was never deployed, delete its snapshot as well",
        ),
    )


def follows_another(path: Path, previous: str) -> BrokenHistory:
    """Return that a revision does not start where the one before ends."""
    return BrokenHistory(
        FOLLOWS_ANOTHER,
        label(
            zh=f"{path} 不是接着 {previous} 写的：{_REBASE['zh']}",
            en=f"{path} was not written after this {previous}: {_REBASE['en']}",
        ),
    )


def snapshot_missing(paths: Sequence[Path]) -> BrokenHistory:
    """Return that snapshots are gone."""
    names = str(paths[0].parent) if len(paths) > _MOST_NAMED else " ".join(map(str, paths))
    return BrokenHistory(
        SNAPSHOT_MISSING,
        label(
            zh=f"缺少 {len(paths)} 个快照，在 {names}：请运行 `git restore {names}`；若删除已提交，请从之前的提交取回",
            en=f"{'a snapshot is' if len(paths) == 1 else f'{len(paths)} snapshots are'} missing, {names}: run `git restore {names}`, or take it from the commit before the one "
            "that deleted it",
        ),
    )


def snapshot_damaged(path: Path, error: Exception) -> BrokenHistory:
    """Return that a snapshot cannot be read."""
    return BrokenHistory(
        SNAPSHOT_DAMAGED,
        label(
            zh=f"无法读取快照 {path}（{error}）：请从 git 恢复该文件；若有冲突标记，请整个取一方",
            en=f"cannot read the snapshot {path} ({error}): restore it from git; "
            "if it has conflict marks, take one side as a whole",
        ),
    )


def snapshot_unknown_format(path: Path, error: Exception) -> BrokenHistory:
    """Return that another orderkit wrote a snapshot."""
    return BrokenHistory(
        SNAPSHOT_UNKNOWN_FORMAT,
        label(
            zh=f"快照 {path} 由别的版本的 orderkit 写出（{error}）：请改用那个版本",
            en=f"another version of orderkit wrote the snapshot {path} ({error}): use that version",
        ),
    )


def snapshot_of_another(path: Path, script: Path) -> BrokenHistory:
    """Return that a snapshot and a script are no pair."""
    return BrokenHistory(
        SNAPSHOT_OF_ANOTHER,
        label(
            zh=f"快照 {path} 与脚本 {script.name} 不是一对：请从 git 取同一方的两个文件",
            en=f"the snapshot {path} does not belong to {script.name}: take both from the same side in git",
        ),
    )


def script_unreadable(error: Exception) -> BrokenHistory:
    """Return that a script cannot be read."""
    return BrokenHistory(
        SCRIPT_UNREADABLE,
        label(
            zh=f"无法读取脚本（{error}）：请改正，或从 git 恢复",
            en=f"cannot read a script ({error}): mend it, or restore it from git",
        ),
    )


def edited_misses_model(paths: Sequence[Path], differences: Label) -> BrokenHistory:
    """Return that an edited revision leads elsewhere."""
    names = ", ".join(path.name for path in paths)
    return BrokenHistory(
        EDITED_MISSES_MODEL,
        label(
            zh=f"{names} 被手工改过，执行后的表不是模型所要的（{differences['zh']}）：请改正，或从 git 恢复",
            en=f"{names} was edited by hand and does not lead to the tables of the model any more "
            f"({differences['en']}): mend it, or restore it from git",
        ),
    )


def rebase_of_edited(paths: Sequence[Path]) -> BrokenHistory:
    """Return that edits would be lost."""
    names = ", ".join(path.name for path in paths)
    return BrokenHistory(
        REBASE_OF_EDITED,
        label(
            zh=f"{names} 被手工改过，变基会丢掉改动：请先另存并删去这些文件，再运行 `orderkit build --rebase`，"
            "然后把改动写进新的版本",
            en=f"{names} was edited by hand, and a rebase would lose that: put it aside outside of migrations/, "
            "run `orderkit build --rebase` again, then bring the edits into the new revision",
        ),
    )
