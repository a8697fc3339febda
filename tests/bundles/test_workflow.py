"""The workflow that makes and tries bundles on machines that we do not have: what of it can be held here."""

import re
import tomllib
from pathlib import Path

from tests.bundles.script import SCRIPT

HOME = SCRIPT.parents[1]
WORKFLOW = (HOME / ".github" / "workflows" / "bundles.yml").read_text("utf-8")


def test_every_action_is_pinned_to_a_commit_and_says_its_version() -> None:
    used = re.findall(r"uses: (.+)", WORKFLOW)
    assert len(used) == 3
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", line) for line in used)


def test_each_target_is_made_and_its_archive_names_its_release() -> None:
    targets = tomllib.loads((SCRIPT.with_name("targets.toml")).read_text("utf-8"))
    assert re.findall(r"target: (\S+)", WORKFLOW) == list(targets)
    for target in targets.values():
        assert re.fullmatch(r"cpython-[\d.]+\+\d{8}-\S+", target["archive"])


def test_what_it_runs_is_there() -> None:
    assert (HOME / "packaging" / "bundle.py").exists()
    for module in re.findall(r"python -m (tests\S+)", WORKFLOW):
        assert (HOME / Path(*module.split("."))).with_suffix(".py").exists()
    assert "--requirement requirements.lock" in WORKFLOW
    pinned = (HOME / "requirements.lock").read_text("utf-8")
    assert re.search("^click==", pinned, re.MULTILINE)
    assert re.search("^packaging==", pinned, re.MULTILINE)
