"""A short run of the fuzzer, and proof that it notices breaches; `python -m tests.fuzzing.fuzz` runs longer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tenproj_xl.app import judge_files
from tests.fuzzing import trial
from tests.fuzzing.fuzz import Case, Fuzzing, case, run
from tests.fuzzing.mutations import Mutant
from tests.fuzzing.seeds import seeds
from tests.fuzzing.trial import Court, File
from tests.helpers.filling import Office


def test_no_mutant_of_a_form_does_harm(later: Office) -> None:
    forms = seeds(later)
    with Court(later) as court:
        found = list(Fuzzing(court, forms).tried(2026, range(150)))
    assert [(c.name, c.mutant.what, breaches) for c, _, breaches in found if breaches] == []
    assert {c.form for c, _, _ in found} == set(forms)


def test_whole_forms_of_every_kind_are_read(later: Office) -> None:
    with Court(later) as court:
        verdicts = court.tried([File(*form) for form in sorted(seeds(later).items())])
    refused = {v.file.name: v.codes for v in verdicts if not v.is_return and "duplicate" not in v.statuses}
    assert refused == {"password.xlsx": ("file_encrypted",)}


def test_the_same_seed_makes_the_same_mutants(later: Office) -> None:
    forms = seeds(later) | {"password.xlsx": b"salted anew each time"}
    assert [case(forms, 7, n) for n in range(30)] == [case(forms, 7, n) for n in range(30)]
    assert [case(forms, 7, n) for n in range(30)] != [case(forms, 8, n) for n in range(30)]


def test_a_check_that_raises_is_a_breach_of_the_file_it_raised_over(
    later: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = judge_files.judge_files

    def fragile(received: Sequence[Any], *rest: Any, **options: Any) -> Any:
        if any(r.data == b"2" for r in received):
            raise KeyError("two")
        return judge(received, *rest, **options)

    monkeypatch.setattr(trial, "judge_files", fragile)
    with Court(later) as court:
        verdicts = court.tried([File(name, name.encode()) for name in "01234"])
    assert [v.breaches for v in verdicts] == [(), (), ("the check raised KeyError: 'two'",), (), ()]


def test_reading_that_takes_too_long_or_too_much_is_a_breach(
    later: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = File("form.xlsx", seeds(later)["form.xlsx"])
    monkeypatch.setattr(trial, "SECONDS", -1)
    monkeypatch.setattr(trial, "MEMORY", 1 << 20)
    with Court(later) as court:
        (verdict,) = court.tried([form])
    assert [b.split()[:2] for b in verdict.breaches[:2]] == [["reading", "took"], ["reading", "took"]]


def test_damage_that_shows_and_is_read_all_the_same_is_a_breach(later: Office) -> None:
    forms = seeds(later)
    with Court(later) as court:
        fuzzing = Fuzzing(court, forms)
        (verdict,) = court.tried([File("form.xlsx", later.blank("03").data)])
    for is_shown in (True, False):
        other = Case(1, "form.xlsx", Mutant("another form", verdict.file.data, is_shown))
        assert fuzzing.is_misread(other, verdict) is is_shown


def test_a_breach_is_saved_with_a_word_on_how_to_replay_it(
    later: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trial, "SECONDS", -1)
    monkeypatch.setattr("tests.fuzzing.fuzz.seeds", lambda _: {"form.csv": b"a,b\n"})
    monkeypatch.setattr("tests.fuzzing.fuzz.missing", lambda _: "not for this test")
    assert run(later, 60, 40, 5, tmp_path) == 40
    assert "40 breaches" in capsys.readouterr().out
    files = sorted(tmp_path.glob("5-*-form.csv"))
    assert len(files) == 40
    assert f"--replay {files[0]}" in files[0].with_name(f"{files[0].name}.txt").read_text(encoding="utf-8")
