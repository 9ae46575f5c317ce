"""The files of a project as they were at a git revision, read from git's own store: nothing is checked out.

Git is called with lists of arguments and asked only for objects. It runs no hook and no filter for that,
and fetches nothing.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from orderkit.language.source.directory import is_source
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import Label, label

NO_GIT = Code(
    "OK6501",
    "git-not-there",
    ERROR,
    since="0.1",
    explain="""
    `orderkit plan --against REVISION` reads the YAML of a revision with the program `git`, which was not
    found, or which says that the project lies in no repository. Install git or run it within the repository;
    or compare with an artifact, a folder that holds a `model.json`: `--against build`.
    """,
    zh="""`orderkit plan --against 版本` 要用 `git` 程序读取旧的 YAML，但没有找到它，或项目不在 git 仓库里。
    请安装 git，或在仓库里运行；也可以与构建结果（含 `model.json` 的文件夹）比较：`--against build`。""",
)
NO_REVISION = Code(
    "OK6502",
    "no-such-revision",
    ERROR,
    since="0.1",
    explain="""
    What `--against` names is neither a folder with a `model.json`, nor the number of a migration, nor a
    revision that this repository knows.
    A branch of the server is called `origin/main`, and is there after `git fetch`. A shallow clone, as CI makes
    them, knows little more than the branch it was made of: there the name may be right and just not fetched.
    """,
    zh="""`--against` 给出的既不是含 `model.json` 的文件夹，也不是迁移的编号或本仓库认得的版本。
    服务器上的分支叫 `origin/main`，先运行 `git fetch` 才有。浅克隆（CI 常用）除了自己的分支几乎什么都不认得：名称可能没错，只是还没有取来。""",
)
SHALLOW = Code(
    "OK6503",
    "shallow-clone",
    ERROR,
    since="0.1",
    explain="""
    This clone holds only the newest part of the history (a shallow clone, as CI makes them), and the commit
    that `--against` names, by its id or counted back from another, is not in it. Fetch the rest with `git fetch --unshallow`; in CI, ask for the whole
    history: `fetch-depth: 0` of GitHub's checkout, `GIT_DEPTH: "0"` of GitLab.
    """,
    zh="""这是浅克隆（CI 常用），只有最近的历史，`--against` 用编号、或从另一提交往回数所指的提交不在其中。
    请运行 `git fetch --unshallow`；在 CI 中请取全部历史：GitHub checkout 的 `fetch-depth: 0`，GitLab 的 `GIT_DEPTH: "0"`。""",
)

_FILE_MODES = frozenset({"100644", "100755"})
_SECONDS = 120
_COMMIT_ID = re.compile("[0-9a-f]{7,40}", re.IGNORECASE)
_COUNTED_BACK = re.compile(r"(?P<from>.+?)[~^][~^0-9]*")


class GitUnusable(OrderkitError):
    """The old YAML cannot be read from git."""

    def __init__(self, code: Code, explain: Label) -> None:
        self.known_as = code
        super().__init__(explain)


def files_at(directory: Path, revision: str) -> tuple[Mapping[str, bytes], str]:
    """Return the YAML files and templates of a project at a revision, and the commit's abbreviated id.

    Raises:
        GitUnusable: there is no git, no repository, no such revision, or it is not in a shallow clone.
    """
    git = _program()
    prefix = _asked(git, directory, "rev-parse", "--show-prefix")
    if prefix is None:
        raise GitUnusable(
            NO_GIT,
            label(
                zh=f"{directory} 不在 git 仓库里，无法与 {revision} 比较",
                en=f"{directory} is in no git repository, so there is no `{revision}` to compare with",
            ),
        )
    commit = _commit_of(git, directory, revision)
    if commit is None:
        raise _unknown(git, directory, revision)
    folder = prefix.decode("utf-8").strip("\r\n")
    name = commit.decode("ascii").strip()
    listed = _asked(
        git, directory, "ls-tree", "-r", "-z", "--full-tree", name, "--", *([folder] if folder else [])
    )
    if listed is None:
        raise _unknown(git, directory, revision)
    objects = _objects(listed, folder)
    return _contents(git, directory, objects, revision), name[:12]


def commit_of_work_tree(directory: Path, *, besides: Sequence[str]) -> str | None:
    """Return the commit that a project's files are at, with `-dirty` where some differ from it.

    None where there is no git, no repository or no commit. The folders `besides` do not count.
    """
    try:
        git = _program()
    except GitUnusable:
        return None
    commit = _asked(git, directory, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if commit is None:
        return None
    left_out = [f":(exclude){folder}" for folder in besides]
    # A file system monitor is a program of the repository's choice.
    changed = _asked(
        git, directory, "-c", "core.fsmonitor=false", "status", "--porcelain", "--", ".", *left_out
    )
    name = commit.decode("ascii").strip()[:12]
    return name if changed == b"" else f"{name}-dirty"


def _program() -> str:
    found = shutil.which("git")
    if found is None:
        raise GitUnusable(NO_GIT, label(zh="没有找到 git 程序", en="the program `git` was not found"))
    return found


def _objects(listed: bytes, folder: str) -> Mapping[str, str]:
    """Return the object of each source file, by its path in the project."""
    found = {}
    for line in listed.split(b"\0"):
        facts, tab, path = line.partition(b"\t")
        if not tab:
            continue
        mode, _, name = facts.decode("ascii").split(" ")
        inside = path.decode("utf-8", errors="surrogateescape").removeprefix(folder)
        if mode in _FILE_MODES and is_source(inside):
            found[inside] = name
    return dict(sorted(found.items()))


def _contents(git: str, directory: Path, objects: Mapping[str, str], revision: str) -> Mapping[str, bytes]:
    asked = "".join(f"{name}\n" for name in objects.values()).encode("ascii")
    told = _run(git, directory, ("cat-file", "--batch"), asked)
    found, at = {}, 0
    for path in objects:
        end = told.stdout.find(b"\n", at)
        head = told.stdout[at:end].split(b" ")
        if end < 0 or len(head) != 3:
            raise _unknown(git, directory, revision)
        size = int(head[2])
        found[path] = told.stdout[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def _commit_of(git: str, directory: Path, revision: str) -> bytes | None:
    return _asked(
        git, directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )


def _unknown(git: str, directory: Path, revision: str) -> GitUnusable:
    if (_asked(git, directory, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true":
        return _unknown_to_shallow(git, directory, revision)
    return GitUnusable(
        NO_REVISION,
        label(
            zh=f"没有版本 {revision}，也没有这样的构建结果；若是服务器上的分支，请先 `git fetch`",
            en=f"there is no revision `{revision}`, nor an artifact of that name; a branch of the server needs "
            "`git fetch` first",
        ),
    )


def _unknown_to_shallow(git: str, directory: Path, revision: str) -> GitUnusable:
    """Return why a shallow clone does not know a revision: surely, probably or only perhaps for being shallow."""
    counted = _COUNTED_BACK.fullmatch(revision)
    if counted is not None and _commit_of(git, directory, counted["from"]) is not None:
        return GitUnusable(
            SHALLOW,
            label(
                zh=f"这个浅克隆没有取到 {revision} 那么早的历史：请运行 `git fetch --unshallow`（CI 中：fetch-depth: 0）",
                en=f"the history of this shallow clone does not go back to `{revision}`: "
                "run `git fetch --unshallow` (in CI: `fetch-depth: 0`)",
            ),
        )
    if _COMMIT_ID.fullmatch(revision):
        return GitUnusable(
            SHALLOW,
            label(
                zh=f"这个浅克隆里没有提交 {revision}：或是它比取到的历史更早，请运行 `git fetch --unshallow`"
                "（CI 中：fetch-depth: 0）；或是写错了",
                en=f"this shallow clone has no commit `{revision}`: either it is older than what was fetched, then "
                "`git fetch --unshallow` brings it (in CI: `fetch-depth: 0`); or it is mistyped",
            ),
        )
    return GitUnusable(
        NO_REVISION,
        label(
            zh=f"这里没有版本 {revision}，也没有这样的构建结果：或是名称写错了（`git branch -a` 和 `git tag` 列出认得的名称）；"
            "或是这个浅克隆没有取来它，请运行 `git fetch --unshallow`，分支再运行 "
            "`git fetch origin 分支:refs/remotes/origin/分支`（CI 中：fetch-depth: 0）",
            en=f"there is no revision `{revision}` here, nor an artifact of that name: either it is mistyped "
            "(`git branch -a` and `git tag` list the names that are known), or this shallow clone did not fetch it: run "
            "`git fetch --unshallow`, and for a branch `git fetch origin BRANCH:refs/remotes/origin/BRANCH` "
            "(in CI: `fetch-depth: 0`)",
        ),
    )


def _asked(git: str, directory: Path, *words: str) -> bytes | None:
    """Return what git answers, or None where it has no answer."""
    done = _run(git, directory, words)
    return done.stdout if done.returncode == 0 else None


def _run(
    git: str, directory: Path, words: Sequence[str], given: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    # No lock is taken, nothing is fetched that a partial clone lacks, and nobody is asked for a password.
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    return subprocess.run(  # noqa: S603 - a list of words, no shell
        [git, *words],
        cwd=directory,
        input=given,
        capture_output=True,
        check=False,
        timeout=_SECONDS,
        env={**os.environ, **quiet},
    )
