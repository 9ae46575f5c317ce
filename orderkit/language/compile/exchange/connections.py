"""Connections to external systems: their settings, and how gently they are treated."""

from collections.abc import Iterator

from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.names.secrets import SECRET_IN_FILE, looks_like_secret
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.field_types import read_options
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.source import MappingNode, Node, ScalarNode, SequenceNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import integration as words
from orderkit.language.spec.readers import WRONG_VALUE, plain, seconds
from orderkit.language.spec.words import report_shape, report_unknown_key
from orderkit.model.exchange.integrations import Connection, Limits
from orderkit.model.labels import label


def lower_connections(lowering: Lowering) -> tuple[Connection, ...]:
    """Return every connection, by id."""
    lowered = (_lower(lowering, each) for each in lowering.compilation.named.of("connection").values())
    return tuple(connection for connection in lowered if connection is not None)


def _lower(lowering: Lowering, declared: Declared) -> Connection | None:
    written = declared.written
    if written is None:
        return None
    limits = _limits(lowering, written[words.LIMITS_])
    settings = written[words.SETTINGS]
    if settings is not None:
        check_secrets(lowering, settings)
    connector = written[words.CONNECTOR]
    if connector is None:
        return None
    kind = lowering.compilation.catalog.connectors.get(connector.text)
    if kind is None:
        report_unknown(lowering.reading, connector, "connector", lowering.compilation.catalog.connectors)
        return None
    if kind.awaits_engine:
        lowering.reading.await_engine(connector.text, connector)
    if settings is not None and not isinstance(settings, MappingNode):
        report_shape(lowering.reading, settings, zh="一个映射（`键: 值`）", en="a map (`key: value`)")
        return None
    entries = {} if settings is None else {key.text: (key, value) for key, value in settings.entries}
    known = kind.Settings.model_fields
    for name, (key, _) in entries.items():
        if name not in known:
            owner = label(zh=f"{connector.text} 连接", en=f"{connector.text} connection")
            report_unknown_key(lowering.reading, key, known, owner)
    given = {name: pair for name, pair in entries.items() if name in known}
    owner_node = settings if settings is not None and settings.entries else written.node
    if read_options(kind.Settings, given, owner_node, lowering.reading, {}) is None:
        return None
    return Connection(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        connector=connector.text,
        settings={name: plain(node) for name, (_, node) in given.items()},
        limits=limits,
        origin=declared.origin,
    )


def check_secrets(lowering: Lowering, settings: Node) -> None:
    """Report what looks like a password or key, and is not read from the environment."""
    for name, node in _scalars("", settings):
        if looks_like_secret(name, node.text) and not node.is_empty:
            lowering.reading.report(
                SECRET_IN_FILE,
                node,
                label(zh="密码或密钥不能写在文件里", en="a password or key must not stand in a file"),
                label(
                    zh="写 `${名称}`，运行时从环境变量读取",
                    en="write `${NAME}`; it is read from the environment at run time",
                ),
            )


def _scalars(name: str, node: Node) -> Iterator[tuple[str, ScalarNode]]:
    if isinstance(node, ScalarNode):
        yield name, node
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _scalars(name, item)
    else:
        for key, value in node.entries:
            yield from _scalars(key.text, value)


def _limits(lowering: Lowering, written: Written | None) -> Limits:
    if written is None:
        return Limits()
    plain_limits = Limits()
    timeout = written[words.LIMIT_TIMEOUT]
    retry = written[words.LIMIT_RETRY]
    times = None if retry is None else retry[words.RETRY_TIMES]
    backoff = None if retry is None else _backoff(lowering, retry)
    first, last = backoff or (plain_limits.backoff_first_seconds, plain_limits.backoff_last_seconds)
    return Limits(
        timeout_seconds=plain_limits.timeout_seconds if timeout is None else timeout.seconds,
        rate=read_rate(written[words.LIMIT_RATE]),
        retry_times=plain_limits.retry_times if times is None else times,
        backoff_first_seconds=first,
        backoff_last_seconds=last,
    )


def read_rate(text: str | None) -> tuple[int, int] | None:
    """Return how many times in how many seconds, of a text such as `60/min`."""
    if text is None:
        return None
    count, _, unit = text.partition("/")
    length = seconds(f"1{unit.strip()}")
    assert length is not None, "the reader took the unit"
    return int(count), length


def _backoff(lowering: Lowering, retry: Written) -> tuple[int, int] | None:
    text = retry[words.RETRY_BACKOFF]
    if text is None:
        return None
    first, dots, last = text.partition("..")
    begin, end = seconds(first), seconds(last) if dots else seconds(first)
    if begin is None or end is None or begin > end:
        lowering.reading.report(
            WRONG_VALUE,
            retry.value_of(words.RETRY_BACKOFF),
            label(zh=f"`{text}` 不是重试间隔", en=f"`{text}` is not a range of durations"),
            label(zh="写成 `1min..6h`", en="write `1min..6h`"),
        )
        return None
    return begin, end
