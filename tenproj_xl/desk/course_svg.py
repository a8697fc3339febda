"""Draw the course of a figure as SVG, for pages that allow no style but their own.

Reads: a `FigureCourse`. Gives: the text of one `svg` element; the same course gives the same text. Everything
that a colour says is said by a shape and a word, too.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.texts import decimal_digits
from tenproj_xl.desk.course import CourseDot, CourseGoal, CourseMark, FigureCourse, MarkKind

WIDTH = 1000
_PLOT = 330
"""How high the plot is; the tags stand above it, in as many lanes as they need."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 64, 40, 56
_INK, _MUTED, _GRID = "#1f2d3d", "#5b6670", "#d5dbe1"
_LINE, _GOAL, _PATH = "#1f5fa8", "#b3261e", "#6b7280"
_TAGS = {
    MarkKind.GIVEN_OUT: "#1b5e20",
    MarkKind.CORRECTED: "#8a4b00",
    MarkKind.WITHDRAWN: "#6a1b9a",
    MarkKind.NOT_ADOPTED: "#6a1b9a",
}
_TAG_WIDTH, _TAG_HEIGHT, _LANE = 44, 18, 22
_STEPS = (1, 2, 2.5, 5, 10)
_MONTHS_BY_MONTH, _MONTHS_BY_QUARTER = 18, 48
"""Up to how many months each month, and each quarter, has its tick."""
_CHARACTER = 13
_CROWDED = 40
"""From more dots on they are smaller."""
_MANY_DOTS, _MANY_MARKS = 14, 12
"""From more on, only some numbers are written beside their dots, and papers that still hold have no tag."""


def course_svg(course: FigureCourse) -> str:
    """Return the chart of a course."""
    picture = _Picture(course)
    return ET.tostring(picture.drawn(), encoding="unicode")


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """Where days and values lie in the picture."""

    first: date
    last: date
    low: float
    high: float
    top: float

    @property
    def bottom(self) -> float:
        return self.top + _PLOT

    def x(self, day: date) -> float:
        share = (day - self.first) / (self.last - self.first)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        """Return the height of a value; what lies beyond the scale is drawn at its edge."""
        within = min(max(value, self.low), self.high)
        share = (within - self.low) / (self.high - self.low)
        return round(self.bottom - share * _PLOT, 1)


@dataclass(frozen=True)
class _Tag:
    """A mark, where its tag stands, and in which lane."""

    mark: CourseMark
    x: float
    lane: int


class _Picture:
    """One chart while it is drawn."""

    def __init__(self, course: FigureCourse) -> None:
        self.course = course
        self.ticks = _nice_ticks(_values(course))
        scale = _Scale(first=course.first, last=course.last, low=self.ticks[0], high=self.ticks[-1], top=_TOP)
        self.tags = _tags(course, scale)
        lanes = max((tag.lane + 1 for tag in self.tags), default=0)
        self.scale = replace(scale, top=_TOP + lanes * _LANE)
        self.radius = 5 if len(course.dots) <= _CROWDED else 3
        self.root = ET.Element("svg", _root_attributes(self.scale.bottom + _BOTTOM))

    def drawn(self) -> ET.Element:
        ET.SubElement(self.root, "title").text = f"{self.course.title}（{self.course.measure}）"
        ET.SubElement(self.root, "desc").text = _in_words(self.course)
        self._draw_axes()
        self._draw_goals()
        self._draw_path()
        self._draw_lines()
        self._draw_dots()
        self._draw_numbers_beyond()
        self._draw_marks()
        self._draw_legend()
        return self.root

    # --- axes

    def _draw_axes(self) -> None:
        for value in self.ticks:
            y = self.scale.y(value)
            self._line(_LEFT, y, WIDTH - _RIGHT, y, stroke=_GRID)
            self._text(_LEFT - 8, y + 4, decimal_digits(value, 12), anchor="end", fill=_MUTED)
        bottom = self.scale.bottom
        self._line(_LEFT, bottom, WIDTH - _RIGHT, bottom, stroke=_INK)
        for day, name in _day_ticks(self.course.first, self.course.last):
            x = self.scale.x(day)
            self._line(x, bottom, x, bottom + 5, stroke=_INK)
            self._text(x, bottom + 20, name, anchor="middle", fill=_MUTED)
        for year in range(self.course.first.year, self.course.last.year + 1):
            begins = max(self.course.first, date(year, 1, 1))
            ends = min(self.course.last, date(year, 12, 31))
            x = (self.scale.x(begins) + self.scale.x(ends)) / 2
            self._text(x, bottom + 42, f"{year}年", anchor="middle", fill=_INK)
            if begins > self.course.first:
                self._line(
                    self.scale.x(begins), self.scale.top, self.scale.x(begins), bottom + 46, stroke=_GRID
                )
        if self.course.cut is not None:
            x = self.scale.x(self.course.cut)
            self._line(x, self.scale.top, x, bottom, stroke=_INK, dashes="2 3")
            self._text(x + 4, bottom - 8, "口径调整，前后不可比", fill=_INK)

    # --- targets

    def _draw_goals(self) -> None:
        for goal in self.course.goals:
            y = self.scale.y(goal.value)
            dashes = "2 5" if goal.is_reference else "9 4"
            self._line(
                self.scale.x(goal.first), y, self.scale.x(goal.last), y, stroke=_GOAL, dashes=dashes, width=2
            )
            self._goal_name(goal, y)

    def _goal_name(self, goal: CourseGoal, y: float) -> None:
        """Write the name of a target above its end; where it has no room to the left, from its start."""
        x = self.scale.x(goal.last)
        if x - _LEFT < _CHARACTER * len(goal.name):
            self._text(max(self.scale.x(goal.first), _LEFT) + 4, y - 7, goal.name, fill=_GOAL)
            return
        self._text(x, y - 7, goal.name, anchor="end", fill=_GOAL)

    def _draw_path(self) -> None:
        for run in _runs(self.course.path):
            points = _points(self.scale, run)
            ET.SubElement(
                self.root,
                "polyline",
                {
                    "points": points,
                    "fill": "none",
                    "stroke": _PATH,
                    "stroke-dasharray": "1 4",
                    "stroke-width": "2",
                    "stroke-linecap": "round",
                },
            )

    # --- numbers

    def _draw_lines(self) -> None:
        for line in self.course.lines:
            points = _points(self.scale, [(dot.day, dot.value) for dot in line])
            attributes = {"points": points, "fill": "none", "stroke": _LINE, "stroke-width": "2.5"}
            ET.SubElement(self.root, "polyline", attributes)

    def _draw_dots(self) -> None:
        numbered = _numbered(self.course)
        given_out = _given_out(self.course)
        for dot in sorted(self.course.dots, key=lambda dot: dot.counts):
            x, y = self.scale.x(dot.day), self.scale.y(dot.value)
            if (dot.day, dot.value) in given_out:
                self._circle(x, y, radius=self.radius + 3, fill="none")
            if dot.counts:
                shape = self._circle(x, y, radius=self.radius, fill=_LINE)
                if dot in numbered:
                    self._number(x, y, decimal_digits(dot.value, 15), fill=_INK)
            else:
                shape = self._circle(x, y, radius=self.radius, fill="#ffffff")
                self._line(x - 7, y, x + 7, y, stroke=_MUTED)
            ET.SubElement(shape, "title").text = _dot_words(dot, self.course.measure)

    def _number(self, x: float, y: float, number: str, *, fill: str) -> None:
        """Write a number below its dot, above where the axis is too near."""
        below = y + 17
        if below > self.scale.bottom - 3:
            below = y - 9
        self._text(x + 9, below, number, fill=fill, bold=True)

    def _draw_numbers_beyond(self) -> None:
        """Write the numbers that lie beyond the scale at its edge, with an arrow."""
        beyond: dict[tuple[date, str], list[str]] = {}
        for dot in self.course.dots:
            if not self.scale.low <= dot.value <= self.scale.high:
                arrow = "↓" if dot.value < self.scale.low else "↑"
                beyond.setdefault((dot.day, arrow), []).append(decimal_digits(dot.value, 15))
        for (day, arrow), numbers in beyond.items():
            y = self.scale.bottom if arrow == "↓" else self.scale.top
            self._number(self.scale.x(day), y, f"{arrow}{'、'.join(numbers)}", fill=_MUTED)

    def _draw_marks(self) -> None:
        """Draw a tag with a word and a number above the plot, and a line down to what it is about."""
        for tag in self.tags:
            height = self.scale.y(tag.mark.value)
            self._line(tag.x, self._top(tag), tag.x, height - 6, stroke=_TAGS[tag.mark.kind], dashes="1 3")
        for tag in self.tags:
            mark, y = tag.mark, self._top(tag)
            colour = _TAGS[mark.kind]
            box = ET.SubElement(self.root, "rect", _box(tag.x - _TAG_WIDTH / 2, y, colour))
            ET.SubElement(box, "title").text = mark.text
            word = f"{mark.kind.label[0]}{mark.number}"
            self._text(tag.x, y + 13.5, word, anchor="middle", fill=colour, bold=True)

    def _top(self, tag: _Tag) -> float:
        return self.scale.top - (tag.lane + 1) * _LANE

    # --- what means what

    def _draw_legend(self) -> None:
        x = float(_LEFT)
        self._circle(x, 16, radius=5, fill=_LINE)
        x = self._legend_word(x, "现行数")
        if not all(dot.counts for dot in self.course.dots):
            self._circle(x, 16, radius=5, fill="#ffffff")
            self._line(x - 7, 16, x + 7, 16, stroke=_MUTED)
            x = self._legend_word(x, "不再采用、撤回、未采用的数")
        if self.course.goals:
            self._line(x - 8, 16, x + 16, 16, stroke=_GOAL, dashes="9 4", width=2)
            x = self._legend_word(x + 12, "目标")
        if self.course.path:
            self._line(x - 8, 16, x + 16, 16, stroke=_PATH, dashes="1 4", width=2)
            x = self._legend_word(x + 12, "序时进度")
        if _given_out(self.course):
            self._circle(x, 16, radius=5, fill=_LINE)
            self._circle(x, 16, radius=8, fill="none")
            x = self._legend_word(x + 2, "印发过")
        for kind in dict.fromkeys(mark.kind for mark in self.course.marks):
            self._text(x - 6, 21, f"{kind.label[0]}＝{kind.label}", fill=_TAGS[kind], bold=True)
            x += _CHARACTER * (len(kind.label) + 4)
        self._text(WIDTH - _RIGHT, 21, f"单位：{self.course.measure or '—'}", anchor="end", fill=_MUTED)

    def _legend_word(self, x: float, word: str) -> float:
        """Write a word behind its sign; return where the next sign stands."""
        self._text(x + 10, 21, word, fill=_INK)
        return x + 10 + _CHARACTER * len(word) + 26

    # --- shapes

    def _line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str, dashes: str = "", width: float = 1
    ) -> None:
        ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke-width": width}
        attributes = {name: str(value) for name, value in ends.items()}
        if dashes:
            attributes["stroke-dasharray"] = dashes
        ET.SubElement(self.root, "line", {**attributes, "stroke": stroke})

    def _circle(self, x: float, y: float, *, radius: float, fill: str) -> ET.Element:
        attributes = {"cx": str(x), "cy": str(y), "r": str(radius), "fill": fill}
        stroke = _LINE if fill == _LINE else _MUTED
        return ET.SubElement(self.root, "circle", {**attributes, "stroke": stroke, "stroke-width": "1.5"})

    def _text(
        self, x: float, y: float, text: str, *, fill: str, anchor: str = "start", bold: bool = False
    ) -> None:
        attributes = {"x": str(round(x, 1)), "y": str(round(y, 1)), "fill": fill, "text-anchor": anchor}
        if bold:
            attributes["font-weight"] = "bold"
        ET.SubElement(self.root, "text", attributes).text = text


def _root_attributes(height: float) -> dict[str, str]:
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {WIDTH} {height:g}",
        "role": "img",
        "class": "course",
        "font-size": str(_CHARACTER),
        "font-family": "Microsoft YaHei, Noto Sans CJK SC, sans-serif",
    }


def _in_words(course: FigureCourse) -> str:
    """Return the chart in words, for those who have it read to them."""
    told = []
    for dot in course.dots:
        if dot.counts:
            told.append(f"{dot.about.dated_label}{decimal_digits(dot.value, 15)}")
    for goal in course.goals:
        told.append(goal.name)
    for mark in course.marks:
        told.append(mark.text)
    return "；".join(told)


def _dot_words(dot: CourseDot, measure: str) -> str:
    words = (
        dot.about.dated_label,
        f"{decimal_digits(dot.value, 15)}{measure}",
        dot.nature,
        dot.standing.label,
    )
    return "　".join(filter(None, words))


def _box(x: float, y: float, colour: str) -> dict[str, str]:
    sides = {"x": x, "y": y, "width": _TAG_WIDTH, "height": _TAG_HEIGHT, "rx": 3}
    attributes = {name: f"{side:g}" for name, side in sides.items()}
    return {**attributes, "fill": "#ffffff", "stroke": colour, "stroke-width": "1.5"}


def _numbered(course: FigureCourse) -> list[CourseDot]:
    """Return the dots that have their numbers beside them: all, or of many the last, highest and lowest."""
    counting = [dot for dot in course.dots if dot.counts]
    if len(counting) <= _MANY_DOTS:
        return counting
    by_value = sorted(counting, key=lambda dot: dot.value)
    return [counting[-1], by_value[0], by_value[-1]]


def _given_out(course: FigureCourse) -> set[tuple[date, float]]:
    """Return the numbers that have a ring for their papers: of many marks those that still hold."""
    if len(course.marks) <= _MANY_MARKS:
        return set()
    counting = {(dot.day, dot.value) for dot in course.dots if dot.counts}
    printed = {(mark.day, mark.value) for mark in course.marks if mark.kind is MarkKind.GIVEN_OUT}
    return counting & printed


def _tags(course: FigureCourse, scale: _Scale) -> list[_Tag]:
    """Return where the tags stand: each in the lowest lane in which it lies on no other."""
    ends: list[float] = []
    tags = []
    ringed = _given_out(course)
    for mark in sorted(course.marks, key=lambda mark: (mark.day, mark.number)):
        if mark.kind is MarkKind.GIVEN_OUT and (mark.day, mark.value) in ringed:
            continue
        x = scale.x(mark.day)
        lane = 0
        while lane < len(ends) and x - _TAG_WIDTH / 2 < ends[lane] + 3:
            lane += 1
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = x + _TAG_WIDTH / 2
        tags.append(_Tag(mark, x, lane))
    return tags


def _values(course: FigureCourse) -> list[float]:
    """Return what the scale is to show: what counts, and what does not unless it would flatten the rest."""
    values = _decisive(course)
    if not values:
        return [dot.value for dot in course.dots]
    low, high = min(values), max(values)
    room = max(high - low, abs(high) / 2)
    values += [dot.value for dot in course.dots if low - room <= dot.value <= high + room]
    return values


def _decisive(course: FigureCourse) -> list[float]:
    values = [dot.value for dot in course.dots if dot.counts]
    values += [goal.value for goal in course.goals]
    values += [value for _, value in course.path]
    return values


def _nice_ticks(values: Sequence[float]) -> list[float]:
    """Return four to eight round values from below the lowest to above the highest."""
    low, high = min(values), max(values)
    if low == high:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        high = 1.0
    if 0 < low < (high - low):
        low = 0.0  # near enough to 0 to show it
    step = _nice_step((high - low) / 5)
    count = math.ceil((high + (high - low) * 0.12) / step)
    first = math.floor(low / step)
    if low and first * step == low:
        first -= 1  # nothing is drawn on the axis itself
    return [round(n * step, 12) for n in range(first, count + 1)]


def _nice_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * step for step in _STEPS if power * step >= rough - power * 1e-9)


def _day_ticks(first: date, last: date) -> Iterator[tuple[date, str]]:
    """Yield the days that are named: the end of each month, each quarter, or nothing but the years."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months > _MONTHS_BY_QUARTER:
        return
    every = 1 if months <= _MONTHS_BY_MONTH else 3
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        if month % every == 0:
            yield _month_end(year, month), f"{month}月"
        year, month = year + month // 12, month % 12 + 1


def _month_end(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)


def _runs(path: Sequence[tuple[date, float]]) -> Iterator[list[tuple[date, float]]]:
    """Yield the parts of a path without a jump back: one that begins anew each year falls in January."""
    run: list[tuple[date, float]] = []
    for day, value in path:
        if run and day.month == 1 and value < run[-1][1]:
            yield run
            run = []
        run.append((day, value))
    if run:
        yield run


def _points(scale: _Scale, places: Sequence[tuple[date, float]]) -> str:
    return " ".join(f"{scale.x(day)},{scale.y(value)}" for day, value in places)
