"""A small plan that holds one of everything: two task forces (one 不涉及), every measure, every kind of wording."""

from tenproj_xl.core.cells import Rows
from tenproj_xl.core.columns import Sheet
from tenproj_xl.forms.content import build_form
from tenproj_xl.forms.form import Form
from tenproj_xl.model.history import History, history
from tenproj_xl.model.plan import Plan
from tenproj_xl.model.plan_reader import read_plan
from tenproj_xl.model.plan_schema import INDICATORS, MILESTONES, PROGRAMME, TARGETS, TASK_FORCES, TASKS, UNITS
from tenproj_xl.model.settings_reader import default_settings
from tenproj_xl.model.units import of_task_force

SECRET = "5e" * 32
PERIOD = "2026-W48"

_PROGRAMME = """
方案代码 | SF02
地区     | 示范区
方案名称 | “两项重大工程”
文件名称 | 示范区“两项重大工程”工作方案
起始年   | 2023
终止年   | 2027
办公室   | 总专班办公室
"""
_TASK_FORCES = """
01 | 扩大有效投资“千项万亿”工程 | 涉及   | 张三副区长 | 区发改经信局 | 区科技局、区住建局 | | 完成投资
02 | 跨乡镇土地综合整治工程     | 不涉及 | 李四副区长 | 区住建局     | 区发改经信局       | | 配合上级
"""
_UNITS = """
区发改经信局
区科技局 | 区科技和数据局 | 科技局 | 2023-01-01
区住建局
"""
# code | task force | name | area | unit | basis | measure | direction | reporting unit | responsible | frequency
# | lag | curve | starts | baseline | baseline date | published
_INDICATORS = """
Z01-01 | 01 | 重大项目当年完成投资   | 投资 | 亿元 | 自1月1日起累计    | 逐年       | 越高越好 | 区发改经信局 | 区住建局 | 月   | 20 | 匀速     | | |
Z01-02 | 01 | 工业用地出让           | 投资 | 亩   | 自1月1日起累计    | 逐年       | 越高越好 | 区住建局     |          | 季   | 30 | 按计划   | | |
Z01-03 | 01 | 新增规上企业           | 投资 | 家   | 自1月1日起累计    | 逐年       | 越高越好 | 区科技局     |          | 季   | 20 | 阶梯     | | |
Z01-04 | 01 | 每年推进重大项目数     | 投资 | 个   | 当年推进数        | 逐年       | 适中     | 区发改经信局 |          | 月   | 10 | 年末考核 | | |
Z01-05 | 01 | 固定资产投资           | 投资 | 亿元 | 自1月1日起累计    | 目标年当年 | 越高越好 | 区发改经信局 |          | 月   | 20 | 匀速     | | |
Z01-06 | 01 | 重大项目累计完成投资   | 投资 | 亿元 | 自2023年起累计    | 期间累计   | 越高越好 | 区发改经信局 | 区住建局 | 月   | 20 | 匀速     | 2023-01-01 | |
Z01-07 | 01 | 高新技术企业           | 科技 | 家   | 期末数            | 期末存量   | 越高越好 | 区科技局     |          | 半年 | 20 | 匀速     | | 812 | 2022-12-31
Z01-08 | 01 | 安宁疗护病区           | 民生 | 家   | 期末数            | 期末存量   | 越高越好 | 区住建局     |          | 半年 | 20 | 匀速     | | |
Z01-09 | 01 | 个人负担率             | 民生 | %    | 期末数            | 比率       | 越低越好 | 区住建局     |          | 季   | 20 | 匀速     | | 18 | 2022-12-31
Z01-10 | 01 | 财政科技支出年均增长   | 科技 | %    | 同比              | 增速       | 越高越好 | 区科技局     |          | 季   | 20 | 匀速     | | |
Z01-11 | 01 | 省重大项目投资完成率   | 投资 | %    | 当年投资完成率    | 当年完成率 | 越高越好 | 区发改经信局 |          | 月   | 20 | 匀速     | | |
Z01-12 | 01 | 交通投资增速快于面上   | 投资 | 百分点 | 同比           | 比较       | 越高越好 | 区发改经信局 |          | 月   | 20 | 匀速     | | |
Z01-13 | 01 | 基本养老服务覆盖       | 民生 | —    | 文字评价          | 定性       | 越高越好 | 区住建局     |          | 半年 | 10 | 匀速     | | |
Z01-14 | 01 | 研发经费支出           | 科技 | 亿元 | 年度数            | 逐年       | 越高越好 | 区科技局     |          | 季   | 20 | 匀速     | | |
Z01-15 | 01 | 绿色建筑面积           | 民生 | 万平方米 | 自1月1日起累计 | 逐年      | 越高越好 | 区住建局     |          | 月   | 20 | 匀速     | | |
Z01-16 | 01 | 房地产投资             | 投资 | 亿元 | 期末数            | 比率       | 适中     | 区住建局     |          | 季   | 20 | 匀速     | | 100 | 2022-12-31
"""  # a table
# indicator | period | wording | value | text | origin
_TARGETS = """
Z01-01 | 2023 | 以上 | 35 | | 原文
Z01-01 | 2025 | 以上 | 35 | | 原文
Z01-01 | 2026 | 以上 | 35 | | 原文
Z01-02 | 2026-Q1 | 以上 | 20 | | 批准
Z01-02 | 2026-Q2 | 以上 | 90 | | 批准
Z01-02 | 2026 | 以上 | 200 | | 原文
Z01-03 | 2026-Q2 | 至少 | 30 | | 批准
Z01-03 | 2026 | 至少 | 60 | | 原文
Z01-04 | 2026 | 左右 | 5 | | 原文
Z01-04 | 2025 | 左右 | 5 | | 原文
Z01-05 | 2025 | 超过 | 860 | | 原文
Z01-05 | 2026 | 超过 | 900 | | 批准
Z01-05 | 2027 | 突破 | 950 | | 原文
Z01-06 | 2025 | 以上 | 110 | | 原文
Z01-06 | 2027 | 以上 | 200 | | 原文
Z01-07 | 2025 | 以上 | 900 | | 原文
Z01-07 | 2027 | 以上 | 1000 | | 原文
Z01-08 | 2027 | 至少 | 1 | | 原文
Z01-09 | 2025 | 以内 | 16 | | 原文
Z01-09 | 2027 | 以内 | 15 | | 原文
Z01-10 | 2025 | 以上 | 15 | | 原文
Z01-10 | 2027 | 以上 | 15 | | 原文
Z01-11 | 2026 | 完成 | 100 | | 原文
Z01-12 | 2027 | 快于 | 0 | | 原文
Z01-13 | 2025 | 覆盖全体 | | 覆盖全体老年人 | 原文
Z01-13 | 2027 | 覆盖全体 | | 覆盖全体老年人 | 原文
Z01-14 | 2026 | 力争 | 47 | | 原文
Z01-15 | 2026 | 以上 | 12 | | 推算
Z01-16 | 2027 | 稳定 | 100 | | 原文
"""
# code | task force | name | annual goal | lead | responsible | reporting unit | person | investment | due
_TASKS = """
R01-01 | 01 | 建设智慧医疗产业园 | 主体结顶 | 区发改经信局 | 区住建局 | 区发改经信局 | 王五 | 12.5 | 2026-12-20
R01-02 | 01 | 完善银项精准对接机制，用好政府专项债券、政策性开发性金融工具、产业基金等多种政策 | | 区发改经信局 | | 区发改经信局 | | | 2027-12-31
R01-03 | 01 | 推进老旧小区改造 | 完成40个 | 区住建局 | | 区住建局 | | 3 |
R02-01 | 02 | 配合做好跨乡镇土地综合整治工作 | | 区住建局 | | 区住建局 | | |
"""  # a table
_MILESTONES = """
R01-01 | 1 | 完成主体结顶 | 2026-11-20 | 批准
R01-01 | 2 | 竣工验收     | 2026-12-20 | 批准
R01-02 | 1 | 签订合作协议 | 2026-12-10 | 批准
"""
_TABLES = (
    (PROGRAMME, _PROGRAMME),
    (TASK_FORCES, _TASK_FORCES),
    (UNITS, _UNITS),
    (INDICATORS, _INDICATORS),
    (TARGETS, _TARGETS),
    (TASKS, _TASKS),
    (MILESTONES, _MILESTONES),
)


def _rows(sheet: Sheet, text: str) -> Rows:
    lines = [[cell.strip() or None for cell in line.split("|")] for line in text.strip().splitlines()]
    width = len(sheet.columns)
    header: list[str | None] = [c.header for c in sheet.columns]
    return [header, *((line + [None] * width)[:width] for line in lines)]


def small_tables() -> dict[str, Rows]:
    """Return the tables as a workbook has them."""
    return {sheet.name: _rows(sheet, text) for sheet, text in _TABLES}


def small_plan() -> Plan:
    """Read the plan of these tables."""
    plan, findings = read_plan(small_tables(), "工作计划.xlsx")
    if plan is None:
        raise AssertionError(findings)
    return plan


def small_form(task_force: str = "01", known: History | None = None) -> Form:
    """Build the content of a task force's form of the small plan."""
    plan, settings = small_plan(), default_settings()
    period = settings.period(PERIOD)
    recipient = of_task_force(plan.task_force(task_force), plan)
    return build_form(plan, settings, period, recipient, known or history(), SECRET)
