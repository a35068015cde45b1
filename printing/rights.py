"""Who may print what, and for whom. Empty by default; learners never: paper tells whoever finds it what it is about.

A coordinator prints what learners and groups hold in their hands; a trainer, and whoever writes, translates or reviews
the texts, also what tells the answers. Questions that certify stand on no paper, so nobody needs a right to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from curriculum import policies
from curriculum.models import Country
from people.models import User
from printing.models import PaperKind
from programme.models import Programme, Role
from programme.scope import Scope, scope_now

FOR_ALL = frozenset({PaperKind.BOOKLET, PaperKind.CARDS})
FOR_TRAINERS = frozenset(PaperKind)

MAY_PRINT: Mapping[str, frozenset[PaperKind]] = {
    Role.COORDINATOR: FOR_ALL,
    Role.PROGRAMME_MANAGER: FOR_ALL,
    Role.TRAINER: FOR_TRAINERS,
}


@dataclass(frozen=True)
class Place:
    """A programme in one country: whose words and values are printed."""

    programme: Programme
    country: Country

    @property
    def code(self) -> str:
        """As a form says it."""
        return f"{self.programme.code}.{self.country.code}"


@dataclass
class Rights:
    """What somebody may print, place by place."""

    places: dict[str, Place] = field(default_factory=dict)
    kinds_at: dict[str, set[PaperKind]] = field(default_factory=dict)

    def give(self, places: Iterable[Place], kinds: Iterable[PaperKind]) -> None:
        for place in places:
            self.places[place.code] = place
            self.kinds_at.setdefault(place.code, set()).update(kinds)

    def kinds(self, place: Place) -> list[PaperKind]:
        """In their usual order."""
        return [kind for kind in PaperKind if kind in self.kinds_at.get(place.code, ())]

    def allows(self, programme: int, country: str, kind: str) -> bool:
        return any(
            place.programme.pk == programme and place.country.code == country and kind in self.kinds_at[place.code]
            for place in self.places.values()
        )


def rights_to_print(user: User) -> Rights:
    """At most five queries; none printed for who holds no role and no right at the desk."""
    rights, scope = Rights(), scope_now(user)
    held = [role for role in scope.roles if role.role in MAY_PRINT]
    is_at_desk = policies.may_read_all(user)
    if not held and not is_at_desk:
        return rights
    programmes = list(Programme.objects.select_related("root_unit").order_by("code"))
    countries = list(Country.objects.order_by("name"))
    if is_at_desk:
        hers = _curricula_of(user)
        known = [each for each in programmes if hers is None or each.curriculum in hers]
        rights.give((Place(each, country) for each in known for country in countries), FOR_TRAINERS)
    for role in held:
        here = [country for country in countries if role.unit.country in ("", country.code)]
        own = [each for each in programmes if _is_of(scope, role.unit_id, each)]
        rights.give((Place(each, country) for each in own for country in here), MAY_PRINT[role.role])
    return rights


def may_print_something(user: User) -> bool:
    """Whether the room is open to ``user``. One query."""
    return policies.may_read_all(user) or scope_now(user).holds(*MAY_PRINT)


def _is_of(scope: Scope, unit: int, programme: Programme) -> bool:
    return unit in scope.tree.below([programme.root_unit_id])


def _curricula_of(user: Any) -> set[str] | None:
    """The curricula whose texts she works on; ``None`` means all."""
    if user.is_active and user.is_superuser:
        return None
    return {right.curriculum for right in policies.rights_of(user)}
