"""How Django keeps its translations: ``programme.wording`` stands in the place of one of its classes."""

from __future__ import annotations

from django.utils.translation import gettext, override, trans_real

from programme import wording


def test_languages_are_made_with_the_class_that_the_module_names() -> None:
    assert trans_real.DjangoTranslation is wording.WordedTranslation
    with override("sw"):
        gettext("Site")
    assert {type(kept) for kept in trans_real._translations.values()} == {wording.WordedTranslation}


def test_every_phrase_goes_through_these_two() -> None:
    """``pgettext`` and ``npgettext`` ask them too."""
    asked = []

    class Listening(wording.WordedTranslation):  # type: ignore[misc]
        def gettext(self, message: str) -> str:
            asked.append(message)
            return message

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            asked.append(msgid1)
            return "said"

    before = getattr(trans_real._active, "value", None)
    trans_real._active.value = Listening("en")
    try:
        trans_real.pgettext("a", "b")
        trans_real.npgettext("c", "d", "e", 2)
    finally:
        trans_real._active.value = before
    assert asked == ["a\x04b", "c\x04d"]
