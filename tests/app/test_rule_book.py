"""Any order of returns, corrections, duplicates, withdrawals and decisions gives what the rule book says.

The machine goes through judgement and ledger without workbooks, so that it can try hundreds of histories; some go
through real files and commands, each also with its files lying in the inbox all at once, in another order.
"""

import hashlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.recording import record, reported_row
from tenproj_xl.app.resolve import ask, resolve
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.cells import Value
from tenproj_xl.core.periods import parse_period
from tenproj_xl.core.sheets import form_sheets
from tenproj_xl.core.tables import TableRow
from tenproj_xl.excel.office_tables import write_workbook  # loads XlsxWriter
from tenproj_xl.forms.content import build_form
from tenproj_xl.forms.form import Form, FormRow
from tenproj_xl.ledger.store import Ledger, open_ledger
from tenproj_xl.model.cell_sources import CellSource
from tenproj_xl.model.conflicts import ConflictDecision, merged_rows
from tenproj_xl.model.decisions import Withdrawal
from tenproj_xl.model.history import History, Reported, history
from tenproj_xl.model.issued import Issued, Snapshots
from tenproj_xl.model.plan_schema import PLAN_SHEETS
from tenproj_xl.model.recipients import Parting, recipient_of
from tenproj_xl.model.sections import Sections
from tenproj_xl.model.settings_reader import default_settings
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.content import Held
from tenproj_xl.reading.inbox import Received
from tenproj_xl.recognition.identify import Return
from tenproj_xl.recognition.rows import ReadRow
from tenproj_xl.validation.context import Context
from tenproj_xl.validation.judge import JudgedReturn, judge
from tests.helpers.filling import typed
from tests.helpers.rule_book import Decision, RuleBook, Word
from tests.helpers.small_plan import PERIOD, SECRET, small_plan, small_tables
from tests.office.test_resolve import decide

PLAN, SETTINGS = small_plan(), default_settings()
WEEK = SETTINGS.period(PERIOD)
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
LEAD, HOUSING, SCIENCE = "区发改经信局", "区住建局", "区科技局"
ROW = "Z01-02"
"""工业用地出让, which 区住建局 reports; 区发改经信局 leads."""
CARRIED = "加快供地"
"""What the forms bring forward into 下一步举措."""
SENDERS = ((HOUSING, HOUSING, HOUSING), ("01", "", LEAD), ("01", HOUSING, HOUSING), ("01", SCIENCE, SCIENCE))
"""Whose form it is, the unit on its cover, and who thereby speaks."""
FIELDS = ("value", "remark", "next_steps")
KEPT = "（照旧）"

senders = st.sampled_from(SENDERS)
values = st.sampled_from([None, 150.0, 160.0, 170.0, "增长较快"])
remarks = st.sampled_from([None, "已核对", "口径有调整"])
steps = st.sampled_from([KEPT, KEPT, None, "倒排工期"])
minutes = st.integers(0, 300)


def told_before() -> History:
    """What was said of the row six weeks ago."""
    values: dict[str, Value] = {
        "value": 95.0,
        "data_period": "2026-Q2",
        "nature": "部门统计",
        "next_steps": CARRIED,
    }
    at = NOON - timedelta(days=42)
    row = Reported(
        sheet="indicators",
        code=ROW,
        task_force="01",
        period=parse_period("2026-W42"),
        values=values,
        typed={},
        cells={},
        file="上期.xlsx",
        sha256="0" * 64,
        tab="",
        received_at=at,
        seq=1,
        unit=HOUSING,
        owner=HOUSING,
        changed_fields=frozenset({"value"}),
    )
    return history([row])


KNOWN = told_before()


def form_of(recipient: str) -> Form:
    whose = recipient_of(recipient, PLAN, KNOWN, Parting(Sections(PLAN)))
    return build_form(PLAN, SETTINGS, WEEK, whose, KNOWN, SECRET)


FORMS = {recipient: form_of(recipient) for recipient in {s[0] for s in SENDERS}}


def said_by(value: object, remark: object, step: object) -> dict[str, object]:
    """The cells in which a clerk said anything: not a blank, nor what was brought forward; but what was deleted."""
    said = {name: text for name, text in (("value", value), ("remark", remark)) if text is not None}
    return said if step == KEPT else {**said, "next_steps": step}


def is_answer(said: dict[str, object]) -> bool:
    """A row counts as answered where its sender said something, and something is left in it."""
    return bool(said) and any(text is not None for text in said.values())


class Histories(RuleBasedStateMachine):
    """Several units return a row, correct it, send it twice; the office withdraws files and decides conflicts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.open = ExitStack()
        self.ledger: Ledger = self.open.enter_context(open_ledger(self.folder, who="tests"))
        self.book = RuleBook(HOUSING, {"next_steps": CARRIED})
        self.sent: list[FileResult] = []
        self.numbers = itertools.count(1)

    def teardown(self) -> None:
        self.open.close()
        shutil.rmtree(self.folder)

    @rule(sender=senders, minute=minutes, value=values, remark=remarks, step=steps)
    def a_unit_returns_the_row(
        self, sender: Any, minute: int, value: object, remark: object, step: object
    ) -> None:
        recipient, on_cover, unit = sender
        result = self._judged(
            recipient, on_cover, minute, {"value": value, "remark": remark, "next_steps": step}
        )
        self._record(result)
        said = said_by(value, remark, step)
        if is_answer(said) and value != "增长较快":  # an erroneous row leaves the earlier one standing
            self.book.words.append(Word(unit, minute, result.received.sha256, said))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def the_same_file_comes_again(self, data: st.DataObject) -> None:
        self._record(data.draw(st.sampled_from(self.sent)))

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), undo=st.booleans())
    def the_office_withdraws_a_file(self, data: st.DataObject, undo: bool) -> None:  # noqa: FBT001  # drawn by hypothesis
        sha = data.draw(st.sampled_from(self.sent)).received.sha256
        with self._batch():
            self.ledger.record_withdrawal(Withdrawal(sha, "报错了", NOON), undone=undo)
        (self.book.withdrawn.discard if undo else self.book.withdrawn.add)(sha)

    @precondition(lambda self: any(map(self.book.is_open, FIELDS)))
    @rule(data=st.data())
    def the_office_decides_a_dispute(self, data: st.DataObject) -> None:
        waiting = [d for d in self.ledger.conflicts(PERIOD) if d.is_open]
        conflict = data.draw(st.sampled_from(waiting))
        other = 155.0 if conflict.field == "value" else "以公报为准"
        choices = [*((w.unit, w.values.get(conflict.field)) for w in conflict.reports), ("", other)]
        chosen, value = data.draw(st.sampled_from(choices))
        source = CellSource(file="裁定.xlsx", tab="分歧裁定", cell="O4", at=NOON)
        decision = ConflictDecision(
            period=conflict.row.period.code,
            sheet=conflict.row.sheet,
            code=conflict.row.code,
            field=conflict.field,
            reported_values=conflict.reported_values,
            chosen=chosen,
            value=value,
            who="赵六",
            why="已核实",
            source=source,
        )
        with self._batch():
            self.ledger.record_conflict_decision(decision)
        self.book.decisions.append(Decision(conflict.field, self.book.said(conflict.field), value))

    @invariant()
    def the_row_is_what_the_rule_book_says(self) -> None:
        row = self.ledger.history().latest("indicators", ROW)
        if not self.book.last_words():
            assert row is None
            return
        assert row
        for name in FIELDS:
            assert row.values.get(name) == self.book.counts(name), name
        assert row.disputed == {name for name in FIELDS if self.book.is_open(name)}

    @invariant()
    def the_order_of_recording_makes_no_difference(self) -> None:
        words = sorted(self.ledger.accepted_rows(), key=lambda r: (r.sha256[::-1], r.code))
        shuffled = [
            (r.values, r.disputed, r.elsewhere) for r in merged_rows(words, self.ledger.conflict_decisions())
        ]
        recorded = [(r.values, r.disputed, r.elsewhere) for r in self.ledger.history().rows]
        assert shuffled == recorded

    def _batch(self) -> Any:
        return self.ledger.batch("tests", NOON, Snapshots("", ""))

    def _record(self, result: FileResult) -> None:
        with self._batch():
            record(result, self.ledger)

    def _judged(self, recipient: str, on_cover: str, minute: int, answer: dict[str, object]) -> FileResult:
        judgement = _judgement(recipient, on_cover, *answer.values())
        sha = hashlib.sha256(str(next(self.numbers)).encode()).hexdigest()
        received = Received(
            name="来件.xlsx",
            path=Path("来件.xlsx"),
            content=Held(b""),
            sha256=sha,
            received_at=NOON + timedelta(minutes=minute),
        )
        result = FileResult(
            received=received,
            party=judgement.party,
            period=PERIOD,
            sender="",
            status=Status.ACCEPTED,
            findings=(),
            judgement=judgement,
        )
        rows = tuple(reported_row(e, e.code, result) for e in judgement.accepted)
        result = replace(result, rows=rows)
        self.sent.append(result)
        return result


@cache
def _judgement(recipient: str, on_cover: str, value: object, remark: object, step: object) -> JudgedReturn:
    """The row as one of the three senders' forms brings it, judged as any return is."""
    form = FORMS[recipient]
    printed = next(r for r in form.part("indicators").rows if r.code == ROW)
    cells = {**printed.printed, "value": value, "remark": remark, "nature": "部门统计" if value else None}
    cells |= {} if step == KEPT else {"next_steps": step}
    cover = {"unit": on_cover or None}
    row = _row(form, printed, cells)
    source = Return(
        file="来件.xlsx",
        period=PERIOD,
        recipient=recipient,
        version=form.version,
        cover=cover,
        cover_tab="填报说明",
        cover_cells={},
        rows=(row,),
    )
    context = Context(plan=PLAN, settings=SETTINGS, period=WEEK, known=KNOWN, recipient=form.recipient)
    return judge([source], form_sheets(PLAN.programme.years), lambda _: context)[0]


def _row(form: Form, row: FormRow, cells: dict[str, Any]) -> ReadRow:
    sheet = form.part("indicators").sheet
    positions = {c.field: n for n, c in enumerate(sheet.columns)}
    issued = Issued(
        token=row.token,
        version=form.version,
        period=PERIOD,
        recipient=form.recipient.code,
        sheet=sheet.code,
        code=row.code,
        task_force=row.task_force,
        unit=row.unit,
        of_others=row.of_others,
        printed=row.printed,
    )
    return ReadRow(
        sheet=sheet,
        tab=sheet.name,
        table_row=TableRow(6, cells, positions),
        token=row.token,
        printings=(issued,),
    )


Histories.TestCase.settings = settings(max_examples=40, stateful_step_count=12)
TestHistories = Histories.TestCase


# --- the same through real files and commands


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small plan's forms of both kinds are out."""
    workspace = Workspace(tmp_path_factory.mktemp("small"))
    initialise(workspace)
    write_workbook(workspace.plan, PLAN_SHEETS, small_tables(), {})
    generate(workspace, PERIOD)
    generate(workspace, PERIOD, by_unit=True)
    return workspace.root


events = st.one_of(
    st.tuples(st.just("return"), senders, minutes, values, remarks),
    st.tuples(st.just("return"), senders, minutes, values, remarks),
    st.tuples(st.just("again"), st.integers(0, 20)),
    st.tuples(st.just("withdraw"), st.integers(0, 20)),
    st.tuples(st.just("decide"), st.integers(0, 2)),
)


@given(happened=st.lists(events, min_size=4, max_size=8))
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
def test_real_files_and_commands_follow_the_rule_book_too(small: Path, happened: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "one")
        shutil.copytree(small, workspace.root)
        book = RuleBook(HOUSING, {})
        sent: list[tuple[str, bytes, int, Word | None]] = []
        for event in happened:
            _happen(event, workspace, book, sent)
            _same_as(book, workspace)
        at_once = Workspace(Path(folder) / "two")
        shutil.copytree(small, at_once.root)
        first_of_each = {data: minute for _, data, minute, _ in reversed(sent)}
        backwards = [
            (f"{99 - n}.xlsx", data, at, None) for n, (data, at) in enumerate(reversed(first_of_each.items()))
        ]
        _arrive(at_once, backwards)
        _same_as(RuleBook(HOUSING, {}, words=book.words), at_once)


def _happen(
    event: Any, workspace: Workspace, book: RuleBook, sent: list[tuple[str, bytes, int, Word | None]]
) -> None:
    match event:
        case "return", (recipient, on_cover, unit), minute, value, remark:
            data = _workbook(workspace, recipient, on_cover or LEAD, value, remark)
            sha, said = hashlib.sha256(data).hexdigest(), said_by(value, remark, KEPT)
            is_new = all(known != data for _, known, _, _ in sent)
            minute = _free_minute(minute, sent)
            good = is_answer(said) and value != "增长较快"
            word = Word(unit, minute, sha, said) if good and is_new else None
            sent.append((f"{len(sent)}.xlsx", data, minute, word))
            _arrive(workspace, [sent[-1]])
            book.words += [word] if word else []
        case "again", n if sent:
            _arrive(workspace, [sent[n % len(sent)]])
        case "withdraw", n if book.words:
            word = book.words[n % len(book.words)]
            withdraw(workspace, word.sha, "报错了")
            book.withdrawn.add(word.sha)
        case "decide", n:
            _decide(workspace, book, n)


def _free_minute(minute: int, sent: list[tuple[str, bytes, int, Word | None]]) -> int:
    """Return a minute in which nothing came yet: of two in one minute nothing tells which is the newer."""
    taken = {at for _, _, at, _ in sent}
    while minute in taken:
        minute += 1
    return minute


def _workbook(workspace: Workspace, recipient: str, on_cover: str, value: object, remark: object) -> bytes:
    name = f"01_{LEAD}" if recipient == "01" else recipient
    path = workspace.outbox / PERIOD / "填报表" / f"{name}_2026年第48期填报表.xlsx"
    answer = {"value": value, "remark": remark, "nature": "部门统计" if value else None}
    return typed(
        path, {("indicators", ROW): {k: v for k, v in answer.items() if v is not None}}, unit=on_cover
    )


def _arrive(workspace: Workspace, files: Sequence[tuple[str, bytes, int, Word | None]]) -> None:
    for name, data, minute, _ in files:
        path = workspace.inbox / name
        path.write_bytes(data)
        moment = (NOON + timedelta(minutes=minute)).timestamp()
        os.utime(path, (moment, moment))
    ingest(workspace)


def _decide(workspace: Workspace, book: RuleBook, n: int) -> None:
    """The first open conflict: for one of the units, or for a value of the office's own."""
    with open_ledger(workspace.ledger, who="tests") as ledger:
        waiting = [d for d in ledger.conflicts(PERIOD) if d.is_open]
    path = ask(workspace).written
    if not waiting or path is None:
        return
    conflict = waiting[0]
    said = book.said(conflict.field)
    if n < len(said):
        unit = conflict.reports[n].unit
        answer, value = {"以哪家为准": unit}, said[unit]
    else:
        value = 155.0 if conflict.field == "value" else "以公报为准"
        answer = {"以哪家为准": "另定", "另定内容": str(value)}
    done = resolve(workspace, decide(path, **answer, 裁定人="赵六", 理由="已核实"))
    assert len(done.decisions) == 1
    book.decisions.append(Decision(conflict.field, said, value))


def _same_as(book: RuleBook, workspace: Workspace) -> None:
    with open_ledger(workspace.ledger, who="tests") as ledger:
        row = ledger.history().latest("indicators", ROW)
    if not book.last_words():
        assert row is None
        return
    assert row
    assert {n: row.values.get(n) for n in ("value", "remark")} == {
        n: book.counts(n) for n in ("value", "remark")
    }
    assert row.disputed == {n for n in ("value", "remark") if book.is_open(n)}


ANSWERS = (
    (SENDERS[1], 10, 150.0, None),
    (SENDERS[0], 60, 160.0, "已核对"),
    (SENDERS[3], 30, 170.0, "口径有调整"),
    (SENDERS[1], 90, 155.5, "已核对"),
    (SENDERS[0], 5, 151.0, None),
)


def test_files_give_the_same_rows_in_whatever_order_they_lie_in_the_inbox(
    small: Path, tmp_path: Path
) -> None:
    book, files, outcomes = RuleBook(HOUSING, {}), [], []
    for name, ((recipient, on_cover, unit), minute, value, remark) in zip("戊丁丙乙甲", ANSWERS, strict=True):
        data = _workbook(Workspace(small), recipient, on_cover or LEAD, value, remark)
        files.append((f"{name}.xlsx", data, minute, None))
        book.words.append(Word(unit, minute, hashlib.sha256(data).hexdigest(), said_by(value, remark, KEPT)))
    for n, order in enumerate(_orders()):
        workspace = Workspace(tmp_path / str(n))
        shutil.copytree(small, workspace.root)
        for batch in order:
            _arrive(workspace, [files[i] for i in batch])
        _same_as(book, workspace)
        with open_ledger(workspace.ledger, who="tests") as ledger:
            outcomes.append([replace(row, seq=0) for row in ledger.history().rows])
    assert outcomes[1:] == outcomes[:-1]


def _orders() -> Iterator[list[list[int]]]:
    """One by one as they came, all at once, one by one the other way round."""
    yield [[0], [1], [2], [3], [4]]
    yield [[4, 2, 0, 1, 3]]
    yield [[3], [1], [2], [0], [4]]
