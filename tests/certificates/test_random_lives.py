"""A thousand things in any order: the history is complete, the state is right, and one paper an award is alive."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates import actions
from certificates.actions import NotEligible, PaperIsErased, StateDoesNotAllow, TwoPeopleNeeded
from certificates.checks import digest_of, not_current_digests
from certificates.dates import add_months
from certificates.erasing import erase_certificate
from certificates.models import Certificate, CertificateEvent, CertificateProposal
from certificates.states import full_state_on
from tests.certificates.making import World
from tests.factories import TODAY
from tests.progress.conftest import observe

AHEAD = timedelta(days=60)
LAST_DAY = date(2040, 1, 1)
REFUSALS = (NotEligible, StateDoesNotAllow, TwoPeopleNeeded)
STOPPED = {"suspended", "revoked", "replaced"}
LEADS_ON = {
    "suspended": {"current", "expired"},
    "restored": {"suspended"},
    "revoked": {"current", "expired", "suspended"},
}


@dataclass
class Paper:
    """What this test expects of one certificate; told without the code that it judges."""

    issued_on: date
    until: date
    round: int
    before: Paper | None = None
    events: list[str] = field(default_factory=lambda: ["issued"])
    is_live: bool = True
    is_erased: bool = False
    stays: bool = False

    def state(self, on: date) -> str:
        if self.is_erased and not self.stays:
            return "erased"
        if self.events[-1] in STOPPED:
            return self.events[-1]
        return "expired" if self.until < on else "current"


@dataclass
class Model:
    on: date = TODAY
    papers: list[Paper] = field(default_factory=list)
    signed: set[int] = field(default_factory=lambda: {0})
    practised_on: date = TODAY - timedelta(days=30)
    asked_by: str = ""
    suspended_by: str = ""

    @property
    def live(self) -> Paper | None:
        return next((paper for paper in self.papers if paper.is_live), None)

    @property
    def round(self) -> int:
        return self.papers[-1].round + 1 if self.papers else 0

    def has_earned(self) -> bool:
        live = self.live
        if any(paper.events[-1] == "revoked" for paper in self.papers):
            return False  # erased or not: what was withdrawn is not given again
        if live is None:
            return True
        is_open = live.state(self.on) in ("current", "expired") and self.on >= live.until - AHEAD
        return is_open and self.practised_on > live.issued_on

    def may_issue(self) -> bool:
        return self.has_earned() and self.round in self.signed and not (self.live and self.asked_by)

    def issue(self) -> None:
        live = self.live
        begins = max(self.on, live.until) if live else self.on
        self.papers.append(Paper(self.on, add_months(begins, 6), self.round, live))
        if live:
            live.is_live = False
            self.asked_by = ""

    def change(self, state: str, by: str) -> bool:
        live = self.live
        if live is None or live.state(self.on) not in LEADS_ON[state]:
            return False
        before = live.before
        while before is not None:
            if before.state(self.on) in LEADS_ON[state] and before.until >= self.on:
                before.events.append(state)
            before = before.before
        live.events.append(state)
        self.suspended_by = by if state == "suspended" else self.suspended_by
        if state == "revoked":
            self.asked_by = ""
        return True


class Life:
    """One woman, and the same things done to her certificates and to the model of them."""

    def __init__(self, world: World) -> None:
        self.world, self.model = world, Model()
        self.people = {"first": world.coordinator, "second": world.second_coordinator}

    def do(self, verb: str, by: str, days: int, chosen: int) -> None:
        getattr(self, verb)(by, days, chosen)
        self.compare()

    def compare(self) -> None:
        model, on = self.model, self.model.on
        rows = list(Certificate.objects.order_by("pk").with_state())
        assert [full_state_on(row, on) for row in rows] == [paper.state(on) for paper in model.papers]
        assert [row.expires_on for row in rows] == [paper.until for paper in model.papers]
        told: dict[int, list[str]] = {row.pk: [] for row in rows}
        for event in CertificateEvent.objects.order_by("pk"):
            told[event.certificate_id].append(event.state)
        assert list(told.values()) == [paper.events for paper in model.papers]
        assert [row.superseded_at is None for row in rows] == [paper.is_live for paper in model.papers]
        assert sum(paper.is_live for paper in model.papers) <= 1
        stopped = [
            digest_of(row.serial)
            for row, paper in zip(rows, model.papers, strict=True)
            if paper.state(on) in STOPPED | {"erased"}
        ]
        assert not_current_digests() == sorted(stopped)
        before = [model.papers.index(paper.before) if paper.before else None for paper in model.papers]
        places = {row.pk: place for place, row in enumerate(rows)}
        assert [places.get(row.replaces_id or 0) for row in rows] == before
        assert [row.printed_name == "" for row in rows] == [paper.is_erased for paper in model.papers]
        assert CertificateProposal.objects.filter(closed_at__isnull=True).count() == bool(model.asked_by)

    def _try(self, expected: bool, verb: Any, **asked: Any) -> None:
        """The verb is carried out or refused, as the model says; refused, it has changed nothing."""
        try:
            verb(**asked)
        except REFUSALS:
            assert not expected
        else:
            assert expected

    def _live(self) -> Certificate | None:
        return Certificate.objects.live().first()

    def wait(self, _by: str, days: int, _chosen: int) -> None:
        self.model.on = min(self.model.on + timedelta(days=days), LAST_DAY)

    def approach(self, _by: str, _days: int, chosen: int) -> None:
        """The days on which something turns: its last, the first on which it may be renewed, and their neighbours."""
        model = self.model
        if model.live is not None:
            day = model.live.until + timedelta(days=(0, 1, -60, -61)[chosen % 4])
            model.on = min(max(model.on, day), LAST_DAY)

    def practise(self, _by: str, _days: int, _chosen: int) -> None:
        observe(self.world.term, self.world.modules["M4"], self.model.on)
        self.model.practised_on = self.model.on

    def sign(self, _by: str, _days: int, _chosen: int) -> None:
        model = self.model
        try:
            signed = actions.sign_off(
                term=self.world.term, award=self.world.induction, signed_by=self.world.supervisor, on=model.on
            )
        except NotEligible:
            assert not model.has_earned()
        else:
            # Signed again when it had been issued already, it is the signature from before.
            assert signed.round in (model.round, model.round - 1)
            assert signed.round in model.signed or model.has_earned()
            model.signed.add(signed.round)

    def issue(self, by: str, _days: int, _chosen: int) -> None:
        model = self.model
        before = self._live()
        try:
            made = actions.issue_certificate(
                term=self.world.term, award=self.world.induction, issued_by=self.people[by], on=model.on
            )
        except NotEligible:
            assert before is None
            assert not model.may_issue()
        else:
            assert (made != before) == model.may_issue()
            if made != before:
                model.issue()

    def renew(self, by: str, days: int, chosen: int) -> None:
        if chosen % 3:
            self.practise(by, days, chosen)
        self.sign(by, days, chosen)
        live, expected = self._live(), self.model.may_issue()
        if live is None:
            return
        self._try(expected, actions.renew, certificate=live, by=self.people[by], on=self.model.on)
        if expected:
            self.model.issue()

    def replace(self, by: str, _days: int, _chosen: int) -> None:
        live, paper = self._live(), self.model.live
        if live is None or paper is None:
            return
        expected = paper.state(self.model.on) in ("current", "expired") and not paper.is_erased
        self._try(expected, actions.replace, certificate=live, by=self.people[by], on=self.model.on)
        if expected:
            paper.is_live = False
            paper.events.append("replaced")
            self.model.papers.append(Paper(paper.issued_on, paper.until, paper.round, paper))

    def suspend(self, by: str, _days: int, _chosen: int) -> None:
        live, paper = self._live(), self.model.live
        if live is None or paper is None or paper.events[-1] == "suspended":
            return
        expected = paper.state(self.model.on) in LEADS_ON["suspended"]
        self._try(expected, actions.suspend, certificate=live, by=self.people[by], on=self.model.on)
        if expected:
            self.model.change("suspended", by)

    def restore(self, by: str, _days: int, chosen: int) -> None:
        if chosen % 4:
            # Mostly by whoever may, or half of all lives would be spent suspended.
            by = "first" if self.model.suspended_by == "second" else "second"
        live, paper = self._live(), self.model.live
        if live is None or paper is None or paper.events[-1] == "restored":
            return
        expected = paper.state(self.model.on) == "suspended" and by != self.model.suspended_by
        self._try(expected, actions.restore, certificate=live, by=self.people[by], on=self.model.on)
        if expected:
            self.model.change("restored", by)

    def ask(self, by: str, _days: int, _chosen: int) -> None:
        live, paper = self._live(), self.model.live
        if live is None or paper is None:
            return
        expected = paper.state(self.model.on) in LEADS_ON["revoked"]
        self._try(expected, actions.propose, certificate=live, state="revoked", by=self.people[by], on=self.model.on)
        if expected:
            self.model.asked_by = self.model.asked_by or by

    def decide(self, by: str, _days: int, chosen: int) -> None:
        proposal = CertificateProposal.objects.filter(closed_at__isnull=True).first()
        if proposal is None:
            return
        if chosen % 4 == 0:
            actions.withdraw(proposal=proposal, by=self.people[by], on=self.model.on)
            self.model.asked_by = ""
            return
        expected = by != self.model.asked_by
        self._try(expected, actions.confirm, proposal=proposal, by=self.people[by], on=self.model.on)
        if expected:
            assert self.model.change("revoked", by)

    def revoke_alone(self, by: str, _days: int, _chosen: int) -> None:
        live, paper = self._live(), self.model.live
        if live is not None and paper is not None and paper.events[-1] != "revoked":
            self._try(False, actions.revoke, certificate=live, by=self.people[by], on=self.model.on)

    def erase(self, _by: str, _days: int, chosen: int) -> None:
        rows = list(Certificate.objects.order_by("pk"))
        if not rows:
            return
        place, stays = chosen % len(rows), chosen % 3 > 0
        paper = self.model.papers[place]
        erase_certificate(certificate=rows[place], by=self.world.learner, stays_current=stays, at=timezone.now())
        if paper.is_erased and (stays or not paper.stays):
            return
        also = paper.before
        while also is not None and also.events[-1] == "replaced":
            also.is_erased, also.stays, also = True, False, also.before
        if paper.is_live:
            self.model.asked_by = ""
        paper.is_erased, paper.stays = True, stays
        paper.is_live = paper.is_live and stays

    def open_paper(self, _by: str, _days: int, chosen: int) -> None:
        """What is erased is never drawn again."""
        erased = Certificate.objects.filter(erased_at__isnull=False)
        for row in erased[: chosen % 2]:
            try:
                actions.pdf_of(row)
            except PaperIsErased:
                continue
            raise AssertionError(row)


VERBS = (
    "wait", "approach", "approach", "practise", "sign", "issue", "issue", "renew", "renew", "replace", "suspend",
    "restore", "restore", "ask", "decide", "revoke_alone", "erase", "open_paper",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.sampled_from(("first", "second")),
        st.sampled_from((0, 1, 30, 125, 200)),
        st.integers(0, 11),
    ),
    min_size=40,
    max_size=40,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS)
def test_whatever_happens_to_it_a_certificate_says_what_happened(
    world: World, steps: list[tuple[str, str, int, int]]
) -> None:
    """25 lives of 40 steps: a thousand. After each step everything is compared."""
    with transaction.atomic():
        world.induction.two_people = ["revoke"]
        world.induction.save()
        world.earn("M4")
        world.sign_off()
        life = Life(world)
        for step in steps:
            life.do(*step)
        transaction.set_rollback(True)
