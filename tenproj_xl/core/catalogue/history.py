"""Rules about whether a row agrees with what was sent out, with earlier reports and with other senders."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class HistoryRules:
    """Rules about whether a row agrees with what was sent out, with earlier reports and with other senders."""

    OFFICE_EDITED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="改动了锁定内容",
        text="“{expected}”原为“{printed}”，现为“{found}”。这一栏由{office}填写，仍以下发的为准；确需调整的，请另行报告。",
        why="目标、时限和名称以下发的为准，改动不采用，这一行填报的内容照常计入；要调整的另行报批。",
    )
    ROW_OF_OTHERS = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="改动了其他单位的行",
        text="这一行由{unit}填报，供贵单位了解；改动的“{expected}”没有采用。需要更正的，请与{unit}联系。",
        why="每一行只有一个单位可以填报；牵头单位看得到别家的行，但不能替别家改，改动不采用，别的行照常计入。",
        is_fixed=True,
    )
    REGISTERED_CHANGED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="改动了已登记内容",
        text="问题登记后，下列内容不能直接改，仍按登记的计：{found}。确需变更的，{expected}，由{office}审定。",
        why="已登记的问题换了描述或单位，就看不出原来的问题办了没有；要变更的，由办公室审定后再改。",
        is_fixed=True,
    )
    ISSUE_OVERWRITTEN = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="改写成了另一个问题",
        text=(
            "这一行登记的是“{printed}”，现写成“{found}”，已作为新问题登记；原问题不变，本期按未填计。"
            "其实是原问题的，请改回原来的描述后发回，并请告知{office}撤去新的一个；新问题请填在空行里。"
        ),
        why="在原问题上写另一个问题，原问题就不见了；新问题另外登记，原问题继续挂账。",
        is_fixed=True,
    )
    FORMULA_DIFFERS = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="公式被改",
        text="显示为“{found}”，按填报的数应为“{expected}”，已重新计算；公式请勿改动。",
        why="评价由系统统一重算，各单位改了也不算数。",
    )
    VALUE_FELL = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="累计数下降",
        text="本次{found}，低于上次{expected}，请核对；如属核减，请在“核实说明”写明{besides}。",
        why="累计数只增不减；下降的要么是核减，要么是填错。",
    )
    ZERO_FILLED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="填了零",
        text="填了0，{expected}，请核对；没有新数的请空着，不要填0。",
        why="0的意思是一点也没有，空着的意思是还没有数；填0会算作完成得极差。",
    )
    VALUE_JUMPED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="数值突变",
        text="本次{found}，上次{expected}，相差约{factor}倍，请核对数值和单位。",
        why="一期之间变化这么大很少见，先核对有没有多打或少打位数。",
    )
    VALUE_FAR = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="数值悬殊",
        text="本次{found}，目标为{expected}，相差约{factor}倍，请核对数值和单位。",
        why="与目标差得太远，先核对有没有填错单位或位数。",
    )
    VALUE_OFF = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="与以往走势不符",
        text="本次{found}，上次{expected}，变化远大于以往各期，请核对数值和数据所属期。",
        why="与这一项自己以往的数相比变化太大，多半是数字颠倒、多打少打了位数，或填串了行。",
    )
    FIGURES_SWAPPED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="疑似填串了行",
        text="本次{found}，上次{expected}，与{other}的数疑似互换了，请核对这两行。",
        why="两行的数各自像另一行的，多半是填串了行。",
    )
    BEYOND_LIMITS = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="超出上下限",
        text="本次{found}，超出{expected}，请核对数值和单位。",
        why="工作计划里的上限、下限是这一项一般不会超出的范围；没有写明的，按计划中同一单位最大的数推定。",
    )
    NOT_WHOLE = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="应为整数",
        text="填了{found}，这一项按{expected}计，一般是整数，请核对。",
        why="家数、个数、人数不会有小数，多半是填错了行，或填成了平均数、比例。",
    )
    FORECAST_FAR = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="预计数悬殊",
        text="预计全年完成值{found}，最新数值为{expected}，相差约{factor}倍，请核对数值和单位。",
        why="按现在的进度到年底达不到这么多，先核对有没有填错单位或位数。",
    )
    RANK_DOUBTFUL = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="名次可疑",
        text="填了“{found}”，名次应是1到{expected}的整数，请核对。",
        why="参加排名的就这么多，名次不会更大，也不会有小数。",
    )
    RANK_DIFFERS = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="名次与通报不符",
        text="填了“{found}”，{near}的通报为第{expected}名，汇总按通报，请核对。",
        why="名次以上级通报为准，办公室登记在“设置.xlsx”的“上级排名”；填的可能是另一期的名次，也可能登记有误。",
    )
    UNIT_SUSPECT = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="疑似单位不对",
        text="本次{found}，{against}，疑似{guess}，请核对；{advice}。",
        why="相差正好在一万倍或一百倍上下，多半是万元、亿元混用，或把93%填成了0.93；接收的是所填的数。",
    )
    VERIFIED_STANDS = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="核定数未改",
        text=(
            "{period}已有统计核定数{expected}，本次{found}不是统计核定，仍按核定数计；"
            "核定数确有修订的，“数据性质”请选“统计核定”。"
        ),
        why="统计核定的数只由新的统计核定数替换，别的数不能改它。",
    )
    NATURE_FELL = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="数据性质降低",
        text=(
            "{period}已报{expected}，本次改为{found}，暂按本次的计，请核对；"
            "确实要改的请在“核实说明”写明原因，原来的数不变的请改回。"
        ),
        why="预计数一般不会晚于统计数；性质较低的数替换性质较高的，多半是填错了行或时期。",
    )
    VERIFIED_DOUBTED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="不像核定数",
        text="这一行要的是{period}的统计核定数，{why}，请核对；还没有核定数的请空着，不要填最新的数。",
        why="过去时期的数要的是统计部门核定的那一个，填成最新的数，当年的目标就评错了。",
    )
    TEXT_REPEATED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="连续三期未改",
        text="{expected}连续三期一字未改，而进度{found}，请按本期情况填写；确无变化的，请写明卡在哪里。",
        why="进度落后而说明不变，看不出采取了什么措施，领导多半会问。",
    )
    RETURN_CHANGED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="与前次不同",
        text="与前次报送（{found}）相比，改动{count}处：{said}；{counts}。",
        why="同一单位先后报了两份，以后一份为准；改了哪几处列出来，免得改错了没有人知道。",
        is_fixed=True,
    )
    ISSUE_LEFT_OUT = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="新问题没有再报",
        text="前次报送登记的新问题{expected}，这一份里没有了，仍按已登记的挂账；已办结的，请在下一期的表上申请销号，"
        "报错了或重复的，请告知{office}核销。",
        why="空行不改变已报的内容；登记过的问题要经办公室审定才退出，单位要知道它还在。",
        is_fixed=True,
    )
    ISSUE_UNREGISTERED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="新问题没有登记",
        text="前次报送的新问题{expected}有差错，没有登记，这一份里也没有；仍要登记的，请填在本期表的空行里再发来。",
        why="有差错的新问题不会自动登记；后一份里不再提的，要说明它没有挂账，免得双方都以为已经登记。",
        is_fixed=True,
    )
    CORRECTION_UNTAKEN = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="更正没有计入",
        text="前次报送的{expected}有差错，没有计入，这一份里也没有；仍要更正的，请填在本期表“更正以前报过的数”的空行里再发来。",
        why="有差错的更正不会自动计入；后一份里不再提的，要说明原来的数没有变，免得单位以为已经改过。",
        is_fixed=True,
    )
    RETURN_GOES_BACK = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="改回旧数",
        text="有{count}处又改回更早一份的内容：{said}；{counts}。请核对是不是错发了旧表，"
        "应以“{found}”为准的请告知{office}。",
        why="已经改过的数又变回原样，多半是把旧表又发了一遍；是不是有意改回，要由填报单位说。",
        is_fixed=True,
    )
    VERSION_UNSURE = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="两份先后不明",
        text="与“{found}”内容不同，哪一份在后看不准，{count}处不同：{said}；{counts}，请核对，应以另一份为准的请告知{office}。",
        why="邮件日期、保存时间和文件时间相同或互相矛盾，分不出先后；文件名里的(1)、最终版不作依据，要由人定。",
        is_fixed=True,
    )
    RETURN_SET_ASIDE = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="晚到的旧表",
        text="这一份比已接收的“{found}”旧，没有采用；两份{count}处不同：{said}。应以这一份为准的，请告知{office}。",
        why="后收到的不一定是后填的；内容不同而没有采用的，要让单位和办公室都看见，由人定。",
        is_fixed=True,
    )
    FIGURE_WAITS = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="暂按原数计",
        text="{period}的数由{expected}变为{found}；{counts}。",
        why="已印发的评价不因一家单位改数就变，由办公室核实后再定；单位要知道报来的数还没有采用。",
        is_fixed=True,
    )
    PATCH_CROSSED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="更正与新报不同",
        text="“{expected}”退回更正时为“{printed}”，此后报来的是“{standing}”，更正表又改为“{found}”；已按“{found}”计，请核对。",
        why="更正表退回之后又报来新的一份，同一格两处都改了，不知哪个是最后的意思。",
        is_fixed=True,
    )
    CORRECTION_UNCHANGED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="更正表没有改动",
        text="发回的更正表与退回时一样，没有改动；请改好标出的单元格后再发回，“修改清单”里写的不计入。",
        why="更正表原样发回，等于没有更正；数要改在填报的单元格里。",
        is_fixed=True,
    )
    SENDERS_DISAGREE = Rule(
        gate=Gate.HISTORY,
        severity=Severity.WARNING,
        title="各家说法不一",
        text="“{expected}”各家报的不一样：{said}；{counts}。",
        why="同一格两个单位报的不一样，只有人能判断以哪个为准；裁定之前暂按数据报送单位的。",
        is_fixed=True,
    )
    DISPUTE_CHANGED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.ERROR,
        title="分歧已有变化",
        text="生成这份裁定表之后，有关单位又报了新的内容，这一行没有记入；请重新运行 tenproj resolve 生成裁定表。",
        why="裁定只对当时的几种说法有效；说法变了，要看着新的说法再定。",
        is_fixed=True,
    )
    RULING_UNCLEAR = Rule(
        gate=Gate.HISTORY,
        severity=Severity.ERROR,
        title="裁定不明",
        text="已选“{expected}”，又另填了“{found}”，不知以哪个为准，没有记入；请只留一种，另定的请选“另定”。",
        why="裁定要明确到一个值，不能替办公室挑。",
        is_fixed=True,
    )
