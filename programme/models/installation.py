"""What this database is: a demonstration, or somebody's real work. Decided once."""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar

from django.db import DatabaseError, models
from django.db.models import Q


class AlreadyDecided(Exception):
    """This database already says the other thing, and never changes its mind."""


class Installation(models.Model):
    """The single row that says whether this database is a demonstration.

    The database refuses to change or delete it: a demonstration never becomes a real programme.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_demonstration = models.BooleanField()
    created_at = models.DateTimeField(auto_now_add=True)

    _answer: ClassVar[bool | None] = None

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two rows could disagree about what this database is.
            models.CheckConstraint(condition=Q(id=1), name="one_installation"),
        ]

    def __str__(self) -> str:
        return "demonstration" if self.is_demonstration else "programme"

    @classmethod
    def decide(cls, *, is_demonstration: bool) -> Installation:
        """Say once what this database is; saying the same again is harmless.

        Raises ``AlreadyDecided`` when it is already the other thing.
        """
        row, _created = cls.objects.get_or_create(id=1, defaults={"is_demonstration": is_demonstration})
        if row.is_demonstration != is_demonstration:
            raise AlreadyDecided(str(row))
        return row

    @classmethod
    def is_demo(cls) -> bool:
        """Whether this database holds a demonstration; an undecided database does not.

        Asked on every page, so the process remembers the answer once there is one: the database
        never changes it.
        """
        if Installation._answer is None:
            Installation._answer = cls.objects.values_list("is_demonstration", flat=True).first()
        return bool(Installation._answer)

    @classmethod
    def is_real_work(cls) -> bool:
        """Whether somebody has decided that this database is for real work; an undecided one is not."""
        is_demo = cls.is_demo()
        return not is_demo and Installation._answer is not None

    @classmethod
    def is_known_real(cls) -> bool:
        """What this process remembers of ``is_real_work``. Asks the database nothing."""
        return Installation._answer is False

    @classmethod
    def is_known_demo(cls) -> bool:
        """What this process remembers of ``is_demo``. Asks the database nothing, for pages that may not."""
        return bool(Installation._answer)

    @classmethod
    def learn(cls) -> None:
        """Let this process know the answer before its first page; a database that does not answer is left alone."""
        with suppress(DatabaseError):
            cls.is_demo()

    @classmethod
    def forget(cls) -> None:
        """Ask the database again; for tests, whose databases come and go in one process."""
        Installation._answer = None
