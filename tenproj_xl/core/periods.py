"""Periods: those that returns are asked for, and those that figures belong to.

Reads: codes (`2026-W48`, `2026-11-D1`, `2026-11`, `2026-Q4`, `2026-H1`, `2026`) and what people write for
them.
Gives: frozen `Period`s with their first and last day.
"""

import re
from datetime import date, timedelta
from functools import cached_property, lru_cache, total_ordering

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.days import YEARS

_CODE = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d{2})|Q(?P<quarter>[1-4])|H(?P<half>[12])"
    r"|(?P<month>\d{2})(?:-D(?P<tens>[1-3]))?))?",
    re.ASCII,
)
_SPOKEN = tuple(
    (re.compile(pattern, re.ASCII | re.IGNORECASE), code)
    for pattern, code in (
        (r"(?P<year>\d{4})年?第?(?P<week>\d{1,2})周", "{year}-W{week:0>2}"),
        (
            r"(?P<year>\d{4})年?(?:第?|前|第?1(?:个?季度?)?[-—~至到]第?)(?P<quarter>[1-4])个?季度?[底末]?",
            "{year}-Q{quarter}",
        ),
        (r"(?P<year>\d{4})年?(?:Q1[-—~至到])?Q(?P<quarter>[1-4])", "{year}-Q{quarter}"),
        (r"(?P<year>\d{4})年(?P<month>\d{1,2})月上旬", "{year}-{month:0>2}-D1"),
        (r"(?P<year>\d{4})年(?P<month>\d{1,2})月中旬", "{year}-{month:0>2}-D2"),
        (r"(?P<year>\d{4})年(?P<month>\d{1,2})月下旬", "{year}-{month:0>2}-D3"),
        (r"(?P<year>\d{4})年?上半年[底末]?", "{year}-H1"),
        (r"(?P<year>\d{4})年?下半年[底末]?", "{year}-H2"),
        (
            r"(?P<year>\d{4})[年.]?(?:前|1月?份?[-—~至到])(?P<month>\d{1,2})个?月份?[底末]?",
            "{year}-{month:0>2}",
        ),
        (r"(?P<year>\d{4})(?:年|[-./])(?P<month>\d{1,2})月?份?底?末?", "{year}-{month:0>2}"),
        (r"(?P<year>\d{4})(?:年?全年度?|年?年?[底末]|年?年度|年?)", "{year}"),
    )
)
"""What people write, once its numbers are digits, and the code that it stands for.

A span from January on (`1-9月`, `前三季度`) is what a figure counted from 1 January is called, and stands for
the period that such a figure is asked for: the month or quarter in which the span ends.
"""
_UNTIL = re.compile(r"截[至止]到?")
_NUMERALS = re.compile(r"[〇○零一二三四五六七八九十]+")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")

EXAMPLES = "2026-W48、2026-11、2026-Q4 或 2026"
"""How codes are written."""
_YEARS = range(YEARS.start - 100, YEARS.stop + 100)
"""A century around the years that cells can mean: reckoning on from any of them ends within the calendar."""
_LONGEST = 24
"""No way of writing a period is longer: `二〇二六年一月份至十二月份底`, `截至`."""


class Frequency(LabelledCode):
    """How often a new figure can exist (更新频次)."""

    WEEK = "week", "周"
    MONTH = "month", "月"
    MONTH_BUT_JANUARY = "month_but_january", "月（1—2月合并）"
    """As statistics offices publish: no figure of January alone."""
    QUARTER = "quarter", "季"
    HALF = "half", "半年"
    YEAR = "year", "年"


@total_ordering
@dataclass(frozen=True)
class Period:
    """A stretch of whole days, `first` and `last` both inside.

    Ordered by the last day; of those that end on one day, as a week and its month may, the wider comes later.
    """

    code: str
    first: date
    last: date

    def __lt__(self, other: "Period") -> bool:
        return self.place < other.place

    @cached_property
    def place(self) -> tuple[date, int]:
        """The sort key."""
        return self.last, -self.first.toordinal()

    def __str__(self) -> str:
        return self.code

    @cached_property
    def year(self) -> int:
        """The year that it belongs to by its code: the last week of a year may end in the next."""
        return int(self.code[:4])

    @cached_property
    def counted_on(self) -> date:
        """The day by which it is counted in a month, quarter or year: its last one within its own year."""
        return min(self.last, date(self.year, 12, 31))

    @property
    def counted_month(self) -> date:
        """The first day of the month in which it is counted."""
        return self.counted_on.replace(day=1)

    @property
    def label(self) -> str:
        """What people read: `第48期（11月23日—29日）`, `2026年11月上旬`, `2026年四季度`, `2026年`."""
        year, _, part = self.code.partition("-")
        month, _, tens = part.partition("-D")
        if part.startswith("W"):
            changed = "" if self.first.month == self.last.month else f"{self.last.month}月"
            return f"第{int(part[1:])}期（{self.first.month}月{self.first.day}日—{changed}{self.last.day}日）"
        if part.startswith("Q"):
            return f"{year}年{'一二三四'[int(part[1]) - 1]}季度"
        if part.startswith("H"):
            return f"{year}年{'上下'[int(part[1]) - 1]}半年"
        if tens:
            return f"{year}年{int(month)}月{'上中下'[int(tens) - 1]}旬"
        return f"{year}年{int(part)}月" if part else f"{year}年"

    @property
    def dated_label(self) -> str:
        """The name on papers and of a figure's period: `2026年第48周`, else the label."""
        return self.name.replace("期", "周")

    @property
    def spoken(self) -> str:
        """The label without its days: `第48期`."""
        return self.label.partition("（")[0]

    @property
    def name(self) -> str:
        """What it is called in any year: `2026年第48期`, else the label."""
        return f"{self.code[:4]}年{self.spoken}" if self.is_week else self.label

    @property
    def full_name(self) -> str:
        """The name with its days: `2026年第48期（11月23日—29日）`, else the label."""
        return f"{self.code[:4]}年{self.label}" if self.is_week else self.label

    @property
    def paper_label(self) -> str:
        """The name on papers with its days: `2026年第48周（11月23日—29日）`, else the label.

        期 is the word of forms: on a paper it would be read as the number of an issue.
        """
        return self.full_name.replace("期", "周", 1)

    @property
    def paper_name(self) -> str:
        """The label on papers without its days: `第48周`, else the label."""
        return self.spoken.replace("期", "周")

    def named_in(self, year: int) -> str:
        """Return what papers of a year call it: `第48周`, of another year `2026年第48周`."""
        return self.paper_name if self.year == year else self.dated_label

    @property
    def is_week(self) -> bool:
        """Whether it is a week, or a fortnight, which goes by the code of its last week."""
        return "-W" in self.code

    @property
    def is_year(self) -> bool:
        """Whether it is a calendar year."""
        return "-" not in self.code

    def precedes(self, other: "Period") -> bool:
        """Return whether what was reported for this period was known when the other ended.

        The two may overlap, as a week and a month do where returns were first weekly, then monthly.
        """
        return self.code != other.code and self.place < other.place


def parse_period(code: str) -> Period:
    """Return the period that a code names.

    Raises:
        ValueError: no such period, with a sentence for people.
    """
    return _known_period(code) if len(code) <= _LONGEST else _period(code)


@lru_cache(maxsize=1 << 12)  # every row of every return names one
def _known_period(code: str) -> Period:
    return _period(code)


def _period(code: str) -> Period:
    match = _CODE.fullmatch(code.strip())
    if match is None:
        raise ValueError(f"“{code}”不是期号，应如 {EXAMPLES}")
    year = int(match["year"])
    if year not in _YEARS:
        raise ValueError(f"“{code}”这一期不存在，请核对期号")
    try:
        if match["week"]:
            first = date.fromisocalendar(year, int(match["week"]), 1)
            return Period(match.string, first, first + timedelta(days=6))
        if match["quarter"]:
            return _months(match.string, year, 3 * int(match["quarter"]) - 2, 3)
        if match["half"]:
            return _months(match.string, year, 6 * int(match["half"]) - 5, 6)
        if match["tens"]:
            return _ten_days(match.string, year, int(match["month"]), int(match["tens"]))
        if match["month"]:
            return _months(match.string, year, int(match["month"]), 1)
        return _months(match.string, year, 1, 12)
    except ValueError as fault:
        raise ValueError(f"“{code}”这一期不存在，请核对期号") from fault


def _months(code: str, year: int, month: int, count: int) -> Period:
    after = month + count
    return Period(
        code, date(year, month, 1), date(year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)
    )


def _ten_days(code: str, year: int, month: int, number: int) -> Period:
    """Return the first or second ten days of a month, or what follows them."""
    whole = _months(code, year, month, 1)
    first = whole.first + timedelta(days=10 * (number - 1))
    last = whole.last if number == 3 else first + timedelta(days=9)
    return Period(code, first, last)


def without_until(typed: str) -> str:
    """Return a text without 截至: a figure up to a day, or to a period's end, is one of that period."""
    return _UNTIL.sub("", typed, count=1)


def read_period(typed: str) -> Period | None:
    """Read the period that a person wrote (`2026年三季度`, `2026.10`, `2026年1-10月`), None if it is none.

    `1-10月` is the figure accumulated to October and so belongs to October, `前三季度` to the third quarter.
    """
    text = "".join(typed.split())
    return _read_short(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=1 << 12)  # the same periods stand in every return
def _read_short(typed: str) -> Period | None:
    text = _NUMERALS.sub(_in_digits, without_until(typed))
    codes = [text]
    for pattern, code in _SPOKEN:
        if match := pattern.fullmatch(text):
            codes.append(code.format_map(match.groupdict()))
    for code in codes:
        try:
            return parse_period(code)
        except ValueError:
            continue
    return None


def _in_digits(numeral: re.Match[str]) -> str:
    """Return `十一` as 11 and `二〇二六` as 2026; 一二, which may be 1 and 2, stays."""
    tens, ten, ones = numeral[0].translate(_DIGITS).partition("十")
    if ten and len(tens) <= 1 and len(ones) <= 1:
        return f"{tens or 1}{ones or 0}"
    if not ten and len(tens) in (1, 4):
        return tens
    return numeral[0]


def week_of(day: date) -> Period:
    """Return the ISO week that a day lies in."""
    year, week, _ = day.isocalendar()
    return parse_period(f"{year}-W{week:02d}")


def period_of(day: date, frequency: Frequency) -> Period:
    """Return the period of a frequency that a day lies in."""
    match frequency:
        case Frequency.WEEK:
            return week_of(day)
        case Frequency.MONTH | Frequency.MONTH_BUT_JANUARY:
            return parse_period(f"{day.year}-{day.month:02d}")
        case Frequency.QUARTER:
            return parse_period(f"{day.year}-Q{(day.month + 2) // 3}")
        case Frequency.HALF:
            return parse_period(f"{day.year}-H{1 if day.month <= 6 else 2}")
        case Frequency.YEAR:
            return parse_period(f"{day.year}")


def widest_ending(day: date) -> Period:
    """Return the widest of the months, quarters, halves and years that end on a day, else its week."""
    ending = (period_of(day, frequency) for frequency in Frequency)
    return max((period for period in ending if period.last == day), default=week_of(day))


def latest_published(day: date, frequency: Frequency, lag_days: int) -> Period:
    """Return the newest period whose figure can be known on a day: it ended at least `lag_days` before."""
    known_until = day - timedelta(days=lag_days)
    current = period_of(known_until, frequency)
    return _published(current if current.last <= known_until else _before(current, frequency), frequency)


def _before(period: Period, frequency: Frequency) -> Period:
    return period_of(period.first - timedelta(days=1), frequency)


def _published(period: Period, frequency: Frequency) -> Period:
    """Return the period, or the one before it if it is a January that is not published alone."""
    merged = frequency is Frequency.MONTH_BUT_JANUARY and period.first.month == 1
    return _before(period, frequency) if merged else period


def recent(period: Period, frequency: Frequency, count: int) -> list[Period]:
    """Return a period and the ones before it at the same frequency, newest first."""
    found = [period]
    while len(found) < count:
        found.append(_published(_before(found[-1], frequency), frequency))
    return found
