"""The examples that `tenproj rules` and the guide show are sentences that tests provoke through the real path.

A test marked `provokes(Code.X)` must bring about the sentence that is kept for X. Where a sentence is meant to change,
renew them with `pytest --renew-examples` and read what `git diff` shows.
"""

import csv
import re
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from tenproj_xl import data
from tenproj_xl.core.catalogue import Code

HOME = Path(data.__file__).parent / "rules" / "examples.csv"


def kept() -> dict[str, str]:
    """Return the kept sentences by code."""
    return dict(csv.reader(StringIO(HOME.read_text("utf-8")))) if HOME.exists() else {}


def settle(code: Code, provoked: Sequence[str], *, renew: bool) -> None:
    """Assert that the kept sentence is one of those provoked; with `renew`, keep the first of these if it is not."""
    sentences = kept()
    if renew and provoked and not _is_among(sentences.get(code.rule.code, ""), provoked):
        sentences[code.rule.code] = provoked[0]
        text = StringIO()
        rows = [(c.rule.code, sentences[c.rule.code]) for c in Code if c.rule.code in sentences]
        csv.writer(text, lineterminator="\n").writerows(rows)
        HOME.write_text(text.getvalue(), "utf-8")
    assert _is_among(kept().get(code.rule.code, ""), provoked), (
        "run pytest --renew-examples and read the difference"
    )


def _is_among(sentence: str, provoked: Sequence[str]) -> bool:
    """Return whether a sentence was provoked, whatever day of the run it names."""
    return _dayless(sentence) in map(_dayless, provoked)


def _dayless(sentence: str) -> str:
    return re.sub(r"\d{4}年\d{1,2}月\d{1,2}日", "某日", sentence)
