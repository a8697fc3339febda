"""What a step of the work is declared by: its stage, its words, its commands and their controls."""

from collections.abc import Mapping, Sequence

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.desk.choices import Known
from tenproj_xl.desk.controls import Control, PeriodChoice


class WorkStage(LabelledCode):
    """The stages of a week, in the order of the work."""

    BEGIN = "begin", "开始"
    OUT = "out", "发放"
    IN = "in", "收表"
    WHO = "who", "谁没报"
    DECIDE = "decide", "核实与裁定"
    MERGE = "merge", "汇总"
    PUBLISH = "publish", "印发"
    REPORT = "report", "报告"
    SIGNOFF = "signoff", "审定"
    SUPERVISE = "supervise", "督办"
    PLAN = "plan", "计划检查"
    BACKUP = "backup", "备份"
    HANDOVER = "handover", "交接"


@dataclass(frozen=True, kw_only=True)
class Action:
    """One command of a step: a button, and the fields above it.

    Attributes:
        code: What tells it from the others of the step.
        button: What stands on the button, as what it does.
        command: The command with what is always given.
        controls: What is chosen for it.
        words: A sentence beside the button where the button does not say all.
        place: The folder, below that of the desk, which it is to make a workspace of.
    """

    code: str
    button: str
    command: tuple[str, ...]
    controls: tuple[Control, ...] = ()
    words: str = ""
    place: str = ""

    @property
    def takes_files(self) -> bool:
        """Whether a file is handed to it."""
        return any(control.kind == "file" for control in self.controls)

    def told(self, given: Mapping[str, Sequence[str]]) -> str:
        """Return what the command reads from its input, "" where it reads nothing."""
        secrets = [control.name for control in self.controls if control.kind == "secret"]
        return "".join("".join(given.get(name, ())) + "\n" for name in secrets)

    def arguments(self, given: Mapping[str, Sequence[str]]) -> list[str]:
        """Return the command line for what was given, by the names of the controls.

        Raises:
            UsageProblem: Something has to be given, or cannot be meant.
        """
        options: list[str] = []
        rest: list[str] = []
        for control in self.controls:
            place = rest if control.is_positional else options
            place += control.arguments(given.get(control.name, ()))
        if rest:
            rest.insert(0, "--")
        return [*self.command, *options, *rest]


@dataclass(frozen=True, kw_only=True)
class DeskStep:
    """A step of the work.

    Attributes:
        code: What it is called in addresses.
        stage: The stage that it belongs to.
        title: Its title.
        words: What it does, in a sentence or two.
        actions: Its commands, the usual one first.
        takes_returns: Whether returns are dropped on its page.
        begins: The folder of the workspace that it makes, "" where it works in one.
        opens: The office's workbooks that are edited for it: patterns of paths below the workspace, of which
            the newest is opened.
    """

    code: str
    stage: WorkStage
    title: str
    words: str
    actions: tuple[Action, ...]
    takes_returns: bool = False
    begins: str = ""
    opens: tuple[str, ...] = ()

    def action(self, code: str) -> Action:
        """Return the action of a code; raise UsageProblem where there is none."""
        for action in self.actions:
            if action.code == code:
                return action
        raise UsageProblem("这个页面已经变了，请回到首页重新点一次。")


ISSUED = PeriodChoice(known=Known.ISSUED)
"""The choice of a period that forms went out for."""
