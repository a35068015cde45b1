"""A row as plain values, and plain values as a row. To the microsecond: evidence that is rounded is other evidence."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

Plain = dict[str, Any]


def plain(row: models.Model) -> Plain:
    """``{field: value}`` with the primary key as ``pk``. Contacts come out readable: the archive is sealed."""
    found: Plain = {"pk": row.pk}
    for field in row._meta.local_concrete_fields:  # noqa: SLF001 -- Django documents it for this
        if field.primary_key and field.name == "id":
            continue
        found[field.name] = _said(getattr(row, field.attname))
    return found


def _said(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


def fields_of(
    model: type[models.Model], values: Mapping[str, Any], reference: Callable[[models.Field[Any, Any], Any], Any]
) -> dict[str, Any]:
    """The keywords that make a row of ``model`` from ``values``; ``reference`` says where a relation leads here.

    A field that this release does not know is left out; one that the archive does not know has its default.
    """
    found: dict[str, Any] = {}
    for field in model._meta.local_concrete_fields:  # noqa: SLF001 -- Django documents it for this
        if field.name not in values or (field.primary_key and field.name == "id"):
            continue
        value = values[field.name]
        if field.is_relation:
            found[field.attname] = reference(field, value)
        elif isinstance(field, models.BinaryField) and value is not None:
            found[field.name] = base64.b64decode(value["base64"])
        elif isinstance(field, models.JSONField):
            found[field.name] = value
        else:
            found[field.name] = field.to_python(value)
    return found


@contextmanager
def moments_kept(*kinds: type[models.Model]) -> Iterator[None]:
    """Rows made inside keep the moments they come with, also where the database would write its own."""
    changed: list[tuple[Any, str, bool]] = []
    for model in kinds:
        for field in model._meta.local_concrete_fields:  # noqa: SLF001 -- Django documents it for this
            for name in ("auto_now", "auto_now_add"):
                if getattr(field, name, False):
                    changed.append((field, name, True))
                    setattr(field, name, False)
    try:
        yield
    finally:
        for field, name, value in changed:
            setattr(field, name, value)
