"""What the page of one award of one woman shows to one member of staff, and which buttons it has for her."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from certificates.actions import needs_two, paper_languages, unmet_for_issue
from certificates.cards import Card, card_of
from certificates.eligibility import Requirement, Unmet, eligibility
from certificates.history import Line, asked, history
from certificates.models import Award, AwardSignOff, Certificate, CertificateEvent, CertificateProposal
from certificates.next_steps import NextStep, next_steps
from certificates.own_views import may_print
from certificates.paper_words import missing_titles
from certificates.states import FullState
from programme.models import Term
from programme.scope import Act, Scope

Event = CertificateEvent.State


@dataclass(frozen=True)
class Question:
    """An open proposal. ``is_own``: this reader asked herself, so that somebody else decides."""

    pk: int
    sentence: str
    state: str
    is_own: bool


@dataclass(frozen=True)
class AwardPage:
    """``unmet``: what this reader still lacks; with a live paper it is about the next one.

    ``title_note``: in which language of the paper its title is not written yet; only for whoever issues.
    """

    term: Term
    award: Award
    title: str
    who: str
    live: Card | None
    earlier: Sequence[Card]
    history: Sequence[Line]
    questions: Sequence[Question]
    unmet: Sequence[Unmet]
    steps: Sequence[NextStep]
    can_sign_off: bool
    can_issue: bool
    may_issue: bool
    may_print: bool
    may_see_name: bool
    new_name: str
    title_note: str = ""

    @property
    def is_about_the_next(self) -> bool:
        """Whether there is a paper whose end is near, so that what is missing is said of the one after it."""
        if self.live is None or self.live.state not in (FullState.CURRENT, FullState.EXPIRED):
            return False
        return not any(reason.requirement == Requirement.HAS_IT for reason in self.unmet)

    @property
    def can_suspend(self) -> bool:
        return self.may_issue and self.live is not None and self.live.can_be_shown

    @property
    def can_restore(self) -> bool:
        return self.may_issue and self.live is not None and self.live.state == FullState.SUSPENDED

    @property
    def can_revoke(self) -> bool:
        return self.can_suspend or self.can_restore

    @property
    def can_take_name_off(self) -> bool:
        return self.may_issue and self.live is not None and not self.live.is_erased

    @property
    def name_has_changed(self) -> bool:
        return self.live is not None and self.new_name != self.live.certificate.printed_name

    @property
    def asks_to_suspend(self) -> bool:
        """Whether two decide about it, so that the button only asks. The same of the two below."""
        return needs_two(self.award, Event.SUSPENDED)

    @property
    def asks_to_restore(self) -> bool:
        return needs_two(self.award, Event.RESTORED)

    @property
    def asks_to_revoke(self) -> bool:
        return needs_two(self.award, Event.REVOKED)

    @property
    def asked_for(self) -> frozenset[str]:
        """What somebody asks for already: there is nothing to ask twice."""
        return frozenset(question.state for question in self.questions)


def page_of(scope: Scope, term: Term, award: Award, on: date) -> AwardPage:
    """The page for whoever has ``scope``. The same number of queries however many papers and changes there are."""
    rows = Certificate.objects.filter(term=term, award=award).with_state().select_related("term__programme", "award")
    cards = [card_of(certificate, on) for certificate in rows.order_by("-issued_at", "-pk")]
    live = next((card for card in cards if card.certificate.superseded_at is None), None)
    sign_offs = list(AwardSignOff.objects.filter(term=term, award=award).select_related("signed_by").order_by("pk"))
    changes = CertificateEvent.objects.filter(certificate__term=term, certificate__award=award)
    events = list(changes.select_related("by", "asked_by", "certificate"))
    of_these = CertificateProposal.objects.filter(certificate__term=term, certificate__award=award)
    proposals = list(of_these.select_related("by", "closed_by", "certificate"))
    answer = eligibility(term, award, on)
    may_issue, may_sign = scope.allows(Act.ISSUE_CERTIFICATE, term), scope.allows(Act.SIGN_OFF_AWARD, term)
    signers = {signed.signed_by_id for signed in sign_offs if signed.round == answer.round}
    lacking = unmet_for_issue(answer, sign_offs, scope.user)
    return AwardPage(
        term=term,
        award=award,
        title=award.title_in(get_language() or "en"),
        who=scope.name_of(term),
        live=live,
        earlier=[card for card in cards if card.certificate.superseded_at is not None],
        history=history(sign_offs, events, proposals),
        questions=[
            Question(each.pk, asked(each), each.state, is_own=each.by_id == scope.user.pk)
            for each in proposals
            if each.closed_at is None
        ],
        unmet=lacking if may_issue else answer.unmet,
        steps=next_steps(answer, scope),
        can_sign_off=may_sign and scope.user.pk not in signers and answer.is_eligible,
        can_issue=may_issue and not lacking and not any(each.closed_at is None for each in proposals),
        may_issue=may_issue,
        may_print=may_print(scope, term),
        may_see_name=scope.allows(Act.SEE_NAME, term),
        new_name=term.learner.display_name,
        title_note=title_note(award, [term]) if may_issue else "",
    )


def title_note(award: Award, terms: Iterable[Term]) -> str:
    """For whoever issues: in which languages of these women or of their papers the title is not written yet."""
    languages = [code for term in terms for code in (*paper_languages(award, term), *term.learner.languages[:1])]
    return missing_titles(award.titles, languages)
