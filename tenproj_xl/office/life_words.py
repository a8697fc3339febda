"""What is said of a recorded value: where it was typed, by which plan it counts, and which papers have it."""

from datetime import datetime, tzinfo

from tenproj_xl.model.lives import RecordedValue


def clock(moment: datetime, zone: tzinfo) -> str:
    """Return a moment as the clock of the office shows it."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def source_of(value: RecordedValue) -> str:
    """Return where a value was typed: file, sheet and cell, and under which code if that was another one."""
    source = " › ".join(filter(None, (value.row.file, value.row.tab, value.cell)))
    if value.recording.code_then:
        return f"{source}（当时编号{value.recording.code_then}）"
    return source


def plan_of(value: RecordedValue) -> str:
    """Return the plan in force: `58060185（2026年第42期起）`; "" where no forms went out."""
    if value.plan is None:
        return ""
    return f"{value.plan.sha256[:8]}（{value.plan.since.name}起）"


def papers_of(value: RecordedValue, zone: tzinfo) -> list[str]:
    """Return the papers that a value stood in; of one made again, when it was made first and last."""
    times: dict[str, list[datetime]] = {}
    for paper in value.papers:
        label = paper.label
        if paper.is_given_out:
            label = f"{label}（印发稿）"
        times.setdefault(label, []).append(paper.at)
    texts = []
    for label, moments in times.items():
        text = f"{label}，{clock(moments[0], zone)}"
        if len(moments) > 1:
            text += f"（至{clock(moments[-1], zone)}重做{len(moments) - 1}次）"
        texts.append(text)
    return texts
