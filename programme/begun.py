"""In which languages there is something to read where somebody works; for the lists to choose from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from curriculum.begun import begun_in
from programme.scope import current_study


def begun_for(user: Any) -> Collection[str]:
    """Those of her country for a learner, of all countries for staff and for who has not signed in."""
    study = current_study(user) if user is not None and user.is_authenticated else None
    return begun_in(study.country if study else "")
