"""The least valid object of each kind. What a test is about, it says itself."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from django.test import Client

from curriculum.models import Country, Lesson, Module, Strand
from people.models import Consent, ConsentPart, User
from programme.models import (
    Milestone,
    OrganisationUnit,
    Pathway,
    PathwayVersion,
    Placement,
    Programme,
    RoleAssignment,
    Term,
    UnitParent,
)

TODAY = date(2026, 6, 15)
"""The date most tests happen on; pass another to see something else."""

number = itertools.count(1)


def make_user(*, name: str = "Wanjikũ", pin: str | None = None, **fields: Any) -> User:
    """A person; ``pin`` lets her sign in."""
    fields = {"display_name": name, "languages": ["en"], "alias": f"TST-{next(number):04}"} | fields
    return User.objects.create_user(password=pin, **fields)


def give_consent(user: User) -> None:
    """She has answered the five parts: the first yes, the others no."""
    Consent.objects.bulk_create(
        Consent(user=user, part=part, is_given=part == 1, wording_version=1, language="en") for part in ConsentPart
    )


def make_country(code: str = "KE", languages: tuple[str, ...] = ("sw", "en")) -> Country:
    return Country.objects.get_or_create(code=code, defaults={"name": code, "languages": list(languages)})[0]


def make_unit(
    *,
    name: str = "",
    level: str = "facility",
    parent: OrganisationUnit | None = None,
    country: str = "KE",
    **fields: Any,
) -> OrganisationUnit:
    """A unit; with ``parent`` it has stood under it since 2020."""
    n = next(number)
    unit = OrganisationUnit.objects.create(
        name=name or f"Unit {n}", short_code=f"U{n}", level=level, country=country, **fields
    )
    if parent:
        UnitParent.objects.create(unit=unit, parent=parent, from_on=date(2020, 1, 1))
    return unit


def make_programme(*, root: OrganisationUnit | None = None, **fields: Any) -> Programme:
    n = next(number)
    defaults = {
        "code": f"programme-{n}",
        "name": f"Programme {n}",
        "issuing_name": "Family Learning Programme",
        "issuing_short_name": "FLP",
        "peer_title": "Mentor",
    }
    return Programme.objects.create(root_unit=root or make_unit(level="root", country=""), **defaults | fields)


def make_module(code: str = "", strand: str = "practice") -> Module:
    return Module.objects.create(code=code or f"X{next(number)}", strand=Strand.objects.get_or_create(code=strand)[0])


def make_lesson(module: Module | None = None) -> Lesson:
    return Lesson.objects.create(module=module or make_module())


def make_pathway_version(
    *, programme: Programme | None = None, milestones: tuple[tuple[str, Module, int, str], ...] = (), **fields: Any
) -> PathwayVersion:
    """A version with ``milestones`` of (kind, module, due day, gate)."""
    pathway = Pathway.objects.create(programme=programme or make_programme(), code=f"path-{next(number)}")
    version = PathwayVersion.objects.create(pathway=pathway, number=1, **fields)
    Milestone.objects.bulk_create(
        Milestone(version=version, order=order, kind=kind, module=module, due_day=due, gate=gate)
        for order, (kind, module, due, gate) in enumerate(milestones, start=1)
    )
    return version


def make_term(
    *,
    learner: User | None = None,
    facility: OrganisationUnit | None = None,
    pathway_version: PathwayVersion | None = None,
    start_on: date = TODAY - timedelta(days=30),
    **fields: Any,
) -> Term:
    """An open term of twelve months with its one placement; ``facility`` hangs where you put it."""
    version = pathway_version or make_pathway_version()
    programme = version.pathway.programme
    if facility is None:
        facility = make_unit(parent=programme.root_unit)
    term = Term.objects.create(
        learner=learner or make_user(),
        programme=programme,
        pathway_version=version,
        start_on=start_on,
        **{"planned_end_on": start_on + timedelta(days=365)} | fields,
    )
    Placement.objects.create(term=term, facility=facility, from_on=start_on)
    make_country(facility.country)
    return term


def give_role(user: User, role: str, unit: OrganisationUnit, **fields: Any) -> RoleAssignment:
    return RoleAssignment.objects.create(user=user, role=role, unit=unit, **{"from_on": date(2020, 1, 1)} | fields)


def make_staff(unit: OrganisationUnit, role: str = "supervisor", **fields: Any) -> User:
    """Somebody of the staff with ``role`` at ``unit``."""
    user = make_user(**{"name": "Wambui", "secret_kind": "password"} | fields)
    give_role(user, role, unit)
    return user


def as_user(user: User) -> Client:
    """A browser in which ``user`` is signed in."""
    client = Client()
    client.force_login(user)
    return client
