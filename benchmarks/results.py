"""Results: what ours took over what the other one took, printed, and kept in benchmarks/README.md."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

RECORD = Path(__file__).with_name("README.md")
_TABLE = re.compile(r"(?<=<!-- results -->\n).*?(?=<!-- end -->)", re.DOTALL)
_LINE = re.compile(r"\| `(?P<code>[\w-]+)` \|.*\| (?P<processor>[\d.]+) \|[^|\n]*\|[^|\n]*\|")
_OF_RECORD = re.compile(r"^\| `(?P<code>[\w-]+)` \|.*\|$", re.MULTILINE)
_HEAD = (
    "| | what | against | ours | the other | ratio | of the processor | aim | |",
    "|---|---|---|--:|--:|--:|--:|--:|---|",
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One comparison within one run.

    Attributes:
        code: Its name in the record.
        what: What ours did.
        against: What it is held against.
        ours: What ours took.
        other: What the other one took.
        aim: The ratio that is aimed at, at most; None where nothing is promised.
        processor: The ratio of the seconds of the processor, None where these were not taken.
        unit: The unit of both.
        note: What else was seen, such as the memory.
    """

    code: str
    what: str
    against: str
    ours: float
    other: float
    aim: float | None = None
    processor: float | None = None
    unit: str = "s"
    note: str = ""

    @property
    def ratio(self) -> float:
        """What ours took over what the other one took: below 1, ours is the faster."""
        return self.ours / self.other

    def line(self) -> str:
        """Return the line of a table."""
        aim = "" if self.aim is None else f"{self.aim:g}"
        took = f"{self.ours:.2f} {self.unit} | {self.other:.2f} {self.unit} | {self.ratio:.2f}"
        took += " | " if self.processor is None else f" | {self.processor:.2f}"
        return f"| `{self.code}` | {self.what} | {self.against} | {took} | {aim} | {self.note} |"


def table(results: Iterable[Result]) -> str:
    """Return a table of results."""
    return _table(result.line() for result in results)


def record(results: Iterable[Result], machine: str) -> None:
    """Keep results in benchmarks/README.md, in place of those of before.

    What was not measured this time stays as it was, where machine and versions are the same.
    """
    text = RECORD.read_text("utf-8")
    lines = _lines(text) if f"\n{machine}\n" in text else {}
    lines |= {result.code: result.line() for result in results}
    kept = f"{machine}\n\n{_table(lines.values())}"
    RECORD.write_text(_TABLE.sub(lambda _: kept, text), "utf-8")


def _table(lines: Iterable[str]) -> str:
    return "\n".join([*_HEAD, *lines]) + "\n"


def _lines(text: str) -> dict[str, str]:
    """Return the lines of the record, by the names of the comparisons."""
    return {match["code"]: match[0] for match in _OF_RECORD.finditer(text)}


def recorded() -> Mapping[str, float]:
    """Return the ratios of record of the processor's seconds, by the names of the comparisons."""
    found = _LINE.finditer(RECORD.read_text("utf-8"))
    return {match["code"]: float(match["processor"]) for match in found}
