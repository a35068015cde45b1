"""Identities without language: what evidence, milestones and pages point at."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class Strand(models.Model):
    """A strand of the curriculum; ``code`` is neutral enough for an address."""

    code = models.SlugField(max_length=20, unique=True)
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
