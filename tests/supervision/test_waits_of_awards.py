"""An award that asks for more than its gates waits for a signature only when all of it is there."""

from __future__ import annotations

from datetime import timedelta

from certificates.models import Award
from programme.models import Term
from programme.scope import scope_of
from supervision.rows import Need, rows_of
from tests.certificates.making import World, make_award, make_world
from tests.factories import TODAY


def waiting(world: World) -> list[str]:
    [row] = rows_of(Term.objects.filter(pk=world.term.pk).select_related("learner"), scope_of(world.supervisor, TODAY))
    return [wait.sentence for wait in row.waits if wait.need == Need.SIGN_OFF]


def test_what_comes_at_the_end_or_after_another_waits_for_nobody_before(db: None) -> None:
    world = make_world()
    world.earn("M4")
    make_award(world.programme, "later", ["induction"], needs=["induction"], order=8)
    end = make_award(world.programme, "end", ["induction"], after_end=True, order=9)
    assert waiting(world) == ["“Certificate: induction” waits for your sign-off."]
    world.certify()
    assert waiting(world) == ["“Certificate: later” waits for your sign-off."]
    Award.objects.filter(code="later").update(attendance_hours=3)
    assert waiting(world) == []
    world.term.planned_end_on = TODAY + timedelta(days=10)
    world.term.save()
    assert waiting(world) == [f"“{end.title_in('en')}” waits for your sign-off."]
