"""What goes into a bundle, and what is refused; that one runs is shown by `python -m tests.bundles.check`."""

import zipfile
from pathlib import Path

import click
import pytest

from tests.bundles.script import SCRIPT, bundle_module, bundle_script, start_script


def pinned(target: str) -> set[str]:
    script = bundle_script()
    lines = script.requirements(script.target_named(target), "3.11")
    return {line.partition("==")[0] for line in lines}


def test_each_target_has_the_packages_that_it_needs_and_no_others() -> None:
    windows, linux = pinned("windows-x64"), pinned("linux-aarch64")
    assert {"pandas", "pandera", "openpyxl", "imap-tools", "keyring"} <= windows & linux
    assert "pywin32-ctypes" in windows - linux
    assert "secretstorage" in linux - windows


def test_every_line_of_the_lock_has_its_hashes() -> None:
    script = bundle_script()
    lines = list(script.requirements(script.target_named("windows-x64"), "3.11"))
    assert all("--hash=sha256:" in line for line in lines)
    assert len(lines) > 30


def test_an_interpreter_with_another_checksum_is_refused(tmp_path: Path) -> None:
    script = bundle_script()
    archive = tmp_path / "cpython.tar.gz"
    archive.write_bytes(b"changed on the way")
    with pytest.raises(click.ClickException, match="has the checksum"):
        script.unpack_interpreter(archive, script.target_named("windows-x64"), tmp_path / "python")
    assert not (tmp_path / "python").exists()


def test_the_same_contents_are_the_same_zip_and_what_can_be_run_stays_so(tmp_path: Path) -> None:
    script, folder = bundle_script(), tmp_path / "tenproj"
    folder.mkdir()
    (folder / "tenproj").write_text("#!/bin/sh\n")
    (folder / "tenproj").chmod(0o755)
    (folder / "说明.txt").write_text("说明")
    for name in ("one.zip", "two.zip"):
        script.pack(folder, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        modes = {info.filename: info.external_attr >> 16 for info in packed.infolist()}
    assert modes == {"tenproj/tenproj": 0o755, "tenproj/说明.txt": 0o644}


def test_the_newest_c_library_that_a_binary_asks_for_is_read_from_it(tmp_path: Path) -> None:
    (tmp_path / "one.so").write_bytes(b"\x7fELF" + b"\0GLIBC_2.17\0GLIBC_2.28\0GLIBC_2.4\0")
    (tmp_path / "text").write_bytes(b"GLIBC_2.99")
    assert bundle_script().glibc_of(tmp_path) == (2, 28)


def test_imports_that_nothing_answers_are_found(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
        (folder / "__init__.py").touch()
    (ours / "a.py").write_text("import json\nfrom theirs import b\n\ndef late():\n    import absent\n")
    (theirs / "b.py").write_text("try:\n    import optional\nexcept ImportError:\n    pass\nimport gone\n")
    what_loads = bundle_module("bundle_imports").what_loads
    assert what_loads("ours", tmp_path).missing == ["ours.a: absent"]
    (ours / "c.py").write_text("import theirs.b\n")
    assert what_loads("ours", tmp_path).missing == ["ours.a: absent", "theirs.b: gone"]
    loaded = {path.relative_to(tmp_path).as_posix() for path in what_loads("ours", tmp_path).files}
    assert loaded == {"ours/__init__.py", "ours/a.py", "ours/c.py", "theirs/__init__.py", "theirs/b.py"}


def laid_out(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1234567890")


def test_what_nothing_uses_is_left_out_of_an_interpreter_and_counted(tmp_path: Path) -> None:
    contents = bundle_module("bundle_contents")
    kept = ("pythonw.exe", "Lib/os.py", "Lib/email/message.py", "DLLs/_ssl.pyd", "vcruntime140.dll")
    laid_out(tmp_path, *kept, "Lib/test/a.py", "Lib/test/b/c.py", "tcl/tcl8.6/x", "DLLs/_testcapi.pyd")
    laid_out(tmp_path, "Lib/site-packages/pip/x.py", "Lib/ensurepip/x.whl", "Scripts/pip.exe")
    left_out = contents.leave_out(tmp_path, contents.OF_INTERPRETERS, "Lib")
    assert list(left_out.values()) == [30, 10, 30]
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*") if path.is_file()} == {
        *kept
    }


def test_of_three_names_of_the_interpreter_one_is_kept_as_a_file(tmp_path: Path) -> None:
    laid_out(tmp_path, "python3.11", "pip3")
    for name in ("python3", "python"):
        (tmp_path / name).symlink_to("python3.11")
    bundle_module("bundle_contents").keep_one_program(tmp_path, "python3")
    assert [path.name for path in tmp_path.iterdir()] == ["python3"]
    assert (tmp_path / "python3").read_bytes() == b"1234567890"
    assert not (tmp_path / "python3").is_symlink()


def test_what_loads_is_kept_compiled_and_names_no_folder_of_the_builder(tmp_path: Path) -> None:
    module = tmp_path / "Lib" / "one.py"
    module.parent.mkdir()
    module.write_text("def f():\n    return 1\n")
    assert bundle_module("bundle_contents").compile_files([module], tmp_path) > 0
    (compiled,) = module.parent.rglob("*.pyc")
    assert b"Lib/one.py" in compiled.read_bytes()
    assert str(tmp_path).encode() not in compiled.read_bytes()


@pytest.mark.parametrize("name", ["打开.bat", "命令行.bat", "tenproj.bat", "说明.txt"])
def test_start_files_for_windows_have_its_ends_of_lines(name: str) -> None:
    lines = (SCRIPT.parent / "start" / name).read_bytes().split(b"\n")
    assert all(line.endswith(b"\r") for line in lines[:-1])


def test_what_cmd_has_to_understand_is_ascii_whatever_the_code_page() -> None:
    for name in ("打开.bat", "命令行.bat", "tenproj.bat"):
        text = (SCRIPT.parent / "start" / name).read_bytes()
        head, _, words = text.partition(b"Please unpack the whole zip first.")
        assert head.isascii(), name
        assert all(line.isascii() or line.startswith(b"echo ") for line in words.splitlines()), name


def test_notepad_knows_the_text_for_utf8_by_its_mark() -> None:
    assert (SCRIPT.parent / "start" / "说明.txt").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_workspace_is_beside_the_bundle_and_among_the_documents_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, home = start_script(), tmp_path / "home"
    beside = tmp_path / "U盘"
    monkeypatch.setattr(start, "BUNDLE", beside / "tenproj")
    monkeypatch.setattr(start.Path, "home", lambda: home)
    (beside / "tenproj").mkdir(parents=True)
    (home / "文档").mkdir(parents=True)
    assert start.place_of_work() == beside
    monkeypatch.setattr(start, "can_be_written", lambda folder: folder != beside)
    assert start.place_of_work() == home / "文档"
    (beside / "工作区").mkdir()
    assert start.place_of_work() == beside


def test_what_keeps_the_desk_from_starting_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is a file: what the command says reaches the window."""
    place = tmp_path / "工作区"
    place.write_text("")
    start = start_script()
    shown: list[str] = []
    monkeypatch.setattr(start, "show", shown.append)
    monkeypatch.setattr(start.sys, "argv", ["start_desk.py"])
    for name in ("stdout", "stderr"):  # given back at the end
        monkeypatch.setattr(start.sys, name, getattr(start.sys, name))
    with pytest.raises(SystemExit) as ended:
        start.serve_desk(place)
    assert ended.value.code == 2
    (text,) = shown
    assert "工作区" in text
    assert "说明.txt" in text
