"""What tests share: workspaces whose forms were sent out, each test having its own copy."""

import compileall
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import tenproj_xl
from tenproj_xl.app import judge_files
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.read_workbooks import understood
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import sha256
from tenproj_xl.core.findings import Finding
from tenproj_xl.reading import inbox
from tests.clients import printing
from tests.helpers import examples
from tests.helpers.by_unit import district, sent_by_unit
from tests.helpers.filling import Office, sent_out
from tests.helpers.lent_readers import LentReaders
from tests.helpers.shared import copied_as, made_once, opened
from tests.helpers.times import moment

PACKAGE = Path(tenproj_xl.__file__).parent
IN_MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108  # pytest makes a folder of its own in it
"""Where Linux keeps files in memory: a ledger and its papers are flushed a hundred times in a test, there at no cost."""
EARLIER, PERIOD = "2026-W42", "2026-W48"
MINUTES, UNTIL = "TENPROJ_TEST_MINUTES", "TENPROJ_TESTS_UNTIL"
"""Variables: how many minutes a run may take, and when these are over by the clock that nobody sets."""
LONGEST_FIRST = (
    "tests/clients/test_clients.py",
    "tests/spoils/test_spoils.py",
    "tests/rollup/test_independent.py",
    "tests/office/test_signoff.py",
    "tests/replies/test_corrections.py",
    "tests/app/test_example.py",
    "tests/app/test_correction_rows.py",
    "tests/app/test_ingest.py",
    "tests/app/test_other_clocks.py",
    "tests/post/test_fetch.py",
    "tests/app/test_trips.py",
    "tests/fuzzing/test_fuzz.py",
    "tests/rollup/test_frames.py",
    "tests/core/test_catalogue.py",
    "tests/app/test_left_files.py",
    "tests/app/test_lead_checks.py",
    "tests/app/test_looking.py",
    "tests/app/test_by_unit.py",
    "tests/test_api.py",
    "tests/rollup/test_independent_pages.py",
    "tests/recognition/test_identify.py",
    "tests/app/test_evolutions.py",
    "tests/office/test_slips.py",
    "tests/office/test_supervise.py",
    "tests/forms/test_selfcheck.py",
)

settings.register_profile(
    # The same examples on every machine, however slow it is or however much else it does.
    "anywhere",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("anywhere")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--renew-golden", action="store_true", help="keep what the sheets say now as their golden texts"
    )
    parser.addoption(
        "--renew-examples", action="store_true", help="keep the examples of rules as they are provoked now"
    )


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run single files, and what renews kept texts, in this process; folders by as many workers as cores."""
    if config.getoption("--renew-golden") or config.getoption("--renew-examples"):
        return 0
    named = [argument.partition("::")[0] for argument in config.args]
    return None if any(Path(name).is_dir() for name in named) else 0


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name bytes by their kind: those of a zip hold the second of their making, and workers must agree on names."""
    return "bytes" if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest modules: one that begins last would leave the other workers waiting.

    In a run whose minutes are counted the others come in an order of chance, the same in all workers, so that
    it is not always the same ones that are left out.
    """
    until = os.environ.get(UNTIL)

    def place(item: pytest.Item) -> tuple[int, str]:
        name = item.nodeid.partition("::")[0]
        if name in LONGEST_FIRST:
            return LONGEST_FIRST.index(name), name
        by_chance = sha256(f"{until} {name}".encode()) if until else ""
        return len(LONGEST_FIRST), by_chance

    items.sort(key=place)


def pytest_runtest_setup() -> None:
    """Skip what is left when the minutes of the run are over."""
    until = os.environ.get(UNTIL)
    if until and time.monotonic() > float(until):
        pytest.skip("the time of this run is over")


def pytest_configure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        if minutes := os.environ.get(MINUTES):
            os.environ[UNTIL] = str(time.monotonic() + 60 * float(minutes))
        # Thousands of reading processes start, each of which would compile what has not been.
        compileall.compile_dir(PACKAGE, quiet=2)
        if _has_room_in_memory():
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
    config.addinivalue_line("markers", "provokes(code): the finding that this test provokes")


def _has_room_in_memory() -> bool:
    if not IN_MEMORY.is_dir():
        return False
    may_run_programs = not os.statvfs(IN_MEMORY).f_flag & os.ST_NOEXEC  # some tests write one
    return may_run_programs and shutil.disk_usage(IN_MEMORY).free > ROOM


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    returned = config.stash.get(printing.RETURNED, {})
    if returned:
        terminalreporter.section("what came back from real programs")
        for line in printing.lines(returned):
            terminalreporter.line(line)


@pytest.fixture(autouse=True)
def _example_of_a_rule(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold a test that provokes a finding to the example that people are shown of it."""
    mark = request.node.get_closest_marker("provokes")
    if mark is None:
        yield
        return
    understood.cache_clear()  # what an earlier test was told of the same workbooks is told anew
    made: list[Finding] = []
    init = Finding.__init__

    def noted(self: Finding, *args: Any, **more: Any) -> None:
        init(self, *args, **more)
        made.append(self)

    monkeypatch.setattr(Finding, "__init__", noted)
    yield
    provoked = [f.message for f in made if f.code is mark.args[0]]
    examples.settle(mark.args[0], provoked, renew=request.config.getoption("--renew-examples"))


@pytest.fixture(scope="session", autouse=True)
def _short_moment() -> Iterator[None]:
    """Look again at files that seem to be arriving sooner than in an office: returns have the times of their weeks.

    Those are to come on most days on which tests run, and each return in the inbox would be waited for.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenproj_xl.reading.inbox._A_MOMENT", 0.02)
        yield


@pytest.fixture(scope="session", autouse=True)
def _lent_readers() -> Iterator[None]:
    """Let reading processes go from one test to the next; those of tests/reading start their own."""
    readers = LentReaders()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tenproj_xl.reading.parcels.Worker", readers)
        yield
    readers.end()


@pytest.fixture(scope="session")
def _first_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        workspace = Workspace(folder)
        initialise(workspace)
        sent_out(workspace, PERIOD)

    return made_once(tmp_path_factory, "first-week", make)


@pytest.fixture(scope="session")
def _later_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        workspace = Workspace(folder)
        initialise(workspace)
        earlier = sent_out(workspace, EARLIER)
        for code, form in earlier.forms.items():
            if form.recipient.involved:
                earlier.send(earlier.right(code))
        ingest(workspace, EARLIER)
        sent_out(workspace, PERIOD)

    return made_once(tmp_path_factory, "later-week", make)


@pytest.fixture(scope="session", autouse=True)
def _clock_ahead() -> Iterator[None]:
    """Let returns of tests come in their weeks, though these lie ahead of the machine's clock."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (inbox, judge_files):
            patch.setattr(module, "present", lambda: moment("2098-12-31 12:00"))
        yield


@pytest.fixture(scope="session")
def later(_later_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The later week, for tests that only look: forms that are checked and not taken in."""
    return opened(_later_week, PERIOD, tmp_path_factory)


@pytest.fixture(scope="session")
def _first(_first_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return opened(_first_week, PERIOD, tmp_path_factory)


@pytest.fixture
def week(_first_week: Path, _first: Office, tmp_path: Path) -> Office:
    """The first week of all: forms for 2026-W48 are out, nothing was ever returned."""
    return copied_as(_first, _first_week, tmp_path)


@pytest.fixture(scope="session")
def _merged_week(_first_week: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        shutil.copytree(_first_week, folder)
        office = Office.of(Workspace(folder), PERIOD)
        office.send(office.right("03"))
        merge(office.workspace, PERIOD)

    return made_once(tmp_path_factory, "merged-week", make)


@pytest.fixture
def merged(_merged_week: Path, _first: Office, tmp_path: Path) -> Office:
    """The first week of all: 03 returned its form, and the roll-up was made."""
    return copied_as(_first, _merged_week, tmp_path)


@pytest.fixture
def later_week(_later_week: Path, later: Office, tmp_path: Path) -> Office:
    """Forms for 2026-W48 are out; all seven that owe one returned 2026-W42, on course everywhere."""
    return copied_as(later, _later_week, tmp_path)


@pytest.fixture(scope="session")
def _district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "district", lambda folder: sent_by_unit(district(folder), PERIOD))


@pytest.fixture(scope="session")
def forms_out(_district: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The district of `out`, for tests that only look."""
    return opened(_district, PERIOD, tmp_path_factory)


@pytest.fixture
def out(_district: Path, forms_out: Office, tmp_path: Path) -> Office:
    """Forms by task force and by unit are out for 2026-W48, in a district of several reporting units."""
    return copied_as(forms_out, _district, tmp_path)
