"""Spoil forms, have them judged by the real commands, and class what became of them."""

import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage
from functools import cache, cached_property
from pathlib import Path

from tenproj_xl.app.check import check
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.findings import Finding
from tenproj_xl.core.sheets import COVER, UNREAD_SHEETS
from tenproj_xl.core.texts import text_of
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.statuses import Status
from tests.helpers.answers import SIGNED
from tests.helpers.filling import Filling, Office, typed
from tests.spoils import weeks
from tests.spoils.clerk import Clerk
from tests.spoils.spoil import Cells, Outcome, Sent, Spoil


def outcomes(spoils: Sequence[Spoil], made: Path, folder: Path) -> dict[str, Outcome]:
    """Return what becomes of spoils, by their keys.

    Args:
        spoils: The spoils.
        made: The folder in which the weeks were made.
        folder: An empty folder to work in.
    """
    return {key: verdict.outcome for key, verdict in verdicts(spoils, made, folder).items()}


def verdicts(spoils: Sequence[Spoil], made: Path, folder: Path) -> dict[str, "Verdict"]:
    """Return what becomes of spoils, and why it is called so."""
    offices = {}
    for week in sorted({spoil.week for spoil in spoils}):
        shutil.copytree(made / week, folder / week)
        offices[week] = weeks.opened(week, folder / week)
    seen: dict[str, Seen] = {}
    for week, office in offices.items():
        seen |= _checked(
            [s for s in spoils if s.week == week and s.is_one_form], office, folder / f"{week}-sent"
        )
    for n, spoil in enumerate(s for s in spoils if not s.is_one_form):
        seen[spoil.key] = _taken_in(spoil, offices[spoil.week], folder / f"{n}")
    return {s.key: Verdict(s, seen[s.key], _expected(s, offices[s.week])) for s in spoils}


# --- the files


def _data(sent: Sent, office: Office, answer: Path | None) -> bytes:
    """Return what a file holds; `answer` is the workbook that was last sent back to be corrected."""
    if sent.text:
        return sent.text.encode()
    path = office.path(sent.force)
    if sent.form == "correction" and answer:
        path = answer
    answers = _answers(sent, office)
    if not sent.steps and sent.form != "correction":
        return typed(path, answers, **sent.cover)
    form = Filling(_light(path))
    form.fill_in(answers)
    form.cover(**{**SIGNED, **sent.cover})
    clerk = Clerk(form, {code: _light(office.path(code)) for code in office.forms})
    for name, *arguments in sent.steps:
        getattr(clerk, name)(*arguments)
    return clerk.data


@cache
def _light(path: Path) -> Path:
    """Return a copy of a form without the sheets that are not read when it comes back: openpyxl takes its time."""
    form = Filling(path)
    form.delete_sheet(*(name for name in UNREAD_SHEETS if name in form.book.sheetnames))
    copy = path.with_suffix(".light.xlsx")
    form.book.save(copy)
    return copy


def _answers(sent: Sent, office: Office) -> dict[tuple[str, str], dict[str, object]]:
    answers = {}
    if sent.form == "right":
        answers = weeks.right(office, sent.force)
    for name, values in sent.typed.items():
        sheet, row = name.split()
        answers[sheet, row] = {**answers.get((sheet, row), {}), **values}
    return answers


def _laid(files: Sequence[Sent], office: Office, folder: Path, answer: Path | None = None) -> list[Path]:
    """Lay files into a folder, those of one zip or mail inside it; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for pack in dict.fromkeys(file.pack for file in files):
        inside = [(file, _data(file, office, answer)) for file in files if file.pack == pack]
        if pack.endswith(".zip"):
            _zip(folder / pack, inside, office)
        elif pack.endswith(".eml"):
            _mail(folder / pack, inside, office)
        else:
            for file, data in inside:
                (folder / file.name).parent.mkdir(parents=True, exist_ok=True)
                (folder / file.name).write_bytes(data)
        names = {pack: inside[0][0].hours} if pack else {file.name: file.hours for file, _ in inside}
        for name, hours in names.items():
            moment = (office.deadline + timedelta(hours=hours)).timestamp()
            os.utime(folder / name, (moment, moment))
            paths.append(folder / name)
    return paths


def _zip(path: Path, inside: Sequence[tuple[Sent, bytes]], office: Office) -> None:
    with zipfile.ZipFile(path, "w") as pack:
        for file, data in inside:
            moment = office.deadline + timedelta(hours=file.hours)
            pack.writestr(zipfile.ZipInfo(file.name, moment.timetuple()[:6]), data)


def _mail(path: Path, inside: Sequence[tuple[Sent, bytes]], office: Office) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "张三 <zhangsan@example.com>", "填报表"
    mail["Date"] = office.deadline + timedelta(hours=inside[0][0].hours)
    mail.set_content("请查收。")
    for file, data in inside:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=file.name)
    path.write_bytes(mail.as_bytes())


# --- what became of them


@dataclass(frozen=True)
class Told:
    """A finding, and where: `tasks R01-01 status`, `tasks` for a sheet, `cover phone`, `file`."""

    place: str
    finding: Finding


@dataclass(frozen=True)
class Seen:
    """What became of the files of a spoil: accepted values by row, findings, all that people read, and statuses."""

    values: Cells
    told: Sequence[Told]
    read: Sequence[str]
    statuses: Mapping[str, Status]


def _checked(spoils: Sequence[Spoil], office: Office, folder: Path) -> dict[str, Seen]:
    """Return what becomes of single forms, all judged at once."""
    paths = {}
    for n, spoil in enumerate(spoils):
        # A folder each: names may be equal, and what a form is called is no evidence.
        [path] = _laid(spoil.files, office, folder / f"{n}")
        paths[path.rename(path.with_name(f"{n}_{path.name}"))] = spoil.key
    if not paths:
        return {}
    done = check(office.workspace, list(paths), office.period).files
    keys = {path.name: key for path, key in paths.items()}
    return {keys[file.received.name]: _seen([file], _values_of(file)) for file in done}


def _values_of(file: FileResult) -> Cells:
    if file.judgement is None:
        return {}
    names = _names(file)
    return {names[id(e.row)]: {f: e.value(f) for f in e.inputs} for e in file.judgement.accepted}


def _taken_in(spoil: Spoil, office: Office, folder: Path) -> Seen:
    """Return what becomes of files that are taken in, one run after the other."""
    shutil.copytree(office.workspace.root, folder, ignore=shutil.ignore_patterns("archive"))
    workspace = Workspace(folder)
    files: list[FileResult] = []
    read: list[str] = []
    answer: Path | None = None
    for run in sorted({file.run for file in spoil.files}):
        _laid([file for file in spoil.files if file.run == run], office, workspace.inbox, answer)
        done = ingest(workspace, office.period, now=office.deadline + timedelta(days=1))
        files += done.files
        for path in (file.answer for file in done.files if file.answer):
            # What was mailed is the clerk's, whatever becomes of it in the outbox.
            answer = Path(shutil.copy(path, folder))
        read += [*done.notices, *(c.message for c in done.conflicts), *done.left]
    with look_into_ledger(workspace.ledger) as ledger:
        rows = sorted(ledger.accepted_rows(office.period), key=lambda row: row.order)
    values = {f"{row.sheet} {row.code}": row.values for row in rows}
    seen = _seen(files, values)
    return Seen(values, seen.told, [*seen.read, *read], seen.statuses)


def _seen(files: Sequence[FileResult], values: Cells) -> Seen:
    told = [Told(place, f) for file in files for place, f in _placed(file)]
    read = [f.message for file in files for f in file.findings]
    for file in files:
        read += [path.name for path in (file.answer, file.letter) if path]
        if file.letter:
            read.append(file.letter.read_text("utf-8"))
    return Seen(values, told, read, {file.received.name: file.status for file in files})


def _placed(file: FileResult) -> Iterator[tuple[str, Finding]]:
    places: dict[tuple[str, str], str] = {}
    tabs = {COVER.name: "cover"}
    if file.judgement:
        names = _names(file)
        for e in file.judgement.entries:
            tabs[e.row.tab] = e.row.sheet.code
            for column in e.row.sheet.columns:
                places[e.row.tab, e.place(column.field).cell] = f"{names[id(e.row)]} {column.field}"
    for found in file.findings:
        place = places.get((found.sheet, found.cell)) or tabs.get(found.sheet, found.sheet)
        yield place or "file", found


def _names(file: FileResult) -> dict[int, str]:
    """Return the names of rows by their `id`: `tasks R01-01`, `issues +1` for blank ones, `issues new1` for others."""
    assert file.judgement
    names, blank, new = {}, 0, 0
    for e in file.judgement.entries:
        name = e.code
        if not name and e.row.issued:
            blank += 1
            name = f"+{blank}"
        elif not name:
            new += 1
            name = f"new{new}"
        names[id(e.row)] = f"{e.row.sheet.code} {name}"
    return names


# --- how it is classed


def _expected(spoil: Spoil, office: Office) -> dict[str, Mapping[str, object]]:
    """Return what is to be accepted, by row: what it is taken for, else as it is filled in where nothing is spoiled."""
    expected: dict[str, Mapping[str, object]] = {}
    touched = {row for file in spoil.files for row in file.typed}
    for file in spoil.files:
        if file.is_form and file.form == "right":
            for (sheet, row), values in weeks.right(office, file.force).items():
                name = f"{sheet} {row}"
                expected[name] = {} if name in touched else values
    expected |= {row: {} for row in touched}
    expected |= spoil.taken
    if "all" in spoil.not_taken:
        return {}
    return {row: values for row, values in expected.items() if row not in spoil.not_taken}


@dataclass(frozen=True)
class Verdict:
    """What became of a spoil, against what a careful human understands."""

    spoil: Spoil
    seen: Seen
    expected: Mapping[str, Mapping[str, object]]
    silent: list[str] = field(default_factory=list, init=False)
    misleading: list[str] = field(default_factory=list, init=False)

    @cached_property
    def outcome(self) -> Outcome:
        """Return the outcome; why stands in `silent` and `misleading` from then on."""
        self._look_at_questions()
        self._look_at_rows()
        self._look_at_findings()
        if self.silent:
            return Outcome.SILENTLY_WRONG
        return Outcome.MISLEADING if self.misleading else Outcome.RIGHT

    def _look_at_questions(self) -> None:
        for pattern in self.spoil.told:
            if not any(re.search(pattern, text) for text in self.seen.read):
                is_told_otherwise = any(told.place == "file" for told in self.seen.told)
                self._note(f"nobody reads “{pattern}”", is_named=is_told_otherwise)
        for asked in self.spoil.asked:
            if not any(self._is_asked(place) for place in asked.split("|")):
                row = " ".join(asked.split("|")[0].split()[:2])
                self._note(f"nobody is asked about {asked}", is_named=self._is_asked(row))
        for pattern in self.spoil.unsaid:
            if any(re.search(pattern, text) for text in self.seen.read):
                self.misleading.append(f"somebody reads “{pattern}”")
        for name in self.spoil.counted:
            if self.seen.statuses.get(name) in (Status.REFUSED, None):
                self._note(f"{name} is not filed", is_named=name in self.seen.statuses)

    def _is_asked(self, place: str) -> bool:
        """Whether a finding stands at a place; a row stands for its cells."""
        return any(f"{told.place} ".startswith(f"{place} ") for told in self.seen.told)

    def _look_at_rows(self) -> None:
        for row, values in self.expected.items():
            if row not in self.seen.values:
                self._note(f"{row} is kept out", is_named=self._is_named(row))
            for name, value in values.items() if row in self.seen.values else ():
                found = self.seen.values[row].get(name)
                if not _is_same(found, value) and not self._is_open(f"{row} {name}"):
                    self._note(
                        f"{row} {name} is {found!r}, not {value!r}", is_named=self._is_asked(f"{row} {name}")
                    )
        for row in self.seen.values.keys() - self.expected.keys():
            self._note(f"{row} is taken", is_named=self._is_asked(row))

    def _is_open(self, place: str) -> bool:
        """Whether a value stands until the sender has answered a question about it, which was asked."""
        is_question = any(place in asked.split("|") for asked in self.spoil.asked)
        return is_question and self._is_asked(place)

    def _is_named(self, row: str) -> bool:
        sheet = row.split(maxsplit=1)[0]
        whole = any(
            told.place in ("file", sheet) or told.finding.code.rule.refuses_return for told in self.seen.told
        )
        return whole or self._is_asked(row)

    def _note(self, what: str, *, is_named: bool) -> None:
        (self.misleading if is_named else self.silent).append(what)

    def _look_at_findings(self) -> None:
        for told in self.seen.told:
            if not self._is_allowed(told):
                self.misleading.append(f"{told.place}: {told.finding.message}")

    def _is_allowed(self, told: Told) -> bool:
        places = [place for asked in self.spoil.asked for place in asked.split("|")]
        code = told.finding.code.rule.code
        if any(f"{told.place} ".startswith(f"{place} ") for place in (*places, *self.spoil.may)):
            return True
        return code in self.spoil.may or any(re.search(p, told.finding.message) for p in self.spoil.told)


def _is_same(found: object, expected: object) -> bool:
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return abs(found - expected) < 1e-9
    if isinstance(expected, date) or isinstance(found, date):
        return found == expected
    return _text(found) == _text(expected)


def _text(value: object) -> str:
    if isinstance(value, LabelledCode):
        return value.label
    return text_of(value)
