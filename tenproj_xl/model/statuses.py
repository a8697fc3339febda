"""What became of a received file."""

from tenproj_xl.core.codes import LabelledCode


class Status(LabelledCode):
    """The status of a received file."""

    ACCEPTED = "accepted", "已接收"
    WITH_WARNINGS = "accepted_with_warnings", "已接收，有提示"
    TO_CORRECT = "to_correct", "待更正"
    REFUSED = "refused", "未接收（退回）"
    SUPERSEDED = "superseded", "已被更新的一份取代"
    DUPLICATE = "duplicate", "重复报送"
    WITHDRAWN = "withdrawn", "已撤回"
    COMPANION = "companion", "附带材料，已存档"
    """A scan, a photograph or a note beside a form; or a scan that came alone."""
    AWAITING = "awaiting_admission", "来源待核实，未计入"
    """It came from an address of another unit, and waits for the office's word."""
    HELD = "held", "带密级标志，未收取"
    LEAD_CHECK = "lead_check", "牵头核对意见，已录入"
    """A 专班核对稿, in which a lead unit says what it thinks of rows."""
    SCORE_CHECK = "score_check", "得分核对稿，已收到"
    """A 得分核对稿, in which a lead unit objects to deductions."""
    SLIP_REPLY = "slip_reply", "督办单反馈，已录入"

    @property
    def is_return(self) -> bool:
        """Whether the file counts as a return of its recipient."""
        return self not in _NO_RETURNS

    @property
    def must_come_again(self) -> bool:
        """Whether its sender has to correct it, or to send something else."""
        return self in _OPEN

    @property
    def is_beside(self) -> bool:
        """Whether the file was never meant as a return: it lies beside one, or speaks of others'."""
        return self in _BESIDE

    @property
    def is_word(self) -> bool:
        """Whether it is a workbook, but no form, that a unit was sent to say something in."""
        return self in _WORDS


_OPEN = frozenset({Status.TO_CORRECT, Status.REFUSED})
_WORDS = frozenset({Status.LEAD_CHECK, Status.SCORE_CHECK, Status.SLIP_REPLY})
_BESIDE = _WORDS | {Status.COMPANION}
_NO_RETURNS = _BESIDE | {Status.REFUSED, Status.DUPLICATE, Status.WITHDRAWN, Status.HELD, Status.AWAITING}
