"""The command `publish`: register what was really given out, and keep it byte for byte."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from tempfile import TemporaryDirectory

from tenproj_xl.app.editions import WALL, parts_of
from tenproj_xl.app.opened_ledger import opened_ledger
from tenproj_xl.app.paper_results import PublishedPapers, RegisteredPaper
from tenproj_xl.app.periods import parsed_period, spoken_period, with_issued
from tenproj_xl.app.releases import ALL_EDITIONS, for_readers, report_command, year_of
from tenproj_xl.app.rollup_input import gathered
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.catalogue import Code
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import archive, archived, sha256
from tenproj_xl.core.findings import Finding, Place, finding
from tenproj_xl.core.periods import Period
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.publications import (
    MadeEdition,
    PaperKind,
    Publication,
    PublishedFile,
    Series,
    newest,
    number_label,
)
from tenproj_xl.model.settings import Loaded
from tenproj_xl.office.given_papers import (
    SCAN,
    GivenPaper,
    PaperName,
    figures_not_ours,
    name_of,
    of_text,
    of_workbook,
    usual_edition,
)
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.docx_text import read_docx
from tenproj_xl.reading.guard import Refusal
from tenproj_xl.reading.sandbox import Reader
from tenproj_xl.reading.sniff import FileKind, sniff
from tenproj_xl.rollup.facts.editions import WEEK, Edition, Release
from tenproj_xl.rollup.facts.input import made_from
from tenproj_xl.rollup.facts.model import facts_of
from tenproj_xl.rollup.facts.publishing import published

_TITLES = tuple((edition.code, edition.title) for edition in ALL_EDITIONS.values())
_SCANS = (FileKind.PDF, FileKind.PICTURE)


@dataclass(frozen=True, kw_only=True)
class _Given:
    """A file that is to be registered: its name, its bytes and what it is."""

    name: str
    data: bytes
    sha256: str
    paper: GivenPaper

    @property
    def file(self) -> PublishedFile:
        """What is remembered of it."""
        return PublishedFile(self.name, self.sha256, self.paper.kind)


@dataclass(frozen=True)
class _PaperKey:
    """The paper that a file is: its series, edition and period."""

    series: Series
    edition: Edition
    period: Period

    @property
    def label(self) -> str:
        """What people call it, before it has a number."""
        return f"{self.period.dated_label}{self.series.label}"


def publish(
    workspace: Workspace,
    files: Sequence[Path],
    by: str,
    *,
    period_code: str | None = None,
    edition_code: str | None = None,
    series_code: str | None = None,
) -> PublishedPapers:
    """Register files as given out, each as the paper that it says it is; all of them or none.

    Args:
        workspace: The workspace.
        files: Workbooks, texts (.docx) and scans (PDF, pictures); the wall is no paper, and passed over.
        by: Who gave them out.
        period_code: The period of files that do not say themselves which paper they are.
        edition_code: Their edition, by default the one that is usual for the period.
        series_code: Their series, by default 简报 for a text, else that of the edition.

    Raises:
        UsageProblem: A file is none of these, it does not say which paper it is, or that one was given out
            before and this is no correction of it.
    """
    loaded = load(workspace)
    papers_only = [path for path in files if not path.name.endswith(WALL)]
    if not papers_only:
        raise UsageProblem("挂图作战不是印发材料，不用登记。请写汇总表、晾晒版、简报或扫描件。")
    given = _read(papers_only, loaded)
    with opened_ledger(workspace, loaded, who="tenproj publish") as ledger:
        loaded = with_issued(loaded, ledger)
        if period_code is not None:
            period_code = spoken_period(period_code, loaded, ledger)
        said = _said(period_code, edition_code, series_code)
        papers = _by_paper(given, said, loaded, ledger)
        clock = datetime.now(UTC)
        now = ledger.moment(clock)
        desk = _Desk(workspace, loaded, ledger, by, now)
        registered = tuple(desk.register(key, of_paper) for key, of_paper in papers.items())
        new = [paper for paper in registered if paper.added]
        for file in given:
            archive(workspace.archive, file.data)
        if new:
            with ledger.batch("publish", clock, loaded.snapshots):
                for file in given:
                    ledger.record_file(file.sha256, file.name, len(file.data), now)
                for paper in new:
                    ledger.record_publication(paper.publication)
    return PublishedPapers(registered)


# --- reading


def _read(paths: Sequence[Path], loaded: Loaded) -> list[_Given]:
    given = []
    with Reader(loaded.settings.limits, loaded.passwords.known) as reader:
        for path in paths:
            data = path.read_bytes()
            paper = _paper(path.name, data, reader)
            given.append(_Given(name=path.name, data=data, sha256=sha256(data), paper=paper))
    return given


def _paper(name: str, data: bytes, reader: Reader) -> GivenPaper:
    kind = sniff(data)
    if kind in _SCANS:
        return SCAN
    if kind is FileKind.DOCX:
        text = read_docx(data)
        if isinstance(text, Refusal):
            raise UsageProblem(_unreadable(name, text.found))
        return of_text(text)
    (found,) = reader.open([data])
    if isinstance(found, Book):
        return of_workbook(found)
    raise UsageProblem(_unreadable(name, ""))


def _unreadable(name: str, found: str) -> str:
    problem = f"“{name}”不能登记"
    if found:
        problem += f"（{found}）"
    return f"{problem}：可以登记工作簿（.xlsx）、文稿（.docx）和扫描件（PDF、图片），其他的请另存为其中一种。"


# --- which paper it is


def _said(period: str | None, edition: str | None, series: str | None) -> PaperName | None:
    """Return the paper that the command names, None where it names none."""
    if period is None:
        if edition or series:
            raise UsageProblem("--edition 和 --series 要与 --period 同用，请写明期号。")
        return None
    of_period = parsed_period(period)
    code = edition or usual_edition(of_period)
    return PaperName(series=Series.stored(series or ""), edition=code, period=of_period.code)


def _by_paper(
    given: Sequence[_Given], said: PaperName | None, loaded: Loaded, ledger: LedgerView
) -> dict[_PaperKey, list[_Given]]:
    """Return the files by the paper that they are.

    Raises:
        UsageProblem: One does not tell, and the command does not either.
    """
    names = [name_of(file.paper, _TITLES) or _name_of_scan(file, ledger) for file in given]
    told = {(name.series, name.edition, name.period): name for name in names if name}
    only = None
    if len(told) == 1:
        (only,) = told.values()
    papers: dict[_PaperKey, list[_Given]] = {}
    for file, name in zip(given, names, strict=True):
        papers.setdefault(_key(file, name or said or only, loaded), []).append(file)
    return papers


def _key(file: _Given, name: PaperName | None, loaded: Loaded) -> _PaperKey:
    if name is None or name.edition not in ALL_EDITIONS:
        raise UsageProblem(
            f"看不出“{file.name}”是哪一期的哪一种材料，没有登记。请加 --period 期号（如 2026-11）；"
            "例会材料再加 --edition meeting；扫描的是简报或晾晒版，再加 --series brief 或 --series league。"
        )
    series = name.series
    if not series.is_known:
        series = Series(name.edition)
        if file.paper.kind is PaperKind.TEXT:
            series = Series.BRIEF
    period = parsed_period(name.period)
    return _PaperKey(series, ALL_EDITIONS[name.edition], loaded.settings.span(period.code))


def _name_of_scan(file: _Given, ledger: LedgerView) -> PaperName | None:
    """Return the paper whose file the scan is named after, the longest name first."""
    stem = Path(file.name).stem
    best: tuple[int, PaperName] | None = None
    for period, edition in ledger.editions_made():
        for made in ledger.made_editions(period, edition):
            for series, made_file in made.files:
                name = Path(made_file.path).stem
                if stem.startswith(name) and (best is None or len(name) > best[0]):
                    best = len(name), PaperName(series=series, edition=edition, period=period)
    if best is None:
        return None
    return best[1]


# --- registering


class _Desk:
    """Where files become papers with numbers; nothing is recorded yet."""

    def __init__(self, workspace: Workspace, loaded: Loaded, ledger: Ledger, by: str, now: datetime) -> None:
        self._workspace = workspace
        self._loaded = loaded
        self._ledger = ledger
        self._by = by
        self._now = now
        self._numbers: set[tuple[Series, int, int]] = set()
        """Series, year and number of the papers that this command brings."""

    def register(self, key: _PaperKey, given: Sequence[_Given]) -> RegisteredPaper:
        """Return what becomes of the files of a paper.

        Raises:
            UsageProblem: It was given out before, and this is another text of it.
        """
        period = key.period.code
        last = newest(self._ledger.publications(period), key.series, period, key.edition.code)
        new = [file for file in given if last is None or not last.has(file.sha256)]
        if last is not None and not new:
            return RegisteredPaper(last, (), ())
        made = self._made(key, new)
        findings = self._findings(key, new, made)
        files = tuple(file.file for file in new)
        if last is not None and not _is_another_text(new, last):
            more = replace(last, files=(*last.files, *files))
            return RegisteredPaper(more, files, tuple(findings))
        number, correction = self._number(key, new, last)
        publication = Publication(
            series=key.series,
            year=year_of(key.period),
            number=number,
            correction=correction,
            edition=key.edition.code,
            published_at=self._now,
            published_by=self._by,
            files=files,
            told=made.told,
            plan=made.plan,
        )
        findings += _of_number(new, publication)
        return RegisteredPaper(publication, files, tuple(findings))

    def _number(self, key: _PaperKey, new: Sequence[_Given], last: Publication | None) -> tuple[int, int]:
        """Return the number of a paper and of its correction: the one that is printed on it if that is free.

        Raises:
            UsageProblem: The paper was given out, and this is no correction of it.
        """
        printed = [file.paper.number for file in new if file.paper.number]
        if last is not None:
            wanted = (last.number, last.correction + 1)
            if key.edition is not WEEK and wanted in printed:
                return wanted
            raise UsageProblem(_given_out_before(key, last))
        year = year_of(key.period)
        wished = [number for number, _ in printed if number]
        for number in chain(wished, count(self._ledger.next_number(key.series, year))):
            taken = self._ledger.has_number(key.series, year, number)
            if not taken and (key.series, year, number) not in self._numbers:
                break
        self._numbers.add((key.series, year, number))
        return number, 0

    def _made(self, key: _PaperKey, new: Sequence[_Given]) -> MadeEdition:
        """Return the making that a paper comes from: the one it names, else the last signed, else the last.

        Where none was recorded, as by an earlier version, it is what would be made now.
        """
        makings = self._ledger.made_editions(key.period.code, key.edition.code)
        names = [name_of(file.paper, _TITLES) for file in new]
        named = {name.made_from for name in names if name}
        of_its_own = [made for made in makings if made.made_from in named]
        signed = [made for made in makings if made.signed_by]
        for chosen in (of_its_own, signed, makings):
            if chosen:
                return chosen[-1]
        facts = facts_of(gathered(self._loaded, self._ledger, key.period, key.edition))
        return MadeEdition(
            edition=key.edition.code,
            made_from=made_from(facts.data),
            signed_by="",
            plan=facts.data.plan_snapshot,
            files=(),
            told=published(facts, self._ledger.sequence()),
        )

    def _findings(self, key: _PaperKey, new: Sequence[_Given], made: MadeEdition) -> list[Finding]:
        """Return what is to be told of the files of a paper."""
        findings: list[Finding] = []
        for file in new:
            if file.paper.kind is PaperKind.SCAN:
                findings.append(finding(Code.PAPER_SCAN_NOT_READ, Place(file.name)))
                continue
            if mark := file.paper.draft_mark:
                findings.append(finding(Code.PAPER_NOT_SIGNED, Place(file.name), found=mark))
            if self._ledger.wrote(file.sha256):
                continue
            ours = self._ours(key, made)
            if sha256(ours) != file.sha256:
                with Reader(self._loaded.settings.limits) as reader:
                    findings += figures_not_ours(file.name, file.paper, _paper(file.name, ours, reader))
        return findings

    def _ours(self, key: _PaperKey, made: MadeEdition) -> bytes:
        """Return the file of a paper as the program made it, else as it would make it now."""
        file = made.file(key.series)
        if file is not None:
            kept = archived(self._workspace.archive, file.sha256)
            if kept.exists():
                return kept.read_bytes()
        part = parts_of(key.edition)[key.series]
        facts = facts_of(gathered(self._loaded, self._ledger, key.period, key.edition))
        told = for_readers(facts, self._ledger, key.series, Release(key.edition, part.audience))
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"paper{part.ending}"
            part.write(path, told)
            return path.read_bytes()


def _is_another_text(new: Sequence[_Given], last: Publication) -> bool:
    """Whether the paper has a file of a kind already of which the new ones bring another; scans only add."""
    has = {file.kind for file in last.files} - {PaperKind.SCAN}
    return any(file.paper.kind in has for file in new)


def _given_out_before(key: _PaperKey, last: Publication) -> str:
    given_out = f"{key.label}已经印发（{last.label}），这是另外的内容，没有登记"
    if key.edition is WEEK:
        return f"{given_out}。周报不换发，印发后的变动在下一期“本期变化”里更正。"
    command = report_command(key.edition, key.period)
    correction = number_label(last.number, last.correction + 1)
    return f"{given_out}。要换发的，请先运行 {command} --final 签发人，生成{correction}，再登记。"


def _of_number(new: Sequence[_Given], publication: Publication) -> list[Finding]:
    expected = number_label(publication.number, publication.correction)
    wanted = (publication.number, publication.correction)
    findings = []
    for file in new:
        if file.paper.number not in (None, wanted):
            place, printed = Place(file.name), file.paper.number_in_words
            findings.append(finding(Code.PAPER_NUMBER_DIFFERS, place, found=printed, expected=expected))
    return findings
