"""What goes along: every kind of row, in an order in which each finds those that it points at.

``known_by``: the fields by which a row is the same one there. Where it is there already, it must agree in
``agrees_in``; where it is not, it is made. ``is_hers``: it belongs to a term and may not be there in any form.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from assessments.models import (
    Attempt,
    AttemptAnswers,
    ChecklistText,
    ChecklistVersion,
    Observation,
    ObservationComment,
    Quiz,
    QuizText,
    QuizVersion,
    TalkHeld,
    Ticket,
)
from certificates.models import (
    Award,
    AwardSignOff,
    Certificate,
    CertificateEvent,
    CertificateFile,
    CertificateProposal,
    IssuerKey,
)
from curriculum.models import (
    Country,
    Fact,
    FactChange,
    FactUpdate,
    FactUpdateText,
    FactValue,
    Lesson,
    Module,
    Strand,
)
from offline.models import RefusedEntry
from people.models import AccessEntry, Consent, SigningPin, User
from programme.models import (
    Cohort,
    Extension,
    Leave,
    Milestone,
    OrganisationUnit,
    Pairing,
    Pathway,
    PathwayVersion,
    Placement,
    Programme,
    RoleAssignment,
    Term,
    UnitParent,
)
from programme.models.units import Tree
from progress.models import Attendance, LessonStudy, LogbookEntry, LogbookSignature, UpdateAnswer


@dataclass(frozen=True)
class Kind:
    """One kind of row. ``order``: the fields by which rows of it stand in the archive."""

    model: type[models.Model]
    known_by: tuple[str, ...] = ()
    agrees_in: tuple[str, ...] = ()
    is_hers: bool = False
    is_evidence: bool = False
    numbered: str = ""
    """A number that another row may have there: then this one takes the next."""

    @property
    def label(self) -> str:
        return self.model._meta.label  # noqa: SLF001 -- Django documents it for this


KINDS: tuple[Kind, ...] = (
    # What she learned from: identities and frozen texts. The pages come with the pack; evidence needs only these.
    Kind(Country, ("code",)),
    Kind(Strand, ("code",), ("curriculum",)),
    Kind(Module, ("code",), ("strand",)),
    Kind(Lesson, ("uuid",), ("module",)),
    Kind(Quiz, ("uuid",), ("module",)),
    Kind(QuizVersion, ("quiz", "structure_hash"), ("structure",), numbered="number"),
    Kind(
        QuizText,
        ("version", "language", "country", "content_hash"),
        ("content", "keys", "left_out"),
        numbered="edition",
    ),
    Kind(ChecklistVersion, ("module", "structure_hash"), ("structure",), numbered="number"),
    Kind(ChecklistText, ("version", "language", "country", "content_hash"), ("content",), numbered="edition"),
    Kind(Fact, ("key",), ("curriculum", "kind")),
    Kind(FactValue, ("fact", "country", "valid_from_on", "value", "texts")),
    Kind(FactChange, ("uuid",), ("fact", "country")),
    Kind(FactUpdate, ("uuid",), ("change", "choices")),
    Kind(FactUpdateText, ("update", "language"), ("content_hash",)),
    # Who and where.
    Kind(User, ("uuid",), ("alias_key",)),
    Kind(OrganisationUnit, ("uuid",), ("short_code", "level", "country")),
    Kind(UnitParent, ("unit", "parent", "from_on"), ("to_on",)),
    Kind(Programme, ("code",), ("root_unit", "entry_is_health_data", "curriculum")),
    Kind(Pathway, ("programme", "code")),
    Kind(
        PathwayVersion,
        ("pathway", "number"),
        ("pass_mark_percent", "certifying_tries", "practice_pass_percent", "long_leave_days"),
    ),
    Kind(Milestone, ("version", "order"), ("kind", "module", "due_day", "gate")),
    Kind(IssuerKey, ("fingerprint",), ("programme", "certificate_pem")),
    # Codes on paper name an award by its place.
    Kind(Award, ("programme", "code"), ("gates", "is_record", "order")),
    Kind(Cohort, ("programme", "code"), ("unit", "start_on")),
    Kind(RoleAssignment, ("user", "role", "unit", "language", "from_on"), ("to_on",)),
    # Her own.
    Kind(Term, ("uuid",), is_hers=True),
    Kind(Placement, is_hers=True),
    Kind(Leave, is_hers=True),
    Kind(Extension, is_hers=True),
    Kind(Pairing, is_hers=True),
    Kind(Consent, ("user", "part", "answered_at"), ("is_given",)),
    Kind(SigningPin, ("user", "chosen_at"), ("replaced_at",)),
    Kind(AccessEntry, ("subject", "actor", "kind", "at")),
    Kind(RefusedEntry, ("sent_by", "client_uuid", "kind"), ("payload",)),
    Kind(Ticket, ("uuid",), is_hers=True),
    Kind(TalkHeld, is_hers=True),
    Kind(LessonStudy, is_hers=True, is_evidence=True),
    Kind(UpdateAnswer, is_hers=True, is_evidence=True),
    Kind(Attendance, is_hers=True, is_evidence=True),
    Kind(LogbookEntry, is_hers=True, is_evidence=True),
    Kind(LogbookSignature, is_hers=True),
    Kind(Attempt, is_hers=True, is_evidence=True),
    Kind(AttemptAnswers, is_hers=True),
    Kind(Observation, is_hers=True, is_evidence=True),
    Kind(ObservationComment, is_hers=True),
    Kind(AwardSignOff, is_hers=True),
    Kind(Certificate, ("serial",), is_hers=True),
    Kind(CertificateEvent, is_hers=True),
    Kind(CertificateProposal, is_hers=True),
    Kind(CertificateFile, is_hers=True),
)

LET_GO = frozenset({("curriculum.FactChange", "said"), ("programme.Cohort", "release")})
"""Relations to what stays behind: what the writing desk noted of a change, and a release, which is approved anew."""


@dataclass
class Chosen:
    """The rows that go along, by the label of their kind."""

    programme: Programme
    country: str = ""
    keys: dict[str, set[Any]] = field(default_factory=dict)

    def rows(self, kind: Kind) -> models.QuerySet[Any]:
        """Those of ``kind``, the oldest first."""
        manager = kind.model._default_manager  # noqa: SLF001 -- Django documents it for this
        return manager.filter(pk__in=self.keys.get(kind.label, set())).order_by("pk")


def choose(programme: Programme, country: str, on: date) -> Chosen:
    """What goes along with ``programme``, or with those of its terms whose last place of work is in ``country``."""
    chosen = Chosen(programme, country)
    keys = chosen.keys
    terms = Term.objects.filter(programme=programme)
    if country:
        last = Placement.objects.filter(term=models.OuterRef("pk")).order_by("-from_on", "-pk")
        terms = terms.annotate(last=models.Subquery(last.values("facility__country")[:1])).filter(last=country)
    hers = set(terms.values_list("pk", flat=True))
    _take(keys, Term, hers)
    for kind in KINDS:
        names = {f.name for f in kind.model._meta.local_concrete_fields}  # noqa: SLF001 -- Django documents it for this
        if kind.is_hers and "term" in names:
            _take(keys, kind.model, _pks(kind.model, term__in=hers))
    _take(keys, Pairing, set(Pairing.objects.filter(one__in=hers, other__in=hers).values_list("pk", flat=True)))
    for model in (CertificateEvent, CertificateProposal, CertificateFile):
        _take(keys, model, _pks(model, certificate__term__in=hers))
    units = _units(programme, country, keys, on)
    _take(keys, OrganisationUnit, units)
    _take(
        keys, UnitParent, set(UnitParent.objects.filter(unit__in=units, parent__in=units).values_list("pk", flat=True))
    )
    _take(keys, RoleAssignment, _pks(RoleAssignment, unit__in=units))
    learners = set(Term.objects.filter(pk__in=hers).values_list("learner", flat=True))
    _take(keys, User, learners | set(RoleAssignment.objects.filter(unit__in=units).values_list("user", flat=True)))
    _take(keys, Consent, _pks(Consent, user__in=learners))
    _take(keys, AccessEntry, _pks(AccessEntry, subject__in=learners))
    _take(keys, RefusedEntry, _pks(RefusedEntry, sent_by__in=learners))
    _take(keys, SigningPin, _pks(SigningPin, user__in=keys[User._meta.label]))  # noqa: SLF001 -- as above
    _take(keys, Programme, {programme.pk})
    _take(keys, Pathway, _pks(Pathway, programme=programme))
    _take(keys, PathwayVersion, _pks(PathwayVersion, pathway__programme=programme))
    _take(keys, Milestone, _pks(Milestone, version__pathway__programme=programme))
    _take(keys, IssuerKey, _pks(IssuerKey, programme=programme))
    _take(keys, Award, _pks(Award, programme=programme))
    _take(keys, Cohort, _pks(Cohort, terms__in=hers))
    _take_what_they_point_at(keys)
    _take_words(keys)
    return chosen


def _take(keys: dict[str, set[Any]], model: type[models.Model], found: Collection[Any]) -> None:
    keys.setdefault(model._meta.label, set()).update(found)  # noqa: SLF001 -- Django documents it for this


def _pks(model: type[models.Model], **condition: Any) -> set[Any]:
    return set(model._default_manager.filter(**condition).values_list("pk", flat=True))  # noqa: SLF001 -- as above


def _units(programme: Programme, country: str, keys: dict[str, set[Any]], on: date) -> set[int]:
    """The tree of the programme (or of one country in it) as it stands, and every place of theirs."""
    below = Tree.on(on).below([programme.root_unit_id])
    rows = OrganisationUnit.objects.filter(pk__in=below)
    if country:
        rows = rows.filter(Q(country=country) | Q(pk=programme.root_unit_id))
    units = set(rows.values_list("pk", flat=True))
    units |= set(Placement.objects.filter(pk__in=keys["programme.Placement"]).values_list("facility", flat=True))
    units |= set(Observation.objects.filter(pk__in=keys["assessments.Observation"]).values_list("unit", flat=True))
    units |= set(
        LogbookSignature.objects.filter(pk__in=keys["progress.LogbookSignature"]).values_list("unit", flat=True)
    )
    parents = list(UnitParent.objects.values_list("unit_id", "parent_id"))
    while above := {parent for unit, parent in parents if unit in units} - units:
        units |= above
    return units


def _take_what_they_point_at(keys: dict[str, set[Any]]) -> None:
    """Rows are closed: whoever signed, and whatever was learned from, goes along."""
    kinds = {kind.model: kind for kind in KINDS}
    for kind in (*reversed(KINDS), *reversed(KINDS)):
        pks = keys.get(kind.label)
        if not pks:
            continue
        for relation in kind.model._meta.local_concrete_fields:  # noqa: SLF001 -- Django documents it for this
            if relation.is_relation and relation.related_model in kinds and (kind.label, relation.name) not in LET_GO:
                rows = kind.model._default_manager.filter(pk__in=pks).exclude(**{f"{relation.name}__isnull": True})  # noqa: SLF001
                _take(keys, relation.related_model, set(rows.values_list(relation.attname, flat=True)))  # type: ignore[arg-type]


def _take_words(keys: dict[str, set[Any]]) -> None:
    """The frozen words of every version: evidence names them by their hash."""
    _take(keys, QuizText, _pks(QuizText, version__in=keys.get("assessments.QuizVersion", set())))
    _take(keys, ChecklistText, _pks(ChecklistText, version__in=keys.get("assessments.ChecklistVersion", set())))
    _take(keys, FactUpdateText, _pks(FactUpdateText, update__in=keys.get("curriculum.FactUpdate", set())))
    countries = OrganisationUnit.objects.filter(pk__in=keys["programme.OrganisationUnit"]).exclude(country="")
    _take(keys, Country, set(Country.objects.filter(pk__in=countries.values("country")).values_list("pk", flat=True)))
