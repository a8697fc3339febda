"""What all may read of the facts: judgements without closed figures, texts without names and telephones.

A figure that the plan does not make public (公开 is 否) is left out with all that is computed from it but its
judgement; one that is not published yet (公布后) as if it had not come. What units typed is read by
people of other units, so that the names of who filled the form or is responsible, telephone and identity
numbers are left out of it, and the numbers of the sentences that tell of such figures.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tenproj_xl.core.answers import Disclosure
from tenproj_xl.core.cells import Value
from tenproj_xl.core.contacts import without_contacts
from tenproj_xl.core.identity_numbers import without_identity_numbers
from tenproj_xl.core.personal_names import is_personal_name
from tenproj_xl.core.texts import text_of
from tenproj_xl.model.history import Figure, Reported
from tenproj_xl.model.plan import Indicator, Plan
from tenproj_xl.model.units import printed_unit, unit_named
from tenproj_xl.rollup.facts.embargo import only_released, unreleased_by_indicator
from tenproj_xl.rollup.facts.highlights import HighlightLine, Praise, highlight_lines
from tenproj_xl.rollup.facts.indicators import IndicatorLine, Judgement
from tenproj_xl.rollup.facts.input import RollupInput
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.facts.quoted_figures import QuotedFigures
from tenproj_xl.rollup.facts.reported import CLOSED

_LEFT_OUT = "（姓名略）"
_PEOPLE = ("filler", "reviewer", "signer")
"""The lines of a cover that name people."""
_PERSON = "person"
"""The field of a row that does."""
_BETWEEN = re.compile(r"[、,，;；/\s（）()：:]+")
_OF_UNITS = ("局", "办", "委", "科", "处", "室", "中心", "公司", "街道", "单位", "专班")


def for_all(facts: Facts) -> Facts:
    """Return facts as all may read them."""
    return _as_read(facts.data, _released(facts))


def _released(facts: Facts) -> Facts:
    """Return facts without figures that are not published yet."""
    released = only_released(facts.data)
    if released is facts.data:
        return facts
    return facts_of(released)


def _as_read(data: RollupInput, facts: Facts) -> Facts:
    """Return published facts without what is not for all, which `data` may have besides."""
    typed = _Typed(data)
    indicators = tuple(_of_indicator(line, typed, facts.data) for line in facts.indicators)
    tasks = tuple(replace(line, rows=typed.rows(line.rows)) for line in facts.tasks)
    praise = highlight_lines(facts.data, indicators, tasks)
    return replace(
        facts,
        indicators=indicators,
        tasks=tasks,
        highlights=tuple(_of_highlight(line, typed, facts.data.plan) for line in praise if line.is_praise),
    )


def left_out(facts: Facts) -> tuple[str, ...]:
    """Return where something is left out of a typed text: the task force and what the text is about."""
    released = _released(facts)
    read, facts = _as_read(facts.data, released), released
    places = []
    for indicator, shown in zip(facts.indicators, read.indicators, strict=True):
        is_closed = indicator.indicator.disclosure is Disclosure.CLOSED
        is_told = indicator.lag_reason == shown.lag_reason and not _is_left_out(indicator.rows, shown.rows)
        if not is_closed and not is_told:
            places.append(indicator.indicator.code)
    for task, told in zip(facts.tasks, read.tasks, strict=True):
        if _is_left_out(task.rows, told.rows):
            places.append(task.task.code)
    said = {line.text for line in facts.highlights}
    for highlight in read.highlights:
        if not highlight.code and highlight.text not in said:
            places.append(f"{highlight.task_force.code}{highlight.kind.label}")
    return tuple(places)


def _is_left_out(rows: Sequence[Reported], read: Sequence[Reported]) -> bool:
    """Return whether a text of some rows is read otherwise; who is responsible nobody is to read anyhow."""
    for row, shown in zip(rows, read, strict=True):
        names = row.values.keys() - {_PERSON}
        if any(row.values[name] != shown.values[name] for name in names):
            return True
    return False


class _Typed:
    """Texts that units typed, without names and numbers of people, nor figures that are not for all."""

    def __init__(self, data: RollupInput) -> None:
        names = sorted(set(_names(data)), key=len, reverse=True)
        self._names = re.compile("|".join(map(re.escape, names)) or r"(?!)")
        self._figures = QuotedFigures(data.plan, (*_closed(data), *unreleased_by_indicator(data)))

    def text(self, text: str) -> str:
        """Return a text as all may read it."""
        shown = self._names.sub(_LEFT_OUT, without_contacts(without_identity_numbers(text)))
        return self._figures.left_out_of(shown)

    def rows(self, rows: Iterable[Reported]) -> tuple[Reported, ...]:
        """Return rows as all may read them."""
        return tuple(replace(row, values=self._values(row.values)) for row in rows)

    def _values(self, values: Mapping[str, Value]) -> dict[str, Value]:
        read = dict(values)
        for name, value in values.items():
            if type(value) is str:  # codes are no texts
                read[name] = self.text(value)
        return read


def _names(data: RollupInput) -> Iterator[str]:
    """Yield the names of people that returns and plan have."""
    texts: list[object] = []
    for receipt in data.receipts:
        texts += [receipt.cover.get(field) for field in _PEOPLE]
    texts += [row.values.get(_PERSON) for row in data.known.rows]
    texts += [task.person for task in data.plan.tasks]
    texts += [person.name for person in data.plan.people]
    for text in dict.fromkeys(map(text_of, texts)):  # every week names the same people
        for part in _BETWEEN.split(text):
            is_unit = part.endswith(_OF_UNITS) or unit_named(part, data.plan) is not None
            if is_personal_name(part) and not is_unit:
                yield part


def _closed(data: RollupInput) -> Iterator[tuple[Indicator, list[float]]]:
    """Yield the indicators whose figures are never for all, with all that are known."""
    for indicator in data.plan.indicators:
        if indicator.disclosure is Disclosure.CLOSED:
            values = [figure.value for figure in data.known.figures(indicator.code)]
            yield indicator, [value for value in values if isinstance(value, float)]


def _of_indicator(line: IndicatorLine, typed: _Typed, data: RollupInput) -> IndicatorLine:
    if data.may_show(line.indicator):
        passed = tuple(_of_judgement(judgement, typed) for judgement in line.passed)
        return replace(line, rows=typed.rows(line.rows), passed=passed)
    return replace(
        line,
        figure=_hidden(line.figure),
        previous=_hidden(line.previous),
        yardstick=None,
        ranking=None,
        gap=None,
        rows=tuple(replace(row, values={}) for row in line.rows),
        passed=tuple(replace(judgement, figure=None) for judgement in line.passed),
    )


def _of_judgement(judgement: Judgement, typed: _Typed) -> Judgement:
    figure = judgement.figure
    if figure is None:
        return judgement
    (row,) = typed.rows((figure.row,))
    return replace(judgement, figure=replace(figure, row=row))


def _hidden(figure: Figure | None) -> Figure | None:
    if figure is None:
        return None
    return replace(figure, value=CLOSED, row=replace(figure.row, values={}))


def _of_highlight(line: HighlightLine, typed: _Typed, plan: Plan) -> HighlightLine:
    unit, text = unit_named(line.unit, plan) or line.task_force.lead, line.text
    if line.kind is not Praise.MET:  # that is ours
        text = typed.text(text)
    return replace(line, text=text, unit=printed_unit(unit, plan))
