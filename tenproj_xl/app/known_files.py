"""Which bytes came before, and what is known of them from then."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from tenproj_xl.core.catalogue import Code
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.inbox import Received


class KnownFiles:
    """What a ledger knows of files by their hashes, and of what came before them.

    `withdrawn` are the withdrawals in force. `begun` is the last batch before the run, of which earlier
    portions are recorded; None where there are none.
    """

    def __init__(self, ledger: LedgerView, begun: int | None = None) -> None:
        self._ledger = ledger
        self.begun = begun
        self.withdrawn = ledger.withdrawals()
        self._by_hash: dict[str, list[Receipt]] = {}
        self._of_run: set[tuple[str, str]] = set()

    def forms_of(self, period: str, recipients: Collection[str]) -> list[Receipt]:
        """Return what became of the forms of some recipients for a period, in the order of receipt."""
        return self._ledger.receipts_of(period, recipients)

    def by_form(self, forms: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Receipt]]:
        """Return what became of some forms, each a period and a recipient, in the order of receipt."""
        recipients: dict[str, set[str]] = {}
        for period, recipient in forms:
            recipients.setdefault(period, set()).add(recipient)
        found: dict[tuple[str, str], list[Receipt]] = {}
        for period, own in recipients.items():
            for receipt in self.forms_of(period, own):
                found.setdefault((period, receipt.party.recipient), []).append(receipt)
        return found

    def sent_by(self, period: str, units: Collection[str]) -> list[Receipt]:
        """Return what became of what some units sent for a period, in the order of receipt."""
        return self._ledger.receipts_of(period, (), units)

    def of_run(self, files: Collection[str]) -> frozenset[tuple[str, str]]:
        """Return which of some files earlier portions of the run brought: hash, and period."""
        if self.begun is None:
            return frozenset()
        return self._ledger.received_since(self.begun, files)

    def unseen(self, files: Sequence[Received]) -> list[Received]:
        """Return the files whose bytes were not taken in by an earlier run, as they came first."""
        self._look_up([file.sha256 for file in files])
        new = []
        for file in files:
            if file.sha256 not in self.withdrawn and not self._is_settled(file.sha256):
                new.append(self._as_it_came(file))
        return new

    def _look_up(self, files: Collection[str]) -> None:
        """Read what is known of files by their hashes, before it is asked for each."""
        new = [sha256 for sha256 in files if sha256 not in self._by_hash]
        self._by_hash |= {sha256: [] for sha256 in new}
        for receipt in self._ledger.receipts_beside(new):
            if receipt.sha256 in self._by_hash:
                self._by_hash[receipt.sha256].append(receipt)
        self._of_run |= self.of_run(new)

    def _is_settled(self, sha256: str) -> bool:
        """Return whether a file need not be processed again.

        One that an earlier portion brought need not be either, but 填报示例, which several units may send.
        """
        for receipt in self._by_hash[sha256]:
            is_of_run = (sha256, receipt.period) in self._of_run
            if receipt.is_settled or (is_of_run and not _is_example(receipt)):
                return True
        return False

    def _as_it_came(self, file: Received) -> Received:
        """Return a file with the moment when it came first, and what was known then of one that waits."""
        seen = self._ledger.first_seen(file.sha256)
        if seen is None:
            return file
        for receipt in self._by_hash[file.sha256]:
            if receipt.status is Status.AWAITING:
                file = replace(file, moments=receipt.moments, channel=receipt.channel)
        return replace(file, received_at=seen)


def _is_example(receipt: Receipt) -> bool:
    return any(f.code is Code.FORM_EXAMPLE for f in receipt.findings)
