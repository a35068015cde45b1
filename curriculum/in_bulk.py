"""What the libraries write row by row at every save, written once for a whole import.

Wagtail renews its search index and its index of references at each save, and wagtail-localize looks up and
writes each sentence of a text by itself: for a pack that is most of the time. Inside ``in_bulk`` the search
index waits until the end, a text's sentences are written together, and references are left to
``renew_references``, which the caller starts. What is in the tables afterwards is the same.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.tasks import task
from modelsearch import signal_handlers as searching
from modelsearch.backends import get_search_backends
from modelsearch.index import get_indexed_instance
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail_localize.models import (
    OverridableSegment,
    RelatedObjectSegment,
    String,
    StringSegment,
    Template,
    TemplateSegment,
    TranslatableObject,
    TranslationContext,
    TranslationSource,
)
from wagtail_localize.segments import (
    OverridableSegmentValue,
    RelatedObjectSegmentValue,
    StringSegmentValue,
    TemplateSegmentValue,
)
from wagtail_localize.segments.extract import extract_segments

Saved = dict[tuple[str, str], set[str]]

_saved: ContextVar[Saved | None] = ContextVar("saved_and_not_yet_searchable", default=None)


@contextmanager
def in_bulk() -> Iterator[None]:
    """Inside, write segments together and index what was saved once, at the end; for this thread only.

    To be used inside a transaction: an import that is broken off leaves nothing to be searched for.
    """
    if _saved.get() is not None:
        yield
        return
    saved: Saved = defaultdict(set)
    token = _saved.set(saved)
    task, refresh = searching.insert_or_update_object_task, TranslationSource.refresh_segments
    searching.insert_or_update_object_task = _Later(task)
    TranslationSource.refresh_segments = lambda source: (
        refresh(source) if _saved.get() is None else refresh_segments(source)
    )
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        searching.insert_or_update_object_task, TranslationSource.refresh_segments = task, refresh
        _saved.reset(token)
    _make_searchable(saved)


@task(backend="background", queue_name="background")
def renew_references() -> None:
    """Tell Wagtail what uses what, so that "used in" is true at the desk. A few seconds; safe to repeat."""
    call_command("rebuild_references_index", verbosity=0)


# ---------------------------------------------------------------- searching


class _Later:
    """In the place of the task that renews the search index of one saved object: notes it down."""

    def __init__(self, task: Any) -> None:
        self.task = task

    def enqueue(self, app_label: str, model_name: str, pk: str) -> None:
        if (saved := _saved.get()) is None:
            self.task.enqueue(app_label, model_name, pk)
        else:
            saved[app_label, model_name].add(pk)


def _make_searchable(saved: Saved) -> None:
    backends = list(get_search_backends(with_auto_update=True))
    for (app_label, model_name), keys in saved.items():
        found = apps.get_model(app_label, model_name)._default_manager.filter(pk__in=keys)  # noqa: SLF001 -- as Django
        by_type: dict[type[models.Model], list[Any]] = defaultdict(list)
        for instance in found:
            if (indexed := get_indexed_instance(instance)) is not None:
                by_type[type(indexed)].append(indexed)
        for model, instances in by_type.items():
            for backend in backends:
                backend.add_bulk(model, instances)


# ---------------------------------------------------------------- segments


@transaction.atomic
def refresh_segments(source: TranslationSource) -> None:
    """What ``TranslationSource.refresh_segments`` does, in a dozen queries instead of seven for each sentence."""
    instance = source.as_instance()
    values: dict[type, list[Any]] = defaultdict(list)
    for value in extract_segments(instance):
        values[type(value)].append(value)
    contexts = _contexts(source, instance, [value.path for found in values.values() for value in found])

    texts = _strings(source, [value.string.data for value in values[StringSegmentValue]])
    _replace(
        source,
        StringSegment,
        (
            {
                "context_id": contexts[value.path],
                "order": value.order,
                "string_id": texts[value.string.data],
                "attrs": json.dumps(value.attrs, cls=DjangoJSONEncoder),
            }
            for value in values[StringSegmentValue]
        ),
    )
    templates = _templates(values[TemplateSegmentValue])
    _replace(
        source,
        TemplateSegment,
        (
            {"context_id": contexts[value.path], "order": value.order, "template_id": templates[_template_uuid(value)]}
            for value in values[TemplateSegmentValue]
        ),
    )
    _replace(
        source,
        RelatedObjectSegment,
        (
            {"context_id": contexts[value.path], "order": value.order, "object_id": _related(value).pk}
            for value in values[RelatedObjectSegmentValue]
        ),
    )
    _replace(
        source,
        OverridableSegment,
        (
            {
                "context_id": contexts[value.path],
                "order": value.order,
                "data_json": json.dumps(value.data, cls=DjangoJSONEncoder),
            }
            for value in values[OverridableSegmentValue]
        ),
    )


def _replace(source: TranslationSource, model: type[models.Model], wanted: Iterable[Mapping[str, Any]]) -> None:
    """Leave exactly the ``wanted`` segments of one kind; those that are there already keep their rows."""
    rows = {tuple(fields.items()): fields for fields in wanted}
    surplus = []
    for present in model._default_manager.filter(source=source):  # noqa: SLF001 -- as Django
        names = next(iter(rows.values()), {})
        if rows.pop(tuple((name, getattr(present, name)) for name in names), None) is None:
            surplus.append(present.pk)
    if surplus:
        model._default_manager.filter(pk__in=surplus).delete()  # noqa: SLF001 -- as Django
    model._default_manager.bulk_create(  # noqa: SLF001 -- as Django
        [model(source=source, **fields) for fields in rows.values()]
    )


def _contexts(source: TranslationSource, instance: Any, paths: Iterable[str]) -> dict[str, int]:
    """The primary key of the context at each path, with its path among the fields filled in."""
    present = {row.path: row for row in TranslationContext.objects.filter(object_id=source.object_id)}
    new: dict[str, TranslationContext] = {}
    for path in paths:
        context = present.get(path)
        if context is None and path not in new:
            key = TranslationContext._get_path_id(path)  # noqa: SLF001 -- the library's own key
            context = new[path] = TranslationContext(object_id=source.object_id, path=path, path_id=key)
            context.save = _written_with_the_others
        if context is not None:
            context.get_field_path(instance)
    made = TranslationContext.objects.bulk_create(new.values())
    return {row.path: row.pk for row in [*present.values(), *made]}


def _written_with_the_others(**kwargs: Any) -> None:
    """In the place of ``save()`` of a context that has no row yet."""


def _strings(source: TranslationSource, texts: Iterable[str]) -> dict[str, int]:
    hashes = {String._get_data_hash(text): text for text in texts}  # noqa: SLF001 -- the library's own key
    return {
        hashes[key]: pk
        for key, pk in _found_or_made(
            String.objects.filter(locale_id=source.locale_id),
            "data_hash",
            hashes,
            lambda key: String(locale_id=source.locale_id, data_hash=key, data=hashes[key]),
        ).items()
    }


def _template_uuid(value: TemplateSegmentValue) -> uuid.UUID:
    return uuid.uuid5(uuid.uuid5(Template.BASE_UUID_NAMESPACE, value.format), value.template)


def _templates(values: Iterable[TemplateSegmentValue]) -> dict[uuid.UUID, int]:
    wanted = {_template_uuid(value): value for value in values}
    return _found_or_made(
        Template.objects.all(),
        "uuid",
        wanted,
        lambda key: Template(
            uuid=key,
            template=wanted[key].template,
            template_format=wanted[key].format,
            string_count=wanted[key].string_count,
        ),
    )


def _found_or_made(
    rows: models.QuerySet, field: str, keys: Iterable[Hashable], make: Callable[[Any], models.Model]
) -> dict[Any, int]:
    """The primary keys of the rows with these ``keys`` in ``field``; those that are not there are made."""
    found: dict[Any, int] = {}
    if wanted := list(keys):
        found = dict(rows.filter(**{f"{field}__in": wanted}).values_list(field, "pk"))
        made = rows.model._default_manager.bulk_create(  # noqa: SLF001 -- as Django
            make(key) for key in wanted if key not in found
        )
        found |= {getattr(row, field): row.pk for row in made}
    return found


def _related(value: RelatedObjectSegmentValue) -> TranslatableObject:
    return TranslatableObject.objects.get_or_create(
        content_type=value.content_type, translation_key=value.translation_key
    )[0]
