"""The action that sends a request to an address."""

from typing import ClassVar

from orderkit.actions.action_type import AwaitedAction, Effect, Word
from orderkit.model import labels


class Http(AwaitedAction):
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


TYPE = Http()
