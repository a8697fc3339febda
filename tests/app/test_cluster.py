"""Wherever received files are read, the ledger is the same: here, in a pool of processes, on a cluster that loses a machine."""

import logging
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tenproj_xl.app import cluster as cluster_module
from tenproj_xl.app.cluster import reading_on, reading_on_cluster
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.cli.main import main
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.core.limits import LIMITS
from tenproj_xl.reading.budget import Budget
from tenproj_xl.reading.parcels import SealedParcel, read_parcels, task_of
from tests.conftest import PERIOD
from tests.faults.state import State, state_of
from tests.helpers.filling import Office
from tests.helpers.shared import copied_as

IS_THERE = find_spec("distributed") is not None
dask: Any = import_module("dask") if IS_THERE else None
distributed: Any = import_module("distributed") if IS_THERE else None
needs_distributed = pytest.mark.skipif(
    not IS_THERE, reason="pandas and pandera differ where dask is: .ci/run cluster"
)


@pytest.fixture(scope="module")
def full(_first_week: Path, _first: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forms for 2026-W48 have come back: right ones, again ones, in a zip, one with an error, a broken one."""
    office = copied_as(_first, _first_week, tmp_path_factory.mktemp("full"))
    inbox = office.workspace.inbox
    for code in ("02", "03", "08"):
        office.send(office.right(code))
    spoiled = office.right("03")
    spoiled.write("indicators", "Z03-04", value="大约三成")
    office.send(spoiled, "03又.xlsx")
    (inbox / "坏.xlsx").write_bytes((inbox / "03又.xlsx").read_bytes()[:3000])
    with zipfile.ZipFile(inbox / "回表.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("04.xlsx"), office.right("04").data)
        archive.writestr(zipfile.ZipInfo("又.xlsx"), (inbox / "03又.xlsx").read_bytes())
    moment = office.deadline.timestamp() - 3600
    for path in inbox.iterdir():
        os.utime(path, (moment, moment))
    return office.workspace.root


@pytest.fixture(scope="module")
def serial(full: Path, tmp_path_factory: pytest.TempPathFactory) -> State:
    """What the workspace holds once they were taken in by this machine alone."""
    workspace = copy(full, tmp_path_factory.mktemp("serial"))
    ingest(workspace, PERIOD)
    return state_of(workspace.root)


def copy(full: Path, folder: Path) -> Workspace:
    return Workspace(Path(shutil.copytree(full, folder / "工作区")))


def told(serial: State, workspace: Workspace) -> list[str]:
    """What a workspace has otherwise than after a run on this machine alone."""
    return list(serial.differences(state_of(workspace.root)))


def test_a_pool_of_processes_gives_the_same_ledger_and_letters(
    full: Path, serial: State, tmp_path: Path
) -> None:
    workspace = copy(full, tmp_path)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool, reading_on(pool):
        ingest(workspace, PERIOD)
    assert told(serial, workspace) == []
    assert serial.ledger["rows"], "something was accepted"


@pytest.mark.skipif(IS_THERE, reason="it is installed")
@pytest.mark.parametrize("command", ["ingest", "merge", "run"])
def test_without_distributed_the_remedy_is_told(full: Path, tmp_path: Path, command: str) -> None:
    workspace = copy(full, tmp_path)
    before = state_of(workspace.root)
    arguments = ["-C", str(workspace.root), command, "--cluster", "tcp://127.0.0.1:8786"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 3
    assert '请在本软件的文件夹里运行 pip install ".[cluster]" 后重试，或去掉 --cluster' in done.stderr
    assert told(before, workspace) == []


def test_what_is_made_again_from_the_ledger_needs_no_cluster(full: Path) -> None:
    arguments = ["-C", str(full), "merge", "--as-of", "2026-11-27", "--cluster", "tcp://127.0.0.1:8786"]
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, "请去掉 --cluster" in done.stderr) == (2, True)


# --- on a real cluster


@contextmanager
def cluster(workers: int = 2, **config: object) -> Iterator[str]:
    """Give the address of a cluster of processes of this machine."""
    settings = {"distributed.admin.tick.interval": "1 s", **config}
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address=":0",
            silence_logs=logging.CRITICAL,
        ) as own,
    ):
        yield own.scheduler_address


@contextmanager
def one_machine_lost(address: str) -> Iterator[list[str]]:
    """Stop a machine, and kill it as soon as it has a task; give what it had."""
    with distributed.Client(address, set_as_default=False) as client:
        machine, process = next(iter(client.run(os.getpid).items()))
        os.kill(process, signal.SIGSTOP)
        lost: list[str] = []
        killer = threading.Thread(target=_kill, args=(client, machine, process, lost))
        killer.start()
        try:
            yield lost
        finally:
            killer.join()


def _kill(client: Any, machine: str, process: int, lost: list[str]) -> None:
    until = time.monotonic() + 60
    while not lost and time.monotonic() < until:
        lost += map(str, client.processing().get(machine, ()))
        time.sleep(0.01)
    os.kill(process, signal.SIGKILL)


@pytest.mark.cluster
@needs_distributed
def test_a_cluster_that_loses_a_machine_gives_the_same_ledger_and_letters(
    full: Path, serial: State, tmp_path: Path
) -> None:
    workspace = copy(full, tmp_path)
    with cluster() as address, reading_on_cluster(address), one_machine_lost(address) as lost:
        ingest(workspace, PERIOD)
    assert lost
    assert told(serial, workspace) == []


@pytest.mark.cluster
@needs_distributed
def test_where_machine_after_machine_is_lost_nothing_is_recorded_and_the_next_run_does_all(
    full: Path, serial: State, tmp_path: Path
) -> None:
    workspace = copy(full, tmp_path)
    before = state_of(workspace.root)
    with cluster(**{"distributed.scheduler.allowed-failures": 0}) as address:
        with (
            pytest.raises(EnvironmentProblem, match="先后有几台计算节点在读取时退出"),
            reading_on_cluster(address),
            one_machine_lost(address),
        ):
            ingest(workspace, PERIOD)
        assert told(before, workspace) == []
        with reading_on_cluster(address):
            ingest(workspace, PERIOD)
    assert told(serial, workspace) == []


@pytest.mark.cluster
@needs_distributed
def test_the_command_reads_on_a_cluster(full: Path, serial: State, tmp_path: Path) -> None:
    workspace = copy(full, tmp_path)
    with cluster() as address:
        done = CliRunner().invoke(main, ["-C", str(workspace.root), "ingest", "--cluster", address])
    assert done.exit_code == 1, done.output
    assert told(serial, workspace) == []


@pytest.mark.cluster
@needs_distributed
def test_reading_processes_end_with_the_run_and_with_a_machine_that_is_killed() -> None:
    with cluster(1) as address, distributed.Client(address, set_as_default=False) as client:
        with reading_on_cluster(address):
            client.submit(_read_something, pure=False).result()
            assert len(client.submit(_children, pure=False).result()) == 1
        (left,) = client.run(_children).values()
        assert left == []
        client.submit(_read_something, pure=False).result()
        (reading,) = client.submit(_children, pure=False).result()
        (machine,) = client.run(os.getpid).values()
        os.kill(machine, signal.SIGKILL)
        _wait_until_gone(reading)


def _read_something() -> None:
    read_parcels(task_of([SealedParcel([b"?"], Budget(LIMITS))], LIMITS, ()))


def _children() -> list[int]:
    """The processes that this one has started, by number."""
    own = Path(f"/proc/{os.getpid()}/task")
    texts = [path.read_text() for path in own.glob("*/children")]
    return [int(number) for text in texts for number in text.split()]


def _wait_until_gone(process: int) -> None:
    with suppress(ProcessLookupError):
        for _ in range(3000):
            os.kill(process, 0)
            time.sleep(0.01)
        pytest.fail("a reading process outlives who started it")


_CONNECTING = """
import sys
from tenproj_xl.app import cluster
from tenproj_xl.core.errors import EnvironmentProblem
cluster.SECONDS = 1
for address in sys.argv[1:]:
    try:
        with cluster.reading_on_cluster(address):
            print("connected")
    except EnvironmentProblem as fault:
        print(fault)
"""
"""In a process of its own: a client that found nobody leaves a loop of events behind in the one that asked."""


@pytest.mark.cluster
@needs_distributed
def test_a_scheduler_that_does_not_answer_is_told_with_the_remedy() -> None:
    addresses = ["tcp://127.0.0.1:9", "tls://127.0.0.1:9", "127.0.0.1", "什么"]
    command = [sys.executable, "-X", "utf8", "-c", _CONNECTING, *addresses]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)  # noqa: S603 - ours
    lines = done.stdout.splitlines()
    assert done.stderr == ""
    assert [line.partition("：")[0] for line in lines] == [f"连不上集群 {address}" for address in addresses]
    assert all(line.endswith("或去掉 --cluster，在本机运行。") for line in lines)


@pytest.mark.cluster
@needs_distributed
def test_a_cluster_without_machines_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "SECONDS", 1)
    missing = pytest.raises(EnvironmentProblem, match="里还没有计算节点：请在各台机器上运行 dask worker")
    with cluster(0) as address, missing, reading_on_cluster(address):
        pass


@pytest.mark.cluster
@needs_distributed
def test_another_version_on_a_machine_is_told_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with cluster(1) as address:
        with monkeypatch.context() as patch:
            patch.setattr("importlib.metadata.version", lambda _: "0.0.1")
            told = pytest.raises(EnvironmentProblem, match=r"上的 python-calamine 是\d.*版，本机是0\.0\.1版")
            with told, reading_on_cluster(address):
                pass
        monkeypatch.setattr(cluster_module, "__version__", "0.0.1")
        told = pytest.raises(EnvironmentProblem, match=r"上的 tenproj_xl 是\d.*版，本机是0\.0\.1版")
        with told, reading_on_cluster(address):
            pass
