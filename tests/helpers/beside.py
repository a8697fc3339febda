"""Judges beside the process of a test, which has threads and pandas and is not copied."""

import pickle
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from tenproj_xl.app import judges
from tenproj_xl.core.second_process import hand_over


def judge_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have returns judged as a second process would: by what is pickled, in a ledger that it opens."""
    monkeypatch.setattr(judges, "has_second_process", lambda: True)
    monkeypatch.setattr(judges, "hand_over", _over)


def _over(function: Callable[..., Any], *args: Any) -> "Future[Any]":
    function, args = pickle.loads(pickle.dumps((function, args)))  # noqa: S301  # our own
    done = hand_over(function, *args)
    if done.exception() is not None:
        return done
    back: Future[Any] = Future()
    back.set_result(pickle.loads(pickle.dumps(done.result())))  # noqa: S301  # our own
    return back
