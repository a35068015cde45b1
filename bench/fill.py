"""Fill the bench's own database: a module from its pack, a programme, learners who are signed in.

Runs in a process of its own, after ``django.setup()``; the last line it prints is JSON for ``bench.site``.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import Site

from curriculum.actions import import_pack
from curriculum.models import Article, LessonPage, Module
from people.models import Consent, ConsentPart, User
from programme.models import (
    Installation,
    Milestone,
    OrganisationUnit,
    Pathway,
    PathwayVersion,
    Placement,
    Programme,
    Term,
)

PACKS = Path(__file__).resolve().parent.parent / "packs" / "mentor-mother"
COUNTRY, LANGUAGE = "KE", "en"
PIN = "204060"
LESSON, NEXT_LESSON = "m4/l1", "m4/l2"


def main(learners: int) -> None:
    page = _curriculum()
    users = _programme(learners)
    print(
        json.dumps(
            {
                "sessions": [_session(user) for user in users],
                "accounts": [{"login": user.alias, "secret": PIN} for user in users],
                "lesson": f"/{LANGUAGE}/{LESSON}/",
                "next_lesson": f"/{LANGUAGE}/{NEXT_LESSON}/",
                "stock": page,
                "study": _study(),
                "words": _words(),
                "queries": _queries(users[0], f"/{LANGUAGE}/{LESSON}/"),
                "stock_queries": _queries(users[0], page),
            }
        )
    )


def _study() -> dict[str, str]:
    """What a phone says of having studied the lesson."""
    article = Article.objects.get(path=LESSON, language=LANGUAGE, country=COUNTRY)
    return {
        "lesson": str(article.lesson.uuid),
        "language": LANGUAGE,
        "country": COUNTRY,
        "content_hash": article.content_hash,
    }


def _curriculum() -> str:
    """Import the whole pack in its own language; return the address at which Wagtail itself serves the lesson."""
    import_pack(PACKS, languages=())
    code, slug = LESSON.split("/")
    page = LessonPage.objects.get(lesson__module__code=code.upper(), slug=slug, locale__language_code=LANGUAGE)
    library = page.get_ancestors().get(depth=2)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "127.0.0.1", "root_page": library, "site_name": ""}
    )
    return "/stock/" + page.url_path.removeprefix(library.url_path)


def _programme(learners: int) -> list[User]:
    """A programme with one site in which ``learners`` began last month; each has agreed and reads English."""
    Installation.objects.create(is_demonstration=True)
    unit = OrganisationUnit.objects.create(name="Site", short_code="S1", level="facility", country=COUNTRY)
    programme = Programme.objects.create(
        code="bench", name="Bench", issuing_name="Bench", issuing_short_name="B", peer_title="Peer", root_unit=unit
    )
    pathway = Pathway.objects.create(programme=programme, code="bench")
    version = PathwayVersion.objects.create(pathway=pathway, number=1)
    for order, module in enumerate(Module.objects.all(), start=1):
        Milestone.objects.create(
            version=version, order=order, kind="module", module=module, due_day=30 * order, gate="certified"
        )
    start_on = timezone.now().date() - timedelta(days=30)
    users = []
    for number in range(learners):
        user = User.objects.create_user(
            alias=f"BNC-{number}", password=PIN, display_name=f"Reader {number}", languages=[LANGUAGE]
        )
        Consent.objects.bulk_create(
            Consent(user=user, part=part, is_given=part == 1, wording_version=1, language=LANGUAGE)
            for part in ConsentPart
        )
        term = Term.objects.create(learner=user, programme=programme, pathway_version=version, start_on=start_on)
        Placement.objects.create(term=term, facility=unit, from_on=start_on)
        users.append(user)
    return users


def _session(user: User) -> dict[str, str]:
    """The cookies of a phone on which ``user`` has just signed in."""

    return {settings.SESSION_COOKIE_NAME: _signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value}


def _signed_in(user: User) -> Client:

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    return client


def _queries(user: User, path: str) -> int:
    """How many queries the page costs with session, person and term, every cache cold."""
    client = _signed_in(user)
    cache.clear()
    Installation.forget()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    if response.status_code != 200:
        sys.exit(f"{path} answered {response.status_code}")
    return len(queries)


def _words() -> int:

    article = Article.objects.get(path=LESSON, country=COUNTRY, language=LANGUAGE)
    return len(strip_tags(article.html.replace("<", " <")).split())
