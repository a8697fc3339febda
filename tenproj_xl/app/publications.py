"""The command `publications`: what was given out, what has changed since, and all of it handed out again."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tenproj_xl.app.changed_papers import papers_to_compare
from tenproj_xl.app.matrix_results import PaperState, called_for
from tenproj_xl.app.paper_results import ListedPapers
from tenproj_xl.app.periods import spoken_period, with_issued
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.releases import ALL_EDITIONS, audience_of, for_readers, report_command
from tenproj_xl.app.restated_figures import RestatedFigures
from tenproj_xl.app.rollup_input import gathered_again
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.errors import EnvironmentProblem, UsageProblem
from tenproj_xl.core.files import archived, write_file
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.publications import Publication, PublishedFile, Series
from tenproj_xl.model.settings import Loaded
from tenproj_xl.rollup.facts.editions import WEEK, Release
from tenproj_xl.rollup.facts.errata import Difference, change_line, differences
from tenproj_xl.rollup.facts.model import Facts, facts_of


def publications(workspace: Workspace, period: str | None = None, out: Path | None = None) -> ListedPapers:
    """Return the papers that were given out, by period, and write their files into a folder.

    Files that were lawfully removed are named, and not written.

    Args:
        workspace: The workspace.
        period: The code of a period, by default all.
        out: The folder, in which each paper has one of its own; None to write nothing.

    Raises:
        UsageProblem: A file of the same name and other bytes lies in the folder.
        EnvironmentProblem: The archive lacks a file that was not removed.
    """
    loaded = load(workspace)
    with look_into_ledger(workspace.ledger) as ledger:
        loaded = with_issued(loaded, ledger)
        if period is not None:
            period = spoken_period(period, loaded, ledger)
        papers = sorted(
            ledger.publications(period), key=lambda p: (p.period, p.series, p.number, p.correction)
        )
        states = tuple(_states(papers, loaded, ledger))
        removed = frozenset(removal.sha256 for removal in ledger.removals())
    written: list[Path] = []
    if out is not None:
        for paper in papers:
            files = [file for file in paper.files if file.sha256 not in removed]
            written += _hand_out(workspace, files, out / paper.label)
    return ListedPapers(papers=states, written=tuple(written), removed=removed, zone=loaded.settings.zone)


def proposals(loaded: Loaded, ledger: LedgerView, year: int) -> tuple[PaperState, ...]:
    """Return the papers of a year and the one before for which a correction is called for.

    One stands for all papers of an edition, which are corrected together; those of earlier years, too, stand
    in `publications`.
    """
    papers = [p for p in ledger.publications() if p.edition != WEEK.code and p.year in (year - 1, year)]
    papers = papers_to_compare(_last_corrections(papers), loaded, ledger)
    return tuple(called_for(_states(papers, loaded, ledger)))


def _last_corrections(papers: Iterable[Publication]) -> list[Publication]:
    """Return the papers without those that were corrected since."""
    last: dict[tuple[Series, int, int], Publication] = {}
    for paper in papers:
        key = paper.series, paper.year, paper.number
        if key not in last or paper.correction > last[key].correction:
            last[key] = paper
    return list(last.values())


def _states(papers: Iterable[Publication], loaded: Loaded, ledger: LedgerView) -> Iterator[PaperState]:
    papers = list(papers)
    standing = {paper.key for paper in _last_corrections(papers)}
    facts: dict[tuple[str, str], Facts] = {}
    restated = RestatedFigures(in_force(loaded, ledger), ledger)
    for paper in papers:
        if paper.key not in standing:
            yield PaperState(publication=paper, changes=None, proposal="")
            continue
        made = paper.period.code, paper.edition
        if made not in facts:
            period = loaded.settings.span(paper.period.code)
            facts[made] = facts_of(gathered_again(loaded, ledger, period, ALL_EDITIONS[paper.edition]))
        found = _changes(paper, facts[made], ledger)
        since = restated.in_paper(paper) - {difference.code for difference in found}
        yield PaperState(
            publication=paper,
            changes=change_line(found),
            proposal=_proposal(paper, found),
            restated=len(since),
        )


def _changes(paper: Publication, facts: Facts, ledger: LedgerView) -> tuple[Difference, ...]:
    release = Release(ALL_EDITIONS[paper.edition], audience_of(paper.series))
    return differences(paper.told, for_readers(facts, ledger, paper.series, release))


def _proposal(paper: Publication, found: Iterable[Difference]) -> str:
    """Return the command that makes a correction, "" where none is called for; a week has none."""
    if paper.edition == WEEK.code or not any(d.calls_for_correction for d in found):
        return ""
    return report_command(ALL_EDITIONS[paper.edition], paper.period)


def _hand_out(workspace: Workspace, files: Iterable[PublishedFile], folder: Path) -> Iterator[Path]:
    """Write files of a paper under their own names; one that lies there already is left as it is."""
    for file in files:
        kept = archived(workspace.archive, file.sha256)
        if not kept.exists():
            raise EnvironmentProblem(f"存档里没有“{file.name}”，请从备份恢复 ledger 文件夹，再运行一次。")
        data = kept.read_bytes()
        path = folder / file.name
        if path.exists() and path.read_bytes() != data:
            raise UsageProblem(f"“{path}”已经有了，内容不同，没有覆盖；请换一个文件夹。")
        write_file(path, data)
        yield path
