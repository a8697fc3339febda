"""得分核对: what units are told of their scores in a month or more, what they object to, and what is awaited.

Each lead unit gets a workbook of the deductions of its task force when `report` makes the edition. It comes
back through the inbox; objections are entries of the ledger. What is deducted anew is asked about anew.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tenproj_xl.app.addressees import Addressee, Addressees
from tenproj_xl.app.letter_drafts import SCORES
from tenproj_xl.app.open_objections import open_objections
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.releases import report_command
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.sent_results import sent_result
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import file_name
from tenproj_xl.core.findings import Finding, finding, in_order
from tenproj_xl.core.periods import Period, parse_period
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.deliveries import NotedMatter
from tenproj_xl.model.letter_texts import LetterTexts
from tenproj_xl.model.objections import OTHER, Objection, ObjectionState, ScoreSheet
from tenproj_xl.model.statuses import Status
from tenproj_xl.office.score_book import TITLE, SaidOfScore, ScoreBook, read_score_book, write_score_book
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.reading.book import Book
from tenproj_xl.recognition.rows import Issues
from tenproj_xl.replies.letter_content import ScoreToCheck, UnitLetter
from tenproj_xl.replies.letters import letter_parts, parts_text
from tenproj_xl.rollup.facts.deductions import Deduction, deductions
from tenproj_xl.rollup.facts.league import LeagueLine
from tenproj_xl.rollup.facts.model import Facts


@dataclass(frozen=True, kw_only=True)
class ScoreCheck:
    """The workbooks of an edition, and what has been sent and said with them.

    `new` are the sheets to be sent; `lifted` those of which something is deducted no more, sent to nobody.
    """

    facts: Facts
    books: tuple[ScoreBook, ...] = ()
    new: tuple[ScoreSheet, ...] = ()
    lifted: tuple[ScoreSheet, ...] = ()

    def is_settled(self, now: datetime) -> bool:
        """Return whether the league may be published: all were asked, and each objection is decided."""
        asked = [book.line.task_force.code for book in self.books]
        return self.facts.data.score_review.is_settled(now, asked)

    def awaited(self, now: datetime) -> Iterator[str]:
        """Yield what is awaited before the league is published, for the operator."""
        data = self.facts.data
        review = data.score_review
        if self.is_settled(now) or review.until is None:
            return
        command = report_command(data.release.edition, data.period)
        until = f"异议期到{data.clock(review.until)}"
        if len({sheet.until for sheet in review.sheets}) > 1:
            until = f"异议期以各份上印的为准，最晚到{data.clock(review.until)}"
        yield (f"晾晒版还没有生成：{self._to_send()}；{until}；期满、异议都有决定后，再运行 {command}。")
        yield from open_objections(review, data.period, data.plan)

    def _to_send(self) -> str:
        """Return which workbooks the office has to send."""
        if not self.new:
            return f"“{TITLE}”文件夹里的{len(self.books)}份没有新的扣分，此前没有发的请发给牵头单位"
        named = f"{len(self.books)}份"
        if len(self.new) < len(self.books):
            forces = "、".join(sheet.task_force for sheet in self.new)
            named = f"{forces}专班的{len(self.new)}份（别的没有新的扣分，不必再发）"
        return f"请把“{TITLE}”文件夹里的{named}发给牵头单位，正文可用“通知”里的话"


def score_check_of(facts: Facts, ledger: LedgerView, now: datetime) -> ScoreCheck:
    """Return what units are to be told of their scores; a league alone has any.

    A sheet is new where none went out, or where it has a deduction that the one before had not. What was
    lifted meanwhile and is deducted again has another cause, and is told anew.
    """
    data = facts.data
    lines = [line for line in facts.league if line.score is not None]
    lost = {line.task_force.code: deductions(line, facts.duties, data.settings.weights) for line in lines}
    until = data.settings.calendar.after_working_days(now, data.settings.objection_days)
    new, lifted = [], []
    for code, own in lost.items():
        before = data.score_review.sheet(code)
        items = tuple(one.item for one in own)
        if before is None or not set(items) <= set(before.items):
            new.append(ScoreSheet(period=data.period.code, task_force=code, items=items, until=until))
        elif set(items) < set(before.items):
            lifted.append(replace(before, items=items))
    asked = {sheet.task_force: sheet for sheet in (*data.score_review.sheets, *lifted, *new)}
    review = replace(data.score_review, sheets=tuple(asked[code] for code in lost))
    facts = replace(facts, data=replace(data, score_review=review))
    books = [_book(line, lost[line.task_force.code], facts, ledger) for line in lines]
    return ScoreCheck(facts=facts, books=tuple(books), new=tuple(new), lifted=tuple(lifted))


def _book(line: LeagueLine, own: Sequence[Deduction], facts: Facts, ledger: LedgerView) -> ScoreBook:
    sheet = next(s for s in facts.data.score_review.sheets if s.task_force == line.task_force.code)
    return ScoreBook(facts=facts, line=line, deductions=own, sheet=sheet, secret=ledger.secret)


def write_score_books(check: ScoreCheck, workspace: Workspace, outputs: Outputs) -> list[Path]:
    """Write the workbooks anew, and return where they lie."""
    written = []
    for book in check.books:
        path = _book_path(book, workspace)
        with outputs.write(path) as temporary:
            write_score_book(temporary, book)
        written.append(path)
    return written


def _book_path(book: ScoreBook, workspace: Workspace) -> Path:
    return workspace.outbox / book.facts.data.period.code / TITLE / f"{book.stem}.xlsx"


@dataclass(frozen=True)
class ScoreLetter:
    """A letter about scores: where it lies, its text, and what is noted of it for those that are sent."""

    path: Path
    text: str
    matter: NotedMatter


def score_letters(
    check: ScoreCheck,
    workspace: Workspace,
    plans: InForce,
    ledger: LedgerView,
    *,
    sent_with: str,
    now: datetime,
) -> list[ScoreLetter]:
    """Return a letter to each liaison of leads whose scores are new, or changed while they may object yet.

    Args:
        check: The scores.
        workspace: Where the letters are to lie.
        plans: Plan and settings of each period.
        ledger: The ledger, which has what was told before.
        sent_with: The code of the period with whose letters they are sent, which is shorter than the scores'.
        now: The moment that the time for objections is reckoned by.
    """
    new = {sheet.task_force for sheet in check.new}
    letters = []
    for whose, books in _by_lead(check, plans):
        asked = [book for book in books if book.line.task_force.code in new]
        told = _score_letter(books, whose, workspace, plans.loaded.letters, sent_with)
        if not asked and _is_stale(told, check, ledger):
            asked = [book for book in books if now <= book.sheet.until]
        if asked:
            letters.append(_score_letter(asked, whose, workspace, plans.loaded.letters, sent_with))
    return letters


def _by_lead(check: ScoreCheck, plans: InForce) -> Iterator[tuple[Addressee, list[ScoreBook]]]:
    """Yield each liaison of leads with the workbooks that go to him or her."""
    by_lead: dict[str, list[ScoreBook]] = {}
    addressees: dict[str, Addressee] = {}
    for book in check.books:
        addressee = Addressees(plans).of_force(book.line.task_force.code, book.facts.data.period)
        addressees[addressee.label] = addressee
        by_lead.setdefault(addressee.label, []).append(book)
    for label, books in by_lead.items():
        yield addressees[label], books


def remove_stale_letters(
    check: ScoreCheck, written: Container[Path], workspace: Workspace, plans: InForce, ledger: LedgerView
) -> None:
    """Remove the letters that tell other scores than the workbooks do now, but for those written anew."""
    for whose, books in _by_lead(check, plans):
        told = _score_letter(books, whose, workspace, plans.loaded.letters, "")
        if told.path not in written and _is_stale(told, check, ledger):
            told.path.unlink()


def _is_stale(now_told: ScoreLetter, check: ScoreCheck, ledger: LedgerView) -> bool:
    """Whether the letter that lies there tells other scores than one about all of its unit's would now.

    What lies there may be what answered the unit since: that is not stale.
    """
    noted = _noted(now_told.matter, check.facts.data.period, ledger)
    if noted is None or not now_told.path.exists():
        return False
    text = now_told.path.read_text("utf-8-sig")
    told = [said for _, said in noted.sections]
    return all(said in text for said in told) and not all(said in now_told.text for said in told)


def _noted(matter: NotedMatter, period: Period, ledger: LedgerView) -> NotedMatter | None:
    """Return what was noted last of a letter, with the letters of whatever period it was to be sent."""
    found = None
    for code in ledger.issued_periods():
        if parse_period(code).last >= period.first:
            noted = {one.key: one for one in ledger.matters(code, {matter.unit})}
            found = noted.get(matter.key, found)
    return found


def _score_letter(
    books: Sequence[ScoreBook], whose: Addressee, workspace: Workspace, texts: LetterTexts, sent_with: str
) -> ScoreLetter:
    data = books[0].facts.data
    letter = UnitLetter(
        unit=whose.printed,
        deadline=books[0].sheet.until,
        office=data.plan.programme.signature,
        phone=data.plan.programme.contact,
        period=data.period.dated_label,
        channel=data.settings.channel,
        liaisons=whose.liaisons,
        scores=list(map(_to_check, books)),
    )
    path = workspace.replies(data.period) / f"{SCORES}{file_name(whose.label)}.txt"
    parts = letter_parts(letter, texts)
    matter = NotedMatter(
        key=workspace.relative(path),
        title=TITLE,
        period=sent_with,
        unit=whose.unit,
        recipients=tuple(book.line.task_force.code for book in books),
        sections=parts.as_noted,
        endings=parts.endings,
        files=tuple(workspace.relative(_book_path(book, workspace)) for book in books),
    )
    return ScoreLetter(path=path, text=parts_text(parts, letter, texts), matter=matter)


def _to_check(book: ScoreBook) -> ScoreToCheck:
    data = book.facts.data
    return ScoreToCheck(
        task_force=book.line.task_force.code,
        period=data.period.dated_label,
        file=f"{book.stem}.xlsx",
        score=book.line.score or 0,
        deductions=sum(not one.is_withdrawn for one in book.deductions),
        until=data.clock(book.sheet.until),
    )


def record_score_check(check: ScoreCheck, ledger: Ledger) -> None:
    """Record what is deducted and was not, or no more, and what the workbooks print, within a batch."""
    for sheet in (*check.lifted, *check.new):
        ledger.record_score_sheet(sheet)
    for book in check.books:
        ledger.record_workbook_rows(book.issued)


# --- when one comes back


def read_objections(opened: Opened, issued: Issues, plans: InForce, ledger: LedgerView) -> FileResult:
    """Return the result of a 得分核对稿 that came back, with the objections in it that are new."""
    result = sent_result(opened, issued, plans, Status.SCORE_CHECK)
    if result.status is Status.REFUSED:
        return result
    if not isinstance(opened.found, Book):
        raise TypeError(f"a workbook without cells: {opened.received.name}")
    said, findings = read_score_book(opened.received.name, opened.found, issued)
    objections = []
    for one in said:
        read = _objection(one, opened.received.received_at, plans, ledger)
        if isinstance(read, Finding):
            findings.append(read)
        elif read:
            objections.append(read)
    return replace(result, findings=tuple(in_order(findings)), objections=tuple(objections))


def _objection(
    said: SaidOfScore, moment: datetime, plans: InForce, ledger: LedgerView
) -> Objection | Finding | None:
    """Return what is said anew, None where nothing is, and a finding where it is too late or moot."""
    issued = said.issued
    review = ledger.score_review(issued.period)
    before = review.objection(issued.task_force, said.item)
    if said.state is ObjectionState.TAKEN_BACK:
        if before is None or not before.is_open or before.said_at > moment:
            return None
        return replace(before, state=said.state, said_at=moment)
    if before and _says_nothing_new(before, said, moment):
        return None
    sheet = review.sheet(issued.task_force)
    if sheet is None or (said.item[0] != OTHER and said.item not in sheet.items):
        return finding(Code.OBJECTION_GONE, said.place)
    if moment > sheet.until:
        until = sheet.until.astimezone(plans.loaded.settings.zone)
        return finding(Code.OBJECTION_LATE, said.place, expected=f"{until:%Y-%m-%d %H:%M}")
    return Objection(
        period=issued.period,
        task_force=issued.task_force,
        item=said.item,
        name=text_of(issued.printed.get("name")),
        unit=issued.recipient,
        reason=said.reason,
        said_at=moment,
    )


def _says_nothing_new(before: Objection, said: SaidOfScore, moment: datetime) -> bool:
    """Whether an objection was raised before, or came before what was said last."""
    if before.said_at > moment:
        return True
    return before.reason == said.reason and before.state is not ObjectionState.TAKEN_BACK


def record_objections(results: Iterable[FileResult], ledger: Ledger) -> None:
    """Record what units object to, within a batch."""
    for result in results:
        for objection in result.objections:
            ledger.record_objection(objection)
