"""What is said when signing in at a provider fails: what happened, why, and how it is mended. No detail of a token."""

import re

from orderkit.model.errors import ConnectorFailed, Denied
from orderkit.model.labels import label, text_of
from orderkit.model.signing_in import IdentityProvider

_CODE = re.compile(r"[a-z][a-z_]{0,40}")


def unreachable(provider: IdentityProvider, error: Exception) -> ConnectorFailed:
    """The provider does not answer, or answers what is none of the protocol."""
    zh, en, reason = text_of(provider.label, "zh"), text_of(provider.label, "en"), type(error).__name__
    if isinstance(error, ValueError | KeyError | TypeError):
        return ConnectorFailed(
            label(
                zh=f"“{zh}”返回的内容不对（{reason}），现在不能用它登录；请管理员核对 orderkit.yaml 中的 issuer",
                en=f"What {en} answered cannot be used ({reason}), so it signs nobody in; "
                "an administrator compares `issuer` in orderkit.yaml with what the provider says",
            )
        )
    return ConnectorFailed(
        label(
            zh=f"“{zh}”没有响应（{reason}），现在不能用它登录；请稍后再试，仍不行请告诉管理员",
            en=f"{en} does not answer ({reason}), so it signs nobody in right now; "
            "try again in a moment, and tell an administrator if it stays so",
        )
    )


def misconfigured(provider: IdentityProvider, code: str) -> ConnectorFailed:
    """The provider does not know the app, or not its secret."""
    zh, en, shown = text_of(provider.label, "zh"), text_of(provider.label, "en"), _shown(code)
    return ConnectorFailed(
        label(
            zh=f"“{zh}”拒绝了本应用（{shown}）；请管理员核对 client_id、client_secret 和登记的回调地址",
            en=f"{en} refused this app ({shown}); an administrator checks `client_id`, `client_secret` "
            "and the callback address that is registered there",
        ),
        is_permanent=True,
    )


def secret_missing(name: str) -> ConnectorFailed:
    """The secret is not in the environment."""
    return ConnectorFailed(
        label(
            zh=f"没有设置环境变量 {name}，不能单点登录；请管理员设置后重新启动",
            en=f"The environment variable {name} is not set, so single sign-on does not work; "
            "an administrator sets it and starts the app again",
        ),
        is_permanent=True,
    )


def start_again(provider: IdentityProvider) -> Denied:
    """What came back belongs to no attempt of this browser, or comes too late."""
    zh, en = text_of(provider.label, "zh"), text_of(provider.label, "en")
    return Denied(
        label(
            zh=f"这次登录已过期、已用过，或不是从这个浏览器开始的；请重新点“{zh}”",
            en=f"This sign-in is over, was used, or did not begin in this browser; begin again with {en}",
        )
    )


def paused() -> Denied:
    """Too many have failed from this address."""
    return Denied(
        label(
            zh="失败的次数太多，请等一会儿再试",
            en="There were too many failures; wait a while before trying again",
        )
    )


def not_believed(provider: IdentityProvider) -> Denied:
    """The ID token is not to be believed."""
    zh, en = text_of(provider.label, "zh"), text_of(provider.label, "en")
    return Denied(
        label(
            zh=f"“{zh}”给出的身份证明没有通过核对，没有登录；请重试，仍不行请管理员查看日志（签名、客户端或时钟）",
            en=f"The proof that {en} gave did not pass the checks, so nobody was signed in; try again, and if it "
            "stays so an administrator looks into the log (signature, client or clock)",
        )
    )


def refused_there(provider: IdentityProvider, code: str) -> Denied:
    """The provider says that nobody was signed in."""
    zh, en, shown = text_of(provider.label, "zh"), text_of(provider.label, "en"), _shown(code)
    return Denied(
        label(
            zh=f"“{zh}”没有让您登录（{shown}）；请重试，或请那里的管理员允许您使用本应用",
            en=f"{en} did not sign you in ({shown}); try again, or ask its administrator to let you use this app",
        )
    )


def no_account(provider: IdentityProvider) -> Denied:
    """There is no account for this person, and none is made."""
    zh, en = text_of(provider.label, "zh"), text_of(provider.label, "en")
    return Denied(
        label(
            zh=f"“{zh}”确认了您的身份，但这里没有您的账号；请管理员为您创建",
            en=f"{en} knows you, but there is no account for you here; ask an administrator to make one",
        )
    )


def claim_missing(provider: IdentityProvider, claim: str) -> Denied:
    """Something is missing without which no account is made."""
    zh, en = text_of(provider.label, "zh"), text_of(provider.label, "en")
    return Denied(
        label(
            zh=f"“{zh}”没有给出 {claim}，无法创建账号；请管理员在那里加上它，或改 orderkit.yaml 中的 login",
            en=f"{en} does not say `{claim}`, so no account can be made; an administrator adds it there, "
            "or names another claim as `login` in orderkit.yaml",
        )
    )


def taken(provider: IdentityProvider) -> Denied:
    """The account that fits belongs to another identity of the provider, or several fit."""
    zh, en = text_of(provider.label, "zh"), text_of(provider.label, "en")
    return Denied(
        label(
            zh=f"这里的账号没有与您在“{zh}”的身份对应，不能自动关联；请管理员核对后用 orderkit user unlink 解除旧的关联",
            en=f"The account that fits is not free for your identity at {en}; an administrator looks who it belongs "
            "to, and takes an old link away with `orderkit user unlink`",
        )
    )


def _shown(code: str) -> str:
    """Return an error code of the protocol; anything else that came in is not shown."""
    return code if _CODE.fullmatch(code) else "error"
