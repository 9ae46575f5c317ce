"""One mail, one connection: composed, handed to the mail server, and what the server said of it."""

import hashlib
import smtplib
import ssl
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from orderkit.connectors.smtp.connector import Mail, Server
from orderkit.model import labels
from orderkit.model.errors import ConnectorFailed


def compose(settings: Server, mail: Mail, recipients: tuple[str, ...], key: str) -> EmailMessage:
    """Return the mail. Raises ConnectorFailed for what no server would take."""
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


def send(
    settings: Server, message: EmailMessage, timeout_seconds: float, account: str
) -> dict[str, tuple[int, bytes]]:
    """Hand the mail to the server; return which recipients it refused. Raises ConnectorFailed."""
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
