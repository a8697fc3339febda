"""Rules about whether a row agrees with what was sent out, with earlier reports and with other senders."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class HistoryRules:
    """Rules about whether a row agrees with what was sent out, with earlier reports and with other senders."""

    OFFICE_EDITED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.ERROR,
        title="改动了锁定内容",
        text="“{expected}”原为“{printed}”，现为“{found}”。这一栏由总专班办公室填写，请改回；确需调整的，请另行报告。",
        why="目标、时限和名称以下发的为准，不能在回表里改；要调整的另行报批。",
    )
    ROW_OF_OTHERS = Rule(
        gate=Gate.HISTORY,
        severity=Severity.ERROR,
        title="改动了其他单位的行",
        text="这一行由{unit}填报，供贵单位了解；改动的“{expected}”没有采用，请恢复原样。需要更正的，请与{unit}联系。",
        why="每一行只有一个单位可以填报；牵头单位看得到别家的行，但不能替别家改。",
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
        text="本次{found}，低于上次{expected}，请核对；如属核减，请在“核实说明”写明。",
        why="累计数只增不减；下降的要么是核减，要么是填错。",
    )
    ZERO_FILLED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="填了零",
        text="填了0，上次为{expected}，请核对；没有新数的请空着，不要填0。",
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
    UNIT_SUSPECT = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="疑似单位不对",
        text="本次{found}，{against}，疑似{guess}，请核对；{advice}。",
        why="相差正好在一万倍或一百倍上下，多半是万元、亿元混用，或把93%填成了0.93；接收的是所填的数。",
    )
    TEXT_REPEATED = Rule(
        gate=Gate.HISTORY,
        severity=Severity.QUESTION,
        title="连续三期未改",
        text="{expected}连续三期一字未改，而进度{found}，请按本期情况填写；确无变化的，请写明卡在哪里。",
        why="进度落后而说明不变，看不出采取了什么措施，领导多半会问。",
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
