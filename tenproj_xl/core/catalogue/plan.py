"""Rules about the plan and the settings."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class PlanRules:
    """Rules about the plan and the settings."""

    PLAN_SHEET_MISSING = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="缺少工作表",
        text="缺少工作表“{expected}”，请从备份补回；工作计划和设置的空表，"
        "可在一个空文件夹里运行 tenproj init --empty 得到，复制过来再填写。",
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
        text="“{found}”已在第{expected}行出现，{advice}。",
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
        text="“{found}”不在“{expected}”表中{near}，请核对名称或先行登记{others}。",
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
        text="“{found}”的目标{target}不如更早的{expected}，请核对；确是下调的，请在“批准依据”写明。",
        why="后面的目标低于前面的，多半是年份或数字填错了。",
        is_fixed=True,
    )
    PLAN_CODE_REUSED = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="编号换了内容",
        text="“{found}”原来是“{expected}”，现在是“{after}”。仍是同一项、只是改了名称的，请在“原编号”填{found}；"
        "原来那一项改了编号的，请在它的新行的“原编号”填{found}；确是新的一项，请换一个没有用过的编号。",
        why="历史数据跟着编号走，换了内容就会记到别的项目上。",
        is_fixed=True,
    )
    PLAN_CODES_SHIFTED = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="编号移位",
        text="“{after}”原来的编号是{expected}，现在编为{found}。请在这一行的“原编号”填{expected}。",
        why="中间插入一行、后面依次改号时，历史数据要跟着各自的项目走。",
        is_fixed=True,
    )
    PLAN_UNIT_CHANGED = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="计量单位变了",
        text="“{found}”的计量单位由“{expected}”改为“{after}”，新旧数据不能相比。请在“口径调整期”填写新单位的数从哪一期数据起。",
        why="亿元改为万元，同一个数就差一万倍。",
        is_fixed=True,
    )
    PLAN_TASK_FORCE_ENDS = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="专班撤并",
        text="专班{found}自{expected}起撤并，{after}。",
        why="未完成的任务、未结的问题和滞后的指标要有人接着办。",
        is_fixed=True,
    )
    PLAN_TASK_FORCE_DELETED = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="专班被删去",
        text="专班{found}“{expected}”已从表中删去。请恢复这一行，在“撤并期”填写从哪一期起撤销，并入别的专班的再填“承继专班”。",
        why="删去了就没有人接它的未结问题和未完成任务，以前各期也少了它。",
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
    PLAN_DIRECTION = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="方向与用语相反",
        text="“{found}”的方向为“{expected}”（“主要指标”{near}），与用语{wording}相反，请改正其中一处。",
        why="方向和用语说的相反，就不知道数大是好还是数小是好。",
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
    PLAN_LIMITS_ORDER = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="下限高于上限",
        text="“{found}”的下限{expected}高于上限{high}，请改正其中一个（{near}）。",
        why="上下限颠倒了，报来的每一个数都会请单位核对。",
        is_fixed=True,
    )
    PLAN_PERSON_DATES = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="任职日期颠倒",
        text="“{found}”的终止日期早于起始日期{expected}，请改正其中一个。",
        why="日期颠倒了，就不知道这一期是谁任职。",
        is_fixed=True,
    )
    PLAN_PERSON_FORCE = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="职务与专班编号不符",
        text="{found}：{advice}。",
        why="召集人是一个专班的，总召集人是整个方案的。",
        is_fixed=True,
    )
    PLAN_TWO_CHIEFS = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="总召集人重复",
        text="“{found}”和“{expected}”同时任总召集人，请填写前一位的终止日期，或后一位的起始日期。",
        why="总召集人同一天只有一位。",
        is_fixed=True,
    )
    PLAN_WORD = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="用语不能用",
        text="“{expected}”填的“{found}”{near}，请{advice}。",
        why="层级和排名栏的名称印在填报表上，回表时要靠它认出选的是哪一级、填的是哪一栏。",
        is_fixed=True,
    )
    PLAN_WORD_BLANK = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="用语未填全",
        text="{expected}空着，各表上仍写{near}；请填写本方案的名称，就用这个名称的也请填上。",
        why="有的改了、有的没改，同一张表上就有两套说法。",
        is_fixed=True,
    )
    PLAN_LAG_MISSING = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="发布时滞未填",
        text="{expected}没有填写“发布时滞”，暂按0天计，一期刚结束就算应报，请填写期末以后多少天有数。",
        why="没有时滞，数还没有发布就会被催报。",
        is_fixed=True,
    )
    PLAN_SAME_NAME = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="单位同名",
        text="“{found}”也是第{expected}行那个单位的名称，请核对；已并入的，填写“终止日期”和“承继单位”。",
        why="两个单位同名，填报表和信上分不清是哪一家。",
        is_fixed=True,
    )
    PLAN_FORCE_OF_CODE = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="编号与专班不符",
        text="{near}的编号是专班{expected}的，“专班编号”却是{found}（{places}），请核对。",
        why="专班编号填错一位，这一行就发到别的专班去了。",
        is_fixed=True,
    )
    PLAN_UNIT_OUTSIDE = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="报送单位不在专班",
        text="“{found}”不是专班{expected}的牵头单位或责任单位，却在{count}行里是数据报送单位，请核对；确由其报送的，补入“专班”表的责任单位。",
        why="报送单位填成外单位，填报表就发给了不相干的人。",
        is_fixed=True,
    )
    PLAN_LEAD_DIFFERS = Rule(
        gate=Gate.PLAN,
        severity=Severity.QUESTION,
        title="牵头单位不一致",
        text="专班{expected}的牵头单位，“专班”表（{near}）是“{found}”，“重点任务”表却有{others}，请核对；任务确由其牵头的，不必改。",
        why="换了牵头单位而只改了一张表，任务就还记在原来的单位名下。",
        is_fixed=True,
    )
    PLAN_DATE_OUTSIDE = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="日期在方案之外",
        text="“{expected}”{near}的日期（如{found}）不在方案的{span}之内，请核对年份。",
        why="年份填错一位，到期和逾期就都算错了。",
        is_fixed=True,
    )
    PLAN_NOBODY_RESPONSIBLE = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="责任单位都未填",
        text="主要指标和重点任务共{count}行，“责任单位”都空着，填报表和汇总表的这一栏就是空的；有分工的请填写，只分工到专班的不必填。",
        why="没有责任单位，只能找牵头和报送单位。",
        is_fixed=True,
    )
    PLAN_SHEET_UNREAD = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="工作表不读取",
        text="工作表“{found}”不读取{expected}。",
        why="填在不读取的表里，看上去改了其实没改。",
        is_fixed=True,
    )
    PLAN_COLUMN_UNREAD = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="列不读取",
        text="{found}不读取{expected}；只是备注的，不必管。",
        why="填在不读取的列里，看上去改了其实没改。",
        is_fixed=True,
    )
    PLAN_SECOND_BOOK = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="另有一个工作簿",
        text="文件夹里另有“{found}”，不读取，只读“{expected}”；请核对改的是哪一个，多余的请移走。",
        why="改在另一个文件里，看上去改了其实没改。",
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
    SETTING_SECRET = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="密码位置",
        text="邮箱的密码、授权码不写在这里，请删去这一行，再运行 tenproj secret set mail 保存。",
        why="“设置.xlsx”随台账和备份留存，密码写在里面，拿到的人就能看到。",
        is_fixed=True,
    )
    SETTING_FOLDER = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="收件夹不合适",
        text="“{found}”{expected}，{advice}。",
        why="收件夹里的文件会被收取或移走，不能与程序自己写的文件、别的收件夹混在一起。",
        is_fixed=True,
    )
    SETTING_FOLDER_AWAY = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="收件夹找不到",
        text="没有找到文件夹“{found}”，收表时会跳过；{advice}。",
        why="U盘没有插上、共享盘没有连上时，里面的回表收不进来。",
        is_fixed=True,
    )
    SETTING_PASSWORDS = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="打开密码位置",
        text="打开密码请移到“打开密码.xlsx”（没有的，运行 tenproj init 补上），再删去这张表；在这里的仍然有效。",
        why="“设置.xlsx”随备份留存，密码写在里面，拿到备份的人就能看到。",
        is_fixed=True,
    )
    SETTING_LETTER_FIELD = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="信函字段不认识",
        text="“{expected}”里没有字段{found}{near}；可用的有：{known}。",
        why="不认识的字段没有内容可换，会照样写在信里。",
        is_fixed=True,
    )
    SETTING_LETTER_BRACES = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="信函花括号不成对",
        text="“{expected}”里的花括号不成对，请补齐成{{单位}}的样子；文字里请勿另用花括号。",
        why="花括号里的是字段，不成对就分不清哪里是字段。",
        is_fixed=True,
    )
    SETTING_LETTER_LACKS = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="信函缺少字段",
        text="“{expected}”里少了{advice}，请补回，单位才知道要办什么。",
        why="缺了清单、附件，单位不知道要改哪里、报什么。",
        is_fixed=True,
    )
    SETTING_LETTER_UNKNOWN = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="信函场合不认识",
        text="没有“{found}”这个场合{near}，请照原来的名称填写，多余的行请删去。",
        why="场合改了名，这一段文字就不知道写在哪里。",
        is_fixed=True,
    )
    SETTING_LETTER_MISSING = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="信函缺少场合",
        text="缺少“{found}”，暂用初始的文字；要改这些文字，请运行 tenproj template update 补上。",
        why="升级后新增的场合，旧的“信函.xlsx”里没有。",
        is_fixed=True,
    )
    DAYS_OFF_UNKNOWN = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="放假调休未登记",
        text="{found}年的放假调休还没有登记，截止日只避开周末和1月1日；公布后请在“{expected}”表登记。",
        why="不知道哪些天放假、哪些周末上班，截止日可能落在放假的日子。",
        is_fixed=True,
    )
    DAYS_OFF_BEFORE_BEGIN = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="截止早于本期开始",
        text="{period}的截止日遇放假，提前到{found}，这一期还没有开始，本期报来的都算迟报。请在“{expected}”表登记这一期：不用报的，“是否报送”填“否”；"
        "要报的，填“截止日期”，再重新生成填报表。",
        why="放假连着一整周的，截止日提前到放假以前，那时这一期还没有开始，谁也不能按时报。",
        is_fixed=True,
    )
    SETTING_RELEASE_UNKNOWN = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="公布日期未登记",
        text="{found}的“公开”是“公布后”，{after}的数据还没有公布日期，晾晒版暂不写；"
        "定了公布日期，请在“{expected}”表登记。",
        why="没有公布日期的数据一直不对外写，登记以后才写。",
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
