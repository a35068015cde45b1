"""A certificate as a card: its state in words, until when, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.models import Certificate
from certificates.serials import qr_svg
from certificates.states import FullState, full_state_on
from people.models import User
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
    def can_be_shown(self) -> bool:
        """Whether the paper may still be handed out."""
        return self.state in (FullState.CURRENT, FullState.EXPIRED)

    @property
    def was_moved(self) -> bool:
        """Whether leave has moved the end beyond what the paper says."""
        return self.until is not None and self.until != self.certificate.expires_on

    @property
    def qr(self) -> str:
        return qr_svg(self.certificate.serial)


def card_of(certificate: Certificate, on: date) -> Card:
    """``certificate`` on ``on``. No query after ``with_state()``."""
    state, until = full_state_on(certificate, on), certificate.valid_until()
    ends_soon = state == FullState.CURRENT and until is not None and until - on <= SOON
    return Card(certificate, state, until, ends_soon)


def cards_of(user: User, on: date) -> list[Card]:
    """Everything ``user`` was given, the latest first. Three queries."""
    hers = Certificate.objects.filter(term__learner=user).with_state().select_related("term", "award")
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
