"""The files of a project as they were at a git revision, read from git's own store: nothing is checked out.

Git is called with lists of arguments and asked only for objects. It runs no hook and no filter for that,
and fetches nothing.
"""

import os
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
    A branch of the server is called `origin/main`, and is there after `git fetch`.
    """,
    zh="""`--against` 给出的既不是含 `model.json` 的文件夹，也不是迁移的编号或本仓库认得的版本。
    服务器上的分支叫 `origin/main`，先运行 `git fetch` 才有。""",
)
SHALLOW = Code(
    "OK6503",
    "shallow-clone",
    ERROR,
    since="0.1",
    explain="""
    This clone holds only the newest part of the history (a shallow clone, as CI makes them), and the revision
    that `--against` names is not in it. Fetch the rest with `git fetch --unshallow`; in CI, ask for the whole
    history: `fetch-depth: 0` of GitHub's checkout, `GIT_DEPTH: "0"` of GitLab.
    """,
    zh="""这是浅克隆（CI 常用），只有最近的历史，`--against` 指定的版本不在其中。
    请运行 `git fetch --unshallow`；在 CI 中请取全部历史：GitHub checkout 的 `fetch-depth: 0`，GitLab 的 `GIT_DEPTH: "0"`。""",
)

_FILE_MODES = frozenset({"100644", "100755"})
_SECONDS = 120


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
    commit = _asked(
        git, directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
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


def _unknown(git: str, directory: Path, revision: str) -> GitUnusable:
    if (_asked(git, directory, "rev-parse", "--is-shallow-repository") or b"").strip() == b"true":
        return GitUnusable(
            SHALLOW,
            label(
                zh=f"浅克隆里没有 {revision}：请运行 `git fetch --unshallow`（CI 中：fetch-depth: 0）",
                en=f"`{revision}` is not in this shallow clone: run `git fetch --unshallow` (in CI: `fetch-depth: 0`)",
            ),
        )
    return GitUnusable(
        NO_REVISION,
        label(
            zh=f"没有版本 {revision}，也没有这样的构建结果；若是服务器上的分支，请先 `git fetch`",
            en=f"there is no revision `{revision}`, nor an artifact of that name; a branch of the server needs "
            "`git fetch` first",
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
