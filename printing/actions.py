"""Papers: asked for, made in the background, kept until a text in them changes. Each verb may be repeated."""

from __future__ import annotations

import logging
import time
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import Q
from django.tasks import task
from django.utils import timezone

from curriculum.models import Module
from paper.engine import CannotPrint
from printing.models import GIVEN_UP, Paper
from printing.sources import Route, Source, source_of

log = logging.getLogger(__name__)

TELL_EVERY_SECONDS = 0.7
"""How often the page that is waited at can say another number: each is a write."""


class NothingToPrint(Exception):
    """The module is not whole in this language, or has nothing of this kind."""


def papers_storage() -> Storage:
    """Where papers lie: reached by our own view only."""
    return storages["papers"]


def ask_for_paper(*, route: Route, module: Module, kind: str) -> Paper:
    """The paper of what is published now: ready, under way, or asked for herewith.

    A repeat asks for nothing twice; one that stopped, or was lost with its worker, is begun again. Raises
    ``NothingToPrint``.
    """
    source = source_of(route, module)
    if source is None:
        raise NothingToPrint
    return ask_for(source=source, kind=kind)


@transaction.atomic
def ask_for(*, source: Source, kind: str) -> Paper:
    """As ``ask_for_paper``, for a module that has been looked up."""
    if not source.can_print(kind):
        raise NothingToPrint
    now, route = timezone.now(), source.route
    paper, created = Paper.objects.select_for_update().get_or_create(
        kind=kind,
        module=source.module,
        language=route.language,
        country=route.country,
        programme=route.programme,
        mark=source.mark(kind),
        defaults={"asked_at": now},
    )
    if created or _is_lost(paper):
        paper.state, paper.problem, paper.pages = Paper.State.WAITING, "", 0
        paper.asked_at, paper.begun_at = now, None
        paper.save()
        transaction.on_commit(partial(make_paper.enqueue, paper.pk))
    return paper


def _is_lost(paper: Paper) -> bool:
    """Whether it will not come by itself."""
    if paper.state == Paper.State.READY:
        return not papers_storage().exists(paper.stored_as)
    return not paper.is_under_way(timezone.now())


@task(backend="background", queue_name="background")
def make_paper(paper_pk: int) -> None:
    """Make the paper that was asked for; nothing to do when somebody else does, or has.

    A text that changed meanwhile makes it another one, which is asked for in its place. A worker that dies leaves
    nothing behind but the row, and whoever asks again begins again.
    """
    begun_at = timezone.now()
    free = Q(state=Paper.State.WAITING) | Q(state=Paper.State.MAKING, begun_at__lt=begun_at - GIVEN_UP)
    if not Paper.objects.filter(free, pk=paper_pk).update(state=Paper.State.MAKING, begun_at=begun_at, pages=0):
        return
    paper = Paper.objects.select_related("module", "programme").get(pk=paper_pk)
    source = source_of(Route(paper.programme, paper.country, paper.language), paper.module)
    if source is None or not source.can_print(paper.kind):
        paper.delete()
        return
    if source.mark(paper.kind) != paper.mark:
        paper.delete()
        ask_for(source=source, kind=paper.kind)
        return
    try:
        pdf = _drawn(paper, source)
    except CannotPrint:
        log.exception("The server cannot print")
        _stop(paper, Paper.Problem.SERVER)
    except Exception:
        _stop(paper, Paper.Problem.TEXT)
        raise
    else:
        _keep(paper, pdf)


def _drawn(paper: Paper, source: Source) -> bytes:
    from printing.documents import html_of  # noqa: PLC0415 -- with what prints
    from printing.render import draw  # noqa: PLC0415 -- slow import

    told_at = 0.0

    def tell(page: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= TELL_EVERY_SECONDS:
            told_at = time.monotonic()
            Paper.objects.filter(pk=paper.pk, pages__lt=page).update(pages=page)

    pages, pdf = draw(html_of(source, paper.kind), paper.mark, tell)
    paper.pages = pages
    return pdf


def _keep(paper: Paper, pdf: bytes) -> None:
    """Store it, and put away what stood in its place before."""
    storage = papers_storage()
    storage.delete(paper.stored_as)
    storage.save(paper.stored_as, ContentFile(pdf))
    with transaction.atomic():
        paper.state, paper.size_bytes, paper.made_at = Paper.State.READY, len(pdf), timezone.now()
        paper.save(update_fields=["state", "size_bytes", "made_at", "pages"])
        place = ("kind", "module_id", "language", "country", "programme_id")
        older = Paper.objects.filter(**{name: getattr(paper, name) for name in place}).exclude(pk=paper.pk)
        for old in older.filter(asked_at__lte=paper.asked_at):
            transaction.on_commit(partial(storage.delete, old.stored_as))
            old.delete()


def _stop(paper: Paper, problem: str) -> None:
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.STOPPED, problem=problem, pages=0)
