"""What is said of each kind of tampering, by the command and on the page; `{ids}` and `{detail}` are filled in."""

from collections.abc import Mapping

from orderkit.model.labels import Label, label

TAMPERING: Mapping[str, Label] = {
    "entry_changed": label(zh="条目 {ids} 被改过", en="entries {ids} were changed"),
    "entry_removed": label(zh="条目 {ids} 被删除", en="entries {ids} were removed"),
    "entry_added": label(
        zh="条目 {ids} 不在任何封条之内：是事后插入的",
        en="entries {ids} are in no seal: they were put in later",
    ),
    "seal_changed": label(zh="封条 {ids} 被改过", en="seals {ids} were changed"),
    "seal_removed": label(zh="封条 {ids} 被删除", en="seals {ids} were removed"),
    "checkpoint_changed": label(zh="检查点 {ids} 被改过", en="the checkpoint {ids} was changed"),
    "personal_changed": label(
        zh="个人信息的原文被改过（{detail}）", en="the text of a personal value was changed ({detail})"
    ),
    "key_unknown": label(
        zh="封条 {ids} 由未列出的密钥签署，没有任何封条为其担保：请在 ORDERKIT_SECRET_KEY 中补上当时的密钥（多个密钥用逗号分隔）；若没有这样的密钥，它们是伪造的",
        en="seals {ids} are signed by a key that is not listed, and nothing vouches for them: "
        "add the key of then to ORDERKIT_SECRET_KEY, after a comma; if there was none, they are forged",
    ),
    "head_missing": label(
        zh="链条中没有您保存的链头 {detail}：链尾被截断，或者整条链被重写",
        en="the chain does not have the head you kept, {detail}: its end was cut off, or it was written anew",
    ),
}
