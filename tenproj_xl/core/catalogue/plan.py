"""Rules about the plan and the settings."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class PlanRules:
    """Rules about the plan and the settings."""

    PLAN_SHEET_MISSING = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="缺少工作表",
        text="缺少工作表“{expected}”，请从初始工作簿中补回（在一个空文件夹里运行 tenproj init 即可得到）。",
        why="工作簿缺了这张表，读不出完整的计划或设置。",
        is_fixed=True,
    )
    PLAN_COLUMN_MISSING = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="缺少列",
        text="缺少“{expected}”列，请补回表头。",
        why="缺了这一列，读不出完整的计划或设置。",
        is_fixed=True,
    )
    PLAN_REQUIRED = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="必填未填",
        text="请填写“{expected}”（{advice}）。",
        why="这一栏空着，后面的填报表和汇总表就没有依据。",
        is_fixed=True,
    )
    PLAN_DUPLICATE = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="编号重复",
        text="“{found}”已在第{expected}行出现，请改为不重复的编号。",
        why="编号用来认出每一项，重复了就分不清是哪一项。",
        is_fixed=True,
    )
    PLAN_BAD_CODE = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="编号格式",
        text="“{found}”不合编号格式，应如 {expected}。",
        why="编号格式统一，各表之间才能相互对应。",
        is_fixed=True,
    )
    PLAN_UNKNOWN = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="引用不存在",
        text="“{found}”不在“{expected}”表中，请核对名称或先行登记。",
        why="引用的名称对不上，就找不到对应的单位或项目。",
        is_fixed=True,
    )
    PLAN_TARGET_MISSING = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="没有目标",
        text="指标“{found}”在“年度计划”中没有任何目标，请补充。",
        why="没有目标的指标无从评价。",
        is_fixed=True,
    )
    PLAN_TARGET_BACKWARD = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="目标倒退",
        text="“{found}”的目标{target}不如更早的{expected}，请核对。",
        why="后面的目标低于前面的，多半是年份或数字填错了。",
        is_fixed=True,
    )
    PLAN_TARGET_KIND = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="目标与类型不符",
        text="“{found}”：{expected}，请核对。",
        why="目标的写法和指标类型对不上，就算不出该达到多少。",
        is_fixed=True,
    )
    PLAN_YEARS = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="年份不符",
        text="{found}，请核对“方案”表的起始年和终止年。",
        why="年份决定填报表有哪些目标列，要与方案一致。",
        is_fixed=True,
    )
    PLAN_DATE_ORDER = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="日期先后",
        text="“{found}”早于前一节点“{expected}”，请核对节点时限。",
        why="节点有先后，时限颠倒了就判断不出哪个是当前节点。",
        is_fixed=True,
    )
    SETTING_UNKNOWN = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="未知参数",
        text="没有“{found}”这个参数，请核对名称。",
        why="名称写错的参数不会起作用，看上去改了其实没改。",
        is_fixed=True,
    )
    SETTING_VALUE = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="取值不对",
        text="“{expected}”填了“{found}”，应为{advice}。",
        why="取值不在允许的范围内，照它运行会出错。",
        is_fixed=True,
    )
    SETTING_TWICE = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="登记重复",
        text="{found}已在第{expected}行登记，请只保留一行。",
        why="登记了两次，不知以哪一行为准。",
        is_fixed=True,
    )
    SETTING_FIXED = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="规则不能改",
        text="“{found}”的级别不能改，也不能豁免，请删去这一行。",
        why="这类问题接收就会出错（如文件读不出、行对不上），不是宽严的问题。",
        is_fixed=True,
    )
    SETTING_MISSING = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="缺少参数",
        text="缺少参数“{expected}”，请补回；初始取值为“{default}”。",
        why="缺了这个参数，有的计算就没有依据。",
        is_fixed=True,
    )
    LIST_FIELD_UNKNOWN = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="上报字段不认识",
        text="“{expected}”没有字段“{found}”{near}，请照“可用字段”表填写字段或代码。",
        why="不知道取哪一项数据，清单就做不出来。",
        is_fixed=True,
    )
    LIST_HEADER_TWICE = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="上报表头重复",
        text="“{expected}”里已有表头“{found}”，请改为不重复的表头。",
        why="两列同名，上级平台分不清是哪一列。",
        is_fixed=True,
    )
