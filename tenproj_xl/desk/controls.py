"""What a person chooses before a step runs: each control becomes a field of the page, and arguments."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from tenproj_xl.core.dataclass import dataclass
from tenproj_xl.core.errors import UsageProblem
from tenproj_xl.desk.choices import Known

_LONGEST_TEXT = 2000
"""Characters of a text that is typed: a command line holds no book."""


class Control(Protocol):
    """A field of a step's page. `kind` names its template in `templates/controls`."""

    @property
    def kind(self) -> str:
        """The template that draws it."""

    @property
    def name(self) -> str:
        """The name of the field in the form."""

    @property
    def label(self) -> str:
        """What stands beside it."""

    @property
    def is_positional(self) -> bool:
        """Whether its arguments stand after all options."""

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return the arguments for what was given, none for nothing.

        Raises:
            UsageProblem: Something has to be given, or cannot be meant.
        """


@dataclass(frozen=True, kw_only=True)
class PeriodChoice:
    """A period out of those that are known; without one the command takes the one it would take itself.

    Attributes:
        known: Which periods can be chosen.
        option: The option of the command.
        label: What stands beside the field.
        first: What the choice of no period is called.
        is_named: Whether that is the first of those that are known, which is named beside it.
        is_bare: Whether the option is given without a period, too, as `--month` of `report`.
        is_required: Whether the command needs one; without an option it stands after all options.
    """

    known: Known
    option: str = "--period"
    label: str = "哪一期"
    first: str = "最近下发的一期"
    is_named: bool = True
    is_bare: bool = False
    is_required: bool = False

    kind: ClassVar[str] = "period"

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.option.lstrip("-") or "period"

    @property
    def is_positional(self) -> bool:
        """Whether it stands after all options."""
        return not self.option

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return the option with the period, if one was chosen."""
        code = "".join(given)
        if code and self.option:
            return [f"{self.option}={code}"]
        if code:
            return [code]
        if self.is_required:
            raise UsageProblem(f"请选“{self.label}”；还没有可选的，要先生成填报表。")
        return [self.option] if self.is_bare else []


@dataclass(frozen=True, kw_only=True)
class FileChoice:
    """Files to hand to the command: one that lies where the commands write it, or one of the computer.

    Attributes:
        label: What stands beside the field.
        patterns: Where such files lie, as glob patterns below the workspace; the newest comes first.
        suffixes: The endings that a file of the computer may have.
        is_several: Whether the command takes several.
    """

    label: str
    patterns: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = (".xlsx", ".xls", ".et")
    is_several: bool = False

    kind: ClassVar[str] = "file"
    name: ClassVar[str] = "file"
    is_positional: ClassVar[bool] = True

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return the paths."""
        if not given:
            raise UsageProblem(f"还没有选文件。请选“{self.label}”，或从电脑上选一个。")
        if len(given) > 1 and not self.is_several:
            raise UsageProblem("这里一次只能选一个文件。")
        return list(given)


@dataclass(frozen=True, kw_only=True)
class Tick:
    """An option that is there or not."""

    option: str
    label: str

    kind: ClassVar[str] = "tick"
    is_positional: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.option.lstrip("-")

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return the option where it was ticked."""
        return [self.option] if any(given) else []


@dataclass(frozen=True, kw_only=True)
class TextField:
    """A text to type. Without an option it stands after all options, as a name does."""

    name: str
    label: str
    option: str = ""
    is_required: bool = False
    hint: str = ""

    kind: ClassVar[str] = "text"

    @property
    def is_positional(self) -> bool:
        """Whether it stands after all options."""
        return not self.option

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return what was typed."""
        text = " ".join(" ".join(given).split())
        if not text:
            if self.is_required:
                raise UsageProblem(f"请填“{self.label}”。")
            return []
        if len(text) > _LONGEST_TEXT:
            raise UsageProblem(f"“{self.label}”太长，最多{_LONGEST_TEXT}字。")
        return [f"{self.option}={text}"] if self.option else [text]


@dataclass(frozen=True, kw_only=True)
class SecretField:
    """A password: the command reads it from its input, and it stands in no argument and on no page."""

    label: str
    name: str = "secret"

    kind: ClassVar[str] = "secret"
    is_positional: ClassVar[bool] = False

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return nothing; raise UsageProblem where nothing was typed."""
        if not "".join(given):
            raise UsageProblem(f"请填“{self.label}”。")
        return []


@dataclass(frozen=True, kw_only=True)
class OneOf:
    """One of some values of an option, each with its words; the first is what the command does without it."""

    option: str
    label: str
    choices: tuple[tuple[str, str], ...]

    kind: ClassVar[str] = "one_of"
    is_positional: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.option.lstrip("-")

    def arguments(self, given: Sequence[str]) -> list[str]:
        """Return the option with its value, nothing for the first."""
        chosen = "".join(given)
        values = [value for value, _ in self.choices]
        if chosen and chosen not in values:
            raise UsageProblem(f"“{self.label}”没有这一项，请重新选。")
        if chosen in ("", values[0]):
            return []
        return [f"{self.option}={chosen}"]
