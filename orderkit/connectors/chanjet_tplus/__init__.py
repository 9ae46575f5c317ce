"""Chanjet T+ (畅捷通 T+), through its open platform."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.bookkeeping import INVENTORY, SAVE_ORDER, SAVE_VOUCHER, named
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The app of the open platform. A certificate belongs to an app that one company made for itself."""

    app_key: Annotated[str, About("应用 Key", "the app", '"${TPLUS_APP_KEY}"')]
    app_secret: Annotated[SecretStr, About("应用密钥", "its secret", '"${TPLUS_APP_SECRET}"')]
    certificate: Annotated[
        SecretStr | None,
        About("自建应用的授权证书", "the certificate of a company's own app", '"${TPLUS_CERT}"'),
    ] = None
    base_url: Annotated[str | None, About("开放平台地址", "another address of the platform", "https://…")] = (
        None
    )


class ChanjetTPlus(PendingConnector):
    """Chanjet T+ (畅捷通 T+), through its open platform."""

    name = "chanjet_tplus"
    label = labels.label(zh="畅捷通 T+", en="Chanjet T+")
    description = labels.label(
        zh="畅捷通 T+ 的凭证、销售订单和库存", en="Vouchers, sales orders and stock of Chanjet T+"
    )
    Settings = Settings
    operations: ClassVar = named(SAVE_VOUCHER, SAVE_ORDER, INVENTORY)


TYPE = ChanjetTPlus()
