"""A certificate as a card: its state in words, until when, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.models import Award, Certificate
from certificates.serials import qr_svg, verify_address
from certificates.states import FullState, full_state_on
from people.models import User
from programme.after_term import after_term
from programme.scope import current_study
from progress.standing import short_date

SOON = timedelta(days=60)
"""How long before its end a certificate is said to end soon (programme reference, SU6)."""

TAGS = {FullState.CURRENT: "ok", FullState.EXPIRED: "late", FullState.SUSPENDED: "soon"}


@dataclass(frozen=True)
class Card:
    """One certificate on one day. ``tag`` is the look of its state."""

    certificate: Certificate
    state: FullState
    until: date | None
    ends_soon: bool

    @property
    def tag(self) -> str:
        return "soon" if self.ends_soon else TAGS.get(self.state, "plain")

    @property
    def words(self) -> str:
        return _("ends soon") if self.ends_soon else str(self.state.label)

    @property
    def is_erased(self) -> bool:
        """Whether name and paper are gone, as she asked."""
        return self.certificate.erased_at is not None

    @property
    def can_be_shown(self) -> bool:
        """Whether the paper may still be handed out."""
        return self.state in (FullState.CURRENT, FullState.EXPIRED) and not self.is_erased

    @property
    def address(self) -> str:
        """Where anybody checks it."""
        return verify_address(self.certificate.serial)

    @property
    def address_shown(self) -> str:
        """The address as people read it, without what every address begins with."""
        return self.address.partition("://")[2]

    @property
    def can_be_named(self) -> bool:
        """Whether she may have a copy with the full name of the programme, which is never on a screen."""
        programme = self.certificate.term.programme
        return programme.allows_named_copy and bool(programme.named_copy_name)

    @property
    def was_renewed(self) -> bool:
        """Whether the next one is there already, while this one still counts."""
        return self.certificate.superseded_at is not None and self.state == FullState.CURRENT

    @property
    def was_moved(self) -> bool:
        """Whether leave has moved the end beyond what the paper says."""
        return self.until is not None and self.until != self.certificate.expires_on

    @property
    def qr(self) -> str:
        return qr_svg(self.certificate)


def card_of(certificate: Certificate, on: date) -> Card:
    """``certificate`` on ``on``. No query after ``with_state()``."""
    state, until = full_state_on(certificate, on), certificate.valid_until()
    is_last = certificate.superseded_at is None
    ends_soon = is_last and state == FullState.CURRENT and until is not None and until - on <= SOON
    return Card(certificate, state, until, ends_soon)


def own_words(user: User) -> dict[str, Any]:
    """For ``my_certificates.html``: every paper of hers, and what is open to her after her term. Four or five queries.

    ``lacks_passport``: her term is over or nearly so, and the paper that gathers everything is not made yet.
    """
    study = current_study(user)
    today = study.today if study else timezone.now().date()
    cards = cards_of(user, today)
    after = None if study else after_term(user, today)
    ends_on = study.term.end_with_leave() if study else None
    is_late = after is not None or (ends_on is not None and ends_on - today <= SOON)
    programme = study.term.programme if study else after.programme if after else None
    has_one = any(card.certificate.award.kind == Award.Kind.PASSPORT for card in cards)
    lacks = is_late and not has_one and Award.objects.filter(programme=programme, kind=Award.Kind.PASSPORT).exists()
    return {"cards": cards, "after": after, "lacks_passport": lacks}


def cards_of(user: User, on: date) -> list[Card]:
    """Everything ``user`` was given, the latest first. Two queries."""
    hers = Certificate.objects.filter(term__learner=user).with_state().select_related("term__programme", "award")
    return [card_of(certificate, on) for certificate in hers.order_by("-issued_on", "-pk")]


MY_DATA_TITLE = gettext_lazy("My certificates")


def my_data_rows(user: User, on: date) -> Iterable[tuple[str, str]]:
    """For the page of everything that is kept: each certificate in one line."""
    for card in cards_of(user, on):
        certificate = card.certificate
        words = _("%(number)s, issued %(date)s, printed name %(name)s: %(state)s") % {
            "number": certificate.number,
            "date": short_date(certificate.issued_on),
            "name": certificate.printed_name,
            "state": card.words,
        }
        yield certificate.title, words
