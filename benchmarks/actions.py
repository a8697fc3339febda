"""Count what the operator does by hand to send and receive in the demonstration week, before and after.

    python -m benchmarks.actions

The letters, their addresses and attachments, and the returns are those of `tenproj demo`, read from its
ledger. What is counted for each is written below, one action after the other: a click, a key, or a command.
The table stands in docs/操作手册.md; tests/cli/test_readme.py holds it against a demonstration.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.demo import PERIOD, run
from tenproj_xl.core.periods import parse_period
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.deliveries import LetterState, LiaisonLetter

MAIL, CHATS, OFFICE = "邮件", ("浙政钉", "微信"), "OA"
COMMANDS = ("generate", "send", "merge", "merge", "send")
"""What the demonstration runs in that week; `tenproj run` stands for all but the first."""


@dataclass(frozen=True)
class Steps:
    """What is done for each letter or return, for each address, where files go along, and for each file."""

    each: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    attach: tuple[str, ...] = ()
    file: tuple[str, ...] = ()

    def count(self, *, addresses: int = 0, files: int = 0) -> int:
        """Return how many actions that is."""
        found = len(self.each) + addresses * len(self.address) + files * len(self.file)
        return found + (len(self.attach) if files else 0)


_OLD_TEXT = ("打开上次的", "复制", "粘贴", "改称呼、期次和截止时间")
_READY_TEXT = ("打开他的文件夹", "打开消息.txt", "全选复制", "粘贴")
_CHAT = Steps(each=("找到联系人", *_OLD_TEXT, "发送", "登记"), attach=("点附件", "发送"), file=("选中文件",))
_READY_CHAT = Steps(each=("找到联系人", *_READY_TEXT, "发送", "打√"), attach=("全选附件拖进去", "发送"))
BEFORE: Mapping[str, Steps] = {
    MAIL: Steps(
        each=("新建", "写主题", *_OLD_TEXT, "发送", "登记"),
        address=("填地址",),
        attach=("点附件",),
        file=("选中文件",),
    ),
    **dict.fromkeys(CHATS, _CHAT),
    OFFICE: Steps(
        each=("新建", "写标题", *_OLD_TEXT, "选收文单位", "提交", "登记"),
        attach=("点附件",),
        file=("选中文件",),
    ),
}
READY: Mapping[str, Steps] = {
    MAIL: Steps(
        each=("新建", "从清单复制主题", "贴主题", *_READY_TEXT, "发送", "打√"),
        address=("填地址",),
        attach=("全选附件拖进去",),
    ),
    **dict.fromkeys(CHATS, _READY_CHAT),
    OFFICE: Steps(
        each=("新建", "从清单复制标题", "贴标题", *_READY_TEXT, "选收文单位", "提交", "打√"),
        attach=("全选附件拖进去",),
    ),
}
_SAVED = Steps(each=("打开来信", "点另存", "选文件夹", "改名", "打开看一遍", "登记"))
RECEIVED_BEFORE: Mapping[str, Steps] = dict.fromkeys((MAIL, *CHATS, OFFICE), _SAVED)
_DOWNLOADED = Steps(each=("点下载",))
_INTO_INBOX = Steps(each=("打开来信", "点另存", "选收件夹"))
RECEIVED: Mapping[str, Steps] = {
    MAIL: _INTO_INBOX,
    **dict.fromkeys(CHATS, _DOWNLOADED),
    OFFICE: _INTO_INBOX,
}
_NOTHING = Steps()


@dataclass(frozen=True)
class Week:
    """What went out and came in."""

    letters: Sequence[LiaisonLetter]
    returns: Counter[str]
    """How many came by each channel: that of the liaison whose form it is."""

    def actions(self, channel: str, sending: Mapping[str, Steps], receiving: Mapping[str, Steps]) -> int:
        """Return how many actions a channel takes."""
        found = self.returns[channel] * receiving[channel].count()
        for letter in self.of(channel):
            addresses = len(letter.to) + len(letter.copies)
            found += sending[channel].count(addresses=addresses, files=len(letter.files))
        return found

    def of(self, channel: str) -> list[LiaisonLetter]:
        """Return the letters of a channel."""
        return [letter for letter in self.letters if letter.channel == channel]


def week_of(workspace: Workspace) -> Week:
    """Read the demonstration's week from its ledger."""
    period = parse_period(PERIOD)
    with look_into_ledger(workspace.ledger) as ledger:
        letters = [one for one in ledger.letters(PERIOD) if one.state is not LetterState.REPLACED]
        channels = {code: one.channel for one in letters for code in one.recipients}
        returns: Counter[str] = Counter()
        for receipt in ledger.receipts():
            if _day(receipt.received_at) >= period.first.isoformat():
                returns[channels[receipt.file.rpartition("/")[2][:2]]] += 1
    return Week(letters, returns)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def table(week: Week) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| 渠道 | 信 | 附件 | 回表 | 以前 | 现在，没有邮件服务器 | 现在，有邮件服务器 |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    by_server = {**READY, MAIL: _NOTHING}, {**RECEIVED, MAIL: _NOTHING}
    sums = [0, 0, 0]
    for channel in (MAIL, *CHATS, OFFICE):
        ways = (BEFORE, RECEIVED_BEFORE), (READY, RECEIVED), by_server
        counts = [week.actions(channel, *way) for way in ways]
        sums = [one + other for one, other in zip(sums, counts, strict=True)]
        letters = week.of(channel)
        files = sum(len(letter.files) for letter in letters)
        numbers = " | ".join(map(str, (len(letters), files, week.returns[channel], *counts)))
        yield f"| {channel} | {numbers} |"
    commands = len(COMMANDS)
    yield f"| 命令 |  |  |  | 0 | {commands} | {commands} |"
    files = sum(len(letter.files) for letter in week.letters)
    numbers = (
        len(week.letters),
        files,
        week.returns.total(),
        sums[0],
        sums[1] + commands,
        sums[2] + commands,
    )
    yield f"| 合计 | {' | '.join(map(str, numbers))} |"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        workspace = Workspace(Path(name) / "演示")
        run(workspace, lambda _: None)
        print("\n".join(table(week_of(workspace))))
