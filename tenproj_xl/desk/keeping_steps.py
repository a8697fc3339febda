"""The steps that keep the house: 计划检查, 备份, 交接."""

from tenproj_xl.desk.choices import Known
from tenproj_xl.desk.controls import FileChoice, OneOf, PeriodChoice, TextField, Tick
from tenproj_xl.desk.declaring import Action, DeskStep, WorkStage
from tenproj_xl.desk.office_controls import BackupPlace, ReceivedChoice
from tenproj_xl.desk.received import ReceivedKind

_PLAN = (
    DeskStep(
        code="plan-check",
        stage=WorkStage.PLAN,
        title="计划检查",
        words="改过工作计划、设置或通讯录以后检查一遍：哪个单元格要改、与下发时相比改了什么、还缺什么。",
        opens=("工作计划.xlsx", "设置.xlsx", "通讯录.xlsx"),
        actions=(
            Action(code="check", button="检查工作计划和设置", command=("plan", "check")),
            Action(
                code="confirm",
                button="核定全部“待核”",
                command=("plan", "confirm"),
                controls=(TextField(name="by", label="核定人", option="--by", is_required=True),),
                words="“待核事项”列里标“待核”的逐项看过、都没有问题，再点这里。改动前的工作计划留在“备份”文件夹。",
            ),
        ),
    ),
    DeskStep(
        code="plan-correct",
        stage=WorkStage.PLAN,
        title="更正笔误",
        words="工作计划里的笔误（不是调整）：先在“工作计划.xlsx”里改好、保存，再在这里更正；已下发各期按更正后的计划重新评价。",
        opens=("工作计划.xlsx",),
        actions=(
            Action(
                code="correct",
                button="更正",
                command=("plan", "correct"),
                controls=(
                    PeriodChoice(
                        known=Known.ISSUED, option="--from", label="从哪一期起更正", is_required=True
                    ),
                    TextField(
                        name="reason",
                        label="原因",
                        option="--reason",
                        is_required=True,
                        hint="如 目标34误填为340",
                    ),
                ),
            ),
        ),
    ),
    DeskStep(
        code="plan-new-year",
        stage=WorkStage.PLAN,
        title="结转新年度",
        words="年初用：清空任务上一年的年度目标和投资，列出接着做的事项和还没有下达的目标。",
        opens=("工作计划.xlsx",),
        actions=(
            Action(
                code="carry",
                button="结转",
                command=("plan", "new-year"),
                controls=(
                    PeriodChoice(known=Known.COMING_YEARS, option="", label="结转到哪一年", is_required=True),
                ),
            ),
        ),
    ),
    DeskStep(
        code="contacts",
        stage=WorkStage.PLAN,
        title="通讯录",
        words="把手机、邮箱导出的通讯录加进“通讯录.xlsx”；已有的人不改。",
        opens=("通讯录.xlsx",),
        actions=(
            Action(
                code="import",
                button="加进通讯录",
                command=("contacts", "import"),
                controls=(FileChoice(label="导出的通讯录（.vcf 或 .csv）", suffixes=(".vcf", ".csv")),),
            ),
        ),
    ),
    DeskStep(
        code="template",
        stage=WorkStage.PLAN,
        title="模板和规则",
        words="填报表的样式和信函的文字可以自己改；改过以后在这里检查。核验规则的级别和豁免在“设置.xlsx”里改。",
        opens=("workbook_templates/填报表.xlsx", "workbook_templates/信函.xlsx", "设置.xlsx"),
        actions=(
            Action(code="check", button="检查模板和信函", command=("template", "check")),
            Action(
                code="update",
                button="补进新增的栏目",
                command=("template", "update"),
                words="程序升级以后用：把新增的栏目补进模板，改过的不变。",
            ),
            Action(code="rules", button="列出核验规则", command=("rules",)),
            Action(code="stats", button="看各条规则问过多少", command=("rules", "--stats")),
        ),
    ),
)

_BACKUP = (
    DeskStep(
        code="backup",
        stage=WorkStage.BACKUP,
        title="备份",
        words="把整个工作区备份成一个文件，当场试恢复一遍。请放到U盘或另一个磁盘，妥善保管。“打开密码.xlsx”不在里面，请另行保存。",
        actions=(Action(code="make", button="备份", command=("backup",), controls=(BackupPlace(),)),),
    ),
    DeskStep(
        code="verify",
        stage=WorkStage.BACKUP,
        title="核验台账",
        words="核验台账、存档和生成的材料有没有改动、缺失，最近一次汇总的每个数与原件是不是一致。",
        actions=(
            Action(
                code="all",
                button="核验",
                command=("verify",),
                controls=(Tick(option="--quick", label="只核验上次以来新记的，不到一秒"),),
            ),
            Action(
                code="rebuild",
                button="从存档重建台账",
                command=("rebuild",),
                words="台账丢了、坏了才用。原来的台账改名留在旁边；台账完好的，不作改动。",
            ),
        ),
    ),
    DeskStep(
        code="remove",
        stage=WorkStage.BACKUP,
        title="按规定清除",
        words="误传的涉密件、个人信息，有批准依据的在这里清除：存档的原件和台账里的内容都删去，不能恢复。只是报错了的，请用“撤回”。",
        actions=(
            Action(
                code="remove",
                button="清除，不能恢复",
                command=("remove",),
                controls=(
                    ReceivedChoice(which=ReceivedKind.ALL, nothing="（还没有收到文件）"),
                    TextField(
                        name="why",
                        label="依据",
                        option="--why",
                        is_required=True,
                        hint="批准的文件和日期，如 保密办〔2026〕3号，12月1日",
                    ),
                ),
            ),
        ),
    ),
)

_HANDOVER = (
    DeskStep(
        code="handover",
        stage=WorkStage.HANDOVER,
        title="交接清单",
        words="写一份交接清单（.docx）：东西在哪里、未了事项、编号、备份，留签字的地方。不写密码，密码当面交接。",
        actions=(Action(code="make", button="写交接清单", command=("handover",)),),
    ),
    DeskStep(
        code="archive",
        stage=WorkStage.HANDOVER,
        title="归档",
        words="把一年的计划、印发材料、报送原件、审定和督办单整理成一个文件夹，附归档文件目录。",
        actions=(
            Action(
                code="make",
                button="归档",
                command=("archive",),
                controls=(
                    PeriodChoice(known=Known.YEARS, option="--year", label="哪一年的", is_required=True),
                    Tick(option="--no-pages", label="不计算页数，快一些；目录里的页数自己填"),
                ),
            ),
        ),
    ),
    DeskStep(
        code="export",
        stage=WorkStage.HANDOVER,
        title="导出数据",
        words="把一期的数据导出成表格文件，供上报平台或自己分析。含不公开的数据，请勿外传。",
        opens=("上报格式.xlsx",),
        actions=(
            Action(
                code="make",
                button="导出",
                command=("export", "--to=outbox/导出"),
                controls=(
                    PeriodChoice(known=Known.EDITIONS),
                    OneOf(
                        option="--format",
                        label="格式",
                        choices=(("csv", "csv，Excel 和 WPS 都能打开"), ("parquet", "parquet（要另装组件）")),
                    ),
                ),
            ),
        ),
    ),
)

KEEPING_STEPS: tuple[DeskStep, ...] = (*_PLAN, *_BACKUP, *_HANDOVER)
