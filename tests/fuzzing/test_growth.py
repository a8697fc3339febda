"""The measuring of patterns: which it finds, and on which texts it tries them."""

import re

from tests.fuzzing.growth import texts, uses
from tests.fuzzing.mutations import CELL_LIMIT


def test_every_pattern_is_found_named_or_where_it_is_used() -> None:
    found = {use.name: use for use in uses()}
    assert found["tenproj_xl.recognition.claims._ID_LINE"].searches
    assert found["tenproj_xl.core.asides._NO_FIGURE"].searches  # a text that `re` is given by its name
    assert not found["tenproj_xl.core.asides._COURTESY"].searches
    assert not found["tenproj_xl.core.tokens._TOKEN"].searches
    assert [
        name for name in found if name.startswith("tenproj_xl.core.files:")
    ]  # in file_name, without a name
    assert [
        name for name in found if name.startswith("tenproj_xl.core.periods._SPOKEN")
    ]  # in pairs of a tuple


def test_a_pattern_is_tried_on_texts_of_its_own_characters_as_long_as_a_cell() -> None:
    tried = list(texts(re.compile(r"\S+ \d{4}"), CELL_LIMIT))
    assert "q" * CELL_LIMIT + "\x01" in tried
    assert all(len(text) >= CELL_LIMIT - 20 for text in tried)
