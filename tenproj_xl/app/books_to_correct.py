"""The workbooks that lie in the outbox to be corrected: which are still open, and which are settled."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from pathlib import Path

from tenproj_xl.app.kept_apart import KeptDrafts
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.return_state import open_receipts
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.receipts import Party, Receipt
from tenproj_xl.model.statuses import Status

_FOLDER = "退回更正"
_TO_CORRECT = "_请更正_"


@dataclass(frozen=True, kw_only=True)
class BooksToCorrect:
    """The workbooks to be corrected of some periods.

    Attributes:
        workspace: Where they lie.
        ledger: What is known of the returns that they answer.
        stem_of: Gives what a recipient's form for a period is called.
        kept: The letters that earlier portions of the run have written, None for a run in one.
    """

    workspace: Workspace
    ledger: LedgerView
    stem_of: Callable[[str, Period], str]
    kept: KeptDrafts | None

    def path(self, recipient: str, period: Period, sha256: str) -> Path:
        """Return where the workbook goes that answers a file."""
        return self._folder(period) / f"{self._stem(recipient, period)}{_mark(sha256)}.xlsx"

    def waiting(self, party: Party, period: Period) -> Iterator[tuple[Receipt, Path]]:
        """Yield the earlier returns of a sender of which rows still wait, and where their workbooks lie."""
        for receipt in self.ledger.receipts_of(period.code, [party.recipient]):
            if receipt.waiting and receipt.party.unit == party.unit:
                yield receipt, self.path(party.recipient, period, receipt.sha256)

    def counts_besides(self, result: FileResult) -> bool:
        """Whether rows count that the sender of a file has reported for its period in others."""
        party = result.party
        for receipt in self.ledger.receipts_of(result.period, [party.recipient]):
            is_own = receipt.party.unit == party.unit and receipt.status.is_return
            is_other = receipt.sha256 != result.received.sha256
            if is_own and is_other and self.ledger.rows_named_in(receipt.sha256):
                return True
        return False

    def remove_settled(
        self, results: Iterable[FileResult], period_of: Callable[[FileResult], Period]
    ) -> None:
        """Remove the workbooks of those who answered in the run, but for open ones.

        Args:
            results: What became of the files of the run.
            period_of: Gives the period that a file is about.
        """
        written = {result.answer for result in results}
        answered: dict[Period, set[str]] = {}
        for result in results:
            if result.judgement and result.status.is_return:
                answered.setdefault(period_of(result), set()).add(result.party.recipient)
        for period, recipients in answered.items():
            self._remove_answered(period, recipients, written)

    def _remove_answered(
        self, period: Period, recipients: Collection[str], written: Container[Path | None]
    ) -> None:
        folder = self._folder(period)
        if not folder.is_dir():
            return
        open_ones: dict[str, set[str]] = {}
        for receipt in open_receipts(self.ledger.receipts_of(period.code, recipients)):
            if receipt.status is Status.TO_CORRECT:
                open_ones.setdefault(receipt.party.recipient, set()).add(_mark(receipt.sha256))
        for code in recipients:
            stem = self._stem(code, period)
            for path in folder.glob(f"{stem}*.xlsx"):
                is_new = path in written or (self.kept is not None and self.kept.has_attached(path))
                if not is_new and path.stem.removeprefix(stem) not in open_ones.get(code, ()):
                    path.unlink()

    def _folder(self, period: Period) -> Path:
        return _folder(self.workspace, period.code)

    def _stem(self, recipient: str, period: Period) -> str:
        return f"{self.stem_of(recipient, period)}{_TO_CORRECT}"


def has_workbook(workspace: Workspace, receipt: Receipt) -> bool:
    """Return whether the workbook lies in the outbox that answers a return."""
    name = f"*{_TO_CORRECT}{_mark(receipt.sha256)}.xlsx"
    return any(_folder(workspace, receipt.period).glob(name))


def _folder(workspace: Workspace, period: str) -> Path:
    return workspace.outbox / period / _FOLDER


def _mark(sha256: str) -> str:
    """Return what the name of a workbook has of the file that it answers."""
    return sha256[:6]


def names_waiting(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return what people call the rows that findings are about, each once."""
    return tuple(dict.fromkeys(finding.name for finding in findings if finding.name))


def sheets_waiting(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the sheets of which findings name no row, each once."""
    return tuple(dict.fromkeys(finding.sheet for finding in findings if finding.sheet and not finding.name))
