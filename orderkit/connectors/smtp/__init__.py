"""The connector for electronic mail."""

from orderkit.connectors.smtp.connector import Smtp

TYPE = Smtp()
