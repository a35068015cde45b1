"""What an import would change: a pack beside what stands at the desk, and what was brought in last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wagtail.models import Locale
from wagtail_localize.models import StringTranslation

from curriculum import packs
from curriculum.exporting import modules_at_the_desk
from curriculum.models import ImportedPiece, LessonPage, ModulePage, TranslatedSegment
from curriculum.packs import merging, model, parts
from curriculum.packs.merging import Change, Decision, Merged
from curriculum.packs.pieces import Last, Place, pieces
from curriculum.translation.sentences import normal, segment_hash

Decide = Callable[[Place], Decision | None]


class Undecided(ValueError):
    """Some pieces were changed in the pack and at the desk; nothing is brought in before somebody decides."""

    def __init__(self, changes: list[Change]) -> None:
        self.changes = changes
        self.conflicts = [change for change in changes if change.what == "conflict" and change.decided is None]
        super().__init__(", ".join(str(change.place) for change in self.conflicts))


def always(decision: Decision | None) -> Decide:
    """The same decision for every conflict."""
    return lambda place: decision


def compare(pack: packs.Pack, decide: Decide = always(None)) -> dict[str, Merged]:  # noqa: B008 -- it holds nothing
    """``{code: what is to be brought in of that module}``. A module that was taken back at the desk stays so."""
    desk, last = modules_at_the_desk(pack), last_imported(module.code for module in pack.modules)
    locale = Locale.get_default()
    kept_back = set(
        ModulePage.objects.filter(
            locale=locale, live=False, first_published_at__isnull=False, module__code__in=[m.code for m in pack.modules]
        ).values_list("module__code", flat=True)
    )
    found: dict[str, Merged] = {}
    for module in pack.modules:
        if module.code in kept_back:
            place = Place(module.code, "", "module")
            found[module.code] = Merged(None, [Change(place, "kept", "", module.title, "unpublished")])
            continue
        found[module.code] = merging.merge(
            module,
            desk.get(module.code),
            last[module.code],
            decide=decide,
            drafts=_drafts(module),
            unpublished=_unpublished(module),
        )
    return found


def last_imported(codes: Iterable[str]) -> dict[str, dict[Place, Last]]:
    """What the last import of each module found in its pack."""
    found: dict[str, dict[Place, Last]] = {code: {} for code in codes}
    for row in ImportedPiece.objects.filter(module__in=found):
        found[row.module][Place(row.module, row.language, row.key)] = Last(row.hash, tuple(row.order))
    return found


def remember(module: model.Module) -> None:
    """Note what ``module`` says in its pack, so that the next import knows what has been changed since, and where.

    A translation that waits (it is stale, or not whole) is not forgotten: its last one counts until a new one comes.
    """
    wanted = pieces(module)
    present = {(row.language, row.key): row for row in ImportedPiece.objects.filter(module=module.code)}
    new, changed = [], []
    for place, piece in wanted.items():
        row = present.pop((place.language, place.key), None)
        if row is None:
            new.append(
                ImportedPiece(
                    module=place.module, language=place.language, key=place.key, hash=piece.hash, order=piece.order
                )
            )
        elif (row.hash, tuple(row.order)) != piece:
            row.hash, row.order = piece.hash, list(piece.order)
            changed.append(row)
    keys = {string.key for string in packs.strings(module)}
    gone = [row.pk for row in present.values() if not (row.language and row.key in keys)]
    ImportedPiece.objects.filter(pk__in=gone).delete()
    ImportedPiece.objects.bulk_create(new)
    ImportedPiece.objects.bulk_update(changed, ["hash", "order"])


# ---------------------------------------------------------------- what somebody is writing on


def _drafts(module: model.Module) -> set[str]:
    """The lessons, questions and ``module`` with words at the desk that learners do not read yet.

    For a translation ``l1@sw``: what a translator wrote and has not published.
    """
    locale = Locale.get_default()
    pages = {"module": ModulePage.objects.filter(module__code=module.code, locale=locale).first()}
    for page in LessonPage.objects.filter(lesson__module__code=module.code, locale=locale):
        pages[page.slug] = page
    found = {name for name, page in pages.items() if page is not None and page.live and page.has_unpublished_changes}
    keys = {page.translation_key: name for name, page in pages.items() if page is not None}
    found |= {f"{keys[key]}@{language}" for key, language in _words_in_hand(keys)}
    for part in parts.registered():
        if part.name in module.parts:
            found |= set(part.drafts(module.code, module.parts[part.name]))
    return found


def _words_in_hand(keys: Mapping[Any, str]) -> set[tuple[Any, str]]:
    """``(translation key, language)`` where the translator's words are not those that are published."""
    published: dict[tuple[Any, str, str, str], set[str]] = defaultdict(set)
    for row in TranslatedSegment.objects.filter(translation_key__in=keys):
        published[row.translation_key, row.language, row.path, row.source_hash].add(normal(row.text))
    found = set()
    rows = StringTranslation.objects.filter(context__object_id__in=keys).select_related(
        "context", "locale", "translation_of"
    )
    for row in rows:
        key, language = row.context.object_id, row.locale.language_code
        said = published.get((key, language, row.context.path, segment_hash(row.translation_of.data)))
        if said and normal(row.data) not in said:
            found.add((key, language))
    return found


def _unpublished(module: model.Module) -> set[str]:
    pages = LessonPage.objects.filter(
        lesson__module__code=module.code, locale=Locale.get_default(), live=False, first_published_at__isnull=False
    )
    return set(pages.values_list("slug", flat=True))
