"""Let the groups of the writing desk follow the roles: for roles that begin or end by date."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from people.models import User
from programme.actions import follow_roles
from programme.scope import staff_today


class Command(BaseCommand):
    help = "Puts everybody who holds or held a role into exactly the groups her roles give today. Run it every night."

    def handle(self, *args: Any, **options: Any) -> None:
        for user in User.objects.filter(role_assignments__isnull=False).distinct().order_by("alias"):
            before = set(user.groups.values_list("name", flat=True))
            follow_roles(user, staff_today(user))
            after = set(user.groups.values_list("name", flat=True))
            if before != after:
                self.stdout.write(f"{user}: {', '.join(sorted(after)) or 'no group'}")
