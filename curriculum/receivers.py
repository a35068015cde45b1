"""What this app does when Wagtail publishes, takes back, moves or deletes a page."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from curriculum.freeze import freeze_module
from curriculum.models import LessonPage, LocalBlock, Module, ModulePage
from curriculum.translation import record_publication


def on_page_published(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    record_publication(instance)
    on_page_changed(sender, instance)


def on_published(sender: type, instance: Any, **kwargs: Any) -> None:
    """Pages have a signal of their own; this is for everything else that can be published."""
    if not isinstance(instance, Page):
        record_publication(instance)


def on_page_changed(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A page of ours was published, unpublished, moved or deleted: what learners read follows."""
    page = instance.specific if type(instance) is Page else instance
    if isinstance(page, ModulePage):
        freeze_module(page.module)
    elif isinstance(page, LessonPage):
        freeze_module(page.lesson.module)


def on_page_deleted(sender: type[Page], instance: ModulePage | LessonPage, **kwargs: Any) -> None:
    module = instance.module if isinstance(instance, ModulePage) else instance.lesson.module
    if Module.objects.filter(pk=module.pk).exists():
        freeze_module(module)


def on_local_block_deleted(sender: type[LocalBlock], instance: LocalBlock, **kwargs: Any) -> None:
    """Its country reads the shared block again."""
    freeze_module(instance.lesson.module)
