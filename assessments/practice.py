"""Observed practice as it is read, by her and by the one who observed. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from assessments.models import ChecklistText, Observation, ObservationComment
from curriculum.models import Module
from programme.models import Term


@dataclass(frozen=True)
class Step:
    """A step of a checklist; ``outcome`` is empty before it was observed."""

    id: str
    text: str
    is_safety: bool
    outcome: str = ""

    @property
    def name(self) -> str:
        """The name of its form field."""
        return f"step-{self.id}"

    @property
    def outcome_label(self) -> str:
        return str(Observation.Outcome(self.outcome).label) if self.outcome else ""


@dataclass(frozen=True)
class Seen:
    """One observation with its steps in the reader's language and the two lines, if they are still kept."""

    observation: Observation
    language: str
    steps: list[Step]
    comment: ObservationComment | None

    @property
    def missing_safety(self) -> list[Step]:
        """The safety steps that were not done: what keeps it from being signed off."""
        return [step for step in self.steps if step.is_safety and step.outcome == Observation.Outcome.NOT_DONE]

    @property
    def verdict(self) -> str:
        """In one line: signed off, or not yet and which safety steps were missing."""
        if self.observation.is_signed_off:
            return _("Signed off")
        steps = ", ".join(step.text for step in self.missing_safety)
        # Translators: an observed practice is not signed off yet, because of these safety steps.
        return _("Not yet: %(steps)s") % {"steps": steps} if steps else _("Not yet")


def checklist_text(
    module: str, languages: Sequence[str], country: str, curriculum: str = "", release: int = 0
) -> ChecklistText | None:
    """The checklist of a module (by its slug) in the best of ``languages``, on ``release`` or published. One query."""
    texts = ChecklistText.objects.read_on(release).in_best_language(languages, country)
    texts = texts.filter(version__module__strand__curriculum=curriculum)
    return texts.filter(version__module__code=module.upper()).select_related("version__module").first()


def steps_of(text: ChecklistText, outcomes: dict[str, str] | None = None) -> list[Step]:
    """The steps of ``text`` in order, with ``outcomes`` where they were observed."""
    return [
        Step(step["id"], text.content[step["id"]], step["is_safety"], (outcomes or {}).get(step["id"], ""))
        for step in text.version.structure["steps"]
    ]


def observations_of(term: Term, module: Module, languages: Sequence[str]) -> list[Seen]:
    """Every observation of ``module`` in ``term``, the latest first. Three queries."""
    return _read(term, Observation.objects.filter(term=term, module=module), languages)


def last_observations_of(term: Term, languages: Sequence[str]) -> list[Seen]:
    """The last observation of each module in ``term``, the latest first. Three queries, or one without any.

    One whose words are not here is left out: it must not keep the rest of her state from her phone.
    """
    same = Observation.objects.filter(term=term, module=OuterRef("module")).order_by("-happened_at", "-pk")
    return _read(term, Observation.objects.filter(term=term, pk=Subquery(same.values("pk")[:1])), languages)


def _read(term: Term, found: QuerySet[Observation], languages: Sequence[str]) -> list[Seen]:
    observations = list(found.select_related("unit", "module").order_by("-happened_at", "-pk"))
    if not observations:
        return []
    comments = {
        comment.client_uuid: comment
        for comment in ObservationComment.objects.filter(
            term=term, client_uuid__in=[observation.client_uuid for observation in observations]
        )
    }
    texts: dict[tuple[int, str], list[ChecklistText]] = {}
    versions = {observation.checklist_version_id for observation in observations}
    for text in ChecklistText.objects.filter(version__in=versions).order_by("-edition").select_related("version"):
        texts.setdefault((text.version_id, text.country), []).append(text)
    seen = []
    for observation in observations:
        # One observed elsewhere keeps the words of its own country.
        choices = texts.get((observation.checklist_version_id, observation.country))
        if not choices:
            continue
        text = next(
            (text for code in languages for text in choices if text.language == code),
            choices[0],
        )
        steps = steps_of(text, observation.steps)
        seen.append(Seen(observation, text.language, steps, comments.get(observation.client_uuid)))
    return seen
