"""The forms that were sent, as a ledger gives them back."""

from tenproj_xl.ledger.store import open_ledger
from tests.conftest import PERIOD
from tests.helpers.filling import Office


def test_rows_that_are_known_already_are_not_decoded_again_for_the_form_they_stand_in(week: Office) -> None:
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        sent = ledger.sent(PERIOD, "03")
        known = ledger.issued([*sent.rows][::2])
        again = ledger.sent(PERIOD, "03", known)
    assert again == sent
    assert [*again.rows] == [*sent.rows]
    assert all(again.rows[token] is printings[-1] for token, printings in known.items())


def test_a_row_that_was_printed_for_another_recipient_is_none_of_the_form(week: Office) -> None:
    with open_ledger(week.workspace.ledger, who="tests") as ledger:
        sent, other = ledger.sent(PERIOD, "03"), ledger.sent(PERIOD, "05")
        foreign = {token: [*other.rows.values()][:1] for token in sent.rows}
        assert ledger.sent(PERIOD, "03", foreign) == sent
