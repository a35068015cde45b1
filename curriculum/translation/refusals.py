"""What is not published as a translation. Each refusal is a sentence for the translator, or names the rule."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from curriculum.four_eyes import PublicationRefused
from curriculum.translation.sentences import plain


class MissingTranslations(PublicationRefused):
    """Sentences without a translation. ``missing`` names each: its path in the object and its source text."""

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        self.missing = list(missing)
        sentences = "; ".join(f"“{Truncator(plain(text)).chars(60)}”" for _path, text in self.missing[:3])
        message = ngettext(
            # Translators: Shown to a translator. "sentences" quotes the first few of them.
            "Nothing was published: one sentence is not translated yet: %(sentences)s",
            "Nothing was published: %(count)s sentences are not translated yet. The first: %(sentences)s",
            len(self.missing),
        )
        super().__init__([message % {"count": len(self.missing), "sentences": sentences}])


class SourceTextUnderOtherLanguage(MissingTranslations):
    """A text in one language was about to go live as another."""


class ParentNotTranslated(PublicationRefused):
    """The page above is not there in that language, and nobody makes it up."""

    def __init__(self, title: str) -> None:
        # Translators: "title" is a page of the library, such as a module.
        super().__init__([_("Translate “%(title)s” first: this page stands under it.") % {"title": title}])


class AliasRefused(PermissionDenied):
    """An alias shows one language under the address of another; there are none here."""
