"""The command line: parse, call `app`, print.

Import nothing heavy here: each command is imported when it is called, and imports what it needs, so that
`--help` answers at once. Words for people go to stderr; with `--json`, stdout is one document.
"""

from pathlib import Path

import click

from tenproj_xl import __version__
from tenproj_xl.cli.console import CommandsOnCall, folder_path

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_COMMANDS = {
    "admit": ("admit_command", "核实了来源的来件，予以接收；“文件”写文件名，或校验码的前几位。"),
    "amend": (
        "amend_command",
        "代录单位口头、电话告知的内容：不写内容时生成代录单，写明填好的代录单时记入。",
    ),
    "archive": (
        "hand_over_commands",
        "归档：把一年的计划、印发材料、报送原件、审定和督办单整理成一个文件夹，附归档文件目录。",
    ),
    "backup": ("keep_commands", "把整个工作区备份成一个文件，当场试恢复一遍。"),
    "check": ("week_commands", "检查回表，只看不收。"),
    "contacts": ("contact_commands", "通讯录。"),
    "demo": ("start_commands", "在一个新文件夹里把整个流程演示一遍（模拟数据）。"),
    "desk": ("desk_command", "在浏览器里打开办公桌：每周要做的事，点按钮就做。"),
    "export": ("rollup_commands", "导出一期的数据：汇总表各表、数据来源和四张上报清单（默认最近一期）。"),
    "fetch": ("mail_commands", "从邮箱收取新邮件，连同收件夹里的一起接收（同 ingest）。"),
    "generate": ("week_commands", "生成一期的填报表，每个专班（或每个单位）一份。"),
    "handover": (
        "hand_over_commands",
        "交接：写一份交接清单（.docx），东西在哪里、未了事项、编号、备份，留签字的地方，不写密码。",
    ),
    "history": (
        "past_commands",
        "查一个数、一家单位、一份文件的来历：每次记入的值、出处、当时的计划、核验和列入的材料。",
    ),
    "ingest": ("week_commands", "接收 inbox/ 里的回表：核验、入账、生成退回更正的工作簿。"),
    "init": ("start_commands", "建立工作区：工作计划、设置、模板和收发文件夹。"),
    "meeting": (
        "meeting_command",
        "议定事项：生成议定事项表；给出会后填好的表时，录入议定事项，下一期填报表带到各专班。",
    ),
    "merge": ("rollup_commands", "接收回表并生成汇总表。"),
    "objections": (
        "amend_command",
        "决定单位对得分核对稿的异议：不写文件时生成得分异议裁定表，写明填好的裁定表时记入决定。",
    ),
    "original": ("past_commands", "从存档取出收到过或印发过的文件，一字不改。"),
    "plan": ("plan_commands", "工作计划。"),
    "prefer": ("amend_command", "同一单位报了几份时，以指定的一份为准，不论先后。"),
    "publications": ("paper_commands", "列出印发过的材料：期数、谁在何时印发、哪些文件、印发后有没有变动。"),
    "publish": (
        "paper_commands",
        "登记印发稿：实际发出去的工作簿、手工改过的简报、签字的扫描件，原样存档，编定期数。",
    ),
    "rebuild": (
        "keep_commands",
        "台账丢了或坏了，从存档里的台账日志重建：每一笔、每次下发的表都在，汇总出来与原来一样。",
    ),
    "remove": (
        "keep_commands",
        "按规定清除一份收到的文件（误传的涉密件、个人信息）：存档的原件和台账里的内容都删去，不能恢复。",
    ),
    "report": ("rollup_commands", "用台账里已接收的内容做例会、月、季、年的材料：领导版、晾晒版和简报。"),
    "resolve": (
        "decision_commands",
        "裁定各家说法不一的内容：不写文件时生成裁定表，写明填好的裁定表时记入裁定。",
    ),
    "restore": ("keep_commands", "把备份恢复到一个空文件夹（当前文件夹，或 -C 指明的），就是原来的工作区。"),
    "review": (
        "amend_command",
        "核实会改变已印发评价的更正和单位没有答复的疑问：不写文件时生成待核实清单，写明填好的清单时记入决定。",
    ),
    "rules": ("rules_command", "列出全部核验规则：级别、为什么要求、例子；级别和豁免在“设置.xlsx”里改。"),
    "run": (
        "run_command",
        "每天早上或定时运行：收邮件、收表、回信、按日历催报，截止以后汇总；最后写明要人办的事。",
    ),
    "secret": ("mail_commands", "邮箱的密码（授权码）：存在系统的密钥环里，不在工作区的任何文件里。"),
    "send": (
        "send_command",
        "把要发的信和附件摆进“待发”文件夹，一位联络员一个；读回“待发清单.xlsx”里打√的。",
    ),
    "signoff": ("decision_commands", "生成销号审定表；给出填好的审定表时，录入审定结果。"),
    "status": ("week_commands", "看一期的报送情况：谁报了、谁没报、谁要更正（默认最近一期）。"),
    "supervise": ("decision_commands", "督办：先列出可督办的事项供选定，填好选择表后生成督办单并登记台账。"),
    "template": ("template_commands", "填报表的模板，信函的文字。"),
    "verify": (
        "keep_commands",
        "核验台账、存档和生成的材料：有没有改动、缺失，最近一次汇总的每个数与原件的单元格是不是一致。",
    ),
    "withdraw": ("week_commands", "撤回一份已接收的文件：它填的内容不再计入，各行恢复为此前报送的内容。"),
}
"""Each command by its name: the module of `cli` that has it, and the first line of its help."""


@click.group(cls=CommandsOnCall, declared=_COMMANDS, context_settings=_CONTEXT, invoke_without_command=True)
@click.version_option(__version__, message="%(version)s", help="显示版本号。")
@click.option(
    "-C",
    "folder",
    metavar="文件夹",
    type=folder_path,
    default=Path(),
    help="工作区所在的文件夹（默认当前文件夹）。",
)
@click.pass_context
def main(ctx: click.Context, folder: Path) -> None:
    """十项重大工程填报表：下发、收回、核验、汇总。

    \b
    每期的做法：
      tenproj generate   生成各专班填报表（outbox/）
      tenproj merge      接收 inbox/ 里的回表并汇总
      tenproj status     看谁还没报、谁要更正
    """
    ctx.obj = folder
    if ctx.invoked_subcommand is None:
        from tenproj_xl.cli.start_commands import tell_whereabouts

        tell_whereabouts(ctx)


if __name__ == "__main__":
    main()
