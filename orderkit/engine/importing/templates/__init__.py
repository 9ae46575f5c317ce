"""Templates to fill in: workbooks that say what belongs where, for any form or `import`."""

from orderkit.engine.importing.templates.workbook import write_template

__all__ = ["write_template"]
