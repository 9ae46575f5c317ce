"""Writes the artifact: everything is made beside the old one first, which then gives way at once."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from orderkit.artifact import skeleton
from orderkit.artifact.folders import ASSETS, COMMIT, DATA, MIGRATIONS, MODEL, PLUGINS
from orderkit.artifact.wheel import make_wheel, orderkit_version, wheel_name
from orderkit.catalog import Catalog
from orderkit.catalog.plugins import InstalledPlugin
from orderkit.database.revisions.scripts import VERSIONS
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import OrderkitError, placed
from orderkit.model.exchange.papers import assets_of
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.model.running import running
from orderkit.model.stored import canonical, model_hash, to_json
from orderkit.web.api.openapi import document

DATA_IN_TWO_PLACES = Code(
    "OK6470",
    "data-in-two-places",
    ERROR,
    since="0.1",
    explain="""
        A build was killed in the moment in which the new artifact took the place of the old one, and the database and
        the attachments that lay in the old one were in `.build.new/var` by then. The next build brings them back by
        itself. But another database was made in `build/var` meanwhile, so it cannot know which is the real one. Look
        at both, move the wrong one away, and build again; nothing is deleted until then.
    """,
    zh="一次构建恰好在新构建替换旧构建时被强行终止，旧构建中的数据库和附件当时已在 `.build.new/var` 里。下一次构建会自动把它们移回。"
    "但其间在 `build/var` 里又建了新的数据库，因此无法判断哪一个是真的。请查看两者，移走错误的一个，再重新构建；在此之前不会删除任何内容。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenArtifact:
    """An artifact that was written just now."""

    folder: Path
    model_hash: str
    files: int


class NotAnArtifact(OrderkitError):
    """The target folder holds something else; name another one."""


def write(
    project: Project,
    catalog: Catalog,
    *,
    migrations: Path,
    target: Path,
    plugins: Sequence[InstalledPlugin] = (),
    commit: str | None = None,
    assets: Mapping[str, bytes] = MappingProxyType({}),
) -> WrittenArtifact:
    """Write the artifact of `project` into `target`, in place of the one that is there.

    Args:
        project: the model as compiled.
        catalog: where its field types come from.
        migrations: the project's folder of revisions.
        target: the folder `build`; made when missing.
        plugins: what the catalog has from installed distributions; those that the project uses are named.
        commit: the git commit that `project` was read from, if there is one; administrators see it.
        assets: what documents show besides their text, by its SHA-256; what the project names is written.

    Raises:
        FrontEndMissing: orderkit runs from a checkout whose front end is not built.
        NotAnArtifact: `target` holds files that are not an artifact.
    """
    fresh = target.with_name(f".{target.name}.new")
    _take_back_data(target, fresh)
    if target.exists() and any(target.iterdir()) and not (target / MODEL).is_file():
        raise NotAnArtifact(
            label(
                zh=f"{target} 里有别的文件，不会覆盖：请换一个目录，或清空它",
                en=f"{target} holds other files, which would be lost: name another folder, or empty it",
            )
        )
    contents = _contents(project, catalog, migrations, plugins)
    contents |= {f"{ASSETS}/{each.digest}": assets[each.digest] for each in assets_of(project.prints)}
    if commit is not None:
        contents[COMMIT] = f"{commit}\n".encode()
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        _write_into(fresh, contents)
    except BaseException:
        # A disk that is full must not stay so because of us.
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    _replace(target, fresh)
    return WrittenArtifact(folder=target, model_hash=model_hash(project), files=len(contents))


def _write_into(folder: Path, contents: Mapping[str, bytes]) -> None:
    for name, data in contents.items():
        path = folder / name
        with placed(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def _take_back_data(target: Path, fresh: Path) -> None:
    """Finish the exchange in which a build was killed: what people entered lay in the new folder by then.

    Raises: NotAnArtifact where there are such data in both.
    """
    if not (fresh / DATA).exists():
        return
    if not target.exists():
        # It was whole before it got the data.
        fresh.rename(target)
    elif not (target / DATA).exists():
        (fresh / DATA).rename(target / DATA)
    else:
        refusal = NotAnArtifact(
            label(
                zh=f"{fresh / DATA} 和 {target / DATA} 里都有数据：上一次构建在替换时被中断，之后又建了新的数据库。"
                "请看哪一个是真的，把另一个移走，再重新构建",
                en=f"there are data in both {fresh / DATA} and {target / DATA}: a build was killed while it exchanged "
                "the two, and another database was made since. See which is the real one, move the other away, and build again",
            )
        )
        refusal.known_as = DATA_IN_TWO_PLACES
        raise refusal


def _contents(
    project: Project, catalog: Catalog, migrations: Path, plugins: Sequence[InstalledPlugin]
) -> dict[str, bytes]:
    wheel = make_wheel()
    openapi = json.dumps(document(running(project), catalog), ensure_ascii=False, indent=1)
    model = to_json(project)
    used = _used(model, plugins)
    return {
        MODEL: (canonical(model) + "\n").encode(),
        "app.py": skeleton.APP.encode(),
        "openapi.json": f"{openapi}\n".encode(),
        "requirements.txt": _requirements(wheel).encode(),
        wheel_name(): wheel,
        "Dockerfile": (skeleton.DOCKERFILE_WITH_PLUGINS if used else skeleton.DOCKERFILE).encode(),
        ".dockerignore": skeleton.DOCKERIGNORE.encode(),
        **({PLUGINS: "".join(f"{line}\n" for line in used).encode()} if used else {}),
        **{
            f"{MIGRATIONS}/{VERSIONS}/{path.name}": path.read_bytes()
            for path in sorted((migrations / VERSIONS).glob("*.py"))
        },
    }


def _used(model: object, plugins: Sequence[InstalledPlugin]) -> list[str]:
    """Return `name==version` of every distribution whose field types, actions or connectors a stored model names."""
    names = set(_kinds_in(model)) if plugins else set()
    return sorted({f"{each.distribution}=={each.version}" for each in plugins if each.names & names})


def _kinds_in(data: object) -> Iterator[str]:
    """Yield what a stored model names as the type of a field, the kind of an action or a connector, and little more."""
    if isinstance(data, list):
        for each in data:
            yield from _kinds_in(each)
    elif isinstance(data, dict):
        for key, each in data.items():
            if key in {"type", "kind", "connector"} and isinstance(each, str):
                yield each
            yield from _kinds_in(each)


def _requirements(wheel: bytes) -> str:
    """Return the pinned versions and this orderkit, which pip finds beside the file and nowhere else by its hash."""
    pinned = files("orderkit.artifact").joinpath("requirements.lock").read_text(encoding="utf-8")
    digest = hashlib.sha256(wheel).hexdigest()
    return (
        "# pip install --require-hashes -r requirements.txt\n"
        "--find-links .\n"
        f"{pinned.rstrip()}\n"
        f"orderkit=={orderkit_version()} \\\n    --hash=sha256:{digest}\n"
    )


def _replace(target: Path, fresh: Path) -> None:
    """Put `fresh` in the place of `target`; what stands in the way leaves everything where it was."""
    old = target.with_name(f".{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    # An artifact that was run where it was built has its database and attachments in it.
    if (target / DATA).exists():
        (target / DATA).rename(fresh / DATA)
    try:
        if target.exists():
            # Windows refuses while a program has a file in it open, or works in it.
            target.rename(old)
        fresh.rename(target)
    except OSError:
        if old.exists() and not target.exists():
            old.rename(target)
        if target.exists() and (fresh / DATA).exists():
            (fresh / DATA).rename(target / DATA)
        raise
    shutil.rmtree(old, ignore_errors=True)
