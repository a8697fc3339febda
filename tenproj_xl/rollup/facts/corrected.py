"""How a correction differs from the paper that it corrects: in data and verdicts, and in what was written."""

from collections.abc import Iterator, Mapping

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.rollup.facts.embargo import marked, with_mark
from tenproj_xl.rollup.facts.errata import NOT_LISTED, Difference, Matter, Shift, change_line, differences
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.facts.reported import ReportedLine

_WRITTEN: Mapping[Matter, Mapping[str, str]] = {
    Matter.INDICATOR: {"lag_reason": "滞后原因", "next_steps": "下一步举措"},
    Matter.TASK: {"progress": "本期进展", "problems": "存在问题", "next_steps": "下一步举措"},
    Matter.ISSUE: {"progress": "进展情况", "measures": "整改措施", "request": "提请协调事项"},
}
"""The fields in words that papers tell of each kind of rows."""
_BLANK, _ANEW = "（空）", "文字有更新"
_Key = tuple[Matter, str, str]
"""What something in words is about: a kind of rows, a code, and what tells its texts apart."""


@dataclass(frozen=True)
class _Text:
    """Something that a paper says in words, and of what."""

    of: str
    words: str


def errata(facts: Facts) -> tuple[Difference, ...]:
    """Return how a correction differs from the paper that it corrects; nothing for any other paper.

    Of words that were written anew leaders alone are told, where it is known what the paper was made from.
    """
    return facts.once(_errata)


def change_told(facts: Facts) -> str:
    """Return how much differs, in a line; a correction without differences may still be another paper."""
    if found := change_line(errata(facts)):
        return found
    told = "评价、名次、首页数字和最新数没有变动"
    if facts.data.given_out is not None:
        told += "，其他内容有更新"
    return told


def _errata(facts: Facts) -> tuple[Difference, ...]:
    if facts.data.corrects is None:
        return ()
    found = differences(facts.data.corrects.told, facts)
    if facts.data.release.is_public or facts.data.given_out is None:
        return found
    return (*found, *_in_words(facts_of(facts.data.given_out), facts))


def _in_words(then: Facts, now: Facts) -> Iterator[Difference]:
    """Yield what the texts of rows are that both papers tell of, and the praise that one of them has."""
    old, new = dict(_texts(then)), dict(_texts(now))
    for key in sorted(old.keys() & new.keys()):
        if old[key].words != new[key].words:
            yield _differing(key, new[key].of, old[key].words or _BLANK, new[key].words or _BLANK)
    old, new = dict(_praise(then)), dict(_praise(now))
    for key in sorted(old.keys() ^ new.keys()):
        if key in old:
            yield _differing(key, old[key].of, old[key].words, NOT_LISTED)
        else:
            yield _differing(key, new[key].of, NOT_LISTED, new[key].words)


def _differing(key: _Key, of: str, was: str, now: str) -> Difference:
    subject, code, _ = key
    return Difference(
        shift=Shift.FIGURE,
        subject=subject,
        code=code,
        name=of,
        was=was,
        now=now,
        why=_ANEW,
        source="",
    )


def _texts(facts: Facts) -> Iterator[tuple[_Key, _Text]]:
    """Yield what a paper for leaders says of rows in words."""
    for subject, code, name, line in _lines(facts):
        for field, header in _WRITTEN[subject].items():
            words = line.text(field)
            if isinstance(line, IndicatorLine) and field == "lag_reason":
                words = str(line.lag_reason or "")
            yield (subject, code, field), _Text(f"{name}：{header}", marked(words, facts.data))


def _lines(facts: Facts) -> Iterator[tuple[Matter, str, str, ReportedLine]]:
    for indicator in facts.indicators:
        yield Matter.INDICATOR, indicator.indicator.code, indicator.indicator.name, indicator
    for task in facts.tasks:
        yield Matter.TASK, task.task.code, task.task.name, task
    for issue in facts.issues:
        yield Matter.ISSUE, issue.code, issue.text("description"), issue


def _praise(facts: Facts) -> Iterator[tuple[_Key, _Text]]:
    """Yield what a paper praises."""
    for line in facts.highlights:
        of = line.name or line.unit
        key = Matter.PRAISE, line.code or line.task_force.code, f"{line.kind}{of}{line.text}"
        yield key, _Text(of, with_mark(line.text, line.mark))
