"""A lint: passwords and keys that stand in files of any kind, not only in the settings of connections."""

import re
from collections.abc import Iterator

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.names.secrets import SECRET_IN_FILE, looks_like_secret
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.model.labels import label
from orderkit.model.values.durations import TimeUnit

# The names of fields may well be `token`; no secret is ever needed there, but in what actions send.
_WITHOUT = frozenset(
    [
        "form",
        "extend",
        "workflow",
        "role",
        "report",
        "dashboard",
        "menu",
        "page",
        "seed",
        "import",
        "scenario",
        "connection",
        "ledger",
        "calendar",
    ]
)
_SAID = re.compile(
    r"(?i)(?:password|passwd|secret|token|api[_ ]?key|密码|口令|密钥|令牌)\s*[:=：]\s*(?P<value>[!-~]{6,})"
)
# What a key stands behind in a header, and in an address: `https://me:word@host`, `?access_token=abc123`.
_SCHEME = re.compile(r"(?i)(?:bearer|basic|token|apikey)\s+")
_IN_ADDRESS = re.compile(
    r"(?i)^https?://(?:[^/?#@{}]+:[^/?#@{}]+@"
    r"|\S*[?&](?:[\w-]*(?:token|secret|password|passwd|api_?key|access_?key|signature)|key|sign)=[^&{}\s]{6,}(?:&|#|$))"
)
_OUTSIDE = frozenset({"http", "call"})
_SENT = frozenset({"http", "headers", "body", "with", "key"})
_WITH_ACTIONS = frozenset({"workflow"})
# `password_expires: 90d` says how long, and no password is that.
_SPAN = re.compile(rf"\d+(?:{'|'.join(TimeUnit)})")
# A name that everybody may know, and a file: neither is a secret, whatever it is called or looks like.
_NO_SECRETS = frozenset({"client_id", "leaked_passwords"})
_MIXED = re.compile(r"(?=.*[a-zA-Z])(?=.*\d)")


def check_secrets_anywhere(linting: Linting) -> None:
    """Report what looks like a password or a key in messages, integrations, calls and the like."""
    for kind, objects in linting.named.objects.items():
        for declared in objects.values():
            if declared.written is None:
                continue
            node = declared.written.node
            if kind not in _WITHOUT:
                found = [each for name, each in _scalars("", node) if _is_secret(name, each.text)]
                found += [each for name, each in _sent(node) if _is_sent_secret(name, each.text)]
            elif kind in _WITH_ACTIONS:
                found = [each for name, each in _sent(node) if _is_sent_secret(name, each.text)]
            else:
                continue
            for each in dict.fromkeys(found):
                _report(linting, each)


def _report(linting: Linting, node: ScalarNode) -> None:
    linting.report(
        SECRET_IN_FILE,
        node,
        label(zh="密码或密钥不能写在文件里", en="a password or key must not stand in a file"),
        label(
            zh="写进连接的 `${名称}`，运行时从环境变量读取",
            en="let a connection read it as `${NAME}` from the environment at run time",
        ),
    )


def _sent(node: Node) -> Iterator[tuple[str, ScalarNode]]:
    """Yield what the actions `http` and `call` send, at any depth below a node."""
    match node:
        case SequenceNode(items=items):
            for item in items:
                yield from _sent(item)
        case MappingNode(entries=entries):
            is_outside = any(key.text in _OUTSIDE for key, _ in entries)
            for key, value in entries:
                if is_outside and key.text in _SENT:
                    yield from _scalars(key.text, value)
                else:
                    yield from _sent(value)


def _is_sent_secret(name: str, text: str) -> bool:
    """Whether an address, a header or an argument holds a password or a key, whatever stands before it."""
    if text.startswith("="):
        return False
    address = _IN_ADDRESS.search(text)
    if address is not None:
        return True
    scheme = _SCHEME.match(text)
    return _is_secret(name, text if scheme is None else text[scheme.end() :])


def _is_secret(name: str, text: str) -> bool:
    if name in _NO_SECRETS or text.startswith("=") or "{" in text or _SPAN.fullmatch(text):
        return False
    said = _SAID.search(text)
    if said is not None and _MIXED.match(said["value"]):
        return True
    return looks_like_secret(name, text) and " " not in text.strip() and _MIXED.match(text) is not None


def _scalars(name: str, node: Node) -> Iterator[tuple[str, ScalarNode]]:
    match node:
        case ScalarNode():
            yield name, node
        case SequenceNode(items=items):
            for item in items:
                yield from _scalars(name, item)
        case MappingNode(entries=entries):
            for key, value in entries:
                yield from _scalars(key.text, value)
