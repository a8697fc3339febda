"""Everything that people read is proofread by rule: all papers, letters and the console of a demonstration.

What the plan quotes of the district's document stays as the document has it, and an attachment's name as it came.
"""

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from tenproj_xl.cli.main import main
from tests.helpers.rollup_reading import opened
from tests.helpers.shared import made_once

EDITIONS = (("meeting", "2026-W48"), ("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026"))
CONSOLE = "屏幕.txt"
ATTACHMENT = "填报表(最终版)(1)"
"""How a clerk of the demonstration has called a return."""
HAN = r"[\u4e00-\u9fff]"
FAULTS = {
    "a word that the office does not use": re.compile("略慢|已收下|变差|停时|临期|你单位|您单位|你们|亲爱的"),
    "a state that is called otherwise": re.compile(r"^参考$"),
    "a word twice": re.compile(r"的的|了了|是是|请请|为为|和和|主要原因是因"),
    "a mark twice": re.compile(r"。。|，，|、、|；；|：：|。；|；。|，。|、。|，；|；，|：；|：。"),
    "a half-width mark between Chinese": re.compile(rf"{HAN}[,;:!?()]{HAN}"),
    "a half-width bracket beside Chinese": re.compile(rf"{HAN}\([^)]*{HAN}|{HAN}[^(]*\){HAN}"),
    "a number without its measure word": re.compile(r"\d百分点"),
    "what a program calls nothing": re.compile(r"(?<![A-Za-z])(?:None|nan|NaT|null|True|False)(?![A-Za-z])"),
    "a bracket that is empty": re.compile("（）|“”|《》"),
}
OF_PROGRAMS = re.compile(r"tenproj|[a-z]+\.py\b|--[a-z]+")
"""What a clerk or a leader has no use for; the operator's papers and the console have it."""
_TEXTS = re.compile(r"<(?:a:|c:)?(t|v|oddHeader|oddFooter)(?: [^>]*)?>([^<]*)</")
_PRINT_CODE = re.compile('&(?:[LCRPN]|[0-9]+|"[^"]*")')
"""What a header or footer has for place, font and number of page."""
_RUN_OF_WORD = re.compile(r"<w:p[ >].*?</w:p>", re.DOTALL)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "proofread", _demonstrated) / "demo"


def _demonstrated(folder: Path) -> None:
    folder.mkdir()
    runner = CliRunner()
    said = [runner.invoke(main, ["-C", str(folder), "demo"]).stderr]
    home = ["-C", str(folder / "demo")]
    for edition, period in EDITIONS:
        said.append(runner.invoke(main, [*home, "report", f"--{edition}", period]).stderr)
    said += [runner.invoke(main, [*home, *command]).stderr for command in (["status"], [])]
    said += [_help(path) for path in ([], ["report"], ["meeting"], ["ingest"], ["supervise"], ["signoff"])]
    (folder / "demo" / CONSOLE).write_text("\n".join(said), "utf-8")


def _help(command: list[str]) -> str:
    return CliRunner().invoke(main, [*command, "--help"]).output


def papers(workspace: Path) -> Iterator[Path]:
    for path in sorted((workspace / "outbox").rglob("*")):
        if path.suffix in (".xlsx", ".docx", ".txt"):
            yield path


def texts(path: Path) -> Iterator[str]:
    """Yield what stands in a workbook (charts, headers and footers included), a document or a text."""
    if path.suffix == ".txt":
        yield from path.read_text("utf-8").splitlines()
        return
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if re.search(
                r"(sharedStrings|charts?/chart\d*|sheet\d+|document|header\d*|footer\d*)\.xml$", name
            ):
                yield from _of_part(parts.read(name).decode("utf-8"))


def _of_part(xml: str) -> Iterator[str]:
    for paragraph in _RUN_OF_WORD.findall(xml):
        yield html.unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", paragraph)))
    if "<w:p" not in xml:
        yield from (_PRINT_CODE.sub("\n", html.unescape(text)) for _, text in _TEXTS.findall(xml))


def quoted(workspace: Path) -> list[str]:
    """What the plan has in the words of the document: longest first."""
    book = opened(workspace / "工作计划.xlsx", values=True)
    cells = {str(c) for tab in book.worksheets for row in tab.iter_rows(values_only=True) for c in row if c}
    fragments = {part for cell in cells for part in (cell, *re.split("[。；]", cell))}
    fragments.add(ATTACHMENT)
    return sorted((text for text in fragments if _faults(text)), key=len, reverse=True)


def _faults(text: str) -> list[str]:
    return [name for name, pattern in FAULTS.items() if pattern.search(text)]


def found_in(path: Path, exempt: list[str]) -> Mapping[str, list[str]]:
    wrong = {}
    for text in set(texts(path)):
        for line in text.splitlines():
            if not _faults(line):
                continue
            for quotation in exempt:
                line = line.replace(quotation, "…")  # noqa: PLW2901
            if faults := _faults(line):
                wrong[line[:200]] = faults
    return wrong


def test_no_paper_has_a_fault_that_a_proofreader_would_mark(workspace: Path) -> None:
    exempt = quoted(workspace)
    wrong = {path.name: found_in(path, exempt) for path in [*papers(workspace), workspace / CONSOLE]}
    assert {name: faults for name, faults in wrong.items() if faults} == {}


def test_papers_of_leaders_have_no_words_of_programs(workspace: Path) -> None:
    made = [path for path in papers(workspace) if path.parent.name == "汇总"]
    assert len(made) > 20
    wrong = {path.name: [t for t in set(texts(path)) if OF_PROGRAMS.search(t)] for path in made}
    assert {name: told for name, told in wrong.items() if told} == {}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "进度略慢",
            "参考",
            "目标的的完成",
            "顺延；；倒排",
            "手续未批,影响开工",
            "用地(二期)未批",
            "预计5百分点",
        ),
        *("目标（）", "值为None"),
    ],
)
def test_the_proofreader_marks_what_is_wrong(text: str) -> None:
    assert _faults(text)


@pytest.mark.parametrize(
    "text", ["略滞后", "仅供参考", "完成(2026)", "第3期：2,000件", "建设1座220kV变电站", "预计5个百分点"]
)
def test_the_proofreader_lets_what_is_right_be(text: str) -> None:
    assert not _faults(text)
