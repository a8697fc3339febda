"""What befalls the commands of a week, drawn from a seed; a trouble that found nothing to strike comes again."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tests.channels.lines import Trouble
from tests.channels.world import Ran, World

_SENDS, _FETCHES, _ANY = "send", "fetch", "any"
Struck = tuple[Ran, bool]


@dataclass(frozen=True)
class Befalls:
    """A trouble: what it is called, what the commands must do for it to come, and how it comes.

    `happen` says what the command did, and whether the trouble struck it.
    """

    name: str
    needs: str
    happen: "Callable[[World, random.Random, Sequence[str]], Struck]"


def _killed_after_data(world: World, rng: random.Random, command: Sequence[str]) -> Struck:
    trouble = Trouble(after_sent=rng.randrange(3_000, 60_000), struck=world.kill_smtp)
    with world.trouble(world.smtp, trouble):
        ran = world.tenproj(*command)
    return ran, trouble.has_struck


def _killed_in_mid_fetch(world: World, rng: random.Random, command: Sequence[str]) -> Struck:
    trouble = Trouble(after_received=rng.randrange(4_000, 90_000), struck=world.kill_imap)
    with world.trouble(world.imap, trouble):
        ran = world.tenproj(*command)
    return ran, trouble.has_struck


def _killed_while_greeting(world: World, rng: random.Random, command: Sequence[str]) -> Struck:
    trouble = Trouble(after_received=rng.randrange(1, 1_400), struck=world.kill_smtp)
    with world.trouble(world.smtp, trouble):
        ran = world.tenproj(*command)
    return ran, trouble.has_struck


def _smtp_down(world: World, _: random.Random, command: Sequence[str]) -> Struck:
    world.kill_smtp()
    ran = world.tenproj(*command)
    return ran, "发信服务器" in ran.said


def _imap_down(world: World, _: random.Random, command: Sequence[str]) -> Struck:
    world.kill_imap()
    ran = world.tenproj(*command)
    return ran, "收信服务器" in ran.said


def _slow(world: World, rng: random.Random, command: Sequence[str]) -> Struck:
    delay = rng.uniform(0.005, 0.02)
    with world.trouble(world.imap, Trouble(delay=delay)), world.trouble(world.smtp, Trouble(delay=delay)):
        return world.tenproj(*command), True


def _full_mailboxes(world: World, rng: random.Random, command: Sequence[str]) -> Struck:
    said = rng.choice(("452 4.2.2 Mailbox full", "552 5.2.2 Over quota"))
    world.postfix.answer(**dict.fromkeys(("box1", "box4", "box9"), said))
    ran = world.tenproj(*command)
    world.postfix.answer()
    return ran, "没有发出" in ran.said


def _client_killed(world: World, rng: random.Random, command: Sequence[str]) -> Struck:
    ran = world.tenproj(*command, killed_after=rng.uniform(1.5, 5.0))
    return ran, ran.code < 0


def _full_disk(world: World, rng: random.Random, command: Sequence[str]) -> Struck:
    ran = world.on_a_full_disk(rng.choice((0, 8_000, 40_000, 160_000)), *command)
    return ran, "磁盘已满" in ran.said


def _renumbered(world: World, _: random.Random, command: Sequence[str]) -> Struck:
    world.dovecot.stop()
    world.dovecot.renumber(world.account)
    world.dovecot.start()
    return world.tenproj(*command), True


def _wrong_clock(world: World, rng: random.Random, command: Sequence[str]) -> Struck:
    hours = rng.choice((-40 * 24, -3, 3))
    return world.tenproj(*command, off=timedelta(hours=hours)), True


TROUBLES = (
    Befalls("SMTP server killed after DATA", _SENDS, _killed_after_data),
    Befalls("SMTP server killed before DATA", _SENDS, _killed_while_greeting),
    Befalls("SMTP server down", _SENDS, _smtp_down),
    Befalls("mailboxes full", _SENDS, _full_mailboxes),
    Befalls("IMAP server killed in mid-FETCH", _FETCHES, _killed_in_mid_fetch),
    Befalls("IMAP server down", _FETCHES, _imap_down),
    Befalls("mailbox renumbered", _FETCHES, _renumbered),
    Befalls("slow lines", _ANY, _slow),
    Befalls("program killed", _ANY, _client_killed),
    Befalls("disk full", _ANY, _full_disk),
    Befalls("computer's clock wrong", _ANY, _wrong_clock),
)


class Deck:
    """Troubles in an order that a seed gives; each comes before any comes again."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._left = rng.sample(TROUBLES, len(TROUBLES))

    def draw(self, command: Sequence[str]) -> Befalls | None:
        """Return the next trouble that can befall a command, None if all such have struck."""
        does = {_ANY}
        if command[0] == "run" or "--mail" in command:
            does.add(_SENDS)
        if command[0] in ("run", "fetch"):
            does.add(_FETCHES)
        can = [trouble for trouble in self._left if trouble.needs in does]
        if command[0] != "run":  # what strikes nothing else first
            can.sort(key=lambda trouble: trouble.needs == _ANY)
        if not can:
            return None
        self._left.remove(can[0])
        return can[0]

    def put_back(self, trouble: Befalls) -> None:
        """Let a trouble that struck nothing come again, first of all."""
        self._left.insert(0, trouble)

    @property
    def never_came(self) -> list[str]:
        """The names of those that struck nothing."""
        return [trouble.name for trouble in self._left]
