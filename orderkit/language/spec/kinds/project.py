"""The words of `project`."""

from orderkit.language.spec.parts.auditing import AUDIT as AUDIT_WORDS
from orderkit.language.spec.parts.signing_in import SIGN_IN as SIGN_IN_WORDS
from orderkit.language.spec.readers import LABEL, NAME, NAMES, MapOf
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

LABEL_ = Key(
    "label",
    LABEL,
    label(zh="名称", en="what people call it"),
    example="{zh: 五金订单管理, en: Hardware orders}",
)
VERSION = Key("version", NAME, label(zh="版本", en="its version"), default="0.1.0", example="1.4.0")
ORDERKIT = Key(
    "orderkit",
    NAME,
    label(zh="需要的 orderkit 版本", en="the versions of orderkit it needs"),
    example='">=0.1"',
)
LOCALE = Key("locale", NAME, label(zh="主要语言", en="its main language"), default="zh-CN", example="en")
LOCALES = Key("locales", NAMES, label(zh="可切换的语言", en="all its languages"), example="[zh-CN, en]")
TIMEZONE = Key(
    "timezone", NAME, label(zh="时区", en="its time zone"), default="Asia/Shanghai", example="Europe/Berlin"
)
CURRENCY = Key("currency", NAME, label(zh="货币", en="its currency"), default="CNY", example="EUR")
CALENDAR = Key("calendar", NAME, label(zh="工作日历", en="its working hours and holidays"), example="factory")
CHANNELS = Key(
    "channels",
    MapOf(NAME),
    label(zh="消息渠道", en="channel → connection"),
    default="{inbox: built_in}",
    example="{inbox: built_in, email: mail}",
)
SIGN_IN = Key(
    "sign_in",
    Nested(SIGN_IN_WORDS),
    label(zh="登录规则：密码、验证码、时长", en="what is demanded of those who sign in"),
    example="{password_length: 12, second_factor: [admin], idle: 30min}",
)
AUDIT = Key(
    "audit",
    Nested(AUDIT_WORDS),
    label(zh="审计记录保留多久", en="how long the audit is kept"),
    example="{keep: 10y}",
)
PROJECT = Words(
    name=label(zh="项目", en="project"),
    about=label(
        zh="项目的名称、语言、时区、货币和消息渠道",
        en="the name, languages, time zone, currency and channels of the project",
    ),
    keys=(LABEL_, VERSION, ORDERKIT, LOCALE, LOCALES, TIMEZONE, CURRENCY, CALENDAR, CHANNELS, SIGN_IN, AUDIT),
    later=("packages", "patch"),
)
