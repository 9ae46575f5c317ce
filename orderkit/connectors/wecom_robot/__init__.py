"""WeCom robot of a chat group."""

from typing import ClassVar

from orderkit.connectors.chatting import SEND, UnsignedRobot
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels


class WeComRobot(PendingConnector):
    """WeCom robot: writes into one group."""

    name = "wecom_robot"
    label = labels.label(zh="企业微信群机器人", en="WeCom robot")
    description = labels.label(zh="向一个群发消息", en="Writes into one group")
    Settings = UnsignedRobot
    operations: ClassVar = {SEND.name: SEND}


TYPE = WeComRobot()
