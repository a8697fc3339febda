"""Rules about whether a file is a form that was sent out, by whom and for which period."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class FormRules:
    """Rules about whether a file is a form that was sent out, by whom and for which period."""

    NOT_OURS = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="不是填报表",
        text="不是本系统发出的填报表，请填写下发的填报表后发送。",
        why="只有下发的填报表才知道每一行是哪一项、归谁填，其他表格无从对应。",
        is_fixed=True,
    )
    OTHER_PROGRAMME = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="其他地区的表",
        text="这是{found}的填报表，不属于{expected}，请核对后发送。",
        why="别的地区或方案的数不能汇到这里。",
        is_fixed=True,
    )
    FORM_UNKNOWN = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="填报表来历不明",
        text="表中用来对应各行的隐藏列已被删去，或不是这里发出的表，无法对应；请填写最近一次下发的填报表。",
        why="隐藏列用来认出每一行是哪一项，没有它就可能把数放错地方。",
        is_fixed=True,
    )
    OTHER_PERIOD = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="期次不符",
        text="这是{found}的填报表，本次应报{expected}，请填写{expected}的填报表后发送。",
        why="这一期已经收齐过，多半是拿旧表重填；内容会搬到本期的表里退回，不用重填。",
        is_fixed=True,
    )
    FILE_WITHDRAWN = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="已撤回的文件",
        text="这份文件已于{expected}撤回（{found}），没有再收；内容仍要报的，请在填报表中改好、保存后重新发送。",
        why="办公室撤回的文件不会因为再发一次就接收，以免撤回的数又混进来。",
        is_fixed=True,
    )
    BOOK_WITHDRAWN = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="已撤回的办公室表",
        text="这份表已于{expected}撤回（{found}），没有录入；撤回错了的，请运行 tenproj withdraw 文件名 --undo --why 原因，"
        "要改的请另生成一份填写。",
        why="撤回的表不会因为再录一次就算数，以免撤回的决定又混进来。",
        is_fixed=True,
    )
    OFFICE_BOOK = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="办公室的表放错了地方",
        text="这是{found}，不作为回表收取，仍留在收件夹；请移到别处，再运行 tenproj {expected} 文件名 录入。",
        why="审定、裁定和督办由办公室决定，只有点名录入的表才算数。",
        is_fixed=True,
    )
    FORM_EXAMPLE = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="填报示例",
        text="这是填报示例，没有接收；请填写下发的填报表{expected}后发送，已经发送的不必再发。",
        why="填报示例只供对照填法，里面的数是虚构的，改过、改了名也不接收。",
        is_fixed=True,
    )
    EXAMPLE_INSIDE = Rule(
        gate=Gate.FORM,
        severity=Severity.WARNING,
        title="含有填报示例的内容",
        text="表中有填报示例的内容（{found}），没有计入；要报的请填在本表自己的各行中。",
        why="示例里的数是虚构的，粘贴到填报表里也不计入，填报表自己的各行照常接收。",
        is_fixed=True,
    )
    LEAD_SENDER = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="不是这个单位的表",
        text="这是发给{expected}的表，发件的是{found}，没有录入；请由{expected}填写后发回。",
        why="专班报的内容和得分由牵头单位核对，别的单位的意见不作数。",
        is_fixed=True,
    )
    LEAD_WHY = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="退回没有写理由",
        text="选了退回，没有写退回理由，这一行的意见没有录入；请写明哪里不对、怎么改后发回。",
        why="填报单位要照着理由更正，没有理由不知道改什么。",
        is_fixed=True,
    )
    OPINION_MISSING = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="写了理由没有选意见",
        text="写了“{found}”，没有选意见，没有录入；请从下拉选项中选好意见后发回。",
        why="只有理由没有意见，不知道是不是退回、有没有异议，不能替单位定。",
        is_fixed=True,
    )
    LEAD_REMARK = Rule(
        gate=Gate.FORM,
        severity=Severity.WARNING,
        title="同意并有说明",
        text="牵头单位同意，另写了“{found}”，请办公室看一眼。",
        why="同意的行照常计入，牵头单位另写的话不转给填报单位，由办公室看要不要转告。",
        is_fixed=True,
        is_for_office=True,
    )
    LEAD_EDITED = Rule(
        gate=Gate.FORM,
        severity=Severity.WARNING,
        title="改了本期所报",
        text="“本期所报”改成了“{found}”，改动没有录入；有误的请选退回，在退回理由里写明应当怎么改。",
        why="数由填报单位报，牵头单位只表态；改在核对稿里的数不计入，以免与填报单位报的不一致。",
        is_fixed=True,
    )
    LEAD_ROW_UNKNOWN = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="表里的行认不出",
        text="行标识（隐藏列）已被改动，认不出是哪一行，填的内容没有录入；请在最近一次发出的这份表上填写。",
        why="意见要对准某一行，认不准的不能替单位猜。",
        is_fixed=True,
    )
    LEAD_OUTDATED = Rule(
        gate=Gate.FORM,
        severity=Severity.WARNING,
        title="核对之后又重报",
        text="这一行填报单位已重新报来，意见没有录入；请在最近一次发出的核对稿上核对新报的内容。",
        why="意见是对当时所报的数说的，重报的要重新核对。",
        is_fixed=True,
    )
    OBJECTION_WHY = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="异议没有写理由",
        text="选了有异议，没有写异议理由，这条异议没有录入；请写明为什么不应扣分后发回。",
        why="办公室要凭理由决定扣不扣分，没有理由无从核实。",
        is_fixed=True,
    )
    OBJECTION_LATE = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="过了异议期",
        text="异议期到{expected}为止，这条异议过后才收到，没有录入；确需更正的，请与办公室联系。",
        why="异议期满才公布名次，期满以后再收异议，名次就定不下来。",
        is_fixed=True,
    )
    OBJECTION_GONE = Rule(
        gate=Gate.FORM,
        severity=Severity.WARNING,
        title="这一项已不扣分",
        text="这一项在最近一次的得分核对稿里已不扣分，这条异议没有录入。",
        why="得分核对稿发出以后又报来的内容可能改变评价，异议只对现在的扣分。",
        is_fixed=True,
    )
    ITEM_GONE = Rule(
        gate=Gate.FORM,
        severity=Severity.WARNING,
        title="已不在督办清单上",
        text="“{found}”已不在督办清单上（办结、核销了，或者不再滞后），没有发督办单；要看现在的清单，请重新生成选择表。",
        why="选择表列出以后又有审定、报送的，以现在的督办清单为准，其余选定的照发。",
        is_fixed=True,
    )
    LEAD_RETURNED = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="牵头单位退回",
        text="牵头单位{lead}核对后退回：{why}；这一行没有计入，请更正后重新报送。",
        why="专班的内容由牵头单位负责，牵头单位退回的行，更正重报之前不计入。",
        is_fixed=True,
    )
    LEAD_WAITS = Rule(
        gate=Gate.FORM,
        severity=Severity.WARNING,
        title="待牵头单位核对",
        text="待牵头单位{lead}核对，同意后计入。",
        why="“设置.xlsx”的“牵头核对”选了核对后计入的，牵头单位同意之前这一行不计入。",
        is_fixed=True,
        is_for_office=True,
    )
    NOT_SIGNOFF = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="不是销号审定表",
        text="这不是本工作区生成的销号审定表，没有录入；审定请填 tenproj signoff 生成的表，回表请放进收件夹。",
        why="审定表里有每个问题的标识，别的表对不上问题。",
        is_fixed=True,
    )
    NOT_MEETING = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="不是议定事项表",
        text="这不是本工作区生成的议定事项表，没有录入；议定事项请填 tenproj meeting 生成的表，回表请放进收件夹。",
        why="议定事项表的每一行都有标识，别的表不知道哪一行录过。",
        is_fixed=True,
    )
    TASK_FORCE_GONE = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="专班已撤销",
        text="{expected}已不在工作计划中，未接收；确需接收的，请先在工作计划中恢复。",
        why="计划中没有这个专班，接收也无处汇总；由办公室决定是否恢复。",
        is_fixed=True,
    )
    FORM_OLD = Rule(
        gate=Gate.FORM,
        severity=Severity.WARNING,
        title="旧版填报表",
        text="这份表是旧版填报表，已照常读取；下次请使用最近一次下发的填报表。",
        why="旧版填报表缺少后来增加的栏目；内容照收，下次请用新表。",
    )
    CHANNELS_DISAGREE = Rule(
        gate=Gate.FORM,
        severity=Severity.WARNING,
        title="期次或专班不一致",
        text="{channel}是{other}的，表内其他各处是{expected}的，已按{expected}接收，请核对。",
        why="表里不同地方写的期次或专班不一样，多半是从旧表改来的，请看一眼收得对不对。",
    )
    SHEET_FOREIGN = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="工作表不属于本表",
        text="这张工作表是{owner}的，不是{expected}的，未接收；如系放错，请换回下发的那一张。",
        why="别的期次或专班的表放进来，数会算错地方，所以这一张不收。",
        is_fixed=True,
    )
    SHEET_TWICE = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="工作表重复",
        text="与“{expected}”是同一张表，填的内容却不一样，都未接收；请只保留一张后重新发送。",
        why="同一张表有两份且内容不同，不知以哪份为准，不能替填报单位挑。",
        is_fixed=True,
    )
    LATE_PERIOD = Rule(
        gate=Gate.FORM,
        severity=Severity.WARNING,
        title="补报",
        text="这是{found}的填报表，已按{found}补报接收；{expected}请另行报送。",
        why="迟到的回表仍记在它自己那一期，本期的还要另报。",
        is_fixed=True,
    )
    OTHER_TASK_FORCE = Rule(
        gate=Gate.FORM,
        severity=Severity.QUESTION,
        title="填报单位不符",
        text="填报单位“{found}”不在本专班的单位名单内（{expected}），内容照收，请核对是否填错了表。",
        why="填报单位不在本专班名单内，可能填错了表，也可能只是封面写错；表里的行仍是本专班的，不改动已报内容的照常计入。",
    )
    OTHER_UNIT = Rule(
        gate=Gate.FORM,
        severity=Severity.ERROR,
        title="不是本单位的表",
        text=(
            "这是发给{expected}的填报表，填报单位写的是“{found}”，未接收；"
            "{found}请填发给自己的那一份，确由{expected}填报的，请改正填报单位后重新发送。"
        ),
        why="每一行只有一个单位可以填报；别的单位代填的，不知是否代表本单位。",
        is_fixed=True,
        refuses_return=True,
    )
