"""What the ledger knows of letters that went out and of mails that came in."""

from tenproj_xl.ledger.fetched_entries import FetchedView
from tenproj_xl.ledger.letter_entries import LettersView


class PostView(FetchedView, LettersView):
    """Letters and mails; a part of `LedgerView`."""
