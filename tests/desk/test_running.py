"""How a second start finds the desk that runs: by a note in the folder, which may be old or of another machine."""

import json
import threading
from pathlib import Path
from platform import node

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tenproj_xl.core.errors import EnvironmentProblem
from tenproj_xl.desk.access import Access
from tenproj_xl.desk.running import RunningDesk

NOTE = ".tenproj-desk.json"


def test_without_a_note_none_runs(tmp_path: Path) -> None:
    assert RunningDesk(tmp_path).address() is None


@pytest.mark.parametrize("note", ["", "no json", "[]", "{}", '{"machine": null}', "\ufffe"])
def test_a_note_that_says_nothing_keeps_nobody_out(tmp_path: Path, note: str) -> None:
    (tmp_path / NOTE).write_text(note, encoding="utf-8")
    assert RunningDesk(tmp_path).address() is None


def test_a_desk_of_another_machine_is_not_asked_here(tmp_path: Path) -> None:
    (tmp_path / NOTE).write_text(json.dumps({"machine": "another", "port": 1, "key": "k"}), encoding="utf-8")
    assert RunningDesk(tmp_path).address() is None


@pytest.mark.parametrize("port", ["80", True, 70000, -1, None])
def test_a_note_with_no_port_keeps_nobody_out(tmp_path: Path, port: object) -> None:
    note = {"machine": node(), "port": port, "key": "k"}
    (tmp_path / NOTE).write_text(json.dumps(note), encoding="utf-8")
    assert RunningDesk(tmp_path).address() is None


@pytest.mark.parametrize("answer", ["file:///etc/passwd", "http://evil.example/enter?token=x", "字", ""])
def test_what_listens_there_and_is_no_desk_is_not_shown(tmp_path: Path, answer: str) -> None:
    server = make_server("127.0.0.1", 0, Response(answer))
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    note = {"machine": node(), "port": server.port, "key": "k"}
    (tmp_path / NOTE).write_text(json.dumps(note), encoding="utf-8")
    try:
        assert RunningDesk(tmp_path).address() is None
    finally:
        thread.join()
        server.server_close()


def test_a_note_is_taken_away_by_the_desk_that_it_is_of(tmp_path: Path) -> None:
    ours, other = Access(port=5000), Access(port=5001)
    running = RunningDesk(tmp_path)
    running.note(ours)
    running.forget(other)
    assert (tmp_path / NOTE).exists()
    running.forget(ours)
    assert not (tmp_path / NOTE).exists()


def test_one_start_at_a_time_looks_and_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenproj_xl.desk.running._PATIENCE", 0.1)
    with (
        RunningDesk(tmp_path).turn(),
        pytest.raises(EnvironmentProblem, match="正在打开"),
        RunningDesk(tmp_path).turn(),
    ):
        pass


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / ".tenproj-desk.lock").mkdir()
    with pytest.raises(EnvironmentProblem, match="请把工作区放到能写的地方"), RunningDesk(tmp_path).turn():
        pass
