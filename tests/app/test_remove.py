"""What the law wants removed is gone from archive, ledger and journal; a record stays, and all the rest is proven."""

import codecs
import gzip
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tenproj_xl.app.merge import merge
from tenproj_xl.app.remove import remove
from tenproj_xl.app.texts_in_files import says_any
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.files import sha256
from tenproj_xl.model.statuses import Status
from tests.app.test_ingest import ISSUE, ingested, last_word, receipts
from tests.conftest import PERIOD
from tests.helpers.filling import Office, sent_out
from tests.helpers.mails import letter
from tests.office.test_signoff import NEW, SignoffOffice

LEAKED = "某涉密项目选址在东山南麓，坐标见附图"
OTHERS = "按计划推进，进场施工"
WHY = "保密办〔2026〕3号"


def tenproj(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-C", str(root), *arguments])


def kept(workspace: Workspace) -> Iterator[bytes]:
    """All that archive, journal and ledger have, files in zips and compressed ones as they are read."""
    for path in workspace.ledger.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield data
        if path.suffix == ".gz":
            yield gzip.decompress(data)
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from (archive.read(name) for name in archive.namelist())


def knows(workspace: Workspace, text: str) -> bool:
    return any(text.encode() in data for data in kept(workspace))


def leaked(week: Office) -> Path:
    """Return a return with a secret in it, and one without; both are taken in and merged."""
    form = week.right("03")
    form.write("issues", "+1", **{**ISSUE, "description": LEAKED})
    form.write("tasks", "R03-01", progress=OTHERS)
    week.send(form, "03误传.xlsx", hours=-5)
    other = week.right("04")
    other.write("tasks", "R04-01", progress=OTHERS)
    week.send(other, "04.xlsx", hours=-4)
    merge(week.workspace, PERIOD)
    assert knows(week.workspace, LEAKED)
    return week.workspace.root


def test_nothing_of_a_removed_file_is_left_and_all_the_rest_is_proven(week: Office) -> None:
    root = leaked(week)
    done = tenproj(root, "remove", "03误传.xlsx", "--why", WHY)
    assert done.exit_code == 0, done.stderr
    assert not knows(week.workspace, LEAKED)
    assert "已清除“03误传.xlsx”：存档的原件、台账里" in done.stderr
    assert (
        "有的内容在这些收到的文件里也有，没有动；需要的，请一并清除：\n  04.xlsx" in done.stderr
    )  # its own words
    assert knows(week.workspace, OTHERS)
    said = tenproj(root, "verify")
    assert said.exit_code == 0, said.stderr
    assert "的内容已按规定清除，有销毁记录" in said.stderr


def test_papers_that_told_its_figures_are_named_and_stay(week: Office) -> None:
    form = week.right("03")
    form.write("indicators", "Z03-04", value=11.57)
    week.send(form, "03误传.xlsx", hours=-5)
    merge(week.workspace, PERIOD)
    done = tenproj(week.workspace.root, "remove", "03误传.xlsx", "--why", WHY)
    assert done.exit_code == 0, done.stderr
    named = "它报的数、状态列入过这些材料，材料里的数没有动，请查看；需要的，请按规定另行处理、重新生成：\n  2026年第48周汇总"
    assert named in done.stderr
    assert "只有它的数、没有它的话的文件（如打印版、导出的数据）没有列出" in done.stderr
    assert knows(week.workspace, "11.57")


def test_what_was_given_out_goes_with_it_and_is_named_as_removed(week: Office, tmp_path: Path) -> None:
    root = leaked(week)
    assert tenproj(root, "merge", "--final", "王主任").exit_code in (0, 1)
    (signed,) = week.workspace.outbox.rglob("*_签发稿.xlsx")
    assert tenproj(root, "publish", str(signed), "--by", "王主任").exit_code == 0
    signed.unlink()
    assert tenproj(root, "remove", "03误传.xlsx", "--why", WHY).exit_code == 0
    assert not knows(week.workspace, LEAKED)
    listed = tenproj(root, "publications", "--out", str(tmp_path / "取出"))
    assert listed.exit_code == 0, listed.stderr
    assert f"{signed.name}（工作簿，已按规定清除）" in listed.output
    assert not list(tmp_path.glob("取出/*/*_签发稿.xlsx"))
    assert tenproj(root, "verify").exit_code == 0
    assert tenproj(root, "backup", str(tmp_path / "备份.zip")).exit_code == 0


def test_what_the_next_form_carries_goes_from_the_ledger_and_the_files_that_have_it_are_named(
    week: Office,
) -> None:
    root = leaked(week)
    later = sent_out(week.workspace, "2026-W49")
    form = later.right("03")
    later.send(form, "03次期.xlsx")
    merge(week.workspace, later.period)
    done = tenproj(root, "remove", "03误传.xlsx", "--why", WHY)
    assert "没有动；需要的，请一并清除：\n  03次期.xlsx" in done.stderr
    assert f"outbox/{later.period}/填报表/03_区科技局_" in done.stderr
    with closing(sqlite3.connect(week.workspace.ledger / "台账.sqlite3")) as ledger:
        assert not any(LEAKED in line for line in ledger.iterdump())
    assert tenproj(root, "remove", "03次期.xlsx", "--why", WHY).exit_code == 0
    assert not knows(week.workspace, LEAKED)


def test_a_mail_that_says_it_is_named_though_its_text_is_written_in_other_signs(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "请更正"
    mail.set_content(f"贵单位报来的问题“{LEAKED}”……", cte="base64")
    attached = BytesIO()
    with zipfile.ZipFile(attached, "w") as workbook:
        workbook.writestr("xl/sharedStrings.xml", f"<t>{OTHERS}</t>")
    mail.add_attachment(
        attached.getvalue(), maintype="application", subtype="octet-stream", filename="表.xlsx"
    )
    draft = tmp_path / "邮件草稿.eml"
    draft.write_bytes(mail.as_bytes())
    assert says_any(draft, [LEAKED])
    assert says_any(draft, [OTHERS])
    assert not says_any(draft, ["某涉密项目选址在西山"])


def mail_saying(charset: str, cte: str) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "请更正"
    mail.set_content(f"贵单位报来的问题“{LEAKED}”……", charset=charset, cte=cte)
    return mail.as_bytes()


def subject_alone() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = LEAKED
    mail.set_content("见附件。")
    return mail.as_bytes()


def zipped(name: str, data: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        mail_saying("gb18030", "base64"),
        mail_saying("gb2312", "8bit"),
        mail_saying("gb18030", "quoted-printable"),
        codecs.BOM_UTF8 + mail_saying("utf-8", "base64"),
        b"X-QQ_mid2: 1\r\n" + mail_saying("utf-8", "base64"),
        subject_alone(),
        zipped("来信.eml", mail_saying("utf-8", "base64")),
        zipped("内.zip", zipped("说明.txt", LEAKED.encode("gbk"))),
    ],
    ids=["gb18030", "8bit", "qp", "bom", "odd header", "subject", "zipped", "in two zips"],
)
def test_however_a_mail_is_written_what_it_says_is_found(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "来信"
    file.write_bytes(data)
    assert says_any(file, [LEAKED])
    assert not says_any(file, ["某涉密项目选址在西山"])


def test_a_mail_that_brought_another_return_stays_and_is_named_where_it_says_some_of_the_words(
    week: Office,
) -> None:
    form = week.right("03")
    form.write("issues", "+1", **{**ISSUE, "description": LEAKED})
    form.cover(phone="0571-12345678")
    week.send(form, "03误传.xlsx", hours=-5)
    other = week.right("04")
    other.cover(phone="0571-87654321")
    mail = letter(("04.xlsx", other.data), text="04专班的表请查收。\n张三 区科技局 0571-12345678").as_bytes()
    (week.workspace.inbox / "04信.eml").write_bytes(mail)
    merge(week.workspace, PERIOD)
    kept_mail = week.workspace.archive / sha256(mail)[:2] / sha256(mail)
    assert kept_mail.exists()
    done = tenproj(week.workspace.root, "remove", "03误传.xlsx", "--why", WHY)
    assert "装着这些文件的压缩包、邮件里（如正文、落款）也有它的内容，没有动" in done.stderr
    assert "  04信.eml/04.xlsx" in done.stderr
    assert kept_mail.read_bytes() == mail
    assert tenproj(week.workspace.root, "verify").exit_code == 0


def test_the_record_of_a_removal_is_told_to_who_asks_for_the_file(week: Office) -> None:
    root = leaked(week)
    tenproj(root, "remove", "03误传.xlsx", "--why", WHY)
    for command in ("original", "history", "remove"):
        said = tenproj(root, command, "03误传.xlsx", *(["--why", "再来"] if command == "remove" else []))
        assert said.exit_code == 2
        assert "“03误传.xlsx”已在" in said.stderr
        assert f"按规定清除，依据：{WHY}。" in said.stderr


def test_the_next_roll_up_and_form_are_made_without_what_was_removed(week: Office) -> None:
    root = leaked(week)
    tenproj(root, "remove", "03误传.xlsx", "--why", WHY)
    assert [receipt.file for receipt in receipts(week)] == ["04.xlsx"]
    assert tenproj(root, "merge", "--period", PERIOD).exit_code == 0
    assert tenproj(root, "generate", "--period", "2026-W49").exit_code == 0
    assert not knows(week.workspace, LEAKED)
    made = week.workspace.outbox.glob("*W49*/**/*.xlsx")
    assert not any(LEAKED in text for path in made for text in _texts(path))


def _texts(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as book:
        yield from (book.read(name).decode(errors="replace") for name in book.namelist())


@pytest.mark.provokes(Code.FILE_REMOVED)
def test_a_removed_file_that_comes_again_is_left_where_it_lies(week: Office) -> None:
    root = leaked(week)
    [sha] = [receipt.sha256 for receipt in receipts(week) if receipt.file == "03误传.xlsx"]
    data = (week.workspace.archive / sha[:2] / sha).read_bytes()
    tenproj(root, "remove", "03误传.xlsx", "--why", "保密办〔2026〕3号")
    with zipfile.ZipFile(week.workspace.inbox / "材料.zip", "w") as packed:
        packed.writestr("又是这份.xlsx", data)
        packed.writestr("02.xlsx", week.right("02").data)
    results = ingested(week)
    found = results["材料.zip/又是这份.xlsx"].findings
    assert [f.code for f in found] == [Code.FILE_REMOVED]
    assert "材料.zip/02.xlsx" in results  # what is beside it is taken in
    assert (week.workspace.inbox / "材料.zip").exists()
    assert not knows(week.workspace, LEAKED)


def test_the_zips_and_mails_that_a_removed_file_came_in_go_with_it(week: Office) -> None:
    form = week.right("03")
    form.write("issues", "+1", **{**ISSUE, "description": LEAKED})
    outer = week.workspace.inbox / "全部.zip"
    with zipfile.ZipFile(outer, "w") as packed:
        packed.writestr("03.xlsx", form.data)
        packed.writestr("04.xlsx", week.right("04").data)
    digest = sha256(outer.read_bytes())
    ingested(week)
    assert (week.workspace.archive / digest[:2] / digest).exists()
    done = tenproj(week.workspace.root, "remove", "全部.zip/03.xlsx", "--why", WHY)
    assert "装着它的1个压缩包、邮件也已删去，里面别的文件另有存档" in done.stderr
    assert not (week.workspace.archive / digest[:2] / digest).exists()
    assert not knows(week.workspace, LEAKED)
    assert [receipt.file for receipt in receipts(week)] == ["全部.zip/04.xlsx"]
    assert tenproj(week.workspace.root, "verify").exit_code == 0


def test_what_was_reported_before_stands_again(week: Office) -> None:
    first, second = week.right("03"), week.right("03")
    first.write("indicators", "Z03-04", value=12.5)
    second.write("indicators", "Z03-04", value=13.5)
    week.send(first, "周四.xlsx", hours=-20)
    week.send(second, "周五.xlsx")
    ingested(week)
    tenproj(week.workspace.root, "remove", "周五.xlsx", "--why", WHY)
    assert last_word(week, "indicators", "Z03-04").values["value"] == 12.5
    assert tenproj(week.workspace.root, "verify").exit_code == 0


def test_a_run_that_was_cut_off_before_the_record_was_made_changes_nothing(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = leaked(week)

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tenproj_xl.ledger.store.take_out", cut_off)
        with pytest.raises(KeyboardInterrupt):
            remove(week.workspace, "03误传.xlsx", WHY)
    assert tenproj(root, "verify").exit_code == 0
    assert tenproj(root, "remove", "03误传.xlsx", "--why", WHY).exit_code == 0
    assert not knows(week.workspace, LEAKED)
    assert tenproj(root, "verify").exit_code == 0


def test_a_run_that_was_cut_off_while_files_have_it_still_is_finished_by_the_next_command(
    week: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = leaked(week)
    calls: list[object] = []

    def cut_off(*_: object) -> None:
        calls.append(None)
        if len(calls) == 2:  # the first is on opening
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("tenproj_xl.ledger.store.finish_removals", cut_off)
        with pytest.raises(KeyboardInterrupt):
            remove(week.workspace, "03误传.xlsx", WHY)
    assert knows(week.workspace, LEAKED)
    tenproj(root, "ingest")
    assert not knows(week.workspace, LEAKED)


def test_a_removal_needs_a_basis_a_file_and_a_ledger_that_is_whole(week: Office) -> None:
    root = leaked(week)
    assert "请用 --why 写明清除的依据" in tenproj(root, "remove", "03误传.xlsx").stderr
    assert "没有收到过叫“无此文件”的文件" in tenproj(root, "remove", "无此文件", "--why", WHY).stderr
    with closing(sqlite3.connect(week.workspace.ledger / "台账.sqlite3")) as ledger, ledger:
        ledger.execute("UPDATE receipts SET body = replace(body, '04', '05')")
    refused = tenproj(root, "remove", "03误传.xlsx", "--why", WHY)
    assert (refused.exit_code, "台账核验不符，没有清除" in refused.stderr) == (3, True)
    assert knows(week.workspace, LEAKED)


@pytest.mark.parametrize(
    "text", ["73", "2026-11", "整改中", "2026-W48", "填报表.xlsx", "2026-11-27", "2026年三季度"]
)
def test_a_text_that_others_have_as_a_figure_a_date_or_a_choice_is_taken_from_texts_only(
    week: Office, text: str
) -> None:
    form = week.right("03")
    form.write("tasks", "R03-01", progress=text)
    week.send(form, "03误传.xlsx", hours=-5)
    other = week.right("04")
    other.write("indicators", "Z04-01", value=73)
    other.write("issues", "+1", **ISSUE)
    week.send(other, "04.xlsx", hours=-4)
    merge(week.workspace, PERIOD)
    root = week.workspace.root
    before = last_word(week, "indicators", "Z04-01")
    assert tenproj(root, "remove", "03误传.xlsx", "--why", WHY).exit_code == 0
    assert last_word(week, "indicators", "Z04-01") == before
    said = tenproj(root, "verify")
    assert said.exit_code == 0, said.stderr
    assert tenproj(root, "merge", "--period", PERIOD).exit_code == 0
    assert tenproj(root, "verify").exit_code == 0


def test_contents_that_vanish_without_a_record_are_a_breach_still(week: Office) -> None:
    root = leaked(week)
    tenproj(root, "remove", "03误传.xlsx", "--why", WHY)
    with closing(sqlite3.connect(week.workspace.ledger / "台账.sqlite3")) as ledger, ledger:
        (seq,) = ledger.execute("SELECT MIN(seq) FROM rows").fetchone()
        ledger.execute("DELETE FROM rows WHERE seq = ?", (seq,))
    said = json.loads(tenproj(root, "verify", "--json").stdout)
    assert any(found["what"] == "内容不在了" for found in said["discrepancies"])


def test_what_the_office_typed_into_a_workbook_that_is_removed_goes_with_it(week: Office) -> None:
    """An issue that the office registered at sign-off, in words that it should not have used."""
    office = SignoffOffice(week.workspace, week)
    drawn = office.draw()
    registered = {
        **ISSUE,
        "task_force": "03 “315”科技创新体系建设工程",
        "description": LEAKED,
        "source": "会议交办",
    }
    del registered["status"]
    drawn.write(NEW, "+1", **registered, opinion="同意登记", by="王主任", on=date(2026, 11, 27))
    signed = office.sign(drawn, on=date(2026, 11, 27))
    assert signed.registered, [f.message for f in signed.findings]
    assert knows(week.workspace, LEAKED)
    root = week.workspace.root
    done = tenproj(root, "remove", "审定.xlsx", "--why", WHY)
    assert done.exit_code == 0, done.stderr
    assert not knows(week.workspace, LEAKED)
    assert tenproj(root, "verify").exit_code == 0
    assert tenproj(root, "merge", "--period", PERIOD).exit_code == 0


def removed_last(week: Office) -> Path:
    """What was recorded last is removed."""
    week.send(week.right("04"), "04.xlsx", hours=-5)
    merge(week.workspace, PERIOD)
    form = week.right("03")
    form.write("issues", "+1", **{**ISSUE, "description": LEAKED})
    week.send(form, "03误传.xlsx", hours=-4)
    ingested(week)
    root = week.workspace.root
    assert tenproj(root, "remove", "03误传.xlsx", "--why", WHY).exit_code == 0
    return root


def is_proven(root: Path, backup: Path) -> bool:
    """Whether the ledger is whole, can be backed up, and is made again of its journal."""
    assert tenproj(root, "verify").stderr.count("不同") == 0
    done = [tenproj(root, "verify"), tenproj(root, "backup", str(backup))]
    (root / "ledger" / "台账.sqlite3").unlink()
    done.append(tenproj(root, "rebuild"))
    done.append(tenproj(root, "verify"))
    return [one.exit_code for one in done] == [0, 0, 0, 0]


def test_what_comes_after_the_removal_of_what_came_last_is_proven_too(week: Office, tmp_path: Path) -> None:
    root = removed_last(week)
    week.send(week.right("02"), "02.xlsx", hours=-3)
    assert ingested(week)["02.xlsx"].status is Status.ACCEPTED
    assert is_proven(root, tmp_path / "备份.zip")
    assert [receipt.file for receipt in receipts(week)] == ["04.xlsx", "02.xlsx"]


def test_a_ledger_that_gave_numbers_of_removed_entries_to_others_is_whole(
    week: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = removed_last(week)
    week.send(week.right("02"), "02.xlsx", hours=-3)
    with monkeypatch.context() as patched:  # as versions before this one did
        patched.setattr("tenproj_xl.ledger.store.newest_taken_out", lambda _: {})
        ingested(week)
    with closing(sqlite3.connect(week.workspace.ledger / "台账.sqlite3")) as ledger:
        query = "SELECT COUNT(*) FROM heads WHERE kind = 'receipts' GROUP BY entry ORDER BY 1 DESC LIMIT 1"
        assert ledger.execute(query).fetchone() == (2,)
    assert tenproj(root, "remove", "02.xlsx", "--why", WHY).exit_code == 0
    week.send(week.right("01"), "01.xlsx", hours=-2)
    ingested(week)
    assert is_proven(root, tmp_path / "备份.zip")


def test_a_ledger_that_was_set_aside_goes_if_it_may_have_what_was_removed(week: Office) -> None:
    root = leaked(week)
    aside = week.workspace.ledger / "台账-重建前-2026-11-29.sqlite3"
    shutil.copy(week.workspace.ledger / "台账.sqlite3", aside)
    damaged = aside.with_name("台账-重建前-2026-11-29-2.sqlite3")
    damaged.write_bytes(aside.read_bytes()[:30_000])
    tenproj(root, "remove", "03误传.xlsx", "--why", WHY)
    assert not aside.exists()
    assert not damaged.exists()
