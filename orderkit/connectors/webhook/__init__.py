"""Signed webhooks to another system, as Standard Webhooks and CloudEvents describe them."""

from typing import Annotated, ClassVar

from pydantic import JsonValue, SecretStr

from orderkit.connectors.connector_type import Operation
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """Where it goes, and the secret by which the receiver knows us."""

    url: Annotated[str, About("接收地址", "where it goes", '"${PARTNER_HOOK}"')]
    secret: Annotated[
        SecretStr, About("签名密钥（whsec_…）", "what it is signed with", '"${PARTNER_SECRET}"')
    ]
    cloud_events: Annotated[bool, About("按 CloudEvents 加标头", "adds headers of CloudEvents", "true")] = (
        False
    )
    allow_private_network: Annotated[
        bool, About("允许内网地址", "permits addresses of private networks", "true")
    ] = False


class Event(OptionModel):
    """What is told."""

    type: Annotated[str, About("事件类型", "what happened", "order.shipped")]
    body: Annotated[JsonValue, About("JSON 正文", "the JSON that is sent", '{no: "{number}"}')]


class Told(OptionModel):
    """What comes back."""

    status: Annotated[int, About("HTTP 状态", "the HTTP status")]


class Webhook(PendingConnector):
    """Signed webhooks: a repeated one has the same id, by which the receiver knows it."""

    name = "webhook"
    label = labels.label(zh="Webhook", en="Webhook")
    description = labels.label(zh="向对方推送带签名的事件", en="Tells another system of events, signed")
    Settings = Settings
    operations: ClassVar = {
        "send": Operation(
            name="send",
            label=labels.label(zh="推送事件", en="Tell of an event"),
            Arguments=Event,
            Results=Told,
        )
    }


TYPE = Webhook()
