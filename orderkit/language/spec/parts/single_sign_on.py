"""The words of `oidc` in `sign_in`: who proves at a company's own provider who people are, and what follows."""

from orderkit.language.spec.readers import (
    FLAG,
    LABEL,
    NAME,
    ONE_OR_MORE_NAMES,
    TEXT,
    ListOf,
    MapOf,
    OneOf,
    Shaped,
)
from orderkit.language.spec.words import Key, Words
from orderkit.model.labels import label
from orderkit.model.signing_in import LinkBy

# Over plain HTTP only a provider of this machine is believed, for trying things out.
_ISSUER = r"(https://[^\s/?#@]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?)(/[^\s?#]*)?"

ISSUER = Key(
    "issuer",
    Shaped(_ISSUER, label(zh="身份提供方的地址", en="the address of a provider"), "https://id.example.com"),
    label(
        zh="身份提供方的地址，与它自己公布的完全相同",
        en="the provider's address, exactly as it says it itself",
    ),
    required=True,
    example='"https://id.example.com/realms/company"',
)
CLIENT_ID = Key(
    "client_id",
    TEXT,
    label(zh="在身份提供方登记的客户端 ID", en="as what the app is registered there"),
    required=True,
    example="orderkit",
)
CLIENT_SECRET = Key(
    "client_secret",
    NAME,
    label(
        zh="客户端密钥，写 `${名称}`；不写则只用 PKCE",
        en="the client's secret as `${NAME}`; without one the client is public, with PKCE",
    ),
    example='"${OIDC_SECRET}"',
)
SCOPES = Key(
    "scopes",
    ListOf(TEXT),
    label(zh="请求的范围", en="what is asked for"),
    default="[openid, profile, email]",
    example="[openid, profile, email, groups]",
)
LOGIN = Key(
    "login",
    TEXT,
    label(zh="哪个声明是登录名", en="the claim that is the login name"),
    default="preferred_username",
    example="upn",
)
NAME_ = Key(
    "name",
    TEXT,
    label(zh="哪个声明是姓名", en="the claim that is the name"),
    default="name",
    example="display_name",
)
EMAIL = Key(
    "email",
    TEXT,
    label(zh="哪个声明是邮箱", en="the claim that is the e-mail"),
    default="email",
    example="mail",
)
GROUPS = Key(
    "groups",
    TEXT,
    label(zh="哪个声明是所在的组", en="the claim that holds the groups"),
    default="groups",
    example="realm_access.roles",
)
ROLES = Key(
    "roles",
    MapOf(ONE_OR_MORE_NAMES),
    label(
        zh="组 → 角色；每次登录都更新，未写到的角色不变",
        en="group → roles, renewed at each sign-in; other roles stay",
    ),
    example="{order-desk: [sales], it: [admin]}",
)
LINK_BY = Key(
    "link_by",
    OneOf(tuple(LinkBy)),
    label(
        zh="首次登录时按什么找到已有的账号：`email`（须已验证）或 `login`",
        en="how an account from before is found the first time: a verified `email`, or `login`",
    ),
    example="email",
)
CREATE = Key(
    "create", FLAG, label(zh="没有账号时自动创建", en="makes an account for whoever has none"), example="true"
)
SECOND_FACTOR = Key(
    "second_factor",
    FLAG,
    label(zh="登录后还要本应用的验证码", en="asks for this app's code as well"),
    example="true",
)
ONLY = Key("only", FLAG, label(zh="不再接受密码登录", en="takes no passwords any more"), example="true")
LABEL_ = Key(
    "label",
    LABEL,
    label(zh="按钮上的名称", en="what the button calls it"),
    default="{zh: 单点登录, en: single sign-on}",
    example="{zh: 公司账号, en: the company account}",
)
OIDC_WORDS = Words(
    name=label(zh="单点登录", en="oidc"),
    about=label(
        zh="公司的身份提供方（OpenID Connect）：由它确认身份，组决定角色",
        en="the company's own provider (OpenID Connect): it says who people are, its groups give roles",
    ),
    keys=(
        LABEL_,
        ISSUER,
        CLIENT_ID,
        CLIENT_SECRET,
        SCOPES,
        LOGIN,
        NAME_,
        EMAIL,
        GROUPS,
        ROLES,
        LINK_BY,
        CREATE,
        SECOND_FACTOR,
        ONLY,
    ),
)
