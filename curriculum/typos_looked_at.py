"""The second pair of eyes on a typo: the approval was carried over it at once, and a reviewer looks afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail import hooks

from curriculum import policies
from curriculum.fact_updates import changed_sentences
from curriculum.models import Approval, SaidMeaning, TypoLook
from curriculum.review_actions import AFTER_APPROVAL
from curriculum.separation import is_hers


@dataclass(frozen=True)
class Unseen:
    said: SaidMeaning
    country: str

    @property
    def sentences(self) -> tuple[str, str]:
        return changed_sentences(self.said)


def typos_to_look_at(user: Any) -> list[Unseen]:
    """Typos under an approval of a country that ``user`` reviews, said by somebody else; the oldest first."""
    seen = set(TypoLook.objects.values_list("said", "country"))
    carried = Approval.objects.filter(carried_over__isnull=False).select_related("carried_over__said_by")
    found = [
        Unseen(approval.carried_over, approval.country)
        for approval in carried.order_by("approved_at", "pk")
        if approval.carried_over is not None
        and (approval.carried_over_id, approval.country) not in seen
        and approval.carried_over.said_by_id != user.pk
        and approval.country in policies.countries_reviewed_by(user, approval.language)
    ]
    return [one for one in found if is_hers(user, text_of(one.said))]


def text_of(said: SaidMeaning) -> Any:
    """The page or snippet that somebody spoke of; ``None`` when it is not there any more."""
    model = said.content_type.model_class()
    return model._default_manager.filter(pk=said.object_id).first() if model else None  # noqa: SLF001 -- as Django


@transaction.atomic
def look_at_typo(*, said: SaidMeaning, country: str, is_typo: bool, by: Any) -> TypoLook:
    """Keep what ``by`` found. Looked at before, the first answer stays.

    Where it is no typo, no approval that was carried over it stands in ``country``, nor one carried on from there.
    """
    look, is_new = TypoLook.objects.get_or_create(
        said=said, country=country, defaults={"is_typo": is_typo, "looked_by": by, "looked_at": timezone.now()}
    )
    if is_new and not is_typo:
        for later in _carried_on(said, country):
            TypoLook.objects.get_or_create(
                said=later, country=country, defaults={"is_typo": False, "looked_by": by, "looked_at": look.looked_at}
            )
        if (text := text_of(said)) is not None:
            for freeze in hooks.get_hooks(AFTER_APPROVAL):
                freeze(text)
    return look


def _carried_on(said: SaidMeaning, country: str) -> list[SaidMeaning]:
    """Typos of the same text published on top of ``said``, under the same approval."""
    roots = Approval.objects.filter(carried_over=said, country=country).values("carried_from")
    later = Approval.objects.filter(carried_from__in=roots, country=country, approved_at__gt=said.said_at)
    typos = (one.carried_over for one in later.select_related("carried_over"))
    return [typo for typo in typos if typo is not None and typo != said]
