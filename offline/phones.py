"""Which phones keep something of whom, what they were given, and telling them to let go of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from offline.models import Given, KeepingPhone

AFTER_ITS_END = timedelta(days=30)
"""So long it can still be told what was on a phone: a loss is noticed late."""

AFTER_A_LOSS = timedelta(days=365)


@transaction.atomic
def phone_of(*, owner: Any, tag: str, now: datetime) -> KeepingPhone:
    """Her vault ``tag`` as it lives now. One that was ended begins a new life. One query when it is known."""
    newest = KeepingPhone.objects.filter(owner=owner, tag=tag).order_by("-round").first()
    if newest is not None and newest.ended_at is None:
        return newest
    return KeepingPhone.objects.get_or_create(
        owner=owner, tag=tag, round=newest.round + 1 if newest else 0, defaults={"since_on": now.date()}
    )[0]


def living(*, owner: Any, tag: str, number: int, now: datetime) -> KeepingPhone | None:
    """Her vault ``tag`` in round ``number``; ``None`` when that life is over. One query when it is known."""
    newest = KeepingPhone.objects.filter(owner=owner, tag=tag).order_by("-round").first()
    if newest is None and number == 0:
        return phone_of(owner=owner, tag=tag, now=now)  # kept since before there were rows
    return newest if newest is not None and newest.round == number and newest.ended_at is None else None


def was_given(phone: KeepingPhone, what: str) -> bool:
    """Whether she asked on this phone for ``what``. One query."""
    return Given.objects.filter(phone=phone, what=what, about=phone.owner_id).exists()


@transaction.atomic
def note(
    *, phone: KeepingPhone, what: Iterable[str], about: Iterable[Any], now: datetime, until: datetime | None = None
) -> None:
    """Note that ``phone`` is given each of ``what``, about each of ``about`` and its owner. Safe to call again.

    Two queries, and those of forgetting what is past.
    """
    day = now.date()
    people = {phone.owner_id, *(person.pk for person in about)}
    Given.objects.bulk_create(
        [
            Given(phone=phone, what=name, about_id=pk, first_on=day, last_on=day, until=until)
            for name in dict.fromkeys(what)
            for pk in sorted(people)
        ],
        update_conflicts=True,
        unique_fields=["phone", "what", "about"],
        update_fields=["last_on", "until"],
    )
    tidy(now)


def tidy(now: datetime) -> None:
    """Forget what no phone can hold any more, and phones that keep nothing."""
    day = now.date()
    safe = Q(phone__lost_at__isnull=True) | Q(phone__lost_at__lt=now - AFTER_A_LOSS)
    over = Q(until__lt=now - AFTER_ITS_END) | Q(until__isnull=True, last_on__lt=day - AFTER_A_LOSS)
    Given.objects.filter(safe, over).delete()
    empty = KeepingPhone.objects.filter(given__isnull=True, since_on__lt=day - AFTER_A_LOSS)
    empty.filter(Q(ended_at__isnull=True) | Q(ended_at__lt=now - AFTER_A_LOSS)).delete()


@transaction.atomic
def end(*, owner: Any, now: datetime) -> int:
    """Every phone of ``owner`` is to let go of what it keeps of her; return how many."""
    return KeepingPhone.objects.filter(owner=owner, ended_at__isnull=True).update(ended_at=now)


@transaction.atomic
def report_lost(*, phone: KeepingPhone, by: Any, now: datetime) -> bool:
    """``phone`` is lost, says ``by``; it is ended as well. Return whether nobody had said so before."""
    phones = KeepingPhone.objects.filter(pk=phone.pk)
    phones.filter(ended_at__isnull=True).update(ended_at=now)
    return bool(phones.filter(lost_at__isnull=True).update(lost_at=now, lost_by=by))


def ended_among(vaults: Mapping[str, int], now: datetime) -> list[str]:
    """Which of ``vaults`` (tag: round) are to go; noted as told. Also those of accounts that were closed."""
    rows = KeepingPhone.objects.filter(tag__in=vaults).filter(Q(ended_at__isnull=False) | Q(owner__is_active=False))
    gone = [row for row in rows if vaults[row.tag] == row.round]
    KeepingPhone.objects.filter(pk__in=[row.pk for row in gone], told_at__isnull=True).update(told_at=now)
    return sorted({row.tag for row in gone})
