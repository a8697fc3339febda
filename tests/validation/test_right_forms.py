"""Two hundred forms filled in rightly, each another way: not one of them is found fault with."""

import random
from collections import Counter
from typing import Any

import pandera.pandas as pa
import pytest

from tenproj_xl.app.check import check
from tenproj_xl.app.results import FileResult
from tenproj_xl.cli.open_form import Answers
from tenproj_xl.model.statuses import Status
from tests.conftest import PERIOD
from tests.helpers.answers import random_answers
from tests.helpers.filling import Office, typed

ROUNDS = 20


@pytest.fixture(scope="module")
def validations() -> Counter[str]:
    return Counter()


@pytest.fixture(scope="module")
def sent(later: Office) -> dict[str, Answers]:
    """What two hundred clerks write, by file."""
    return {
        f"{code}_{n}.xlsx": random_answers(form, random.Random(f"{code}/{n}"))  # noqa: S311  # examples, no secrets
        for code, form in later.forms.items()
        for n in range(ROUNDS)
    }


@pytest.fixture(scope="module")
def judged(
    later: Office,
    sent: dict[str, Answers],
    validations: Counter[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, FileResult]:
    folder = tmp_path_factory.mktemp("sent")
    for name, answers in sent.items():
        (folder / name).write_bytes(typed(later.path(name[:2]), answers, highlights=name))
    validate = pa.DataFrameSchema.validate

    def counted(schema: pa.DataFrameSchema, *args: Any, **more: Any) -> Any:
        validations["/".join(schema.columns)] += 1
        return validate(schema, *args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pa.DataFrameSchema, "validate", counted)
        files = check(later.workspace, sorted(folder.iterdir()), PERIOD).files
    return {f.received.name: f for f in files}


def test_no_right_form_is_found_fault_with(judged: dict[str, FileResult]) -> None:
    assert {name: f.findings for name, f in judged.items() if f.findings} == {}
    assert Counter(f.status for f in judged.values()) == {Status.ACCEPTED: 10 * ROUNDS}


def test_every_answer_is_accepted(judged: dict[str, FileResult], sent: dict[str, Answers]) -> None:
    for name, answers in sent.items():
        judgement = judged[name].judgement
        assert judgement
        assert len(judgement.accepted) == len(answers)


def test_every_number_is_understood_as_it_was_written(
    judged: dict[str, FileResult], sent: dict[str, Answers]
) -> None:
    written, understood = 0.0, 0.0
    for name, answers in sent.items():
        judgement = judged[name].judgement
        assert judgement
        values = [e.inputs["value"] for e in judgement.accepted if e.row.sheet.code == "indicators"]
        understood += sum(v for v in values if isinstance(v, float))
        written += sum(v for a in answers.values() if isinstance(v := a.get("value"), float))
    assert understood == pytest.approx(written)


def test_all_returns_are_validated_at_once_sheet_by_sheet(
    judged: dict[str, FileResult], validations: Counter[str]
) -> None:
    assert len(judged) == 10 * ROUNDS
    assert list(validations.values()) == [1, 1, 1]
