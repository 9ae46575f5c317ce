"""Messages: named texts about a record, by language."""

from collections.abc import Mapping

from orderkit.language.compile.analysis.report_rows import report_row, row_form
from orderkit.language.compile.analysis.reports import GRAINS
from orderkit.language.compile.analysis.sources import read_source
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.expressions.scope import Scope
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import integration as words
from orderkit.language.spec.readers import LABEL, scalar
from orderkit.model.analysis.reports import Report, SourceKind
from orderkit.model.exchange.integrations import ChatFormat, ChatText, Message, SmsText
from orderkit.model.expressions.nodes import Template


def lower_messages(lowering: Lowering, reports: Mapping[str, Report]) -> tuple[Message, ...]:
    """Return every message, by id."""
    lowered = (_lower(lowering, each, reports) for each in lowering.compilation.named.of("message").values())
    return tuple(message for message in lowered if message is not None)


def _lower(lowering: Lowering, declared: Declared, reports: Mapping[str, Report]) -> Message | None:
    written = declared.written
    node = None if written is None else written[words.FOR]
    about = None if node is None else _about(lowering, node, reports)
    if written is None or about is None:
        return None
    form, scope = about
    return Message(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        form=form,
        subject=_texts(lowering, written[words.SUBJECT], scope),
        text=_texts(lowering, written[words.TEXT_], scope),
        sms=_sms(lowering, written[words.SMS], scope),
        chats={
            key.name: _chat(lowering, chat, scope)
            for key in words.CHATS
            if (chat := written[key]) is not None and not chat.is_broken
        },
        origin=declared.origin,
    )


def _about(lowering: Lowering, node: ScalarNode, reports: Mapping[str, Report]) -> tuple[str, Scope] | None:
    """Return what a message speaks of, with what it may name: a record, a balance, or a row of a report."""
    compilation = lowering.compilation
    if node.text in compilation.named.of("report") and node.text not in compilation.shapes:
        report = reports.get(node.text)
        if report is None:
            return None
        lowering.reading.mentions.name("report", report.id, node)
        lowering.reading.await_engine("message", node)
        by = (*report.dimension_by_id, *(GRAINS if report.time is not None else ()))
        return row_form(report.id), report_row(lowering, report, by)
    source = read_source(lowering, node, frozenset({SourceKind.FORM, SourceKind.LEDGER}))
    if source is None:
        return None
    if source.kind is not SourceKind.FORM:
        lowering.reading.await_engine("message", node)
    return source.id, lowering.places.workflow(source.id)


def _sms(lowering: Lowering, written: Written | None, scope: Scope) -> SmsText | None:
    if written is None or written.is_broken:
        return None
    args = [
        (key.text, lowering.values.of_anything(node, scope)) for key, node in written[words.SMS_ARGS] or ()
    ]
    template = written[words.SMS_TEMPLATE]
    if template is None:
        return None
    return SmsText(
        template=template,
        args=tuple((name, value) for name, value in args if value is not None),
        sign=written[words.SMS_SIGN],
    )


def _chat(lowering: Lowering, written: Written, scope: Scope) -> ChatText:
    return ChatText(
        title=_texts(lowering, written[words.CHAT_TITLE], scope),
        text=_texts(lowering, written[words.CHAT_TEXT], scope),
        format=ChatFormat(written[words.CHAT_FORMAT] or ChatFormat.MARKDOWN),
        has_link=words.CHAT_LINK not in written or written.flag(words.CHAT_LINK),
    )


def _texts(lowering: Lowering, node: Node | None, scope: Scope) -> Mapping[str, Template]:
    """Return a template for each language; a single text is in the project's main language."""
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        found = scalar(node, lowering.reading)
        template = lowering.checking.template(found, scope)
        return {} if template is None else {lowering.reading.language: template}
    languages = LABEL.read(node, lowering.reading) or {}
    texts = {}
    for key, value in node.entries:
        if key.text in languages:
            template = lowering.checking.template(scalar(value, lowering.reading), scope)
            if template is not None:
                texts[key.text] = template
    return texts
