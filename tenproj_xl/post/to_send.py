"""待发: one folder for each liaison, with what to paste, the files to attach, and a mail where it goes so.

A folder that is there already with the same letter stays as it is: the operator may have edited the text.
What a person laid into a folder stays there; of ours what is not to be sent any more is removed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.files import file_name, write_file
from tenproj_xl.model.deliveries import LiaisonLetter
from tenproj_xl.model.liaisons import Liaison
from tenproj_xl.post.letter_mail import LetterMail, draft_of
from tenproj_xl.reading.csv_text import decoded_text
from tenproj_xl.reading.inbox import is_noise

TEXT, DRAFT = "消息.txt", "邮件草稿.eml"
_EDITED = "消息_手改备份.txt"
"""What the operator wrote for a letter that was laid out anew before it was sent."""
_LONGEST = 60
"""Characters of a folder's name, which Windows has to open with all that is in it."""


@dataclass(frozen=True, kw_only=True)
class ReadyLetter:
    """A letter with the files that go along, each by the name that it has there."""

    letter: LiaisonLetter
    is_mailed: bool
    files: Sequence[tuple[str, bytes]]


def folder_name(liaison: Liaison) -> str:
    """Return the name of a liaison's folder."""
    return file_name(liaison.label.replace(" ", "_"))[:_LONGEST]


def lay_out(root: Path, ready: ReadyLetter, before: Iterable[LiaisonLetter]) -> None:
    """Write the folder of a letter, its text last: what was cut off has none, and is written again.

    Args:
        root: The folder 待发.
        ready: The letter.
        before: The letters that lay there before, whose files give way.
    """
    letter = ready.letter
    folder = root / letter.folder
    _clear(folder, before)
    for name, data in ready.files:
        write_file(folder / name, data)
    if ready.is_mailed:
        draft = draft_of(_mail(letter, _plain(letter.text), ready.files))
        write_file(folder / DRAFT, draft.as_bytes())
    write_file(folder / TEXT, letter.text.encode("utf-8-sig"))


def clear_others(root: Path, kept: Collection[str], letters: Mapping[str, Sequence[LiaisonLetter]]) -> None:
    """Remove the letters that are not to be sent any more, given by the folders they were laid out in."""
    for name, before in letters.items():
        if name not in kept:
            _clear(root / name, before)


def _clear(folder: Path, before: Iterable[LiaisonLetter]) -> None:
    """Remove what we wrote into a folder, and the folder where nothing else is in it."""
    if not folder.is_dir():
        return
    ours, texts = {DRAFT}, set()
    for letter in before:
        ours.update(letter.files)
        texts.add(_plain(letter.text))
    message = folder / TEXT
    if message.exists():
        if message_in(folder) in texts:
            message.unlink()
        else:
            message.replace(folder / _EDITED)
    for path in folder.iterdir():
        if path.name in ours:
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def message_in(folder: Path) -> str:
    """Return what is to be pasted from a folder, as the operator may have edited it, lines ended by LF."""
    return _plain(decoded_text((folder / TEXT).read_bytes()))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def mail_in(root: Path, letter: LiaisonLetter) -> LetterMail:
    """Return a letter that lies in its folder as a mail, as the operator may have edited it there."""
    folder = root / letter.folder
    files = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name not in (TEXT, DRAFT, _EDITED) and not is_noise(path.name):
            files.append((path.name, path.read_bytes()))
    return _mail(letter, message_in(folder), files)


def _mail(letter: LiaisonLetter, text: str, files: Sequence[tuple[str, bytes]]) -> LetterMail:
    return LetterMail(
        reference=letter.reference,
        to=letter.to,
        copies=letter.copies,
        subject=letter.subject,
        text=text,
        attachments=files,
    )
