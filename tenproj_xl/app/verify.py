"""The command `verify`: ledger, archive, papers and last roll-up against each other, down to the cells."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace

from tenproj_xl.app.kept_papers import kept_papers
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.proof_results import Discrepancy, Verified
from tenproj_xl.app.rollup_input import gathered
from tenproj_xl.app.verify_entries import REBUILD, must_exist, of_chain, remember
from tenproj_xl.app.verify_papers import prove_papers
from tenproj_xl.app.verify_secret import prove_secret
from tenproj_xl.app.workspace import Workspace, is_kept_as_read, load
from tenproj_xl.core.cells import cell_at, position
from tenproj_xl.core.files import archived, files_of_archive, sha256_of_file
from tenproj_xl.core.progress import counted
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.journal import compare_journal
from tenproj_xl.ledger.journal_files import journal_folder, last_in_journal, last_in_ledger
from tenproj_xl.ledger.looking import connected, require_chain
from tenproj_xl.ledger.proof import is_sound
from tenproj_xl.ledger.proof import verify as verify_chain
from tenproj_xl.ledger.schema import WORKBOOKS
from tenproj_xl.ledger.standing import renew_all
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.history import Reported
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.statuses import Status
from tenproj_xl.office.life_words import clock
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.rollup.facts.editions import WEEK
from tenproj_xl.rollup.facts.model import Facts, facts_of

_RESTORE = "请从备份恢复，再核验一次"
_OF_JOURNAL = "台账别处都相符的，请把这个文件夹移走，运行 tenproj ingest，会照台账重写；不然请从备份恢复"
_OF_OLDER = "请运行 tenproj rebuild 从存档找回，现在的一份会留在旁边"
_OF_WORKBOOKS = "请删去这个文件，下一次收表、汇总时会照工作簿重写"


def verify(workspace: Workspace) -> Verified:
    """Compare all that is kept with each other, and the last roll-up with the cells of the originals.

    The chain and the journal are compared with the entries, the latest view with the rows, the archive with
    its names, what is kept of the office's workbooks with them, and each figure with the cell that it was
    typed in, read anew; papers as `verify_papers` says.

    Raises:
        EnvironmentProblem: The ledger is missing, cannot be read at all, or is of a version without a chain.
    """
    loaded = load(workspace, afresh=True)
    must_exist(workspace)
    require_chain(workspace.ledger)
    written = last_in_journal(workspace.ledger)  # entries come into it after they came into the ledger
    with connected(workspace.ledger) as connection:
        connection.text_factory = _as_it_is
        proof = verify_chain(connection)
        damaged = (*of_chain(proof, connection), *_of_indexes(connection))
        connection.text_factory = str
        nothing_else = Verified(
            entries=proof.heads,
            last=proof.last,
            files=0,
            figures=0,
            removed=proof.removed,
            papers=0,
            discrepancies=damaged,
            notes=(),
        )
        try:
            done = _compared(nothing_else, loaded, workspace, connection, written)
        except Exception:
            if not damaged:
                raise
            return nothing_else  # what was changed cannot be read on
    if not done.discrepancies:
        remember(workspace, proof)
    return done


def _compared(
    so_far: Verified, loaded: Loaded, workspace: Workspace, connection: sqlite3.Connection, written: int
) -> Verified:
    """Compare what is read of the entries with each other, with the archive and with papers.

    `written` is the last entry in the journal, as it was before the ledger was opened.
    """
    ledger = LedgerView(connection)
    found = [*so_far.discrepancies, *_of_view(connection, ledger)]
    found += prove_secret(ledger, connection)
    kept = _kept(ledger)
    removed = {removal.sha256 for removal in ledger.removals()}
    kept = {sha256: name for sha256, name in kept.items() if sha256 not in removed}
    found += [
        *_of_archive(kept, workspace),
        *_of_journal(connection, workspace, written),
        *_of_workbooks(workspace),
    ]
    checked = _Cells(loaded, workspace)
    if ledger.newest_period() is not None:
        found += checked.compared(ledger)
    papers = prove_papers(workspace, ledger, connection)
    return replace(
        so_far,
        files=len(kept),
        figures=checked.count,
        papers=papers.count,
        discrepancies=(*found, *papers.discrepancies),
        notes=papers.notes,
    )


def _as_it_is(raw: bytes) -> str:
    r"""Return a text of the ledger; a byte that was changed into what is no text is `\xe5` and the like."""
    return raw.decode("utf-8", "backslashreplace")


# --- the chain and the view


def _of_indexes(connection: sqlite3.Connection) -> Iterator[Discrepancy]:
    if not is_sound(connection):
        yield Discrepancy("台账的索引", "与台账的内容不一致", "", REBUILD)


def _of_view(connection: sqlite3.Connection, ledger: LedgerView) -> Iterator[Discrepancy]:
    """Yield a discrepancy where the latest view is not what the entries give."""
    query = "SELECT * FROM standing ORDER BY sheet, code, topic, since, period"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        connection.backup(copy)
        copy.row_factory = sqlite3.Row
        renew_all(copy, ledger.withdrawals(), ledger.conflict_decisions())
        ours = list(map(tuple, copy.execute(query)))
    theirs = list(map(tuple, connection.execute(query)))
    for line in sorted(set(ours) ^ set(theirs))[:1]:
        where = f"台账的最新视图（{line[1]}，{line[4]}）"
        yield Discrepancy(where, "与各笔记录不一致", "", _RESTORE)


# --- the archive


def _kept(ledger: LedgerView) -> dict[str, str]:
    """Return the name of each file that the archive must have, by its hash."""
    kept = {}
    received = {receipt.sha256: receipt for receipt in ledger.receipts()}
    for sha256, name, _ in ledger.received_files():
        receipt = received.get(sha256)
        if receipt is None or receipt.status is not Status.HELD:
            kept[sha256] = name
    return kept | kept_papers(ledger)


def _of_archive(kept: Mapping[str, str], workspace: Workspace) -> Iterator[Discrepancy]:
    for sha256, name in counted(kept.items(), "核对存档的原件"):
        path = archived(workspace.archive, sha256)
        where = f"存档的“{name}”（{sha256[:12]}）"
        if not path.exists():
            yield Discrepancy(where, "不在存档里", "", _RESTORE)
        elif sha256_of_file(path) != sha256:
            yield Discrepancy(where, "原件被改动过", "", _RESTORE)
    # Mails and zips, of which no entry tells:
    for path in files_of_archive(workspace.archive):
        is_named = path.name not in kept and not path.name.startswith(".")
        if is_named and sha256_of_file(path) != path.name:
            yield Discrepancy(f"存档的一份文件（{path.name[:12]}）", "原件被改动过", "", _RESTORE)


def _of_journal(connection: sqlite3.Connection, workspace: Workspace, written: int) -> Iterator[Discrepancy]:
    name = journal_folder(workspace.ledger).name
    last = last_in_ledger(connection)
    if written > last:
        amiss = f"只到第{last}笔，存档的“{name}”到第{written}笔，可能被换成了旧的一份"
        yield Discrepancy("台账", amiss, "", _OF_OLDER)
        return
    for amiss in compare_journal(connection, workspace.ledger, written):
        yield Discrepancy(f"存档的“{name}”", amiss, "", _OF_JOURNAL)


def _of_workbooks(workspace: Workspace) -> Iterator[Discrepancy]:
    if not is_kept_as_read(workspace):
        yield Discrepancy(f"台账文件夹的“{WORKBOOKS}”", "与工作簿不一致", "", _OF_WORKBOOKS)


# --- the cells


class _Cells:
    """Compares the figures of the last roll-up with the cells of the archived files; counts them."""

    def __init__(self, loaded: Loaded, workspace: Workspace) -> None:
        self._loaded = loaded
        self._workspace = workspace
        self.count = 0

    def compared(self, ledger: LedgerView) -> list[Discrepancy]:
        """Return the figures that do not stand where they are said to come from."""
        loaded = with_issued(self._loaded, ledger)
        period = loaded.settings.span(str(ledger.newest_period()))
        rows = _rows_of(facts_of(gathered(loaded, ledger, period, WEEK)))
        by_file: dict[str, list[Reported]] = {}
        for row in rows:
            if not row.basis and archived(self._workspace.archive, row.sha256).exists():
                by_file.setdefault(row.sha256, []).append(row)
        found: list[Discrepancy] = []
        settings = loaded.settings
        with Reader(settings.limits, loaded.passwords.known) as reader:
            files = [archived(self._workspace.archive, sha256).read_bytes() for sha256 in by_file]
            of_files = counted(by_file.values(), "核对原件里的数")
            for of_file, book in zip(of_files, reader.open(files), strict=True):
                for row in of_file:
                    found += self._of_row(row, book)
        return found

    def _of_row(self, row: Reported, book: object) -> Iterator[Discrepancy]:
        for field, address in row.cells.items():
            if field in row.elsewhere or not isinstance(row.values.get(field), float):
                continue
            self.count += 1
            typed, stands = row.typed.get(field, ""), _text_at(book, row.tab, address)
            if typed != stands:
                where = f"{row.file} › {row.tab} › {address}"
                what = f"汇总表里 {row.code} 按“{typed}”计，原件里是“{stands}”"
                yield Discrepancy(where, what, clock(row.received_at, self._loaded.settings.zone), _RESTORE)


def _rows_of(facts: Facts) -> list[Reported]:
    """Return the reports that the figures of a roll-up were typed in, each once."""
    rows: dict[tuple[str, str, str], Reported] = {}
    figures = (line.figure or line.previous for line in facts.indicators)
    reports = [figure.row for figure in figures if figure is not None]
    for task in facts.tasks:
        reports += task.rows
    for row in reports:
        rows[row.sha256, row.sheet, row.code] = row
    return list(rows.values())


def _text_at(book: object, tab: str, address: str) -> str:
    if not isinstance(book, Book):
        return "（打不开）"
    sheet = next((one for one in book.sheets if one.name == tab), None)
    if sheet is None and len(book.sheets) == 1:
        sheet = book.sheets[0]
    if sheet is None:
        return "（没有这张表）"
    return text_of(cell_at(sheet.rows, *position(address)))
