"""Rules about whether every sheet, column and row is there."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class SheetRules:
    """Rules about whether every sheet, column and row is there."""

    SHEET_MISSING = Rule(
        gate=Gate.SHEETS,
        severity=Severity.ERROR,
        title="缺少工作表",
        text="缺少工作表“{expected}”，请用完整的填报表重新发送。",
        why="缺了的那张表里的项目本期就没有数，需要补齐。",
        is_fixed=True,
    )
    COLUMN_MISSING = Rule(
        gate=Gate.SHEETS,
        severity=Severity.ERROR,
        title="缺少列",
        text="缺少{expected}列，{advice}。",
        why="缺了一列，这张表就不完整；宁可退回，也不收半张表。",
        is_fixed=True,
    )
    COLUMN_TWICE = Rule(
        gate=Gate.SHEETS,
        severity=Severity.ERROR,
        title="列重复",
        text="“{expected}”列出现了两次，不知以哪一列为准，请删去多出的一列后重新发送。",
        why="两列同名，不知哪一列是真的，不能替填报单位挑。",
        is_fixed=True,
    )
    RETURN_BLANK = Rule(
        gate=Gate.SHEETS,
        severity=Severity.ERROR,
        title="空表",
        text="三张进度表与下发时一样，都没有填写。本期确无更新的，请在“填报说明”的“零报告”处选“是”后发送。",
        why="空表分不清是没有更新还是忘了填；确无更新的，选零报告即可。",
        is_fixed=True,
        refuses_return=True,
    )
    RETURN_WAITS = Rule(
        gate=Gate.SHEETS,
        severity=Severity.WARNING,
        title="整份待更正",
        text="表中有须更正之处，本期按整份收取，其余{expected}行也暂不计入，待贵单位更正发回后计入。",
        why="办公室选定了整份收取：一份表要么全部计入，要么全部等更正。",
        is_fixed=True,
    )
    ROW_MISSING = Rule(
        gate=Gate.SHEETS,
        severity=Severity.WARNING,
        title="缺行",
        text="没有找到{expected}，本次按未报处理；请保留下发的每一行。",
        why="行被删去，这一项本期就没有数，汇总表中会显示未报。",
    )
    ROW_TWICE = Rule(
        gate=Gate.SHEETS,
        severity=Severity.ERROR,
        title="行重复",
        text="与第{expected}行是同一项，两行都未接收，请只保留一行。",
        why="同一项有两行且内容不同，不知以哪一行为准，不能替填报单位挑。",
        is_fixed=True,
    )
    ROW_UNKNOWN = Rule(
        gate=Gate.SHEETS,
        severity=Severity.ERROR,
        title="多出的行",
        text="“{found}”不是下发的行，未接收；要报的内容请填在原有的行内。",
        why="计划里没有这一项，接收也无处汇总；要增加项目，请先报办公室列入计划。",
        is_fixed=True,
    )
    ROW_FOREIGN = Rule(
        gate=Gate.SHEETS,
        severity=Severity.ERROR,
        title="行不属于本表",
        text="这一行是{owner}的，未接收；请填在{expected}。",
        why="这一行属于别的专班或期次，收在这里会算错地方。",
        is_fixed=True,
    )
    ROW_NEW = Rule(
        gate=Gate.SHEETS,
        severity=Severity.WARNING,
        title="新增行",
        text="这一行是自行添加的，按新问题处理，请核对。",
        why="自行添加的行不是下发的行，按新问题登记并给编号，请看一眼是否登记对了。",
    )
    ROW_NOTE = Rule(
        gate=Gate.SHEETS,
        severity=Severity.WARNING,
        title="合计或说明",
        text="“{found}”是合计或说明，不算填报的内容，未接收；不必更正。",
        why="合计由汇总表统一计算，各表自己加的合计和说明不计入。",
        is_fixed=True,
    )
    ROWS_SHIFTED = Rule(
        gate=Gate.SHEETS,
        severity=Severity.ERROR,
        title="整块错行",
        text="{rows}的内容像是整块往下贴错了行（最上面空着，表格下面多出来），未接收；请移回原来的行后重新发送。",
        why="贴错一行，每一项的数就都记到了别的项目上，宁可不收。",
        is_fixed=True,
    )
    KEYS_DISAGREE = Rule(
        gate=Gate.SHEETS,
        severity=Severity.ERROR,
        title="行错位",
        text="{rows}的左右两部分对不上，可能只对部分列排了序，或贴错了行；请恢复原来的行次后重新发送。",
        why="左右两半不是同一项，接收就会张冠李戴；这是最危险的一种错，宁可不收。",
        is_fixed=True,
    )
    KEYS_LOST = Rule(
        gate=Gate.SHEETS,
        severity=Severity.WARNING,
        title="隐藏列丢失",
        text="这张表用来对应各行的隐藏列不见了，已按编号对应，请核对。",
        why="隐藏列丢失时按编号对应；编号若被改过，就可能对错行。",
    )
    HEADER_LOST = Rule(
        gate=Gate.SHEETS,
        severity=Severity.WARNING,
        title="没有表头",
        text="这些行没有带表头，{advice}。",
        why="只粘了数据没粘表头，列按下发时的次序对应，挪过列的就可能对错。",
    )
    CELLS_MERGED = Rule(
        gate=Gate.SHEETS,
        severity=Severity.WARNING,
        title="合并单元格",
        text="{cells}合并成了一格，所填内容只算在第一格，其余按未填处理；请取消合并，逐格填写。",
        why="合并以后只有第一格留有内容，其余各格其实是空的。",
    )
    OUTSIDE_CELLS = Rule(
        gate=Gate.SHEETS,
        severity=Severity.QUESTION,
        title="单元格外的内容",
        text="以下内容不在填报单元格内，未计入：{found}。要计入的请填到对应的单元格后重新发送。",
        why="批注、文本框、图片、表格旁边和邮件里的话没有对应的项目，不能替填报单位填进去，又怕漏了要报的数。",
    )
    OUTSIDE_NOTED = Rule(
        gate=Gate.SHEETS,
        severity=Severity.WARNING,
        title="表外附注",
        text="填报单元格以外还有：{found}。未计入，请办公室看一眼。",
        why="批注、文本框、图片和表格旁边的话往往说明情况，随表留存，供办公室参考；不退回填报单位。",
        is_for_office=True,
    )
    HIGHLIGHT_PROBLEM = Rule(
        gate=Gate.SHEETS,
        severity=Severity.QUESTION,
        title="亮点写成了问题",
        text="写的是“{found}”，像是停工、未解决的问题；是问题的请填到问题销号进度表，任务的状态请填到重点任务进度表。",
        why="工作亮点汇总后供推广，写在这里的问题没有人协调，也进不了问题销号。",
    )
    CELL_STRUCK = Rule(
        gate=Gate.SHEETS,
        severity=Severity.QUESTION,
        title="打了删除线",
        text="“{found}”打了删除线，不知是否作废，暂按所填计入；作废的请删去，仍然有效的请去掉删除线后重新发送。",
        why="删除线在屏幕和纸上都表示作废，单元格里的内容却还在，不能替填报单位定。",
    )
    CELL_UNSEEN = Rule(
        gate=Gate.SHEETS,
        severity=Severity.QUESTION,
        title="看不见的内容",
        text="这里填了“{found}”，但设成了白字或隐藏格式，屏幕和纸上都看不见，暂按所填计入；请核对后改为正常显示。",
        why="看不见的内容没有人核对过，多半是想作废，或者是从别处带来的。",
    )
    SHOWN_OTHERWISE = Rule(
        gate=Gate.SHEETS,
        severity=Severity.WARNING,
        title="显示与实际不同",
        text="单元格里实际是{found}，因数字格式显示为“{expected}”，已按显示的读取，请核对。",
        why="数字格式把数缩小或换了单位，以看到的为准；实际的数可能才是要报的，请看一眼。",
    )
    RESULT_MISSING = Rule(
        gate=Gate.SHEETS,
        severity=Severity.ERROR,
        title="公式没有结果",
        text="这里是公式，文件中没有保存计算结果。请直接填写结果（{advice}），或在WPS、Excel中打开，保存后重新发送。",
        why="没有算出来的公式读不出数，收件时不替填报单位计算。",
        is_fixed=True,
    )
    RESULT_STALE = Rule(
        gate=Gate.SHEETS,
        severity=Severity.WARNING,
        title="公式结果可能未更新",
        text="这里是公式，文件保存时没有重新计算，“{found}”可能不是最新结果，请核对；以后请直接填写结果。",
        why="公式的数是上次算的，后来改过的数可能没有算进去。",
    )
