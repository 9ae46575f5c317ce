"""A lint: passwords and keys that stand in files of any kind, not only in the settings of connections."""

import re
from collections.abc import Iterator

from orderkit.language.compile.exchange.connections import SECRET_IN_FILE, looks_like_secret
from orderkit.language.compile.lints.linting import Linting
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.model.labels import label

# The names of fields may well be `token`; no secret is ever needed there.
_WITHOUT = frozenset(
    [
        "form",
        "extend",
        "workflow",
        "role",
        "report",
        "dashboard",
        "menu",
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
_MIXED = re.compile(r"(?=.*[a-zA-Z])(?=.*\d)")


def check_secrets_anywhere(linting: Linting) -> None:
    """Report what looks like a password or a key in messages, integrations and the like."""
    for kind, objects in linting.named.objects.items():
        if kind in _WITHOUT:
            continue
        for declared in objects.values():
            if declared.written is not None:
                for name, node in _scalars("", declared.written.node):
                    if _is_secret(name, node.text):
                        linting.report(
                            SECRET_IN_FILE,
                            node,
                            label(
                                zh="密码或密钥不能写在文件里", en="a password or key must not stand in a file"
                            ),
                            label(
                                zh="写进连接的 `${名称}`，运行时从环境变量读取",
                                en="let a connection read it as `${NAME}` from the environment at run time",
                            ),
                        )


def _is_secret(name: str, text: str) -> bool:
    if text.startswith("=") or "{" in text:
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
