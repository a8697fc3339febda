"""What passes through a process folded."""

import pickle

from tenproj_xl.core.folded import Fold, Folded


class Loud:
    """Tells when it is unfolded."""

    unfolded = 0

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return _loud, ()


def _loud() -> Loud:
    Loud.unfolded += 1
    return Loud()


def test_nothing_is_unfolded_on_the_way() -> None:
    before = Loud.unfolded
    folded: Folded[object] = Folded(Fold.of([[Loud()], "ab"]), 1)
    passed = pickle.loads(pickle.dumps(folded))  # noqa: S301  # our own
    passed = pickle.loads(pickle.dumps(passed))  # noqa: S301  # our own

    assert Loud.unfolded == before
    assert list(passed) == ["a", "b"]
    assert Loud.unfolded == before + 1


def test_sequences_of_one_fold_have_their_objects_in_common() -> None:
    shared = ["a row"]
    fold = pickle.loads(pickle.dumps(Fold.of([[shared, "b"], [shared]])))  # noqa: S301  # our own
    rows: Folded[object] = Folded(fold, 0)
    others: Folded[object] = Folded(fold, 1)

    assert rows[0] is others[0]
    assert rows[1:] == ["b"]
    assert len(rows) == 2
