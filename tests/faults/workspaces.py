"""One prepared workspace for each command that writes: small, with one of every kind of file.

Two task forces, two weeks. In the inbox of the second lie a good return, one in a zip, one in a mail, one to correct,
a duplicate, what is no return, and a workbook of the office; the figures contradict each other, and a paper that was
given out.
"""

import io
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from click.testing import CliRunner
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.excel.office_tables import write_workbook  # loads XlsxWriter
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.plan_schema import PLAN_SHEETS, TASK_FORCES
from tests.helpers.address_book import contact
from tests.helpers.answers import SIGNED
from tests.helpers.by_unit import blank
from tests.helpers.filling import Filling, Office
from tests.helpers.mail_servers import HOST, Dovecot
from tests.helpers.mailbox import set_mail
from tests.helpers.mails import letter
from tests.helpers.plan_book import plan_book
from tests.helpers.replies import bounce
from tests.helpers.settings_book import add_line, set_parameter
from tests.helpers.small_plan import small_tables

PLACE = "工作区"
"""The folder of the workspace in that of a case, in which commands run."""
BEFORE, PERIOD = "2026-W47", "2026-W48"
_ACCOUNT, _OTHER_ACCOUNT = "bgs@example.com", "zb@example.com"
_LEAD, _SCIENCE, _HOUSING = "区发改经信局", "区科技局", "区住建局"
_ISSUE: Mapping[str, object] = {
    "description": "项目用地指标尚未落实",
    "category": "用地",
    "source": "自查",
    "raised_on": date(2026, 11, 16),
    "unit": _LEAD,
    "measures": "与主管部门对接",
    "due_on": date(2026, 12, 31),
    "status": "整改中",
    "progress": "已报市局",
}
_BEHIND: Mapping[str, object] = {
    "status": "滞后",
    "progress": "手续未齐",
    "problems": "资金未到位",
    "next_steps": "提请协调",
}
_SIGNED_BY: Mapping[str, object] = {"审定人": "王主任", "审定意见": "同意", "审定日期": date(2026, 11, 27)}


_NO_PAPERS = "打印版.xlsx", "挂图作战.html"
"""The ends of the names of what lies beside papers and is none."""


@dataclass(frozen=True)
class Case:
    """A command, and the folder that it runs in; `arguments` are those behind `-C`."""

    name: str
    arguments: tuple[str, ...]
    root: Path

    @property
    def command_line(self) -> tuple[str, ...]:
        """What follows the name of the program."""
        return "-C", PLACE, *self.arguments


class Prepared:
    """The workspaces, each made from the one before it in the order of a week's work."""

    def __init__(self, folder: Path, server: Dovecot | None = None) -> None:
        self._folder = folder
        self._server = server
        self.cases: dict[str, Case] = {}

    def _case(
        self, name: str, stage: Path, *arguments: str, change: Callable[[Path], object] | None = None
    ) -> None:
        root = self._folder / name.replace(" ", "-")
        shutil.copytree(stage, root)
        if change:
            change(root)
        self.cases[name] = Case(name, arguments, root)

    def _stage(self, name: str, before: Path) -> Path:
        folder = self._folder / f"stage-{name}"
        shutil.copytree(before, folder)
        return folder

    def made(self) -> "Prepared":
        """Make all of them."""
        new = self._folder / "stage-new"
        (new / PLACE).mkdir(parents=True, exist_ok=True)
        self._case("init", new, "init")
        self._case("init --empty", new, "init", "--empty")
        planned = self._stage("planned", new)
        _plan(planned / PLACE)
        self._case("generate first", planned, "generate", "--period", BEFORE)
        out = self._stage("out", planned)
        _first_week(out / PLACE)
        self._case("generate", out, "generate", "--period", PERIOD)
        self._of_the_plan(out)
        filled = self._stage("filled", out)
        _second_week(filled / PLACE)
        self._case("ingest", filled, "ingest")
        self._case("merge", filled, "merge")
        self._case("merge --changed", filled, "merge", "--changed")
        self._case("ingest watched", filled, "ingest", change=_move_to_chat)
        if self._server:
            self._case("fetch", filled, "fetch", change=self._move_to_mailbox)
        self._case("merge --final", filled, "merge", "--final", "张三")
        merged = self._stage("merged", filled)
        tenproj(merged, "merge")
        self._case("send", merged, "send", "--remind")
        laid = self._stage("laid", merged)
        tenproj(laid, "send")
        self._case("run", filled, "run")
        self._case("send marked", laid, "send", change=_tick_first)
        if self._server:
            self._case("fetch answers", laid, "fetch", change=self._let_answers_come)
        self._of_the_office(merged)
        self._of_papers(merged)
        self._of_keeping(merged)
        return self

    def _move_to_mailbox(self, root: Path) -> None:
        """Let the mail of the inbox, and one that brings nothing, come by IMAP."""
        server, workspace = self._server, Workspace(root / PLACE)
        assert server
        mail = workspace.inbox / "02专班.eml"
        server.deliver(_ACCOUNT, mail.read_bytes(), bytes(letter(subject="问一下")))
        mail.unlink()
        shutil.copyfile(server.certificate, workspace.root / "server.pem")
        set_mail(workspace, 收信服务器=HOST, 收信端口=server.port, 账号=_ACCOUNT, 服务器证书="server.pem")

    def _let_answers_come(self, root: Path) -> None:
        """Let somebody answer a letter, and another one come back, by IMAP."""
        server, workspace = self._server, Workspace(root / PLACE)
        assert server
        with look_into_ledger(workspace.ledger) as ledger:
            first, second = ledger.letters(PERIOD)[:2]
        came_back = letter(subject=f"请填报〔{second.reference}〕", sender=_ACCOUNT)
        server.deliver(
            _OTHER_ACCOUNT,
            bytes(letter(subject=f"回复：请填报〔{first.reference}〕", text="收到。")),
            bounce(came_back, "kjj@example.com"),
        )
        shutil.copyfile(server.certificate, workspace.root / "server.pem")
        set_mail(
            workspace, 收信服务器=HOST, 收信端口=server.port, 账号=_OTHER_ACCOUNT, 服务器证书="server.pem"
        )

    def _of_the_plan(self, out: Path) -> None:
        def other_target(root: Path) -> None:
            with plan_book(Workspace(root / PLACE)) as plan:
                plan.set("年度计划", "Z01-01", "2026", 目标值=34)

        self._case(
            *("plan correct", out, "plan", "correct", "--from", BEFORE, "--reason", "误填"),
            change=other_target,
        )
        shipped = self._stage("shipped", self._folder / "stage-new")
        initialise(Workspace(shipped / PLACE))
        self._case("plan confirm", shipped, "plan", "confirm", "--by", "王主任")
        ending = self._stage("ending", out)
        tenproj(ending, "generate", "--period", "2026-W53")
        self._case("plan new-year", ending, "plan", "new-year", "2027")
        self._case("template build", out, "template", "build", "--force")

    def _of_the_office(self, merged: Path) -> None:
        week = f"{PLACE}/outbox/{PERIOD}"
        self._case("signoff", merged, "signoff")
        self._case("resolve", merged, "resolve")
        self._case("supervise", merged, "supervise")
        self._case("meeting", merged, "meeting")
        self._case("amend", merged, "amend")
        self._case("review", merged, "review")
        self._case(
            *("amend words", merged, "amend", "Z01-15", "最新数值", "9", "--period", "2026-10"),
            *("--nature", "部门统计", "--basis", "来电告知", "--by", "赵六"),
        )
        drawn = self._stage("drawn", merged)
        for command in ("signoff", "resolve", "supervise", "meeting", "amend", "review"):
            tenproj(drawn, command)
        for command, (folder, sheet, marks) in _DECIDED.items():
            (path,) = (drawn / week / folder).glob("*.xlsx")
            fill(path, sheet, marks)
            self._case(f"{command} FILE", drawn, command, path.relative_to(drawn).as_posix())
        self._case("withdraw", merged, "withdraw", "科技局.xlsx", "--why", "报错了单位")
        self._case("prefer", merged, "prefer", "牵头(1).xlsx", "--why", "电话核实")
        asked = self._stage("asked", merged)
        _mail_from_another_unit(Workspace(asked / PLACE))
        tenproj(asked, "ingest")
        self._case("admit", asked, "admit", "转来.eml/02.xlsx", "--as", _SCIENCE, "--learn")

    def _of_papers(self, merged: Path) -> None:
        self._case("report --meeting", merged, "report", "--meeting")
        self._case("report --month", merged, "report", "--month")
        self._case("report --year", merged, "report", "--year")
        reported = self._stage("reported", merged)
        tenproj(reported, "report", "--month", "--final", "张三")
        papers = [
            path.relative_to(reported).as_posix()
            for path in sorted((reported / PLACE / "outbox" / "2026-11" / "汇总").iterdir())
            if not path.name.endswith(_NO_PAPERS)
        ]
        self._case("publish", reported, "publish", *papers, "--by", "李四")
        objected = self._stage("objected", reported)
        _object(objected / PLACE)
        self._case("ingest objections", objected, "ingest")
        tenproj(objected, "ingest")
        self._case("objections", objected, "objections")
        tenproj(objected, "objections")
        (path,) = (objected / PLACE / "outbox" / "2026-11" / "得分异议").glob("*.xlsx")
        marks: Mapping[str, object] = {"决定": "不采纳", "决定人": "王主任", "决定理由": "经核平台数据"}
        fill(path, "得分异议裁定表", {1: marks})
        self._case("objections FILE", objected, "objections", path.relative_to(objected).as_posix())

    def _of_keeping(self, merged: Path) -> None:
        self._case("export", merged, "export", "--to", "导出")
        self._case("archive", merged, "archive", "--year", "2026", "--no-pages")
        again = self._stage("archived", merged)
        tenproj(again, "archive", "--year", "2026", "--no-pages")
        self._case("archive again", again, "archive", "--year", "2026", "--no-pages")
        self._case("handover", merged, "handover")
        self._case("backup", merged, "backup", "备份.zip")
        self._case("remove", merged, "remove", "科技局.xlsx", "--why", "保密审查〔2026〕1号")
        self._case(
            *("rebuild", merged, "rebuild"),
            change=lambda root: (root / PLACE / "ledger" / "台账.sqlite3").unlink(),
        )
        kept = self._stage("kept", merged)
        tenproj(kept, "backup", "备份.zip")
        shutil.rmtree(kept / PLACE)
        (kept / PLACE).mkdir()
        self._case("restore", kept, "restore", "备份.zip")


_DECIDED: Mapping[str, tuple[str, str, Mapping[int, Mapping[str, object]]]] = {
    "signoff": ("销号审定", "待审定", {1: {"销号审定": "同意销号", **_SIGNED_BY}}),
    "resolve": ("分歧裁定", "", {1: {"以哪家为准": _SCIENCE, "裁定人": "赵六", "理由": "已核对"}}),
    "supervise": ("督办", "督办事项选择", {1: {"是否督办": "是", "签发人": "王五"}}),
    "meeting": (
        "议定事项",
        "议定事项",
        {
            1: {
                "会议名称": "第12次联络员例会",
                "会议日期": date(2026, 11, 25),
                "议定事项": "协调落实用地指标",
                "专班": "01 ",
                "责任单位": _SCIENCE,
                "完成时限": date(2026, 12, 20),
            }
        },
    ),
    "amend": (
        "代录",
        "",
        {
            1: {
                "编号": "Z01-15",
                "栏目": "最新数值",
                "内容": "9",
                "数据所属期": "2026年10月",
                "数据性质": "部门统计",
                "依据": "来电告知",
                "代录人": "赵六",
            }
        },
    ),
    "review": ("待核实", "待核实清单", {1: {"决定": "采用", "核实人": "赵六", "核实情况": "已核对"}}),
}
"""For each workbook of the office its folder, its sheet ("" for the first), and what is written in which row."""


def tenproj(folder: Path, *arguments: str) -> None:
    """Run a command in the workspace of a folder; it must be done."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        done = CliRunner().invoke(main, ["-C", PLACE, *arguments])
    finally:
        os.chdir(before)
    assert done.exit_code in (0, 1), f"{arguments}: {done.output}"


def fill(path: Path, sheet: str, rows: Mapping[int, Mapping[str, object]]) -> None:
    """Write into rows of a workbook of the office, counted from the first below the headers, and keep its time."""
    book = load_workbook(path)
    page = book[sheet] if sheet else book.worksheets[0]
    wanted = {header for cells in rows.values() for header in cells}
    head, at = _headers(page, wanted)
    choices = [
        str(cell.value) for tab in book.worksheets for line in tab.iter_rows() for cell in line if cell.value
    ]
    for number, cells in rows.items():
        for header, value in cells.items():
            typed = value
            if isinstance(value, str) and value.endswith(" "):  # the drop-down's word for a code
                typed = next(text for text in choices if text.startswith(value))
            page.cell(head + number, at[header]).value = typed  # type: ignore[assignment]  # whatever a person types
    book.save(path)
    noon = datetime(2026, 11, 27, 12).astimezone().timestamp()
    os.utime(path, (noon, noon))


def _headers(page: Worksheet, wanted: set[str]) -> tuple[int, dict[str, int]]:
    """Return the row of the headers, and their columns."""
    for number, line in enumerate(page.iter_rows(), 1):
        at = {str(cell.value): cell.column for cell in line if cell.value and cell.column}
        if wanted <= at.keys():
            return number, at
    raise LookupError(f"{page.title}: {wanted}")


def _move_to_chat(root: Path) -> None:
    """Let some of what came lie in a watched folder, among other files, and some in a folder that is emptied."""
    workspace = Workspace(root / PLACE)
    chat, share = root / "聊天", root / "共享盘"
    chat.mkdir()
    share.mkdir()
    add_line(workspace, "收件夹", "../聊天", "旁看", "微信")
    add_line(workspace, "收件夹", "../共享盘", "取走", "共享盘")
    for place, name in (
        (chat, "牵头.xlsx"),
        (chat, "住建局.zip"),
        (chat, "02专班.eml"),
        (share, "科技局.xlsx"),
    ):
        (workspace.inbox / name).rename(place / name)
    deadline = datetime(2026, 11, 27, 17).astimezone()
    _put(chat / "家庭账本.xlsx", b"PK\x03\x04" + bytes(400), deadline)
    _put(chat / "合影.jpg", b"\xff\xd8\xff\xe0", deadline)


def _tick_first(root: Path) -> None:
    """Mark the first letter as sent."""
    path = root / PLACE / "outbox" / PERIOD / "待发" / "待发清单.xlsx"
    fill(path, "待发清单", {1: {"已发": "√"}})


# --- the two weeks


def _plan(root: Path) -> None:
    workspace = Workspace(root)
    initialise(workspace)
    tables = small_tables()
    ranked = [["涉及" if cell == "不涉及" else cell for cell in row] for row in tables[TASK_FORCES.name]]
    write_workbook(workspace.plan, PLAN_SHEETS, {**tables, TASK_FORCES.name: ranked}, {})
    set_parameter(workspace, "参加排名最少事项", "1")


def _first_week(root: Path) -> None:
    folder = root.parent
    tenproj(folder, "generate", "--period", BEFORE)
    office = Office.of(Workspace(root), BEFORE)
    form = office.blank("01")
    form.fill_in(
        {
            ("indicators", "Z01-01"): {"value": 30.0, "nature": "部门统计", "data_period": "2026年10月"},
            ("tasks", "R01-01"): _BEHIND,
            ("issues", "+1"): _ISSUE,
        }
    )
    form.cover(**SIGNED)
    office.send(form, "01_47.xlsx")
    tenproj(folder, "merge")
    papers = sorted((root / "outbox" / BEFORE / "汇总").iterdir())
    names = [path.relative_to(folder).as_posix() for path in papers if path.name.endswith("汇总表.xlsx")]
    tenproj(folder, "publish", *names, "--by", "赵六")


def _second_week(root: Path) -> None:
    tenproj(root.parent, "generate", "--period", PERIOD)
    tenproj(root.parent, "generate", "--period", PERIOD, "--by", "unit")
    workspace = Workspace(root)
    office = Office.of(workspace, PERIOD)
    explained = {"lag_reason": "重新核对", "next_steps": "逐项核对"}
    lead = office.blank("01")
    lead.fill_in(
        {
            ("indicators", "Z01-01"): {
                "value": 12.0,
                "nature": "部门统计",
                "data_period": "2026年10月",
                **explained,
            },
            ("indicators", "Z01-03"): {"value": 40.0, "nature": "部门统计"},
            ("tasks", "R01-01"): _BEHIND,
            ("issues", "W01-2026-001"): {
                "status": "申请销号",
                "progress": "指标已经下达",
                "evidence": "批复文件",
                "applied_on": date(2026, 11, 26),
                "lead_opinion": "同意",
            },
            ("issues", "+1"): {**_ISSUE, "description": "施工用电增容手续未办结", "category": "用能"},
        }
    )
    lead.cover(**SIGNED)
    sent = office.send(lead, "牵头.xlsx", hours=-8)
    shutil.copy2(sent, workspace.inbox / "牵头(1).xlsx")
    science = blank(office, _SCIENCE)
    science.fill_in({("indicators", "Z01-03"): {"value": 50.0, "nature": "部门统计"}})
    science.cover(filler="张三", phone="0571-12345678")
    office.send(science, "科技局.xlsx", hours=-7)
    housing = blank(office, _HOUSING)
    housing.fill_in({("indicators", "Z01-15"): {"value": "很多", "nature": "部门统计"}})
    housing.cover(filler="李四", phone="0571-12345678")
    _packed(workspace.inbox / "住建局.zip", housing, office)
    quiet = office.blank("02")
    quiet.cover(nil_return="是", **SIGNED)
    _mailed(workspace.inbox / "02专班.eml", quiet, office)
    for name, data in (
        ("通讯录.xlsx", b"PK no workbook"),
        ("照片.jpg", b"\xff\xd8\xff\xe0" + bytes(200)),
        ("设置.xlsx", workspace.settings.read_bytes()),
    ):
        _put(workspace.inbox / name, data, office.deadline)


def _put(path: Path, data: bytes, deadline: datetime) -> None:
    path.write_bytes(data)
    moment = (deadline - timedelta(hours=5)).timestamp()
    os.utime(path, (moment, moment))


def _packed(path: Path, form: Filling, office: Office) -> None:
    at = (office.deadline - timedelta(hours=6)).timetuple()[:6]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(form.name, at), form.data)
        packed.writestr(zipfile.ZipInfo("说明.txt", at), "请查收")
    _put(path, file.getvalue(), office.deadline)


def _mailed(path: Path, form: Filling, office: Office) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "李四 <ls@example.org>", "office@example.org", "报送"
    mail["Date"] = format_datetime(office.deadline - timedelta(hours=6))
    mail.set_content("附件是填报表。")
    mail.add_attachment(form.data, maintype="application", subtype="octet-stream", filename="02.xlsx")
    _put(path, mail.as_bytes(), office.deadline)


def _mail_from_another_unit(workspace: Workspace) -> None:
    """Let the form of the lead of 01专班 come from the address that is kept of another unit."""
    contact(workspace, _SCIENCE, "周一", to="ls@example.org")
    office = Office.of(workspace, PERIOD)
    form = office.blank("01")
    form.fill_in({("tasks", "R01-01"): {**_BEHIND, "progress": "已全部停工"}})
    form.cover(**SIGNED)
    _mailed(workspace.inbox / "转来.eml", form, office)


def _object(root: Path) -> None:
    """Put what a lead objects to in its score into the inbox."""
    (path,) = (root / "outbox" / "2026-11" / "得分核对稿").glob("01_*.xlsx")
    target = root / "inbox" / "得分核对.xlsx"
    shutil.copyfile(path, target)
    fill(target, "得分核对稿", {1: {"异议": "有异议", "异议理由": "投资已更正"}})
    soon = (datetime.now().astimezone() + timedelta(seconds=-1)).timestamp()
    os.utime(target, (soon, soon))
