"""The sheet 晾晒排名 of a month and more: who is ahead, with all of the arithmetic visible and alive."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from tenproj_xl.core.cells import letters
from tenproj_xl.excel import style
from tenproj_xl.model.duties import Duty
from tenproj_xl.model.objections import ObjectionState
from tenproj_xl.model.plan import TaskForce
from tenproj_xl.rollup.drawing.on_paper import OnPaper
from tenproj_xl.rollup.drawing.page import Page
from tenproj_xl.rollup.drawing.sheet_spec import BookContents, Chapter, Explanation, SheetSpec, Tab, explained
from tenproj_xl.rollup.drawing.table import FIRST, CellLook, Field, RowLink, Table, write_table
from tenproj_xl.rollup.facts.duties import MEASURE_WORDS, Basis, Score
from tenproj_xl.rollup.facts.editions import MONTH, QUARTER, YEAR, Audience
from tenproj_xl.rollup.facts.league import LeagueLine, ScorePart
from tenproj_xl.rollup.facts.model import Facts
from tenproj_xl.rollup.sheets import duties

TITLE = "晾晒排名"
NOT_ASKED = "这一时段没有下发填报表，不计分，不排名。"
UNRANKED, UNSCORED = "不排名", "不计"
SCORE = "S"
"""The column of the score, which page one refers to."""
_EVALUABLE = "R"
_ROW_HEIGHT = 30.0
_F = Field[LeagueLine]
_SPOKEN = {
    ObjectionState.ACCEPTED: "采纳",
    ObjectionState.REFUSED: "不采纳",
    ObjectionState.RAISED: "待决定",
}
PARTS: Sequence[tuple[Duty, str, str, str]] = (
    (Duty.INDICATOR, "指标\n达序时", "指标\n计分", "指标\n达序时率"),
    (Duty.TASK, "任务\n按时", "任务\n计分", "任务\n按时率"),
    (Duty.ISSUE, "问题\n按时解决", "问题\n应解决", "问题\n解决率"),
    (Duty.RETURN, "报送\n按时", "报送\n应报", "报送\n按时率"),
)
"""Each part with the headers of its three columns."""


_EXPLANATIONS = (
    "指标：达序时、达标且数据不过旧的，÷应评指标（待核定的除外）；未报和数据过旧的不得分。",
    (
        "任务：已完成、序时推进、临近时限的，÷全部任务；滞后、逾期、从未报过的不得分；没有报送的专班，除已完成的外都不得分。"
        "没有节点、投资和本年时限的，只凭单位自己说，列为自报，本期没有填报的不得分。"
    ),
    (
        "问题：按时申请销号或销号的，÷本期应解决的问题（已逾期的、已申请销号的和本期销号的，并入、核销的不算）；"
        "没有应解决问题的，这一部分不计，权重由其他部分分担。"
    ),
    "报送：按时报送的，÷应报；迟报、未接收、未报的不得分。",
)


def _table(facts: Facts) -> Table[LeagueLine]:
    note = "得分＝100×Σ（权重×率）÷Σ权重，只算有计分项的部分；得分相同的并列。"
    if not facts.data.release.is_public:
        note += "点数字看“责任清单”中的各项。"
    note += review_line(facts)
    return Table(
        sheet=TITLE,
        note=note,
        fields=tuple(_fields(facts)),
        lines=facts.league,
        fixed=3,
        empty=_nobody(facts),
    )


def _nobody(facts: Facts) -> str:
    if not facts.data.asked_for_returns:
        return NOT_ASKED
    return "方案中没有参加排名的专班。"


def _write(page: Page, facts: Facts, contents: BookContents) -> None:
    """Write the table, the weights under the rates that they weigh, and who is not ranked."""
    table = contents[SPEC.code]
    write_table(page, table, facts.data.period.paper_label, contents.place)
    for row in range(FIRST, table.last + 1):
        page.grow(row, _ROW_HEIGHT)
    _write_weights(page, facts, table, table.last + 1)
    last = _write_explanations(page, facts, table.last + 2)
    bar = {
        "type": "data_bar",
        "bar_solid": True,
        "bar_color": "#9DC3E6",
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": 100,
    }
    column = table.column("score")
    page.sheet.conditional_format(FIRST, column, table.last, column, bar)
    page.sheet.print_area(0, 0, last, len(table.fields) - 1)


def _write_weights(page: Page, facts: Facts, table: Table[LeagueLine], row: int) -> None:
    look = {**style.BOX, "font_name": style.HEAD, "bg_color": style.BAND, "align": "center"}
    for n in range(len(table.fields)):
        page.write(row, n, None, look)
    page.write(row, table.column("name"), "权重（在“设置.xlsx”中调整）", look)
    for n, weight in enumerate(facts.data.settings.weights):
        page.write(row, table.column(f"rate_{n}"), weight, look)
    page.grow(row, 24)


def _write_explanations(page: Page, facts: Facts, top: int) -> int:
    """Write what the rates are, and who is not ranked; return the last row."""
    texts = [*_EXPLANATIONS]
    texts += _withdrawn(facts)
    too_little = "；".join(_named(line.task_force) for line in facts.league if is_too_little(line, facts))
    if too_little:
        texts.append(f"{too_little_in_words(facts)}：{too_little}")
    not_involved = "；".join(map(_named, facts.not_involved))
    if not_involved:
        texts.append(f"不涉及，不排名：{not_involved}")
    look = {"font_size": 9, "font_color": style.MUTED}
    for row, text in enumerate(texts, top):
        page.write(row, 0, text, look)
        page.grow(row, 18)
    return top + len(texts) - 1


def review_line(facts: Facts) -> str:
    """Return until when units can object to scores and what became of that; "" before they were asked."""
    review = facts.data.score_review
    if review.until is None:
        return ""
    counts = Counter(one.state for one in review.objections)
    told = [f"{word}{counts[state]}条" for state, word in _SPOKEN.items() if counts[state]]
    said = "，".join(told) or "截至成稿没有收到异议"
    return f"得分已发各牵头单位核对，异议期到{facts.data.clock(review.until)}；{said}。"


def _withdrawn(facts: Facts) -> Iterable[str]:
    """Yield whose objection was accepted, and to what."""
    named = []
    for duty in facts.duties:
        is_accepted = duty.objection is not None and duty.objection.state is ObjectionState.ACCEPTED
        if is_accepted and duty.task_force:
            named.append(f"{duty.task_force.code} {duty.code_or_name}")
    if named:
        yield f"异议采纳、不扣分的：{'；'.join(named)}"


def _named(task_force: TaskForce) -> str:
    return f"{task_force.code} {task_force.name}"


def is_too_little(line: LeagueLine, facts: Facts) -> bool:
    """Return whether too few items of a task force can be judged for a rank."""
    return line.evaluable < facts.data.settings.least_evaluable


def too_little_in_words(facts: Facts) -> str:
    """Return what is said of those of whom too little can be judged."""
    return f"不参加排名（可评价事项不足{facts.data.settings.least_evaluable}项）"


def _fields(facts: Facts) -> Iterable[_F]:
    columns = _Columns(facts)
    yield _F(
        "rank",
        "名次",
        "按得分的名次，同分同名；不排名的写明。",
        8,
        _rank,
        CellLook.COUNT,
        formula=columns.rank,
        unit="名",
        words=True,
    )
    yield _F("task_force", "专班", "专班编号。", 6, lambda a: a.task_force.code, CellLook.WORD)
    yield _F("name", "工程", "专班对应的工程名称。", 34, lambda a: a.task_force.name)
    yield _F("lead", "牵头单位", "专班的牵头单位。", 18, lambda a: facts.data.units(a.task_force.lead))
    for n, (kind, *headers) in enumerate(PARTS):
        yield from _part(facts, columns, n, kind, headers)
    least = facts.data.settings.least_evaluable
    evaluable = _F(
        "evaluable",
        "可评价\n事项",
        f"计分的指标，加上有节点、投资或本年时限的任务；不足{least}项的不参加排名。",
        9,
        lambda a: a.evaluable,
        CellLook.COUNT,
        unit="项",
    )
    declared = _F(
        "declared",
        "任务按时\n其中自报",
        "得分的任务中只凭单位自己说的。",
        9,
        lambda a: a.declared,
        CellLook.COUNT,
        unit="项",
    )
    if not facts.data.release.is_public:  # the items behind the numbers are not for all to read
        evaluable = replace(evaluable, formula=columns.evaluable)
        declared = replace(declared, formula=columns.declared)
    yield declared
    yield evaluable
    yield _F(
        "score",
        "得分",
        "各部分率的加权平均，满分 100；不参加排名的为“—”。",
        14,
        _score,
        CellLook.SCORE,
        formula=columns.score,
        unit="分",
        words=True,
    )
    yield _F("sum", "怎么算的", "得分是怎么算出来的。", 46, lambda a: in_words(a, facts), CellLook.LONG)


def _rank(line: LeagueLine) -> int | str:
    if line.rank is None:
        return UNRANKED
    return line.rank


def _score(line: LeagueLine) -> float | str:
    if line.score is None:
        return "—"
    return line.score


def _part(facts: Facts, columns: "_Columns", n: int, kind: Duty, headers: Sequence[str]) -> Iterable[_F]:
    """Yield the columns of a part, counted from 0: how many are good, of how many, and their share."""
    good, of, rate = headers
    unit = MEASURE_WORDS[kind]
    numbers: tuple[tuple[str, str, str, Callable[[LeagueLine], float], tuple[Score, ...]], ...] = (
        (f"good_{n}", good, f"{kind.label}中得分的。", lambda a: a.parts[n].good, (Score.GOOD,)),
        (f"of_{n}", of, f"{kind.label}中计分的。", lambda a: a.parts[n].of, (Score.GOOD, Score.BAD)),
    )
    for name, header, meaning, get, scores in numbers:
        column = _F(name, header, meaning, 9, get, CellLook.COUNT, unit=unit)
        if not facts.data.release.is_public:  # the items behind the numbers are not for all to read
            formula = partial(columns.count, kind, scores)
            column = replace(column, link=partial(_first_item, facts, kind), formula=formula)
        yield column
    yield _F(
        f"rate_{n}",
        rate,
        f"{kind.label}中得分的占计分的比例；没有计分项的写明。",
        10,
        lambda a: _rate(a.parts[n]),
        CellLook.RATE,
        words=True,
        formula=partial(columns.rate, n),
    )


def _first_item(facts: Facts, kind: Duty, line: LeagueLine) -> RowLink:
    """Return where the first of a task force's items of a kind stands; the first of all without any."""
    for n, item in enumerate(facts.duties):
        if item.kind is kind and item.task_force and item.task_force.code == line.task_force.code:
            return RowLink(duties.SPEC.code, n)
    return RowLink(duties.SPEC.code)


def _rate(part: ScorePart) -> float | str:
    if part.rate is None:
        return UNSCORED
    return float(part.rate)


class _Columns:
    """Makes the formulas of one row; it counts the columns itself, for the table is not made yet."""

    def __init__(self, facts: Facts) -> None:
        self._duties = duties.duties_table(facts)
        self._last = FIRST + max(1, len(facts.league))
        self._first_part = 4
        self._least = facts.data.settings.least_evaluable

    def _part(self, n: int, inside: int) -> str:
        return letters(self._first_part + 3 * n + inside)

    def count(self, kind: Duty, scores: Sequence[Score], _: LeagueLine, row: int) -> str:
        """Return the formula of how many items of a kind have one of the scores."""
        kinds = f'({self._duties.range("kind")}="{kind.label}")'
        return self._count(row, kinds, self._scored(scores))

    def evaluable(self, _: LeagueLine, row: int) -> str:
        """Return the formula of how many indicators and dated tasks score."""
        return self._count(row, self._scored((Score.GOOD, Score.BAD)), self._based(Basis.MEASURED))

    def declared(self, _: LeagueLine, row: int) -> str:
        """Return the formula of how many tasks score by their unit's word."""
        return self._count(row, self._scored((Score.GOOD,)), self._based(Basis.DECLARED))

    def _count(self, row: int, *conditions: str) -> str:
        own = f"({self._duties.range('task_force')}=$B{row})"
        return f"=SUMPRODUCT({'*'.join((own, *conditions))})"

    def _scored(self, scores: Sequence[Score]) -> str:
        column = self._duties.range("score")
        any_of = "+".join(f'({column}="{score.label}")' for score in scores)
        return f"({any_of})"

    def _based(self, basis: Basis) -> str:
        return f'({self._duties.range("basis")}="{basis.label}")'

    def rate(self, n: int, _: LeagueLine, row: int) -> str:
        """Return the formula of a part's share of good items."""
        good, of = self._part(n, 0), self._part(n, 1)
        return f'=IF({of}{row}>0,{good}{row}/{of}{row},"{UNSCORED}")'

    def score(self, _: LeagueLine, row: int) -> str:
        """Return the formula of the score: the weighted mean of the rates there are."""
        weight_row = self._last + 1
        rates = [self._part(n, 2) for n in range(len(PARTS))]
        weights = "+".join(f"IF(ISNUMBER({c}{row}),${c}${weight_row},0)" for c in rates)
        points = "+".join(f"IF(ISNUMBER({c}{row}),${c}${weight_row}*{c}{row},0)" for c in rates)
        is_enough = f"AND({_EVALUABLE}{row}>={self._least},({weights})>0)"
        return f'=IF({is_enough},ROUND(100*({points})/({weights}),1),"—")'

    def rank(self, _: LeagueLine, row: int) -> str:
        """Return the formula of the rank among those that have a score."""
        scores = f"${SCORE}${FIRST + 1}:${SCORE}${self._last}"
        cell = f"{SCORE}{row}"
        return f'=IF(ISNUMBER({cell}),RANK({cell},{scores}),"{UNRANKED}")'


def in_words(line: LeagueLine, facts: Facts) -> str:
    """Return the sum as people would write it: `100×（40×3/7＋30×6/6＋15×1/1）÷85`."""
    weighed = [(w, p) for w, p in zip(facts.data.settings.weights, line.parts, strict=True) if p.of]
    if is_too_little(line, facts):
        return too_little_in_words(facts)
    if line.score is None:
        return "没有可计分的项"
    terms = "＋".join(f"{weight:g}×{part.good}/{part.of}" for weight, part in weighed)
    return f"100×（{terms}）÷{sum(weight for weight, _ in weighed):g}＝{line.score:.1f}"


def _explanations(facts: Facts) -> Sequence[Explanation]:
    weights = facts.data.settings.weights
    return (
        explained(
            "晾晒得分",
            "100×Σ（权重×率）÷Σ权重，保留一位小数；只算有计分项的部分，没有的部分不计，权重由其他部分分担；",
            "得分相同的并列。各项是否计分见“责任清单”的“晾晒计分”列。",
        ),
        Explanation(
            "参加排名",
            f"{facts.data.settings.least_evaluable}项",
            "计分的指标，加上有节点、投资或本年时限的任务，合计不足此数的列出而不排名；没有下发填报表的时段不计分，不排名。",
        ),
        Explanation(
            "指标权重",
            f"{weights.indicators:g}",
            "率＝达序时、达标且数据不过旧的÷应评指标（待核定的除外）；未报和数据过旧的不得分。",
        ),
        Explanation(
            "任务权重",
            f"{weights.tasks:g}",
            "率＝已完成、序时推进、临近时限的÷全部任务；本期没有报送的专班，除已完成的任务外都不得分：不报不能得分。"
            "没有节点、投资和本年时限的是自报，本期没有填报的也不得分：空表、零报告不能得分。",
        ),
        Explanation(
            "问题权重",
            f"{weights.issues:g}",
            "率＝按时申请销号或销号的÷应解决的问题（已逾期、已申请销号、本期销号的）；"
            "没有的不计：不登记问题不能得分；上级协调期间不计时。",
        ),
        Explanation(
            "报送权重", f"{weights.returns:g}", "率＝按时报送的÷应报的；迟报、未接收、未报的不得分。"
        ),
    )


SPEC = SheetSpec(
    code="league",
    title=TITLE,
    order=20,
    tab=Tab.SUMMARY,
    audience=Audience.PUBLIC,
    public=(
        "rank",
        "task_force",
        "name",
        "lead",
        "good_*",
        "of_*",
        "rate_*",
        "declared",
        "evaluable",
        "score",
        "sum",
    ),
    only_in=(MONTH, QUARTER, YEAR),
    table=_table,
    write=_write,
    explanations=_explanations,
    chapter=Chapter.LEAGUE,
    paper=OnPaper(
        widths={
            "rank": 4,
            "task_force": 3,
            "name": 14,
            "lead": 9,
            "good_0": 3,
            "of_0": 3,
            "good_1": 3,
            "of_1": 3,
            "good_2": 3,
            "of_2": 3,
            "good_3": 3,
            "of_3": 3,
            "declared": 3,
            "score": 4,
            "sum": 11,
        },
    ),
)
