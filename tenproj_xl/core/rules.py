"""The rules as people read them: what is asked, how severely this office takes it, why, and an example.

Reads: the catalogue, a policy, and the examples that the tests run. Gives: lines for the screen and for the
guide.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from io import StringIO

from tenproj_xl.core.catalogue import Code, Severity
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.policy import Policy


@dataclass(frozen=True)
class RuleLine:
    """One rule. `severity` is the office's, `note` says how it departs from the catalogue, "" if not."""

    code: Code
    severity: Severity
    note: str
    example: str


def rule_lines(policy: Policy) -> list[RuleLine]:
    """Return every rule, in the order of the gates."""
    return [
        RuleLine(code, policy.levels.get(code, code.rule.severity), _note(code, policy), example(code))
        for code in Code
    ]


def _note(code: Code, policy: Policy) -> str:
    """Return what the settings change about a rule."""
    notes = []
    if code in policy.levels:
        notes.append(f"默认为{code.rule.severity.label}")
    if code in policy.trials:
        notes.append(f"试行至{policy.trials[code]}，其间只提示")
    exempt = [e.spoken for e in policy.exemptions if e.code is code]
    return "；".join([*notes, *(f"豁免{spoken}" for spoken in exempt)])


def example(code: Code) -> str:
    """Return what a sender who broke a rule was told, "" for a rule about the office's own workbooks."""
    return examples().get(code.rule.code, "")


@cache
def examples() -> Mapping[str, str]:
    """Read the examples by code: messages that the tests provoke and compare with these."""
    text = (resources.files("tenproj_xl.data") / "rules" / "examples.csv").read_text("utf-8")
    return dict(csv.reader(StringIO(text)))
