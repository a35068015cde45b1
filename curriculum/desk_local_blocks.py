"""What a country has of its own in shared lessons, at the desk: beside which block it stands, and what has changed."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column

from curriculum import policies
from curriculum.desk_viewsets import DeskViewSet
from curriculum.freeze import freeze_module
from curriculum.local_blocks import beside_now, is_behind, shared_block, stored
from curriculum.models import Lesson, LessonPage, LocalBlock
from curriculum.separation import only_hers

SHARED_HAS_CHANGED = gettext_lazy("The shared text beside it has changed. Look at both.")


def words_of(row: Any) -> str:
    """What a stored block says, without its marks, for a list of blocks."""
    if row is None:
        return _("It is not in the lesson any more.")
    found: list[str] = []

    def take(value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name not in ("id", "type", "note", "image", "recording", "entry"):
                    take(inner)
        elif isinstance(value, list):
            for inner in value:
                take(inner)
        elif isinstance(value, str):
            found.append(re.sub(r"\s+", " ", strip_tags(value.replace("</p>", " </p>").replace("</li>", " </li>"))))

    take(row["value"])
    return " ".join(text.strip() for text in found if text.strip())


class LocalBlockForm(WagtailAdminModelForm):
    """Beside which shared block it stands is chosen by its words; looking at a changed one is a tick."""

    beside_block = forms.ChoiceField(
        label=gettext_lazy("Beside which block of the shared lesson"),
        help_text=gettext_lazy(
            "Only your country sees your block. Everything else goes on coming from the shared lesson."
        ),
    )
    is_seen = forms.BooleanField(
        required=False,
        label=gettext_lazy("I have looked at the shared text as it is now"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = policies.countries_valued_by(self.for_user)
        if countries is not None and "country" in self.fields:
            self.fields["country"].queryset = self.fields["country"].queryset.filter(pk__in=countries)
        self.fields["beside_block"].choices = [("", "–"), *_choices(self.for_user)]
        if self.instance.pk:
            self.initial["beside_block"] = f"{self.instance.lesson_id}:{self.instance.beside}"
            self._tell_what_changed()
        else:
            del self.fields["is_seen"]
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(
                label=self.fields["language"].label,
                choices=settings.LANGUAGES,
                help_text=gettext_lazy("Write it in the language of the shared lesson first."),
            )

    def _tell_what_changed(self) -> None:
        behind = is_behind(self.instance)
        if self.instance.language == settings.LANGUAGE_CODE:
            row = shared_block(self.instance.lesson, self.instance.beside)
        else:
            source = LocalBlock.objects.in_source_language().filter(identity=self.instance.identity).first()
            row = stored(source) if source is not None else None
        now = _("It says now: %(words)s") % {"words": words_of(row)}
        self.fields["is_seen"].help_text = f"{SHARED_HAS_CHANGED} {now}" if behind else now
        self.initial["is_seen"] = not behind

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        lesson, _sign, block = (cleaned.get("beside_block") or "").partition(":")
        if not lesson:
            return cleaned
        language, country = cleaned.get("language"), cleaned.get("country")
        self.instance.lesson, self.instance.beside = Lesson.objects.get(pk=lesson), uuid.UUID(block)
        if country and language and language != settings.LANGUAGE_CODE and not self.instance.pk:
            source = self._source(country, cleaned.get("where"))
            if source is None:
                raise ValidationError(
                    {"language": _("Please write this block in the language of the shared lesson first.")}
                )
            self.instance.identity, self.instance.name = source.identity, source.name
            self.instance.position = source.position
        if self._others(country, language, cleaned.get("where")).exists():
            raise ValidationError({"beside_block": _("Your country has a block instead of this one already.")})
        return cleaned

    def _source(self, country: Any, where: Any) -> LocalBlock | None:
        rows = LocalBlock.objects.in_source_language().filter(
            country=country, lesson=self.instance.lesson, beside=self.instance.beside, where=where
        )
        taken = LocalBlock.objects.filter(language=self.cleaned_data.get("language")).values("identity")
        return rows.exclude(identity__in=taken).first()

    def _others(self, country: Any, language: Any, where: Any) -> QuerySet[LocalBlock]:
        rows = LocalBlock.objects.filter(
            country=country, lesson=self.instance.lesson, beside=self.instance.beside, language=language
        )
        rows = rows.exclude(pk=self.instance.pk)
        return rows.filter(where="replaces") if where == "replaces" else rows.none()

    def save(self, commit: bool = True) -> LocalBlock:
        was_behind = bool(self.instance.pk) and is_behind(LocalBlock.objects.get(pk=self.instance.pk))
        if not self.instance.pk or not was_behind or self.cleaned_data.get("is_seen"):
            self.instance.made_beside = beside_now(self.instance)
        row: LocalBlock = super().save(commit)
        if commit:
            freeze_module(row.lesson.module)
        return row


def _choices(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every block of every published lesson, by its lesson."""
    every = LessonPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE, live=True)
    pages = only_hers(user, every)
    found = []
    for page in pages.select_related("lesson__module").order_by("lesson__module__code", "path"):
        names = {name: block.label for name, block in page.body.stream_block.child_blocks.items()}
        rows = [
            (f"{page.lesson_id}:{row['id']}", f"{names.get(row['type'], '')}: {words_of(row)[:80]}")
            for row in page.body.raw_data
        ]
        found.append((f"{page.lesson.module.code} {page.title}", rows))
    return found


class BesideColumn(Column):
    """Whether somebody has to look at it."""

    def get_value(self, instance: LocalBlock) -> str:
        return str(SHARED_HAS_CHANGED) if is_behind(instance) else ""


class WordsColumn(Column):
    """How it begins."""

    def get_value(self, instance: LocalBlock) -> str:
        row = stored(instance)
        return words_of(row)[:60] if row is not None else ""


class LocalBlockViewSet(DeskViewSet):
    model = LocalBlock
    icon = "globe"
    menu_label = gettext_lazy("Blocks of my country")
    menu_name = "local-blocks"
    menu_order = 152
    list_display = [
        WordsColumn("words", label=gettext_lazy("Block")),
        Column("country", label=gettext_lazy("Country")),
        Column("lesson.module", label=gettext_lazy("Module")),
        Column("language", label=gettext_lazy("Language")),
        BesideColumn("beside", label=gettext_lazy("The shared text")),
    ]
    list_filter = ["country", "language"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("country"), FieldPanel("language"), FieldPanel("beside_block"), FieldPanel("where")],
                heading=gettext_lazy("Where it stands"),
            ),
            FieldPanel("is_seen", heading=gettext_lazy("The shared text beside it")),
            FieldPanel("body"),
        ],
        base_form_class=LocalBlockForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[LocalBlock]:
        return super().get_queryset(request).select_related("country", "lesson__module__strand")
