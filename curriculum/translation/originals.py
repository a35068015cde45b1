"""The original behind a translation: wagtail-localize keeps a copy of it, and that copy follows the live row.

The library brings its copy up to date only when somebody asks. Here whoever works with a source gets it as it
stands in the database, and learns whether the copy was behind.
"""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from modelcluster.models import ClusterableModel, get_serializable_data_for_fields
from wagtail.models import Locale, TranslatableMixin
from wagtail_localize.models import TranslationLog, TranslationSource

NOT_CONTENT = frozenset(
    [
        "pk",
        "path",
        "depth",
        "numchild",
        "url_path",
        "live",
        "has_unpublished_changes",
        "draft_title",
        "first_published_at",
        "last_published_at",
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "go_live_at",
        "expire_at",
        "expired",
        "locked",
        "locked_at",
        "locked_by",
        "owner",
        "wagtail_admin_comments",
    ]
)
"""Serialised fields that say where and when, not what."""


def refreshed_source(instance: Any) -> tuple[TranslationSource, bool]:
    """wagtail-localize's copy of ``instance``, as it stands in the database; and whether it was behind."""
    instance = type(instance).objects.get(pk=instance.pk)
    source = TranslationSource.objects.get_for_instance_or_none(instance)
    if source is None:
        return TranslationSource.get_or_create_from_instance(instance)[0], True
    return source, refresh(source)


def refresh(source: TranslationSource) -> bool:
    """Bring ``source`` up to the live row; say whether it was behind."""
    instance = source.get_source_instance()
    if isinstance(instance, ClusterableModel):
        current = instance.serializable_data()
    else:
        current = get_serializable_data_for_fields(instance)
    if _content(json.loads(json.dumps(current, cls=DjangoJSONEncoder))) == _content(json.loads(source.content_json)):
        return False
    source.update_from_db()
    return True


def _content(serialised: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in serialised.items() if name not in NOT_CONTENT}


def source_of(instance: Any) -> TranslationSource | None:
    """The source that ``instance`` is a translation of; ``None`` for a text written in its own language."""
    if not isinstance(instance, TranslatableMixin):
        return None
    sources = TranslationSource.objects.filter(
        object_id=instance.translation_key, translations__target_locale=instance.locale_id
    )
    return sources.exclude(locale=instance.locale_id).select_related("locale").first()


def target_of(source: TranslationSource, locale: Locale) -> Any:
    """What stands in ``locale`` for ``source``, live or not; ``None`` before it is begun."""
    model = source.specific_content_type.model_class()
    return model.objects.filter(translation_key=source.object_id, locale=locale).first()


def has_followed(source: TranslationSource, locale: Locale) -> bool:
    """Whether the translation was made again since ``source`` last changed, in words or otherwise."""
    logs = TranslationLog.objects.filter(source=source, locale=locale, created_at__gte=source.last_updated_at)
    return logs.exists()
