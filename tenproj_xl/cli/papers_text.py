"""What `publish` and `publications` print: lines for people, and one document."""

from collections.abc import Iterator

from tenproj_xl.app.matrix_results import PaperState
from tenproj_xl.app.paper_results import ListedPapers, PublishedPapers, RegisteredPaper
from tenproj_xl.cli.as_json import findings_json, paper_json, paper_state_json
from tenproj_xl.cli.file_text import finding_lines
from tenproj_xl.cli.returns_text import proposal_lines
from tenproj_xl.model.publications import PublishedFile


def published_lines(done: PublishedPapers) -> Iterator[str]:
    """Yield what was registered, and which figures in it the ledger does not have."""
    for paper in done.papers:
        label = f"{paper.publication.label}（{paper.publication.period.dated_label}）"
        if not paper.added:
            yield f"{label}：这些文件早已登记，没有变化。"
            continue
        names = "、".join(file.name for file in paper.added)
        yield f"已登记为{label}：{names}"
        yield from (f"  {line}" for line in finding_lines(paper.findings))
    yield "原件已存档，随时可用 tenproj publications --out 文件夹 原样取出。"


def published_json(done: PublishedPapers) -> dict[str, object]:
    """Return the document of `publish`."""
    return {"papers": [_registered_json(paper) for paper in done.papers]}


def _registered_json(paper: RegisteredPaper) -> dict[str, object]:
    return {
        **paper_json(paper.publication),
        "added": [file.name for file in paper.added],
        "findings": findings_json(paper.findings),
    }


def listed_papers_lines(done: ListedPapers) -> Iterator[str]:
    """Yield a line or two for each paper, the proposed corrections, and where files were written."""
    if not done.papers:
        yield "没有查到登记过的印发稿。印发后请运行：tenproj publish 文件… --by 姓名"
    for state in done.papers:
        paper = state.publication
        at = f"{paper.published_at.astimezone(done.zone):%Y-%m-%d}"
        files = "、".join(f"{file.name}（{_kind_of(file, done)}）" for file in paper.files)
        yield f"{paper.label}　{paper.period.dated_label}　{at} {paper.published_by}印发　{_since(state)}"
        yield f"    {files}"
    yield from proposal_lines(done.papers)
    if done.written:
        yield f"已原样取出{len(done.written)}个文件，每份材料一个文件夹。"


def _kind_of(file: PublishedFile, done: ListedPapers) -> str:
    if file.sha256 in done.removed:
        return f"{file.kind.label}，已按规定清除"
    return file.kind.label


def _since(state: PaperState) -> str:
    if state.changes is None:
        return "已有更正稿"
    said = [state.changes]
    if state.restated:
        said.append(f"有{state.restated}个数修订或更正，见以后各期的“数据修订和更正”")
    return f"印发后{'；'.join(filter(None, said)) or '没有变动'}"


def listed_papers_json(done: ListedPapers) -> dict[str, object]:
    """Return the document of `publications`."""
    return {
        "papers": [paper_state_json(state) for state in done.papers],
        "written": [path.as_posix() for path in done.written],
        "removed": [
            file.sha256
            for state in done.papers
            for file in state.publication.files
            if file.sha256 in done.removed
        ],
    }
