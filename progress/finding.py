"""What she looks for: in the lessons that she may read, in the language she reads them in, and in its words.

Only published articles of her country and programme are looked through, each in the best language she has; questions
of quizzes are not among them. Nothing of what she typed is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.urls import reverse

from curriculum.models import Article, ArticleWords, GlossaryMeaning
from curriculum.searching import WORD, beginnings, forms_of, keep_words, lines_of, normal
from programme.scope import Study
from progress.reading import best_of_each, lesson_address

MOST_FOUND = 20
LETTERS_AROUND = 60
"""Of what stands before and after the first word that was found."""

TITLE, KEY_MESSAGE, TEXT = 3, 2, 1


@dataclass(frozen=True)
class Bit:
    """A piece of text; ``is_found`` when it is one of the words she looks for."""

    text: str
    is_found: bool = False


@dataclass(frozen=True)
class Found:
    """A lesson, or a module's first page, with the sentence in which it was found."""

    title: list[Bit]
    language: str
    address: str
    module: str
    excerpt: list[Bit] = field(default_factory=list)


@dataclass(frozen=True)
class Explained:
    """A word with its meaning, and the lessons in which it stands."""

    word: str
    meaning: str
    language: str
    lessons: list[Found] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """What was found; ``is_asked`` says whether she typed enough to look for."""

    is_asked: bool
    words: list[Explained] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    has_more: bool = False


def find(study: Study, languages: Sequence[str], asked: str) -> Answer:
    """What there is about ``asked``. At most five queries, however much there is to read."""
    wanted = beginnings(asked)
    if not wanted:
        return Answer(is_asked=False)
    articles = _hers(study, languages)
    _keep_missing(articles)
    rows = ArticleWords.objects.filter(pk__in={article.content_hash for article in articles.values()})
    for beginning in wanted:
        begins = f" {beginning}"
        anywhere = Q(title__contains=begins) | Q(key_messages__contains=begins) | Q(text__contains=begins)
        rows = rows.filter(anywhere)
    ranks = {row.pk: _rank(row, wanted) for row in rows.only("title", "key_messages")}
    hits = sorted(
        (article for article in articles.values() if article.content_hash in ranks),
        key=lambda article: (-ranks[article.content_hash], article.module.code, article.position),
    )
    texts = dict(Article.every.filter(pk__in=[hit.pk for hit in hits[:MOST_FOUND]]).values_list("pk", "html"))
    return Answer(
        is_asked=True,
        words=[word for word in _words(study, languages) if _is_about(word, wanted)][:MOST_FOUND],
        found=[_found(hit, wanted, texts[hit.pk]) for hit in hits[:MOST_FOUND]],
        has_more=len(hits) > MOST_FOUND,
    )


def glossary(study: Study, languages: Sequence[str]) -> list[Explained]:
    """Every word of her curriculum that stands in a lesson of hers, by the alphabet. At most four queries."""
    articles = _hers(study, languages)
    _keep_missing(articles)
    kept = {
        row.pk: row.title + row.key_messages + row.text
        for row in ArticleWords.objects.filter(pk__in={article.content_hash for article in articles.values()})
    }
    lessons = sorted(
        (article for article in articles.values() if article.lesson_id),
        key=lambda article: (article.module.code, article.position),
    )
    words = []
    for word in _words(study, languages):
        said = normal(word.word).rstrip()
        # Whole, or with the s of several; in the language of the word only.
        forms = (f"{said} ", f"{said}s ")
        where = [
            _found(article, [])
            for article in lessons
            if article.language == word.language and any(form in kept[article.content_hash] for form in forms)
        ]
        if where:
            words.append(Explained(word.word, word.meaning, word.language, where))
    return words


def _hers(study: Study, languages: Sequence[str]) -> dict[str, Article]:
    """The articles that she may read, each path in her best language. One query, without the texts."""
    rows = (
        Article.every.read_on(study.release)
        .in_best_language(languages, study.country)
        .filter(module__strand__curriculum=study.curriculum)
        .select_related("module")
        .defer("html", "spoken")
    )
    return best_of_each(rows)


def _keep_missing(articles: dict[str, Article]) -> None:
    """Articles that nobody has looked through since they were frozen get their words. One query when none is new."""
    hashes = {article.content_hash: article.pk for article in articles.values()}
    missing = hashes.keys() - set(ArticleWords.objects.filter(pk__in=hashes).values_list("pk", flat=True))
    if missing:
        keep_words(Article.every.filter(pk__in=[hashes[mark] for mark in missing]))


def _rank(row: ArticleWords, wanted: Iterable[str]) -> int:
    """In a title before in a key message before in the text, word by word."""
    return sum(
        TITLE if f" {word}" in row.title else KEY_MESSAGE if f" {word}" in row.key_messages else TEXT for word in wanted
    )


def _found(article: Article, wanted: Sequence[str], html: str = "") -> Found:
    module, _slash, lesson = article.path.partition("/")
    return Found(
        title=list(_bits(article.title, wanted)),
        language=article.language,
        address=lesson_address(article.path) if lesson else reverse("module", kwargs={"module": module}),
        module=article.module.code,
        excerpt=_excerpt(article, wanted, html) if html or article.objectives else [],
    )


def _excerpt(article: Article, wanted: Sequence[str], html: str) -> list[Bit]:
    """The first line in which most of the words stand, key messages before the rest."""
    keys, rest = lines_of(html)
    lines = [*keys, *rest, *(str(objective) for objective in article.objectives)]
    best = max(lines, key=lambda line: len({word for word in wanted if f" {word}" in normal(line)}), default="")
    bits = list(_bits(_around(best, wanted), wanted))
    return bits if any(bit.is_found for bit in bits) else []


def _around(line: str, wanted: Sequence[str]) -> str:
    first = next((match for match in WORD.finditer(line) if _is_wanted(match[0], wanted)), None)
    if first is None or len(line) <= 2 * LETTERS_AROUND:
        return line
    start, end = max(0, first.start() - LETTERS_AROUND), min(len(line), first.end() + LETTERS_AROUND)
    start = line.rfind(" ", 0, start) + 1 if start else 0
    end = len(line) if (space := line.find(" ", end)) < 0 else space
    return f"{'… ' if start else ''}{line[start:end]}{' …' if end < len(line) else ''}"


def _is_wanted(word: str, wanted: Iterable[str]) -> bool:
    return any(form.startswith(beginning) for form in forms_of(word) for beginning in wanted)


def _bits(text: str, wanted: Sequence[str]) -> Iterator[Bit]:
    done = 0
    for match in WORD.finditer(text):
        if _is_wanted(match[0], wanted):
            if done < match.start():
                yield Bit(text[done : match.start()])
            yield Bit(match[0], is_found=True)
            done = match.end()
    if done < len(text):
        yield Bit(text[done:])


def _words(study: Study, languages: Sequence[str]) -> list[Explained]:
    """The words of her curriculum, each in her best language, by the alphabet. One query."""
    rows = GlossaryMeaning.objects.filter(entry__curriculum=study.curriculum, language__in=languages)
    best: dict[int, GlossaryMeaning] = {}
    for row in sorted(rows, key=lambda row: languages.index(row.language)):
        best.setdefault(row.entry_id, row)
    found = (Explained(row.word, row.meaning, row.language) for row in best.values())
    return sorted(found, key=lambda word: (normal(word.word), word.word))


def _is_about(word: Explained, wanted: Iterable[str]) -> bool:
    said = normal(word.word)
    return all(f" {beginning}" in said for beginning in wanted)
