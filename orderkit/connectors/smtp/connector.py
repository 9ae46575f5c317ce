"""One mail, one connection: composed, handed to the mail server, and what the server said of it."""

import hashlib
import smtplib
import ssl
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Annotated, Any, ClassVar, cast

from pydantic import BeforeValidator, Field, SecretStr, create_model

from orderkit.connectors.connector_type import Answer, Call, ConnectorType, Operation
from orderkit.model import labels
from orderkit.model.errors import ConnectorFailed
from orderkit.model.options import About, OptionModel

_STAND_IN = 587


def _port(value: object) -> object:
    # While a project is checked, the environment is not there yet.
    return _STAND_IN if isinstance(value, str) and value.startswith("${") else value


class Server(OptionModel):
    """The mail server. `starttls` encrypts a plain connection, `tls` is encrypted from the start."""

    host: Annotated[str, About("邮件服务器", "the mail server", "smtp.example.com")]
    port: Annotated[int, BeforeValidator(_port), Field(ge=1, le=65535), About("端口", "its port", "465")] = (
        _STAND_IN
    )
    username: Annotated[str | None, About("用户名", "the user name", "orders@example.com")] = None
    password: Annotated[SecretStr | None, About("密码", "the password", '"${SMTP_PASSWORD}"')] = None
    starttls: Annotated[bool, About("用 STARTTLS 加密", "encrypts a plain connection", "false")] = True
    tls: Annotated[bool, About("一开始就加密", "encrypted from the start", "true")] = False

    @property
    def sender(self) -> str:
        """The address that mails come from."""
        return str(getattr(self, _FROM))


# The word of the language is a word of Python too, so it cannot be written as a field.
_FROM = "from"
_MORE: dict[str, Any] = {
    _FROM: (Annotated[str, About("发件地址", "the address that mails come from", "orders@example.com")], ...)
}
Settings: type[Server] = create_model("Settings", __base__=Server, **_MORE)


class Mail(OptionModel):
    """What is sent."""

    to: Annotated[tuple[str, ...] | str, About("收件地址", "who receives it", "=customer.email")]
    subject: Annotated[str, Field(max_length=500), About("主题", "the subject", '"订单 {number}"')] = ""
    text: Annotated[str, About("正文", "the text", '"您的订单 {number} 已发货。"')]


class Smtp(ConnectorType):
    """Mail over SMTP. A repeated mail carries the same Message-ID, by which mailboxes know it."""

    name = "smtp"
    label = labels.label(zh="邮件（SMTP）", en="Mail (SMTP)")
    description = labels.label(zh="通过 SMTP 服务器发送邮件", en="Sends mail through an SMTP server")
    Settings = Settings
    operations: ClassVar = {
        "send": Operation(name="send", label=labels.label(zh="发送邮件", en="Send a mail"), Arguments=Mail)
    }

    def call(self, settings: OptionModel, call: Call) -> Answer:
        """Hand one mail to the server. `result.message_id` is its Message-ID."""
        configured = cast("Server", settings)
        mail = Mail.model_validate(dict(call.arguments))
        recipients = (mail.to,) if isinstance(mail.to, str) else mail.to
        message = _compose(configured, mail, recipients, call.key)
        account = f"MAIL to {len(recipients)} at {configured.host}:{configured.port} key={call.key}"
        refused = _send(configured, message, call.timeout_seconds, account)
        summary = f"{account} → accepted" if not refused else f"{account} → accepted, {len(refused)} refused"
        return Answer(result={"message_id": message["Message-ID"]}, summary=summary)


def _compose(settings: Server, mail: Mail, recipients: tuple[str, ...], key: str) -> EmailMessage:
    message = EmailMessage()
    try:
        message["From"] = settings.sender
        message["To"] = ", ".join(recipients)
        message["Subject"] = mail.subject
    except (ValueError, HeaderParseError) as error:
        raise ConnectorFailed(
            labels.label(
                zh="收件人或主题含有不允许的字符",
                en="recipient or subject holds characters that are not allowed",
            ),
            is_permanent=True,
        ) from error
    if not recipients or any("@" not in parseaddr(each)[1] for each in recipients):
        raise ConnectorFailed(
            labels.label(zh="没有有效的收件地址", en="there is no valid mail address to send to"),
            is_permanent=True,
        )
    domain = parseaddr(settings.sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
    message["Date"] = formatdate()
    message.set_content(mail.text)
    return message


def _send(
    settings: Server, message: EmailMessage, timeout_seconds: float, account: str
) -> dict[str, tuple[int, bytes]]:
    try:
        server = _connected(settings, timeout_seconds)
    except smtplib.SMTPException as error:
        raise _failed(error, account, before_data=True) from error
    except OSError as error:
        raise ConnectorFailed(
            labels.label(
                zh=f"连接不上邮件服务器（{type(error).__name__}）",
                en=f"no connection ({type(error).__name__})",
            ),
            summary=f"{account} → {type(error).__name__}",
        ) from error
    try:
        return server.send_message(message)
    except smtplib.SMTPException as error:
        raise _failed(error, account, before_data=False) from error
    except OSError as error:
        raise ConnectorFailed(
            labels.label(zh="邮件服务器没有答完", en="the mail server did not answer completely"),
            is_outcome_unknown=True,
            summary=f"{account} → {type(error).__name__}",
        ) from error
    finally:
        server.close()


def _connected(settings: Server, timeout_seconds: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if settings.tls:
        server = smtplib.SMTP_SSL(settings.host, settings.port, timeout=timeout_seconds, context=context)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=timeout_seconds)
    try:
        if settings.starttls and not settings.tls:
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if settings.username is not None and settings.password is not None:
            server.login(settings.username, settings.password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _failed(error: smtplib.SMTPException, account: str, *, before_data: bool) -> ConnectorFailed:
    code = _code_of(error)
    # Without an answer after the message began, the server may have taken it.
    is_unknown = code is None and not before_data
    is_permanent = (code is not None and code >= 500) or isinstance(error, smtplib.SMTPNotSupportedError)
    reason = type(error).__name__ if code is None else f"{type(error).__name__} {code}"
    return ConnectorFailed(
        labels.label(zh=f"邮件服务器拒绝了（{reason}）", en=f"the mail server refused ({reason})"),
        is_permanent=is_permanent,
        is_outcome_unknown=is_unknown,
        summary=f"{account} → {reason}",
    )


def _code_of(error: smtplib.SMTPException) -> int | None:
    if isinstance(error, smtplib.SMTPResponseException):
        # smtplib reads a line that is no answer as -1.
        return error.smtp_code if error.smtp_code > 0 else None
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    return None
