"""The status of a return that counts, by what was found in it."""

from collections.abc import Sequence

from tenproj_xl.core.findings import Finding, has_errors
from tenproj_xl.model.statuses import Status


def status_by_findings(findings: Sequence[Finding]) -> Status:
    """Return the status of a return that counts: what is exempt is listed, and makes no difference."""
    if has_errors(findings):
        return Status.TO_CORRECT
    if any(finding.is_open for finding in findings):
        return Status.WITH_WARNINGS
    return Status.ACCEPTED
