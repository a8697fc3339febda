"""What goes into a bundle, and what is refused; that one runs is shown by `python -m tests.bundles.check`."""

import zipfile
from pathlib import Path

import click
import pytest

from tests.bundles.imports import missing_imports
from tests.bundles.script import SCRIPT, bundle_script


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
    assert missing_imports(tmp_path, "ours") == ["ours.a: absent"]
    (ours / "c.py").write_text("import theirs.b\n")
    assert missing_imports(tmp_path, "ours") == ["ours.a: absent", "theirs.b: gone"]


@pytest.mark.parametrize("name", ["打开.bat", "tenproj.bat"])
def test_start_files_for_windows_have_its_ends_of_lines(name: str) -> None:
    lines = (SCRIPT.parent / "start" / name).read_bytes().split(b"\n")
    assert all(line.endswith(b"\r") for line in lines[:-1])
