"""Mail as a project sees it: the settings of its server, and what a mail consists of."""

from typing import Annotated, Any, ClassVar, cast

from pydantic import BeforeValidator, Field, SecretStr, create_model

from orderkit.connectors.connector_type import Answer, Call, ConnectorType, Operation
from orderkit.model import labels
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
        # Here, so that checking a project needs nothing that sends mail.
        from orderkit.connectors.smtp.sending import compose, send  # noqa: PLC0415

        configured = cast("Server", settings)
        mail = Mail.model_validate(dict(call.arguments))
        recipients = (mail.to,) if isinstance(mail.to, str) else mail.to
        message = compose(configured, mail, recipients, call.key)
        account = f"MAIL to {len(recipients)} at {configured.host}:{configured.port} key={call.key}"
        refused = send(configured, message, call.timeout_seconds, account)
        summary = f"{account} → accepted" if not refused else f"{account} → accepted, {len(refused)} refused"
        return Answer(result={"message_id": message["Message-ID"]}, summary=summary)
