"""Where a member of staff can do something, now and herself, about what an award still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from certificates.eligibility import Eligibility, Requirement
from programme.scope import Act, Scope


@dataclass(frozen=True)
class NextStep:
    """A page on which she does it, and what stands on the way there."""

    address: str
    words: str


def next_steps(answer: Eligibility, scope: Scope) -> list[NextStep]:
    """For what is unmet in ``answer``: practices to watch, sessions to sign. Nothing after the end of the term.

    For a practice since a day any of those that were watched before will do, so each of them is offered.
    """
    if answer.evidence.standing.is_ended:
        return []
    return list(dict.fromkeys(_steps(answer, scope)))


def _steps(answer: Eligibility, scope: Scope) -> Iterator[NextStep]:
    term = answer.term
    watches, signs = scope.allows(Act.SIGN_PRACTICE, term), scope.allows(Act.SIGN_LOGBOOK, term)
    modules = {entry.module.code: entry for entry in answer.modules}
    for reason in answer.unmet:
        codes: list[str] = []
        if watches and reason.requirement == Requirement.PRACTICE:
            codes = [reason.module_code]
        if watches and reason.requirement == Requirement.FRESH_PRACTICE:
            codes = [code for code, entry in modules.items() if entry.is_practised]
        for code in codes:
            address = reverse("observe", kwargs={"term": term.uuid, "module": modules[code].module.slug})
            yield NextStep(address, _("Watch %(code)s and sign") % {"code": code})
        if signs and reason.requirement == Requirement.LOGBOOK:
            yield NextStep(reverse("logbook-signing", kwargs={"term": term.uuid}), _("Her logbook: look and sign"))
