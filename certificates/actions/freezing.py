"""What a certificate says, put together once and then frozen: names, titles, modules, dates, key and statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings

from certificates import keys, statements
from certificates.dates import add_months, moved_by_leave
from certificates.eligibility import EarnedModule, Eligibility
from certificates.models import Award, Certificate
from certificates.paper_words import instead_of
from certificates.rounds import HELD
from certificates.states import full_state_on
from curriculum.models import Article, Module, ModulePage
from programme.models import Installation, Programme, Term


def frozen(answer: Eligibility, on: date) -> dict[str, Any]:
    """The fields of a new certificate, from what ``answer`` was judged by; without name, signers, number and key."""
    term, award = answer.term, answer.award
    placement = term.placement_on(on)
    country = placement.facility.country if placement else ""
    hers = term.learner.reading_languages
    languages = paper_languages(award, term)
    titles = titles_in(award, languages)
    modules = _modules(answer, country, languages, hers)
    expires_on, leave_days = last_day(term, award, on, answer.live)
    return {
        "term": term,
        "award": award,
        "title": titles.get(instead_of(titles, languages), award.code),
        "language": languages[0],
        "languages": languages,
        "titles": titles,
        "issuing_name": term.programme.issuing_name,
        "issuing_short_name": term.programme.issuing_short_name,
        "modules": modules,
        "hours": sum(module["hours"] for module in modules),
        "signatories": [_signatory(person, languages) for person in term.programme.signatories],
        "letterhead": _letterhead(term.programme, languages[0]),
        "curriculum_versions": _versions(answer.modules, country, answer.release),
        "pathway_version": term.pathway_version.number,
        "facts": _facts(answer, country, languages, hers, on),
        "country": country,
        "is_record": award.is_record,
        "is_demonstration": Installation.is_demo(),
        "issued_on": on,
        "expires_on": expires_on,
        "leave_days_counted": leave_days,
    }


def sealed(certificate: Certificate, programme: Programme) -> Certificate:
    """``certificate``, not stored yet, with the key of today and its signed statement. Raises ``keys.NoSigningKey``."""
    signing_key = keys.signing_key(programme)
    certificate.key = signing_key.key
    certificate.statement = statements.signed_for(certificate, signing_key)
    return certificate


def paper_languages(award: Award, term: Term) -> list[str]:
    """The language of the paper, and the working language where it is another.

    The best of hers in which the award has a title. Where it has one in none of them, the best of those in which all
    other words of a paper are written: the title alone then stands in another language.
    """
    learner, working = term.learner, term.programme.working_language
    hers = [code for code in learner.reading_languages if code in learner.languages]
    titled = [code for code in hers if award.titles.get(code)]
    spoken = [code for code in hers if code in settings.COMPLETE_LANGUAGES]
    language = next(iter([*titled, *spoken]), "") or instead_of(award.titles, [working]) or "en"
    return list(dict.fromkeys([language, working]))


def titles_in(award: Award, languages: Sequence[str]) -> dict[str, str]:
    """The title in ``languages`` as far as it is written; where it is in none of them, in the one that it has."""
    there = {code: award.titles[code] for code in languages if award.titles.get(code)}
    instead = instead_of(award.titles, languages)
    return there or ({instead: award.titles[instead]} if instead else {})


def last_day(term: Term, award: Award, on: date, before: Certificate | None) -> tuple[date | None, int]:
    """The last day, and how many days of it are leave that is already planned.

    A renewal loses nothing of what was left: its months count from the last day of the one that it follows.
    """
    if award.valid_months is None:
        return None, 0
    leaves = [(leave.from_on, leave.to_on) for leave in term.leaves.all()]
    begins = on
    if before is not None and before.expires_on is not None:
        taken = [(first, min(last, on)) for first, last in leaves if first <= on]
        without = date.fromordinal(before.expires_on.toordinal() - before.leave_days_counted)
        begins = max(on, moved_by_leave(without, before.issued_on, taken))
    without_leave = add_months(begins, award.valid_months)
    last = moved_by_leave(without_leave, on, leaves)
    return last, (last - without_leave).days


def _signatory(person: dict[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """Name and title as printed; a programme may give the title once, or per language."""
    title = person.get("title", "")
    written = title if isinstance(title, dict) else dict.fromkeys(languages, title)
    instead = instead_of(written, languages)
    kept = {code: written[code] for code in dict.fromkeys([*languages, instead]) if written.get(code)}
    return {"name": person.get("name", ""), "title": kept.get(instead, ""), "titles": kept}


def _letterhead(programme: Programme, language: str) -> list[str]:
    """The lines above the title, in the language of the paper or else in English; none for most programmes."""
    lines = programme.letterhead.get(language) or programme.letterhead.get("en") or []
    return [str(line) for line in lines]


def _modules(answer: Eligibility, country: str, languages: Sequence[str], hers: Sequence[str]) -> list[dict[str, Any]]:
    """Hours and cover title of each module, in every language of the paper. Two queries."""
    pks = {entry.module.pk: entry.module.code for entry in answer.modules}
    covers = _covers(pks, country, answer.release, languages, hers)
    hours = dict(ModulePage.objects.live().filter(module__in=pks).values_list("module_id", "hours"))
    return [
        {
            "code": entry.module.code,
            "cover_title": covers[entry.module.pk].get(languages[0]) or next(iter(covers[entry.module.pk].values())),
            "cover_titles": covers[entry.module.pk],
            "hours": hours.get(entry.module.pk, 0),
            "is_practised": entry.is_practised,
        }
        for entry in answer.modules
    ]


def _covers(
    modules: dict[int, str], country: str, release: int, languages: Sequence[str], hers: Sequence[str]
) -> dict[int, dict[str, str]]:
    """The cover title of each of ``modules`` in ``languages``; where hers has none, also that of her next language."""
    known = list(dict.fromkeys([*languages, *hers]))
    articles = Article.every.read_on(release).in_best_language(known, country)
    articles = articles.filter(kind=Article.Kind.MODULE, module__in=modules)
    found: dict[int, dict[str, str]] = {pk: {} for pk in modules}
    for module, language, cover_title in articles.values_list("module_id", "language", "cover_title"):
        if cover_title:
            found[module][language] = cover_title
    kept = {}
    for pk, titles in found.items():
        best = next(iter(titles), "")
        wanted = languages if languages[0] in titles else [best, *languages]
        kept[pk] = {code: titles[code] for code in wanted if code in titles} or {languages[0]: modules[pk]}
    return kept


def _facts(
    answer: Eligibility, country: str, languages: Sequence[str], hers: Sequence[str], on: date
) -> dict[str, Any]:
    """What else this kind of paper says. ``round`` is kept, not printed: a correction keeps it, a renewal counts on."""
    award, evidence = answer.award, answer.evidence
    facts: dict[str, Any] = {"kind": award.kind, "round": answer.round}
    if len(languages) > 1:
        facts["letterheads"] = {language: _letterhead(answer.term.programme, language) for language in languages}
    if award.kind != Award.Kind.PASSPORT:
        return facts
    counted = evidence.counted
    names = dict(Module.objects.filter(pk__in=counted).values_list("pk", "code"))
    covers = _covers(names, country, answer.release, languages, hers)
    practices = sorted(counted.items(), key=lambda item: (item[1][0], names[item[0]]))
    earlier = [
        each
        for each in evidence.holdings.certificates
        if each.award.kind != Award.Kind.PASSPORT and full_state_on(each, on) in HELD
    ]
    return facts | {
        "from_on": answer.term.start_on.isoformat(),
        "until_on": min(answer.term.ended_on or on, on).isoformat(),
        "attendance_hours": str(evidence.hours_since(None).normalize()),
        "logbook_entries": evidence.entries_since(None),
        "practices": [
            {"code": names[module], "titles": covers[module], "on": first.isoformat()}
            for module, (first, _last) in practices
        ],
        "certificates": [
            {
                "number": each.serial,
                "titles": {code: words for code, words in each.titles.items() if code in languages}
                or {each.language: each.title},
                "issued_on": each.issued_on.isoformat(),
                "expires_on": each.expires_on.isoformat() if each.expires_on else None,
            }
            for each in earlier
        ],
    }


def _versions(earned: list[EarnedModule], country: str, release: int) -> dict[str, str]:
    """Which text of each module it stands on: ``{code: short content hash}``. Kept, not printed."""
    articles = Article.every.read_on(release).filter(
        country=country, kind=Article.Kind.MODULE, module__in=[entry.module.pk for entry in earned]
    )
    return {
        f"{code}/{language}": content_hash[:12]
        for code, language, content_hash in articles.values_list("module__code", "language", "content_hash")
    }
