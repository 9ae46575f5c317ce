"""The connector for any system that speaks JSON over HTTP."""

from orderkit.connectors.http.connector import Http

TYPE = Http()
