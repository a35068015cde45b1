"""How the stage is set: the programme, the staff, and every woman with her evidence, told from one day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password

import certificates.actions
import programme.actions
from append_only import lifted
from assessments import grading
from assessments.actions.observing import observation_payload
from assessments.actions.sitting import attempt_payload
from assessments.models import (
    Attempt,
    AttemptAnswers,
    ChecklistText,
    Observation,
    ObservationComment,
    Quiz,
    QuizText,
    TalkHeld,
    Ticket,
)
from assessments.sheets import asked_of
from certificates.models import (
    Award,
    AwardSignOff,
    Certificate,
    CertificateEvent,
    CertificateFile,
    CertificateProposal,
    IssueBatch,
)
from curriculum.models import Article, Module
from demonstration import awards, cast
from offline.models import Given, KeepingPhone, Receipt, RefusedEntry
from people.models import AccessEntry, Consent, ConsentPart, Invitation, SigningPin, User
from programme.models import (
    Clock,
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
from programme.models.evidence import payload_hash
from programme.scope import RIGHTS, Act
from progress.actions import attendance_payload, study_payload
from progress.attendance import USUAL_HOURS
from progress.models import Attendance, Half, LessonStudy, LogbookEntry, LogbookSignature, UpdateAnswer

BEGINNING = date(2020, 1, 1)
MODULE_DAY = {"P2": 2, "S1": 4, "M4": 6, "D1": 8, "A1": 5, "A2": 12, "A3": 19}
PRACTICE_DAY = {"P2": 5, "S1": 9, "M4": 40, "D1": 55, "A1": 10, "A2": 17, "A3": 24}
"""On which day of a term the women on stage did a thing: early enough for every certificate."""

EVIDENCE = (
    "progress_lessonstudy",
    "progress_updateanswer",
    "progress_attendance",
    "progress_logbookentry",
    "progress_logbooksignature",
    "assessments_talkheld",
    "assessments_attempt",
    "assessments_attemptanswers",
    "assessments_observation",
    "assessments_observationcomment",
    "assessments_ticket",
    "certificates_certificateevent",
    "certificates_certificatefile",
    "certificates_awardsignoff",
    "people_consent",
    "people_accessentry",
    "programme_extension",
)


def strike() -> None:
    """Remove every term with what hangs on it; the cast keep their accounts, visitors' accounts go."""
    with lifted(*EVIDENCE):
        IssueBatch.objects.all().delete()
        CertificateProposal.objects.all().delete()
        CertificateFile.objects.all().delete()
        CertificateEvent.objects.all().delete()
        AwardSignOff.objects.all().delete()
        while Certificate.objects.exists():
            # The newest first: each names the one before it.
            Certificate.objects.filter(replaced_by=None).delete()
        for model in (
            LessonStudy,
            UpdateAnswer,
            Attendance,
            LogbookSignature,
            LogbookEntry,
            TalkHeld,
            Attempt,
            AttemptAnswers,
            Observation,
            ObservationComment,
            Ticket,
            Receipt,
            RefusedEntry,
            Extension,
            Leave,
            Placement,
            Pairing,
            Term,
            Cohort,
            Consent,
            AccessEntry,
            Invitation,
            SigningPin,
            RoleAssignment,
            Given,
            KeepingPhone,
        ):
            model.objects.all().delete()
        stage_names = [part.alias for part in [*cast.LEADING_PARTS, *cast.further_parts()]]
        stage_names += [member.alias for member in [*cast.STAFF, *cast.SECOND_STAFF]]
        stage_names += [part.alias for part in cast.SECOND_PARTS]
        User.objects.exclude(alias__in=stage_names).filter(is_superuser=False).update(is_active=False)


def _unit(
    code: str, name: str, level: str, country: str, zone: str, parent: OrganisationUnit | None
) -> OrganisationUnit:
    unit, created = OrganisationUnit.objects.get_or_create(
        short_code=code, defaults={"name": name, "level": level, "country": country, "time_zone": zone}
    )
    if created and parent:
        UnitParent.objects.create(unit=unit, parent=parent, from_on=BEGINNING)
    return unit


def stage_programme() -> None:
    root = _unit("ROOT", "Family Learning Programme", "root", "", "Africa/Nairobi", None)
    for site in cast.SITES:
        zone = site.time_zone
        country = _unit(site.country, cast.COUNTRY_NAMES[site.country], "country", site.country, zone, root)
        region = _unit(
            f"{site.country}-R-{site.region[:5]}".upper()[:12], site.region, "region", site.country, zone, country
        )
        district = _unit(
            f"{site.country}-D-{site.district.replace(' ', '')[:7]}".upper()[:12],
            site.district,
            "district",
            site.country,
            zone,
            region,
        )
        _unit(site.code, site.name, "facility", site.country, zone, district)
    programme_, _created = Programme.objects.get_or_create(
        code="family-learning",
        defaults={
            "name": "Family Learning Programme",
            "issuing_name": "Family Learning Programme",
            "issuing_short_name": "FLP",
            "peer_title": "Mentor Mother",
            "root_unit": root,
            "level_names": {"region": "county", "district": "sub-county", "facility": "site"},
            "complaint_contact": {
                "en": "Naledi, privacy officer of the demonstration. She does not work for your supervisor.",
                "sw": "Naledi, afisa wa faragha wa onyesho hili. Hafanyi kazi chini ya msimamizi wako.",
            },
            "signatories": [
                {"name": "Lerato M.", "title": {"en": "Programme manager", "sw": "Meneja wa mpango"}},
                {"name": "Gathoni K.", "title": {"en": "Trainer", "sw": "Mkufunzi"}},
            ],
        },
    )
    for code, milestones in (("mentor", awards.PATHWAY), ("trainer", awards.TRAINER_PATHWAY)):
        _pathway(programme_, code, milestones)
    for award in awards.AWARDS:
        # Also in a demonstration that an earlier release made.
        Award.objects.update_or_create(programme=programme_, code=award["code"], defaults=award)


def _pathway(programme_: Programme, code: str, milestones: Sequence[tuple[str, str, int, str]]) -> None:
    pathway, _created = Pathway.objects.get_or_create(programme=programme_, code=code)
    version, created = PathwayVersion.objects.get_or_create(pathway=pathway, number=1)
    if created:
        modules = {module.code: module for module in Module.objects.all()}
        Milestone.objects.bulk_create(
            Milestone(version=version, order=order, kind=kind, module=modules[module], due_day=day, gate=gate)
            for order, (kind, module, day, gate) in enumerate(milestones, start=1)
        )


class Secrets:
    """The two secrets that everybody on stage shares and everybody may read, each hashed once.

    A hash takes as long as a page; fifty of them would be most of the time of starting over.
    """

    def __init__(self) -> None:
        self.hashes: dict[str, str] = {}
        self.known: dict[tuple[str, str], bool] = {}

    def give(self, user: User, secret: str) -> None:
        """Let ``user`` sign in with ``secret``; whoever already can is left alone, with her sessions."""
        if not self._opens(user, secret):
            user.password = self.hashes.get(secret) or make_password(secret)
        self.hashes[secret] = user.password
        self.known[user.password, secret] = True

    def hash_of(self, secret: str) -> str:
        """The one hash of ``secret`` that everybody shares."""
        if secret not in self.hashes:
            self.hashes[secret] = make_password(secret)
        return self.hashes[secret]

    def _opens(self, user: User, secret: str) -> bool:
        if not user.has_usable_password():
            return False
        key = user.password, secret
        if key not in self.known:
            self.known[key] = check_password(secret, user.password)
        return self.known[key]


def _user(alias: str, name: str, languages: tuple[str, ...], secret: str, kind: str, secrets: Secrets) -> User:
    user, _created = User.objects.get_or_create(alias=alias, defaults={"display_name": name})
    user.display_name, user.languages, user.secret_kind = name, list(languages), kind
    user.is_active, user.text_size = True, 0
    secrets.give(user, secret)
    user.save()
    return user


@dataclass(frozen=True)
class Staff:
    """Who signs and issues on stage, by site and by country."""

    supervisors: dict[str, User]
    coordinators: dict[str, User]


def stage_staff(today: date, secrets: Secrets, members: Sequence[cast.StaffPart] = cast.STAFF) -> Staff:
    units = {unit.short_code: unit for unit in OrganisationUnit.objects.all()}
    units = {unit.name: unit for unit in units.values()} | units | {"root": units["ROOT"]}
    supervisors: dict[str, User] = {}
    coordinators: dict[str, User] = {}
    chosen_at = datetime.combine(BEGINNING, time(), UTC)
    for member in members:
        user = _user(member.alias, member.name, member.languages, cast.PASSWORD, User.SecretKind.PASSWORD, secrets)
        if any(Act.SIGN_PRACTICE in RIGHTS.get(role, ()) for role, _unit in member.roles):
            SigningPin.objects.create(user=user, pin_hash=secrets.hash_of(cast.SIGNING_PIN), chosen_at=chosen_at)
        for role, unit in member.roles:
            RoleAssignment.objects.create(
                user=user, role=role, unit=units[unit], language=member.role_language, from_on=BEGINNING
            )
            if role == "supervisor":
                supervisors[unit] = user
            if role == "coordinator":
                coordinators[unit] = user
        programme.actions.follow_roles(user, today)
    return Staff(supervisors, coordinators)


class Texts:
    """The published texts that evidence names, looked up once."""

    def __init__(self) -> None:
        self.lessons: dict[tuple[str, str], list[Article]] = {}
        for article in Article.objects.filter(kind=Article.Kind.LESSON).select_related("module", "lesson"):
            self.lessons.setdefault((article.country, article.module.code), []).append(article)
        self.quizzes = {
            (text.country, text.language, text.version.quiz.module.code): text
            for text in QuizText.objects.order_by("version__number", "edition").select_related("version__quiz__module")
        }
        self.checklists = {
            (text.country, text.language, text.version.module.code): text
            for text in ChecklistText.objects.order_by("version__number", "edition").select_related("version__module")
        }
        self.modules = {module.code: module for module in Module.objects.all()}
        self.quiz_of = {quiz.module.code: quiz for quiz in Quiz.objects.select_related("module")}


def stage_part(part: cast.Part, today: date, staff: Staff, texts: Texts, secrets: Secrets) -> None:
    user = _user(part.alias, part.name, part.languages, cast.PIN, User.SecretKind.PIN, secrets)
    site = OrganisationUnit.objects.get(short_code=part.site)
    versions = PathwayVersion.objects.select_related("pathway__programme").filter(pathway__code=part.pathway)
    version = versions.latest("number")
    taken = 0
    if part.leave:
        taken = max(0, min(0, part.leave[1]) - part.leave[0] + 1)
    start_on = today - timedelta(days=part.day - 1 + taken)
    ended_on = today - timedelta(days=part.ended[0]) if part.ended else None
    planned = start_on + timedelta(days=365)
    planned_now = None if part.is_open_ended else planned + timedelta(days=part.extended_days)
    term = Term.objects.create(
        learner=user,
        programme=version.pathway.programme,
        pathway_version=version,
        cohort=_cohort(version.pathway.programme, site, start_on),
        start_on=start_on,
        planned_end_on=planned_now,
        ended_on=ended_on,
        end_class=part.ended[1] if part.ended else "",
    )
    if part.extended_days and planned_now:
        Extension.objects.create(
            term=term,
            old_end_on=planned,
            new_end_on=planned_now,
            decided_on=min(today, planned - timedelta(days=20)),
            decided_by=staff.coordinators[site.country],
        )
    if part.moved_from:
        old = OrganisationUnit.objects.get(short_code=part.moved_from[0])
        moved_on = today - timedelta(days=part.moved_from[1])
        Placement.objects.create(term=term, facility=old, from_on=start_on, to_on=moved_on - timedelta(days=1))
        Placement.objects.create(term=term, facility=site, from_on=moved_on)
    else:
        Placement.objects.create(term=term, facility=site, from_on=start_on, to_on=ended_on)
    if part.leave:
        Leave.objects.create(
            term=term, from_on=today + timedelta(days=part.leave[0]), to_on=today + timedelta(days=part.leave[1])
        )
    if part.has_consented:
        Consent.objects.bulk_create(
            Consent(user=user, part=p, is_given=p == 1, wording_version=1, language=part.languages[0])
            for p in ConsentPart
        )
    _stage_evidence(part, term, site.country, staff.supervisors[part.site], texts)
    _stage_attendance(part, term, today, staff.coordinators[site.country])
    for award, days_ago, fate in part.certificates:
        _stage_certificate(term, award, today - timedelta(days=days_ago), fate, part, staff, site.country)


def _cohort(programme_: Programme, site: OrganisationUnit, start_on: date) -> Cohort:
    cohort, _created = Cohort.objects.get_or_create(
        programme=programme_,
        code=f"{site.country.lower()}-{start_on:%Y-%m}",
        defaults={"unit": programme_.root_unit, "start_on": start_on.replace(day=1)},
    )
    return cohort


def _moment(day: date) -> Clock:
    at = datetime.combine(day, time(9, 30), tzinfo=datetime.now().astimezone().tzinfo)
    return Clock(acted_at=at, sent_at=at, received_at=at)


def _stage_evidence(part: cast.Part, term: Term, country: str, observer: User, texts: Texts) -> None:
    language = part.languages[0]
    studies, sheets, attempts, observations, comments = [], [], [], [], []

    def common(day: int, content_hash: str, payload: Any) -> dict[str, Any]:
        return {
            "term": term,
            "client_uuid": uuid.uuid4(),
            "language": language,
            "country": country,
            "content_hash": content_hash,
            "payload_hash": payload_hash(payload),
            **_moment(term.start_on + timedelta(days=day - 1)).as_fields(),
        }

    for code in dict.fromkeys([*part.quizzes, *part.lessons]):
        for article in texts.lessons.get((country, code), []):
            if article.language == language and article.lesson is not None:
                payload = study_payload(
                    lesson=article.lesson, language=language, country=country, content_hash=article.content_hash
                )
                studies.append(
                    LessonStudy(lesson=article.lesson, **common(MODULE_DAY[code], article.content_hash, payload))
                )
    LessonStudy.objects.bulk_create(studies)

    for code in part.quizzes:
        text = texts.quizzes[country, language, code]
        asked = asked_of(text, "certifying")
        items = [item for item in text.version.structure["items"] if item["question"] in asked]
        answers = {item["question"]: grading.right_answer(grading.keyed(item, text.keys)) for item in items}
        result = grading.mark(text.version.structure, answers, asked, text.keys)
        moment = _moment(term.start_on + timedelta(days=MODULE_DAY[code]))
        ticket = Ticket.objects.create(
            term=term,
            quiz=texts.quiz_of[code],
            version=text.version,
            ordinal=1,
            items=[item["question"] for item in items],
            seed=1,
            expires_at=moment.received_at + timedelta(days=30),
        )
        fields = common(MODULE_DAY[code] + 1, text.content_hash, attempt_payload(ticket, text, answers))
        attempts.append(
            Attempt(
                quiz_version=text.version,
                ticket=ticket,
                counts=True,
                points_needed=grading.points_needed(result.possible, term.pathway_version.pass_mark_percent),
                **result.as_fields(),
                **fields,
            )
        )
        sheets.append(AttemptAnswers(term=term, client_uuid=fields["client_uuid"], answers=answers))
    Attempt.objects.bulk_create(attempts)
    AttemptAnswers.objects.bulk_create(sheets)

    again = [(part.practised_again[0], part.day - part.practised_again[1])] if part.practised_again else []
    for code, day in [*((code, PRACTICE_DAY[code]) for code in part.practices), *again]:
        checklist = texts.checklists[country, language, code]
        steps = {step["id"]: "done_well" for step in checklist.version.structure["steps"]}
        lines = {"went_well": cast.WENT_WELL[language], "next_step": cast.NEXT_STEP[language]}
        seen = observation_payload(checklist, Observation.Setting.REAL_SESSION.value, steps, **lines)
        fields = common(day, checklist.content_hash, seen | {"observer": str(observer.uuid)})
        observations.append(
            Observation(
                module=texts.modules[code],
                checklist_version=checklist.version,
                observer=observer,
                observer_role="supervisor",
                unit=term.placements.all()[0].facility,
                setting=Observation.Setting.REAL_SESSION,
                steps=steps,
                is_signed_off=True,
                **fields,
            )
        )
        comments.append(
            ObservationComment(
                term=term,
                client_uuid=fields["client_uuid"],
                **lines,
            )
        )
    Observation.objects.bulk_create(observations)
    ObservationComment.objects.bulk_create(comments)


def _stage_attendance(part: cast.Part, term: Term, today: date, taken_by: User) -> None:
    """The half-days of a refresher at which she was, with those whom she started with."""
    for days_ago in part.attended:
        day = today - timedelta(days=days_ago)
        said: dict[str, Any] = {
            "cohort": term.cohort,
            "held_on": day,
            "half": Half.MORNING,
            "hours": USUAL_HOURS,
            "was_there": True,
            "taken_by": taken_by,
        }
        Attendance.objects.create(
            term=term,
            client_uuid=uuid.uuid4(),
            payload_hash=payload_hash(attendance_payload(**said)),
            taken_as="coordinator",
            **said,
            **_moment(day).as_fields(),
        )


def _stage_certificate(term: Term, code: str, on: date, fate: str, part: cast.Part, staff: Staff, country: str) -> None:
    award = Award.objects.get(programme=term.programme, code=code)
    supervisor, coordinator = staff.supervisors[part.site], staff.coordinators[country]
    term = Term.objects.prefetch_related("leaves", "placements").get(pk=term.pk)
    certificates.actions.sign_off(term=term, award=award, signed_by=supervisor, on=on)
    certificate = certificates.actions.issue_certificate(term=term, award=award, issued_by=coordinator, on=on)
    if fate == "suspended":
        certificates.actions.suspend(certificate=certificate, by=coordinator, on=on + timedelta(days=100))
    if fate == "replaced":
        certificates.actions.replace(certificate=certificate, by=coordinator, on=on + timedelta(days=60))
