"""What follows when a published text changes: nothing for a typo, another review for other words, an update for women.

``following`` stands around Wagtail's publishing. What learners read is frozen inside it, so that what must be known
of the old words is asked before, and what depends on the new ones afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision, TranslatableMixin

from curriculum import policies
from curriculum.fact_changing import last_round, tell_of
from curriculum.fact_prints import printers
from curriculum.fact_updates import draft_update
from curriculum.meanings import CLINICAL, TYPO, Settled
from curriculum.models import Approval, Country, FactChange, OldText, Reopened, SaidMeaning
from curriculum.separation import curriculum_of
from curriculum.translation.typos import keep_translations, keep_translators_words

Frozen = dict[str, set[tuple[str, str]]]
"""Country -> what is frozen of a text there, as language and mark."""


@contextmanager
def following(settled: Settled | None, revision: Revision, obj: Any) -> Iterator[None]:
    """Inside, ``revision`` of ``obj`` goes live; what its meaning asks for is done before and after.

    Nothing follows from planning a day: it follows on that day.
    """
    is_planned = bool(obj.go_live_at and obj.go_live_at > timezone.now())
    if settled is None or is_planned:
        yield
        return
    with transaction.atomic():
        finish = {TYPO: _keep_approvals, CLINICAL: _begin_update}.get(settled.meaning, _nothing)(settled, revision, obj)
        yield
        finish()


def _nothing(settled: Settled, revision: Revision, obj: Any) -> Callable[[], None]:
    """Other words: everybody keeps what she has done, and a reviewer reads them."""
    return _done


def _done() -> None:
    """Nothing is left to do."""


# ---------------------------------------------------------------- a typo


def _keep_approvals(settled: Settled, revision: Revision, obj: Any) -> Callable[[], None]:
    """Approvals are carried over, and translations stay what they are: made from the same words.

    The translator's own table knows the new words only once the source is live.
    """
    standing = Approval.objects.standing().filter(revision=settled.said.before_id).select_related("carried_from")
    for approval in standing:
        Approval.objects.get_or_create(
            revision=revision,
            country=approval.country,
            round=last_round(revision, approval.country),
            defaults={
                "language": approval.language,
                "reviewer_id": approval.reviewer_id,
                "approved_at": timezone.now(),
                "carried_from": approval.carried_from or approval,
                "carried_over": settled.said,
            },
        )
    if not isinstance(obj, TranslatableMixin):
        return _done
    renamed = keep_translations(settled.before, obj)
    return lambda: keep_translators_words(obj, renamed)


# ---------------------------------------------------------------- something clinical


def _begin_update(settled: Settled, revision: Revision, obj: Any) -> Callable[[], None]:
    rows = _rows_of(obj)
    before = _frozen(rows)

    def finish() -> None:
        for country in Country.objects.all():
            old = _old_words(obj, before[country.pk], _frozen(rows, [country.pk])[country.pk])
            if old is not None:
                _changed_in(country, settled, revision, obj, old)

    return finish


def _rows_of(obj: Any) -> list[Reopened]:
    return [row for printer in printers() for row in printer.rows_of(obj)]


def _frozen(rows: Sequence[Reopened], countries: Iterable[str] | None = None) -> Frozen:
    wanted = Country.objects.values_list("pk", flat=True) if countries is None else countries
    return {code: set().union(*(printer.frozen(rows, code) for printer in printers())) for code in wanted}


def _old_words(obj: Any, before: set[tuple[str, str]], after: set[tuple[str, str]]) -> set[str] | None:
    """The marks of what nobody should learn from any more; ``None`` where learners read none of it.

    With a source its translations are old too: they were made from it. A country that has words of its own in the
    place of what changed reads what it read before.
    """
    language = policies.language_of(obj)
    own = {mark for code, mark in before if code == language}
    gone = own - {mark for code, mark in after if code == language}
    others = {mark for code, mark in before if code != language} if _is_source(obj) else set()
    # While an import holds freezing back, nothing has gone yet: then the day tells who learned the old words.
    is_held_back = any(printer.is_paused() for printer in printers())
    if gone or (others and not own) or (own and is_held_back):
        return gone | others
    return None


def _is_source(obj: Any) -> bool:
    return policies.language_of(obj) == policies.source_language()


def _changed_in(country: Country, settled: Settled, revision: Revision, obj: Any, old: set[str]) -> None:
    said: SaidMeaning = settled.said
    change, is_new = FactChange.objects.get_or_create(
        said=said,
        country=country,
        defaults={
            "changed_at": timezone.now(),
            "changed_by": said.said_by,
            "curriculum": curriculum_of(obj) or "",
        },
    )
    if not is_new:
        return
    texts = [(settled.before, said.before_id), *_translations(obj)]
    reopened = []
    for text, read in texts:
        for row in _rows_of(text):
            row.change, row.country, row.revision_id = change, country.pk, read
            row.content_type, row.object_id = ContentType.objects.get_for_model(text), str(text.pk)
            row.round = last_round(read, country.pk) + 1 if read and read != revision.pk else 0
            reopened.append(row)
    Reopened.objects.bulk_create(reopened)
    OldText.objects.bulk_create(OldText(change=change, content_hash=mark) for mark in sorted(old))
    draft_update(change=change, now=change.changed_at)
    tell_of(change)


def _translations(obj: Any) -> list[tuple[Any, int | None]]:
    """The live translations of a source, each with the revision that is read; none for a translation."""
    if not _is_source(obj):
        return []
    others = type(obj)._default_manager.filter(translation_key=obj.translation_key, live=True)  # noqa: SLF001 -- as Django
    return [(text, text.live_revision_id) for text in others.exclude(pk=obj.pk).select_related("locale")]
