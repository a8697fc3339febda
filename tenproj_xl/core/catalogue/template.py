"""Rules about the template of the form."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class TemplateRules:
    """Rules about the template of the form."""

    TEMPLATE_SHEET_MISSING = Rule(
        gate=Gate.TEMPLATE,
        severity=Severity.ERROR,
        title="模板缺少工作表",
        text="模板缺少工作表“{expected}”，请从备份补回，或运行 tenproj template build --force 恢复初始模板；工作表名称请勿改动。",
        why="填报表的样子取自模板，缺了工作表就画不出来。",
        is_fixed=True,
    )
    TEMPLATE_ROW_MISSING = Rule(
        gate=Gate.TEMPLATE,
        severity=Severity.ERROR,
        title="模板缺少样式行",
        text="A列缺少“{expected}”这一行，请从备份补回，或运行 tenproj template build --force 恢复初始模板。",
        why="填报表的样子取自样式行，缺了就画不出来。",
        is_fixed=True,
    )
    TEMPLATE_FIELD_MISSING = Rule(
        gate=Gate.TEMPLATE,
        severity=Severity.WARNING,
        title="模板缺少列",
        text="“字段代码”行缺少“{expected}”（{header}），填报表中会按相近的列补上；要写进模板，请运行 tenproj template update。",
        why="字段代码说明这一列填什么；升级后新增的栏目，旧模板里没有。",
        is_fixed=True,
    )
    TEMPLATE_FIELD_TWICE = Rule(
        gate=Gate.TEMPLATE,
        severity=Severity.ERROR,
        title="模板列重复",
        text="字段代码“{found}”出现了两次，请删去多出的一列。",
        why="一个字段只能有一列。",
        is_fixed=True,
    )
    TEMPLATE_FIELD_UNKNOWN = Rule(
        gate=Gate.TEMPLATE,
        severity=Severity.WARNING,
        title="模板多出的列",
        text="没有“{found}”这个字段，这一列不会带到填报表中。",
        why="系统不认识的列没有内容可填。",
        is_fixed=True,
    )
    TEMPLATE_SHEET_UNKNOWN = Rule(
        gate=Gate.TEMPLATE,
        severity=Severity.WARNING,
        title="模板多出的工作表",
        text="工作表“{found}”不会带到填报表中。",
        why="填报表只有固定的几张工作表。",
        is_fixed=True,
    )
    TEMPLATE_HEADER_CHANGED = Rule(
        gate=Gate.TEMPLATE,
        severity=Severity.WARNING,
        title="模板表头改动",
        text="表头改成了“{found}”，填报表中仍为“{expected}”；表头文字由系统统一。",
        why="表头统一，收回时才认得出每一列。",
        is_fixed=True,
    )
    TEMPLATE_NOT_CARRIED = Rule(
        gate=Gate.TEMPLATE,
        severity=Severity.WARNING,
        title="模板内容不带出",
        text="{found}不会带到填报表中，请删去或改用单元格样式。",
        why="填报表是重新画出来的，只带得走单元格的样式。",
        is_fixed=True,
    )
    TEMPLATE_PLACEHOLDER = Rule(
        gate=Gate.TEMPLATE,
        severity=Severity.WARNING,
        title="模板占位内容",
        text="“{found}”不会被替换，可用的有：{expected}。",
        why="只有列出的几种占位内容会换成实际文字。",
        is_fixed=True,
    )
