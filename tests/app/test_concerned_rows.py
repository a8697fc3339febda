"""What is read of the ledger about a few recipients is all that their forms and returns need."""

from collections.abc import Sequence

from tenproj_xl.app.generate import generate
from tenproj_xl.app.ingest import ingest
from tenproj_xl.app.plans import in_force
from tenproj_xl.app.workspace import load
from tenproj_xl.forms.content import build_form
from tenproj_xl.forms.form import Form
from tenproj_xl.ledger.looking import look_into_ledger
from tenproj_xl.model.concerned_rows import ConcernedRows, concerned_rows
from tenproj_xl.model.recipients import of_units
from tenproj_xl.model.sections import Sections
from tenproj_xl.model.units import Recipient, of_task_force
from tests.core.test_catalogue import ISSUE
from tests.helpers.by_unit import FINANCE, INVEST, SCIENCE, right
from tests.helpers.filling import Filling, Office


def sent(out: Office, *forms: Filling) -> None:
    for number, form in enumerate(forms):
        out.send(form, f"{number}.xlsx")
    ingest(out.workspace, out.period)


def made(out: Office, period_code: str) -> list[tuple[Recipient, Form, Form]]:
    """Return all forms of a period, each made from what is read about its recipient, and from everything."""
    loaded, pairs = load(out.workspace), []
    with look_into_ledger(out.workspace.ledger) as ledger:
        plans, period = in_force(loaded, ledger), loaded.settings.period(period_code)
        plan = plans.plan_at(period)
        everything = plans.known(ledger.history(), period)
        sections = Sections(plan, loaded.addresses, period.last)
        units = of_units(plan, everything.before(period), sections)
        for recipient in (*units, *(of_task_force(force, plan) for force in plan.task_forces)):
            about = concerned_rows([recipient.code], [plan])
            known = plans.known(plans.history_of(ledger, period.first, period.last, about=about), period)
            few, whole = (
                build_form(plan, loaded.settings, period, recipient, one, ledger.secret)
                for one in (known, everything)
            )
            pairs.append((recipient, few, whole))
    return pairs


def test_a_form_made_from_what_is_read_about_its_recipient_is_the_same(out: Office) -> None:
    science, finance = right(out, SCIENCE), right(out, FINANCE)
    science.write("issues", "+1", **{**ISSUE, "unit": FINANCE}, force="03")
    science.write("issues", "+2", **{**ISSUE, "description": "规划选址未定", "unit": INVEST}, force="03")
    finance.write("tasks", "R03-02", status="已完成", completed_on="2026-11-25")
    sent(out, science, finance, right(out, INVEST))
    generate(out.workspace, "2026-W49", by_unit=True)

    pairs = made(out, "2026-W49")
    assert len(pairs) == 18
    for recipient, few, whole in pairs:
        assert few == whole, recipient.code


def test_that_others_have_reported_since_is_known_though_their_rows_are_not_read(out: Office) -> None:
    finance = right(out, FINANCE)
    finance.write("tasks", "R03-02", status="已完成", completed_on="2026-11-25")
    sent(out, finance)
    generate(out.workspace, "2026-W49", by_unit=True)
    later = Office.of(out.workspace, "2026-W49")
    assert "R03-02" in codes_of(made(later, "2026-W49"), FINANCE)  # shown once more, as finished
    sent(later, right(later, SCIENCE))
    pairs = made(later, "2026-W50")

    assert "R03-02" not in codes_of(pairs, FINANCE)
    assert [recipient.code for recipient, few, whole in pairs if few != whole] == []


def codes_of(pairs: Sequence[tuple[Recipient, Form, Form]], unit: str) -> list[str]:
    """Return the codes of the tasks in the form of a unit, made from what is read about it."""
    [form] = [few for recipient, few, _ in pairs if recipient.code == unit]
    return [row.code for row in form.part("tasks").rows]


def test_a_unit_is_about_its_own_rows_and_those_of_the_task_forces_that_it_leads(out: Office) -> None:
    plan = out.loaded.plan
    own, led = concerned_rows([INVEST], [plan]), concerned_rows([SCIENCE], [plan])
    assert (own.codes, own.task_forces) == (frozenset(["Z03-03"]), frozenset())
    assert {"Z03-01", "Z03-02", "Z03-03"} < led.codes
    assert "03" in led.task_forces
    assert not any(code[1:3] == "04" for code in led.codes)
    assert (own.is_named("区投促局、区科技局"), own.is_named("区科技局")) == (True, False)


def test_a_unit_is_about_what_names_it_by_its_former_name_and_more_around_it(out: Office) -> None:
    own = concerned_rows([INVEST], [out.loaded.plan], renamed=[("区招商局", INVEST)])
    assert own.is_named("区招商局投资科会同区科技局")
    assert not own.is_named("区科技局")


def test_what_a_task_force_left_open_is_about_the_one_that_took_it_over(out: Office) -> None:
    rows = concerned_rows(["05"], [out.loaded.plan], [("03", "04"), ("04", "05"), ("06", "07")])
    assert rows.task_forces == frozenset(["03", "04", "05"])


def test_whom_the_plan_has_no_more_is_about_nothing(out: Office) -> None:
    nobody = concerned_rows(["区天文局", "19"], [out.loaded.plan])
    assert (nobody.codes, nobody.task_forces) == (frozenset(), frozenset())
    assert not nobody.is_named("区科技局")
    assert not ConcernedRows(codes=frozenset()).is_named("")
