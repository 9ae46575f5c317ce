"""What `sign_in` of the project says, checked, with its defaults."""

from orderkit.language.compile.names.collecting import Named
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.names.single_sign_on import read_provider
from orderkit.language.findings import ERROR, Code
from orderkit.language.spec import Key, Reading
from orderkit.language.spec.parts import signing_in as words
from orderkit.language.spec.words import Written
from orderkit.model.labels import label
from orderkit.model.roles import ADMIN, EVERYONE
from orderkit.model.signing_in import STANDARD, SignIn
from orderkit.model.values.durations import TimeSpan

SIGN_IN_TIMES = Code(
    "OK2007",
    "sign-in-times",
    ERROR,
    since="0.1",
    explain="""
    A time of `sign_in` cannot be kept: a session that ends within five minutes lets nobody work, one that
    may be unused for longer than it lasts says two things, a password that ends within a day is
    changed all day, and so is a token.
    ~~~yaml bad
    # orderkit.yaml
    project: shop
    sign_in: {idle: 12h, longest: 8h}
    ~~~
    ~~~yaml good
    # orderkit.yaml
    project: shop
    sign_in: {idle: 30min, longest: 8h}
    ~~~""",
    zh="`sign_in` 的时长行不通：登录不足五分钟、闲置时长超过登录时长，或密码、令牌不到一天就过期。",
)
_SHORTEST_SECONDS = 300
_DAY_SECONDS = 86_400


def read_sign_in(written: Written | None, named: Named, reading: Reading) -> SignIn:
    """Return the rules of signing in; what cannot hold is reported and left at its default."""
    plain = STANDARD
    if written is None or written.is_broken:
        return plain
    idle = _seconds(written, words.IDLE, _SHORTEST_SECONDS, reading) or plain.idle_seconds
    longest = _seconds(written, words.LONGEST, _SHORTEST_SECONDS, reading) or plain.longest_seconds
    if idle > longest:
        if words.IDLE in written:
            reading.report(
                SIGN_IN_TIMES,
                written.value_of(words.IDLE),
                label(
                    zh="`idle` 比 `longest` 还长，永远到不了",
                    en="`idle` is longer than `longest`, so it is never reached",
                ),
                label(
                    zh="`idle` 写得短些，或 `longest` 写得长些", en="make `idle` shorter, or `longest` longer"
                ),
            )
        idle = longest
    length, history = written[words.PASSWORD_LENGTH], written[words.PASSWORD_HISTORY]
    return SignIn(
        password_length=plain.password_length if length is None else length,
        password_history=plain.password_history if history is None else history,
        password_expires_seconds=_seconds(written, words.PASSWORD_EXPIRES, _DAY_SECONDS, reading),
        second_factor=_roles(written, named, reading),
        idle_seconds=idle,
        longest_seconds=longest,
        token_longest_seconds=_seconds(written, words.TOKEN_LONGEST, _DAY_SECONDS, reading)
        or plain.token_longest_seconds,
        leaked_passwords=written[words.LEAKED_PASSWORDS],
        oidc=read_provider(written[words.OIDC], named, reading),
    )


def _seconds(written: Written, key: Key[TimeSpan], least: int, reading: Reading) -> int | None:
    span = written[key]
    if span is None or span.seconds >= least:
        return None if span is None else span.seconds
    shortest = "1d" if least == _DAY_SECONDS else "5min"
    reading.report(
        SIGN_IN_TIMES,
        written.value_of(key),
        label(zh=f"`{key.name}` 至少是 {shortest}", en=f"`{key.name}` is at least {shortest}"),
        label(zh=f"例如写 `{key.example}`", en=f"write, for example, `{key.example}`"),
    )
    return None


def _roles(written: Written, named: Named, reading: Reading) -> tuple[str, ...]:
    known = {**named.of("role"), ADMIN: None, EVERYONE: None}
    roles = []
    for node in written[words.SECOND_FACTOR] or ():
        if node.text not in known:
            report_unknown(reading, node, "role", known)
            continue
        if node.text in named.of("role"):
            reading.mentions.name("role", node.text, node)
        roles.append(node.text)
    return tuple(dict.fromkeys(roles))
