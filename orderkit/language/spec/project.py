"""The words of `project`."""

from orderkit.language.spec.readers import LABEL, NAME, NAMES, MapOf
from orderkit.language.spec.words import Key, Words
from orderkit.model.labels import label

LABEL_ = Key("label", LABEL, label(zh="名称", en="what people call it"))
VERSION = Key("version", NAME, label(zh="版本", en="its version"))
ORDERKIT = Key("orderkit", NAME, label(zh="需要的 orderkit 版本", en="the versions of orderkit it needs"))
LOCALE = Key("locale", NAME, label(zh="主要语言", en="its main language"))
LOCALES = Key("locales", NAMES, label(zh="可切换的语言", en="all its languages"))
TIMEZONE = Key("timezone", NAME, label(zh="时区", en="its time zone"))
CURRENCY = Key("currency", NAME, label(zh="货币", en="its currency"))
CHANNELS = Key("channels", MapOf(NAME), label(zh="消息渠道", en="channel → connection"))
PROJECT = Words(
    name=label(zh="项目", en="project"),
    keys=(LABEL_, VERSION, ORDERKIT, LOCALE, LOCALES, TIMEZONE, CURRENCY, CHANNELS),
    later=("calendar", "packages", "patch"),
)
