"""What the command `run` prints: what was done and what a person has to do, in some ten lines."""

from collections import Counter
from collections.abc import Iterator

from tenproj_xl.app.daily_run import Ran
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.files_told import told_of
from tenproj_xl.cli.mail_text import fetched_json
from tenproj_xl.cli.returns_text import ToDo, sum_lines, to_do_lines
from tenproj_xl.cli.send_text import laid_json
from tenproj_xl.core.mail_kinds import MailKind
from tenproj_xl.model.deliveries import LetterState

_MOST_TASKS = 5


def ran_lines(done: Ran, workspace: Workspace) -> Iterator[str]:
    """Yield what was done, line by line, then what a person has to do."""
    yield f"收表：{_received(done)}"
    if done.merged:
        yield f"汇总：{workspace.relative(done.merged.rollup)}"
    yield f"发信：{_letters(done, workspace)}"
    yield f"报送：{next(sum_lines(done.matrix))}"
    yield from (f"错误：{problem}" for problem in done.problems)
    tasks = list(_tasks(done))
    if not tasks:
        yield "没有要人办的事。"
        return
    yield "要人办的："
    for number, task in enumerate(tasks[:_MOST_TASKS], 1):
        yield f"{number}. {task}"
    if len(tasks) > _MOST_TASKS:
        yield f"…… 另有{len(tasks) - _MOST_TASKS}件，运行 tenproj status 看全部"


def _received(done: Ran) -> str:
    parts = []
    if done.fetched:
        parts.append(f"新邮件{done.fetched.mails}封（有回表{len(done.fetched.taken)}封）")
    counts = Counter(file.became for file in done.ingested.files)
    if counts:
        parts.append("、".join(f"{label}{count}份" for label, count in counts.items()))
    else:
        parts.append("没有新来件")
    return "；".join(parts)


def _letters(done: Ran, workspace: Workspace) -> str:
    parts = []
    if done.laid.mailed:
        sent = sum(letter.state is LetterState.SENT for letter in done.laid.mailed.letters)
        parts.append(f"从邮箱发出{sent}封")
    if done.laid.letters:
        folder = workspace.relative(done.laid.book.parent)
        parts.append(f"待发{len(done.laid.letters)}封，在 {folder}/")
    if not parts:
        parts.append("没有要发的")
    if done.reminded:
        parts.append("今天催报")
    return "；".join(parts)


def _tasks(done: Ran) -> Iterator[str]:
    """Yield what a person has to do, a line each, without the places it is about."""
    if done.laid.doubtful:
        names = "、".join(letter.reference for letter in done.laid.doubtful)
        yield f"{names}发送结果不明，请在“已发送”中核对，再在待发清单打√或写“再发”"
    for sentence in done.laid.undelivered:
        yield sentence.removesuffix("。")
    if done.laid.mailed:
        for address in done.laid.mailed.resting:
            yield f"{address}收不到信，请核对通讯录，或用别的方式送"
    if done.fetched:
        kinds = [left.kind for left in done.fetched.left]
        count = kinds.count(MailKind.PERSON) + kinds.count(MailKind.BOUNCE)
        if count:
            yield f"{count}封邮件不是回表（来信、退信），已在最前面列出，请到邮箱里看"
    ingested = done.merged.ingested if done.merged and done.merged.ingested.files else done.ingested
    to_do = ToDo.of(ingested, told_of(ingested))
    for line in to_do_lines(to_do, done.matrix):
        number, _, task = line.partition(". ")
        if number.isdigit():
            yield task
    if done.laid.letters:
        yield f"把待发的{len(done.laid.letters)}封信发出，发出一封在待发清单打√"


def ran_json(done: Ran, workspace: Workspace) -> dict[str, object]:
    """Return the same for machines."""
    return {
        "period": done.period.code,
        "mail": fetched_json(done.fetched, workspace) if done.fetched else None,
        "files": [{"file": file.received.name, "status": str(file.status)} for file in done.ingested.files],
        "rollup": workspace.relative(done.merged.rollup) if done.merged else None,
        "letters": laid_json(done.laid, workspace),
        "reminded": done.reminded,
        "to_do": list(_tasks(done)),
    }
