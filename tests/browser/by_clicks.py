"""The week by clicks on the desk's pages: nothing is typed but what a page asks for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

from tenproj_xl.app.workspace import Workspace
from tenproj_xl.desk.declaring import Action, DeskStep
from tenproj_xl.desk.steps import STEPS
from tests.browser.office_desk import chromium, entered, new_window, running_desk
from tests.browser.story_clock import Clock

_LONG = 240_000
"""Milliseconds for a command on a busy machine."""
_FIRST = "新建工作区"


@dataclass
class ByClicks:
    """An operator who never types a command."""

    folder: Path
    page: Page
    clock: Clock

    def __post_init__(self) -> None:
        self.workspace = Workspace(self.folder / "工作区")
        """The workspace that the first click makes."""

    def does(self, command: str, *arguments: str, ends_well: bool | None = None) -> str:
        """Click through to the step of a command, fill in its fields, click its button, and read what it says."""
        if command == "init":
            return self._begins()
        step, action = step_of(command, arguments)
        self.page.get_by_role("link", name="首页", exact=True).first.click()
        steps = self.page.get_by_role("region", name="每周要做的事")
        steps.get_by_role("link", name=step.title, exact=True).click()
        form = self.page.locator("form").filter(
            has=self.page.get_by_role("button", name=action.button, exact=True)
        )
        button = form.get_by_role("button", name=action.button, exact=True)
        button.wait_for()  # the page is there, and what it lacks will not come
        self._fills_in(form, action, arguments)
        button.click()
        return self.reads_end(ends_well=ends_well)

    def reads_end(self, *, ends_well: bool | None = None) -> str:
        """Wait until the command is done, and return what the page says of it."""
        self.page.get_by_text(re.compile("^命令：tenproj ")).wait_for()
        self.page.get_by_role("link", name="回到首页，看接下来做什么").wait_for(timeout=_LONG)
        state = self.page.locator("p.state").inner_text()
        words = self.page.locator("pre.words")
        said = words.inner_text() if words.count() else ""
        assert state.startswith("已完成"), f"{state}\n{said}"
        assert ends_well is None or ends_well == (state == "已完成。"), f"{state}\n{said}"
        return said

    def _begins(self) -> str:
        """Make a workspace where there is none."""
        self.page.get_by_role("link", name=_FIRST).click()
        self.page.get_by_role("button", name=_FIRST).click()
        return self.reads_end(ends_well=True)

    def _fills_in(self, form: Locator, action: Action, arguments: Sequence[str]) -> None:
        """Fill in the fields of an action, each by its label."""
        options = dict(one.partition("=")[::2] for one in arguments if one.startswith("--"))
        names = [one for one in arguments if not one.startswith("--")]
        for control in action.controls:
            option = getattr(control, "option", "")
            label = re.compile(f"^{re.escape(control.label)}(（必填）)?$")
            if option in options:
                self._chooses(form.get_by_label(label), control.kind, options.pop(option))
            elif control.is_positional and names:
                self._names(form, control.kind, label, names)
                names = []
        assert not names, f"nothing on the page takes {names}"
        assert not options, f"nothing on the page takes {options}"

    @staticmethod
    def _chooses(field: Locator, kind: str, value: str) -> None:
        if kind == "tick":
            field.check()
        elif kind == "text":
            field.fill(value)
        elif value:
            field.select_option(value)

    @staticmethod
    def _names(form: Locator, kind: str, label: re.Pattern[str], names: Sequence[str]) -> None:
        if kind == "received":
            field = form.get_by_label(label)
            told = field.locator("option").filter(has_text=names[0]).inner_text()
            field.select_option(label=told)
        elif kind == "place":
            form.get_by_label("或写明别的文件夹").fill(names[0])
        elif form.get_by_role("group").count():
            for name in names:
                form.get_by_label(Path(name).name, exact=True).check()
        else:
            form.get_by_label(label).select_option(names[0])

    def receives(self, files: Mapping[str, bytes]) -> None:
        """Put files on the page, which puts them into the inbox."""
        lying = self.folder / "下载"
        lying.mkdir(exist_ok=True)
        paths = []
        for number, (name, data) in enumerate(files.items()):
            path = lying / name
            path.write_bytes(data)
            self.clock.date(path, number)
            paths.append(path)
        self.page.get_by_role("link", name="首页", exact=True).first.click()
        self.page.locator("[data-drop].ready input[type=file]").set_input_files(paths)
        self.page.get_by_text(f"已放进收件夹{len(paths)}个文件").wait_for()


def step_of(command: str, arguments: Sequence[str]) -> tuple[DeskStep, Action]:
    """Return the step and the action that run a command, for a workbook that is given back where there is one."""
    words = tuple(command.split())
    options = {one.partition("=")[0] for one in arguments if one.startswith("--")}
    names = [one for one in arguments if not one.startswith("--")]
    lies_in_workspace = any(name.startswith("outbox/") for name in names)
    for step in STEPS:
        for action in step.actions:
            known = {getattr(control, "option", "") for control in action.controls}
            takes_names = any(control.is_positional for control in action.controls)
            fits = takes_names == bool(names) and action.takes_files == lies_in_workspace
            if action.command == words and options <= known and fits:
                return step, action
    raise LookupError(f"no step for {command} {arguments}")


@contextmanager
def an_operator(folder: Path) -> Iterator[ByClicks]:
    """Give an operator before the desk of an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    office = folder / "office"
    office.mkdir()
    clock = Clock(folder)
    with chromium() as browser, running_desk(office, clock.environment) as desk:
        window = new_window(browser)
        yield ByClicks(office, entered(window, desk), clock)
