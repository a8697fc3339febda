"""Which bytes came before, and what is known of them from then."""

from dataclasses import replace

from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import Receipt
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.inbox import Received


class KnownFiles:
    """What a ledger knows of files by their hashes; each period is read once.

    `begun` is the last batch before the run, of which earlier portions are recorded; None where there are
    none.
    """

    def __init__(self, ledger: LedgerView, begun: int | None = None) -> None:
        self._ledger = ledger
        self.begun = begun
        self._receipts: dict[str, list[Receipt]] = {}
        self._by_hash: dict[str, dict[str, list[Receipt]]] = {}
        self._of_run: dict[str, frozenset[str]] = {}

    def receipts(self, period: str) -> list[Receipt]:
        """Return what became of the files received for a period, in the order of receipt."""
        if period not in self._receipts:
            self._receipts[period] = self._ledger.receipts(period)
        return self._receipts[period]

    def of_run(self, period: str) -> frozenset[str]:
        """Return the hashes of the files of a period that earlier portions of the run brought."""
        if self.begun is None:
            return frozenset()
        if period not in self._of_run:
            self._of_run[period] = self._ledger.received_since(self.begun, period)
        return self._of_run[period]

    def is_settled(self, sha256: str) -> bool:
        """Return whether a file of this hash need not be processed again.

        One that an earlier portion brought need not be either, but 填报示例, which several units may send.
        """
        for period in self._ledger.periods_of(sha256):
            is_of_run = sha256 in self.of_run(period)
            for receipt in self._of(sha256, period):
                if receipt.is_settled or (is_of_run and not _is_example(receipt)):
                    return True
        return False

    def as_it_came(self, file: Received) -> Received:
        """Return a file with the moment when it came first, and what was known then of one that waits."""
        seen = self._ledger.first_seen(file.sha256)
        if seen is None:
            return file
        for period in self._ledger.periods_of(file.sha256):
            for receipt in self._of(file.sha256, period):
                if receipt.status is Status.AWAITING:
                    file = replace(file, moments=receipt.moments, channel=receipt.channel)
        return replace(file, received_at=seen)

    def _of(self, sha256: str, period: str) -> list[Receipt]:
        if period not in self._by_hash:
            by_hash: dict[str, list[Receipt]] = {}
            for receipt in self.receipts(period):
                by_hash.setdefault(receipt.sha256, []).append(receipt)
            self._by_hash[period] = by_hash
        return self._by_hash[period].get(sha256, [])


def _is_example(receipt: Receipt) -> bool:
    return any(f.code is Code.FORM_EXAMPLE for f in receipt.findings)
