"""What installed distributions add: entry points of the group `orderkit.plugins`.

A plugin is code, so it is loaded only where somebody put it on purpose: from what is installed for this
Python. The folder of a project is never looked into, not even where Python itself would, because the
current folder stands on its path.
"""

import importlib.metadata
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orderkit.actions.action_type import ActionType
from orderkit.catalog.entries import Catalog, built_in
from orderkit.connectors.connector_type import ConnectorType
from orderkit.fields.field_type import FieldType
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label

GROUP = "orderkit.plugins"
# The version of what a plugin is given and must give. It grows when a plugin written before would break.
API = 1

CANNOT_LOAD = Code(
    "OK6720",
    "plugin-cannot-load",
    ERROR,
    since="0.1",
    explain="""
        An installed distribution offers a plugin that fails while it is imported, or is no `Plugin`. Nothing runs
        half with it: update the distribution, or remove it with `pip uninstall`.
    """,
    zh="已安装的某个包提供了插件，但导入时出错，或者它不是 `Plugin`。程序不会带着半个插件运行：请升级这个包，或用 `pip uninstall` 卸载。",
)
WRONG_API = Code(
    "OK6721",
    "plugin-of-another-version",
    ERROR,
    since="0.1",
    explain="""
        A plugin was written for another version of the interface (`api`) than this orderkit offers. Install a
        release of the plugin that fits, or the orderkit that it was written for.
    """,
    zh="插件是为另一个接口版本（`api`）写的，与本程序不符。请安装与之相配的插件版本，或它所需要的 orderkit 版本。",
)
NAME_TAKEN = Code(
    "OK6722",
    "plugin-name-taken",
    ERROR,
    since="0.1",
    explain="""
        A plugin adds a field type, an action or a connector under a name that orderkit or another plugin has
        already. Which one is meant would depend on the order of loading, so neither is taken: remove one of the
        two distributions, or ask its author for another name.
    """,
    zh="插件添加的字段类型、动作或连接器与 orderkit 或另一个插件的同名。到底用哪一个会取决于加载顺序，因此两者都不用：请卸载其中一个包，或请作者改名。",
)


class PluginRefused(OrderkitError):
    """An installed plugin cannot be used; update or remove it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """What an entry point names, or what the function that it names returns."""

    api: int
    fields: tuple[FieldType[Any], ...] = ()
    actions: tuple[ActionType, ...] = ()
    connectors: tuple[ConnectorType, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledPlugin:
    """A plugin, and the distribution that brought it."""

    distribution: str
    version: str
    name: str
    plugin: Plugin

    @property
    def names(self) -> frozenset[str]:
        """The names under which a project uses what it adds."""
        added = self.plugin
        return frozenset(
            (
                *(each.name for each in added.fields),
                *(each.name for each in added.actions),
                *(each.name for each in added.connectors),
            )
        )


@cache
def installed() -> Catalog:
    """Return the catalog of this installation: what ships with orderkit, and every plugin. Raises PluginRefused."""
    return with_plugins(built_in(), installed_plugins())


def with_plugins(catalog: Catalog, plugins: Iterable[InstalledPlugin]) -> Catalog:
    """Return the catalog with what plugins add. Raises PluginRefused for a name that is taken."""
    for each in plugins:
        plugin = each.plugin
        try:
            catalog = catalog.with_(
                fields=plugin.fields, actions=plugin.actions, connectors=plugin.connectors
            )
        except ValueError as error:
            raise _refused(
                NAME_TAKEN,
                each.distribution,
                zh=f"其中的名称已被占用（{error}）",
                en=f"a name in it is taken already ({error})",
            ) from error
    return catalog


@cache
def installed_plugins() -> tuple[InstalledPlugin, ...]:
    """Return every installed plugin, in the order of distributions and names. Raises PluginRefused."""
    return tuple(_loaded(distribution, point) for distribution, point in sorted(_offers(), key=_place))


def _offers() -> Iterator[tuple[importlib.metadata.Distribution, importlib.metadata.EntryPoint]]:
    """Yield each entry point of ours; of a distribution that is there twice, only what Python would import."""
    seen: set[str] = set()
    for distribution in importlib.metadata.distributions(path=_folders()):
        text = distribution.read_text("entry_points.txt") or ""
        if GROUP not in text or distribution.name in seen:
            continue
        seen.add(distribution.name)
        for point in distribution.entry_points.select(group=GROUP):
            yield distribution, point


def _folders() -> list[str]:
    """Return the folders of Python's path but the current one, which may be that of a project."""
    here = Path.cwd().resolve()
    return [each for each in sys.path if each and Path(each).resolve() != here]


def _place(offer: tuple[importlib.metadata.Distribution, importlib.metadata.EntryPoint]) -> tuple[str, str]:
    return offer[0].name, offer[1].name


def _loaded(
    distribution: importlib.metadata.Distribution, point: importlib.metadata.EntryPoint
) -> InstalledPlugin:
    try:
        found = point.load()
        plugin = found() if callable(found) else found
    except Exception as error:
        raise _refused(
            CANNOT_LOAD,
            distribution.name,
            zh=f"入口 {point.name} 无法加载（{type(error).__name__}：{error}）",
            en=f"its entry {point.name} cannot be loaded ({type(error).__name__}: {error})",
        ) from error
    if not isinstance(plugin, Plugin):
        raise _refused(
            CANNOT_LOAD,
            distribution.name,
            zh=f"入口 {point.name} 不是 Plugin，而是 {type(plugin).__name__}",
            en=f"its entry {point.name} is a {type(plugin).__name__}, not a Plugin",
        )
    if plugin.api != API:
        raise _refused(
            WRONG_API,
            distribution.name,
            zh=f"它是为接口版本 {plugin.api} 写的，本程序提供 {API}",
            en=f"it was written for interface {plugin.api}, this orderkit offers {API}",
        )
    return InstalledPlugin(
        distribution=distribution.name, version=distribution.version, name=point.name, plugin=plugin
    )


def _refused(code: Code, distribution: str, *, zh: str, en: str) -> PluginRefused:
    refused = PluginRefused(
        label(
            zh=f"无法使用插件 {distribution}：{zh}；请升级，或运行 `pip uninstall {distribution}`",
            en=f"the plugin {distribution} cannot be used: {en}; update it, or run `pip uninstall {distribution}`",
        )
    )
    refused.known_as = code
    return refused
