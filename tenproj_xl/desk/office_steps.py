"""The steps in which the office decides and tells: 核实与裁定, 印发, 报告, 审定, 督办."""

from tenproj_xl.core.answers import Nature
from tenproj_xl.desk.choices import Known
from tenproj_xl.desk.controls import Control, FileChoice, OneOf, PeriodChoice, TextField, Tick
from tenproj_xl.desk.declaring import ISSUED, Action, DeskStep, WorkStage
from tenproj_xl.desk.office_controls import ColumnChoice, ReceivedChoice, RowField, UnitChoice
from tenproj_xl.desk.received import ReceivedKind

_FINAL = TextField(name="final", label="签发人", option="--final", hint="不填即送审稿")
_PDF = Tick(option="--pdf", label="另存 PDF（这台电脑装有 LibreOffice 的）")
_PAPERS = (".xlsx", ".docx", ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")


def _book_actions(
    command: str,
    book: str,
    folder: str,
    *,
    make: str,
    controls: tuple[Control, ...] = (),
    words: str = "",
) -> tuple[Action, Action]:
    """Return the two usual actions: make the workbook to fill in, and give it back filled in."""
    filled = FileChoice(
        label=f"填好的{book}",
        patterns=(f"outbox/*/{folder}/*.xlsx",),
    )
    return (
        Action(code="make", button=make, command=(command,), controls=controls, words=words),
        Action(
            code="take",
            button=f"交回{book}",
            command=(command,),
            controls=(filled,),
            words=f"在WPS或Excel里填好{book}，保存并关闭，再点这里。交回两次也只记一次。",
        ),
    )


_DECIDE = (
    DeskStep(
        code="review",
        stage=WorkStage.DECIDE,
        title="待核实",
        words="会改变已印发评价的更正、单位没有答复的疑问，列成待核实清单，由办公室决定。",
        actions=_book_actions("review", "待核实清单", "待核实", make="列出待核实的"),
    ),
    DeskStep(
        code="admit",
        stage=WorkStage.DECIDE,
        title="来源",
        words="从别的单位登记的地址发来的、会改动别家已报内容的回表，先不计入。打电话核实以后，在这里接收或撤回。",
        actions=(
            Action(
                code="admit",
                button="已核实来源，予以接收",
                command=("admit",),
                controls=(
                    ReceivedChoice(
                        which=ReceivedKind.AWAITING,
                        nothing="（没有等待核实来源的回表）",
                    ),
                    UnitChoice(option="--as", label="算哪个单位报的", first="就是表上写的单位"),
                    Tick(option="--learn", label="记住来件地址：以后从这个地址来的，就算这个单位的"),
                ),
            ),
            Action(
                code="reject",
                button="不应计入，撤回",
                command=("withdraw",),
                controls=(
                    ReceivedChoice(
                        which=ReceivedKind.AWAITING,
                        nothing="（没有等待核实来源的回表）",
                    ),
                    TextField(name="why", label="原因", option="--why", is_required=True),
                ),
            ),
        ),
    ),
    DeskStep(
        code="prefer",
        stage=WorkStage.DECIDE,
        title="版本",
        words="同一单位报了几份，看不出先后的，问清以后在这里指定以哪一份为准。同一单位有几份的排在前面。",
        actions=(
            Action(
                code="prefer",
                button="以这一份为准",
                command=("prefer",),
                controls=(
                    ReceivedChoice(which=ReceivedKind.RETURNS, nothing="（还没有收到回表）"),
                    TextField(name="why", label="原因", option="--why", hint="如 电话核实"),
                ),
                words="这一份没有填的行，仍按其他几份计；以后报来的照常按先后计。",
            ),
        ),
    ),
    DeskStep(
        code="resolve",
        stage=WorkStage.DECIDE,
        title="冲突",
        words="几个单位对同一项内容说法不一的，列成分歧裁定表，由办公室裁定。",
        actions=_book_actions("resolve", "裁定表", "分歧裁定", make="列出各家说法不一的", controls=(ISSUED,)),
    ),
    DeskStep(
        code="objections",
        stage=WorkStage.DECIDE,
        title="异议",
        words="单位对得分核对稿有异议的，列成得分异议裁定表，由办公室决定。",
        actions=_book_actions("objections", "得分异议裁定表", "得分异议", make="列出异议"),
    ),
    DeskStep(
        code="meeting",
        stage=WorkStage.DECIDE,
        title="议定事项",
        words="会前生成议定事项表，列出此前议定的落实情况；会后填上新议定的，交回后随下一期填报表带到各专班。",
        actions=_book_actions(
            "meeting",
            "议定事项表",
            "议定事项",
            make="生成议定事项表",
            controls=(PeriodChoice(known=Known.ISSUED, label="落实情况看到哪一期"),),
        ),
    ),
    DeskStep(
        code="amend",
        stage=WorkStage.DECIDE,
        title="代录",
        words="单位在电话里、会上说的数，由办公室代录，写明依据；单位下一期的填报表会请其确认。",
        actions=(
            Action(
                code="one",
                button="代录这一项",
                command=("amend",),
                controls=(
                    RowField(),
                    ColumnChoice(),
                    TextField(name="value", label="应当是", is_required=True, hint="如 75"),
                    PeriodChoice(
                        known=Known.DATA,
                        label="数据所属期",
                        first="（不是指标数值的，不选）",
                        is_named=False,
                    ),
                    OneOf(
                        option="--nature",
                        label="数据性质",
                        choices=(("", "不变"), *((nature.label, nature.label) for nature in Nature)),
                    ),
                    TextField(
                        name="basis",
                        label="依据",
                        option="--basis",
                        is_required=True,
                        hint="谁、何时、怎样告知的，如 11月26日区科技局王五电话告知",
                    ),
                    TextField(name="by", label="代录人", option="--by", is_required=True),
                ),
                words="只有一项的，在这里填。",
            ),
            *_book_actions("amend", "代录单", "代录", make="生成代录单", words="有好几项的，填一张代录单。"),
        ),
    ),
    DeskStep(
        code="withdraw",
        stage=WorkStage.DECIDE,
        title="撤回",
        words="收错了的、报错了单位的回表，撤回后不再计入，各行恢复为此前报送的内容；撤错了可以取消。",
        actions=(
            Action(
                code="withdraw",
                button="撤回这一份",
                command=("withdraw",),
                controls=(
                    ReceivedChoice(which=ReceivedKind.COUNTED, nothing="（没有已接收的文件）"),
                    TextField(name="why", label="原因", option="--why", is_required=True),
                ),
            ),
            Action(
                code="undo",
                button="取消撤回",
                command=("withdraw", "--undo"),
                controls=(
                    ReceivedChoice(which=ReceivedKind.WITHDRAWN, nothing="（没有撤回过的文件）"),
                    TextField(name="why", label="原因", option="--why", is_required=True),
                ),
                words="撤错了的，在这里取消，那一份重新计入。",
            ),
        ),
    ),
)

_PUBLISH = (
    DeskStep(
        code="publish",
        stage=WorkStage.PUBLISH,
        title="登记印发稿",
        words="把实际发出去的文件原样登记：汇总表、手工改过的简报、签字的扫描件。登记后编定期数，一字不改地存档。",
        actions=(
            Action(
                code="register",
                button="登记",
                command=("publish",),
                controls=(
                    FileChoice(
                        label="实际发出去的文件",
                        patterns=("outbox/*/汇总/*", "outbox/*/例会/*", "outbox/*/报告/*"),
                        suffixes=_PAPERS,
                        is_several=True,
                    ),
                    TextField(name="by", label="印发人", option="--by", is_required=True),
                    PeriodChoice(known=Known.EDITIONS, first="文件上写明的那一期", is_named=False),
                    OneOf(
                        option="--edition",
                        label="哪一种材料",
                        choices=(
                            ("", "按期号（或文件上写明的）"),
                            ("week", "周报"),
                            ("meeting", "例会材料"),
                            ("month", "月度调度"),
                            ("quarter", "季度分析"),
                            ("year", "年度总结"),
                        ),
                    ),
                    OneOf(
                        option="--series",
                        label="其中的",
                        choices=(
                            ("", "文件上写明的"),
                            ("brief", "简报"),
                            ("league", "晾晒版"),
                            ("report", "年度报告"),
                        ),
                    ),
                ),
                words="后三项只有扫描件等看不出是哪一期的，才要选。",
            ),
        ),
    ),
    DeskStep(
        code="publications",
        stage=WorkStage.PUBLISH,
        title="印发过的材料",
        words="各期印发过什么、谁在何时印发、第几期，印发以后台账有没有变动。",
        actions=(
            Action(
                code="list",
                button="列出",
                command=("publications",),
                controls=(PeriodChoice(known=Known.EDITIONS, first="全部", is_named=False),),
            ),
            Action(
                code="take_out",
                button="原样取出",
                command=("publications", "--out=outbox/取出的印发稿"),
                controls=(PeriodChoice(known=Known.EDITIONS, first="全部", is_named=False),),
                words="把登记的文件原样取出到 outbox/取出的印发稿。",
            ),
        ),
    ),
)


def _report(code: str, title: str, words: str, known: Known, first: str) -> DeskStep:
    chosen = PeriodChoice(known=known, option=f"--{code}", first=first, is_bare=True)
    return DeskStep(
        code=f"report-{code}",
        stage=WorkStage.REPORT,
        title=title,
        words=words,
        actions=(
            Action(code="make", button=f"生成{title}", command=("report",), controls=(chosen, _FINAL, _PDF)),
        ),
    )


_REPORT = (
    _report(
        "meeting",
        "例会材料",
        "联络员例会用：只列滞后、有变化和提请协调的。",
        Known.ISSUED,
        "最近下发的一期",
    ),
    _report(
        "month",
        "月度调度",
        "一个月的数：不论哪一期报来，属于这个月的都计入；有得分和排名，先发各单位核对。",
        Known.MONTHS,
        "最近下发的一期所在的月",
    ),
    _report(
        "quarter",
        "季度分析",
        "一个季度的数：不论哪一期报来，属于这个季度的都计入。",
        Known.QUARTERS,
        "最近下发的一期所在的季度",
    ),
    _report(
        "year",
        "年度总结",
        "一年的数和年度报告：次年补报的当年数也计入。",
        Known.YEARS,
        "最近下发的一期所在的年",
    ),
)

_SIGNOFF = DeskStep(
    code="signoff",
    stage=WorkStage.SIGNOFF,
    title="销号审定",
    words="单位申请销号、延期的问题列成审定表，由办公室审定；登记问题、重新挂账也在这张表里。",
    actions=_book_actions("signoff", "审定表", "销号审定", make="生成审定表", controls=(ISSUED,)),
)

_SUPERVISE = DeskStep(
    code="supervise",
    stage=WorkStage.SUPERVISE,
    title="督办",
    words="先列出可督办的事项，在选择表里选定发哪些；交回后生成督办单、反馈表，登记督办台账。",
    actions=_book_actions(
        "supervise",
        "选择表",
        "督办",
        make="列出可督办的事项",
        controls=(ISSUED, Tick(option="--force", label="重新列出；已填过的选择表改名保留")),
    ),
)

OFFICE_STEPS: tuple[DeskStep, ...] = (*_DECIDE, *_PUBLISH, *_REPORT, _SIGNOFF, _SUPERVISE)
