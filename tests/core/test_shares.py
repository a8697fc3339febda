"""A share of a target is never rounded to the whole."""

import pytest

from tenproj_xl.core.shares import share_in_brief, share_in_words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.8623, "86.2%"),
        (39.99 / 40, "99.9%"),
        (0.99999, "99.9%"),
        (1, "100.0%"),
        ((0.7 + 0.2 + 0.1) / 1.0, "100.0%"),
        (1.0004, "100.0%"),
        (0, "0.0%"),
    ],
)
def test_a_share_short_of_the_whole_never_reads_as_the_whole(share: float, words: str) -> None:
    assert share_in_words(share) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.8623, "86%"), (34.99 / 35, "99.9%"), (0.996, "99.6%"), (0.994, "99%"), (1, "100%"), (1.004, "100%")],
)
def test_nor_where_there_is_room_for_whole_hundredths_alone(share: float, words: str) -> None:
    assert share_in_brief(share) == words
