"""The authored tree: Library > Strand > Module > Lesson, one page of each per language."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from curriculum.blocks import LessonBody, ObjectiveBlock, PracticeStepBlock
from curriculum.models.facts import Country
from curriculum.models.identities import Lesson, Module, Strand

LESSON_SLUG = re.compile(r"l([0-9]{1,2})")


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

    def clean(self) -> None:
        super().clean()
        self.keep_what_is_published()

    def minimal_clean(self) -> None:
        """All that Wagtail checks of a page that is not live: it may have been, and learners remember."""
        super().minimal_clean()
        self.keep_what_is_published()

    def keep_what_is_published(self) -> None:
        """An address that learners know stays; it is on phones, in records and on paper."""
        if (stored := self._as_published()) is not None and self.slug != stored.slug:
            raise ValidationError(
                {"slug": _("This address has been published and stays as it is. Learners keep it on their phones.")}
            )

    def _as_published(self) -> Any:
        """The row of a page that was ever published, as the database has it; ``None`` for a new one."""
        if not self.pk or not self.first_published_at:
            return None
        return type(self).objects.filter(pk=self.pk).first()

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


class PhonePreview(models.Model):
    """A preview as a learner sees it: on a phone, in the page's language, with one country's values."""

    class Meta:
        abstract = True

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """One for each country, by its code: each prints its own values."""
        # Translators: A preview of a lesson with the values of one country.
        names = [
            (country.code, _("as in %(country)s") % {"country": country.name}) for country in Country.objects.all()
        ]
        return names or [("", str(_("as learners see it")))]

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        return [
            {"name": "mobile", "icon": "mobile-alt", "device_width": 360, "label": _("On her phone")},
            {"name": "tablet", "icon": "tablet-alt", "device_width": 768, "label": _("On a tablet")},
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from curriculum.preview import preview  # noqa: PLC0415 -- rendering reads the models

        return HttpResponse(preview(self, country=mode_name))  # type: ignore[arg-type]


class LibraryPage(AuthoredPage):
    """The root of the authored tree of one curriculum in one language."""

    curriculum = models.CharField(max_length=30, blank=True, default="", editable=False)

    override_translatable_fields: ClassVar[list] = [
        *AuthoredPage.override_translatable_fields,
        SynchronizedField("curriculum", overridable=False),
    ]
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


class ModulePage(PhonePreview, AuthoredPage):  # noqa: DJ008 -- Wagtail's page has one
    """A module in one language: its two titles, what she will be able to do, its practice checklist."""

    module = models.ForeignKey(Module, models.PROTECT, related_name="pages")
    cover_title = models.CharField(
        _("cover title"),
        max_length=120,
        help_text=_(
            "What a stranger may see: on a certificate, in a message. It names no illness, medicine or clinic."
        ),
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

    def keep_what_is_published(self) -> None:
        super().keep_what_is_published()
        if (stored := self._as_published()) is not None and self.module_id != stored.module_id:
            raise ValidationError(
                {"module": _("The code of a published module stays as it is. Certificates and records name it.")}
            )

    def neutral_path(self) -> str:
        return self.module.slug


def next_lesson_slug(module_page: Page, *, but: int | None = None) -> str:
    """The address of the next lesson of a module, not counting the page ``but``."""
    slugs = module_page.get_children().exclude(pk=but).values_list("slug", flat=True)
    taken = [int(found[1]) for slug in slugs if (found := LESSON_SLUG.fullmatch(slug))]
    return f"l{max(taken, default=0) + 1}"


class LessonPage(PhonePreview, AuthoredPage):  # noqa: DJ008 -- Wagtail's page has one
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

    # What was studied hangs on the lesson: a copy is another one.
    exclude_fields_in_copy: ClassVar[list[str]] = ["lesson"]

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new page gets the next address of its module, ``l4`` after ``l3``, never one made of its title.

        A page without an identity gets one, here and nowhere else: a translation its source's, any other page,
        new or copied, a new one. A page that is refused leaves none behind.
        """
        if self.pk is None and not LESSON_SLUG.fullmatch(str(self.slug or "")):  # type: ignore[has-type]
            self.slug = next_lesson_slug(self.get_parent())
        if self.lesson_id is None and getattr(self, "lesson", None) is None:
            other = LessonPage.objects.filter(translation_key=self.translation_key).exclude(pk=self.pk).first()
            self.lesson = other.lesson if other else Lesson.objects.create(module=self.get_parent().specific.module)
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> LessonPage:
        """An older text of this page is a text of this lesson, here, also when it was copied from another page."""
        page = super().with_content_json(content)
        page.lesson_id, page.slug = self.lesson_id, self.slug
        return page

    def neutral_path(self) -> str:
        return f"{self.lesson.module.slug}/{self.slug}"
