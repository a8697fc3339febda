"""Make an edition of the roll-up: all its papers, for leaders and for all to read.

Reads: plan, settings and ledger. Writes: the files of the edition into the outbox, their bytes into the
archive, and what they tell into the ledger.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tenproj_xl.app.as_given_out import as_given_out
from tenproj_xl.app.noted_matters import new_matters, record_matters
from tenproj_xl.app.outputs import Outputs
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.releases import for_readers
from tenproj_xl.app.rollup_input import gathered
from tenproj_xl.app.score_checks import (
    ScoreCheck,
    record_score_check,
    remove_stale_letters,
    score_check_of,
    score_letters,
    write_score_books,
)
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.core.files import all_bytes_written, atomic_write, file_name, write_file
from tenproj_xl.core.periods import Period
from tenproj_xl.core.progress import counted
from tenproj_xl.core.second_process import hand_over, load_later
from tenproj_xl.ledger.store import Ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.deliveries import NotedMatter
from tenproj_xl.model.publications import MadeEdition, Series, newest
from tenproj_xl.model.settings import Loaded
from tenproj_xl.model.settings_schema import RELEASE_SHEET
from tenproj_xl.rollup.annual_report import write_annual_report
from tenproj_xl.rollup.book import write_rollup
from tenproj_xl.rollup.brief import write_brief
from tenproj_xl.rollup.facts.editions import WEEK, YEAR, Audience, Edition, Release
from tenproj_xl.rollup.facts.embargo import unreleased_figures
from tenproj_xl.rollup.facts.input import RollupInput, made_from
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.facts.public import left_out
from tenproj_xl.rollup.facts.publishing import published
from tenproj_xl.rollup.print_copy import write_print_copy
from tenproj_xl.rollup.retold import corrects_nothing
from tenproj_xl.rollup.wall.document import has_wall, write_wall

PRINT_COPY = "_打印版.xlsx"
"""The end of the name of the copy for the printer."""
WALL = "_挂图作战.html"
"""The end of the name of the pages for the wall."""
_LISTED = 5
"""As many places as are named in one sentence."""


@dataclass(frozen=True)
class Made:
    """What was written, the leaders' workbook first, and what it says.

    `withheld` are the places of texts that are shown to all without the names and numbers of people in them,
    `to_check` the workbooks in which units check their scores, `awaited` what has to come before the league
    is published.
    """

    facts: Facts
    written: tuple[Path, ...]
    withheld: tuple[str, ...] = ()
    to_check: tuple[Path, ...] = ()
    awaited: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the operator is told of the files."""
        notices = []
        unreleased = unreleased_figures(self.facts.indicators)
        if unreleased and not self.awaited:
            day = self.facts.data.made_on
            notices.append(
                f"晾晒版没有写到{day.month}月{day.day}日还没有公布的数：{_listed(unreleased, '项')}。"
                f"已公布的，请在“设置.xlsx”的“{RELEASE_SHEET.name}”登记公布日期。"
            )
        if self.withheld:
            places = _listed(self.withheld, "处")
            notices.append(f"晾晒版略去了单位填报文字里的姓名、电话或不对外的数：{places}，请看一眼。")
        if self.standing:
            notices.append(
                f"没有要更正的：{'、'.join(self.standing)}与印发时一样，以印发稿为准，没有生成更正稿。"
            )
        return (*notices, *self.awaited)


def _listed(named: Sequence[str], counted: str) -> str:
    """Return the first of some places, and how many there are where that is more."""
    more = f"等{len(named)}{counted}" if len(named) > _LISTED else ""
    return "、".join(named[:_LISTED]) + more


@dataclass(frozen=True)
class EditionPart:
    """A file of an edition: the end of its name, what writes it, and who reads it."""

    ending: str
    write: Callable[..., None]
    audience: Audience


def parts_of(edition: Edition) -> Mapping[Series, EditionPart]:
    """Return the files of an edition, each under its series, the leaders' workbook first."""
    parts = {
        Series(edition.code): EditionPart(".xlsx", write_rollup, Audience.LEADERS),
        Series.LEAGUE: EditionPart(f"_{Audience.PUBLIC}.xlsx", write_rollup, Audience.PUBLIC),
        Series.BRIEF: EditionPart("_简报.docx", write_brief, Audience.LEADERS),
    }
    if edition is YEAR:
        parts[Series.REPORT] = EditionPart("_报告.docx", write_annual_report, Audience.LEADERS)
    return parts


def make(
    workspace: Workspace,
    loaded: Loaded,
    ledger: Ledger,
    period: Period,
    edition: Edition,
    signed_by: str,
    now: datetime | None = None,
) -> Made:
    """Write the files of an edition, and record them and what they tell.

    A league comes with what units are to check of it, and is published only when that is settled; `now` is
    the moment that the time for objections is reckoned by, by default the present.

    Raises:
        UsageProblem: No forms went out in the period, or a week that was given out is to be signed again.
    """
    if signed_by and edition is WEEK:
        _refuse_given_out(ledger, period)
    load_later()
    now = now or datetime.now(UTC)
    check = score_check_of(facts_of(gathered(loaded, ledger, period, edition)), ledger, now)
    facts = check.facts
    told = _told(check, ledger, edition, signed_by, now)
    standing = [one for one in told.values() if corrects_nothing(one)]
    labels = tuple(one.data.corrects.label for one in standing if one.data.corrects)
    papers = _papers({series: one for series, one in told.items() if one not in standing}, loaded)
    if not papers:
        return Made(facts, (), standing=labels)
    outputs = Outputs(workspace, loaded, ledger)
    plans, sent_with = in_force(loaded, ledger), ledger.newest_period() or period.code
    letters = score_letters(check, workspace, plans, ledger, sent_with=sent_with, now=now)
    remove_stale_letters(check, {letter.path for letter in letters}, workspace, plans, ledger)
    for letter in letters:
        write_file(letter.path, letter.text.encode("utf-8-sig"))
    sent = [*write_score_books(check, workspace, outputs), *(letter.path for letter in letters)]
    folder = workspace.outbox / period.code / "汇总"
    written = {}
    begun = _beside(papers)
    is_for_all = any(paper.series is Series.LEAGUE for paper in papers)
    withheld = left_out(facts) if is_for_all else ()  # while the second process writes
    for paper in counted(begun, "生成汇总材料"):
        written[paper.name] = outputs.write_archived(folder / paper.name, paper.write)
    files = [(paper.series, written[paper.name]) for paper in papers if paper.series is not None]
    made = MadeEdition(
        edition=edition.code,
        made_from=made_from(facts.data),
        signed_by=signed_by,
        plan=facts.data.plan_snapshot,
        files=tuple(files),
        told=published(facts, ledger.sequence()),
    )
    matters = [letter.matter for letter in letters]
    _record(made, check, matters, outputs, ledger, loaded)
    paths = tuple(folder / paper.name for paper in papers)
    return Made(facts, paths, withheld, tuple(sent), tuple(check.awaited(now)), labels)


def make_again(
    loaded: Loaded,
    ledger: LedgerView,
    period: Period,
    edition: Edition,
    signed_by: str,
    folder: Path,
    now: datetime,
) -> Made:
    """Write the files of an edition into a folder as they were at a moment; nothing is recorded.

    Raises:
        UsageProblem: No forms went out in the period.
    """
    facts = facts_of(gathered(loaded, ledger, period, edition))
    papers = _papers(_told(score_check_of(facts, ledger, now), ledger, edition, signed_by, now), loaded)
    for paper in _beside(papers):
        with atomic_write(folder / paper.name) as temporary:
            paper.write(temporary)
    return Made(facts, tuple(folder / paper.name for paper in papers))


@dataclass(frozen=True, kw_only=True)
class _Paper:
    """A file of an edition: its series, its name, and what writes it to a path.

    The copy of the leaders' workbook for the printer and the wall are no papers of their own, and have no
    series.
    """

    series: Series | None
    name: str
    write: Callable[..., None]

    @property
    def is_written_beside(self) -> bool:
        """Whether it is written while the workbook for leaders is, which takes as long as all of these."""
        return self.series is Series.LEAGUE or self.name.endswith((PRINT_COPY, WALL))


def _told(
    check: ScoreCheck, ledger: LedgerView, edition: Edition, signed_by: str, now: datetime
) -> dict[Series, Facts]:
    """Return what each paper of an edition tells, that for leaders first; a league only when it is settled.

    A correction knows what the paper was made from that it corrects.
    """
    found: dict[Series, Facts] = {}
    then: dict[int, RollupInput | None] = {}
    for series, part in parts_of(edition).items():
        if series is Series.LEAGUE and not check.is_settled(now):
            continue
        told = for_readers(check.facts, ledger, series, Release(edition, part.audience, signed_by))
        if paper := told.data.corrects:
            made = paper.told.sequence
            if made not in then:
                then[made] = as_given_out(paper, ledger)
            told = replace(told, data=replace(told.data, given_out=then[made]))
        found[series] = told
    return found


def _papers(papers_told: Mapping[Series, Facts], loaded: Loaded) -> list[_Paper]:
    """Return papers of an edition, by what they tell, with what is made beside the leaders' workbook."""
    papers = []
    for series, told in papers_told.items():
        edition = told.data.release.edition
        part = parts_of(edition)[series]
        stem = _stem(loaded, told.data.release, told.data.period)
        write: Callable[..., None] = partial(part.write, facts=told)
        papers.append(_Paper(series=series, name=f"{stem}{part.ending}", write=write))
        if series is Series(edition.code):
            write = partial(write_print_copy, facts=told)
            papers.append(_Paper(series=None, name=f"{stem}{PRINT_COPY}", write=write))
            if has_wall(edition):
                write = partial(write_wall, facts=told)
                papers.append(_Paper(series=None, name=f"{stem}{WALL}", write=write))
    return papers


def _beside(papers: Sequence[_Paper]) -> list[_Paper]:
    """Return papers of which some are written by a second process from now on, these last."""
    second = [paper for paper in papers if paper.is_written_beside]
    # Together, for what is known of years is in all of them, and goes over once.
    data = hand_over(all_bytes_written, [paper.write for paper in second])
    begun = [replace(paper, write=partial(_write_when_done, data, n)) for n, paper in enumerate(second)]
    return [*(paper for paper in papers if not paper.is_written_beside), *begun]


def _write_when_done(data: "Future[list[bytes]]", place: int, path: Path) -> None:
    path.write_bytes(data.result()[place])


def _record(
    made: MadeEdition,
    check: ScoreCheck,
    matters: Sequence[NotedMatter],
    outputs: Outputs,
    ledger: Ledger,
    loaded: Loaded,
) -> None:
    is_week = made.edition == WEEK.code
    command = "report"
    if is_week:
        command = "merge"
    with ledger.batch(command, datetime.now(UTC), loaded.snapshots):
        outputs.record()
        ledger.record_edition(made)
        record_score_check(check, ledger)
        record_matters(new_matters(matters, ledger), ledger)
        if is_week:
            ledger.record_merge(made.told)


def _refuse_given_out(ledger: LedgerView, period: Period) -> None:
    given_out = newest(ledger.publications(period.code), Series.WEEK, period.code, WEEK.code)
    if given_out:
        raise UsageProblem(
            f"{period.dated_label}的汇总已经印发（{given_out.label}），不再签发；此后的变动在下一期“本期变化”里更正。"
        )


def _stem(loaded: Loaded, release: Release, period: Period) -> str:
    title = file_name(loaded.plan.programme.title.replace("“", "").replace("”", ""))
    what = "汇总表"
    if release.edition is not WEEK:
        what = release.edition.title
    stem = f"{title}_{period.dated_label}{what}"
    if release.correction:
        stem += f"_更正稿第{release.correction}次"
    if release.signed_by:
        stem += "_签发稿"
    return stem
