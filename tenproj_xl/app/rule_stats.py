"""What became of the questions that each rule asked: `rules --stats`."""

from collections import Counter
from collections.abc import Iterable

from tenproj_xl.app.results import RuleStats
from tenproj_xl.app.workspace import Workspace
from tenproj_xl.core.catalogue import known
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.questions import Question, QuestionState


def rule_stats(workspace: Workspace) -> tuple[RuleStats, ...]:
    """Return how often each rule that asked did so, and what came of it, the most frequent first."""
    with look_into_ledger(workspace.ledger) as ledger:
        return _stats(ledger.questions())


def _stats(questions: Iterable[Question]) -> tuple[RuleStats, ...]:
    states: dict[str, Counter[QuestionState]] = {}
    for question in questions:
        states.setdefault(question.rule, Counter())[question.state] += 1
    stats = []
    for rule, counts in states.items():
        if code := known(rule):
            stats.append(
                RuleStats(
                    code=code,
                    fired=counts.total(),
                    corrected=counts[QuestionState.CORRECTED],
                    confirmed=counts.total() - counts[QuestionState.CORRECTED] - counts[QuestionState.ASKED],
                )
            )
    return tuple(sorted(stats, key=lambda one: (-one.fired, one.code.rule.code)))
