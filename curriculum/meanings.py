"""What a change means is said before it is published: asked here once, for every way that leads to learners.

A text that was never published is new, and one that says what it said before changes nothing: neither is asked about.
Whoever publishes says it for the time of a request (``said``), or said it before of this very revision: when it was
sent for review, or planned for a day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log, registry

from curriculum.four_eyes import PublicationRefused
from curriculum.translation.originals import NOT_CONTENT
from curriculum.typos import Difference, differences, is_typo

if TYPE_CHECKING:
    from wagtail.models import Revision

    from curriculum.models import SaidMeaning

TYPO, WORDING, CLINICAL = "typo", "wording", "clinical"
MEANINGS = (TYPO, WORDING, CLINICAL)

SAID = "curriculum.meaning.said"
"""Wagtail's log has this action, with ``meaning``, where somebody said what a change means."""


class MeaningNotSaid(PublicationRefused):
    """Somebody publishes a change and has not said what it means. ``title`` names the text."""

    def __init__(self, title: str) -> None:
        self.title = title
        # Translators: "title" is a lesson or a question.
        super().__init__([_("Say first what kind of change this is: “%(title)s”.") % {"title": title}])


class MoreThanATypo(PublicationRefused):
    """What was called a typo could say something else to her."""

    def __init__(self, title: str) -> None:
        self.title = title
        super().__init__(
            [
                # Translators: "title" is a lesson or a question.
                _(
                    "This is more than a typo: in “%(title)s” a number, a word or an answer changes. "
                    "Nothing was published. Please choose another kind of change."
                )
                % {"title": title}
            ]
        )


@dataclass(frozen=True)
class Saying:
    """What is said for everything published meanwhile. ``otherwise`` goes for texts of which nobody said anything."""

    meaning: str = ""
    by: Any = None
    is_asked: bool = False
    otherwise: str = ""


_saying: ContextVar[Saying | None] = ContextVar("meaning_said_now", default=None)


@contextmanager
def said(meaning: str, *, by: Any = None, is_asked: bool = False, otherwise: str = "") -> Iterator[None]:
    """Inside, every change that is published has this ``meaning``, said by ``by``.

    ``is_asked``: a person is there who can be asked; without a meaning ``MeaningNotSaid`` is raised, also when a text
    is sent for review. ``otherwise``: what a change is taken for when nobody said anything of its revision.
    """
    token = _saying.set(Saying(meaning if meaning in MEANINGS else "", by, is_asked, otherwise))
    try:
        yield
    finally:
        _saying.reset(token)


@dataclass(frozen=True)
class Settled:
    """A change that may be published, and what it means. ``before`` are its words until now."""

    said: SaidMeaning
    before: Any
    differences: tuple[Difference, ...]

    @property
    def meaning(self) -> str:
        return self.said.meaning


def settle(*, revision: Revision, obj: Any, user: Any) -> Settled | None:
    """What publishing ``revision`` means; ``None`` for a text that is new or says nothing else than before.

    Writes down what is said now. Raises ``MeaningNotSaid`` when a person publishes and nobody has said it, and
    ``MoreThanATypo`` when it was called a typo and is not surely one.
    """
    before = what_is_read(obj)
    if before is None:
        return None
    found = tuple(differences(content_of(before), content_of(obj)))
    if not found:
        return None
    meaning, now = _meaning_of(revision), _saying.get()
    if now is not None and now.meaning:
        meaning = now.meaning
    if not meaning:
        if now is not None and now.otherwise:
            meaning = now.otherwise
        elif user is None and now is None:
            # A program of ours, with nobody to ask: what changed is read again, and nobody loses anything.
            meaning = WORDING
        else:
            raise MeaningNotSaid(str(obj))
    if meaning == TYPO and not is_typo(found):
        raise MoreThanATypo(str(obj))
    by = (now.by if now is not None else None) or user
    return Settled(_said(revision, obj, before, meaning, by), before, found)


def say_of(revision: Revision, obj: Any, *, by: Any = None) -> None:
    """Write down what is said now of a revision that is only sent for review. Same refusals as ``settle``."""
    now = _saying.get()
    before = what_is_read(obj)
    if now is None or before is None or not (found := tuple(differences(content_of(before), content_of(obj)))):
        return
    meaning = now.meaning or _meaning_of(revision)
    if not meaning:
        if now.is_asked:
            raise MeaningNotSaid(str(obj))
        return
    if meaning == TYPO and not is_typo(found):
        raise MoreThanATypo(str(obj))
    _said(revision, obj, before, meaning, now.by or by)


def what_was_said(revision: Any) -> SaidMeaning | None:
    """The last word about ``revision``."""
    rows = apps.get_model("curriculum", "SaidMeaning").objects.filter(revision=revision)
    return rows.select_related("said_by").first()


def _meaning_of(revision: Revision) -> str:
    row = what_was_said(revision.pk)
    return row.meaning if row is not None else ""


def _said(revision: Revision, obj: Any, before: Any, meaning: str, by: Any) -> SaidMeaning:
    present = what_was_said(revision.pk)
    if present is not None and present.meaning == meaning and present.before_id == before.live_revision_id:
        return present
    log(obj, SAID, user=by, revision=revision, data={"meaning": meaning})
    model = apps.get_model("curriculum", "SaidMeaning")
    return model.objects.create(
        revision=revision,
        before_id=before.live_revision_id,
        content_type=ContentType.objects.get_for_model(obj),
        object_id=str(obj.pk),
        title=str(obj)[:255],
        language=obj.locale.language_code,
        meaning=meaning,
        said_by=by,
        said_at=timezone.now(),
    )


# ---------------------------------------------------------------- words


def what_is_read(obj: Any) -> Any:
    """``obj`` as learners read it now, or read it last; ``None`` when they never did."""
    model = type(obj)
    if not hasattr(model, "live_revision") or not hasattr(obj, "locale"):
        return None
    stored = model._default_manager.filter(pk=obj.pk).first()  # noqa: SLF001 -- Django documents it for this
    if stored is None or stored.first_published_at is None:
        return None
    return stored if stored.live else _read_last(stored)


def _read_last(stored: Any) -> Any:
    """A text that was taken back, as it stood when it was published last."""
    logs = registry.get_logs_for_instance(stored).filter(action__startswith="wagtail.publish", revision__isnull=False)
    last = logs.exclude(action="wagtail.publish.schedule").order_by("-timestamp", "-pk").first()
    if last is None:
        return None
    before = last.revision.as_object()
    before.live_revision_id = last.revision_id
    return before


BESIDE_THE_CONTENT = NOT_CONTENT | {
    "id",
    "slug",
    "locale",
    "comments",
    "page_ptr",
    "alias_of",
    "seo_title",
    "content_type",
    "show_in_menus",
    "translation_key",
    "search_description",
}
"""Fields that say where and when, not what."""


def content_of(obj: Any) -> Mapping[str, Any]:
    """What ``obj`` says, as plain values by field."""
    data = obj.serializable_data()
    return {name: _plain(value) for name, value in data.items() if name not in BESIDE_THE_CONTENT}


def _plain(value: Any) -> Any:
    """A stored stream is JSON in a text: its blocks, without what the editor remembers of them."""
    if isinstance(value, str) and value[:1] in "[{":
        try:
            return _plain(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
