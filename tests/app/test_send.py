"""`tenproj send`: 待发 has a folder for each liaison, and what is marked as sent is not laid out again."""

import email
import email.policy
import json
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.merge import merge
from tenproj_xl.app.original import original
from tenproj_xl.app.send import send
from tenproj_xl.app.send_results import Laid
from tenproj_xl.app.status import status
from tenproj_xl.app.whereabouts import whereabouts
from tenproj_xl.cli.main import main
from tenproj_xl.cli.send_text import laid_lines
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.deliveries import LetterState, LiaisonLetter
from tenproj_xl.model.liaisons import Liaison
from tenproj_xl.office.send_list import SEND_LIST, ListedLetter, Marks, marks_in, send_list_rows
from tenproj_xl.post import to_send
from tests.helpers.address_book import contact
from tests.helpers.filling import Office

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 1, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 1, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 1, tzinfo=UTC)


def root(office: Office) -> Path:
    return office.workspace.outbox / office.period / "待发"


def folders(office: Office) -> list[str]:
    return sorted(path.name for path in root(office).iterdir() if path.is_dir())


def names_in(office: Office, folder: str) -> set[str]:
    return {path.name for path in (root(office) / folder).iterdir()}


def message(office: Office, folder: str) -> str:
    """Return what is pasted, its lines ended by LF alone."""
    return (root(office) / folder / "消息.txt").read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def listed(office: Office) -> list[dict[str, object]]:
    """Return the lines of 待发清单.xlsx by header."""
    page = load_workbook(root(office) / "待发清单.xlsx")["待发清单"]
    _, head, *lines = page.iter_rows(values_only=True)
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


def tick(office: Office, units: Iterable[str] = (), mark: str = "√") -> None:
    """Mark the letters to some units, or all, as a person does."""
    path = root(office) / "待发清单.xlsx"
    book = load_workbook(path)
    page = book["待发清单"]
    heads = [cell.value for cell in page[2]]
    unit, sent = heads.index("单位") + 1, heads.index("已发") + 1
    for row in range(3, page.max_row + 1):
        if not units or str(page.cell(row, unit).value) in units:
            page.cell(row, sent).value = mark
    book.save(path)


def to(done: Laid) -> list[str]:
    return [one.liaison.label for one in done.letters]


def sent(office: Office) -> str:
    """What the command says."""
    return CliRunner().invoke(main, ["-C", str(office.workspace.root), "send"]).stderr


@pytest.fixture
def known(week: Office) -> Office:
    """The week, with two liaisons of 区发改经信局 and one of 区科技局."""
    workspace = week.workspace
    contact(workspace, "区发改经信局", "综合科A岗", section="综合科", phone="0571-1", channel="浙政钉")
    contact(workspace, "区发改经信局", "投资科A岗", section="投资科", task_forces="01", to="tz@example.com")
    contact(workspace, "区科技局", "办公室A岗", section="办公室", phone="0571-3", to="kjj@example.com")
    contact(workspace, "区科技局", "办公室B岗", section="办公室", post="B岗", to="kjj-b@example.com")
    return week


def test_each_liaison_gets_one_folder_with_the_forms_he_or_she_answers_for(known: Office) -> None:
    send(known.workspace, now=MONDAY)
    assert "区发改经信局_综合科_A岗" in folders(known)
    assert names_in(known, "区发改经信局_投资科_A岗") == {
        "01_区发改经信局_2026年第48期填报表.xlsx",
        "填报示例.xlsx",
        "消息.txt",
        "邮件草稿.eml",
    }
    of_office = names_in(known, "区发改经信局_综合科_A岗")
    assert {name[:2] for name in of_office if "填报表" in name} == {"02", "04", "06", "09"}
    assert "邮件草稿.eml" not in of_office  # it goes by 浙政钉


def test_the_message_names_the_files_the_deadline_and_whom_to_call(known: Office) -> None:
    send(known.workspace, now=MONDAY)
    said = message(known, "区科技局_办公室_A岗")
    assert said.startswith("区科技局：\n联络员：办公室A岗（办公室，0571-3）、办公室B岗（办公室）\n您好！")
    assert "“03_区科技局_2026年第48期填报表.xlsx”" in said
    assert "2026年11月27日17:00" in said
    assert "总专班办公室" in said.splitlines()[-1] or "总专班办公室" in said.splitlines()[-2]


def test_the_list_says_who_by_what_and_what_and_the_marks_in_it_are_read_back(known: Office) -> None:
    send(known.workspace, now=MONDAY)
    (line,) = [line for line in listed(known) if line["单位"] == "区科技局"]
    assert (line["编号"], line["渠道"], line["发送地址"]) == ("2026-W48-03-1", "邮件", "kjj@example.com")
    assert (line["电话"], line["内容"], line["状态"]) == ("0571-3", "请填报", "待发")
    assert line["消息"] == message(known, "区科技局_办公室_A岗").strip()
    tick(known, ["区科技局"])
    again = send(known.workspace, now=MONDAY)
    assert [letter.reference for letter in again.marked] == ["2026-W48-03-1"]
    assert "区科技局_办公室_A岗" not in folders(known)
    (line,) = [line for line in listed(known) if line["单位"] == "区科技局"]
    assert line["已发"] == "√"
    assert str(line["状态"]).startswith("已发（")


def read_as(mark: object) -> Marks:
    """Return what a mark in the list says."""
    head, (reference, _, *others) = send_list_rows(
        [ListedLetter(cells={"reference": "2026-W48-03-1", "became": "待发", "name": "张三（办公室）"})]
    )
    return marks_in({SEND_LIST.name: [head, [reference, mark, *others]]}, "待发清单.xlsx")


@pytest.mark.parametrize(
    "mark",
    [
        *("✓", "√", "是", "Y", "1", 1.0, True, "对", "已", "已发", "已发送", "发了", "发出去了", "已经发了"),
        *("11-24", "11.24", "11月24日", "2026-11-24 9:30", "9:30", "9点", "11月24日9点30分", "20261124"),
        *(datetime(2026, 11, 24, 9, 30), datetime(2026, 11, 24), time(9, 30)),
        *(
            "微信已发",
            "11月24日 微信发了",
            "√（张三）",
            "√ 11.24",
            "已发李科长",
            "已发给张三",
            "已由浙政钉发送",
        ),
        *(
            "是的",
            "已完成",
            "✅",
            "☑️",
            "已交",
            "已送达",
            "已补发",
            "群里发了",
            "已发（11月24日上午9点，微信）",
        ),
    ],
)
def test_a_tick_a_date_a_time_and_that_it_went_count_as_sent(mark: object) -> None:
    assert read_as(mark).sent == {"2026-W48-03-1"}


@pytest.mark.parametrize(
    "mark", ["×", "未发", "没发", "还没发", "待发", "否", "N", False, "0", "先不发", "暂缓"]
)
def test_that_it_did_not_go_is_understood(mark: object) -> None:
    assert read_as(mark) == Marks()


@pytest.mark.parametrize(
    "mark",
    [
        *(
            "明天发",
            "发送失败",
            "没送到",
            "？",
            "退信",
            "还没弄",
            "√？",
            "11月24日再发",
            "张三",
            "下周",
            "发",
        ),
        *(
            "已发错人",
            "已发，被拒收",
            "已发出后撤回",
            "已发但地址错",
            "√（作废）",
            "√错了",
            "已发（对方拒收）",
        ),
        *("√退", "已发给李四", "11月24日退回", "已发送，打不开", "浙政钉", "下午", "已发" * 30),
    ],
)
def test_words_that_may_mean_either_do_not_count_as_sent(mark: str) -> None:
    assert read_as(mark) == Marks(unclear={"2026-W48-03-1": mark})


def test_words_that_may_mean_either_are_told_and_the_letter_waits(known: Office) -> None:
    send(known.workspace, now=MONDAY)
    tick(known, ["区科技局"], "发送失败")
    told = (
        "“待发清单.xlsx”的“已发”里，2026-W48-03-1“发送失败”看不出发没发，没有记为已发；发出去了的，请改为√。"
    )
    assert told in status(known.workspace, now=MONDAY).notices
    again = send(known.workspace, now=MONDAY)
    assert told in laid_lines(again, known.workspace)
    assert again.marked == ()
    assert "区科技局_办公室_A岗" in folders(known)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_that_the_operator_edited_stays(known: Office, encoding: str) -> None:
    send(known.workspace, now=MONDAY)
    path = root(known) / "区科技局_办公室_A岗" / "消息.txt"
    path.write_text("李科长好，表在附件里。", encoding)
    again = send(known.workspace, now=MONDAY)
    assert not any(one.is_new for one in again.letters)
    assert path.read_text(encoding) == "李科长好，表在附件里。"
    (line,) = [line for line in listed(known) if line["单位"] == "区科技局"]
    assert line["消息"] == "李科长好，表在附件里。"


def test_who_has_returned_the_form_is_not_sent_it_again_but_told_what_to_correct(known: Office) -> None:
    form = known.right("03")
    form.fill_in({("indicators", "Z03-04"): {"value": "增长较快"}})
    form.save(known.workspace.inbox / "03.xlsx")
    done = ingest(known.workspace, known.period)
    send(known.workspace, now=MONDAY)
    correction = done.files[0].answer
    assert correction is not None
    assert names_in(known, "区科技局_办公室_A岗") == {correction.name, "消息.txt", "邮件草稿.eml"}
    said = message(known, "区科技局_办公室_A岗")
    assert f"附件：{correction.name}" in said
    assert said.count("您好") == 1
    (line,) = [line for line in listed(known) if line["单位"] == "区科技局"]
    assert line["内容"] == "请更正"


def test_each_liaison_of_a_bureau_is_told_of_his_or_her_own_returns(known: Office) -> None:
    for code in ("01", "02"):
        known.right(code).save(known.workspace.inbox / f"{code}.xlsx")
    ingest(known.workspace, known.period)
    tick_all = send(known.workspace, now=MONDAY)
    first, second = message(known, "区发改经信局_投资科_A岗"), message(known, "区发改经信局_综合科_A岗")
    assert "01专班" in first
    assert "02专班" not in first
    assert "02专班" in second
    assert "01专班" not in second
    assert len(tick_all.letters) == len(folders(known))


def test_a_letter_that_was_not_sent_takes_up_what_came_since_and_one_that_was_is_followed_by_another(
    known: Office,
) -> None:
    send(known.workspace, now=MONDAY)
    known.right("02").save(known.workspace.inbox / "02.xlsx")
    ingest(known.workspace, known.period)
    send(known.workspace, now=MONDAY)
    said = message(known, "区发改经信局_综合科_A岗")
    assert "一、" in said
    forms = "04、06、09专班2026年第48期（11月23日—29日）填报表"
    assert f"{forms}（其中06专班不要求报送，有配合事项的再报）请查收" in said
    assert "用浙政钉发回" in said
    assert "02专班2026年第48期（11月23日—29日）填报表已接收" in said
    references = [line["编号"] for line in listed(known) if line["承办科室"] == "综合科"]
    assert references == ["2026-W48-02-2"]  # the first was never sent
    tick(known)
    send(known.workspace, now=MONDAY)
    assert folders(known) == []


def test_who_need_not_report_is_told_so_and_who_has_to_is_not(known: Office) -> None:
    send(known.workspace, now=MONDAY)
    form = "05专班2026年第48期（11月23日—29日）填报表"
    (folder,) = (name for name in folders(known) if name.startswith("区住建局"))
    assert f"{form}（不要求报送，有配合事项的再报）请查收" in message(known, folder)
    assert "不要求报送" not in message(known, "区科技局_办公室_A岗")


def test_reminders_go_with_the_day_and_once_a_day(known: Office) -> None:
    send(known.workspace, now=MONDAY)
    tick(known)
    assert to(send(known.workspace, now=THURSDAY)) == []
    send(known.workspace, now=THURSDAY, remind=True)
    assert "尚未收到，报送截止时间是2026年11月27日17:00" in message(known, "区科技局_办公室_A岗")
    send(known.workspace, now=FRIDAY, remind=True)
    assert "今天17:00截止" in message(known, "区科技局_办公室_A岗")
    tick(known)
    assert to(send(known.workspace, now=FRIDAY, remind=True)) == []
    send(known.workspace, now=SATURDAY, remind=True)
    assert "已过" in message(known, "区科技局_办公室_A岗")


def test_a_form_that_goes_out_is_not_asked_after_in_the_same_letter(known: Office) -> None:
    send(known.workspace, now=SATURDAY, remind=True)
    said = message(known, "区科技局_办公室_A岗")
    assert "请查收" in said
    assert "尚未收到" not in said


def test_two_texts_for_the_work_group_say_who_is_missing_and_how_many(known: Office) -> None:
    known.right("03").save(known.workspace.inbox / "03.xlsx")
    ingest(known.workspace, known.period)
    send(known.workspace, now=MONDAY)
    named = (root(known) / "工作群_点名.txt").read_text("utf-8-sig")
    unnamed = (root(known) / "工作群_不点名.txt").read_text("utf-8-sig")
    assert "已报：03区科技局" in named
    assert "区科技局" not in unnamed
    assert "应报7家，已报1家" in unnamed


def test_a_mail_lies_ready_with_its_attachments(known: Office) -> None:
    send(known.workspace, now=MONDAY)
    data = (root(known) / "区科技局_办公室_A岗" / "邮件草稿.eml").read_bytes()
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert (mail["X-Unsent"], mail["To"], mail["Cc"]) == ("1", "kjj@example.com", "kjj-b@example.com")
    assert mail["Subject"].endswith("〔2026-W48-03-1〕")
    attached = [part.get_filename() for part in mail.iter_attachments()]
    assert attached == ["03_区科技局_2026年第48期填报表.xlsx", "填报示例.xlsx"]


def test_without_an_address_book_each_unit_has_a_folder(week: Office) -> None:
    week.workspace.addresses.unlink()
    done = send(week.workspace, now=MONDAY)
    assert "区科技局" in folders(week)
    assert "区科技局" in done.nameless


def test_a_run_that_was_cut_off_is_finished_by_the_next(
    known: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = to_send.lay_out, []

    def cut_off(folder: Path, ready: to_send.ReadyLetter, before: Iterable[LiaisonLetter]) -> None:
        calls.append(ready)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(folder, ready, before)

    with monkeypatch.context() as patched:
        patched.setattr("tenproj_xl.app.send.lay_out", cut_off)
        with pytest.raises(KeyboardInterrupt):
            send(known.workspace, now=MONDAY)
    send(known.workspace, now=MONDAY)
    assert len(folders(known)) == len(listed(known))
    assert all("消息.txt" in names_in(known, folder) for folder in folders(known))
    assert {line["状态"] for line in listed(known)} == {LetterState.LAID_OUT.label}


def test_a_folder_that_was_deleted_is_laid_out_again(known: Office) -> None:
    send(known.workspace, now=MONDAY)
    shutil.rmtree(root(known))
    send(known.workspace, now=MONDAY)
    assert "区科技局_办公室_A岗" in folders(known)


def test_forms_that_were_never_sent_and_are_gone_are_told_with_what_makes_them_again(known: Office) -> None:
    workspace, folder = known.workspace, known.workspace.outbox / known.period / "填报表"
    generate(workspace, known.period)
    forms = {path.name: path.read_bytes() for path in folder.glob("*.xlsx")}
    shutil.rmtree(workspace.outbox)
    said = sent(known)
    assert f"outbox 里没有、信里也没有发过的填报表{len(forms)}份：" in said
    assert f"请运行 tenproj generate --period {known.period} 重新生成，再运行 tenproj send" in said
    step, then = whereabouts(workspace, now=known.deadline - timedelta(days=1)).steps
    assert step.command == f"tenproj generate --period {known.period}"
    assert (then.command, then.why) == ("tenproj send", "生成以后，把要发的信和附件摆进“待发”")

    generate(workspace, known.period)

    assert {path.name: path.read_bytes() for path in folder.glob("*.xlsx")} == forms
    assert "信里也没有发过" not in sent(known)


def test_a_correction_workbook_that_was_never_sent_and_is_gone_is_told_with_what_makes_it_again(
    known: Office,
) -> None:
    workspace = known.workspace
    form = known.blank("03")
    form.write("tasks", "R03-01", status="正常推进", progress="成立2支基金")
    known.send(form, "填报表.xlsx")
    ingest(workspace)
    shutil.rmtree(workspace.outbox)

    said = sent(known)

    assert "退回更正的表没有发出过，outbox 里也没有了：" in said
    command = re.search(r"tenproj original ([0-9a-f]{12}) --out inbox", said)
    assert command
    original(workspace, command[1], workspace.inbox)
    ingest(workspace)
    assert any((workspace.outbox / known.period / "退回更正").glob("*.xlsx"))
    assert "退回更正的表没有发出过" not in sent(known)


def test_the_command_lists_the_letters_and_status_says_how_many_wait(known: Office) -> None:
    done = CliRunner().invoke(main, ["-C", str(known.workspace.root), "send"])
    assert done.exit_code == 0, done.stderr
    assert "待发" in done.stderr
    tick(known, ["区科技局"])
    status = CliRunner().invoke(main, ["-C", str(known.workspace.root), "status"])
    waiting = len(folders(known)) - 1
    assert f"待发{waiting}封" in status.stderr + status.stdout
    machine = CliRunner().invoke(main, ["-C", str(known.workspace.root), "send", "--json"])
    document = json.loads(machine.stdout)
    assert document["marked"] == ["2026-W48-03-1"]
    assert len(document["letters"]) == waiting


def test_the_name_of_a_folder_says_nothing_twice() -> None:
    liaison = Liaison(unit="区科技局", printed="区科技局", section="办公室", holders=())
    assert to_send.folder_name(liaison) == "区科技局_办公室"


def test_what_was_never_sent_of_the_week_before_goes_with_the_forms_of_the_next(known: Office) -> None:
    form = known.right("03")
    form.fill_in({("indicators", "Z03-04"): {"value": "增长较快"}})
    form.save(known.workspace.inbox / "03.xlsx")
    known.right("02").save(known.workspace.inbox / "02.xlsx")
    merge(known.workspace, known.period)
    send(known.workspace, now=MONDAY)
    generate(known.workspace, "2026-W49")
    send(known.workspace, now=SATURDAY)
    assert folders(known) == []  # nobody sends from there any more
    later = Office.of(known.workspace, "2026-W49")
    said = message(later, "区科技局_办公室_A岗")
    assert "03专班2026年第49期" in said
    assert "03专班2026年第48期（11月23日—29日）填报表有1处须更正" in said
    assert "已接收，谢谢" not in message(later, "区发改经信局_综合科_A岗")  # of no use any more
    assert "尚未收到" not in "".join(message(later, folder) for folder in folders(later))


def test_a_letter_with_forms_says_what_is_new_in_them(known: Office) -> None:
    form = known.right("03")
    form.write("tasks", "R03-01", status="已完成", completed_on="2026-11-20", milestone_done="已完成")
    known.send(form)
    merge(known.workspace, known.period)
    generate(known.workspace, "2026-W49")
    send(known.workspace, now=SATURDAY)
    said = message(Office.of(known.workspace, "2026-W49"), "区科技局_办公室_A岗")
    assert "\n\n本期请留意：\n1. 任务R03-01“" in said
    assert "上期已报完成，仅在本期再列一次，不必填写" in said


def test_a_letter_that_tells_what_was_wrong_does_not_remind_of_it_besides(known: Office) -> None:
    form = known.right("03")
    form.become(b"PK\x03\x04 cut short")
    known.send(form)
    ingest(known.workspace, known.period)
    send(known.workspace, now=FRIDAY, remind=True)
    said = message(known, "区科技局_办公室_A岗")
    assert "未接收。\n\n原因和办法：\n1. 文件" in said
    assert "此前发来的" not in said
    tick(known)
    send(known.workspace, now=SATURDAY, remind=True)
    assert "贵单位此前发来的03专班" in message(known, "区科技局_办公室_A岗")


def test_what_a_person_laid_into_a_folder_stays_there_and_so_does_what_was_edited(known: Office) -> None:
    send(known.workspace, now=MONDAY)
    folder = root(known) / "区发改经信局_综合科_A岗"
    (folder / "消息.txt").write_text("李科长好，表在附件里。", "utf-8")
    (folder / "补充说明.docx").write_bytes(b"PK")
    (root(known) / "备查").mkdir()
    known.right("02").save(known.workspace.inbox / "02.xlsx")
    ingest(known.workspace, known.period)
    send(known.workspace, now=MONDAY)
    assert "02_区发改经信局_2026年第48期填报表.xlsx" not in names_in(known, folder.name)
    assert {"补充说明.docx", "消息_手改备份.txt", "消息.txt"} <= names_in(known, folder.name)
    assert (folder / "消息_手改备份.txt").read_text("utf-8") == "李科长好，表在附件里。"
    tick(known)
    send(known.workspace, now=MONDAY)
    assert names_in(known, folder.name) == {"补充说明.docx", "消息_手改备份.txt"}
    assert (root(known) / "备查").is_dir()


def test_the_list_and_the_ledger_keep_what_was_sent_as_the_operator_wrote_it(known: Office) -> None:
    send(known.workspace, now=MONDAY)
    (root(known) / "区科技局_办公室_A岗" / "消息.txt").write_text("李科长好，表在附件里。", "utf-8")
    tick(known, ["区科技局"])
    send(known.workspace, now=MONDAY)
    assert "区科技局_办公室_A岗" not in folders(known)
    (line,) = [line for line in listed(known) if line["单位"] == "区科技局"]
    assert line["消息"] == "李科长好，表在附件里。"
    with look_into_ledger(known.workspace.ledger) as ledger:
        (letter,) = [one for one in ledger.letters(known.period) if one.state is LetterState.SENT]
    assert letter.text == "李科长好，表在附件里。"
