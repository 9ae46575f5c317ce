"""The action that sends a request to an address."""

from collections.abc import Mapping
from typing import ClassVar

from orderkit.actions.action_type import ActionContext, ActionType, Effect, Request, Word
from orderkit.actions.options import actions, assignments, expression, text
from orderkit.model import labels


class Http(ActionType):
    """`{http: "https://example.com/orders/{id}", body: {no: =number}, key: "{id}"}`: a plain request.

    An address with a password belongs to a `connection`, which is called.
    """

    name = "http"
    label = labels.label(zh="HTTP 请求", en="HTTP request")
    description = labels.label(
        zh="提交后向一个网址发请求",
        en="Sends a request to an address once the change is committed",
    )
    effect = frozenset({Effect.AFTER_COMMIT})
    words: ClassVar = {
        "http": Word.TEMPLATE,
        "method": Word.CHOICE,
        "headers": Word.ARGUMENTS,
        "body": Word.VALUE,
        "key": Word.TEMPLATE,
        "save": Word.ANSWERS,
        "on_dead": Word.ACTIONS,
    }
    required = frozenset({"http"})
    choices: ClassVar = {"method": ("get", "post", "put", "patch", "delete")}

    def run(self, options: Mapping[str, object], context: ActionContext) -> None:
        """Queue the request."""
        address = expression(options, "http")
        assert address is not None
        method = text(options, "method") if "method" in options else "post"
        arguments = {
            name: context.value(value)
            for name in ("headers", "body")
            if (value := expression(options, name)) is not None
        }
        key = expression(options, "key")
        shown = None if key is None else context.value(key)
        context.request(
            Request(
                url=str(context.value(address) or ""),
                operation=method,
                arguments=arguments,
                key=None if shown is None else str(shown),
                save=assignments(options, "save"),
                on_dead=actions(options, "on_dead"),
            )
        )


TYPE = Http()
