"""What becomes of each spoil of the collection is kept, so that a review sees each change.

Where a change is meant, renew it with `pytest tests/spoils --renew-golden` and read what `git diff` shows.
"""

from collections import Counter

import pytest

from tests.spoils import weeks
from tests.spoils.runner import Verdict, verdicts
from tests.spoils.spoil import collection, keep, kept

SPOILS = collection()


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    return verdicts(SPOILS, weeks.made(tmp_path_factory), tmp_path_factory.mktemp("spoils"))


def test_there_are_three_hundred_spoils_of_sixty_mechanisms_none_with_more_than_ten() -> None:
    of_mechanism = Counter((spoil.family, spoil.mechanism) for spoil in SPOILS)
    assert len(SPOILS) >= 300
    assert len(of_mechanism) >= 60
    assert max(of_mechanism.values()) <= 10


def test_every_spoil_is_a_different_one() -> None:
    assert max(Counter(spoil.key for spoil in SPOILS).values()) == 1
    for n, spoil in enumerate(SPOILS):
        others = [s for s in SPOILS[n + 1 :] if (s.week, s.files) == (spoil.week, spoil.files)]
        assert others == [], spoil.key


def test_what_becomes_of_a_spoil_is_as_it_is_kept(
    judged: dict[str, Verdict], request: pytest.FixtureRequest
) -> None:
    now = {key: verdict.outcome for key, verdict in judged.items()}
    if request.config.getoption("--renew-golden"):
        keep(now)
    before = {key: of_spoil.today for key, of_spoil in kept().items()}
    changed = {
        key: (before.get(key), outcome, judged[key].silent + judged[key].misleading)
        for key, outcome in now.items()
        if before.get(key) is not outcome
    }
    assert changed == {}, "run pytest tests/spoils --renew-golden and read the difference"
    assert sorted(before) == sorted(now)
