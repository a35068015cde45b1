"""Who may see whom, and do what, on which day. The one answer, used everywhere; empty by default.

A role reaches the units at and below the one it is held at, as the tree stood on that day. A term is
where its placement was on that day. Nothing else opens a record: not a superuser, not a group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from curriculum.models import Country
from people.models import User
from programme import own
from programme.models import Cohort, OrganisationUnit, Placement, Role, RoleAssignment, Term, UnitLevel, UnitParent
from programme.models.roles import RoleAssignmentQuerySet
from programme.models.terms import TermQuerySet
from programme.models.units import Tree

A_DAY = timedelta(days=1)


class Act(models.TextChoices):
    """What somebody may do with a term that is not her own."""

    OPEN_RECORD = "open_record", _("open the record")
    SEE_NAME = "see_name", _("see the chosen name")
    SEE_DATES = "see_dates", _("see places of work and leave")
    SEE_COHORT = "see_cohort", _("see who of a cohort has passed")
    SIGN_PRACTICE = "sign_practice", _("sign off a practice")
    SIGN_OFF_AWARD = "sign_off_award", _("sign off a certificate")
    ISSUE_CERTIFICATE = "issue_certificate", _("issue a certificate")
    MANAGE_TERM = "manage_term", _("change dates and places")
    SEE_CONTACT = "see_contact", _("see phone and e-mail")
    SEE_COUNTS = "see_counts", _("see numbers without people")
    SEE_UPDATES = "see_updates", _("see how many know a new rule")
    END_SIGN_INS = "end_sign_ins", _("end sign-ins and report a lost phone")
    SEE_LOST_PHONES = "see_lost_phones", _("see what was on a lost phone")
    RECORD_ATTENDANCE = "record_attendance", _("note who of a cohort was there")
    SIGN_LOGBOOK = "sign_logbook", _("sign sessions of a logbook")
    RECORD_TALK = "record_talk", _("note that a talk was held")


RIGHTS: Mapping[str, frozenset[Act]] = {
    # Programme reference, section 2. A role that is not here sees no person and no number.
    Role.SUPERVISOR: frozenset(
        {
            Act.OPEN_RECORD,
            Act.SEE_NAME,
            Act.SEE_DATES,
            Act.SIGN_PRACTICE,
            Act.SIGN_OFF_AWARD,
            Act.SIGN_LOGBOOK,
            Act.SEE_COUNTS,
            Act.END_SIGN_INS,
        }
    ),
    Role.NURSE: frozenset({Act.OPEN_RECORD, Act.SEE_NAME, Act.SIGN_PRACTICE}),
    Role.COORDINATOR: frozenset(
        {
            Act.OPEN_RECORD,
            Act.SEE_NAME,
            Act.SEE_DATES,
            Act.ISSUE_CERTIFICATE,
            Act.MANAGE_TERM,
            Act.SEE_CONTACT,
            Act.SEE_COUNTS,
            Act.END_SIGN_INS,
            Act.RECORD_ATTENDANCE,
            Act.RECORD_TALK,
        }
    ),
    Role.DISTRICT_MANAGER: frozenset({Act.OPEN_RECORD, Act.SEE_DATES, Act.SEE_COUNTS}),
    Role.PROGRAMME_MANAGER: frozenset(
        {
            Act.OPEN_RECORD,
            Act.SEE_NAME,
            Act.SEE_DATES,
            Act.ISSUE_CERTIFICATE,
            Act.MANAGE_TERM,
            Act.SEE_CONTACT,
            Act.SEE_COUNTS,
            Act.END_SIGN_INS,
        }
    ),
    # Whether a changed rule has reached the women is her work; who they are is not, beyond her cohorts.
    Role.TRAINER: frozenset({Act.SEE_COHORT, Act.SEE_UPDATES, Act.RECORD_ATTENDANCE, Act.RECORD_TALK}),
    Role.MONITORING: frozenset({Act.SEE_COUNTS, Act.SEE_UPDATES}),
    # She opens no record and sees no list of people: only whose phone was lost, and who was named on it.
    Role.PRIVACY_OFFICER: frozenset({Act.END_SIGN_INS, Act.SEE_LOST_PHONES}),
}

NAMES_AT_HER_FACILITY_ONLY = frozenset({Role.SUPERVISOR, Role.NURSE})
"""Held above a facility, these roles see aliases: a name is for those who work beside her."""

IN_COHORTS_ONLY = frozenset(
    {
        (Role.TRAINER, Act.SEE_COHORT),
        (Role.TRAINER, Act.RECORD_ATTENDANCE),
        (Role.COORDINATOR, Act.RECORD_ATTENDANCE),
        (Role.TRAINER, Act.RECORD_TALK),
    }
)
"""Who starts with nobody is no trainer's to know, and stands on no sheet."""

HER_ROLE_FIRST = (
    Role.SUPERVISOR,
    Role.NURSE,
    Role.COORDINATOR,
    Role.PROGRAMME_MANAGER,
    Role.DISTRICT_MANAGER,
    Role.TRAINER,
    Role.PRIVACY_OFFICER,
)
"""In which role somebody with several acts, the nearest to the learner first."""


@dataclass(frozen=True)
class Study:
    """A learner's own term and what her pages need to know about it."""

    term: Term
    facility: OrganisationUnit
    country: str
    today: date
    languages: list[str]
    release: int = 0
    """What she reads: the key of the release of her cohort, or 0 for what is published today."""

    @property
    def curriculum(self) -> str:
        """What her programme learns from. Nothing of another curriculum is hers to read."""
        return self.term.programme.curriculum


def current_study(user: User) -> Study | None:
    """The open term of ``user`` at her place of work today, or ``None``. One query.

    Of two open terms the one that began last. "Today" is the date at her place of work.
    """
    if not user.is_authenticated or not user.is_active:
        return None
    # Yesterday in UTC is still today somewhere; the exact day is decided below, by the place.
    rows = (
        Placement.objects.filter(term__learner=user)
        .exclude(term__ended_on__lt=timezone.now().date() - A_DAY)
        .select_related("facility", "term__programme", "term__pathway_version")
        .annotate(of_country=Subquery(Country.objects.filter(pk=OuterRef("facility__country")).values("languages")))
        .annotate(release=release_read_by("term__", "facility__country"))
        .order_by("-term__start_on", "-from_on")
    )
    for placement in rows:
        term, today = placement.term, placement.facility.today()
        is_here = placement.from_on <= today and (placement.to_on is None or today <= placement.to_on)
        if is_here and term.is_open(today):
            term.learner = user
            languages = in_her_order(user.reading_languages, user, placement.of_country)
            country, release = placement.facility.country, placement.release or 0
            return Study(term, placement.facility, country, today, languages, release)
    return None


def in_her_order(languages: Sequence[str], user: User, of_country: Sequence[str] | None) -> list[str]:
    """``languages`` with her own first, in the order given, then those usual where she works, then the rest.

    What is missing in hers she reads in the next language of her country, not in one of a country far away.
    """
    order = [code for code in languages if code in user.languages]
    order += [code for code in of_country or [] if code in languages and code not in order]
    return order + [code for code in languages if code not in order]


def release_read_by(term: str, country: str) -> Case:
    """For a query: the release of the cohort that ``term`` leads to, where it is one of ``country``; else nothing.

    A woman who works in another country reads what is published there.
    """
    is_of_country = {f"{term}cohort__release__country": F(country)}
    return Case(When(**is_of_country, then=F(f"{term}cohort__release")), default=None)


def release_of(term: Term, country: str) -> int:
    """What ``term`` reads in ``country``: the key of a release, or 0. One query where it has a cohort."""
    if term.cohort_id is None:
        return 0
    found = Cohort.objects.filter(pk=term.cohort_id, release__country=country).values_list("release", flat=True).first()
    return found or 0


def term_at(user: User, at: datetime) -> Term | None:
    """The term of ``user`` that was open at ``at``, by the date where she worked. One query.

    Of two the one that began last. For an act that reaches us later than it happened: her term may have
    ended meanwhile, and what she did in it still counts.
    """
    around = at.date()
    rows = (
        Placement.objects.filter(term__learner=user, term__start_on__lte=around + A_DAY)
        .exclude(term__ended_on__lt=around - A_DAY)
        .select_related("facility", "term__programme", "term__pathway_version")
        .order_by("-term__start_on", "-from_on")
    )
    return next((row.term for row in rows if row.term.is_open(row.facility.date_of(at))), None)


def roles_of(user: User, on: date) -> list[RoleAssignment]:
    """The roles of ``user`` in force on ``on`` with their units; none for a closed account. One query."""
    if not user.is_authenticated or not user.is_active:
        return []
    return list(_with_units(RoleAssignment.objects.filter(user=user)).held_on(on))


def _with_units(roles: RoleAssignmentQuerySet) -> RoleAssignmentQuerySet:
    """With the unit and whether anything has ever stood under it, the longest held first."""
    has_children = Exists(UnitParent.objects.filter(parent=OuterRef("unit")))
    return roles.select_related("unit").annotate(has_children=has_children).order_by("from_on", "pk")


@dataclass(frozen=True)
class Scope:
    """Everything somebody may see on one day: computed once a page, asked for every row."""

    user: User
    on: date
    roles: tuple[RoleAssignment, ...]

    @cached_property
    def tree(self) -> Tree:
        """The units as they stood that day. One query, the first time it is asked."""
        return Tree.on(self.on)

    @cached_property
    def _reach(self) -> dict[tuple[str, Act], frozenset[int]]:
        """(role, act) -> the units where it holds."""
        reach: dict[tuple[str, Act], frozenset[int]] = {}
        for held in self.roles:
            # Most supervisors hold a site, with nothing under it: no need to read the tree.
            units = frozenset(
                self.tree.below([held.unit_id]) if getattr(held, "has_children", True) else [held.unit_id]
            )
            for act in RIGHTS.get(held.role, frozenset()):
                if (
                    act == Act.SEE_NAME
                    and held.role in NAMES_AT_HER_FACILITY_ONLY
                    and held.unit.level != UnitLevel.FACILITY
                ):
                    continue
                reach[held.role, act] = reach.get((held.role, act), frozenset()) | units
        return reach

    def units(self, act: Act) -> frozenset[int]:
        """Primary keys of the units where she may ``act``."""
        found = (units for (_role, granted), units in self._reach.items() if granted == act)
        return frozenset().union(*found)

    def _units_for(self, act: Act, term: Term) -> frozenset[int]:
        """The units where she may ``act`` with somebody like ``term``: in a cohort, or in none."""
        return self.units(act) if term.cohort_id is not None else self._units_beyond_cohorts(act)

    def _units_beyond_cohorts(self, act: Act) -> frozenset[int]:
        """The units where she may ``act`` with those too who start with nobody."""
        found = (
            units
            for (role, granted), units in self._reach.items()
            if granted == act and (role, granted) not in IN_COHORTS_ONLY
        )
        return frozenset().union(*found)

    def holds(self, *roles: str) -> bool:
        """Whether she holds one of ``roles`` anywhere."""
        return any(held.role in roles for held in self.roles)

    def terms(self, act: Act) -> TermQuerySet:
        """Terms with which she may ``act``; never her own. Runs no query itself."""
        units = self.units(act)
        if not units:
            return Term.objects.none()
        terms = Term.objects.placed_in(units, self.on).exclude(learner=self.user)
        beyond = self._units_beyond_cohorts(act)
        if beyond == units:
            return terms
        in_a_cohort = models.Q(cohort__isnull=False)
        if beyond:
            in_a_cohort |= models.Q(pk__in=Term.objects.placed_in(beyond, self.on).values("pk"))
        return terms.filter(in_a_cohort)

    def visible_terms(self) -> TermQuerySet:
        """Terms of which she may see a row: records she may open, and cohorts she trains."""
        opened, cohort = self.units(Act.OPEN_RECORD), self.units(Act.SEE_COHORT)
        if not opened and not cohort:
            return Term.objects.none()
        here = models.Q(pk__in=Term.objects.placed_in(opened, self.on).values("pk"))
        trained = models.Q(pk__in=Term.objects.placed_in(cohort, self.on).values("pk"), cohort__isnull=False)
        return Term.objects.filter(here | trained).exclude(learner=self.user)

    def allows(self, act: Act, term: Term) -> bool:
        """Whether she may ``act`` with ``term``. Runs no query when its placements are prefetched."""
        if term.learner_id == self.user.pk:
            return False
        placement = term.placement_on(self.on)
        if placement is None:
            return False
        if placement.facility_id in self._units_for(act, term):
            return True
        # Where being in the programme says nothing about anybody's health, whoever opens a record reads the name on it.
        return act == Act.SEE_NAME and _shows_names(term) and placement.facility_id in self.units(Act.OPEN_RECORD)

    def role_for(self, term: Term, act: Act | None = None) -> str:
        """In which role she meets ``term`` (or may ``act`` with it); empty when in none."""
        placement = term.placement_on(self.on)
        if placement is None or term.learner_id == self.user.pk:
            return ""
        for role in HER_ROLE_FIRST:
            for (held, granted), units in self._reach.items():
                if term.cohort_id is None and (held, granted) in IN_COHORTS_ONLY:
                    continue
                if held == role and placement.facility_id in units and act in (None, granted):
                    return str(role)
        return ""

    def name_of(self, term: Term) -> str:
        """Her chosen name where this person may know it, else the alias."""
        return term.learner.display_name if self.allows(Act.SEE_NAME, term) else term.learner.alias


def _shows_names(term: Term) -> bool:
    """Whether names of its programme are no health data. No query."""
    known = own.of_programme(term.programme_id)
    return known is not None and known.shows_names


def scope_of(user: User, on: date) -> Scope:
    """The scope of ``user`` on ``on``. One query, and one more for units with others under them."""
    return Scope(user, on, tuple(roles_of(user, on)))


def scope_now(user: User) -> Scope:
    """The scope of ``user`` today, for views. As many queries as ``scope_of``."""
    return Scope(user, *_roles_now(user))


def is_staff_member(user: User, on: date) -> bool:
    """Whether ``user`` holds on ``on``, or will hold, any role beside that of a learner, or runs the site."""
    beside = RoleAssignment.objects.filter(user=user).exclude(role=Role.LEARNER).exclude(to_on__lt=on)
    return user.is_staff or user.is_superuser or beside.exists()


def staff_today(user: User) -> date:
    """The date at the unit where ``user`` has held a role longest; UTC's when she holds none. For views."""
    return _roles_now(user)[0]


def _roles_now(user: User) -> tuple[date, tuple[RoleAssignment, ...]]:
    """Today for ``user``, and the roles she holds on it. One query."""
    around = timezone.now().date()
    if not user.is_authenticated or not user.is_active:
        return around, ()
    # Tomorrow in UTC is already today somewhere, and yesterday still is.
    near = RoleAssignment.objects.filter(user=user, from_on__lte=around + A_DAY).exclude(to_on__lt=around - A_DAY)
    rows = list(_with_units(near))
    on = next((today for held in rows if held.is_held(today := held.unit.today())), around)
    return on, tuple(held for held in rows if held.is_held(on))


def visible_terms(user: User, on: date) -> TermQuerySet:
    """Which terms ``user`` may see as staff on ``on``: the one function. Empty by default."""
    return scope_of(user, on).visible_terms()


def may(user: User, act: Act | str, term: Term, on: date) -> bool:
    """Whether ``user`` may ``act`` with ``term`` on ``on``. Nobody acts on her own term."""
    return scope_of(user, on).allows(Act(act), term)


def acting_role(user: User, term: Term, on: date, act: Act | None = None) -> str:
    """The role in which ``user`` meets ``term``, for the access log; empty when she has none."""
    return scope_of(user, on).role_for(term, act)
