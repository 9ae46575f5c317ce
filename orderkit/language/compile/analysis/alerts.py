"""Alerts: what is watched, when somebody hears of it, and how often."""

from collections.abc import Mapping

from orderkit.language.compile.analysis.dashboards import period_as_written
from orderkit.language.compile.analysis.report_rows import report_row
from orderkit.language.compile.analysis.reports import GRAINS
from orderkit.language.compile.analysis.sources import Source, read_source
from orderkit.language.compile.calendars.dates import time_range
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Key, Written
from orderkit.language.spec.kinds import alert as words
from orderkit.language.spec.kinds import integration as message_words
from orderkit.language.spec.readers import WRONG_VALUE
from orderkit.language.spec.words import report_unknown_key
from orderkit.model.analysis.alerts import Alert, Notice, Per, WatchKind
from orderkit.model.analysis.reports import Report, SourceKind
from orderkit.model.calendars import WorkingTime
from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.tree import root_names
from orderkit.model.labels import label
from orderkit.model.values.durations import TimeSpan

WATCHES_NOTHING = Code(
    "OK8500",
    "alert-watches-nothing",
    ERROR,
    since="0.1",
    explain="""
    The `when` of an alert reads nothing of what it watches, so it is always the same.
    ~~~yaml bad
    alert: overdue
    watch: order
    when: "today() == today()"
    send: {message: overdue, to: everyone}
    # order.yaml
    form: order
    fields: {need_by: {type: date, required: true}}
    # overdue.yaml
    message: overdue
    for: order
    text: "{need_by}"
    ~~~
    ~~~yaml good
    alert: overdue
    watch: order
    when: "need_by < today()"
    send: {message: overdue, to: everyone}
    # order.yaml
    form: order
    fields: {need_by: {type: date, required: true}}
    # overdue.yaml
    message: overdue
    for: order
    text: "{need_by}"
    ~~~""",
    zh="预警的 `when` 没有读所盯的东西，结果永远不变。",
)
OTHER_MESSAGE = Code(
    "OK8501",
    "message-of-another-form",
    ERROR,
    since="0.1",
    explain="""
    An alert sends a message that is not about what it watches; its text would name what is not there.
    ~~~yaml bad
    alert: overdue
    watch: order
    when: "need_by < today()"
    send: {message: welcome, to: everyone}
    # order.yaml
    form: order
    fields: {need_by: {type: date, required: true}}
    # welcome.yaml
    message: welcome
    for: user
    text: "{name}"
    ~~~
    ~~~yaml good
    alert: overdue
    watch: order
    when: "need_by < today()"
    send: {message: overdue, to: everyone}
    # order.yaml
    form: order
    fields: {need_by: {type: date, required: true}}
    # overdue.yaml
    message: overdue
    for: order
    text: "{need_by}"
    ~~~""",
    zh="预警发送的消息说的不是所盯的东西，其中的字段在这里不存在。",
)

_OF_REPORTS = (words.BY, words.PERIOD, words.COMPARE)


def lower_alerts(lowering: Lowering, reports: Mapping[str, Report]) -> tuple[Alert, ...]:
    """Return every alert, by id."""
    lowered = (
        _Alert(lowering, reports, declared, declared.written).lower()
        for declared in lowering.compilation.named.of("alert").values()
        if declared.written is not None
    )
    return tuple(alert for alert in lowered if alert is not None)


class _Alert:
    def __init__(
        self, lowering: Lowering, reports: Mapping[str, Report], declared: Declared, written: Written
    ) -> None:
        self.lowering = lowering
        self.reading = lowering.reading
        self.reports = reports
        self.declared = declared
        self.written = written

    def lower(self) -> Alert | None:
        """Return the alert, or None where what it watches or when is wrong."""
        node = self.written[words.WATCH]
        report = None if node is None else self._watched_report(node)
        spans = {key.name: self._span(key) for key in (words.AFTER, words.EVERY, words.REPEAT, words.SNOOZE)}
        quiet, period = self._quiet(), self._period()
        by: tuple[str, ...] = ()
        if node is None:
            return None
        if report is not None:
            by, compares = self._by(report), words.COMPARE in self.written
            scope = report_row(self.lowering, report, by, has_previous=compares)
            kind, watch = WatchKind.REPORT, report.id
        else:
            source = self._source(node)
            if source is None:
                return None
            self._refuse_words_of_reports()
            kind, watch = WatchKind(source.kind), source.id
            scope = self.lowering.places.record(watch)
        when = self._when(scope)
        send = [self._notice(each, scope, watch) for each in self.written[words.SEND_] or ()]
        if when is None or None in send:
            return None
        return Alert(
            id=self.declared.id,
            label=self.written[words.LABEL_] or readable(self.declared.id),
            watch=watch,
            kind=kind,
            when=when,
            send=tuple(each for each in send if each is not None),
            by=by,
            period=period,
            compare=self.written[words.COMPARE],
            after=spans["after"],
            every=spans["every"],
            repeat=spans["repeat"],
            snooze=spans["snooze"],
            quiet=quiet,
            per=Per(self.written[words.PER] or Per.ROW),
            origin=self.declared.origin,
        )

    # What is watched

    def _watched_report(self, node: ScalarNode) -> Report | None:
        named = self.lowering.compilation
        if node.text in named.shapes or node.text in named.ledgers:
            return None
        report = self.reports.get(node.text)
        if report is not None:
            self.reading.mentions.name("report", node.text, node)
        return report

    def _source(self, node: ScalarNode) -> Source | None:
        if node.text in self.lowering.compilation.named.of("report"):
            return None
        return read_source(self.lowering, node, frozenset({SourceKind.FORM, SourceKind.LEDGER}))

    def _refuse_words_of_reports(self) -> None:
        known = [name for name in words.ALERT.by_name if name not in {key.name for key in _OF_REPORTS}]
        for key in _OF_REPORTS:
            if key in self.written:
                report_unknown_key(
                    self.reading,
                    self.written.key_of(key),
                    known,
                    label(zh="不盯报表的预警", en="alert that watches no report"),
                )

    def _by(self, report: Report) -> tuple[str, ...]:
        known = {**report.dimension_by_id, **dict.fromkeys(GRAINS if report.time is not None else ())}
        found = []
        for node in self.written[words.BY] or ():
            if node.text in known:
                found.append(node.text)
            else:
                report_unknown(self.reading, node, "dimension", known)
        return tuple(dict.fromkeys(found))

    # When

    def _when(self, scope: Scope) -> Expression | None:
        node = self.written[words.WHEN]
        found = self.lowering.checking.certain(node, scope)
        if node is None or found is None or root_names(found) & {"record", "previous"}:
            return found
        self.reading.report(
            WATCHES_NOTHING,
            node,
            label(zh="这个条件没有读所盯的东西", en="this condition reads nothing of what is watched"),
            label(zh="写例如 `need_by < today()`", en="write, for example, `need_by < today()`"),
        )
        return None

    def _period(self) -> str | None:
        period = self.written[words.PERIOD]
        return (
            None
            if period is None
            else period_as_written(self.reading, self.written.value_of(words.PERIOD), period)
        )

    def _span(self, key: Key[TimeSpan]) -> TimeSpan | None:
        span = self.written[key]
        if span is None or span.count > 0:
            return span
        self.reading.report(
            WRONG_VALUE,
            self.written.value_of(key),
            label(zh=f"`{span}` 太短", en=f"`{span}` is no time at all"),
            label(zh="写例如 `1d`，或去掉这个键", en="write, for example, `1d`, or take the key away"),
        )
        return None

    def _quiet(self) -> WorkingTime | None:
        node = self.written[words.QUIET]
        return None if node is None else time_range(node, self.reading)

    # What is sent

    def _notice(self, written: Written, scope: Scope, watch: str) -> Notice | None:
        message, to = written[words.SEND_MESSAGE], written[words.SEND_TO]
        who = self.lowering.addressees.read(to, scope)
        via = self._channels(written)
        if message is None or who is None or not self.lowering.compilation.known(message, "message"):
            return None
        return Notice(message=message.text, to=who, via=via) if self._is_about(message, watch) else None

    def _channels(self, written: Written) -> tuple[str, ...]:
        channels = self.lowering.compilation.settings.channels
        nodes = written[words.SEND_VIA] or ()
        for node in nodes:
            if node.text not in channels:
                report_unknown(self.reading, node, "channel", channels)
        return tuple(node.text for node in nodes) or ("inbox",)

    def _is_about(self, message: ScalarNode, watch: str) -> bool:
        declared = self.lowering.compilation.named.of("message")[message.text]
        about = None if declared.written is None else declared.written[message_words.FOR]
        if about is None or about.text == watch:
            return True
        self.reading.report(
            OTHER_MESSAGE,
            message,
            label(
                zh=f"消息 `{message.text}` 说的是 `{about.text}`，不是 `{watch}`",
                en=f"the message `{message.text}` is about `{about.text}`, not `{watch}`",
            ),
            label(zh=f"换一条 `for: {watch}` 的消息", en=f"send one with `for: {watch}`"),
            notes=[Note(text=label(zh="消息在这里", en="declared here"), span=about.span)],
        )
        return False
