"""Which phones keep something, for whoever may end sign-ins, and what was on a lost one, for the privacy officer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from offline.models import Given, KeepingPhone
from people.models import User
from programme.models import Placement, RoleAssignment
from programme.scope import HER_ROLE_FIRST, RIGHTS, Act, Scope


def people_reached(scope: Scope) -> QuerySet[User]:
    """Whose sign-ins she may end: women at her units today, and whoever works there in a role today; never herself."""
    units = scope.units(Act.END_SIGN_INS)
    if not units:
        return User.objects.none()
    learners = scope.terms(Act.END_SIGN_INS).values("learner")
    staff = RoleAssignment.objects.held_on(scope.on).filter(unit__in=units).values("user")
    return User.objects.filter(Q(pk__in=learners) | Q(pk__in=staff), is_active=True).exclude(pk=scope.user.pk)


def staff_reached(scope: Scope) -> QuerySet[User]:
    """Of those the ones who work there in a role, by work name."""
    held = RoleAssignment.objects.held_on(scope.on).filter(unit__in=scope.units(Act.END_SIGN_INS))
    staff = people_reached(scope).filter(pk__in=held.values("user"), secret_kind=User.SecretKind.PASSWORD)
    return staff.order_by("alias")


def role_of(scope: Scope, act: Act) -> str:
    """In which role she does ``act``, for the access log: that nearest to the women first."""
    held = {role.role for role in scope.roles if act in RIGHTS.get(role.role, ())}
    return next((str(role) for role in HER_ROLE_FIRST if role in held), "")


@dataclass(frozen=True)
class PhoneRow:
    """One phone as a line. ``places`` are modules; ``named`` counts the women on a list that it was given.

    ``until``: when the last list on it is over at the latest.
    """

    phone: KeepingPhone
    places: list[str]
    named: int
    last_on: date
    until: datetime | None

    @property
    def is_ended(self) -> bool:
        return self.phone.ended_at is not None


def rows_of_phones(phones: Iterable[KeepingPhone]) -> list[PhoneRow]:
    """A line for each of ``phones``, in their order. One query."""
    phones = list(phones)
    given: dict[int, list[tuple[str, int, date, datetime | None]]] = defaultdict(list)
    # Her own row stands beside those of the women: one fewer is named on the list.
    counted = Given.objects.filter(phone__in=phones).values_list("phone", "what").order_by("what")
    for phone, what, people, last_on, until in counted.annotate(Count("pk"), Max("last_on"), Max("until")):
        given[phone].append((what, people - 1, last_on, until))
    return [
        PhoneRow(
            phone=phone,
            places=[what.upper() for what, _n, _o, until in given[phone.pk] if until is None],
            named=sum(named for _w, named, _o, until in given[phone.pk] if until is not None),
            last_on=max((last_on for _w, _n, last_on, _u in given[phone.pk]), default=phone.since_on),
            until=max((until for *_r, until in given[phone.pk] if until is not None), default=None),
        )
        for phone in phones
    ]


def phones_of(user: User) -> list[PhoneRow]:
    """Her phones that keep something, or kept it lately, the newest first. Two queries."""
    rows = rows_of_phones(KeepingPhone.objects.filter(owner=user).order_by("-since_on", "-pk"))
    return [row for row in rows if not row.is_ended or row.places or row.named]


def rows_about(user: User) -> list[tuple[str, str]]:
    """For the page of what is kept about her: her own phones, and colleagues' phones that name her. Three queries."""
    found = []
    for row in phones_of(user):
        words = {"date": date_format(row.phone.since_on, "DATE_FORMAT"), "places": ", ".join(row.places) or "–"}
        found.append((_("A phone of mine"), _("since %(date)s: %(places)s") % words))
    named = Given.objects.filter(about=user, until__isnull=False).exclude(phone__owner=user)
    for given in named.select_related("phone").order_by("-until", "-pk"):
        words = {"first": date_format(given.first_on, "DATE_FORMAT"), "until": _day(given.until)}
        value = _("%(first)s to %(until)s at the latest") % words
        if given.phone.lost_at:
            value += ". " + _("This phone was reported lost on %(date)s.") % {"date": _day(given.phone.lost_at)}
        found.append((_("My name on a colleague's list, on her phone"), value))
    return found


def _day(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")


def lost_phones(scope: Scope) -> QuerySet[KeepingPhone]:
    """Phones that were reported lost, of whoever works or worked at her units, the latest first."""
    units = scope.units(Act.SEE_LOST_PHONES)
    staff = RoleAssignment.objects.filter(unit__in=units).values("user")
    learners = Placement.objects.filter(facility__in=units).values("term__learner")
    lost = KeepingPhone.objects.filter(lost_at__isnull=False).filter(Q(owner__in=staff) | Q(owner__in=learners))
    return lost.select_related("owner", "lost_by").order_by("-lost_at", "-pk")


@dataclass(frozen=True)
class Named:
    """One woman on a list that was on a phone: by alias only."""

    user: User
    first_on: date
    last_on: date
    until: datetime


def named_on(phone: KeepingPhone, scope: Scope) -> tuple[list[Named], int]:
    """The women on the lists of ``phone`` who work or worked at her units, and how many others there were.

    Two queries.
    """
    rows = Given.objects.filter(phone=phone, until__isnull=False).exclude(about=phone.owner_id)
    listed = list(rows.select_related("about").order_by("about__alias"))
    here = set(
        Placement.objects.filter(
            facility__in=scope.units(Act.SEE_LOST_PHONES), term__learner__in=[row.about_id for row in listed]
        ).values_list("term__learner", flat=True)
    )
    named = [
        Named(row.about, row.first_on, row.last_on, row.until)
        for row in listed
        if row.about_id in here and row.until is not None
    ]
    return named, len(listed) - len(named)
