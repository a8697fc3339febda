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
    """Return the plan in force then: `58060185（2026年第42期起，后更正为34b1c2d3：34误填为340）`.

    It is "" where no forms went out.
    """
    then, now = value.plan, value.plan_now
    if then is None or now is None:
        return ""
    told = f"{then.since.name}起"
    if now.sha256 != then.sha256:
        why = f"更正为{now.sha256[:8]}：{now.reason}" if now.reason else f"改为{now.sha256[:8]}"
        told = f"{told}，后{why}"
    return f"{then.sha256[:8]}（{told}）"


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
