"""What a release lacks before a meeting can say yes to it, every single thing by its place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from curriculum.life import is_real_work
from curriculum.models import Article, Mark, Release, ReleasedText
from curriculum.releases.contents import content_hash


@dataclass(frozen=True)
class Gap:
    """One text or value that is not as it should be. ``words`` say what; ``place`` where."""

    place: str
    language: str
    words: str


@dataclass
class Readiness:
    """``gaps`` by kind; what holds it back in real work, and what only a demonstration may have."""

    missing: list[Gap] = field(default_factory=list)
    stale: list[Gap] = field(default_factory=list)
    drafts: list[Gap] = field(default_factory=list)
    unapproved: list[Gap] = field(default_factory=list)
    values: list[Gap] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.stale or self.drafts or self.unapproved or self.values)

    @property
    def is_ready(self) -> bool:
        """Whether a meeting may be asked. A demonstration may show the whole way with what it has."""
        return self.is_whole or not is_real_work()

    def groups(self) -> list[tuple[str, list[Gap]]]:
        named = [
            (_("Not there in every language"), self.missing),
            (_("Behind its source"), self.stale),
            (_("Not yet read by a native speaker"), self.drafts),
            (_("Not yet approved for the country"), self.unapproved),
            (_("Values not known or not confirmed"), self.values),
        ]
        return [(name, gaps) for name, gaps in named if gaps]


def readiness(release: Release) -> Readiness:
    """What ``release``, as it was taken, lacks."""
    found, places = Readiness(), defaultdict(set)
    for text in release.texts.select_related("module"):
        place = f"{text.module.code}: {text.title}"
        places[text.kind, text.path].add(text.language)
        if text.is_stale:
            found.stale.append(Gap(place, text.language, text.get_kind_display()))
        if text.is_draft:
            found.drafts.append(Gap(place, text.language, text.get_kind_display()))
        if not text.is_approved:
            found.unapproved.append(Gap(place, text.language, text.get_kind_display()))
    _add_missing(release, places, found)
    for value in release.values:
        if value["mark"] in ("", Mark.UNSURE):
            words = _("not confirmed") if value["mark"] else _("not known in this country")
            found.values.append(Gap(value["statement"], "", words))
    return found


def _add_missing(release: Release, places: dict[tuple[str, str], set[str]], found: Readiness) -> None:
    kinds = dict(ReleasedText.Kind.choices)
    for (kind, path), languages in sorted(places.items()):
        for language in release.languages:
            if language not in languages:
                found.missing.append(Gap(path, language, str(kinds[kind])))
    there = {path for kind, path in places if kind == ReleasedText.Kind.MODULE}
    for module in release.modules.all():
        if module.slug not in there:
            found.missing.append(Gap(module.code, "", _("the module is not published")))


def has_moved(release: Release) -> bool:
    """Whether something of what was taken is published otherwise today: another text, or another mark of it."""
    today = {
        (article.path, article.language): article.content_hash
        for article in Article.objects.filter(
            country=release.country_id, module__in=release.modules.all(), language__in=release.languages
        ).defer("html", "spoken")
    }
    articles = release.texts.filter(kind__in=(ReleasedText.Kind.MODULE, ReleasedText.Kind.LESSON))
    taken = {(text.path, text.language): text.content_hash for text in articles}
    return taken != today


def is_what_was_read(release: Release, mark: str) -> bool:
    """Whether ``mark`` is that of the release as it stands in the database, worked out anew."""
    return mark == release.content_hash == content_hash(release)
