"""Templates of a project beside our own: the project's are watched (Jinja's sandbox), ours need not be.

Each kind finds the other's templates by name, so that either may extend, include or import the other.
The code of a template is bound to the environment that compiled it, and so stays watched wherever it is used.
"""

from collections.abc import Collection, MutableMapping
from typing import Any, ClassVar

from jinja2 import Environment, Template
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from orderkit.web.rendering.compiling import Plain


class Watched(ImmutableSandboxedEnvironment):
    """Compiles what a project brings."""

    replaced: ClassVar[Collection[str]]
    trusted: ClassVar[Environment]

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        """Return a template, one of ours from where it is not watched."""
        if name in self.replaced:
            return super().get_template(name, parent, globals)
        return self.trusted.get_template(name, parent, globals)


class Trusted(Plain):
    """Compiles our own."""

    replaced: ClassVar[Collection[str]]
    watched: ClassVar[Environment]

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        """Return a template, a project's from where it is watched."""
        if name in self.replaced:
            return self.watched.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return `obj[argument]`, watched: a project's template may have handed the name to a macro of ours."""
        return self.watched.getitem(obj, argument)


def beside(replaced: Collection[str]) -> tuple[type[Watched], type[Trusted]]:
    """Return the two kinds for a project that replaces these; whoever makes one of each tells them of each other."""
    names = frozenset(replaced)
    watched = type("WatchedHere", (Watched,), {"replaced": names})

    class Guarded(Context):
        """What a page knows, shared by ours and a project's: filters like `map` ask its environment."""

        def __init__(self, environment: Environment, *rest: Any, **named: Any) -> None:
            super().__init__(getattr(environment, "watched", environment), *rest, **named)

    return watched, type("TrustedHere", (Trusted,), {"replaced": names, "context_class": Guarded})
