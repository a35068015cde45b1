"""Identities without language: what evidence, milestones and pages point at."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Strand(models.Model):
    """A strand of a curriculum; ``code`` is neutral enough for an address.

    ``curriculum`` tells the curricula of one installation apart: those who work with one find nothing of another.
    Empty: the one that was here first, which is the only one of most installations.
    """

    code = models.SlugField(max_length=20, unique=True)
    curriculum = models.CharField(max_length=30, blank=True, default="", editable=False, db_index=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["order", "code"]

    def __str__(self) -> str:
        return self.code


class Module(models.Model):
    """One module, whatever the language or country. ``code`` (``M4``) never changes."""

    code = models.CharField(max_length=8, unique=True)
    strand = models.ForeignKey(Strand, models.PROTECT, related_name="modules")

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """The code stays once a page of the module has been published: addresses and certificates carry it."""
        super().clean()
        stored = Module.objects.filter(pk=self.pk).exclude(code=self.code)
        if self.pk and stored.filter(pages__first_published_at__isnull=False).exists():
            raise ValidationError({"code": _("The code of a published module stays as it is.")})

    @property
    def slug(self) -> str:
        """The neutral part of its address: ``m4``."""
        return self.code.lower()


class Lesson(models.Model):
    """One lesson, whatever the language or country. Studied in Kiswahili is studied."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    module = models.ForeignKey(Module, models.PROTECT, related_name="lessons")

    def __str__(self) -> str:
        return f"{self.module} {self.uuid}"
