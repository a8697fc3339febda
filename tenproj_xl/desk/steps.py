"""The steps of the work, each declared once: its words, its commands, what is chosen for them.

Templates, help and tests go by this table; a new step is one entry.
"""

from collections.abc import Sequence

from tenproj_xl.desk.choices import Known
from tenproj_xl.desk.controls import FileChoice, OneOf, PeriodChoice, SecretField, TextField, Tick
from tenproj_xl.desk.declaring import ISSUED, Action, DeskStep, WorkStage
from tenproj_xl.desk.keeping_steps import KEEPING_STEPS
from tenproj_xl.desk.office_steps import OFFICE_STEPS

OWN_FOLDER = "工作区"
"""The folder in which a workspace is made, and looked for, where the desk was started beside it."""

BEGINNINGS: tuple[DeskStep, ...] = (
    DeskStep(
        code="demo",
        stage=WorkStage.BEGIN,
        title="看演示",
        words="用模拟数据把整个流程做一遍，大约半分钟，做在旁边的“演示”文件夹里。第一次用，建议先看这个。",
        begins="演示",
        actions=(Action(code="make", button="开始演示", command=("demo", "演示")),),
    ),
    DeskStep(
        code="init",
        stage=WorkStage.BEGIN,
        title="新建工作区",
        words="在旁边建立“工作区”文件夹：工作计划、设置、模板、收件夹。",
        begins=OWN_FOLDER,
        actions=(
            Action(
                code="make",
                button="新建工作区",
                command=("init",),
                place=OWN_FOLDER,
                controls=(Tick(option="--empty", label="工作计划只要空表（填写别的方案；本区的不用选）"),),
            ),
        ),
    ),
    DeskStep(
        code="restore",
        stage=WorkStage.BEGIN,
        title="从备份恢复",
        words="换了电脑的：把旧电脑上做的备份恢复到旁边的“工作区”文件夹。",
        begins=OWN_FOLDER,
        actions=(
            Action(
                code="make",
                button="恢复",
                command=("restore",),
                place=OWN_FOLDER,
                controls=(FileChoice(label="备份文件", suffixes=(".zip",)),),
            ),
        ),
    ),
)
"""What can be done where there is no workspace yet."""

_WEEKLY: tuple[DeskStep, ...] = (
    DeskStep(
        code="generate",
        stage=WorkStage.OUT,
        title="生成填报表",
        words="按工作计划给每个专班生成一份填报表。已经生成过的可以再生成，已填的内容不受影响。",
        actions=(
            Action(
                code="make",
                button="生成填报表",
                command=("generate",),
                controls=(
                    PeriodChoice(known=Known.TO_ISSUE, first="现在应报的一期"),
                    OneOf(
                        option="--by",
                        label="怎样分",
                        choices=(("task-force", "每个专班一份"), ("unit", "每个填报单位一份")),
                    ),
                ),
            ),
        ),
    ),
    DeskStep(
        code="send",
        stage=WorkStage.OUT,
        title="待发",
        opens=("outbox/*/待发/待发清单.xlsx",),
        words="把要发的信和附件摆进“待发”文件夹，一位联络员一个。发出一封，在“待发清单.xlsx”里打√并保存，再点一次就记为已发。",
        actions=(
            Action(
                code="lay",
                button="摆好待发的信",
                command=("send",),
                controls=(
                    Tick(option="--remind", label="连同催报：还没有报来的，一并写进各人的信"),
                    Tick(
                        option="--mail",
                        label="渠道是邮件的，直接从办公室的邮箱发出（先在“设置.xlsx”登记邮箱）",
                    ),
                ),
            ),
        ),
    ),
    DeskStep(
        code="ingest",
        stage=WorkStage.IN,
        title="收表",
        words="把收到的回表拖进来，再点“接收”：逐份核验、入账，有错的生成退回更正的表。",
        takes_returns=True,
        actions=(
            Action(code="take", button="接收", command=("ingest",), controls=(ISSUED,)),
            Action(
                code="fetch",
                button="从邮箱收取并接收",
                command=("fetch",),
                words="只看、只取，不删除、不移动邮件。邮箱在“设置.xlsx”的“邮箱”表登记。",
            ),
        ),
    ),
    DeskStep(
        code="run",
        stage=WorkStage.IN,
        title="每天一遍",
        words="每天早上点一次：收邮件、收表、摆好回信，按日历催报，截止以后汇总；最后写明要人办的事。可以反复点，不会重复收、重复发。",
        actions=(Action(code="do", button="每天一遍", command=("run",)),),
    ),
    DeskStep(
        code="secret",
        stage=WorkStage.IN,
        title="邮箱密码",
        words="用办公室的邮箱收发的，在这里保存一次密码（授权码）：存在系统的密钥环里，不在工作区的任何文件里。账号在“设置.xlsx”的“邮箱”表登记。",
        opens=("设置.xlsx",),
        actions=(
            Action(
                code="keep",
                button="保存密码",
                command=("secret", "set", "mail"),
                controls=(SecretField(label="密码（授权码）"),),
            ),
            Action(code="look", button="看有没有存", command=("secret", "status", "mail")),
            Action(code="remove", button="删去密码", command=("secret", "delete", "mail")),
        ),
    ),
    DeskStep(
        code="status",
        stage=WorkStage.WHO,
        title="谁没报",
        words="一期的报送情况：谁报了、谁没报、谁要更正，接下来要做什么。",
        actions=(Action(code="look", button="看报送情况", command=("status",), controls=(ISSUED,)),),
    ),
    DeskStep(
        code="merge",
        stage=WorkStage.MERGE,
        title="汇总",
        words="接收收件夹里的回表，生成汇总表、打印版、晾晒版和简报。可以反复做，内容不变的结果也不变。",
        actions=(
            Action(
                code="make",
                button="汇总",
                command=("merge",),
                controls=(
                    ISSUED,
                    TextField(name="final", label="签发人", option="--final", hint="不填即送审稿"),
                    Tick(option="--pdf", label="另存 PDF（这台电脑装有 LibreOffice 的）"),
                ),
            ),
            Action(
                code="again",
                button="有变化的各期一并重做",
                command=("merge", "--changed"),
                words="汇总以后又有补报、更正、裁定、清除的，最近一期和有变化的各期都重做。",
            ),
        ),
    ),
)

STEPS: tuple[DeskStep, ...] = (*_WEEKLY, *OFFICE_STEPS, *KEEPING_STEPS)


def step(code: str) -> DeskStep | None:
    """Return the step of a code, None where there is none."""
    return next((one for one in (*BEGINNINGS, *STEPS) if one.code == code), None)


def step_of_command(words: Sequence[str]) -> DeskStep | None:
    """Return the step that runs a command, which is given by its words, as `plan check`."""
    for length in (2, 1):
        for one in STEPS:
            if any(action.command[:length] == tuple(words[:length]) for action in one.actions):
                return one
    return None


def by_stage() -> list[tuple[WorkStage, list[DeskStep]]]:
    """Return the steps of each stage that has some, in the order of the work."""
    found = [(stage, [one for one in STEPS if one.stage is stage]) for stage in WorkStage]
    return [(stage, steps) for stage, steps in found if steps]
