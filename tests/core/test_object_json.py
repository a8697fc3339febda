"""Objects as JSON: what was written comes back equal, and nothing else does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from tenproj_xl.core.codes import LabelledCode
from tenproj_xl.core.object_json import ObjectJson


class Colour(LabelledCode):
    RED = "red", "红"


class Size(NamedTuple):
    width: float
    height: float | None


@dataclass(frozen=True, kw_only=True)
class Thing:
    name: str
    values: tuple[object, ...] = ()
    by_colour: Mapping[Colour, object] | None = None


OBJECTS = ObjectJson([Colour, Size, Thing])
VALUES = [
    None,
    True,
    1,
    0.1,
    float("inf"),
    "{}",
    (),
    ((1, ("二",)), ()),
    {"a": (1, 2), 3: {}},
    frozenset([date(2026, 1, 2)]),
    datetime(2026, 1, 2, 3, 4, 5, 6, UTC),
    time(17, 30),
    ZoneInfo("Asia/Shanghai"),
    Colour.RED,
    Size(1.0, None),
    Thing(name="桌", values=(Size(1, 2), (Colour.RED,)), by_colour={Colour.RED: (1,)}),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_what_was_written_comes_back_equal_and_of_its_class(value: object) -> None:
    found = OBJECTS.loads(OBJECTS.dumps(value))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("value", [b"", [1], Colour.stored("purple"), 1j], ids=repr)
def test_what_could_not_come_back_is_not_written(value: object) -> None:
    with pytest.raises(TypeError):
        OBJECTS.dumps((value,))


@pytest.mark.parametrize(
    "text",
    [
        '{"Path": ["/"]}',
        '{"Colour": "GREEN"}',
        '{"Size": [1]}',
        '{"Size": [1, 2, 3]}',
        '{"Size": [1, 2], "Thing": ["a"]}',
        "{}",
        '{"Size": 1}',
        '{"date": "2026-02-30"}',
        "[",
    ],
)
def test_what_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        OBJECTS.loads(text)
