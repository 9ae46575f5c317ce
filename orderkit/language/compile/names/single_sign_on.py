"""What `oidc` of `sign_in` says, checked: a secret stands in no file, and groups lead to roles that are there."""

from types import MappingProxyType

from orderkit.language.compile.names.collecting import Named
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.names.secrets import SECRET_IN_FILE, is_from_environment
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Reading
from orderkit.language.spec.parts import single_sign_on as words
from orderkit.language.spec.words import Written
from orderkit.model.labels import label
from orderkit.model.roles import ADMIN
from orderkit.model.signing_in import IdentityProvider, LinkBy

_OPENID = "openid"


def read_provider(written: Written | None, named: Named, reading: Reading) -> IdentityProvider | None:
    """Return the provider; None where there is none, or where it could not be read."""
    if written is None or written.is_broken:
        return None
    issuer, client_id = written[words.ISSUER], written[words.CLIENT_ID]
    secret = _secret(written, reading)
    roles = {group.text: _roles(nodes, named, reading) for group, nodes in written[words.ROLES] or ()}
    if issuer is None or client_id is None:
        return None
    plain = IdentityProvider(issuer=issuer, client_id=client_id)
    scopes = written[words.SCOPES] or plain.scopes
    link_by = written[words.LINK_BY]
    return IdentityProvider(
        issuer=issuer,
        client_id=client_id,
        client_secret=secret,
        # Without this one it would be no OpenID Connect, and nobody would say who has come.
        scopes=tuple(dict.fromkeys((_OPENID, *scopes))),
        login=written[words.LOGIN] or plain.login,
        name=written[words.NAME_] or plain.name,
        email=written[words.EMAIL] or plain.email,
        groups=written[words.GROUPS] or plain.groups,
        roles=MappingProxyType(roles),
        link_by=None if link_by is None else LinkBy(link_by),
        create=written.flag(words.CREATE),
        second_factor=written.flag(words.SECOND_FACTOR),
        only=written.flag(words.ONLY),
        label=written[words.LABEL_] or plain.label,
    )


def _secret(written: Written, reading: Reading) -> str | None:
    node = written[words.CLIENT_SECRET]
    if node is None or is_from_environment(node.text):
        return None if node is None else node.text
    reading.report(
        SECRET_IN_FILE,
        node,
        label(zh="密码或密钥不能写在文件里", en="a password or key must not stand in a file"),
        label(
            zh="写 `${名称}`，运行时从环境变量读取",
            en="write `${NAME}`; it is read from the environment at run time",
        ),
    )
    return None


def _roles(nodes: tuple[ScalarNode, ...], named: Named, reading: Reading) -> tuple[str, ...]:
    known = {**named.of("role"), ADMIN: None}
    roles = []
    for node in nodes:
        if node.text not in known:
            report_unknown(reading, node, "role", known)
            continue
        if node.text in named.of("role"):
            reading.mentions.name("role", node.text, node)
        roles.append(node.text)
    return tuple(dict.fromkeys(roles))
