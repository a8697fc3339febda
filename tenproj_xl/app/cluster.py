"""Where received files are read: on this machine, or on those of a Dask cluster.

What opens received files asks `reading_executor`, and neither knows nor asks what that is. Tasks are dealt
out, and those of a lost machine done again, by Dask's scheduler.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tenproj_xl import __version__
from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.reading.parcels import end_children

if TYPE_CHECKING:
    from distributed import Client

SECONDS = 10
"""As long a scheduler, and then its first machine, is waited for."""
_READERS = ("python-calamine", "xlrd", "msoffcrypto-tool", "olefile", "python-docx")
"""Packages of which another version may read something else."""
_NOT_RECORDED = "这次没有收完，还没收的文件都在原处"
_HERE_INSTEAD = "或去掉 --cluster，在本机运行。"
_executor: ContextVar[Executor | None] = ContextVar("reading_executor", default=None)


def reading_executor() -> Executor | None:
    """Return where received files are read, None for this machine."""
    return _executor.get()


@contextmanager
def reading_on(executor: Executor) -> Iterator[None]:
    """Have received files read by an executor meanwhile."""
    before = _executor.set(executor)
    try:
        yield
    finally:
        _executor.reset(before)


@contextmanager
def reading_on_cluster(address: str) -> Iterator[None]:
    """Have received files read on a Dask cluster meanwhile; on this machine where no address is given.

    Args:
        address: That of its scheduler, such as `tcp://10.1.2.3:8786` or `tls://…`.

    Raises:
        EnvironmentProblem: distributed is not installed, the scheduler does not answer, no machine is there,
            one has another version of what reads, or the work failed on several of them.
    """
    if not address:
        yield
        return
    if find_spec("distributed") is None:
        raise EnvironmentProblem(
            '在集群上读取要另装组件：请在本软件的文件夹里运行 pip install ".[cluster]" 后重试，'
            + _HERE_INSTEAD
        )
    with _told_in_sentences(address), _client(address) as client:
        _hold_versions_equal(client, address)
        with reading_on(client.get_executor(pure=False)):
            try:
                yield
            finally:
                if client.status == "running":
                    client.run(end_children, on_error="ignore")


@contextmanager
def _client(address: str) -> Iterator["Client"]:
    import dask  # noqa: PLC0415 - installed by those alone who have a cluster
    from distributed import Client  # noqa: PLC0415 - likewise

    # A form that is large has a task to itself, which needs no advice on how to send data instead.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GiB"}):
        try:
            _look_at(address)
            client = Client(address, timeout=SECONDS, set_as_default=False)
        except (OSError, ValueError) as fault:
            raise EnvironmentProblem(
                f"连不上集群 {address}：请核对地址、端口和证书，确认调度程序（dask scheduler）已经启动；"
                + _HERE_INSTEAD
            ) from fault
        with client:
            yield client


def _look_at(address: str) -> None:
    """Look whether an address can be meant: a client that cannot even try leaves a trace of calls behind.

    Raises:
        ValueError: It has no port, or no certificates are named for it.
    """
    from distributed import Security  # noqa: PLC0415 - as above
    from distributed.comm.addressing import parse_address, parse_host_port  # noqa: PLC0415 - as above

    scheme, place = parse_address(address, strict=True)
    parse_host_port(place)
    if scheme == "tls" and Security().get_connection_args("client").get("ssl_context") is None:
        raise ValueError("no certificates")


@contextmanager
def _told_in_sentences(address: str) -> Iterator[None]:
    """Raise what befalls a cluster as a sentence with the remedy; nothing at hand was recorded by then."""
    from concurrent.futures import CancelledError  # noqa: PLC0415 - loaded with the client

    from distributed.comm import CommClosedError  # noqa: PLC0415 - as above
    from distributed.scheduler import KilledWorker  # noqa: PLC0415 - as above

    logs = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL)  # traces of calls tell nothing to those who read the sentences
    try:
        yield
    except KilledWorker as fault:
        raise EnvironmentProblem(
            f"集群里先后有几台计算节点在读取时退出，多半是内存不足；{_NOT_RECORDED}。"
            f"请给计算节点多分内存，或减少每个节点的线程，再运行一次；{_HERE_INSTEAD}"
        ) from fault
    except (CancelledError, CommClosedError, TimeoutError) as fault:
        raise EnvironmentProblem(
            f"与集群 {address} 的连接断了；{_NOT_RECORDED}。请确认调度程序在运行，再运行一次；{_HERE_INSTEAD}"
        ) from fault
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)


def _hold_versions_equal(client: "Client", address: str) -> None:
    """Compare what reads on each machine with what reads here.

    Raises:
        EnvironmentProblem: There is no machine, or one has something else.
    """
    try:
        client.wait_for_workers(1, timeout=SECONDS)
    except TimeoutError as fault:
        raise EnvironmentProblem(
            f"集群 {address} 里还没有计算节点：请在各台机器上运行 dask worker {address} 后重试，"
            + _HERE_INSTEAD
        ) from fault
    own = versions()
    for machine, found in sorted(client.run(versions, on_error="return").items()):
        if found == own:
            continue
        if not isinstance(found, dict):
            raise EnvironmentProblem(
                f"集群的计算节点 {machine} 上没有装本软件，或装不全；"
                f"请在那台机器上装{__version__}版后重启 dask worker。"
            )
        name = next(name for name in own if own[name] != found.get(name))
        raise EnvironmentProblem(
            f"集群的计算节点 {machine} 上的 {name} 是{found.get(name)}版，本机是{own[name]}版，"
            "读出来的可能不一样；请装成同一版，重启 dask worker 后再运行。"
        )


def versions() -> dict[str, str]:
    """Return the versions of what reads files on this machine."""
    from importlib.metadata import version  # noqa: PLC0415 - loads much that only a cluster needs

    return {"tenproj_xl": __version__, **{name: version(name) for name in _READERS}}
