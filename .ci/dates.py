"""Print the dates on which the tests must pass as well, one a line; with `--one`, print one drawn by chance.

All lie after the real day, for new files keep their real time.
"""

import calendar
import random
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta


def dates(today: date) -> Sequence[datetime]:
    """Return a year on, 1 January, 29 February and the last half minute of a Sunday."""
    year_on = today + timedelta(days=365)
    new_year = date(today.year + 1, 1, 1)
    leap_year = next(y for y in range(today.year + 1, today.year + 9) if calendar.isleap(y))
    sunday = today + timedelta(days=7 + calendar.SUNDAY - today.weekday())
    return (
        datetime.combine(year_on, time(9, 30)),
        datetime.combine(new_year, time(0, 0, 10)),
        datetime.combine(date(leap_year, 2, 29), time(12)),
        datetime.combine(sunday, time(23, 59, 30)),
    )


if __name__ == "__main__":
    choice = dates(date.today())  # noqa: DTZ011  # the machine's day, as new files have it
    if "--one" in sys.argv:
        choice = [random.choice(choice)]  # noqa: S311  # no secret
    print(*choice, sep="\n")
