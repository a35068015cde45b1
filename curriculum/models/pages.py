"""The authored tree: Library > Strand > Module > Lesson, one page of each per language."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from curriculum.blocks import LessonBody, ObjectiveBlock, PracticeStepBlock
from curriculum.models.identities import Lesson, Module, Strand


class AuthoredPage(Page):
    """What all our pages share: an address that is the same, and neutral, in every language."""

    show_in_menus_default = False
    promote_panels: ClassVar[list] = []
    settings_panels: ClassVar[list] = []

    override_translatable_fields: ClassVar[list] = [
        SynchronizedField("slug", overridable=False),
        SynchronizedField("seo_title", overridable=False),
        SynchronizedField("search_description", overridable=False),
    ]

    class Meta:
        abstract = True

    def neutral_path(self) -> str:
        """The learner's path without language, such as ``m4/l2``; empty for pages she cannot open."""
        return ""

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Learners read at our own routes; Wagtail's own serving is for previews only."""
        parts = super().get_url_parts(request)
        if parts is None:
            return None
        path = self.neutral_path()
        return (parts[0], parts[1] or "", f"/{self.locale.language_code}/{path}/" if path else "/")


class LibraryPage(AuthoredPage):
    """The root of the authored tree in one language."""

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["curriculum.StrandPage"]
    max_count_per_parent = None

    class Meta:
        verbose_name = _("library")


class StrandPage(AuthoredPage):
    """One strand in one language; a shelf that only the team sees."""

    strand = models.ForeignKey(Strand, models.PROTECT, related_name="pages")

    content_panels: ClassVar[list] = [FieldPanel("title", heading=_("Name of the strand")), FieldPanel("strand")]
    parent_page_types: ClassVar[list[str]] = ["curriculum.LibraryPage"]
    subpage_types: ClassVar[list[str]] = ["curriculum.ModulePage"]
    override_translatable_fields: ClassVar[list] = [
        *AuthoredPage.override_translatable_fields,
        SynchronizedField("strand", overridable=False),
    ]

    class Meta:
        verbose_name = _("strand")


class ModulePage(AuthoredPage):
    """A module in one language: its two titles, what she will be able to do, its practice checklist."""

    module = models.ForeignKey(Module, models.PROTECT, related_name="pages")
    cover_title = models.CharField(
        _("cover title"),
        max_length=120,
        help_text=_("What a stranger may see: on a certificate, in a message. It names no illness, medicine or clinic."),
    )
    hours = models.PositiveSmallIntegerField(_("hours"), default=4, help_text=_("Printed on her certificate."))
    objectives = StreamField(
        StreamBlock([("objective", ObjectiveBlock())]),
        verbose_name=_("objectives"),
        blank=True,
        help_text=_("She reads these before the first lesson."),
    )
    practice = StreamField(
        StreamBlock([("step", PracticeStepBlock())]),
        verbose_name=_("practice checklist"),
        blank=True,
        help_text=_("What an observer looks for when she practises."),
    )

    content_panels: ClassVar[list] = [
        MultiFieldPanel(
            [FieldPanel("title", heading=_("Learning title")), FieldPanel("cover_title"), FieldPanel("module")],
            heading=_("Titles"),
        ),
        FieldPanel("hours"),
        FieldPanel("objectives"),
        FieldPanel("practice"),
    ]
    parent_page_types: ClassVar[list[str]] = ["curriculum.StrandPage"]
    override_translatable_fields: ClassVar[list] = [
        *AuthoredPage.override_translatable_fields,
        SynchronizedField("module", overridable=False),
        SynchronizedField("hours", overridable=False),
        TranslatableField("cover_title"),
    ]

    class Meta:
        verbose_name = _("module")
        constraints: ClassVar[list[models.BaseConstraint]] = []

    def neutral_path(self) -> str:
        return self.module.slug


class LessonPage(AuthoredPage):
    """One sitting of a module in one language."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="pages", editable=False)
    study_minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=6, help_text=_("How long it takes her, honestly. She sees it before she opens it.")
    )
    body = StreamField(LessonBody(), verbose_name=_("lesson"), blank=True)

    content_panels: ClassVar[list] = [
        FieldPanel("title", heading=_("Learning title")),
        FieldPanel("study_minutes"),
        FieldPanel("body"),
    ]
    parent_page_types: ClassVar[list[str]] = ["curriculum.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    override_translatable_fields: ClassVar[list] = [
        *AuthoredPage.override_translatable_fields,
        SynchronizedField("lesson", overridable=False),
        SynchronizedField("study_minutes", overridable=False),
    ]

    class Meta:
        verbose_name = _("lesson")

    def neutral_path(self) -> str:
        return f"{self.lesson.module.slug}/{self.slug}"
