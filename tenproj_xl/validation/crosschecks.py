"""Checks that take more than one cell: within a row, against what was sent out, and with earlier reports."""

import tenproj_xl.validation.row_rules  # noqa: F401  # registers them
from tenproj_xl.core.findings import Finding
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.entries import Entry
from tenproj_xl.validation.registry import row_rules


def crosschecks(entry: Entry, context: Context) -> list[Finding]:
    """Apply every rule that is registered for the row of an entry."""
    findings: list[Finding] = []
    for rule in row_rules(entry.row.sheet.code, of_others=entry.row.of_others):
        if rule.speaks_of(entry):
            findings.extend(rule.check(entry, context))
    return findings
