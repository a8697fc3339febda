"""A whole week of ten task forces, from the first start to the papers that are given out.

It is told once, and done in two ways: by commands, and by clicks on the desk's pages. What people do besides is the
same: departments fill in forms, the operator fills in workbooks in WPS.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from openpyxl import load_workbook

from tenproj_xl.app.sent_marks import LIST, letters_folder
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.demo import _write_addresses
from tenproj_xl.cli.open_form import OpenForm
from tests.browser.story_clock import Clock
from tests.faults.workspaces import fill
from tests.helpers.answers import right_answers
from tests.helpers.filling import Office, typed

EARLIER, PERIOD = "2026-W47", "2026-W48"
WORD = ("indicators", "Z03-04")
ISSUE: Mapping[str, object] = {
    "description": "项目用地指标尚未落实",
    "category": "用地",
    "source": "自查",
    "raised_on": date(2026, 11, 16),
    "unit": "区科技局",
    "measures": "与主管部门对接",
    "due_on": date(2026, 12, 31),
    "status": "整改中",
    "progress": "已报市局",
}
SOLVED: Mapping[str, object] = {
    "status": "申请销号",
    "progress": "指标已经下达",
    "evidence": "批复文件",
    "applied_on": date(2026, 11, 26),
    "lead_opinion": "同意",
}
SIGNED: Mapping[str, object] = {
    "销号审定": "同意销号",
    "审定人": "王主任",
    "审定意见": "同意",
    "审定日期": date(2026, 11, 27),
}
AGREED: Mapping[str, object] = {
    "会议名称": "第12次联络员例会",
    "会议日期": date(2026, 11, 27),
    "议定事项": "协调落实用地指标",
    "专班": "03 ",
    "责任单位": "区科技局",
    "完成时限": date(2026, 12, 20),
}
TELEPHONED: Mapping[str, object] = {
    "编号": "Z03-04",
    "栏目": "最新数值",
    "内容": "9",
    "数据所属期": "2026年10月",
    "数据性质": "部门统计",
    "依据": "11月27日来电告知",
    "代录人": "赵六",
}


class Way(Protocol):
    """A way to do what the week asks for."""

    workspace: Workspace
    clock: Clock

    def does(self, command: str, *arguments: str, ends_well: bool | None = None) -> str:
        """Do what a command does, and return what it says.

        Args:
            command: The command, as `merge` or `plan check`.
            arguments: What follows: options, each with its value, and names of files or folders.
            ends_well: Whether nothing is to need a person, None if it does not matter.
        """
        ...

    def receives(self, files: Mapping[str, bytes]) -> None:
        """Take files that came, each by its name."""
        ...


class Week:
    """The week, done in some way."""

    def __init__(self, way: Way) -> None:
        self.way, self.workspace, self.clock = way, way.workspace, way.clock

    def play(self) -> None:
        """Do all of it."""
        for day in (
            self.the_week_before,
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.friday_afternoon,
        ):
            day()

    def the_week_before(self) -> None:
        """Begin with an empty folder; three task forces report, one of them an issue, one a doubtful figure."""
        self.clock.set("16 09:00")
        self.way.does("init")
        _write_addresses(self.workspace)
        self.way.does("plan check")
        self.way.does("generate")
        self.clock.set("19 15:00")
        self.receive({"03": self.filled("03", EARLIER, {("issues", "+1"): ISSUE, WORD: {}})})
        self.receive({code: self.filled(code, EARLIER) for code in ("01", "02")})
        said = self.way.does("merge")
        assert "汇总表" in said, said

    def monday(self) -> None:
        """Forms go out, a letter for each liaison."""
        self.clock.set("23 09:00")
        self.way.does("generate")
        self.way.does("send")
        self.ticks_all()
        self.way.does("send")

    def tuesday(self) -> None:
        """The first returns come: one in words, one not to be opened."""
        self.clock.set("24 15:00")
        self.receive(
            {
                "01": self.filled("01"),
                "填报表(3).xlsx": self.filled("02"),
                "03": self.filled("03", PERIOD, {WORD: {"value": "增长较快"}, self.issue: SOLVED}),
                "08区文广旅体局.xlsx": b"PK\x03\x04" + bytes(400),
            }
        )
        said = self.way.does("ingest", ends_well=False)
        assert "请更正" in said or "待更正" in said, said

    def wednesday(self) -> None:
        """The one is put right in the workbook that went back; one sends twice, and the first holds."""
        self.clock.set("25 10:00")
        self.receive({"03请更正.xlsx": self.mended()})
        self.receive({"08（最终版）.xlsx": self.filled("08"), "04": self.filled("04")})
        self.way.does("ingest")
        self.clock.set("25 11:00")
        other = {("tasks", self.first_task("04")): {"progress": "另有进展"}}
        self.receive({"04(1).xlsx": self.filled("04", PERIOD, other)})
        self.way.does("ingest")
        self.way.does("prefer", self._name("04"), "--why=电话核实")

    def thursday(self) -> None:
        """Those whose forms are out are reminded; nil returns come."""
        self.clock.set("26 09:00")
        self.way.does("send", "--remind")
        self.ticks_all()
        self.receive({code: self.filled(code, nil_return="是") for code in ("05", "06", "07")})
        self.receive({"10": self.filled("10")})
        self.way.does("ingest")

    def friday(self) -> None:
        """The last return comes, a figure is told by telephone, and all is merged."""
        self.clock.set("27 11:00")
        self.receive({"09": self.filled("09")})
        self.way.does("status")
        said = self.way.does("merge")
        assert "汇总表" in said, said
        self.way.does("amend")
        self.fills_in("代录", "amend", {1: TELEPHONED})
        for question in ("review", "resolve"):
            self.way.does(question)
        self.way.does("meeting")
        self.fills_in("议定事项", "meeting", {1: AGREED}, sheet="议定事项")

    def friday_afternoon(self) -> None:
        """Issues are signed off, the slow are put under supervision, papers are signed and given out."""
        self.clock.set("27 18:00")
        self.way.does("signoff")
        self.fills_in("销号审定", "signoff", {1: SIGNED}, sheet="待审定")
        self.way.does("merge", "--final=王主任")
        self.way.does("supervise")
        self.fills_in("督办", "supervise", {1: {"是否督办": "是", "签发人": "王五"}}, sheet="督办事项选择")
        self.way.does("report", "--meeting")
        self.way.does("report", "--month")
        for paper in self.papers():
            self.way.does("publish", paper, "--by=李四")
        self.way.does("handover")
        self.way.does("backup", str(self.workspace.root.parent / "备份"))

    # --- what people do besides

    issue = ("issues", "W03-2026-001")

    def filled(
        self,
        code: str,
        period: str = PERIOD,
        other: Mapping[tuple[str, str], Mapping[str, object]] | None = None,
        **cover: object,
    ) -> bytes:
        """Return the form of a task force filled in rightly, but for some answers; those without values stay blank."""
        office = Office.of(self.workspace, period)
        answers: dict[tuple[str, str], Mapping[str, object]] = {}
        if not cover:
            answers.update(right_answers(office.forms[code]))
        for row, values in (other or {}).items():
            answers[row] = {**answers.get(row, {}), **values} if values else {}
        return typed(office.path(code), answers, **cover)

    def first_task(self, code: str) -> str:
        """Return the code of a task force's first task."""
        return str(Office.of(self.workspace, PERIOD).forms[code].part("tasks").rows[0].code)

    def receive(self, files: Mapping[str, bytes]) -> None:
        """Take files that came just now; what has only the code of a task force has the name of its form."""
        named = {self._name(name): data for name, data in files.items()}
        self.way.receives(named)
        for number, name in enumerate(named):
            self.clock.date(self.workspace.inbox / name, number)

    def _name(self, name: str) -> str:
        if name.endswith(".xlsx"):
            return name
        newest = max(self.workspace.outbox.glob("20*-W*"))
        return next((newest / "填报表").glob(f"{name}_*.xlsx")).name

    def mended(self) -> bytes:
        """Return the workbook that went back to 03 with the right value in its wrong cell."""
        (path,) = (self.workspace.outbox / PERIOD / "退回更正").glob("03_*.xlsx")
        form = OpenForm(path)
        form.write(*WORD, value=right_answers(Office.of(self.workspace, PERIOD).forms["03"])[WORD]["value"])
        return form.saved(None)

    def ticks_all(self) -> None:
        """Mark all letters in 待发清单.xlsx as sent."""
        path = letters_folder(self.workspace, PERIOD) / LIST
        book = load_workbook(path)
        page = book["待发清单"]
        for row in range(3, page.max_row + 1):
            page.cell(row, 2).value = page.cell(row, 2).value or "√"
        book.save(path)

    def fills_in(
        self, folder: str, command: str, rows: Mapping[int, Mapping[str, object]], *, sheet: str = ""
    ) -> None:
        """Fill in the workbook that a command made, and give it back."""
        (path,) = (self.workspace.outbox / PERIOD / folder).glob("*.xlsx")
        fill(path, sheet, rows)
        self.way.does(command, path.relative_to(self.workspace.root).as_posix())

    def papers(self) -> Sequence[str]:
        """Return the papers of the week that are given out, by their names in the workspace."""
        folder = self.workspace.outbox / PERIOD / "汇总"
        papers = [*folder.glob("*汇总表_签发稿.xlsx"), *folder.glob("*签发稿_简报.docx")]
        return sorted(path.relative_to(self.workspace.root).as_posix() for path in papers)
