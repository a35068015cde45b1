"""Who has used her last try and waits for a talk. Only reads; says no mark and no answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, OuterRef, Prefetch, Q, QuerySet

from assessments.models import Attempt, Quiz, TalkHeld
from assessments.tries import talks_of
from people.models import User
from programme.models import Placement, Term
from programme.scope import Act, Scope


@dataclass(frozen=True)
class Waiting:
    """One woman who waits for a talk about one quiz. ``module``: its code; ``last_at``: when she sat the last try."""

    term: Term
    who: str
    quiz: int
    module: str
    last_at: datetime


def waiting_for_a_talk(scope: Scope, *, term: Term | None = None) -> list[Waiting]:
    """Women with whom this reader may talk, who have used all tries of a quiz and not passed; longest first.

    Two queries, or four where somebody waits. A term that is over waits for nothing.
    """
    terms = scope.terms(Act.RECORD_TALK).exclude(ended_on__lt=scope.on)
    if term is not None:
        terms = terms.filter(pk=term.pk)
    is_passed = Q(critical_missed=0, points_earned__gte=F("points_needed"))
    rows = list(
        Attempt.objects.counted()
        .filter(term__in=terms.values("pk"))
        .order_by()
        .values("term", "quiz_version__quiz", "quiz_version__quiz__module__code")
        .annotate(
            tries=Count("pk"),
            passed=Count("pk", filter=is_passed),
            last_at=Max("happened_at"),
            allowed=F("term__pathway_version__certifying_tries")
            + talks_of(OuterRef("term"), OuterRef("quiz_version__quiz")),
        )
        .filter(passed=0, tries__gte=F("allowed"))
        .order_by("last_at", "term", "quiz_version__quiz")
    )
    if not rows:
        return []
    places = Prefetch("placements", Placement.objects.select_related("facility"))
    of_row = Term.objects.filter(pk__in=[row["term"] for row in rows]).select_related("learner")
    found = {each.pk: each for each in of_row.prefetch_related(places)}
    return [
        Waiting(
            term=found[row["term"]],
            who=_who(found[row["term"]]),
            quiz=row["quiz_version__quiz"],
            module=row["quiz_version__quiz__module__code"],
            last_at=row["last_at"],
        )
        for row in rows
    ]


def _who(term: Term) -> str:
    """As on a sheet of her cohort: whoever talks with her knows what she is called."""
    return f"{term.learner.display_name} ({term.learner.alias})"


def talks_of_person(user: User) -> QuerySet[TalkHeld]:
    """The talks that were held with ``user``, in any term."""
    return TalkHeld.objects.filter(term__learner=user)


def quiz_of(module: str, curriculum: str) -> Quiz | None:
    """The quiz of a module, by the code in an address. One query."""
    quizzes = Quiz.objects.filter(module__code=module.upper(), module__strand__curriculum=curriculum)
    return quizzes.select_related("module").first()
