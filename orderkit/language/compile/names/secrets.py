"""What must not stand in a file: passwords and keys, which are read from the environment as `${NAME}`."""

import re

from orderkit.language.findings import ERROR, Code

SECRET_IN_FILE = Code(
    "OK7001",
    "secret-in-file",
    ERROR,
    since="0.1",
    explain="""
    A password, token or key stands in the file, and so in git. Write `${NAME}`; it is read from the environment
    or a secrets folder when the app runs.
    ~~~yaml bad
    connection: finance
    connector: http
    settings: {base_url: "https://example.com", headers: {Authorization: "Bearer abcdef0123456789abcdef"}}
    # orderkit.yaml
    project: shop
    channels: {inbox: built_in, partner: finance}
    ~~~
    ~~~yaml good
    connection: finance
    connector: http
    settings: {base_url: "https://example.com", headers: {Authorization: "Bearer ${FINANCE_TOKEN}"}}
    # orderkit.yaml
    project: shop
    channels: {inbox: built_in, partner: finance}
    ~~~""",
    zh="密码、令牌或密钥写在了文件里，也就进了 git。请写 `${NAME}`，运行时从环境变量或密钥文件夹读取。",
)

_SECRET_NAME = re.compile(
    r"(?i)password|passwd|secret|token|authorization|api_?key|apikey|app_?key|access_?key"
)
_ENVIRONMENT = re.compile(r"\$\{[A-Z][A-Z0-9_]*\}")
_LOOKS_LIKE_KEY = re.compile(
    r"(?i)(sk|ak|akid|ltai|ghp|xox[bp])[-_]?[a-z0-9]{16,}|[a-f0-9]{32,}|eyJ[\w-]{20,}.*"
)


def looks_like_secret(name: str, text: str) -> bool:
    """Whether a value, by its name or its look, is a password or key that is not read from the environment."""
    is_secret = _SECRET_NAME.search(name) is not None or _LOOKS_LIKE_KEY.fullmatch(text) is not None
    return is_secret and _ENVIRONMENT.search(text) is None


def is_from_environment(text: str) -> bool:
    """Whether a value is `${NAME}` and nothing else."""
    return _ENVIRONMENT.fullmatch(text) is not None
