"""One certificate at a time, beside a plain page of the same words; and what a batch asks of the database.

Each function runs in a process of its own, after ``django.setup()``; the last line it prints is JSON for
``bench.certificates``.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates import batches
from certificates.actions import papers
from certificates.genuine import Verdict, examine
from certificates.keys import signing_key
from certificates.models import Award, Certificate, CertificateFile, IssueBatch
from people.models import User
from programme.models import Term

ROUNDS = 5
"""At least so many, and more as long as there is time."""

CHECKED = 12


class _Words(HTMLParser):
    """Every phrase of a page, in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data.strip())


def plain_page(html: str) -> str:
    """The words of ``html`` as bare paragraphs: no style, no fonts of ours, no picture."""
    words = _Words()
    words.feed(html)
    lines = "".join(f"<p>{escape(line)}" for line in words.found)
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>Words</title>{lines}"


def plain_pdf(page: str) -> bytes:
    """``page`` as WeasyPrint draws it by itself."""
    from weasyprint import HTML  # noqa: PLC0415 -- slow, and its loading is part of what is measured

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return bytes(HTML(string=page).write_pdf())


def ask(award: int, coordinator: int, cohort: str) -> None:
    """Ask for all of ``cohort`` as the coordinator does on her page; how long she waited for the answer."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(pk=coordinator))
    began = time.perf_counter()
    answer = client.post(f"/en/awards/{award}/", {"cohort": cohort, "do": "issue-all"})
    seconds = time.perf_counter() - began
    batch = IssueBatch.objects.filter(award=award).latest("pk")
    if answer.status_code != 302 or answer["Location"] != f"/en/awards/made/{batch.pk}/":
        sys.exit(f"the page answered {answer.status_code}")
    print(json.dumps({"seconds": seconds, "batch": batch.pk, "women": batch.items.count()}))


def queries(cohort: str, award: int, coordinator: int) -> None:
    """Issue ``cohort`` in one go in this process, papers too; how many queries each woman took."""
    asked = {
        "award": Award.objects.get(pk=award),
        "terms": list(Term.objects.filter(cohort__code=cohort)),
        "by": User.objects.get(pk=coordinator),
        "on": timezone.now().date(),
    }
    batch = batches.begin_batch(**asked)
    with CaptureQueriesContext(connection) as found:
        batches.go_on.call(batch.pk)
    women = len(asked["terms"])
    if CertificateFile.objects.count() != women:
        sys.exit(f"{CertificateFile.objects.count()} papers of {women}")
    print(json.dumps({"queries": len(found) / women}))


def one(seconds: float) -> None:
    """Draw, sign, and draw plainly by turns, for ``seconds``; milliseconds of the clock and of the processor."""
    from certificates import render, signing  # noqa: PLC0415 -- slow import

    rows = list(Certificate.objects.select_related("term__programme").order_by("pk"))
    key = signing_key(rows[0].term.programme)
    spent: dict[str, list[tuple[float, float]]] = {"drawn": [], "signed": [], "both": [], "plain": []}
    sizes: dict[str, list[int]] = {"both": [], "plain": []}

    def timed(name: str, do: Callable[[], bytes]) -> bytes:
        clock, processor = time.perf_counter(), time.process_time()
        made = do()
        spent[name].append((time.perf_counter() - clock, time.process_time() - processor))
        return made

    def a_round(row: Certificate) -> None:
        page = plain_page(render.certificate_html(row))
        record = render.record_of(row)
        drawn = timed("drawn", lambda: render.certificate_pdf(row))
        timed("signed", lambda: signing.signed(drawn, signing_key=key, record=record, at=timezone.now()))
        sizes["both"].append(len(timed("both", lambda: papers.drawn_and_signed(row))))
        sizes["plain"].append(len(timed("plain", lambda: plain_pdf(page))))

    a_round(rows[0])  # what is loaded the first time
    for values in (*spent.values(), *sizes.values()):
        values.clear()
    end, number = time.monotonic() + seconds, 0
    while number < ROUNDS or time.monotonic() < end:
        a_round(rows[number % len(rows)])
        number += 1
    found: dict[str, Any] = {"rounds": number, "bytes": max(sizes["both"]), "plain_bytes": max(sizes["plain"])}
    for name, times in spent.items():
        found[name] = statistics.median(clock for clock, _processor in times) * 1000
        found[f"{name}_processor"] = statistics.median(processor for _clock, processor in times) * 1000
    print(json.dumps(found))


def first(kind: str) -> None:
    """What the very first paper of a process takes, with everything that is loaded for it."""
    row = Certificate.objects.select_related("term__programme").earliest("pk")
    words = row.printed_name
    began = time.perf_counter()
    if kind == "plain":
        plain_pdf(plain_page(f"<p>{escape(words)}</p>" * 40))
    else:
        papers.drawn_and_signed(row)
    print(json.dumps((time.perf_counter() - began) * 1000))


def looked_through(batch: int) -> None:
    """Whether every woman of ``batch`` has one certificate with a paper that is genuine (of papers, some); or exits.

    ``issued``, ``papers``: the seconds from asking to the last number, and from there to the last paper.
    """
    whole = IssueBatch.objects.get(pk=batch)
    items = whole.items
    women = items.count()
    numbers = set(items.values_list("certificate__serial", flat=True)) - {None}
    files = CertificateFile.objects.filter(certificate__in=items.values("certificate"), kind="paper")
    if not women == len(numbers) == files.count():
        sys.exit(f"of {women} women {len(numbers)} have a number and {files.count()} a paper")
    for file in files.order_by("?")[:CHECKED]:
        found = examine(bytes(file.pdf), on=timezone.localdate())
        if found.verdict != Verdict.CURRENT:
            sys.exit(f"a paper of the batch is {found.verdict.name.lower()}")
    sizes = [len(pdf) for pdf in files.values_list("pdf", flat=True)]
    seconds = {
        "issued": (whole.ended_at - whole.asked_at).total_seconds(),
        "papers": (files.latest("made_at").made_at - whole.ended_at).total_seconds(),
    }
    print(json.dumps({"women": women, "bytes": max(sizes)} | seconds))
