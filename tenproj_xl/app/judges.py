"""Who recognises and judges returns: this process, or where there are many of them the second one.

That does it while the first records and answers those that came before. It has plan and ledger, and neither
passwords nor files from outside: what goes over is what was read of them.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path

from tenproj_xl.app.grounds import Concerned, Grounds, grounds_of
from tenproj_xl.app.identify_files import identify_files
from tenproj_xl.app.known_files import KnownFiles
from tenproj_xl.app.plans import InForce, in_force
from tenproj_xl.core.columns import Sheet
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.folded import Fold, Folded
from tenproj_xl.core.garbage import gc_paused
from tenproj_xl.core.named_sheets import named_sheets
from tenproj_xl.core.second_process import hand_over, has_second_process
from tenproj_xl.core.words import USUAL
from tenproj_xl.ledger.looking import follow_ledger
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.model.passwords import NO_PASSWORDS
from tenproj_xl.model.settings import Loaded
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.reading.book import Book
from tenproj_xl.reading.content import Held
from tenproj_xl.recognition.identify import Identified, Return
from tenproj_xl.validation.corrections import with_corrections
from tenproj_xl.validation.judge import JudgedReturn, judge


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A file, what it turned out to be, and sheets and codes of the rows that a return has.

    Of a return that was recognised elsewhere the cells of the file did not come back.
    """

    opened: Opened
    identified: Identified
    rows: frozenset[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """Returns that are judged together.

    Attributes:
        returns: The returns.
        concerned: What they, and others of their portion, are about.
        begun: The last batch before the run, where earlier portions are recorded; None for the first.
        apart: Whether each is judged as if it came alone.
    """

    returns: Sequence[Return]
    concerned: Concerned
    begun: int | None
    apart: bool = False


class JudgesHere:
    """Recognises and judges in this process, at once."""

    are_beside = False

    def __init__(self, plans: InForce, ledger: LedgerView) -> None:
        self.plans = plans
        self.ledger = ledger

    def recognise(self, opened: Sequence[Opened]) -> "Future[list[Recognised]]":
        """Have files recognised, in their order."""
        done: Future[list[Recognised]] = Future()
        done.set_result(_recognised(opened, self.plans, self.ledger))
        return done

    def judge(self, case: Case, grounds: Callable[[], Grounds]) -> "Future[list[JudgedReturn]]":
        """Have returns judged, in their order; `grounds` gives what they are checked against."""
        done: Future[list[JudgedReturn]] = Future()
        done.set_result(_judged(case, grounds()))
        return done


class JudgesBeside(JudgesHere):
    """Has returns recognised and judged in the second process, while this one goes on."""

    are_beside = True

    def recognise(self, opened: Sequence[Opened]) -> "Future[list[Recognised]]":
        """Have files recognised, in their order; their bytes stay here."""
        return hand_over(_recognised_beside, [_without_bytes(one) for one in opened])

    def judge(self, case: Case, grounds: Callable[[], Grounds]) -> "Future[list[JudgedReturn]]":  # noqa: ARG002  # the second process finds them by itself
        """Have returns judged, in their order."""
        return hand_over(_judged_beside, case)


@contextmanager
def judges_of(plans: InForce, ledger: LedgerView, folder: Path, *, are_many: bool) -> Iterator[JudgesHere]:
    """Give who judges returns meanwhile.

    Args:
        plans: Plan and settings of each period.
        ledger: What is known; between two portions all of it is recorded.
        folder: Where the ledger lies.
        are_many: Whether there are so many that another process is worth it.
    """
    _name_sheets(plans)
    if not (are_many and has_second_process()):
        yield JudgesHere(plans, ledger)
        return
    begun = hand_over(_begin, folder, replace(plans.loaded, passwords=NO_PASSWORDS))
    try:
        yield JudgesBeside(plans, ledger)
    finally:
        begun.result()
        hand_over(_end)


def _recognised(opened: Sequence[Opened], plans: InForce, ledger: LedgerView) -> list[Recognised]:
    found = []
    for one, identified in zip(opened, identify_files(opened, _sheets(plans), plans, ledger), strict=True):
        rows = identified.result.rows if identified.result else ()
        codes = frozenset((row.sheet.code, row.issued.code) for row in rows if row.issued)
        found.append(Recognised(opened=one, identified=identified, rows=codes))
    return found


def _judged(case: Case, grounds: Grounds) -> list[JudgedReturn]:
    returns = [with_corrections(source, grounds.context_of(source)) for source in case.returns]
    return judge(returns, _sheets(grounds.plans), grounds.context_of, apart=case.apart)


def _sheets(plans: InForce) -> Sequence[Sheet]:
    return named_sheets(plans.loaded.plan.programme.years, USUAL)


def _name_sheets(plans: InForce) -> None:
    """Have the sheets of the form in the words of each plan go over by their names."""
    years = plans.loaded.plan.programme.years
    for words in {version.plan.programme.words for version in plans.plans.versions}:
        named_sheets(years, words)
    named_sheets(years, USUAL)


# --- in the second process


class _Knowledge:
    """What the second process judges by."""

    def __init__(self, folder: Path, loaded: Loaded) -> None:
        self._open = ExitStack()
        self.ledger = self._open.enter_context(follow_ledger(folder))
        self.plans = in_force(loaded, self.ledger)
        _name_sheets(self.plans)

    def close(self) -> None:
        self._open.close()


_knowledge: ContextVar[_Knowledge | None] = ContextVar("knowledge", default=None)


def _begin(folder: Path, loaded: Loaded) -> None:
    _knowledge.set(_Knowledge(folder, loaded))


def _end() -> None:
    """Let go of all that is only needed to judge: the same process writes workbooks later."""
    _known().close()
    _knowledge.set(None)
    gc.collect()  # a plan and what is kept with it know each other


def _known() -> _Knowledge:
    knowledge = _knowledge.get()
    if knowledge is None:
        raise RuntimeError("nothing was begun")
    return knowledge


def _without_bytes(opened: Opened) -> Opened:
    return replace(opened, received=replace(opened.received, content=Held(b"")))


@gc_paused()
def _recognised_beside(opened: Sequence[Opened]) -> list[Recognised]:
    """Return what files are; what stands in the returns among them is folded."""
    knowledge = _known()
    recognised = _recognised(opened, knowledge.plans, knowledge.ledger)
    contents = []
    for one in recognised:
        if source := one.identified.result:
            contents += [source.rows, source.unplaced, source.statuses]
    fold, place, found = Fold.of(contents), 0, []
    for one in recognised:
        if one.identified.result:
            found.append(_folded(one, one.identified.result, fold, place))
            place += 3
        else:
            found.append(one)
    return found


def _folded(one: Recognised, source: Return, fold: Fold, place: int) -> Recognised:
    """Return a return whose rows, rows without a place and statuses are three of the sequences of a fold."""
    result = replace(
        source,
        rows=Folded(fold, place),
        unplaced=Folded(fold, place + 1),
        statuses=Folded(fold, place + 2),
    )
    found = one.opened.found
    if isinstance(found, Book):
        found = Book(kind=found.kind, sheets=())
    opened = replace(one.opened, found=found)
    return replace(one, opened=opened, identified=replace(one.identified, result=result))


@gc_paused()
def _judged_beside(case: Case) -> list[JudgedReturn]:
    """Return what becomes of returns, by what is recorded of earlier ones."""
    knowledge = _known()
    ledger = knowledge.ledger
    grounds = grounds_of(case.concerned, knowledge.plans, ledger, KnownFiles(ledger, case.begun))
    whole = [_unfolded(source) for source in case.returns]
    judged = _judged(replace(case, returns=whole), grounds)
    ledger.forget_read(but=grounds.known.rows)
    return judged


def _unfolded(source: Return) -> Return:
    return replace(
        source,
        rows=tuple(source.rows),
        unplaced=tuple(source.unplaced),
        statuses=tuple(source.statuses),
    )
