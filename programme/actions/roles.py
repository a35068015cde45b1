"""Giving and ending roles. The groups of the writing desk follow them and never lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from curriculum.models import EditorialRight
from curriculum.policies import grant
from people.actions import invite
from people.models import Invitation, User
from programme.actions.terms import DemonstrationRefuses
from programme.models import Installation, OrganisationUnit, Programme, Role, RoleAssignment
from programme.models.units import Tree
from programme.scope import roles_of, staff_today

Craft = EditorialRight.Craft


@transaction.atomic
def give_role(
    *, user: User, role: str, unit: OrganisationUnit, from_on: date, on: date, language: str = ""
) -> RoleAssignment:
    """Give a role at a unit and everything below it; the one already held is returned."""
    held, _created = RoleAssignment.objects.get_or_create(
        user=user, role=Role(role).value, unit=unit, language=language, to_on=None, defaults={"from_on": from_on}
    )
    follow_roles(user, on)
    return held


@transaction.atomic
def open_staff_account(
    *, display_name: str, role: str, unit: OrganisationUnit, language: str, languages: Sequence[str], on: date
) -> tuple[User, str]:
    """Make a member of staff with her first role; return her and the code of a slip with which she chooses a password.

    ``language``: the one she writes or translates. Raises ``DemonstrationRefuses`` where everybody is invented.
    """
    if Installation.is_demo():
        raise DemonstrationRefuses
    user = User.objects.create_user(
        display_name=display_name, languages=list(languages), secret_kind=User.SecretKind.PASSWORD
    )
    give_role(user=user, role=role, unit=unit, language=language, from_on=on, on=on)
    _slip, code = invite(user=user, purpose=Invitation.Purpose.FIRST, by=user, now=timezone.now())
    return user, code


@transaction.atomic
def end_role(*, assignment: RoleAssignment, to_on: date, on: date) -> RoleAssignment:
    """End a role after ``to_on``, its last day; ending an ended one changes nothing."""
    if assignment.to_on is None:
        assignment.to_on = to_on
        assignment.save(update_fields=["to_on"])
    follow_roles(assignment.user, on)
    return assignment


@transaction.atomic
def follow_roles(user: User, on: date) -> list[Group]:
    """Put ``user`` into exactly the editorial groups that her roles on ``on`` give; return them.

    Run after every change of a role, and daily for roles that begin or end by date. Other groups stay.
    """
    written = [(held, right) for held in roles_of(user, on) if (right := _right_of(held))]
    curricula = curricula_of([held.unit for held, _right in written], on)
    rights = sorted({(*right, curriculum) for held, right in written for curriculum in curricula[held.unit_id]})
    groups = [_group_of(*right) for right in rights]
    for old in user.groups.filter(editorial_right__isnull=False).exclude(pk__in=[group.pk for group in groups]):
        user.groups.remove(old)
    user.groups.add(*groups)
    is_staff = bool(groups) or user.is_superuser
    if user.is_staff != is_staff:
        user.is_staff = is_staff
        user.save(update_fields=["is_staff"])
    return groups


def curricula_of(units: Iterable[OrganisationUnit], on: date) -> dict[int, frozenset[str]]:
    """What is taught at each unit: the curricula of the programmes whose tree it stands in. No units, no query."""
    wanted = {unit.pk for unit in units}
    if not wanted:
        return {}
    tree, found = Tree.on(on), {pk: set[str]() for pk in wanted}
    for root, curriculum in Programme.objects.values_list("root_unit_id", "curriculum"):
        for pk in wanted & tree.below([root]):
            found[pk].add(curriculum)
    # A unit of no programme belongs to the curriculum that was here first.
    return {pk: frozenset(curricula or {""}) for pk, curricula in found.items()}


def follow_roles_at_sign_in(request: HttpRequest, user: User, **kwargs: object) -> None:
    """Let nobody write whose role has ended by its date since last night, or since a night that was missed."""
    if user.is_staff and user.role_assignments.exists():
        follow_roles(user, staff_today(user))


def _right_of(held: RoleAssignment) -> tuple[str, str, str] | None:
    """(craft, language, country) of a role; ``None`` for a role that writes nothing.

    A translator without a language and a reviewer without a country get no right at all: an empty
    field means "all of them" to the writing desk.
    """
    match held.role:
        case Role.TRAINER:
            return (Craft.AUTHOR.value, held.language, held.unit.country)
        case Role.TRANSLATOR if held.language:
            return (Craft.TRANSLATOR.value, held.language, "")
        case Role.REVIEWER if held.unit.country:
            return (Craft.REVIEWER.value, "", held.unit.country)
    return None


def _group_of(craft: str, language: str, country: str, curriculum: str) -> Group:
    """The one group of this right, with what Wagtail needs to let its members in."""
    fields = {"craft": craft, "language": language, "country": country, "curriculum": curriculum}
    right = EditorialRight.objects.filter(**fields).first()
    if right is None:
        name = ":".join(part for part in (craft, language, country, curriculum) if part)
        group, _created = Group.objects.get_or_create(name=name)
        right = EditorialRight.objects.create(group=group, **fields)
    grant(right)
    return right.group
