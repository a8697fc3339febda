"""What is promised of a week, and held at its end."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.files import sha256
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.deliveries import LetterState, LiaisonLetter
from tenproj_xl.model.statuses import Status
from tests.channels.parcels import NAMED
from tests.channels.people import GONE, UNREACHABLE, WATCHED
from tests.channels.world import World

_NAMED = ("R03-02怎么填", GONE, UNREACHABLE)
"""What a person has to look into, or may want to, as the commands have to name it."""


class Promises:
    """The promises, against what lay there when the week began."""

    def __init__(self, world: World, period: str) -> None:
        self.world = world
        self.period = period

    def held(self, handed: Sequence[str], by_hand: Workspace) -> Iterator[str]:
        """Yield a sentence for each promise that was kept.

        Args:
            handed: The references of the letters that were handed over by a person.
            by_hand: A workspace into which the same returns were taken plainly.

        Raises:
            AssertionError: A promise was not kept.
        """
        yield self._figures(by_hand)
        yield self._companions()
        yield self._letters(handed)
        yield self._mailbox()
        yield self._watched()
        yield self._told()
        ran = self.world.tenproj("verify")
        assert ran.code == 0, ran.said
        yield "verify finds nothing amiss"

    def _figures(self, by_hand: Workspace) -> str:
        ours, theirs = _rows(self.world.workspace, self.period), _rows(by_hand, self.period)
        assert theirs, "nothing was taken in by hand"
        differences = [*(f"missing or other: {row}" for row in theirs - ours)]
        differences += [f"too much: {row}" for row in ours - theirs]
        assert not differences, "\n".join(differences)
        return f"{theirs.total()} accepted rows, each once, are those of the week by hand"

    def _companions(self) -> str:
        with look_into_ledger(self.world.workspace.ledger) as ledger:
            receipts = ledger.receipts(self.period)
        found = {r.file.rpartition("/")[2] for r in receipts if r.status is Status.COMPANION}
        assert {"08区文广旅体局盖章.pdf", "现场照片.jpg"} <= found, found
        return f"{len(found)} scans and photographs are filed with their forms"

    def _letters(self, handed: Sequence[str]) -> str:
        with look_into_ledger(self.world.workspace.ledger) as ledger:
            letters = ledger.letters(self.period)
        got = self._got()
        twice = [f"{reference} at {box}" for (reference, box), count in got.items() if count > 1]
        twice += [reference for reference, count in Counter(handed).items() if count > 1]
        assert not twice, f"sent twice: {twice}"
        arrived = {reference for reference, _ in got}
        mailed = {one.reference for one in letters if _was_sent(one) and one.channel == "邮件"}
        assert arrived <= mailed, f"went, and nobody knows: {arrived - mailed}"
        for letter in letters:
            if letter.reference in mailed:
                self._reached(letter, got)
        by_hand = {one.reference for one in letters if _was_sent(one) and one.channel != "邮件"}
        assert by_hand == set(handed), by_hand ^ set(handed)
        doubtful = [one.reference for one in letters if one.state.is_doubtful]
        assert not doubtful, doubtful
        waiting = [one for one in letters if one.state.is_waiting]
        status = self.world.tenproj("status").said
        assert not waiting or f"待发{len(waiting)}封" in status, status
        return f"{len(mailed)} letters by mail and {len(handed)} by hand, none twice, none lost; {len(waiting)} wait"

    def _got(self) -> Counter[tuple[str, str]]:
        """Return how often each letter lies in each mailbox."""
        got: Counter[tuple[str, str]] = Counter()
        for folder in self.world.dovecot.mails.glob("box*@example.com"):
            box = folder.name.partition("@")[0]
            got.update((reference, box) for reference in self.world.letters_in(box))
        return got

    def _reached(self, letter: LiaisonLetter, got: Counter[tuple[str, str]]) -> None:
        for address in (*letter.to, *letter.copies):
            box, _, domain = address.partition("@")
            if domain == "example.com" and address not in letter.refused:
                assert got[letter.reference, box] == 1, f"{letter.reference} did not reach {address}"

    def _mailbox(self) -> str:
        """All mails lie in the office's mailbox as they came: nothing is read, moved or deleted."""
        state = self.world.dovecot.state(self.world.account)
        marked = [line for line in state if b"Seen" in line or b"Deleted" in line or b"Flagged" in line]
        assert not marked, marked
        folder = self.world.dovecot.mails / self.world.account
        count = sum(path.is_file() for path in (*folder.glob("new/*"), *folder.glob("cur/*")))
        assert len(state) == count >= self.world.arrived, (len(state), count, self.world.arrived)
        return f"{count} mails lie in the mailbox, unread"

    def _watched(self) -> str:
        now = _watched(self.world.root.parent)
        assert now == self.world.laid, set(now.items()) ^ set(self.world.laid.items())
        return f"{len(now)} files in watched folders are as they were"

    def _told(self) -> str:
        said = "\n".join(ran.said for ran in self.world.told)
        letters = "\n".join(
            path.read_text("utf-8-sig") for path in self.world.workspace.outbox.rglob("通知/*.txt")
        )
        lacking = [text for text in _NAMED if text not in said]
        for what, (_, remedy) in NAMED.items():
            if remedy not in letters:
                lacking.append(f"{what}: {remedy}")
        assert not lacking, f"not told: {lacking}"
        return "what needs a person was named, with what to do"


def _watched(place: Path) -> dict[str, tuple[str, int]]:
    """Return what lies in the watched folders beside a workspace: contents and time of each file, by name."""
    found = {}
    for name in WATCHED:
        for path in (place / name).rglob("*"):
            if path.is_file():
                found[f"{name}/{path.name}"] = sha256(path.read_bytes()), path.stat().st_mtime_ns
    return found


def _was_sent(letter: LiaisonLetter) -> bool:
    return letter.state is LetterState.SENT


def _rows(workspace: Workspace, period: str) -> Counter[tuple[str, ...]]:
    """Return what was accepted: sheet, code and values of each row, and whether it came late."""
    found: Counter[tuple[str, ...]] = Counter()
    with look_into_ledger(workspace.ledger) as ledger:
        for row in ledger.accepted_rows(period):
            values = sorted((field, repr(value)) for field, value in row.values.items())
            patched = repr(sorted(row.patched)) if row.patched is not None else ""
            found[
                row.sheet, row.code, row.task_force, repr(values), repr(sorted(row.changed_fields)), patched
            ] += 1
    return found
