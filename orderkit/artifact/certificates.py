"""The certificate and key of a server that speaks HTTPS itself: looked at before anything is opened."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import Label, label

ONE_WITHOUT_OTHER = Code(
    "OK8140",
    "tls-file-without-other",
    ERROR,
    since="0.1",
    explain="""
        A server needs both files to speak HTTPS: the certificate that it shows, and the key that proves it. Give
        `--tls-cert` and `--tls-key` together, or neither where a proxy speaks HTTPS.
    """,
    zh="服务器使用 HTTPS 需要两个文件：出示的证书，以及证明证书归属的私钥。请同时给出 `--tls-cert` 和 `--tls-key`；由代理负责 HTTPS 时两个都不要给。",
)
UNREADABLE = Code(
    "OK8141",
    "tls-file-unreadable",
    ERROR,
    since="0.1",
    explain="""
        The file that `--tls-cert` or `--tls-key` names is not there, is a folder, or may not be read by the user who
        runs the server. See the path; a key is often readable for root only, so give this user the right to it.
    """,
    zh="`--tls-cert` 或 `--tls-key` 所指的文件不存在、是目录，或运行服务器的用户无权读取。请检查路径；私钥常常只有 root 可读，请给该用户读取权限。",
)
WRONG_CONTENT = Code(
    "OK8142",
    "tls-file-wrong",
    ERROR,
    since="0.1",
    explain="""
        `--tls-cert` takes a certificate and `--tls-key` its private key, both as PEM: text whose first line is
        a line of dashes and BEGIN. The files may have been exchanged, be damaged
        or be of another kind; `openssl x509 -in FILE -out cert.pem` and `openssl pkey -in FILE -out key.pem` write
        them anew. A key with a password is refused, since nobody is there to type it when a server starts;
        `openssl pkey` takes the password away.
    """,
    zh="`--tls-cert` 需要证书，`--tls-key` 需要它的私钥，都是 PEM 文本：以一行连字符和 "
    "BEGIN 标记 开头。两个文件可能给反了、已损坏，或是别的格式；可用 `openssl x509 -in 文件 -out cert.pem` 和 "
    "`openssl pkey -in 文件 -out key.pem` 重新写出。带密码的私钥不被接受，因为服务器启动时没有人输入密码；`openssl pkey` 可去掉密码。",
)
NOT_A_PAIR = Code(
    "OK8143",
    "tls-files-no-pair",
    ERROR,
    since="0.1",
    explain="""
        The certificate was made for another key, so no browser would believe the server. After a renewal both files
        are new: name the two that were made together.
    """,
    zh="证书是为另一把私钥签发的，浏览器不会信任这台服务器。续签之后两个文件都是新的：请给出同一次生成的那两个。",
)

_CERTIFICATE_MARK = "-----BEGIN CERTIFICATE-----"
_KEY_MARK = "PRIVATE KEY-----"
_LOCKED_MARK = "ENCRYPTED"


class UnusableCertificate(OrderkitError):
    """The server cannot speak HTTPS with these files; see the message."""

    def __init__(self, code: Code, explain: Label) -> None:
        super().__init__(explain)
        self.known_as = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The two files, fit to be served with."""

    certificate: Path
    key: Path


def certificate_of(certificate: Path | None, key: Path | None) -> Certificate | None:
    """Return the files if a server can speak HTTPS with them; None when neither is given.

    Raises:
        UnusableCertificate: one is missing, cannot be read, is something else, or they do not fit each other.
    """
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise _one_without_other(has_certificate=certificate is not None)
    if _CERTIFICATE_MARK not in _text(certificate, "--tls-cert"):
        raise _wrong(certificate, "--tls-cert", label(zh="证书", en="certificate"))
    text = _text(key, "--tls-key")
    if _KEY_MARK not in text:
        raise _wrong(key, "--tls-key", label(zh="私钥", en="private key"))
    if _LOCKED_MARK in text:
        raise _locked(key)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        raise _unfit(certificate, key, error) from error
    return Certificate(certificate=certificate, key=key)


def _text(path: Path, option: str) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise UnusableCertificate(
            UNREADABLE,
            label(
                zh=f"无法读取 {path}（{error.strerror}）：请检查 {option} 的路径和读取权限",
                en=f"cannot read {path} ({error.strerror}): see the path of {option}, and the right to read it",
            ),
        ) from error


def _one_without_other(*, has_certificate: bool) -> UnusableCertificate:
    given, missing = ("--tls-cert", "--tls-key") if has_certificate else ("--tls-key", "--tls-cert")
    return UnusableCertificate(
        ONE_WITHOUT_OTHER,
        label(
            zh=f"给出了 {given}，却没有 {missing}：请两个都给出，或都不给",
            en=f"{given} is given without {missing}: give both, or neither",
        ),
    )


def _wrong(path: Path, option: str, wanted: Label) -> UnusableCertificate:
    return UnusableCertificate(
        WRONG_CONTENT,
        label(
            zh=f"{path} 里没有 PEM 格式的{wanted['zh']}：请检查 {option}，两个文件可能给反了",
            en=f"{path} holds no {wanted['en']} as PEM: see {option}; the two files may have been exchanged",
        ),
    )


def _locked(key: Path) -> UnusableCertificate:
    return UnusableCertificate(
        WRONG_CONTENT,
        label(
            zh=f"私钥 {key} 带有密码：请用 `openssl pkey -in {key} -out 新文件` 去掉密码，再用 --tls-key 给出新文件",
            en=f"the key {key} has a password: take it away with `openssl pkey -in {key} -out FILE`, and give that "
            "file with --tls-key",
        ),
    )


def _unfit(certificate: Path, key: Path, error: ssl.SSLError) -> UnusableCertificate:
    if error.reason == "KEY_VALUES_MISMATCH":
        return UnusableCertificate(
            NOT_A_PAIR,
            label(
                zh=f"私钥 {key} 不属于证书 {certificate}：请给出同一次生成的两个文件",
                en=f"the key {key} is not that of the certificate {certificate}: name the two that were made together",
            ),
        )
    return UnusableCertificate(
        WRONG_CONTENT,
        label(
            zh=f"证书 {certificate} 或私钥 {key} 已损坏，或强度不足（{error.reason}）：请重新导出或签发",
            en=f"the certificate {certificate} or the key {key} is damaged or too weak ({error.reason}): "
            "export or issue them anew",
        ),
    )
