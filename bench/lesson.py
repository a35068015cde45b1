"""What a lesson costs her phone and our machine, beside a stock Wagtail page of the same text in the same run."""

from __future__ import annotations

import statistics
import time

from bench.clients import Reader, pages_per_second, weigh
from bench.measures import Measure
from bench.site import Site, running_site

LEARNERS = 8
ROUNDS = 3
"""Ours and Wagtail's take turns, so that a neighbour on the machine disturbs both."""


def run(seconds: float) -> list[Measure]:
    """All budgets of design section 7 that concern a lesson."""
    with running_site(LEARNERS) as site:
        return [*_cold(site, seconds), *_bytes(site), *_queries(site), *_speed(site, seconds)]


def _readers(site: Site) -> list[Reader]:
    return [Reader(site.port, dict(cookies)) for cookies in site.facts["sessions"]]


def _cold(site: Site, seconds: float) -> list[Measure]:
    """The very first pages after the start: templates, translations and every cache are cold."""
    readers, lesson = _readers(site), site.facts["lesson"]
    began = time.monotonic()
    readers[0].get(lesson)
    first = (time.monotonic() - began) * 1000
    cold = pages_per_second(readers, lesson, min(seconds, 2))
    return [
        Measure("lesson", "first lesson page after the start", round(first, 1), "ms"),
        Measure("lesson", "lesson pages a second, 8 learners, caches cold", round(cold), "pages/s"),
    ]


def _bytes(site: Site) -> list[Measure]:
    """Over the wire, headers included: what she pays for."""
    facts = site.facts
    sign_in = weigh(Reader(site.port), "/en/sign-in/")
    phone = _readers(site)[0]
    lesson = weigh(phone, facts["lesson"])
    following = phone.get(facts["next_lesson"])
    return [
        Measure("lesson", "sign-in page, cold", sign_in.total / 1000, "kB", 12, peers=("1 069 kB", "2 855 kB")),
        Measure(
            "lesson",
            f"one text lesson ({facts['words']} words), cold: HTML, CSS, script",
            lesson.total / 1000,
            "kB",
            14,
            peers=("1 235 kB", "2 430 kB"),
        ),
        Measure("lesson", "of it script", lesson.scripts / 1000, "kB", 10),
        Measure("lesson", "of it styles", lesson.styles / 1000, "kB"),
        Measure("lesson", "the next lesson, warm", len(following.body) / 1000, "kB", 3.5, peers=("19 kB", "3.8 kB")),
        Measure("lesson", "the next lesson, warm, with its headers", following.wire_bytes / 1000, "kB"),
    ]


def _queries(site: Site) -> list[Measure]:
    return [
        Measure("lesson", "queries with session, person and term, caches cold", site.facts["queries"], "queries", 4),
        Measure("lesson", "queries of a stock Wagtail page, caches cold", site.facts["stock_queries"], "queries"),
    ]


def _speed(site: Site, seconds: float) -> list[Measure]:
    """Warm: the median of rounds in which ours and Wagtail's take turns."""
    readers = _readers(site)
    paths = {"ours": site.facts["lesson"], "stock": site.facts["stock"]}
    for reader in readers:
        reader.get(paths["ours"])  # takes the cookie that a browser has by now
    pages_per_second(readers, paths["ours"], seconds)
    memory = site.memory_megabytes()  # before Wagtail's own serving, which the product never uses, adds its part
    pages_per_second(readers, paths["stock"], min(seconds, 1))
    rounds: dict[str, list[float]] = {"ours": [], "stock": []}
    spent: dict[str, list[float]] = {"ours": [], "stock": []}
    for _ in range(ROUNDS):
        for name, path in paths.items():
            before = site.processor_seconds()
            rounds[name].append(pages_per_second(readers, path, seconds))
            after = site.processor_seconds()
            if before is not None and after is not None:
                spent[name].append((after - before) * 1000 / (rounds[name][-1] * seconds))
    ours, stock = (statistics.median(rounds[name]) for name in ("ours", "stock"))
    found = [
        Measure(
            "lesson",
            "lesson pages a second, 8 learners, caches warm",
            round(ours),
            "pages/s",
            400,
            at_least=True,
            peers=("40 pages/s", "-"),
        ),
        Measure("lesson", "a stock Wagtail page of the same text, same run", round(stock), "pages/s"),
        Measure("lesson", "ratio to the stock Wagtail page", round(ours / stock, 2), "x", 4, at_least=True),
    ]
    if all(spent.values()):
        # Says more than pages a second when the machine has other work to do.
        times = {name: round(statistics.median(values), 2) for name, values in spent.items()}
        found += [
            Measure("lesson", "processor time for a lesson page", times["ours"], "ms"),
            Measure("lesson", "processor time for the stock page", times["stock"], "ms"),
        ]
    if memory is not None:
        found.append(
            Measure(
                "lesson",
                "memory of the whole site under that load",
                round(memory),
                "MB",
                300,
                peers=("230 MB", "230 MB"),
            )
        )
    return found
