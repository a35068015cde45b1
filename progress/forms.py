"""What a lesson's form sends back, made into typed values."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class StudyForm(forms.Form):
    """Which act this is, and which text she read: written by the server, carried by her page."""

    client_uuid = forms.UUIDField()
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    content_hash = forms.RegexField(r"^[0-9a-f]{64}$")


class SentStudyForm(StudyForm):
    """The same from a phone, which also says which lesson it was, and of which country."""

    lesson = forms.UUIDField()
    country = forms.RegexField(r"^[A-Z]{2}$")


class UpdateForm(StudyForm):
    """Her answer to the safety question of an update."""

    choice = forms.UUIDField()


class SentUpdateForm(UpdateForm):
    """The same from a phone, which also says which update it was, and of which country."""

    update = forms.UUIDField()
    country = forms.RegexField(r"^[A-Z]{2}$")


class FindForm(forms.Form):
    """What she looks for. Her phone is asked not to remember it."""

    asked = forms.CharField(
        label=_("A word, or how it begins"),
        max_length=60,
        required=False,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "enterkeyhint": "search"}
        ),
    )
