"""The sign-off workbook: what departments ask the office to decide, and what has been reported of each issue.

Reads: plan, settings, history. Gives: a `SignoffBook`, which the writer draws and the ledger remembers. Its
sheets are declared as the forms' are; the columns to be filled are the office's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta, tzinfo

from tenproj_xl.core.answers import DecisionLevel, IssueSource, Opinion
from tenproj_xl.core.cells import Value
from tenproj_xl.core.codes import label_of
from tenproj_xl.core.columns import Column, Fill, Kind, Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.lists import split_codes
from tenproj_xl.core.periods import Period
from tenproj_xl.core.sheets import CHANGE_REQUEST, ISSUES, KEY, KEY2
from tenproj_xl.core.states import TaskState
from tenproj_xl.core.texts import is_blank, text_of
from tenproj_xl.core.tokens import token
from tenproj_xl.model.decisions import ChangeReply, Coordination, Extension, Verdict
from tenproj_xl.model.evaluate_tasks import task_state
from tenproj_xl.model.history import History
from tenproj_xl.model.issued import Issued
from tenproj_xl.model.issues import IssueHistory, issue_histories
from tenproj_xl.model.plan import Plan, Programme, Task
from tenproj_xl.model.settings import Settings
from tenproj_xl.office.signoff_items import ITEMS, Supervised, SupervisedItem

_CHOICE, _LONG, _DATE = Kind.CHOICE, Kind.LONG_TEXT, Kind.DATE


def _shown(field: str, header: str, width: float, kind: Kind = _LONG) -> Column:
    return Column(field, header, Fill.CARRIED, kind, width=width)


def _asked(
    field: str, header: str, width: float, kind: Kind, choices: Sequence[str] = (), advice: str = ""
) -> Column:
    return Column(field, header, Fill.DEPARTMENT, kind, width=width, choices=tuple(choices), advice=advice)


def _like_the_form(field: str, width: float) -> Column:
    return replace(ISSUES.column(field), fill=Fill.DEPARTMENT, width=width)


_KEY = Column(KEY, "行标识", Fill.MACHINE, Kind.TOKEN, width=4)
_KEY2 = Column(KEY2, "行标识（二）", Fill.MACHINE, Kind.TOKEN, width=4)
_CODE = _shown("code", "问题编号", 14, Kind.TEXT)
_TASK_FORCE = _shown("task_force", "专班", 15)
_DESCRIPTION = _shown("description", "问题描述", 28)
_UNIT = _shown("unit", "责任单位", 12)
_DEADLINE = _shown("deadline", "时限", 19)
_PAST = _shown("past", "办理经过", 46)
_CHANGED: Mapping[str, tuple[str, float]] = {
    "description": ("描述改为", 26),
    "category": ("类别改为", 9),
    "source": ("来源改为", 11),
    "unit": ("责任单位改为", 13),
    "raised_on": ("提出日期改为", 12),
}
"""The columns in which the office says what an issue is registered as from now on."""


def changed_field(name: str) -> str:
    """Return the field of 待审定 that says what a field of an issue is changed to."""
    return f"new_{name}"


def _changes() -> Iterator[Column]:
    yield replace(_asked("change", "变更审定", 11, _CHOICE, (*ChangeReply,)), may_lack=True)
    for name, (header, width) in _CHANGED.items():
        column = replace(_like_the_form(name, width), header=header, may_lack=True)
        yield replace(column, field=changed_field(name))


_OPINION = _asked("opinion", "审定意见", 26, _LONG)
_BY = _asked("by", "审定人", 10, Kind.TEXT, advice="填写审定人姓名或会议名称")
_ON = _asked("decided_on", "审定日期", 12, _DATE)

APPLICATIONS = Sheet(
    "applications",
    "待审定",
    (
        _KEY,
        _CODE,
        _TASK_FORCE,
        _DESCRIPTION,
        _UNIT,
        _DEADLINE,
        _shown("state", "现状", 10, Kind.TEXT),
        _shown("asks", "申请事项", 38),
        _shown("attention", "请注意", 26),
        _PAST,
        _KEY2,
        _asked("verdict", "销号审定", 11, _CHOICE, (Verdict.SIGN_OFF, Verdict.SEND_BACK)),
        _asked("level", "核定层级", 13, _CHOICE, tuple(DecisionLevel)),
        _asked("coordination", "协调结果", 10, _CHOICE, tuple(Coordination)),
        _asked("extension", "延期审定", 11, _CHOICE, tuple(Extension)),
        _asked("until", "同意延期至", 12, _DATE),
        *_changes(),
        _OPINION,
        _BY,
        _ON,
    ),
)
LISTED_FOR = timedelta(days=366)
"""So long after its sign-off an issue is listed, to be reopened."""
CLOSED = Sheet(
    "closed",
    "本年已销号",
    (
        _KEY,
        _CODE,
        _TASK_FORCE,
        _DESCRIPTION,
        _UNIT,
        _DEADLINE,
        _shown("signed_on", "销号日期", 12, _DATE),
        _PAST,
        _KEY2,
        _asked("verdict", "重新挂账", 11, _CHOICE, (Verdict.REOPEN,)),
        _asked("until", "整改时限", 12, _DATE),
        _OPINION,
        _BY,
        _ON,
    ),
)
REGISTRATION = Sheet(
    "registration",
    "登记问题",
    (
        _KEY,
        _asked("task_force", "专班", 20, _CHOICE),
        _like_the_form("description", 34),
        _like_the_form("category", 9),
        _like_the_form("related", 12),
        _asked(
            "source",
            "问题来源",
            11,
            _CHOICE,
            tuple(s for s in IssueSource if s is not IssueSource.SELF_CHECK),
        ),
        _like_the_form("raised_on", 12),
        _KEY2,
        _like_the_form("unit", 14),
        _like_the_form("person", 9),
        _like_the_form("due_on", 12),
        _like_the_form("measures", 28),
        _like_the_form("request", 26),
        _asked("level", "核定层级", 13, _CHOICE, tuple(DecisionLevel)),
        _OPINION,
        _BY,
        _ON,
    ),
    spare_rows=15,
    registers=(
        "task_force",
        "description",
        "category",
        "source",
        "raised_on",
        "unit",
        "due_on",
        "by",
        "decided_on",
    ),
)
SIGNOFF_SHEETS = (APPLICATIONS, ITEMS, CLOSED, REGISTRATION)


@dataclass(frozen=True)
class SignoffRow:
    """One row. `stamp` names the last return and the last decision that it was made from, "" for a blank row.

    `wanted` are the fields that answer what was asked; in a row without a request, any field may be filled.
    `remembered` is what the ledger is to know of the row besides its stamp.
    """

    token: str
    code: str
    printed: Mapping[str, Value]
    stamp: str = ""
    wanted: frozenset[str] = frozenset()
    remembered: Mapping[str, Value] = field(default_factory=dict)

    def wants(self, field: str) -> bool:
        """Return whether a field answers what was asked."""
        return not self.wanted or field in self.wanted


@dataclass(frozen=True)
class SignoffBook:
    """The content of one workbook to decide in; `sequence` is that of the ledger it was made from."""

    programme: Programme
    period: Period
    sheets: tuple[tuple[Sheet, tuple[SignoffRow, ...]], ...]
    sequence: int
    name: str = "销号审定"

    @property
    def stem(self) -> str:
        """The name of its file without its ending; another one whenever the ledger has changed."""
        return f"{self.name}_{self.period.name}_{self.sequence}"

    @property
    def id_line(self) -> str:
        """The visible line by which a person knows it."""
        return f"{self.programme.code} {self.period.code} {self.name} {self.sequence}"

    @property
    def issued(self) -> tuple[Issued, ...]:
        """The rows of all sheets as the ledger remembers them."""
        issued = []
        for sheet, rows in self.sheets:
            issued += [self._issued(sheet.code, row) for row in rows]
        return tuple(issued)

    def _issued(self, sheet: str, row: SignoffRow) -> Issued:
        return Issued(
            token=row.token,
            version="",
            period=self.period.code,
            recipient="",
            sheet=sheet,
            code=row.code,
            task_force="",
            unit="",
            of_others=False,
            printed={"stamp": row.stamp, **row.remembered},
        )

    def rows(self, sheet: Sheet) -> tuple[SignoffRow, ...]:
        """Return the rows of a sheet."""
        return next(rows for s, rows in self.sheets if s.code == sheet.code)


def is_signoff_book(issued: Mapping[str, Sequence[Issued]]) -> bool:
    """Return whether all the tokens of a book were printed in sign-off workbooks."""
    ours = {sheet.code for sheet in SIGNOFF_SHEETS}
    return bool(issued) and all(printings[-1].sheet in ours for printings in issued.values())


def signoff_sheets(plan: Plan) -> tuple[Sheet, Sheet, Sheet, Sheet]:
    """Return the sheets for a plan: issues can be registered for its task forces, levels have its names."""
    choices: dict[str, tuple[str, ...]] = {
        "task_force": tuple(f"{t.code} {t.name}" for t in plan.task_forces),
        "level": plan.programme.words.levels,
    }
    applications, registration = _offering(APPLICATIONS, choices), _offering(REGISTRATION, choices)
    return applications, ITEMS, CLOSED, registration


def _offering(sheet: Sheet, choices: Mapping[str, tuple[str, ...]]) -> Sheet:
    """Return a sheet with other choices in the columns that are chosen from."""
    columns = []
    for column in sheet.columns:
        offered = column.choices
        if column.kind is _CHOICE:
            offered = choices.get(column.field, offered)
        columns.append(replace(column, choices=offered))
    return replace(sheet, columns=tuple(columns))


def build_signoff_book(
    supervised: Supervised, settings: Settings, known: History, secret: str, sequence: int
) -> SignoffBook:
    """Return what waits for the office, with what was signed off in the period's year.

    Args:
        supervised: What stands in 督办清单 of the period on whose last day issues are judged.
        settings: The settings.
        known: All that was accepted and decided.
        secret: The ledger's secret, from which tokens are made.
        sequence: The ledger's sequence number.
    """
    plan, period = supervised.data.plan, supervised.data.period
    applications, items, closed, registration = signoff_sheets(plan)

    def key(*parts: str) -> str:
        return token(secret, plan.programme.code, "signoff", *parts)

    waiting, signed_off, blank = [], [], []
    for issue in issue_histories(known):
        if _asks(issue, period.last):
            row = _row(issue, _pending(issue, plan, known, period, settings), key, plan)
            waiting.append(replace(row, wanted=wanted(issue)))
        if issue.signed_off and issue.signed_off.on > period.last - LISTED_FOR:
            printed: dict[str, Value] = {"signed_on": issue.signed_off.on, "past": past(issue, settings.zone)}
            signed_off.append(_row(issue, printed, key, plan))
    for number in range(1, registration.spare_rows + 1):
        row_token = key("新增", str(sequence), str(number))
        blank.append(SignoffRow(row_token, "", {}))
    sheets = (
        (applications, tuple(waiting)),
        (items, tuple(_item_row(item, key) for item in supervised.items)),
        (closed, tuple(signed_off)),
        (registration, tuple(blank)),
    )
    return SignoffBook(plan.programme, period, sheets, sequence)


def _item_row(item: SupervisedItem, key: Callable[..., str]) -> SignoffRow:
    code, day = item.key
    return SignoffRow(
        token=key("督办", code, str(day), item.stamp),
        code=code,
        printed=item.printed,
        stamp=item.stamp,
        remembered=item.remembered,
    )


def stamp_of(issue: IssueHistory, without: str = "") -> str:
    """Return which return and which decision an issue stands on; decisions of one token can be left out."""
    decided = [d.seq for d in issue.decisions if d.token != without]
    return f"{issue.row.seq}/{max(decided, default=0)}"


def _row(
    issue: IssueHistory, printed: Mapping[str, Value], key: Callable[..., str], plan: Plan
) -> SignoffRow:
    names = {t.code: t.name for t in plan.task_forces}
    task_force = issue.row.task_force
    shown: dict[str, Value] = {
        "code": issue.code,
        "task_force": f"{task_force} {names.get(task_force, '现行方案中没有的专班')}",
        "description": issue.reported("description"),
        "unit": issue.reported("unit"),
        "deadline": _deadline(issue),
    }
    stamp = stamp_of(issue)
    return SignoffRow(key(issue.code, stamp), issue.code, shown | dict(printed), stamp)


def _deadline(issue: IssueHistory) -> str:
    deadline = f"原定{issue.original_due or '—'}"
    if issue.due != issue.original_due:
        deadline += f"\n现行{issue.due}"
        if issue.extensions:
            deadline += f"（延期{issue.extensions}次）"
    return deadline


# --- what waits


def _asks(issue: IssueHistory, day: date) -> list[str]:
    """Return what the office is asked about an issue, a paragraph each; nothing once it is signed off."""
    if issue.signed_off:
        return []
    return [*_asks_sign_off(issue), *_asks_level(issue, day), *_asks_time(issue), *_asks_change(issue)]


def wanted(issue: IssueHistory) -> frozenset[str]:
    """Return the fields of a row that answer what is asked in it."""
    fields = {"opinion", "by", "decided_on"}
    if issue.application is not None:
        fields.add("verdict")
    if issue.asks and (issue.proposed_level or not issue.level):
        fields.add("level")
    if issue.with_superior:
        fields.add("coordination")
    if issue.extension_request is not None:
        fields |= {"extension", "until"}
    if issue.change_request is not None:
        fields |= {"change", *map(changed_field, _CHANGED)}
    return frozenset(fields)


def _asks_sign_off(issue: IssueHistory) -> Iterator[str]:
    if row := issue.application:
        applied_on = row.values.get("applied_on") or ""
        opinion = label_of(row.values.get("lead_opinion")) or "未填"
        evidence = row.values.get("evidence") or "未填"
        yield f"【申请销号】{applied_on}，牵头单位初审：{opinion}\n佐证材料：{evidence}"


def _asks_level(issue: IssueHistory, day: date) -> Iterator[str]:
    if not issue.asks:
        return
    ask = f"{issue.reported('request')}"
    if unit := issue.reported("suggested_unit"):
        ask += f"（建议协调单位：{unit}）"
    if issue.proposed_level:
        yield f"【建议层级】{label_of(issue.proposed_level)}：{ask}"
    elif issue.with_superior:
        since = next(d.on for d in reversed(issue.decisions) if d.level)
        days = max(0, (day - since).days)
        yield f"【提请协调】{ask}\n{since}核定为{label_of(issue.level)}，已{days}天，请填协调结果"
    elif not issue.level:
        yield f"【提请协调】{ask}\n没有填建议层级，请核定层级"


def _asks_time(issue: IssueHistory) -> Iterator[str]:
    if request := issue.extension_request:
        until, reason = request.values["extend_to"], request.values.get("extend_reason") or "未写理由"
        yield f"【申请延期】至{until}（第{issue.extensions + 1}次）：{reason}"


def _asks_change(issue: IssueHistory) -> Iterator[str]:
    if request := issue.change_request:
        names = ("category", "source", "unit", "raised_on")
        shown = [text_of(issue.reported(name)) or "未填" for name in names]
        registered = f"登记的类别、来源、责任单位、提出日期：{'、'.join(shown)}"
        yield f"【申请变更】{request.values[CHANGE_REQUEST]}\n{registered}"


def _pending(
    issue: IssueHistory, plan: Plan, known: History, period: Period, settings: Settings
) -> Mapping[str, Value]:
    return {
        "state": issue.state(period.last, settings).label,
        "asks": "\n".join(_asks(issue, period.last)),
        "attention": "\n".join(_attention(issue, plan, known, period.last, settings)) or None,
        "past": past(issue, settings.zone),
    }


def _attention(
    issue: IssueHistory, plan: Plan, known: History, day: date, settings: Settings
) -> Iterator[str]:
    """Yield what the office should know before it decides."""
    if issue.application:
        if issue.times_sent_back:
            last = next(d for d in reversed(issue.decisions) if d.verdict == Verdict.SEND_BACK)
            yield f"第{issue.times_sent_back + 1}次申请，{last.on}曾退回"
        if issue.application.values.get("lead_opinion") == Opinion.AGAINST:
            yield "牵头单位初审不同意"
        for task in _overdue_tasks(issue, plan, known, day, settings):
            yield f"关联任务{task.code}“{task.name}”已逾期，是否同意销号？"
    left = issue.days_left(day)
    if left is not None and left < 0:
        yield f"已超期{-left}天"
    if issue.times_reopened:
        yield f"曾重新挂账{issue.times_reopened}次"
    request = issue.extension_request
    if request and issue.extensions:
        yield f"已延期{issue.extensions}次，原定{issue.original_due}"


def _overdue_tasks(
    issue: IssueHistory, plan: Plan, known: History, day: date, settings: Settings
) -> Iterator[Task]:
    linked = split_codes(text_of(issue.reported("related")))
    for task in plan.tasks:
        if task.code not in linked:
            continue
        values: Mapping[str, Value] = {}
        if latest := known.latest("tasks", task.code):
            values = latest.values
        state = task_state(values, day, settings, year=day.year)
        is_past_due = task.due_on is not None and task.due_on < day
        if state is TaskState.OVERDUE or (state is TaskState.MISSING and is_past_due):
            yield task


# --- what was

_SHOWN_LINES = 8


def past(issue: IssueHistory, zone: tzinfo) -> str:
    """Return what was reported and decided, oldest first; of many lines the first and the last ones.

    What is reported goes by its day in the zone.
    """
    entries = list(_reports(issue, zone))
    entries += [(decision.on, 1, decision.spoken) for decision in issue.decisions]
    entries.sort(key=lambda entry: entry[:2])
    lines = [text for _, _, text in entries]
    if len(lines) > _SHOWN_LINES:
        left = len(lines) - _SHOWN_LINES + 1
        lines = [lines[0], f"……（另有{left}条）", *lines[-(_SHOWN_LINES - 2) :]]
    return "\n".join(lines)


def _reports(issue: IssueHistory, zone: tzinfo) -> Iterator[tuple[date, int, str]]:
    """Yield what the department reported and had not reported before: day, place within the day, text."""
    before = ""
    for row in issue.rows:
        values = [row.values.get(field) for field in ("status", "progress")]
        text = "：".join(text_of(value) for value in values if not is_blank(value))
        if row is issue.rows[0]:
            source = label_of(row.values.get("source")) or "来源未填"
            raised_on = row.values.get("raised_on") or "未填"
            text = f"登记（{source}，提出日期{raised_on}）{text}"
        if text and text != before:
            yield row.received_at.astimezone(zone).date(), 0, f"{row.period.name} {text}"
        before = text
