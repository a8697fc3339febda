"""The command `archive`: a folder with all that an office hands to its archive for a year, and its catalogue.

Reads: ledger and archive. Writes: one folder, made beside and put in the place of the one before; nothing is
recorded, so it may be made again at any time. All of it can be read without this program.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from tenproj_xl.app.periods import issued_period, with_issued
from tenproj_xl.app.proof_results import ArchivedYear
from tenproj_xl.app.releases import ALL_EDITIONS
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.access import restrict
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import archived, atomic_write, file_name, files_below, sha256_of_file, write_file
from tenproj_xl.core.progress import counted
from tenproj_xl.core.remains import private_folder
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.publications import Publication
from tenproj_xl.model.receipts import Receipt
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.slips import Register
from tenproj_xl.model.statuses import Status
from tenproj_xl.model.units import printed_unit
from tenproj_xl.office.archive_book import (
    DECISIONS,
    PLANS,
    RETURNS,
    SLIPS,
    ArchiveItem,
    ArchiveKind,
    LeftOut,
    Retention,
    kind_of,
    numbered,
    write_catalogue,
    write_plan_copy,
)
from tenproj_xl.office.slip_pages import write_slips
from tenproj_xl.reading.libreoffice import to_pdf
from tenproj_xl.reading.pdf_pages import pages_of_pdf

CATALOGUE_FILE, SUMS, ABOUT = "目录.xlsx", "校验码.txt", "说明.txt"
_DECIDED = {
    "signoff": "问题销号审核",
    "meeting": "会议议定事项",
    "resolve": "分歧裁定",
    "amend": "代录",
    "review": "更正核实",
    "objections": "得分异议处理",
    "supervise": "督办事项选择",
}
"""What the workbooks of commands are called."""
_NOT_KEPT = {
    Status.REFUSED: "未接收，已退回",
    Status.DUPLICATE: "与已归档的一份相同",
    Status.WITHDRAWN: "已撤回",
    Status.AWAITING: "来源没有核实，未计入",
}
_PICTURES = (".png", ".jpg", ".jpeg")
_PRINTABLE = (".xlsx", ".docx")
_ABOUT = """{title}

本文件夹由 tenproj archive 生成，供移交档案室。
里面的文件都可以用 WPS、Excel、PDF 阅读器直接打开，不需要本软件。
目录.xlsx：逐件列出责任者、文号、题名、日期、页数、保管期限、所在文件夹和校验码；没有归档的另列一张表。
校验码.txt：每个文件的 SHA-256；Linux 用 sha256sum -c 校验码.txt、
Windows 用 certutil -hashfile 文件 SHA256 核对。
1_工作计划：这一年执行过的各版工作计划，照台账里的内容重新写成工作簿。
2_印发材料：登记的印发稿、更正稿和扫描件，原样。
3_报送原件：各单位报来并接收的文件，原样，按期号、单位分文件夹。
4_办公室审定：销号审核、议定事项、裁定等工作簿，原样。
5_督办单：这一年签发的督办单和督办台账。
{head}。
"""


def archive_year(
    workspace: Workspace, year: int | None = None, folder: Path | None = None, *, with_pages: bool = True
) -> ArchivedYear:
    """Write the papers of a year into a folder, with a catalogue.

    Args:
        workspace: The workspace.
        year: The year; by default the last that was over by the newest period that forms went out for, else
            the year of that.
        folder: Where, by default `outbox/归档_2026`.
        with_pages: Whether papers are printed by LibreOffice to count their pages, where it is installed.

    Raises:
        UsageProblem: There is nothing of that year, or the folder has something else in it.
        EnvironmentProblem: A file of the folder is held open by another program.
    """
    loaded = load(workspace)
    if year is None:
        year = _last_year(workspace, loaded)
    target = folder or workspace.outbox / f"归档_{year}"
    if target.exists() and any(target.iterdir()) and not (target / SUMS).exists():
        raise UsageProblem(f"“{target}”里已有别的文件，没有写。请用 --out 指定一个新的文件夹。")
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(loaded, ledger)
        desk = _Desk(workspace, loaded, ledger, year, with_pages=with_pages)
        items = desk.items()
        left_out = desk.left_out()
        if not items and not left_out:
            raise UsageProblem(f"台账里没有{year}年的内容，没有可以归档的。")
        group = loaded.settings.shared_group
        kept_aside = _put_in_place(target, group, lambda made: desk.write(made, items, left_out))
    counts = {kept: len({one.paper for one in items if one.kind.retention is kept}) for kept in Retention}
    return ArchivedYear(
        year=year,
        folder=target,
        catalogue=target / CATALOGUE_FILE,
        counts={kept.value: count for kept, count in counts.items() if count},
        files=len(items),
        without_pages=sum(one.pages is None for one in items),
        left_out=len(left_out),
        missing=tuple(desk.missing),
        kept_aside=kept_aside,
    )


def _last_year(workspace: Workspace, loaded: Loaded) -> int:
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(loaded, ledger)
        newest = issued_period(None, loaded, ledger)
    years = {issued.period.year for issued in loaded.settings.calendar.issued.values()}
    return max((year for year in years if year < newest.year), default=newest.year)


@dataclass(frozen=True)
class _File:
    """A file to be handed over, and what writes it at a path."""

    item: ArchiveItem
    write: Callable[[Path], None]


class _Desk:
    """Gathers what is handed over for a year."""

    def __init__(
        self, workspace: Workspace, loaded: Loaded, ledger: LedgerView, year: int, *, with_pages: bool
    ) -> None:
        self._workspace = workspace
        self._loaded = loaded
        self._ledger = ledger
        self._year = year
        self._with_pages = with_pages
        self._zone = loaded.settings.zone
        self._office = loaded.plan.programme.signature
        self._title = loaded.plan.programme.title
        self._places: set[tuple[str, str]] = set()
        self._writers: dict[tuple[str, str], Callable[[Path], None]] = {}
        self._removed = {one.sha256: one for one in ledger.removals() if one.sha256}
        self.missing: list[str] = []
        """The files that the archive should have, and does not, though nobody removed them lawfully."""

    def items(self) -> list[ArchiveItem]:
        """Return the entries of the catalogue; hash and pages are known once `write` has written them."""
        found = [*self._papers(), *self._returns(), *self._decisions(), *self._slips()]
        found += self._plans(is_used=bool(found))
        for file in found:
            self._writers[file.item.folder, file.item.file] = file.write
        return [file.item for file in found]

    def write(self, folder: Path, items: list[ArchiveItem], left_out: list[LeftOut]) -> None:
        """Write all files and the catalogue; `items` have their hashes and pages afterwards."""
        for n, item in enumerate(counted(items, "写归档文件")):
            path = folder / item.folder / item.file
            with atomic_write(path) as temporary:
                self._writers[item.folder, item.file](temporary)
            items[n] = replace(item, sha256=sha256_of_file(path), pages=self._pages(item, path))
        last = self._ledger.last_batch()
        made_at = last.at if last else datetime(self._year, 1, 1, tzinfo=UTC)
        title = f"{self._title}{self._year}年"
        with atomic_write(folder / CATALOGUE_FILE) as temporary:
            write_catalogue(temporary, title, numbered(items), left_out, made_at)
        about = _ABOUT.format(title=f"{title}归档文件", head=self._ledger.paper_head().label)
        write_file(folder / ABOUT, about.encode())
        write_file(folder / SUMS, "".join(_sums(folder)).encode())

    def left_out(self) -> list[LeftOut]:
        """Return what is not handed over: what came in and does not count, and what was lawfully removed."""
        found = []
        received = list(self._received())
        counted = {receipt.sha256 for receipt in received if receipt.status not in _NOT_KEPT}
        for receipt in received:
            why = _NOT_KEPT.get(receipt.status)
            if why and receipt.sha256 in counted:  # it was taken in later
                continue
            if why is None and not self._is_kept(receipt.sha256):
                why = "原件已不在存档里"
            if why:
                day, author = self._day(receipt.received_at), self._unit_of(receipt)
                found.append(LeftOut(what=receipt.file, author=author, day=day, why=why))
        for removal in self._removed.values():
            day = self._day(removal.at)
            if day.year == self._year:
                why = f"已按规定清除，依据：{removal.why}"
                found.append(LeftOut(what=removal.name, author="", day=day, why=why))
        return found

    # --- what there is

    def _plans(self, *, is_used: bool) -> Iterator[_File]:
        """Yield the plans of the year; the one before only where something was done by it."""
        versions = self._ledger.plan_versions()
        of_year = [v for v in versions if v.since[:4] == str(self._year)]
        before = []
        if is_used:
            before = [v for v in versions if v.since[:4] < str(self._year)][-1:]
        seen = set()
        for version in (*before, *of_year):
            if version.sha256 in seen:
                continue
            seen.add(version.sha256)
            tables = json.loads(self._ledger.snapshot(version.sha256))
            made = self._ledger.batch_numbered(version.batch).at
            since = self._loaded.settings.span(version.since).dated_label
            remark = f"更正笔误：{version.reason}" if version.reason else ""
            item = self._item(
                PLANS,
                f"{self._title}工作计划_{since}起执行.xlsx",
                paper=f"plan {version.sha256}",
                title=f"{self._title}工作计划（{since}起执行）",
                day=self._day(made),
            )
            item = replace(item, remark=remark)
            yield _File(item, lambda path, t=tables, at=made: write_plan_copy(path, t, at))  # type: ignore[misc]

    def _papers(self) -> Iterator[_File]:
        for paper in self._ledger.publications():
            if paper.year != self._year:
                continue
            for file in paper.files:
                if self._is_there(file.sha256, f"印发稿“{file.name}”"):
                    yield _File(self._paper_item(paper, file.name), self._copy_of(file.sha256))

    def _paper_item(self, paper: Publication, name: str) -> ArchiveItem:
        kind = kind_of(paper.series)
        edition = ALL_EDITIONS[paper.edition].title
        item = self._item(
            kind,
            name,
            within=paper.label,
            paper=f"paper {paper.key}",
            title=f"{self._title}{paper.period.dated_label}{edition}（{paper.series.label}）",
            day=self._day(paper.published_at),
        )
        return replace(item, document_no=paper.label, remark=f"{paper.published_by}印发")

    def _returns(self) -> Iterator[_File]:
        for receipt in self._received():
            if receipt.status in _NOT_KEPT or not self._is_kept(receipt.sha256):
                continue
            unit = self._unit_of(receipt)
            name = receipt.file.rpartition("/")[2]
            folder, title = "未注明期号", f"{unit}报送文件（{name}）"
            if receipt.period:
                period = self._loaded.settings.span(receipt.period)
                folder = receipt.period
                title = f"{unit}{period.name}报送（{name}）"
            said = [receipt.status.label] if receipt.status is not Status.ACCEPTED else []
            if receipt.late:
                said.append("迟报")
            item = self._item(
                RETURNS,
                name,
                within=f"{folder}/{file_name(unit)}",
                paper=f"return {receipt.sha256} {receipt.period}",
                title=title,
                day=self._day(receipt.received_at),
            )
            item = replace(item, author=unit, remark="；".join(said))
            yield _File(item, self._copy_of(receipt.sha256))

    def _decisions(self) -> Iterator[_File]:
        for sha256, name, at, command in self._ledger.decided_files():
            if self._day(at).year != self._year or not self._is_there(sha256, f"“{name}”"):
                continue
            what = _DECIDED.get(command, "办公室工作簿")
            item = self._item(
                DECISIONS,
                name.rpartition("/")[2],
                within=what,
                paper=f"decided {sha256}",
                title=f"{what}（{name}）",
                day=self._day(at),
            )
            yield _File(item, self._copy_of(sha256))

    def _slips(self) -> Iterator[_File]:
        register = self._ledger.register()
        slips = tuple(slip for slip in register.slips if slip.year == self._year)
        if not slips:
            return
        own = Register(slips, register.closings, register.replies)
        programme = self._loaded.plan.programme
        labels = slips[0].label if len(slips) == 1 else f"{slips[0].label}至{slips[-1].label}"
        item = self._item(
            SLIPS,
            f"{self._title}{self._year}年督办单和督办台账.xlsx",
            paper="slips",
            title=f"{self._title}{self._year}年督办单和督办台账",
            day=max(slip.issued_on for slip in slips),
        )
        item = replace(item, document_no=labels, remark="照台账重新生成，未签字；签字的请补入")
        yield _File(item, lambda path: write_slips(path, slips, own, programme))

    # --- what all need

    def _received(self) -> list[Receipt]:
        """Return the receipts of the year: of its periods, or, where no period is known, of its days."""
        found: dict[tuple[str, str], Receipt] = {}
        for receipt in self._ledger.receipts():
            year = str(self._day(receipt.received_at).year)
            if receipt.period:
                year = receipt.period[:4]
            if year == str(self._year):
                found[receipt.sha256, receipt.period] = receipt
        return sorted(found.values(), key=lambda one: (one.received_at, one.sha256, one.period))

    def _item(
        self,
        kind: ArchiveKind,
        name: str,
        *,
        paper: str,
        title: str,
        day: date,
        within: str = "",
    ) -> ArchiveItem:
        """Return an entry of the office's own; others replace what is otherwise in theirs."""
        folder = "/".join(filter(None, (kind.folder, within)))
        return ArchiveItem(
            kind=kind,
            paper=paper,
            author=self._office,
            document_no="",
            title=title,
            day=day,
            pages=None,
            folder=folder,
            file=self._free_name(folder, file_name(name)),
            sha256="",
        )

    def _free_name(self, folder: str, name: str) -> str:
        """Return a name that no other file of a folder has, upper and lower case being one."""
        path, number = Path(name), 1
        while (folder, name.casefold()) in self._places:
            number += 1
            name = f"{path.stem}_{number}{path.suffix}"
        self._places.add((folder, name.casefold()))
        return name

    def _unit_of(self, receipt: Receipt) -> str:
        if receipt.party.unit:
            return printed_unit(receipt.party.unit, self._loaded.plan)
        return receipt.sender or receipt.party.recipient or "单位不明"

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def _is_kept(self, sha256: str) -> bool:
        return archived(self._workspace.archive, sha256).exists()

    def _is_there(self, sha256: str, name: str) -> bool:
        if self._is_kept(sha256):
            return True
        if sha256 not in self._removed:
            self.missing.append(name)
        return False

    def _copy_of(self, sha256: str) -> Callable[[Path], None]:
        source = archived(self._workspace.archive, sha256)

        def copy(path: Path) -> None:
            shutil.copyfile(source, path)
            if sha256_of_file(path) != sha256:
                raise EnvironmentProblem(
                    f"存档里有一份原件（{sha256[:12]}）被改动过，没有归档。请先运行 tenproj verify。"
                )

        return copy

    def _pages(self, item: ArchiveItem, path: Path) -> int | None:
        """Return how many pages a file has on paper, None where nobody can tell."""
        ending = path.suffix.lower()
        if ending == ".pdf":
            return pages_of_pdf(path.read_bytes())
        if ending in _PICTURES:
            return 1
        is_printed = item.kind not in (RETURNS, DECISIONS)
        if self._with_pages and is_printed and ending in _PRINTABLE:
            printed = to_pdf(path.read_bytes(), ending)
            return pages_of_pdf(printed) if printed else None
        return None


# --- the folder


def _files_in(folder: Path) -> list[Path]:
    return [path for path in files_below(folder) if path.name != SUMS]


def _sums(folder: Path) -> Iterator[str]:
    for path in _files_in(folder):
        yield f"{sha256_of_file(path)} *{path.relative_to(folder).as_posix()}\n"


def _put_in_place(target: Path, group: str, write: Callable[[Path], None]) -> Path | None:
    """Write a folder beside its place and put it there; return where one that people changed is kept.

    Originals lie in it: it is open to the owner alone, and to the group that shares the ledger.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with private_folder(beside=target.parent) as private:
        made = private / "new"
        made.mkdir()
        restrict(made, group)
        write(made)
        kept_aside = None
        try:
            if target.exists():
                kept_aside = None if _is_untouched(target) else _free_folder(target)
                target.rename(kept_aside or private / "old")
            made.rename(target)
        except PermissionError as fault:
            raise EnvironmentProblem(
                f"“{target.name}”没有换上新的一份：里面有文件正被打开，或没有写入权限。请关闭、检查权限后重试。"
            ) from fault
    return kept_aside


def _is_untouched(folder: Path) -> bool:
    """Whether a folder has the files that were written into it, as they were, and no others."""
    lines: Iterable[str] = (folder / SUMS).read_text("utf-8").splitlines() if (folder / SUMS).exists() else ()
    written = {name: digest for digest, _, name in (line.partition(" *") for line in lines)}
    found = {path.relative_to(folder).as_posix(): path for path in _files_in(folder)}
    return written.keys() == found.keys() and all(
        sha256_of_file(path) == written[name] for name, path in found.items()
    )


def _free_folder(target: Path) -> Path:
    number = 1
    while (place := target.with_name(f"{target.name}_手改备份{number}")).exists():
        number += 1
    return place
