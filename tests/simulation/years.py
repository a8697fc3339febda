"""Years of a district, drawn by chance: plans that change, returns that come late, twice or are taken back.

Issues are found, applied for, signed off and opened again; papers are given out, and figures contradict them.

    python -m tests.simulation.years --weeks 520 --seed 7

Everything goes through the commands and through files. What is checked, and against what: see `Simulation`.
"""

import argparse
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from openpyxl import load_workbook

from tenproj_xl.app.frames import facts_for
from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.initialise import initialise
from tenproj_xl.app.merge import merge
from tenproj_xl.app.periods import with_issued
from tenproj_xl.app.plan_check import check_plan
from tenproj_xl.app.plan_correct import correct_plan
from tenproj_xl.app.plan_new_year import new_year
from tenproj_xl.app.read_workbooks import load_snapshots
from tenproj_xl.app.releases import ALL_EDITIONS
from tenproj_xl.app.rollup_input import gathered
from tenproj_xl.app.withdraw import withdraw
from tenproj_xl.app.workspace import Workspace, load
from tenproj_xl.core.period_rows import indicator_of_row
from tenproj_xl.core.periods import Frequency, Period, latest_published, parse_period
from tenproj_xl.core.rhythms import Rhythm
from tenproj_xl.excel.office_tables import write_workbook  # loads XlsxWriter
from tenproj_xl.ledger.as_of import ledger_up_to
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.issued import Snapshots
from tenproj_xl.model.plan_schema import PLAN_SHEETS
from tenproj_xl.model.published import Published, Row
from tenproj_xl.model.reviews import ReviewVerdict
from tenproj_xl.reading.inbox import Received
from tenproj_xl.rollup.facts.errata import Matter, differences
from tenproj_xl.rollup.facts.indicators import IndicatorLine
from tenproj_xl.rollup.facts.model import Facts, facts_of
from tenproj_xl.rollup.facts.publishing import published
from tenproj_xl.validation.entries import Entry
from tests.helpers.filling import places, typed
from tests.helpers.settled import settled_report
from tests.helpers.times import first_morning
from tests.simulation.district import Aim, District, Force, Report, figure, light, standing
from tests.simulation.issues import APPLIED, Answer, Course, Docket, counts, later
from tests.simulation.office import Slip, hold_session, mark, record_by_phone, review_figures, supervise_week
from tests.simulation.papers import GivenOut, Press, calls_for_correction

FIRST_WEEK = "2025-W02"
_MOMENT = datetime(2026, 1, 1)  # names a backup
_MEMORY = Path("/dev/shm")  # noqa: S108  # where Linux has it: every commit and file waits for a disk
EVERY = 4
"""A roll-up is looked at in every fourth week, and so are some of before."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What was told of a period, and the number of the ledger's last batch then."""

    period: Period
    batch: int
    told: Published


class Simulation:
    """A district, week by week.

    Held against what the simulation wrote itself: each figure in a roll-up is the one that was reported last for
    its row and data period, or told by telephone, under whatever code, and has its cell; one that contradicts a
    paper that was given out waits; each row stands once; each target is the one that the plan gave for the
    period; each issue has the state and the deadline that follow from what was written and ruled; each slip stays
    with its row. Held against the past: a roll-up of before is the same as long as nothing was recorded for its
    period or an earlier one, and by the ledger of then always; each paper that was given out is handed out byte
    for byte, with what has changed since.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # a simulation is to be repeatable
        self.workspace = Workspace(root)
        initialise(self.workspace)
        self.district = _district()
        self.reports: list[Report] = []
        self.files: dict[str, list[Report]] = {}
        self.periods: dict[str, Period] = {}
        """The periods that forms went out for, by code: a fortnight has the code of its second week."""
        self.codes: dict[str, Mapping[str, int]] = {}
        self.aims: dict[str, list[Aim]] = {}
        self.papers: dict[str, Paper] = {}
        self.told_before: dict[str, Published] = {}
        self.given_out: list[Paper] = []
        self.waiting: list[tuple[Period, str, Path]] = []
        self.slips: list[Slip] = []
        self.docket = Docket()
        self.press = Press()
        self.doubted: list[tuple[str, str, str]] = []
        """The figures that wait for the office."""
        self.refused: set[tuple[int, str, float]] = set()
        self.used: dict[str, list[str]] = {}
        """The task forces that wrote of a new issue, by period: each time in another row."""
        self.written: dict[str, list[tuple[str, Answer]]] = {}
        """What was written of issues, by the hash of the file: the description, "" for a registered one."""
        self.events: list[str] = []
        self.order = 0
        self.write_plan()
        self.calendar = load(self.workspace).settings.calendar

    # --- the weeks

    def run(self, weeks: int) -> None:
        """Let weeks pass, in whatever rhythm returns are asked for, and ask of the past at the end."""
        period = parse_period(FIRST_WEEK)
        end = period.first + timedelta(weeks=weeks)
        number = 0
        while period.last < end:
            number += 1
            self.week(period, is_looked_at=number % EVERY == 0)
            likelihood = 0.3  # a rhythm of months soon changes back, so that most years are of weeks
            if self.calendar.rhythm is Rhythm.WEEK:
                likelihood = 0.06
            if self.chance.random() < likelihood:
                self.change_the_rhythm()
            period = self.calendar.following(period)
        self.ask_for_papers(self.press.given)
        self.ask_the_past()

    def week(self, week: Period, *, is_looked_at: bool) -> None:
        """Let a week pass: the plan may change, forms go out, returns come in, roll-ups are made."""
        for event in self.draw_events(week):
            event(week)
        self.send_out(week)
        self.return_forms(week)
        if self.chance.random() < 0.05:
            self.take_one_back()
        if self.chance.random() < 0.3:
            self.sign_issues_off(week)
        if self.chance.random() < 0.12:
            self.amend_a_figure(week)
        if self.chance.random() < 0.12:
            idents = self.codes[week.code]
            self.events += supervise_week(self.workspace, self.chance, self.slips, week, idents)
        if self.doubted and self.chance.random() < 0.5:
            self.review()
        if is_looked_at:
            self.look_at(week)
            self.give_out(week)
            for code in self.chance.sample(sorted(self.told_before), k=min(2, len(self.told_before))):
                self.look_at(self.periods[code])

    def give_out(self, week: Period) -> None:
        """Give papers out, and look at one of those that were given out before."""
        if self.chance.random() < 0.5:
            self.give_out_week(week)
        if self.chance.random() < 0.4:
            self.give_out_month(week)
        if self.press.given:
            period = self.chance.choice(self.press.given).period
            of_period = [paper for paper in self.press.given if paper.period.code == period.code]
            self.ask_for_papers(of_period, period)

    def send_out(self, week: Period) -> None:
        """Generate the forms, and keep what the plan says for their week."""
        generate(self.workspace, week.code, now=first_morning(week.code))
        self.periods[week.code] = week
        self.codes[week.code] = self.district.idents_by_code
        self.aims[week.code] = list(self.district.aims)

    # --- the returns of a week

    def return_forms(self, week: Period) -> None:
        """Send the forms of the week, some late and some twice, and those that were late before."""
        inbox = self.workspace.inbox
        for period, force, path in self.waiting:
            self.send(period, path, inbox / f"{force}_{period.code}_迟.xlsx")
        self.waiting = []
        for path in sorted((self.workspace.outbox / week.code / "填报表").glob("*.xlsx")):
            force = path.name[:2]
            fate = self.chance.random()
            if fate < 0.1:
                self.waiting.append((week, force, path))
            elif fate < 0.95:
                self.send(week, path, inbox / f"{force}_{week.code}.xlsx")
        self.take_in()
        if self.chance.random() < 0.2 and week.code in self.codes:
            for path in sorted((self.workspace.outbox / week.code / "填报表").glob("01_*.xlsx"))[:1]:
                self.send(week, path, inbox / f"01_{week.code}_更正.xlsx")
            self.take_in()

    def send(self, period: Period, form: Path, target: Path) -> None:
        """Fill in the figures that are out by the end of a period, and put the form into the inbox."""
        month = _published_month(period)
        answers: dict[tuple[str, str], dict[str, object]] = {}
        idents = self.codes[period.code]
        for code in _codes_in(form):
            if code not in idents or self.chance.random() < 0.1:
                continue
            answers["indicators", code] = {
                "data_period": month.label,
                "value": float(self.chance.randint(1, 400)),
                "nature": "部门统计",
                "lag_reason": "进度正常推进中",
                "next_steps": "加快推进",
                "remark": "核减",
            }
        answers |= self.put_right(period, form, month)
        of_issues = self.write_of_issues(period, form, answers)
        data = typed(form, answers)
        target.write_bytes(data)
        self.written[sha256(data).hexdigest()] = of_issues
        self.order += 1
        moment = 1_736_000_000 + self.order * 60
        os.utime(target, (moment, moment))

    def put_right(
        self, period: Period, form: Path, month: Period
    ) -> dict[tuple[str, str], dict[str, object]]:
        """Put a figure of an earlier month right now and then, in a row that is there for it."""
        codes = {ident: code for code, ident in self.codes[period.code].items() if code in _codes_in(form)}
        before = [r for r in self.reports if r.period.precedes(period) and r.ident in codes]
        earlier = [r for r in before if parse_period(r.data_period).last < month.last]
        is_there = "更正1" in places(form).rows("indicators")
        if not earlier or not is_there or self.chance.random() > 0.3:
            return {}
        wrong = self.chance.choice(earlier)
        self.events.append("figure put right")
        row: dict[str, object] = {
            "name": codes[wrong.ident],
            "data_period": parse_period(wrong.data_period).label,
            "value": float(self.chance.randint(1, 400)),
            "nature": "部门统计",
            "remark": "原数有误",
        }
        return {("indicators", f"更正{self.chance.randint(1, 5)}"): row}

    def take_in(self) -> None:
        """Run `ingest`, and keep what it accepted under the identities of the rows."""
        before = tuple(self.reports)
        for result in ingest(self.workspace).files:
            if result.judgement is None or not result.status.is_return:
                continue
            period = self.periods[result.period]
            idents = self.codes[result.period]
            for entry in result.judgement.accepted:
                code = indicator_of_row(entry.code)
                if entry.row.sheet.code != "indicators" or code not in idents:
                    continue
                value, month = entry.value("value"), entry.value("data_period")
                if not isinstance(value, float):
                    continue
                found = Report(
                    ident=idents[code],
                    code=entry.code,
                    data_period=str(month),
                    value=value,
                    period=period,
                    order=result.received.received_at.timestamp(),
                    sha256=result.received.sha256,
                )
                found = replace(found, held=self.contradicts(found, before))
                self.reports.append(found)
                self.files.setdefault(result.received.sha256, []).append(found)
            self.take_in_issues(result.received, result.judgement.accepted)
            self.is_changed_from(period)
        self.check_reviews()

    def take_one_back(self) -> None:
        """Withdraw a file that was accepted."""
        if not self.files:
            return
        digest = self.chance.choice(list(self.files))  # hashes differ each time: forms have secrets
        withdraw(self.workspace, digest, "单位来电撤回")
        for gone in self.files.pop(digest):
            self.reports.remove(gone)
            self.doubted = [key for key in self.doubted if key != gone.key]
            self.is_changed_from(gone.period)
        for answer in self.docket.withdraw(digest):
            self.is_changed_from(answer.period)
        self.events.append("withdrawn")

    # --- figures that contradict what was given out

    def contradicts(self, report: Report, before: Iterable[Report]) -> bool:
        """Return whether a figure waits: a paper judged another one, and this one would be judged otherwise."""
        was = standing(before, report.ident, report.data_period)
        if was is None or was.value == report.value:
            return False
        told = self.told_of(report)
        month = parse_period(report.data_period)
        now = light(report.value, self.target(report.ident, month.last.year, report.period), month)
        if told in (None, now):
            return False
        if (report.ident, report.data_period, report.value) not in self.refused:
            self.doubted.append(report.key)
        return True

    def told_of(self, report: Report) -> object:
        """Return how the last paper that was given out judged a figure of a report's row and data period."""
        for paper in reversed(self.press.given):
            for code, ident in self.codes_at(paper.period).items():
                row = paper.told.rows["indicators"].get(code, {})
                if ident == report.ident and row.get("data_period") == report.data_period:
                    return str(row["state"])
        return None

    def codes_at(self, period: Period) -> Mapping[str, int]:
        """Return the rows of the plan in force on the last day of a period."""
        begun = [code for code in self.codes if parse_period(code).last <= period.last]
        return self.codes[begun[-1] if begun else next(iter(self.codes))]

    def check_reviews(self) -> None:
        """Check which figures wait."""
        with look_into_ledger(self.workspace.ledger) as ledger:
            found = {review.key for review in ledger.reviews() if review.verdict is ReviewVerdict.WAITING}
        present = {report.key for report in self.reports}
        self.doubted = [key for key in self.doubted if key in present]
        assert found == set(self.doubted)

    def review(self) -> None:
        """Let the office decide about what waits."""
        decided = review_figures(self.workspace, self.chance)
        assert set(decided) == set(map(mark, self.doubted))
        for number, report in enumerate(self.reports):
            verdict = decided.get(mark(report.key), "")
            if verdict and report.key in self.doubted:
                self.doubted.remove(report.key)
                self.events.append(f"review {verdict}")
                self.is_changed_from(report.period)
                if verdict == "采用":
                    self.reports[number] = replace(report, held=False)
                    of_file = self.files[report.sha256]
                    of_file[of_file.index(report)] = self.reports[number]
                else:
                    self.refused.add((report.ident, report.data_period, report.value))

    # --- papers that are given out

    def give_out_week(self, week: Period) -> None:
        """Sign the roll-up of a week and give it out, and see whether the past is told as it is."""
        made = merge(self.workspace, week.code, "张三")
        told = self.would_tell("week", week)
        files = [made.rollup, *(path for path in made.beside if self.chance.random() < 0.5)]
        self.press.give_out(self.workspace, files, "week", week, told)
        self.events.append("week given out")

    def give_out_month(self, week: Period) -> None:
        """Give out the paper of the month before, or its correction where one is called for."""
        last_of_month = week.last.replace(day=1) - timedelta(days=1)
        month = parse_period(f"{last_of_month:%Y-%m}")
        if month.last < next(map(parse_period, self.codes)).last:
            return
        told = self.would_tell("month", month)
        given = self.press.last(("month", "month", month.code))
        if given and not calls_for_correction(given.told, told, is_for_all=False):
            return
        files = settled_report(self.workspace, "month", month.code, "张三").written
        self.press.give_out(self.workspace, files, "month", month, told)
        self.events.append("month corrected" if given else "month given out")

    def would_tell(self, edition: str, period: Period) -> Published:
        """Return what a paper would tell now."""
        loaded = load(self.workspace)
        with look_into_ledger(self.workspace.ledger) as ledger:
            loaded = with_issued(loaded, ledger)
            span = loaded.settings.span(period.code)
            return _told(facts_of(gathered(loaded, ledger, span, ALL_EDITIONS[edition])))

    def ask_for_papers(self, papers: Iterable[GivenOut], period: Period | None = None) -> None:
        """Check what `publications` says and hands out, of a period or of all."""
        made = {(paper.edition, paper.period) for paper in papers}
        now = {f"{edition} {of.code}": self.would_tell(edition, of) for edition, of in made}
        self.press.check(self.workspace, period, now)

    # --- issues

    def write_of_issues(
        self, period: Period, form: Path, answers: dict[tuple[str, str], dict[str, object]]
    ) -> list[tuple[str, Answer]]:
        """Write of issues into a form: on those that stand in it, and sometimes of a new one."""
        written: list[tuple[str, Answer]] = []
        for code in [row for row in places(form).rows("issues") if not row.startswith("+")]:
            course = self.docket.course(code)
            if course is None or course.closed_on or self.chance.random() < 0.4:
                continue
            answer = self.answer_on(code, course, period)
            answers["issues", code] = _as_typed(answer)
            written.append(("", answer))
        if self.chance.random() < 0.12:
            number = 1 + sum(force == form.name[:2] for force in self.used.get(period.code, ()))
            self.used.setdefault(period.code, []).append(form.name[:2])
            due_on = later(period.last, self.chance.randint(3, 70))
            new = Answer(code="", period=period, due_on=due_on)
            description = f"现场问题{self.chance.randrange(10**9):09d}"
            row = {
                "description": description,
                "category": "用地",
                "source": "自查",
                "raised_on": period.first,
                "unit": "项目公司",
                "due_on": due_on,
            }
            answers["issues", f"+{number}"] = {**row, **_as_typed(new)}
            written.append((description, new))
        return written

    def answer_on(self, code: str, course: Course, period: Period) -> Answer:
        """Return what a department writes of an issue."""
        answer = Answer(code=code, period=period, due_on=course.answers[0].due_on)  # as it is printed
        fate = self.chance.random()
        if fate < 0.35:
            raised_on = course.answers[0].period.first  # within the month, where a month follows the weeks
            return replace(answer, status=APPLIED, applied_on=max(period.first, raised_on))
        if fate < 0.5:
            return replace(answer, extend_to=later(max(course.due or period.last, period.last), 30))
        return answer

    def take_in_issues(self, received: Received, accepted: Iterable[Entry]) -> None:
        """Keep what was accepted of what a return wrote of issues."""
        named = {(entry.code, str(entry.value("description"))) for entry in accepted}
        codes = {code for code, _ in named}
        descriptions = {description for _, description in named}
        for description, answer in self.written.get(received.sha256, []):
            kept = replace(answer, order=received.received_at.timestamp(), sha256=received.sha256)
            if answer.code:
                assert answer.code in codes, f"what was written of {answer.code} was not accepted"
                self.docket.answers.append(kept)
                self.events.append(f"issue {answer.status}{'，延期' if answer.extend_to else ''}")
            else:
                assert description in descriptions, f"{description} was not accepted"
                self.docket.register(Path(received.name).name[:2], kept)
                self.events.append("issue found")
        self.files.setdefault(received.sha256, [])

    def sign_issues_off(self, week: Period) -> None:
        """Let the office decide what waits about issues."""
        forces = [force.code for force in self.open_forces()]
        happened = hold_session(self.workspace, self.chance, self.docket, week, forces)
        self.events += happened
        if happened:
            self.is_changed_from(week)

    def check_issues(self, facts: Facts, period: Period) -> None:
        """Hold the issues of a roll-up, and their numbers on page one, against the docket."""
        states = self.docket.states(period)
        told = {line.code: (line.state.value, line.due_on) for line in facts.issues}
        assert told == states, f"{period.code}: {sorted(map(str, told.items() ^ states.items()))}"
        numbers = {name: getattr(facts.headline, name) for name in counts([])}
        assert numbers == counts(state for state, _ in states.values()), period.code

    def amend_a_figure(self, week: Period) -> None:
        """Record a figure that the office was told, in place of a return."""
        code, ident = self.chance.choice(sorted(self.codes[week.code].items()))
        month, value = _published_month(week), float(self.chance.randint(1, 400))
        told = record_by_phone(self.workspace, code, month, value)
        if told is None:
            return
        digest, moment = told
        amended = Report(
            ident=ident,
            code=code,
            data_period=month.code,
            value=value,
            period=week,
            order=moment.timestamp(),
            sha256=digest,
        )
        self.reports.append(amended)
        self.files[digest] = [amended]
        self.events.append("figure told by telephone")
        self.is_changed_from(week)

    def is_changed_from(self, period: Period) -> None:
        """Forget what was told of a period and of later ones: something was recorded for it."""
        self.papers = {code: paper for code, paper in self.papers.items() if paper.period < period}

    # --- the plan

    def write_plan(self) -> None:
        """Save the workbook as the office would."""
        write_workbook(self.workspace.plan, PLAN_SHEETS, self.district.tables(), {})

    def draw_events(self, week: Period) -> list[Callable[[Period], None]]:
        """Return what happens to the plan before the forms of a week."""
        events: list[Callable[[Period], None]] = []
        if self.chance.random() < 0.4:
            events.append(self.chance.choice(self.all_events()))
        newest = self.papers and max(paper.period.year for paper in self.papers.values())
        if newest and newest < week.year and week.first < date(week.year, 4, 1):
            events.append(self.begin_a_year)
        return events

    def all_events(self) -> list[Callable[[Period], None]]:
        """Return everything that may happen to a plan."""
        return [
            self.lower_a_target,
            self.change_a_target,
            self.mistype_a_target,
            self.add_a_row,
            self.withdraw_a_row,
            self.insert_and_renumber,
            self.rename_a_row,
            self.rename_a_unit,
            self.succeed_a_unit,
            self.merge_a_force,
            self.found_a_force,
            self.change_a_convener,
        ]

    def lower_a_target(self, week: Period) -> None:
        """Lower a target by decision: from a week on, which may have passed."""
        since = self.chance.choice([week.code, *list(self.codes)[-2:]])
        aim = self.drawn_aim(week)
        if aim is None or any(_day(other.since) >= _day(since) for other in self.aims_of(aim)):
            return
        lower = replace(aim, value=max(5, aim.value - 7), since=since, basis=f"纪要{week.code}")
        self.district.aims.append(lower)
        for code, aims in self.aims.items():
            if _begins(since, parse_period(code)) and any(one.ident == aim.ident for one in aims):
                aims.append(lower)
        self.is_changed_from(parse_period(since))
        self.save("target lowered from " + since)

    def change_a_target(self, week: Period) -> None:
        """Change a target where it stands, which holds from the next forms."""
        aim = self.drawn_aim(week)
        if aim is not None and not any(other.since for other in self.aims_of(aim)):
            self.district.aims[self.district.aims.index(aim)] = replace(aim, value=aim.value + 5)
            self.save("target changed")

    def mistype_a_target(self, week: Period) -> None:
        """Put a typing error right for all weeks: it was in the plan from the beginning."""
        aim = self.drawn_aim(week)
        newest = next(reversed(self.codes), "")
        if aim is None or not newest or aim not in self.aims[newest]:
            return
        right = replace(aim, value=aim.value + 3)
        self.district.aims[self.district.aims.index(aim)] = right
        self.save("target corrected")
        if check_plan(self.workspace).changes:
            since = self.chance.choice(list(self.codes)[-3:])
            correct_plan(self.workspace, since, "录入错误")
            for code, aims in self.aims.items():
                if not parse_period(code) < parse_period(since):
                    self.aims[code] = [right if one == aim else one for one in aims]
            self.is_changed_from(parse_period(since))

    def add_a_row(self, _week: Period) -> None:
        """Add an indicator."""
        force = self.chance.choice(self.open_forces())
        if len(self.district.rows) < 16:
            self.district.add(force.code, self.district.free_code(force.code), force.lead, 100)
            self.save("row added")

    def withdraw_a_row(self, _week: Period) -> None:
        """Delete an indicator."""
        force = self.chance.choice(self.open_forces())
        rows = [row for row in self.district.rows if row.force == force.code]
        if len(self.district.rows) > 10 and len(rows) > 2:
            self.district.remove(self.chance.choice(rows))
            self.save("row withdrawn")

    def insert_and_renumber(self, _week: Period) -> None:
        """Insert an indicator in the middle of a task force's, and number the next ones anew."""
        force = self.chance.choice(self.open_forces())
        rows = [row for row in self.district.rows if row.code.startswith(f"Z{force.code}")]
        if len(rows) < 3 or len(self.district.rows) >= 16:
            return
        codes = [row.code for row in rows]
        shifted = [*codes[2:], self.district.free_code(force.code)]
        for row, code in zip(rows[1:], shifted, strict=True):
            self.district.change(row, code=code, former=row.code)
        self.district.add(force.code, codes[1], force.lead, 120)
        self.save("rows renumbered")

    def rename_a_row(self, _week: Period) -> None:
        """Give an indicator another name."""
        row = self.chance.choice(self.district.rows)
        self.district.change(row, name=f"{row.name}（修订{len(self.events)}）")
        self.save("row renamed")

    def rename_a_unit(self, _week: Period) -> None:
        """Replace the name of a unit everywhere."""
        old = self.chance.choice([name for name, cells in self.district.units.items() if not cells])
        self.district.rename_unit(old, f"{old[:3]}{len(self.events):03d}局")
        self.save("unit renamed")

    def succeed_a_unit(self, week: Period) -> None:
        """End a unit on the last day of the week before, another one takes over."""
        living = [name for name, cells in self.district.units.items() if not cells]
        if len(living) > 3:
            old, new = self.chance.sample(living, k=2)
            self.district.units[old] = {"终止日期": f"{week.first:%Y-%m-%d}", "承继单位": new}
            self.save("unit succeeded")

    def merge_a_force(self, week: Period) -> None:
        """Merge a task force into another one."""
        forces = self.open_forces()
        if len(forces) > 3:
            ending, heir = self.chance.sample(forces, k=2)
            place = self.district.forces.index(ending)
            self.district.forces[place] = replace(ending, ends=week.code, successor=heir.code)
            self.save("task force merged")

    def found_a_force(self, _week: Period) -> None:
        """Found a task force with an indicator."""
        if len(self.open_forces()) < 5:
            code = f"{len(self.district.forces) + 1:02d}"
            lead = self.chance.choice([name for name, cells in self.district.units.items() if not cells])
            self.district.forces.append(Force(code=code, lead=lead, convener="新任"))
            self.district.add(code, f"Z{code}-01", lead, 90)
            self.save("task force founded")

    def change_a_convener(self, _week: Period) -> None:
        """Give a task force another convener."""
        place = self.chance.randrange(len(self.district.forces))
        force = self.district.forces[place]
        self.district.forces[place] = replace(force, convener=f"第{len(self.events)}任")
        self.save("convener changed")

    def begin_a_year(self, week: Period) -> None:
        """Make the plan ready for the year that a week belongs to."""
        done = new_year(self.workspace, week.year, _MOMENT)
        assert done.undecided == ()
        self.events.append("year begun")

    def change_the_rhythm(self) -> None:
        """Ask for returns in another rhythm from now on."""
        book = load_workbook(self.workspace.settings)
        page = book["参数"]
        row = next(row for row in page.iter_rows() if row[0].value == "报送周期")
        row[1].value = self.chance.choice(["每周", "每周", "每两周", "每月"])
        book.save(self.workspace.settings)
        self.calendar = load(self.workspace).settings.calendar
        self.events.append(f"rhythm {row[1].value}")

    def drawn_aim(self, week: Period) -> Aim | None:
        """Return a target of this year that is in force, of a row that is in the plan."""
        of_year = [aim for aim in self.district.aims if aim.year == week.last.year and not aim.since]
        return self.chance.choice(of_year) if of_year else None

    def aims_of(self, aim: Aim) -> list[Aim]:
        """Return all targets of the same row and year."""
        return [one for one in self.district.aims if (one.ident, one.year) == (aim.ident, aim.year)]

    def open_forces(self) -> list[Force]:
        """Return the task forces that have not ended."""
        return [force for force in self.district.forces if not force.ends]

    def save(self, event: str) -> None:
        """Write the plan down, and keep what happened."""
        self.events.append(event)
        self.write_plan()

    # --- what is checked

    def look_at(self, period: Period) -> None:
        """Check a roll-up; one that was looked at before is to be the same, or to list what differs."""
        facts = facts_for(self.workspace, period.code)
        told = _told(facts)
        if period.code in self.told_before:
            self.check_differences(self.told_before[period.code], facts)
        self.told_before[period.code] = told
        if period.code not in self.papers:
            self.check_lines(facts, period)
            with look_into_ledger(self.workspace.ledger) as ledger:
                batch = ledger.last_batch()
            assert batch is not None
            paper = Paper(period=period, batch=batch.number, told=told)
            self.papers[period.code] = paper
            self.given_out.append(paper)
        else:
            assert told == self.papers[period.code].told, f"{period.code} was told otherwise before"

    def check_differences(self, before: Published, facts: Facts) -> None:
        """Hold the list of what differs from an earlier paper of a period against both papers."""
        listed = {d.code for d in differences(before, facts) if d.subject is Matter.INDICATOR}
        old, new = before.rows["indicators"], _told(facts).rows["indicators"]
        told_otherwise = {code for code in old.keys() | new.keys() if old.get(code) != new.get(code)}
        figures = {code for code in told_otherwise if _figure(old.get(code)) != _figure(new.get(code))}
        assert figures <= listed <= told_otherwise

    def check_lines(self, facts: Facts, period: Period) -> None:
        """Hold the lines of a roll-up against what was written into plan and forms."""
        codes = [line.indicator.code for line in facts.indicators]
        assert len(codes) == len(set(codes))
        assert set(codes) == set(self.codes[period.code]), "other rows than the plan has"
        self.check_issues(facts, period)
        for line in facts.indicators:
            self.check_line(line, period)

    def check_line(self, line: IndicatorLine, period: Period) -> None:
        """Hold a line against the figure that was reported last, and the target that the plan gave."""
        ident = self.codes[period.code][line.indicator.code]
        where = f"{period.code} {line.indicator.code} (row {ident})"
        stick = line.yardstick
        if line.figure is not None:
            expected = figure(self.reports, ident, line.figure.period.code, period)
            assert line.figure.value == expected, f"{where}: {line.figure.value}, and {expected} was reported"
            row = line.figure.row
            assert row.cells.get("value") or row.basis, f"{where}: no cell"
        elif line.due is not None:
            assert figure(self.reports, ident, line.due.code, period) is None, f"{where}: its figure is lost"
        if stick is not None and stick.target is not None:
            assert stick.target.value == self.target(ident, stick.target.period.last.year, period), where

    def target(self, ident: int, year: int, period: Period) -> float | None:
        """Return the target that the plan gave a row for a year, in a period; None where it gave none."""
        aims = [aim for aim in self.aims[period.code] if (aim.ident, aim.year) == (ident, year)]
        begun = [aim for aim in aims if not aim.since or _begins(aim.since, period)]
        if not begun:
            return None
        return float(max(begun, key=lambda aim: _day(aim.since)).value)

    def ask_the_past(self) -> None:
        """Make papers again by the ledger, plan and settings of then."""
        for paper in self.chance.sample(self.given_out, k=min(20, len(self.given_out))):
            with look_into_ledger(self.workspace.ledger) as ledger, ledger_up_to(ledger, paper.batch) as past:
                last = past.last_batch()
                assert last is not None
                snapshots = Snapshots(past.snapshot(last.plan), past.snapshot(last.settings))
                loaded = with_issued(load_snapshots(snapshots), past)
                period = loaded.settings.span(paper.period.code)  # two weeks, where these were the rhythm
                again = _told(facts_of(gathered(loaded, past, period)))
            assert again == paper.told, f"{paper.period.code} cannot be made again"


def _district() -> District:
    """Return the district as it begins: three task forces, twelve indicators."""
    units: dict[str, Mapping[str, str]] = {
        name: {} for name in ("区甲局", "区乙局", "区丙局", "区丁局", "区戊局")
    }
    district = District(units=units)
    for number, lead in enumerate(("区甲局", "区乙局", "区丙局"), 1):
        district.forces.append(Force(code=f"{number:02d}", lead=lead, convener="首任"))
        for row in range(1, 5):
            reporter = lead if row < 4 else "区丁局"
            district.add(f"{number:02d}", f"Z{number:02d}-{row:02d}", reporter, 60 * number + 20 * row)
        district.milestones[f"R{number:02d}-01", 1] = "开工"
        district.milestones[f"R{number:02d}-01", 2] = "竣工"
    return district


def _published_month(period: Period) -> Period:
    """Return the newest month whose figure is out by the end of a period."""
    return latest_published(period.last, Frequency.MONTH, 10)


def _codes_in(form: Path) -> list[str]:
    """Return the codes of the indicators that a form asks for."""
    return [code for code in places(form).rows("indicators") if code.startswith("Z")]


def _begins(since: str, period: Period) -> bool:
    """Return whether a target counts in a period from its 生效期 on: a week's end, or a month's first day."""
    begins = parse_period(since)
    return (begins.last if begins.is_week else begins.first) <= period.last


def _day(since: str) -> date:
    """Return the day from which a target holds, the first of all days without 生效期."""
    return parse_period(since).first if since else date.min


def _told(facts: Facts) -> Published:
    """Return what a roll-up tells, without the number of the ledger's last entry, which grows.

    Issues that were signed off long ago, which it carries along from an earlier one, are left out.
    """
    told = published(facts, 0)
    shown = {line.code for line in facts.issues}
    issues = {code: row for code, row in told.rows["issues"].items() if code in shown}
    return replace(told, rows={**told.rows, "issues": issues})


def _as_typed(answer: Answer) -> dict[str, object]:
    """Return an answer on an issue as a clerk types it."""
    cells: dict[str, object] = {"status": answer.status, "progress": "正在协调推进"}
    if answer.status == APPLIED:
        applied: dict[str, object] = {"evidence": "批复文件", "lead_opinion": "同意"}
        cells |= {**applied, "applied_on": answer.applied_on}
    if answer.extend_to:
        cells |= {"extend_to": answer.extend_to, "extend_reason": "规划调整，需重新报批"}
    return cells


def _figure(row: Row | None) -> tuple[object, ...]:
    """Return what a paper told of an indicator's figure."""
    if row is None:
        return ()
    return tuple(row[field] for field in ("value", "data_period", "state"))


def main() -> None:
    """Run a simulation as long as asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weeks", type=int, default=156)
    parser.add_argument("--seed", type=int, default=None, help="default: a new one, which is printed")
    given = parser.parse_args()
    seed = given.seed
    if seed is None:
        seed = random.SystemRandom().randrange(1_000_000)
    print(f"seed {seed}, {given.weeks} weeks", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.exists() else None) as folder:
        simulation = Simulation(Path(folder) / "workspace", seed)
        simulation.run(given.weeks)
    for event, times in sorted(Counter(simulation.events).items()):
        print(f"{times:5d}  {event}")
    told = len(simulation.given_out)
    print(f"{len(simulation.reports)} figures, {told} roll-ups, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
