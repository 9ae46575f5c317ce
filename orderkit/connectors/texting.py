"""What is sent as a text message to a phone, whichever the provider."""

from typing import Annotated

from orderkit.connectors.connector_type import Operation
from orderkit.model.labels import label
from orderkit.model.options import About, OptionModel


class Sms(OptionModel):
    """A text message. Providers send registered templates only; `args` fill them, in the order written."""

    phone: Annotated[str, About("手机号", "the phone", "=customer.phone")]
    template: Annotated[str, About("模板编号", "the registered template", "SMS_123456")]
    args: Annotated[
        dict[str, str] | None,
        About("模板参数，按书写顺序", "what fills the template, in the order written", "{no: =number}"),
    ] = None
    sign: Annotated[str | None, About("签名，默认用连接里的", "another signature", "某某五金")] = None


class Sent(OptionModel):
    """What comes back when a message was taken."""

    id: Annotated[str, About("回执编号", "its receipt")]


SEND = Operation(name="send", label=label(zh="发送短信", en="Send a text"), Arguments=Sms, Results=Sent)
