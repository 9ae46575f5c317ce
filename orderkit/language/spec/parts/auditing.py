"""The words of `audit`: how long what happened is kept."""

from orderkit.language.spec.readers import Shaped
from orderkit.language.spec.words import Key, Words
from orderkit.model.labels import label

KEEP = Key(
    "keep",
    Shaped(
        r"([3-9]\d|[1-9]\d{2,3})d|([1-9]\d?|100)y",
        label(zh="至少 30 天的期限", en="a time of at least 30 days"),
        "10y",
    ),
    label(
        zh="审计记录至少保留多久（天 `d` 或年 `y`）；不写则永久保留",
        en="how long the audit is kept at least, in days (`d`) or years (`y`); for ever without",
    ),
    example="10y",
)
AUDIT = Words(
    name=label(zh="审计规则", en="audit"),
    about=label(zh="审计记录保留多久", en="how long the audit is kept"),
    keys=(KEEP,),
)
