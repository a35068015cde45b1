"""A release of Kenya, prepared and waiting for a meeting. Nobody in a demonstration has approved anything."""

from __future__ import annotations

from append_only import lifted
from assessments.models import ReleasedWords
from curriculum.models import (
    Article,
    Country,
    Module,
    Release,
    ReleaseApproval,
    ReleaseDocument,
    ReleasePaper,
    ReleaseUpdate,
)
from curriculum.models.articles import PUBLISHED
from curriculum.releases.contents import NothingPublished, prepare_release
from curriculum.releases.document import make_document
from demonstration import cast
from people.models import User
from programme.models import Cohort, CohortMove

NAME = "Kenya, first release"
TABLES = (
    "programme_cohortmove",
    "curriculum_releaseupdate",
    "curriculum_releaseapproval",
    "curriculum_releasedocument",
)


def strike_releases() -> None:
    """Every release goes, and with them what visitors recorded; cohorts read what is published."""
    with lifted(*TABLES):
        CohortMove.objects.all().delete()
        Cohort.objects.update(release=None)
        for model in (ReleaseUpdate, ReleaseApproval, ReleasePaper, ReleaseDocument, ReleasedWords):
            model.objects.all().delete()
        Release.objects.all().delete()
    Article.every.exclude(of_release=PUBLISHED).delete()


def stage_release() -> None:
    """Two modules in two languages, with the document that a meeting would read. What is missing stands in it."""
    trainer = next(member for member in cast.STAFF if member.account == "trainer")
    modules = Module.objects.filter(code__in=("M4", "P2"), strand__curriculum="")
    try:
        release = prepare_release(
            name=NAME,
            country=Country.objects.get(pk="KE"),
            languages=["sw", "en"],
            modules=modules,
            by=User.objects.get(alias=trainer.alias),
        )
    except NothingPublished:
        return
    make_document(release, by=release.prepared_by, language="en")
