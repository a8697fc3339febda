"""Who wrote a mail: a person, or a machine that is never answered."""

from tenproj_xl.core.codes import LabelledCode


class MailKind(LabelledCode):
    """Who wrote a mail, as far as its headers tell."""

    PERSON = "person", "来信"
    AUTOMATIC = "automatic", "自动回复"
    MASS = "mass", "群发邮件"
    BOUNCE = "bounce", "退信"
    OWN = "own", "本软件发出的信"

    @property
    def may_be_answered(self) -> bool:
        """Whether a letter may be sent in answer without a person's word."""
        return self is MailKind.PERSON
