"""A cohort's certificates in one go: asked for once, made in the background, gone on with wherever it was broken off.

A few at a time are issued in one transaction, together with what the batch notes of them; where that does not go well,
each of them in one of her own. So nothing is half done, whatever stops the work: a restart, a missing key, a full disk.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing, suppress
from datetime import date
from errno import EDQUOT, ENOSPC
from functools import partial
from os import cpu_count

import django
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import QuerySet
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from certificates import keys
from certificates.actions import NotAllowed, NotEligible, PaperIsErased, issue_certificate
from certificates.actions.issuing import locked_terms
from certificates.actions.papers import drawn_and_signed, keep
from certificates.eligibility import Eligibility, eligibilities_of
from certificates.models import Award, Certificate, CertificateFile, IssueBatch, IssueBatchItem
from paper.engine import CannotPrint
from paper.processes import NotDone, done_by_several
from people.models import User
from programme.models import Term
from programme.scope import Act, scope_of

log = logging.getLogger(__name__)

Result = IssueBatchItem.Result

LEFT = (Result.WAITING, Result.STOPPED)

STOPS_ALL = (keys.NoSigningKey, OperationalError, OSError)
"""What stands against one of them now stands against the others too. Anything else is a matter of one woman."""

TOGETHER = 10
"""How many are issued in one transaction. More would save little, and keep others from writing for longer."""

LONGEST_REASON = 300
ENOUGH_FOR_SEVERAL = 100
"""From so many papers on, others save more time than they take to begin: five seconds, and a tenth for a paper."""

STANDS_STILL = 120
"""Seconds after which processes that have drawn nothing at all are given up."""


@transaction.atomic
def begin_batch(*, award: Award, terms: Iterable[Term], by: User, on: date) -> IssueBatch:
    """Ask for the certificate of each of ``terms``; the work begins in the background after the commit.

    The same asked again while it is not finished is the same batch: a double click asks once. Raises ``NotAllowed``,
    and asks for nothing, where one of the terms is none of hers.
    """
    User.objects.select_for_update().get(pk=by.pk)  # a double click waits here for the first
    asked = sorted({term.pk for term in terms})
    scope = scope_of(by, on)
    allowed = scope.terms(Act.ISSUE_CERTIFICATE).filter(programme=award.programme_id)
    hers = set(allowed.values_list("pk", flat=True))
    if not asked or not hers.issuperset(asked):
        raise NotAllowed
    for open_one in IssueBatch.objects.filter(award=award, asked_by=by, issue_on=on, ended_at=None):
        if sorted(open_one.items.values_list("term_id", flat=True)) == asked:
            return open_one
    batch = IssueBatch.objects.create(
        programme_id=award.programme_id, award=award, asked_by=by, asked_at=timezone.now(), issue_on=on
    )
    IssueBatchItem.objects.bulk_create(IssueBatchItem(batch=batch, term_id=pk) for pk in asked)
    transaction.on_commit(partial(go_on.enqueue, batch.pk))
    return batch


@task(backend="background", queue_name="background")
def go_on(batch_pk: int) -> None:
    """Issue what still waits, then make the papers. May be asked at any time, also twice at once: nothing comes twice.

    What cannot be done now (no key, no room on the disk) stops the batch where it is and says so on the first one that
    it met; asked again, it goes on from there.
    """
    batch = IssueBatch.objects.select_related("award__programme", "asked_by").filter(pk=batch_pk).first()
    if batch is None:
        return
    with override((batch.asked_by.languages or ["en"])[0]):
        _issue_all(batch)
    make_papers(list(waiting_papers(batch).select_related("term__programme", "replaces").order_by("pk")))


def ask_again(batch: IssueBatch) -> None:
    """Let the background go on with what is left; what had stopped it is forgotten until it is met again."""
    batch.items.filter(result=Result.STOPPED).update(result=Result.WAITING, reason="")
    go_on.enqueue(batch.pk)


def waiting_papers(batch: IssueBatch) -> QuerySet[Certificate]:
    """The certificates of ``batch`` whose paper is not made yet."""
    made = CertificateFile.objects.filter(kind=CertificateFile.Kind.PAPER)
    rows = Certificate.objects.filter(pk__in=batch.items.values("certificate"), erased_at=None)
    return rows.exclude(pk__in=made.values("certificate"))


def make_papers(certificates: Sequence[Certificate], processes: int = 0) -> int:
    """Draw, sign and keep the paper of each; say how many. ``processes``: as many as there are cores, or so many.

    Others draw and sign, this one writes: a database in a file has one writer. A paper that cannot be drawn now keeps
    none of the others back; it is made with the next try, or when somebody opens it.
    """
    made = 0
    with closing(_drawn_ones(certificates, processes)) as drawn:
        for certificate, pdf in drawn:
            if not isinstance(pdf, bytes):
                log.warning("paper of certificate %s is not made: %s", certificate.pk, pdf)
                continue
            try:
                keep(certificate, CertificateFile.Kind.PAPER, pdf)
            except PaperIsErased:
                continue
            except (DatabaseError, OSError) as reason:
                # What finds no room now, the next one will not find either.
                log.warning("papers are stopped at certificate %s: %s", certificate.pk, type(reason).__name__)
                break
            made += 1
    return made


def _drawn_ones(
    certificates: Sequence[Certificate], processes: int
) -> Generator[tuple[Certificate, bytes | str | NotDone], None, None]:
    """Each with its PDF, or with why there is none; drawn here, or by others as they come."""
    processes = processes or (cpu_count() or 1 if len(certificates) >= ENOUGH_FOR_SEVERAL else 1)
    if processes == 1:
        yield from ((certificate, _drawn(certificate)) for certificate in certificates)
    else:
        several = done_by_several(_drawn, certificates, begin=django.setup, processes=processes, within=STANDS_STILL)
        yield from several


def _drawn(certificate: Certificate) -> bytes | str:
    """The PDF, or the name of what stood against it: an exception of another process may not find its way back."""
    from certificates.signing import CannotSign  # noqa: PLC0415 -- slow import

    try:
        return drawn_and_signed(certificate)
    except (CannotPrint, CannotSign, keys.NoSigningKey, OSError) as reason:
        return type(reason).__name__


def _issue_all(batch: IssueBatch) -> None:
    left = list(batch.items.filter(result__in=LEFT).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(left), TOGETHER):
        some = left[start : start + TOGETHER]
        if not (_issued_together(batch, some) or _issued_one_by_one(batch, some)):
            return
    # Where there is no room for this, everybody has hers all the same; it is noted when somebody asks again.
    with suppress(DatabaseError, OSError), transaction.atomic():
        locked = IssueBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.ended_at is None and not locked.items.filter(result__in=LEFT).exists():
            locked.ended_at = timezone.now()
            locked.save(update_fields=["ended_at"])


def _issued_together(batch: IssueBatch, pks: Sequence[int]) -> bool:
    """Issue to all of ``pks``, or to none: then somebody of them is to be found, and each is tried by herself."""
    try:
        with transaction.atomic():
            _issue(batch, pks)
    except Exception:
        return False
    return True


def _issued_one_by_one(batch: IssueBatch, pks: Sequence[int]) -> bool:
    """Issue to each of ``pks`` by herself; whether it is worth to go on with others."""
    for pk in pks:
        try:
            with transaction.atomic():
                _issue(batch, [pk])
        except Exception as reason:
            # By name alone: what a database says of a row may hold what stands in it.
            log.warning("batch %s stopped at item %s: %s", batch.pk, pk, type(reason).__name__)
            _say_stopped(pk, reason)
            if isinstance(reason, STOPS_ALL):
                return False
    return True


def _issue(batch: IssueBatch, pks: Sequence[int]) -> None:
    """The certificates and the notes of them. Their evidence is asked for once, when all of them are locked."""
    rows = IssueBatchItem.objects.select_for_update(of=("self",)).filter(pk__in=pks, result__in=LEFT).order_by("pk")
    items = list(rows)  # without those to whom another worker came first
    terms = locked_terms(item.term_id for item in items)
    answers = eligibilities_of(terms, [batch.award], batch.issue_on)
    for item in items:
        _issue_one(batch, item, answers[item.term_id, batch.award_id])


def _issue_one(batch: IssueBatch, item: IssueBatchItem, answer: Eligibility) -> None:
    item.result, item.reason = Result.ISSUED, ""
    try:
        item.certificate = issue_certificate(
            term=answer.term,
            award=batch.award,
            issued_by=batch.asked_by,
            on=batch.issue_on,
            makes_paper=False,
            answer=answer,
        )
    except NotEligible as refusal:
        item.result = Result.NOT_YET
        item.reason = _shortened([unmet.sentence for unmet in refusal.unmet])
    except NotAllowed:
        item.result, item.reason = Result.NOT_YET, _("She does not belong to your sites now.")
    item.save(update_fields=["result", "reason", "certificate"])


def _say_stopped(item_pk: int, reason: Exception) -> None:
    """Note on the first that waits why it stopped; where even that finds no room, it is simply waiting still."""
    if isinstance(reason, keys.NoSigningKey):
        words = str(reason)
    elif _is_full(reason):
        words = _("There is no room to write now. Nothing is lost.")
    elif isinstance(reason, STOPS_ALL):
        words = _("It cannot be written now. Nothing is lost. Please go on later.")
    else:
        words = _("Hers could not be made. Please tell whoever runs this site.")
    with suppress(DatabaseError, OSError), transaction.atomic():
        IssueBatchItem.objects.filter(pk=item_pk, result__in=LEFT).update(
            result=Result.STOPPED, reason=words[:LONGEST_REASON]
        )


def _is_full(reason: Exception) -> bool:
    """Whether it is the disk: as the system says it, SQLite ("database or disk is full") or PostgreSQL."""
    words = str(reason)
    return getattr(reason, "errno", None) in (ENOSPC, EDQUOT) or "is full" in words or "No space left" in words


def _shortened(sentences: Sequence[str]) -> str:
    """As many whole sentences as there is room for, and how many more there are."""
    for told in range(len(sentences), 0, -1):
        more = len(sentences) - told
        # Translators: follows a list of what somebody still lacks.
        end = [_("And %(number)s more.") % {"number": more}] if more else []
        words = " ".join([*sentences[:told], *end])
        if len(words) <= LONGEST_REASON:
            return words
    return sentences[0][: LONGEST_REASON - 1] + "…" if sentences else ""
