"""The interface's text: every string is in the catalogs, and a language called complete is complete."""

from __future__ import annotations

import io
from gettext import GNUTranslations

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from django.conf import settings

from config import messages

COMPLETE = [language for language in settings.COMPLETE_LANGUAGES if language != messages.SOURCE]


def test_every_language_of_the_interface_has_a_catalog() -> None:
    assert set(messages.LANGUAGES) == {code for code, _name in settings.LANGUAGES}
    assert [language for language in messages.LANGUAGES if not messages.path_of(language).exists()] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_catalog_holds_exactly_what_the_code_says(language: str) -> None:
    assert messages.stale(language) == [], "do: script/messages"


@pytest.mark.parametrize("language", COMPLETE)
def test_complete_language_lacks_nothing(language: str) -> None:
    lacking = [message.id for message in messages.missing(language)]

    assert lacking == [], f"see: script/messages --missing {language}"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_keep_every_value(language: str) -> None:
    assert [wrong for message in messages.kept(language) for wrong in messages.wrong_placeholders(message)] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_catalog_compiles_to_what_the_program_reads(language: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, messages.kept(language))
    compiled.seek(0)
    read = GNUTranslations(compiled)

    for message in messages.kept(language):
        if message.id and not messages.is_missing(message) and not message.pluralizable:
            said = read.pgettext(message.context, message.id) if message.context else read.gettext(message.id)
            assert said == message.string


def one(text: str | tuple[str, str], string: str | tuple[str, ...], **fields: object) -> list[str]:
    catalog = Catalog(locale="sw")
    catalog.add(text, string, **fields)  # type: ignore[arg-type]
    return messages.wrong_placeholders(next(message for message in catalog if message.id))


@pytest.mark.parametrize(
    ("text", "string", "wrong"),
    [
        ("%(done)s of %(total)s", "%(done)s kati ya %(total)s", 0),
        ("%(done)s of %(total)s", "%(total)s: %(done)s", 0),
        ("%(done)s of %(total)s", "%(done)s", 1),
        ("%(done)s of %(total)s", "%(imefanyika)s kati ya %(total)s", 1),
        ("Until {date}", "Hadi {date}", 0),
        ("Until {date}", "Hadi {tarehe}", 1),
        (("One lesson", "%(n)s lessons"), ("Somo moja", "Masomo %(n)s"), 0),
        (("%(n)s lesson", "%(n)s lessons"), ("Somo moja", "Masomo"), 2),
        (("One lesson", "%(n)s lessons"), ("Somo moja", "Masomo %(x)s"), 1),
        ("Not yet translated %(n)s", "", 0),
    ],
)
def test_dropped_or_invented_value_is_found(
    text: str | tuple[str, str], string: str | tuple[str, ...], wrong: int
) -> None:
    assert len(one(text, string)) == wrong


def from_template(source: str) -> list[tuple[object, list[str]]]:
    found = messages.extract_template(io.BytesIO(source.encode()), messages.KEYWORDS, messages.NOTE, {})
    return [(text, notes) for _line, _function, text, notes in found]


def test_template_gives_its_strings_with_their_notes() -> None:
    source = """
<p title="{% trans 'It&apos;s mine' %}">it's {# a remark, it's not for translators #}
    {# Translators: on a button #}{% translate "Go" %}
  {% blocktranslate trimmed count n=many %}One
     lesson{% plural %}{{ n }} lessons{% endblocktranslate %}</p>
{% comment %}Translators: a month{% endcomment %}{% trans "May" context "month" %}
"""
    assert from_template(source) == [
        ("It&apos;s mine", []),
        ("Go", ["Translators: on a button"]),
        (("One lesson", "%(n)s lessons", None), []),
        (("month", "May"), ["Translators: a month"]),
    ]
