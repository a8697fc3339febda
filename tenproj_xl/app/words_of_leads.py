"""What units say in workbooks that come back through the inbox: 专班核对稿, 得分核对稿 and 督办单反馈."""

from tenproj_xl.app.lead_checks import read_words
from tenproj_xl.app.plans import InForce
from tenproj_xl.app.results import FileResult
from tenproj_xl.app.score_checks import read_objections
from tenproj_xl.app.slip_replies import read_replies
from tenproj_xl.ledger.view import LedgerView
from tenproj_xl.reading.arrivals import Opened
from tenproj_xl.recognition.identify import Identified


def read_word_of_lead(
    opened: Opened, identified: Identified, plans: InForce, ledger: LedgerView
) -> FileResult | None:
    """Return the result of such a workbook, None for any other file."""
    if identified.lead_rows:
        return read_words(opened, identified.lead_rows, plans, ledger)
    if identified.score_rows:
        return read_objections(opened, identified.score_rows, plans, ledger)
    if identified.slip_rows:
        return read_replies(opened, identified.slip_rows, plans, ledger)
    return None
