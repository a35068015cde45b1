"""Her certificates as her phone keeps them: without the file, which needs the network."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from certificates.cards import cards_of
from offline import pages
from programme.scope import current_study


def own_page(owner: Any) -> dict[str, str]:
    """``certificates``. Four queries."""
    study = current_study(owner)
    today = study.today if study else timezone.now().date()
    return {"certificates": pages.draw("certificates/my_certificates.html", {"cards": cards_of(owner, today)})}
