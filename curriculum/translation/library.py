"""The ways of wagtail-localize and Wagtail that would lead around the gate, closed or led through it.

``install`` replaces them once, when the app starts; the tripwire tests say by name which of them an upgrade
has moved.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils.translation import gettext as _
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import Locale
from wagtail_localize.locales import components
from wagtail_localize.models import LocaleSynchronization, TranslationSource
from wagtail_localize.views import convert

from curriculum.translation.gate import through_gate, untranslated_sentences
from curriculum.translation.refusals import AliasRefused, SourceTextUnderOtherLanguage
from curriculum.translation.sending import unguarded_create


def install() -> None:
    """Put our gate before the library's and Wagtail's own ways. Safe to repeat."""
    if TranslationSource.create_or_update_translation is not unguarded_create:
        return
    # All of the library's buttons, commands and views end here.
    TranslationSource.create_or_update_translation = _create_through_gate
    PublishRevisionAction.execute = _refusing_source_text(PublishRevisionAction.execute)
    CreatePageAliasAction.execute = _refuse_alias
    convert.sync_alias = _refuse_alias
    LocaleSynchronization.save = _refuse_alias
    components.LOCALE_COMPONENTS[:] = [
        component for component in components.LOCALE_COMPONENTS if component["model"] is not LocaleSynchronization
    ]


@wraps(unguarded_create)
def _create_through_gate(
    self: TranslationSource,
    locale: Locale,
    user: Any = None,
    publish: bool = True,
    copy_parent_pages: bool = False,
    fallback: bool = False,
) -> tuple[Any, bool]:
    return through_gate(self, locale, user=user, publish=publish)


def _refusing_source_text(publish: Callable[..., Any]) -> Callable[..., Any]:
    """``publish``, except that it raises ``SourceTextUnderOtherLanguage`` for what was not translated."""

    @wraps(publish)
    def execute(self: PublishRevisionAction, skip_permission_checks: bool = False) -> Any:
        if sentences := untranslated_sentences(self.object):
            raise SourceTextUnderOtherLanguage(sentences)
        return publish(self, skip_permission_checks=skip_permission_checks)

    return execute


def _refuse_alias(*args: Any, **kwargs: Any) -> None:
    raise AliasRefused(_("A page in another language is a translation of its own, never a copy that follows."))
