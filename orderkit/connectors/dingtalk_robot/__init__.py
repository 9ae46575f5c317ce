"""DingTalk robot of a chat group."""

from typing import ClassVar

from orderkit.connectors.chatting import SEND, Robot
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels


class DingTalkRobot(PendingConnector):
    """DingTalk robot: writes into one group."""

    name = "dingtalk_robot"
    label = labels.label(zh="钉钉群机器人", en="DingTalk robot")
    description = labels.label(zh="向一个群发消息", en="Writes into one group")
    Settings = Robot
    operations: ClassVar = {SEND.name: SEND}


TYPE = DingTalkRobot()
