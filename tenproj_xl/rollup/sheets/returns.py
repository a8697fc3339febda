"""The sheet 报送情况: who has returned what, when, and what is still to be corrected."""

from collections.abc import Iterable, Sequence

from tenproj_xl.core.answers import YesNo
from tenproj_xl.model.calendar import CALLED_OFF
from tenproj_xl.model.deliveries import LiaisonLetter
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.statuses import Status
from tenproj_xl.reading.documents import is_scan_name
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.sheet_spec import SheetSpec, Tab
from tenproj_xl.rollup.drawing.table import CellLook, Field, Holds, Table
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.facts.returns import ReturnLine, Timeliness

TITLE = "报送情况"
_NAMED = 3
HERE = "有"
_F = Field[ReturnLine]


def _table(facts: Facts) -> Table[ReturnLine]:
    return Table(
        sheet=TITLE,
        note=f"{_deadlines(facts)}首次有效报送的时间决定是否迟报；“未接收（退回）”是来过件但无法采用；"
        f"“{Timeliness.EXTENDED.label}”是按“延期报送”还没到时间；"
        "不涉及的专班报送配合事项，不作要求；已撤回的文件不计。",
        fields=tuple(_fields(facts)),
        lines=facts.returns,
        fixed=2,
        empty="方案中没有专班。" if facts.data.asked_for_returns else "这一时段没有下发填报表。",
    )


def _deadlines(facts: Facts) -> str:
    data = facts.data
    if data.is_wide:
        return f"{data.period.paper_label}共{len(data.owed_periods)}期，各期逐一列出。"
    if data.is_called_off:
        return f"{CALLED_OFF}。"
    return f"报送截止：{data.clock(data.settings.deadline(data.last_period))}。"


def _waiting(line: ReturnLine) -> str:
    named = _few(line.waiting)
    if line.waits_whole:
        return f"{named}（整份收取，其余各行也未计入）"
    return named


def _few(rows: Sequence[str]) -> str:
    """Return the first rows by name; all of them stand in 核验清单."""
    named = "、".join(rows[:_NAMED])
    if len(rows) > _NAMED:
        return f"{named}等{len(rows)}行"
    return named


def _units(line: ReturnLine) -> str:
    if not line.units.owed:
        return ""
    return f"{len(line.units.returned)}/{len(line.units.owed)}"


def _lead_check(line: ReturnLine) -> str:
    """Return how many rows the lead unit agreed to, returned, and has not said anything about."""
    agreed = sum(not row.is_open and not row.is_returned for row in line.checked)
    returned = sum(row.is_returned for row in line.checked)
    waiting = sum(row.is_open for row in line.checked)
    counts = {"同意": agreed, "退回": returned, "待核对": waiting}
    return "，".join(f"{word}{count}行" for word, count in counts.items() if count)


def _undelivered(letter: LiaisonLetter, data: RollupInput) -> str:
    """Return which address got no letter, and whom to call."""
    lost = letter.not_reached or tuple(dict.fromkeys(bounce.address for bounce in letter.bounces))
    came = "没有送到" if letter.not_reached else "暂时没有送到"
    return f"{'、'.join(lost)}{came}，请电话联系{letter.whom or data.units(letter.unit)}"


def _nil(line: ReturnLine) -> str:
    if line.is_nil:
        return YesNo.YES
    return ""


def _scan(line: ReturnLine) -> str:
    if any(is_scan_name(receipt.file) for receipt in line.companions):
        return HERE
    return ""


def _when(receipt: Receipt | None, data: RollupInput) -> str:
    if receipt is None:
        return ""
    return data.clock(receipt.received_at)


def _withdrawn(line: ReturnLine, data: RollupInput) -> str:
    spoken: list[str] = []
    for receipt in line.withdrawn:
        withdrawal = receipt.withdrawn
        if withdrawal:
            spoken.append(f"{receipt.file}（{data.clock(withdrawal.at)}撤回：{withdrawal.why}）")
    return "；".join(spoken)


def _fields(facts: Facts) -> Iterable[_F]:
    yield from _owed_fields(facts)
    yield from _receipt_fields(facts)
    if not facts.data.is_wide:  # the numbers are those of the roll-up, not of each week's return
        yield from _answer_fields()
    yield from _sender_fields(facts)


def _owed_fields(facts: Facts) -> Iterable[_F]:
    """Yield whose return it is, and whether it is in."""
    data = facts.data
    if data.is_wide:
        yield _F(
            "period",
            "期",
            "报送的是哪一期。",
            10,
            lambda r: r.period.paper_name,
            CellLook.WORD,
            code=lambda r: r.period.code,
        )
    yield _F("task_force", "专班", "专班编号。", 6, lambda r: r.task_force.code, CellLook.WORD)
    yield _F("name", "工程", "专班对应的工程名称。", 34, lambda r: r.task_force.name)
    yield _F("lead", "牵头单位", "专班的牵头单位。", 18, lambda r: data.units(r.task_force.lead))
    yield _F(
        "state", "报送", "按时、迟报还是没有报。", 10, lambda r: r.state, CellLook.STATE, codes=(Timeliness,)
    )
    if any(r.units.owed for r in facts.returns):
        yield _F(
            "units", "单位\n（已报/应报）", "单独填报的单位，已报几家、应报几家。", 11, _units, CellLook.WORD
        )
        yield _F(
            "missing", "未报单位", "单独填报而没有报的单位。", 20, lambda r: data.units(*r.units.missing)
        )
    if any(r.undelivered for r in facts.returns):
        yield _F(
            "undelivered",
            "信没有送到",
            "还没有报来、发去的信又退回或没有送到的：哪个地址，请电话联系谁。",
            30,
            lambda r: "；".join(_undelivered(letter, data) for letter in r.undelivered),
        )
    if any(r.checked for r in facts.returns):
        yield _F("lead_check", "牵头核对", "牵头单位对各单位单独报来的行怎么看。", 20, _lead_check)


def _receipt_fields(facts: Facts) -> Iterable[_F]:
    """Yield what came, and what is to be corrected in it."""
    data = facts.data
    yield _F(
        "first", "首次报送时间", "首次有效报送的时间。", 17, lambda r: _when(r.first, data), CellLook.WORD
    )
    yield _F(
        "current", "现行件时间", "现行件收到的时间。", 17, lambda r: _when(r.current, data), CellLook.WORD
    )
    yield _F(
        "channel",
        "渠道",
        "现行件是从哪里来的：邮件，或“设置.xlsx”的“收件夹”表登记的渠道；没有登记的空着。",
        9,
        lambda r: r.current.channel if r.current else "",
        CellLook.WORD,
    )
    yield _F(
        "status",
        "现行件状态",
        "现行件的状态。",
        16,
        lambda r: r.current.status if r.current else "",
        CellLook.WORD,
        codes=(Status,),
    )
    yield _F(
        "nil",
        "零报告",
        "现行件是不是都是零报告；没有现行件、单位没有报齐的不是。",
        8,
        _nil,
        CellLook.WORD,
        holds=Holds.TRUTH,
    )
    yield _F(
        "files", "来件\n（份）", "来过几份文件，撤回的也算。", 8, lambda r: r.files, CellLook.COUNT, unit="份"
    )
    yield _F(
        "scan",
        "盖章\n扫描件",
        "有没有收到盖章扫描件或照片。",
        8,
        _scan,
        CellLook.WORD,
    )
    yield _F(
        "corrections",
        "更正\n（次）",
        "被后来的更正取代的份数。",
        8,
        lambda r: r.corrections,
        CellLook.COUNT,
        unit="次",
    )
    yield _F(
        "errors",
        "待更正错误\n（处）",
        "还没有更正的错误。",
        10,
        lambda r: r.errors,
        CellLook.COUNT,
        unit="处",
    )
    yield _F("waiting", "等更正、暂未计入的行", "等更正、暂未计入的行。", 34, _waiting)
    yield _F("hints", "提示和疑问\n（处）", "提示和疑问。", 10, lambda r: r.hints, CellLook.COUNT, unit="处")


def _answer_fields() -> Iterable[_F]:
    """Yield how much of what was asked is answered."""
    yield _F(
        "figures_asked",
        "应报指标\n（项）",
        "本期应报新数的指标。月及以上的没有。",
        9,
        lambda r: r.figures_asked,
        CellLook.COUNT,
        unit="项",
    )
    yield _F(
        "figures_in",
        "已报指标\n（项）",
        "其中已报来的指标。月及以上的没有。",
        9,
        lambda r: r.figures_in,
        CellLook.COUNT,
        unit="项",
    )
    yield _F(
        "tasks_asked",
        "在办任务\n（项）",
        "还没有完成的任务。月及以上的没有。",
        9,
        lambda r: r.tasks_asked,
        CellLook.COUNT,
        unit="项",
    )
    yield _F(
        "tasks_in",
        "本期更新任务\n（项）",
        "其中本期更新了的任务。月及以上的没有。",
        10,
        lambda r: r.tasks_in,
        CellLook.COUNT,
        unit="项",
    )


def _sender_fields(facts: Facts) -> Iterable[_F]:
    """Yield who sent it, by the cover, and its file."""
    data = facts.data
    yield _F("unit", "填报单位", "封面上的填报单位。", 18, lambda r: r.cover("unit"))
    yield _F("filler", "填报人", "封面上的填报人。", 10, lambda r: r.cover("filler"), CellLook.WORD)
    yield _F("phone", "联系电话", "封面上的联系电话。", 15, lambda r: r.cover("phone"), CellLook.WORD)
    yield _F(
        "signer",
        "单位负责人\n（审签）",
        "封面上审签的单位负责人。",
        12,
        lambda r: r.cover("signer"),
        CellLook.WORD,
    )
    yield _F(
        "file",
        "现行件",
        "现行件的文件名。",
        40,
        lambda r: r.current.file if r.current else "",
        CellLook.SMALL,
    )
    yield _F(
        "companions",
        "附带材料",
        "与填报表一起收到、已存档的扫描件、照片和文字材料。",
        40,
        lambda r: "；".join(receipt.file for receipt in r.companions),
        CellLook.SMALL,
    )
    yield _F(
        "withdrawn",
        "撤回的文件和原因",
        "撤回的文件、时间和原因。",
        40,
        lambda r: _withdrawn(r, data),
        CellLook.SMALL,
    )


SPEC = SheetSpec(
    code="returns",
    title=TITLE,
    order=150,
    tab=Tab.BACKGROUND,
    table=_table,
    paper=OnPaper(
        widths={
            "period": 4,
            "task_force": 3,
            "name": 10,
            "lead": 8,
            "state": 5,
            "first": 7,
            "status": 6,
            "nil": 4,
            "corrections": 3,
            "errors": 4,
            "waiting": 6,
            "figures_asked": 3,
            "figures_in": 3,
            "tasks_asked": 3,
            "tasks_in": 3,
        },
    ),
)
