"""Text messages through Alibaba Cloud."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.pending import PendingConnector
from orderkit.connectors.texting import SEND
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The account, and the signature that stands before each text."""

    access_key_id: Annotated[str, About("AccessKey ID", "the key", '"${ALIYUN_KEY_ID}"')]
    access_key_secret: Annotated[SecretStr, About("AccessKey 密钥", "its secret", '"${ALIYUN_KEY_SECRET}"')]
    sign: Annotated[str, About("短信签名", "the signature", "某某五金")]
    base_url: Annotated[str | None, About("接口地址", "another address of the API", "https://…")] = None


class SmsAliyun(PendingConnector):
    """Text messages through Alibaba Cloud."""

    name = "sms_aliyun"
    label = labels.label(zh="阿里云短信", en="Alibaba Cloud SMS")
    description = labels.label(zh="通过阿里云发短信", en="Sends text messages through Alibaba Cloud")
    Settings = Settings
    operations: ClassVar = {SEND.name: SEND}


TYPE = SmsAliyun()
