"""The district of a simulation: its plan as it is written, and what everybody should find in it later.

Rows have an identity of their own, which no code, name or unit of the plan has: what was reported is kept under
it, so that a figure that moved to another row is found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count

from tenproj_xl.core.cells import Rows
from tenproj_xl.core.periods import Period
from tenproj_xl.model.plan_schema import PLAN_SHEETS

FIRST_YEAR, LAST_YEAR = 2025, 2035


@dataclass(frozen=True, kw_only=True)
class Row:
    """An indicator as the plan has it; `ident` is the same whatever it is called."""

    ident: int
    code: str
    force: str
    name: str
    unit: str
    reporter: str
    former: str = ""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """A target of an indicator for a year; `since` is its 生效期."""

    ident: int
    year: int
    value: int
    since: str = ""
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Force:
    """A task force; `ends` and `successor` are 撤并期 and 承继专班."""

    code: str
    lead: str
    convener: str
    ends: str = ""
    successor: str = ""


@dataclass(kw_only=True)
class District:
    """The plan as the office has it in its workbook."""

    rows: list[Row] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)
    forces: list[Force] = field(default_factory=list)
    units: dict[str, Mapping[str, str]] = field(default_factory=dict)
    milestones: dict[tuple[str, int], str] = field(default_factory=dict)
    idents: "count[int]" = field(default_factory=lambda: count(1))

    def add(self, force: str, code: str, reporter: str, value: int) -> Row:
        """Add an indicator with a target for each year."""
        ident = next(self.idents)
        row = Row(
            ident=ident,
            code=code,
            force=force,
            name=f"第{ident}项工程完成投资",
            unit="亿元",
            reporter=reporter,
        )
        self.rows.append(row)
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            self.aims.append(Aim(ident=ident, year=year, value=value + 10 * (year - FIRST_YEAR)))
        return row

    def change(self, row: Row, **changes: str) -> None:
        """Change a row where it stands."""
        place = self.rows.index(row)
        self.rows[place] = replace(row, **changes)  # type: ignore[arg-type]  # all of its fields that change are texts

    def remove(self, row: Row) -> None:
        """Delete an indicator with its targets."""
        self.rows.remove(row)
        self.aims = [aim for aim in self.aims if aim.ident != row.ident]

    def free_code(self, force: str) -> str:
        """Return the next code of a task force, beyond all that it has."""
        numbers = [int(row.code[-2:]) for row in self.rows if row.code.startswith(f"Z{force}")]
        return f"Z{force}-{max(numbers, default=0) + 1:02d}"

    def rename_unit(self, old: str, new: str) -> None:
        """Find and replace the name of a unit in all cells."""
        units: dict[str, Mapping[str, str]] = {}
        for name, cells in self.units.items():
            renamed = {header: new if text == old else text for header, text in cells.items()}
            units[new if name == old else name] = renamed
        self.units = units
        self.rows = [replace(row, reporter=new if row.reporter == old else row.reporter) for row in self.rows]
        self.forces = [replace(f, lead=new if f.lead == old else f.lead) for f in self.forces]

    @property
    def idents_by_code(self) -> dict[str, int]:
        """The identities of the rows by the codes that they have now."""
        return {row.code: row.ident for row in self.rows}

    def tables(self) -> dict[str, Rows]:
        """Return the sheets of the workbook."""
        programme = {
            "方案代码": "MN03",
            "地区": "模拟区",
            "方案名称": "“三项重大工程”",
            "文件名称": "模拟区工作方案",
            "起始年": str(FIRST_YEAR),
            "终止年": str(LAST_YEAR),
            "办公室": "总专班办公室",
        }
        cells: dict[str, list[dict[str, object]]] = {
            "方案": [{"项目": item, "内容": content} for item, content in programme.items()],
            "专班": [self._force(force) for force in self.forces],
            "单位": [{"文件用名": name, **more} for name, more in self.units.items()],
            "主要指标": [self._indicator(row) for row in self.rows],
            "年度计划": self._aims(),
            "重点任务": [self._task(force) for force in self.forces],
            "节点": [
                {
                    "任务编号": task,
                    "序号": number,
                    "节点": name,
                    "节点时限": f"{LAST_YEAR}-0{number}-28",
                    "性质": "批准",
                }
                for (task, number), name in self.milestones.items()
            ],
        }
        tables: dict[str, Rows] = {}
        for sheet in PLAN_SHEETS:
            headers = [column.header for column in sheet.columns]
            tables[sheet.name] = [headers, *_lines(headers, cells.get(sheet.name, []))]
        return tables

    def _force(self, force: Force) -> dict[str, object]:
        return {
            "编号": force.code,
            "专班名称": f"第{force.code}工程",
            "是否涉及": "涉及",
            "召集人": force.convener,
            "牵头单位": force.lead,
            "责任单位": "、".join(name for name in self.units if name != force.lead),
            "撤并期": force.ends or None,
            "承继专班": force.successor or None,
        }

    def _indicator(self, row: Row) -> dict[str, object]:
        return {
            "指标编号": row.code,
            "专班编号": row.force,
            "指标名称": row.name,
            "计量单位": row.unit,
            "类型": "逐年",
            "方向": "越高越好",
            "数据报送单位": row.reporter,
            "更新频次": "月",
            "发布时滞": 10,
            "进度曲线": "匀速",
            "公开": "是",
            "原编号": row.former or None,
        }

    def _aims(self) -> list[dict[str, object]]:
        codes = {row.ident: row.code for row in self.rows}
        return [
            {
                "指标编号": codes[aim.ident],
                "目标期": str(aim.year),
                "用语": "以上",
                "目标值": aim.value,
                "性质": "批准",
                "批准依据": aim.basis or "年度计划",
                "生效期": aim.since or None,
            }
            for aim in self.aims
        ]

    def _task(self, force: Force) -> dict[str, object]:
        return {
            "任务编号": f"R{force.code}-01",
            "专班编号": force.code,
            "重点任务": f"第{force.code}工程建设",
            "牵头单位": force.lead,
            "数据报送单位": force.lead,
        }


def _lines(headers: Sequence[str], rows: Sequence[Mapping[str, object]]) -> list[list[object]]:
    return [
        [None if row.get(header) in (None, "") else str(row[header]) for header in headers] for row in rows
    ]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A figure that was accepted: of which row and data period, in the return of which period, from which file.

    One that is `held` waits for the office, or was refused by it, and does not count.
    """

    ident: int
    code: str
    data_period: str
    value: float
    period: Period
    order: float
    sha256: str
    held: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """File, code and period, which name it in the office's workbook."""
        return self.sha256, self.code, self.period.code


def standing(reports: Iterable[Report], ident: int, data_period: str) -> Report | None:
    """Return the figure of a row that stands for a data period: that of the last return."""
    known = [r for r in reports if (r.ident, r.data_period, r.held) == (ident, data_period, False)]
    return max(known, key=lambda report: (report.period.last, report.order), default=None)


def light(value: float, target: float | None, month: Period) -> str:
    """Return how a figure from January to a month is judged that is to reach a target evenly within the year."""
    first = date(month.last.year, 1, 1)
    if target is None:
        return "undecided"
    if month.last.month == 12:
        return "pending"  # what is not verified
    share = ((month.last - first).days + 1) / (date(month.last.year, 12, 31) - first + timedelta(days=1)).days
    if value >= target * share:
        return "on_pace"
    return "slow" if value >= target * (share - 0.05) else "behind"


def figure(reports: Sequence[Report], ident: int, data_period: str, period: Period) -> float | None:
    """Return the figure of a row that stands for a data period in a period."""
    known = standing([r for r in reports if r.period.last <= period.last], ident, data_period)
    return known.value if known else None
