"""What `project` says: names, languages, zone, currency, channels."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from orderkit import __version__
from orderkit.language.compile.names.auditing import read_audit
from orderkit.language.compile.names.collecting import DUPLICATE_ID, NO_PROJECT, Declared, Named
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.names.signing_in import read_sign_in
from orderkit.language.findings import ERROR, Code, Note, Span, did_you_mean
from orderkit.language.source import ScalarNode
from orderkit.language.source.corrections import correction
from orderkit.language.spec import Key, Reading
from orderkit.language.spec.kinds import project as words
from orderkit.model.auditing import FOR_EVER, AuditRules
from orderkit.model.labels import Label, label
from orderkit.model.signing_in import STANDARD, SignIn

WRONG_SETTING = Code(
    "OK2006",
    "wrong-setting",
    ERROR,
    since="0.1",
    explain="""
    A setting of the project is not a known time zone, currency, language or version.
    ~~~yaml bad
    project: shop
    timezone: Asia/Peking
    ~~~
    ~~~yaml good
    project: shop
    timezone: Asia/Shanghai
    ~~~""",
    zh="项目的某项设置不是已知的时区、货币、语言或版本。",
)

_LOCALE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_USUAL_CURRENCIES = frozenset({"CNY", "EUR", "GBP", "HKD", "JPY", "TWD", "USD"})
_CONDITION = re.compile(r"(?P<operator>>=|<=|==|!=|>|<)\s*(?P<version>\d+(\.\d+){0,2})")
_VERSION = re.compile(r"\d+(\.\d+){0,3}([-+.]?[a-z0-9]+)*")
BUILT_IN_CHANNEL = "built_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The project's own words, checked, with their defaults."""

    id: str
    label: Label
    version: str = "0.1.0"
    locale: str = "zh-CN"
    locales: tuple[str, ...] = ("zh-CN", "en")
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    calendar: str | None = None
    channels: Mapping[str, str] = field(default_factory=lambda: {"inbox": BUILT_IN_CHANNEL})
    sign_in: SignIn = STANDARD
    audit: AuditRules = FOR_EVER


def read_settings(named: Named, reading: Reading, *, path: str = "orderkit.yaml") -> Settings:
    """Return the settings. A project is reported missing once; the rest goes on with defaults."""
    declared = next(iter(named.of("project").values()), None)
    if declared is None:
        reading.report(
            NO_PROJECT,
            Span(path, 1, 1, 1, 2),
            label(zh="没有 `project`", en="there is no `project`"),
            label(
                zh="在 `orderkit.yaml` 里写 `project: 标识`", en="write `project: id` into `orderkit.yaml`"
            ),
        )
        return Settings(id="project", label=label(en="Project"))
    for other in list(named.of("project").values())[1:]:
        reading.report(
            DUPLICATE_ID,
            other.id_node,
            label(zh=f"`{other.id}` 是第二个 `project`", en=f"`{other.id}` is a second `project`"),
            label(zh="只保留一个", en="keep one of them"),
            notes=(
                Note(text=label(zh="第一个在这里", en="the first stands here"), span=declared.id_node.span),
            ),
        )
    return _Settings(declared, reading).read(named)


class _Settings:
    def __init__(self, declared: Declared, reading: Reading) -> None:
        self.declared = declared
        self.reading = reading

    def read(self, named: Named) -> Settings:
        """Return the settings of the declared project."""
        written = self.declared.written
        plain = Settings(id=self.declared.id, label={self.reading.language: self.declared.id})
        if written is None:
            return plain
        locale = self._text(words.LOCALE, _LOCALE, "zh-CN") or plain.locale
        further = (self._fitting(words.LOCALES, node, _LOCALE, "en") for node in written[words.LOCALES] or ())
        locales = tuple(each for each in further if each is not None)
        self._check_version()
        return Settings(
            id=self.declared.id,
            label=written[words.LABEL_] or plain.label,
            version=self._text(words.VERSION, _VERSION, "1.0.0") or plain.version,
            locale=locale,
            locales=tuple(dict.fromkeys((locale, *locales))) if locales else (locale,),
            timezone=self._timezone() or plain.timezone,
            currency=self._currency() or plain.currency,
            calendar=self._calendar(named),
            channels=self._channels(named),
            audit=read_audit(written[words.AUDIT]),
            sign_in=read_sign_in(written[words.SIGN_IN], named, self.reading),
        )

    def _text(self, key: Key[ScalarNode], pattern: re.Pattern[str], example: str) -> str | None:
        assert self.declared.written is not None
        node = self.declared.written[key]
        return None if node is None else self._fitting(key, node, pattern, example)

    def _fitting(self, key: Key[Any], node: ScalarNode, pattern: re.Pattern[str], example: str) -> str | None:
        if pattern.fullmatch(node.text):
            return node.text
        self.reading.report(
            WRONG_SETTING,
            node,
            label(zh=f"`{node.text}` 不能作为 `{key.name}`", en=f"`{node.text}` does not fit `{key.name}`"),
            label(zh=f"例如写 `{example}`", en=f"write, for example, `{example}`"),
        )
        return None

    def _currency(self) -> str | None:
        text = self._text(words.CURRENCY, _CURRENCY, "CNY")
        if text is None or text in _USUAL_CURRENCIES:
            return text
        from babel import Locale  # noqa: PLC0415 - few projects have another currency

        if text in Locale("en").currencies:
            return text
        assert self.declared.written is not None
        self.reading.report(
            WRONG_SETTING,
            self.declared.written.value_of(words.CURRENCY),
            label(zh=f"`{text}` 不是货币代码", en=f"`{text}` is no code of a currency"),
            label(
                zh="写 ISO 4217 代码；人民币是 `CNY`", en="write the code of ISO 4217; the renminbi is `CNY`"
            ),
        )
        return None

    def _check_version(self) -> None:
        assert self.declared.written is not None
        node = self.declared.written[words.ORDERKIT]
        if node is None:
            return
        conditions = [_CONDITION.fullmatch(part.strip()) for part in node.text.split(",")]
        if any(condition is None for condition in conditions):
            self.reading.report(
                WRONG_SETTING,
                node,
                label(zh=f"`{node.text}` 不是版本条件", en=f"`{node.text}` is no condition on versions"),
                label(zh='例如写 `">=0.1"`', en='write, for example, `">=0.1"`'),
            )
        elif not all(_holds(condition) for condition in conditions if condition is not None):
            self.reading.report(
                WRONG_SETTING,
                node,
                label(
                    zh=f"项目需要 orderkit {node.text}，安装的是 {__version__}",
                    en=f"the project needs orderkit {node.text}, {__version__} is installed",
                ),
                label(zh="安装合适的版本", en="install a version that fits"),
            )

    def _timezone(self) -> str | None:
        assert self.declared.written is not None
        node = self.declared.written[words.TIMEZONE]
        if node is None:
            return None
        if _is_zone(node.text):
            return node.text
        self.reading.report(
            WRONG_SETTING,
            node,
            label(zh=f"没有时区 `{node.text}`", en=f"there is no time zone `{node.text}`"),
            did_you_mean(node.text, available_timezones()),
            fix=correction(node, node.text, available_timezones()),
        )
        return None

    def _calendar(self, named: Named) -> str | None:
        assert self.declared.written is not None
        node = self.declared.written[words.CALENDAR]
        if node is None:
            return None
        if node.text in named.of("calendar"):
            self.reading.mentions.name("calendar", node.text, node)
            return node.text
        report_unknown(self.reading, node, "calendar", named.of("calendar"))
        return None

    def _channels(self, named: Named) -> Mapping[str, str]:
        assert self.declared.written is not None
        channels = {"inbox": BUILT_IN_CHANNEL}
        for key, node in self.declared.written[words.CHANNELS] or ():
            # Whatever it leads to, the channel has its name.
            channels[key.text] = node.text
            if node.text != BUILT_IN_CHANNEL and node.text not in named.of("connection"):
                known = {**named.of("connection"), BUILT_IN_CHANNEL: None}
                report_unknown(self.reading, node, "connection", known)
            elif node.text != BUILT_IN_CHANNEL:
                self.reading.mentions.name("connection", node.text, node)
        return channels


def _holds(condition: re.Match[str]) -> bool:
    installed, wanted = _numbers(__version__), _numbers(condition["version"])
    compare = {
        ">=": installed >= wanted,
        "<=": installed <= wanted,
        ">": installed > wanted,
        "<": installed < wanted,
        "==": installed == wanted,
        "!=": installed != wanted,
    }
    return compare[condition["operator"]]


def _numbers(version: str) -> tuple[int, ...]:
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return (*numbers, *[0] * (3 - len(numbers)))


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
