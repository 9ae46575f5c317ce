"""From files to the checked model. The passes are in `passes`, which is loaded when somebody asks for it.

Together they take half as long to load as PyYAML takes for a hundred files; who looks at the rules of one
form does without most of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orderkit.language.compile.passes import Analysis, analyse_project, compile_project

__all__ = ["Analysis", "analyse_project", "compile_project"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("orderkit.language.compile.passes"), name)
