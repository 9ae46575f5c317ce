"""Text messages through Tencent Cloud."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.pending import PendingConnector
from orderkit.connectors.texting import SEND
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The account, the app of the text messages, and the signature that stands before each text."""

    secret_id: Annotated[str, About("SecretId", "the key", '"${TENCENT_SECRET_ID}"')]
    secret_key: Annotated[SecretStr, About("SecretKey", "its secret", '"${TENCENT_SECRET_KEY}"')]
    sdk_app_id: Annotated[str, About("短信应用 ID", "the app", '"1400006666"')]
    sign: Annotated[str, About("短信签名", "the signature", "某某五金")]
    region: Annotated[str, About("地域", "the region", "ap-beijing")] = "ap-guangzhou"
    base_url: Annotated[str | None, About("接口地址", "another address of the API", "https://…")] = None


class SmsTencent(PendingConnector):
    """Text messages through Tencent Cloud."""

    name = "sms_tencent"
    label = labels.label(zh="腾讯云短信", en="Tencent Cloud SMS")
    description = labels.label(zh="通过腾讯云发短信", en="Sends text messages through Tencent Cloud")
    Settings = Settings
    operations: ClassVar = {SEND.name: SEND}


TYPE = SmsTencent()
