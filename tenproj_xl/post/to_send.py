"""待发: one folder for each liaison, with what to paste, the files to attach, and a mail where it goes so.

A folder that is there already with the same letter stays as it is: the operator may have edited the text.
"""

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenproj_xl.core.files import file_name, write_file
from tenproj_xl.model.deliveries import LiaisonLetter
from tenproj_xl.model.liaisons import Liaison
from tenproj_xl.post.letter_mail import LetterMail, draft_of

TEXT, DRAFT = "消息.txt", "邮件草稿.eml"
_LONGEST = 60
"""Characters of a folder's name, which Windows has to open with all that is in it."""


@dataclass(frozen=True, kw_only=True)
class ReadyLetter:
    """A letter with its text and the files that go along, each by the name that it has there."""

    letter: LiaisonLetter
    liaison: Liaison
    text: str
    files: Sequence[tuple[str, bytes]]

    @property
    def folder(self) -> str:
        """The name of its folder: `区科技局_科技科_张三`."""
        return folder_name(self.liaison)


def folder_name(liaison: Liaison) -> str:
    """Return the name of a liaison's folder."""
    return file_name(liaison.label.replace(" ", "_"))[:_LONGEST]


def lay_out(root: Path, ready: ReadyLetter) -> None:
    """Write the folder of a letter, its text last: what was cut off has none, and is written again."""
    folder = root / ready.folder
    if folder.exists():
        shutil.rmtree(folder)
    for name, data in ready.files:
        write_file(folder / name, data)
    if ready.liaison.is_mailed:
        draft = draft_of(_mail(ready.letter, ready.text.replace("\r\n", "\n"), ready.files))
        write_file(folder / DRAFT, draft.as_bytes())
    write_file(folder / TEXT, ready.text.encode("utf-8-sig"))


def clear_others(root: Path, kept: Collection[str]) -> None:
    """Remove the folders of letters that are not to be sent any more."""
    if not root.is_dir():
        return
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder)


def mail_in(root: Path, letter: LiaisonLetter, liaison: Liaison) -> LetterMail:
    """Return a letter that lies in its folder as a mail, as the operator may have edited it there."""
    folder = root / folder_name(liaison)
    files = sorted(path for path in folder.iterdir() if path.name not in (TEXT, DRAFT))
    text = (folder / TEXT).read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    return _mail(letter, text, [(path.name, path.read_bytes()) for path in files])


def _mail(letter: LiaisonLetter, text: str, files: Sequence[tuple[str, bytes]]) -> LetterMail:
    return LetterMail(
        reference=letter.reference,
        to=letter.to,
        copies=letter.copies,
        subject=letter.subject,
        text=text,
        attachments=files,
    )
