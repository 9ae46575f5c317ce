"""JSON Schemas of the YAML files, made from the words and the catalog, for editors and other tools.

They say less than `check` does: what names refer to and whether expressions fit is left to it. What
`check` accepts, they accept.
"""

from orderkit.language.schema.files import schema_files, written
from orderkit.language.schema.values import json_value, read_value

__all__ = ["json_value", "read_value", "schema_files", "written"]
