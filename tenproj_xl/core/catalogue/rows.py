"""Rules about whether the cells of a row agree."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class RowRules:
    """Rules about whether the cells of a row agree."""

    REQUIRED = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="必填未填",
        text="{when}，请填写“{expected}”（{advice}）。",
        why="这一栏是读懂同一行其他内容所必需的；缺了它，这一行先不收。",
    )
    PERIOD_MISSING = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="缺数据所属期",
        text="填了最新数值，请在“数据所属期”填明是哪一期的数，如 {advice}。",
        why="同一个数，是三季度的还是十月的，评价结果不同；不填所属期就无法评价。",
        is_fixed=True,
    )
    PERIOD_FUTURE = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="所属期超前",
        text="数据所属期“{found}”到本期截止时尚未结束，请核对；预计数请填在“预计全年完成值”。",
        why="还没有过完的时期不会有实际数；预计数另有一栏，不与实际数混在一起。",
    )
    PERIOD_STALE = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="数据过旧",
        text="报的是{found}的数，本期应已有{expected}的数，请补报。",
        why="已经可以有更新的数了，汇总表会标明这是旧数。",
    )
    PERIOD_BACKWARD = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="早于上次所属期",
        text="报的是{found}的数，早于上次已报的{expected}，请核对。",
        why="比上次报的还早，多半是选错了所属期，或拿错了旧表。",
    )
    PERIOD_LOCKED = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="改了核定行的所属期",
        text=(
            "这一行要的是{expected}的统计核定数，“数据所属期”却改成了“{found}”，未接收；"
            "{found}的数请填在这个指标自己的行里，这一行没有核定数的请空着。"
        ),
        why="核定行只收那一个时期的数；改了所属期，别的时期的数就会当成核定数去评目标。",
        is_fixed=True,
    )
    CORRECTION_INCOMPLETE = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="更正行没有填全",
        text="这一行用来更正以前报过的数，请填写“{expected}”（{advice}）；不需要更正的请把这一行清空。",
        why="不知道更正哪个指标、哪一期，或者更正成多少，就没有办法更正。",
        is_fixed=True,
    )
    CORRECTION_UNKNOWN = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="更正的指标认不出",
        text="“{found}”认不出是贵单位填报的哪个指标，未接收；请在“指标名称”的下拉选项中选择。",
        why="认错了指标，会改掉另一个指标的数。",
        is_fixed=True,
    )
    CORRECTION_CURRENT = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="更正行填了新数",
        text=(
            "{expected}的数以前没有报过，是新的数，不是更正，未接收；"
            "请填在“{name}”自己的行里，并把这一行清空。"
        ),
        why="更正行只收以前各期的数；最新的数填在这里，指标自己的行还是没有报。",
        is_fixed=True,
    )
    CORRECTION_TWICE = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="同一个数填了两行",
        text="第{rows}行填的也是这个指标这一期的数，未接收；请只留正确的一行，把另一行清空。",
        why="同一个指标、同一期只能有一个数，填了两行就不知道以哪个为准。",
        is_fixed=True,
    )
    CORRECTION_SAME = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="更正后没有变化",
        text="填的{found}与原来报的一样，没有变化；如要更正，请填更正后的数。",
        why="多半是把原来的数又填了一遍，或者选错了所属期。",
    )
    CORRECTION_STAYS = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="前次的更正仍有效",
        text="这一行前次填的是{expected}，仍按更正后的数计入；如果当时选错了，请另用一行把它改回正确的数。",
        why="每个更正各算各的：同一行改填别的指标或别的时期，不会撤回前次的更正。",
    )
    CORRECTION_LACKING = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="只说更正没有报数",
        text=(
            "“核实说明”写着“{found}”，但没有报来更正后的数，{period}的{expected}没有改动；"
            "请在表下的更正行选这个指标，填写数据所属期和更正后的数，再发一次。"
        ),
        why="核实说明里的数不计入，只写更正改不了原来的数，疑问也还在。",
    )
    CORRECTION_BEYOND = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="早一期大于后来的数",
        text="{found}大于后来{period}的{expected}，累计数只增不减，请核对；如属实，后来的数也请一并更正。",
        why="累计数越往后越大；前面一期比后面一期还大，总有一个不对。",
    )
    FIGURE_MISSING = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="应报未报",
        text="本期应报{expected}的数，没有填写。请补报；确无更新的，请声明零报告。",
        why="本期应有新数却空着；没有数就空着不会算作0，但会显示未报。",
    )
    ISSUE_INCOMPLETE = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="新问题不完整",
        text="登记新问题请填写“{expected}”（{advice}）。",
        why="新问题缺了这一项就没法登记、没法盯办。",
    )
    ISSUE_SILENT = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="问题未填",
        text="这个问题还没有销号，本期没有填写“{expected}”，请补报；没有新进展的，也请写明卡在哪里。",
        why="挂账的问题每期都要有说法；没有填的，汇总表仍显示上次的情况。",
    )
    ISSUE_SPLIT = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="问题分了几行",
        text="第{rows}行像是第{expected}行问题的续写，没有登记；一个问题请写在一行里，把这些文字并入第{expected}行。",
        why="一行登记一个问题；分成几行写的，后几行缺类别、单位和时限，会变成几个残缺的问题。",
        is_fixed=True,
    )
    ISSUE_TWICE = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="问题重复登记",
        text="与{expected}像是同一个问题，请核对；{advice}。",
        why="同一个问题登记两次，挂账数就多了一个，两边的进展也对不上。",
    )
    ITEM_TWICE = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="事项重复",
        text="与{expected}的内容相同，这一行没有录入；要办的是同一件事的，请删去这一行，是另一件的，请写明区别。",
        why="同一件事登记两次，要单位答复两遍，也多算了一件。",
        is_fixed=True,
    )
    ITEM_ANSWERED = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="单位已有填报",
        text=(
            "这一件录入以后，单位在{found}已有填报，“{expected}”的改动没有录入；确需改动的，"
            "请单位在填报表的“申请变更”或“申请延期至”写明，再运行 tenproj signoff 审定。"
        ),
        why="单位已经照原来的内容和时限在办，改动要由单位提出、办公室审定，双方都有据可查。",
        is_fixed=True,
    )
    UNIT_UNCLEAR = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="责任单位不明",
        text="责任单位填了“{found}”，{why}，暂由{expected}填报进展；请明确由哪一个单位负责。",
        why="一个问题要有一个单位负责，进展由它来报；其他单位可写在整改措施里。",
    )
    APPLICATION_UNCLEAR = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="有销号日期却未申请",
        text="填了申请销号日期{found}，当前状态却是“整改中”，请核对；申请销号的，请改选“申请销号”。",
        why="没有选“申请销号”的，办公室不会审定；填了日期，看上去是要申请。",
    )
    TASK_SILENT = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="任务未填",
        text="{expected}本期没有填写进展，请补报；确无更新的，请声明零报告。",
        why="任务本期没有任何说法，汇总表会显示未报。",
    )
    COVER_BLANK = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="填报信息未填",
        text="没有填写，请{advice}。",
        why="有疑问时要找得到人；不影响收数。",
    )
    COVER_UNIT = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="填报单位不明",
        text="填了“{found}”，不是工作计划里的单位，内容照收，请核对；这份表是发给{expected}的。",
        why="填报单位写明是谁填的，有疑问时才找得到人；表交给了别的单位填的，也请写明。",
    )
    NIL_WITH_ANSWERS = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="零报告却有内容",
        text="选了“是”，表中却有{expected}行填了内容，已按填报的内容接收；有更新的请改选“否”。",
        why="零报告的意思是没有任何更新，和表里填的内容对不上；内容照收。",
    )
    NIL_IN_WORDS = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="零报告写在表中",
        text="这里写了“{found}”，其余都没有填写，已按零报告接收；有更新的，请填写后重新发送。零报告请在“填报说明”的“零报告”处选“是”。",
        why="写在格里的零报告看得懂，但只有选了“是”才不会弄错；没有更新的不必再发。",
        is_fixed=True,
    )
    NIL_UNREPORTED = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="零报告没有可沿用的",
        text="零报告沿用以往报的内容，{expected}此前没有报过，没有可以沿用的，仍显示未报；有数、有进展的，请填写后重新发送。",
        why="从来没有报过的，不能当作没有变化；零报告照收，这些项目还等着第一次填报。",
    )
    STATUS_BLANK = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="没有选当前状态",
        text="填了“{expected}”，没有选“当前状态”，请补选；填报的内容已经计入。",
        why="汇总按当前状态统计；没有选的，看不出这一项是按期还是滞后。",
    )
    NEGATIVE = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="负数",
        text="填了{found}，这一项一般不会是负数，请核对。",
        why="这类数一般不为负，多半是多打了一个减号。",
    )
    DONE_HALFWAY = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="节点与任务不一致",
        text="当前状态为“已完成”，节点完成情况却是“未完成”，请核对。",
        why="任务完成而节点没有完成，两处总有一处要改。",
    )
    MILESTONES_OPEN = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="后面的节点没有完成",
        text=(
            "任务已完成，但还有{count}个节点没有完成（{expected}），请核对；"
            "只完成了本节点的，请把当前状态改为实际状态；任务确已全部完成的，请在“本期进展”写明。"
        ),
        why="任务报了“已完成”就不再催报，后面的节点也不再提醒；只完成一个节点的，选“节点完成情况”就够了。",
    )
    MILESTONE_PASSED = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="节点已过期",
        text="节点时限{expected}已过，节点没有完成，当前状态填的是“{found}”，请核对；确已滞后的，请改选“滞后”，并填写存在问题和下一步举措。",
        why="节点过了时限还没有完成，汇总表按滞后或逾期显示；自报的状态与此不同，先核对一遍。",
    )
    TASK_PAST_DUE = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="完成时限已过",
        text=(
            "{when}完成时限{expected}已过，当前状态填的是“{found}”，请核对任务是否已经完成：已经完成的，请改选“已完成”，"
            "填写完成日期；没有完成的，请改选“滞后”，并填写存在问题和下一步举措。"
        ),
        why="没有选“已完成”、完成时限又过了的，汇总表按逾期显示，督办单按逾期天数列出；任务其实已经完成的，先核对一遍。",
    )
    OPINION_AGAINST = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="初审不同意",
        text="申请销号，牵头单位初审却是“不同意”，请核对；不同意的，请把当前状态改为“整改中”。",
        why="牵头单位不同意的，办公室不会审核销号。",
    )
    WORDS_AGAINST = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="文字与状态不符",
        text="当前状态为“{expected}”，这里却写着“{found}”，请核对，改正状态或文字。",
        why="状态用来评价和统计，文字给领导看；两处说法相反，总有一处填错了。",
    )
    REMARK_AGAINST = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="备注与数值不符",
        text="“备注”写着“{found}”，与所填的数不一致，请核对：数、数据所属期、单位以填报栏为准，有误的请改填报栏。",
        why="汇总只用填报栏的数；备注说的是另一个数、另一个月或另一个单位的，两处总有一处要改。",
    )
    TEXT_ELSEWHERE = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="疑似填错了列",
        text="这里写着“{found}”，像是“{expected}”的选项，而“{expected}”没有选，请核对是否填错了列。",
        why="文字错开一列，状态就空着，评价不了；请放回各自的列。",
    )
    PERIOD_OFF_CYCLE = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="所属期与更新频次不符",
        text="这一项按{expected}更新，数据所属期填的是{found}，请核对。",
        why="按季、按半年出的数没有单独一个月的，多半是把别的行的所属期拖了下来。",
    )
    EMPTY_WORDS = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="没有说明情况",
        text="“{expected}”只写了“{found}”，没有说明情况，不计入；请写明具体内容，附件里的请摘要填入。",
        why="汇总只看表里的文字，附件和前期的表不随汇总走；这样的话等于没有填。",
    )
    DATE_FAR = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="日期离得远",
        text="“{expected}”填了{found}，离本期较远，请核对年份。",
        why="年份打错一位，逾期和天数就全错了；确属如此的不必改。",
    )
    COMPLETION_UNCLEAR = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="有完成日期却未完成",
        text="填了完成日期{found}，节点和任务却都没有选“已完成”，请核对；没有完成的请删去日期。",
        why="填了完成日期，看上去已经完成；没有选“已完成”的，仍按未完成评价。",
    )
    FORECAST_LOW = Rule(
        gate=Gate.ROWS,
        severity=Severity.QUESTION,
        title="预计低于已完成",
        text="预计全年完成值{found}低于已完成的{expected}，请核对。",
        why="全年数不会比已经完成的还少，两处总有一处填错了。",
    )
    NOT_PLANNED = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="已不在计划内",
        text="这一项已不在现行工作计划中，填报内容已存档，不列入汇总。",
        why="计划已经调整，这一项不再汇总；内容存档备查。",
        is_fixed=True,
    )
    LINK_UNKNOWN = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="关联编号不存在",
        text="“{found}”不是指标编号或任务编号，请核对；没有关联的可以不填。",
        why="问题要能对应到指标或任务，领导才看得出影响什么。",
    )
    ISSUE_CLOSED = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="问题已销号",
        text="这个问题已于{expected}销号，填报的内容已存档，不改变销号；需要重新挂账的，请与{office}联系。",
        why="销号和重新挂账都由办公室决定，回表改不了。",
        is_fixed=True,
    )
    DECISION_OUTDATED = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="审定依据已变",
        text="审定表生成之后有了新情况（{found}），没有录入；请运行 tenproj signoff 生成新表再定。",
        why="按旧情况作的决定可能不再合适，请看过新情况再定。",
        is_fixed=True,
    )
    DECISION_UNASKED = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="没有申请",
        text="选了“{found}”，但这个问题没有{expected}，没有录入；请核对是否填错了行。",
        why="没有申请就没有可决定的，多半是填错了行。",
        is_fixed=True,
    )
    ITEM_MISFIT = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="处理不合",
        text="{found}，没有录入；请{advice}。",
        why="督办事项怎样退出要说得清楚；自相矛盾的决定，不能替办公室挑一种。",
        is_fixed=True,
    )
    MERGED_WRONGLY = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="并入事项不对",
        text="“{found}”{expected}，没有录入；请改填还在跟踪的另一项的编号。",
        why="并入的事项要有另一项接着管，不然就没有人管了。",
        is_fixed=True,
    )
    MERGED_DROPS = Rule(
        gate=Gate.ROWS,
        severity=Severity.WARNING,
        title="并入后没有人管",
        text="已按并入录入，但{found}；请{advice}。",
        why="并入只把这一项移出清单，原来向它要的事不会自己转到另一项上。",
        is_fixed=True,
    )
    DATES_ORDER = Rule(
        gate=Gate.ROWS,
        severity=Severity.ERROR,
        title="日期先后",
        text="{found}晚于{expected}，请核对日期。",
        why="先后颠倒的日期会算错天数和逾期，多半是年份或月份打错了。",
    )
