"""The row rules. Importing this package registers them: those of every sheet first, then sheet by sheet."""

from tenproj_xl.validation.row_rules import corrections, every_sheet, indicators, issues, tasks

__all__ = ["corrections", "every_sheet", "indicators", "issues", "tasks"]
