"""Everything that can be added: field types, actions, connectors.

`entries` holds what a folder here adds, `plugins` what an installed distribution adds. `built_in()` is the
first alone, for tests; `installed()` is both, for everything that people run.
"""

from orderkit.catalog.entries import Catalog, built_in
from orderkit.catalog.plugins import API, Plugin, PluginRefused, installed, installed_plugins

__all__ = ["API", "Catalog", "Plugin", "PluginRefused", "built_in", "installed", "installed_plugins"]
