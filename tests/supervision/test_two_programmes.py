"""Two programmes in one installation: whoever works for one cannot tell that there is another.

Walked as somebody would who looks for it: every address there is, with the numbers and names of the other's things in
it, as everybody that a programme employs; whatever comes back is searched for words of the other.
"""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, TestCase, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page, Revision

from assessments.models import Question, QuestionSnippet
from certificates.setting_up import set_up_programme
from curriculum.actions import export_pack, import_pack
from curriculum.models import Fact, FactValue, GlossaryEntry, KeptPack, LessonPage, Module, ModulePage, StrandPage
from people.models import Invitation, User
from programme import own
from programme.actions import follow_roles
from programme.models import OrganisationUnit, PathwayVersion, Programme, Role, Term
from tests.curriculum.pack import write_pack
from tests.factories import (
    TODAY,
    give_consent,
    make_country,
    make_pathway_version,
    make_programme,
    make_staff,
    make_term,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db

HERE = "jirani.localhost"
HOSTS = ["testserver", ".localhost"]
AGEWELL = Path(__file__).resolve().parents[2] / "packs" / "agewell"
WORKS_AT_THE_DESK = (Role.TRAINER, Role.TRANSLATOR, Role.REVIEWER)
BREAKS = ("/admin/failwhale/",)
TRIED = (Role.TRAINER, Role.REVIEWER, Role.COORDINATOR, Role.SUPERVISOR, Role.PRIVACY_OFFICER)
"""Who reaches most; the others reach parts of it."""

MOST_ADDRESSES = 450

PARAMETER = re.compile(r"\(\?P<(\w+)>")


@dataclass
class Side:
    """One programme: who works for it, what it owns, and words that only it has."""

    programme: Programme
    host: str
    staff: dict[str, User] = field(default_factory=dict)
    learner: User | None = None
    term: Term | None = None
    words: set[str] = field(default_factory=set)
    values: dict[str, list[Any]] = field(default_factory=dict)


def employ(programme: Programme, facility: OrganisationUnit, name: str) -> dict[str, User]:
    people = {}
    for role in Role.values:
        if role == Role.LEARNER:
            continue
        unit = facility if role in (Role.SUPERVISOR, Role.NURSE) else programme.root_unit
        if role == Role.REVIEWER:
            unit = facility
        person = make_staff(unit, role, name=f"{name}{role.title().replace('_', '')}")
        if role == Role.TRANSLATOR:
            person.role_assignments.update(language="sw")
        give_consent(person)
        follow_roles(person, TODAY)
        people[role] = person
    return people


def things_of(curriculum: str, term: Term, staff: dict[str, User]) -> tuple[dict[str, list[Any]], set[str]]:
    """``{parameter of an address: values}`` that lead to things of a curriculum, and the words that tell of it."""
    modules = list(Module.objects.filter(strand__curriculum=curriculum))
    codes = [module.code for module in modules]
    pages = [
        *ModulePage.objects.filter(module__in=modules),
        *LessonPage.objects.filter(lesson__module__in=modules),
        *StrandPage.objects.filter(strand__curriculum=curriculum),
    ]
    page_numbers = [page.pk for page in pages] + [page.get_parent().get_parent().pk for page in pages[:1]]
    questions = list(QuestionSnippet.objects.filter(question__module__in=modules))
    facts = list(Fact.objects.filter(curriculum=curriculum))
    values = list(FactValue.objects.filter(fact__in=facts))
    entries = list(GlossaryEntry.objects.filter(curriculum=curriculum))
    slugs = [module.slug for module in modules]
    images = [image.pk for image in get_image_model().objects.all() if image.title.split("-")[0] in slugs]
    revisions = [page.latest_revision_id for page in pages if page.latest_revision_id]
    packs = list(KeptPack.objects.filter(curriculum=curriculum))
    found: dict[str, list[Any]] = {
        "page_id": page_numbers[:6],
        "parent_page_id": page_numbers[:3],
        "page_to_move_id": page_numbers[:2],
        "pk": [row.pk for rows in (questions, entries, facts, values) for row in rows[:2]] + page_numbers[:2],
        "revision_id": revisions[:3],
        "image_id": images[:2],
        "module": slugs[:1] + codes[:1],
        "lesson": ["l1"],
        "code": [*(pack.code for pack in packs), *slugs[:1]],
        "folder": slugs[:1],
        "key": [fact.key for fact in facts[:2]] + [f"{slugs[0]}/l1", slugs[0]],
        "country": ["KE", "ZA"],
        "language": ["en", "sw"],
        "term": [str(term.uuid)],
        "person": [str(term.learner.uuid)],
        "award": ["course", "walk", "induction"],
        "account": ["visitor", "learner"],
        "app_label": ["curriculum", "assessments", "wagtailcore"],
        "model_name": ["fact", "factvalue", "glossaryentry", "questionsnippet", "lessonpage", "page"],
        "mark": [each.mark for each in own.known()],
        "slug": slugs[:1],
    }
    words = {page.title for page in pages} | {question.stem for question in questions} | {fact.key for fact in facts}
    words |= {Question.objects.get(pk=question.question_id).code for question in questions[:5]}
    words |= {term.learner.alias, term.learner.display_name, term.programme.name, term.programme.issuing_name}
    words |= {person.display_name for person in staff.values()} | {person.alias for person in staff.values()}
    words |= {row.fact.statement for row in values} | {entry.key for entry in entries}
    for unit in OrganisationUnit.objects.filter(pk__in=[p.facility_id for p in term.placements.all()]):
        words |= {unit.name, unit.short_code}
    return found, {word for word in words if len(word) > 3}


@pytest.fixture(scope="module")
def stage(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[tuple[Side, Side], Path]]:
    """Both programmes, made once in a transaction that each test begins inside and leaves as it was."""
    folder = tmp_path_factory.mktemp("two")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=str(folder / "media"), ALLOWED_HOSTS=HOSTS):
            sides = _two(folder)
        yield sides, folder / "media"
        transaction.set_rollback(True)


@pytest.fixture
def two(stage: tuple[tuple[Side, Side], Path], db: None, settings: Any) -> tuple[Side, Side]:
    sides, media = stage
    settings.ALLOWED_HOSTS, settings.MEDIA_ROOT = HOSTS, str(media)
    cache.clear()
    own.learn()
    return copy.deepcopy(sides)


def _two(tmp_path: Path) -> tuple[Side, Side]:
    make_country("KE")
    import_pack(write_pack(tmp_path))
    root = make_unit(level="root", country="", name="Mwamba Programme")
    first_ = make_programme(root=root, name="Mwamba", issuing_name="Mwamba Learning")
    facility = make_unit(parent=root, name="Mlimani Centre")
    version = make_pathway_version(programme=first_, milestones=(("module", Module.objects.get(code="X1"), 5, "g"),))
    woman = make_user(name="Kemunto", pin="204060")
    term = make_term(pathway_version=version, facility=facility, learner=woman)
    first = Side(first_, "testserver", employ(first_, facility, "Nyumba"), woman, term)

    with TestCase.captureOnCommitCallbacks(execute=True):
        second_ = set_up_programme(AGEWELL).programme
    team = OrganisationUnit.objects.get(short_code="GC-11")
    team.parents.update(from_on=TODAY - timedelta(days=900))
    OrganisationUnit.objects.get(short_code="GC-WC").parents.update(from_on=TODAY - timedelta(days=900))
    OrganisationUnit.objects.get(short_code="GC-ZA").parents.update(from_on=TODAY - timedelta(days=900))
    visitor = make_user(name="Thandiwe", pin="204060")
    other = make_term(
        pathway_version=PathwayVersion.objects.get(pathway__programme=second_), facility=team, learner=visitor
    )
    second = Side(second_, HERE, employ(second_, team, "Rooibos"), visitor, other)
    for person in (woman, visitor):
        give_consent(person)
    for side in (first, second):
        side.values, side.words = things_of(side.programme.curriculum, side.term, side.staff)  # type: ignore[arg-type]
    # What both say says nothing of either.
    told = " ".join(path.read_text() for path in (tmp_path / "small").rglob("*.*") if path.suffix in (".md", ".gift"))
    shared = first.words & second.words | {word for word in second.words if word in told}
    first.words -= shared
    second.words -= shared
    return first, second


def addresses(values: dict[str, list[Any]]) -> Iterator[str]:
    """Every registered address, its parameters filled from ``values``."""
    for pattern, names in _patterns(get_resolver(), "", ()):
        wanted = list(names)
        if any(name not in values for name in wanted):
            continue
        longest = max((len(values[name]) for name in wanted), default=1)
        for place in range(longest):
            filled = pattern
            for name in wanted:
                chosen = values[name][min(place, len(values[name]) - 1)] if values[name] else ""
                filled = filled.replace(f"<<{name}>>", str(chosen), 1)
            yield "/" + filled


def _patterns(node: Any, before: str, names: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in node.url_patterns:
        route, own_names = _plain(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, before + route, names + own_names)
        elif isinstance(entry, URLPattern):
            yield before + route, names + own_names


def _plain(pattern: Any) -> tuple[str, tuple[str, ...]]:
    if hasattr(pattern, "_route"):
        route = str(pattern._route)
        names = tuple(re.findall(r"<(?:\w+:)?(\w+)>", route))
        return re.sub(r"<(?:\w+:)?(\w+)>", r"<<\1>>", route), names
    if not hasattr(pattern, "_regex"):
        return "en/", ()  # the language
    route = str(pattern._regex)
    names = tuple(PARAMETER.findall(route))
    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<<\1>>", route)
    route = re.sub(r"\(\?:.*?\)\??|[\^$?]|\\Z", "", route).replace("\\.", ".").replace("\\-", "-")
    return route, names


def leaks(client: Client, side: Side, of: Side) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    waiting = [*addresses(of.values), *addresses(side.values)]
    for alias in (of.term.learner.alias,):  # type: ignore[union-attr]
        waiting += [f"/en/roster/?q={alias}", f"/en/people/?q={alias}", f"/en/people/phones/?q={alias}"]
    waiting += [f"/admin/pages/search/?q={word}" for word in ("a", "the", "visit", "lesson")]
    waiting += ["/admin/images/?q=a", "/admin/pages/", "/en/roster/", "/en/people/", "/en/people/new/"]
    while waiting and len(seen) < MOST_ADDRESSES:
        address = waiting.pop(0)
        if address in seen or "sign-out" in address or "/exit/" in address or "/lock/" in address:
            continue
        seen.add(address)
        if address in BREAKS:
            continue
        try:
            response = client.get(address, headers={"host": side.host})
        except Exception as problem:
            if any(word in str(problem) for word in of.words):
                yield address, f"broke and named it: {problem}"
            continue
        if response.streaming or response.status_code in (301, 302):
            continue
        text = response.content.decode(errors="replace")
        # What was asked for stands in the answer, in an address or a field: that was known before.
        for word in of.words:
            if word in text and word not in address:
                place = text.index(word)
                yield address, f"{word!r}: ...{text[max(0, place - 60) : place + 60]!r}"
                break
        if "text/html" in response.headers.get("Content-Type", ""):
            waiting += [link for link in re.findall(r'href="(/(?:admin|en)/[^"#]*)"', text) if link not in seen][:80]


@pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("direction", ["first", "second"])
def test_nobody_of_one_programme_finds_a_word_of_the_other(two: tuple[Side, Side], direction: str) -> None:
    side, of = two if direction == "first" else two[::-1]
    found: list[str] = []
    people = {**side.staff, "learner": side.learner, "stranger": None}
    for role in [*TRIED, "learner", "stranger"]:
        person = people[role]
        client = Client()
        if person is not None:
            client.force_login(person)
        found += [f"{role} {address} {what}" for address, what in leaks(client, side, of)]

    assert not found, "\n".join(found)


def sign_in(host: str, login: str, secret: str) -> Any:
    client = Client()
    response = client.post("/en/sign-in/", {"login": login, "password": secret}, headers={"host": host})
    return response, client


def test_at_the_other_door_she_is_answered_like_a_name_that_nobody_has(two: tuple[Side, Side]) -> None:
    first, second = two
    for here, there in ((first, second), (second, first)):
        assert here.learner is not None
        at_home, _client = sign_in(here.host, here.learner.alias, "204060")
        assert at_home.status_code == 302, at_home.content.decode()[-900:]
        stranger, _client = sign_in(there.host, "ZZZ-999", "204060")
        refused, client = sign_in(there.host, here.learner.alias, "204060")
        assert refused.status_code == stranger.status_code
        hide = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|ZZZ-999|' + re.escape(here.learner.alias))
        assert hide.sub("", refused.content.decode()) == hide.sub("", stranger.content.decode())
        assert "_auth_user_id" not in client.session


def test_a_slip_of_one_programme_opens_nothing_at_the_other_door(two: tuple[Side, Side]) -> None:
    from people.actions import invite

    first, second = two
    assert first.learner is not None
    _slip, code = invite(
        user=first.learner,
        by=first.staff[Role.COORDINATOR],
        purpose=Invitation.Purpose.FORGOTTEN,
        now=timezone.now(),
    )
    said = (
        Client()
        .post("/en/start/", {"alias": first.learner.alias, "code": code}, headers={"host": second.host})
        .content.decode()
    )

    assert "That did not work." in said


def test_a_session_carried_to_the_other_door_is_nobodys(two: tuple[Side, Side]) -> None:
    first, second = two
    client = Client()
    client.force_login(first.staff[Role.PROGRAMME_MANAGER])
    assert client.get("/en/roster/", headers={"host": first.host}).status_code == 200

    answer = client.get("/en/roster/", headers={"host": second.host})

    assert answer.status_code == 302
    assert "/sign-in/" in answer.headers["Location"]
    assert client.get("/en/roster/", headers={"host": first.host}).status_code == 302


def test_names_are_shown_above_the_team_only_where_the_programme_is_no_health_data(two: tuple[Side, Side]) -> None:
    for side, is_shown in zip(two, (False, True), strict=True):
        client = Client()
        client.force_login(side.staff[Role.DISTRICT_MANAGER])
        facility = side.term.placements.get().facility  # type: ignore[union-attr]
        said = client.get(f"/en/roster/?site={facility.short_code}", headers={"host": side.host}).content.decode()
        assert side.term.learner.alias in said  # type: ignore[union-attr]
        assert (side.term.learner.display_name in said) is is_shown  # type: ignore[union-attr]


def test_every_page_and_revision_of_the_second_library_belongs_to_it(two: tuple[Side, Side]) -> None:
    """The walk above would pass in an empty library: this one is not."""
    assert ModulePage.objects.filter(module__strand__curriculum="agewell").count() == 3
    assert Page.objects.count() > 20
    assert Revision.objects.count() > 20
    assert len(two[0].words) > 10
    assert len(two[1].words) > 30


def test_a_pack_that_is_written_holds_nothing_of_the_other_programme(two: tuple[Side, Side], tmp_path: Path) -> None:
    for folder, modules in ((write_pack(tmp_path), {"x1"}), (AGEWELL, {"a1", "a2", "a3"})):
        copy_ = tmp_path / "out" / folder.name
        shutil.copytree(folder, copy_)

        assert export_pack(copy_) == []

        assert {path.parent.name for path in copy_.glob("*/module.md")} == modules
