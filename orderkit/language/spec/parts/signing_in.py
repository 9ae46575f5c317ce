"""The words of `sign_in`: what a project demands of those who sign in."""

from orderkit.language.spec.parts.single_sign_on import OIDC_WORDS
from orderkit.language.spec.readers import NAMES, STOPWATCH, Shaped, Whole
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

PASSWORD_LENGTH = Key(
    "password_length",
    Whole(8, 64),
    label(zh="密码至少几个字符", en="how many characters a password has at least"),
    default="8",
    example="12",
)
PASSWORD_HISTORY = Key(
    "password_history",
    Whole(0, 24),
    label(zh="不能重复使用最近几个密码", en="how many earlier passwords may not come back"),
    default="0",
    example="5",
)
PASSWORD_EXPIRES = Key(
    "password_expires",
    STOPWATCH,
    label(zh="密码多久后须更换；不写则不过期", en="after how long a password must be changed; never without"),
    example="90d",
)
SECOND_FACTOR = Key(
    "second_factor",
    NAMES,
    label(
        zh="哪些角色登录时还须验证码；`everyone` 是所有人",
        en="the roles whose people also need a code; `everyone` is all",
    ),
    example="[admin, finance]",
)
IDLE = Key(
    "idle",
    STOPWATCH,
    label(zh="多久不使用就退出登录", en="how long unused until a session ends"),
    default="8h",
    example="30min",
)
LONGEST = Key(
    "longest",
    STOPWATCH,
    label(zh="登录最多保持多久", en="how long a session lasts at most"),
    default="24h",
    example="12h",
)
TOKEN_LONGEST = Key(
    "token_longest",
    STOPWATCH,
    label(zh="API 令牌最长的有效期", en="how long an API token holds at most"),
    default="365d",
    example="90d",
)
LEAKED_PASSWORDS = Key(
    "leaked_passwords",
    Shaped(
        r"(?!.*(^|/)\.\.(/|$))[^/\\:\s][^\\:]*",
        label(zh="项目文件夹内的路径", en="a path inside the project's folder"),
        "var/leaked-passwords.txt",
    ),
    label(
        zh="已泄露密码的文件（SHA-1，已排序）：其中的密码不能使用",
        en="a sorted file of SHA-1 digests of leaked passwords, which nobody may choose",
    ),
    example="var/leaked-passwords.txt",
)
OIDC = Key(
    "oidc",
    Nested(OIDC_WORDS),
    label(
        zh="用公司的身份提供方登录（OpenID Connect）",
        en="signing in at the company's own provider (OpenID Connect)",
    ),
    example='{issuer: "https://id.example.com", client_id: orderkit, client_secret: "${OIDC_SECRET}"}',
)
SIGN_IN = Words(
    name=label(zh="登录规则", en="sign_in"),
    about=label(zh="密码、验证码和登录时长的规则", en="rules for passwords, codes and sessions"),
    keys=(
        PASSWORD_LENGTH,
        PASSWORD_HISTORY,
        PASSWORD_EXPIRES,
        LEAKED_PASSWORDS,
        SECOND_FACTOR,
        IDLE,
        LONGEST,
        TOKEN_LONGEST,
        OIDC,
    ),
)
