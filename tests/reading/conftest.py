"""What tests of reading share: reading processes of their own."""

import pytest

from tenproj_xl.reading.worker import Worker


@pytest.fixture(autouse=True)
def _own_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each reading process anew: these tests look at how it begins and ends."""
    monkeypatch.setattr("tenproj_xl.reading.parcels.Worker", Worker)
