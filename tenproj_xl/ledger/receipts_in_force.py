"""Receipts as they stand now: withdrawn, preferred by the office, or superseded no more."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tenproj_xl.core.catalogue import Code
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.file_status import status_by_findings
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status


def ranked(receipt: Receipt, preferred: Mapping[str, datetime]) -> Receipt:
    """Return a receipt with the rank that the office gave its file, if it did."""
    if receipt.sha256 not in preferred:
        return receipt
    return replace(receipt, ranked_at=preferred[receipt.sha256])


def _set_aside_no_more(receipt: Receipt) -> Receipt:
    """Return the receipt of a file that counts, whatever was said of it when another one counted."""
    findings = tuple(f for f in receipt.findings if f.code is not Code.RETURN_SET_ASIDE)
    status = receipt.status
    if status is Status.SUPERSEDED:
        status = status_by_findings(findings)
    return replace(receipt, findings=findings, status=status)


def receipts_in_force(
    receipts: Sequence[Receipt], withdrawn: Mapping[str, Withdrawal], preferred: Container[str]
) -> list[Receipt]:
    """Return receipts as they stand now.

    Withdrawn ones say so, and what only they had superseded is superseded no more; nor is what the office
    prefers.
    """
    standing = []
    for receipt in receipts:
        if receipt.sha256 in preferred:
            receipt = _set_aside_no_more(receipt)  # noqa: PLW2901  # as it stands
        withdrawal = withdrawn.get(receipt.sha256)
        if withdrawal and (receipt.status.is_return or receipt.status is Status.AWAITING):
            receipt = replace(receipt, status=Status.WITHDRAWN, withdrawn=withdrawal)  # noqa: PLW2901  # as it stands
        standing.append(receipt)
    newest = set()
    for receipt in standing:
        if receipt.status.is_return and receipt.status is not Status.SUPERSEDED:
            newest.add((receipt.party.recipient, receipt.party.unit, receipt.period))
    in_force = []
    for receipt in standing:
        owner = (receipt.party.recipient, receipt.party.unit, receipt.period)
        if receipt.status is Status.SUPERSEDED and owner not in newest:
            in_force.append(_set_aside_no_more(receipt))
        else:
            in_force.append(receipt)
    return in_force
