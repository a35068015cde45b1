"""What people type about themselves, made into typed values."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from people.auth import ONE_MESSAGE
from people.consent import QUESTIONS
from people.models import ConsentPart, User, normalise_alias
from people.offered import offered
from people.pins import PIN_LENGTH

FILL_IN = {"required": _("Fill this in.")}
NOT_REMEMBERED = {"autocomplete": "off", "autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
"""Phones are shared: the browser is asked to offer nobody's name."""


def alias_field() -> forms.CharField:
    widget = forms.TextInput(NOT_REMEMBERED | {"autocapitalize": "characters"})
    return forms.CharField(label=_("Work name"), widget=widget, error_messages=FILL_IN)


class PinInput(forms.PasswordInput):
    """Seen as dots, and yet no password field: browsers offer to remember those, and note the work name beside.

    They do so whatever ``autocomplete`` says. Staff keep a password field: their password belongs in a safe.
    """

    input_type = "text"

    def __init__(self, attrs: dict[str, Any]) -> None:
        super().__init__(attrs | {"inputmode": "numeric", "class": "dots"})


def secret_field(label: Any, *, is_pin: bool = True, **options: Any) -> forms.CharField:
    """A PIN with a keyboard of digits, or a password; never shown again, never trimmed."""
    widget = PinInput(NOT_REMEMBERED) if is_pin else forms.PasswordInput(NOT_REMEMBERED)
    return forms.CharField(label=label, widget=widget, strip=False, error_messages=FILL_IN, **options)


class SignInForm(LoginForm):
    """Work name or phone, and PIN or password, in the two fields ``login`` and ``password``."""

    def __init__(self, *args: Any, has_password: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = alias_field()
        self.fields["login"].label = _("Work name or phone number")
        self.fields["password"] = secret_field(_("Password") if has_password else _("PIN"), is_pin=not has_password)

    def clean(self) -> dict[str, Any]:
        """One message for whatever did not work, so that no field tells more than another."""
        if self.errors:
            self.errors.clear()
            raise forms.ValidationError(ONE_MESSAGE)
        return super().clean()

    def user_credentials(self) -> dict[str, Any]:
        """After signing in the alias, never what was typed: allauth notes it in the session."""
        credentials = super().user_credentials()
        return credentials | {"username": self.user.alias} if self.user else credentials


class SlipForm(forms.Form):
    """The two things on the printed slip."""

    alias = alias_field()
    code = forms.CharField(
        label=_("Code"),
        help_text=_("The eight letters and digits on your slip."),
        widget=forms.TextInput(NOT_REMEMBERED | {"autocapitalize": "characters"}),
        error_messages=FILL_IN,
    )


class NewSecretForm(forms.Form):
    """The new PIN or password, typed twice; whether it is good enough, the action decides."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_pin = kind == User.SecretKind.PIN
        self.fields["pin"] = secret_field(
            _("New PIN") if is_pin else _("New password"),
            is_pin=is_pin,
            help_text=_("Six digits that only you know.") if is_pin else _("At least 12 characters."),
        )
        self.fields["pin_again"] = secret_field(_("The same once more"), is_pin=is_pin)
        if is_pin:
            for name in ("pin", "pin_again"):
                self.fields[name].widget.attrs["maxlength"] = PIN_LENGTH

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"pin", "pin_again"} <= cleaned.keys() and cleaned["pin"] != cleaned["pin_again"]:
            self.add_error("pin_again", _("The two are not the same. Type it once more."))
        return cleaned


class FirstSecretForm(NewSecretForm):
    """The second step with a slip; work name and code come along unseen."""

    alias = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(widget=forms.HiddenInput)


class ChangeSecretForm(NewSecretForm):
    """The PIN she has, and the one she wants."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        is_pin = kind == User.SecretKind.PIN
        self.fields["current"] = secret_field(
            _("The PIN you have now") if is_pin else _("The password you have now"), is_pin=is_pin
        )
        self.order_fields(["current", "pin", "pin_again"])


class SigningPinForm(forms.Form):
    """A PIN to sign with on another's phone, typed twice, and what she signs in with."""

    pin = secret_field(_("New signing PIN"), help_text=_("Six digits that only you know, and not your sign-in PIN."))
    pin_again = secret_field(_("The same once more"))
    was_seen = forms.BooleanField(
        label=_("Somebody else may know the one I had: accept nothing more that is signed with it."), required=False
    )

    def __init__(self, *args: Any, kind: str, has_one: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_pin = kind == User.SecretKind.PIN
        self.fields["current"] = secret_field(
            _("The PIN that you sign in with") if is_pin else _("The password that you sign in with"), is_pin=is_pin
        )
        for name in ("pin", "pin_again"):
            self.fields[name].widget.attrs["maxlength"] = PIN_LENGTH
        if not has_one:
            del self.fields["was_seen"]
        self.order_fields(["current", "pin", "pin_again", "was_seen"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"pin", "pin_again"} <= cleaned.keys() and cleaned["pin"] != cleaned["pin_again"]:
            self.add_error("pin_again", _("The two are not the same. Type it once more."))
        return cleaned


class ConsentForm(forms.Form):
    """Five answers: the first yes or no, the others a tick that is off until she sets it."""

    part_1 = forms.ChoiceField(
        label=QUESTIONS[0].title,
        choices=[("yes", QUESTIONS[0].yes), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")},
    )
    witness = forms.CharField(
        label=_("Did somebody read this to you?"),
        help_text=_("Then she can write her work name here. Not her own name."),
        required=False,
        max_length=24,
        widget=forms.TextInput(NOT_REMEMBERED | {"autocapitalize": "characters"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS[1:]:
            self.fields[f"part_{question.part}"] = forms.BooleanField(label=question.yes, required=False)

    def clean_witness(self) -> str:
        witness = normalise_alias(self.cleaned_data["witness"])
        if witness and not re.fullmatch(r"[A-Z0-9-]{4,24}", witness):
            raise forms.ValidationError(_("Write a work name: letters, digits and a dash."))
        return witness

    def answers(self) -> dict[int, bool]:
        """Part: yes or no, for all five."""
        return {part: self.cleaned_data[f"part_{part}"] in ("yes", True) for part in ConsentPart.values}


class OneConsentForm(forms.Form):
    """One of the parts that may be changed later: all but the first."""

    part = forms.TypedChoiceField(choices=[(part.value, part.label) for part in list(ConsentPart)[1:]], coerce=int)
    given = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda value: value == "yes")


class LanguagesForm(forms.Form):
    """Her languages in order: four lists, only the first needed."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Translators: the places of her languages in her own order.
        labels = [_("First language"), _("Second language"), _("Third language"), _("Fourth language")]
        own = [code for code in user.languages if code in dict(settings.LANGUAGES)] or user.reading_languages[:1]
        choices = offered(user)
        for place, label in enumerate(labels):
            self.fields[f"language_{place + 1}"] = forms.ChoiceField(
                label=label,
                choices=[*([] if place == 0 else [("", "–")]), *choices],
                required=place == 0,
                initial=own[place] if place < len(own) else "",
                error_messages={"invalid_choice": _("Choose a language from the list.")} | FILL_IN,
            )

    def languages(self) -> list[str]:
        """The chosen codes, the best first, without gaps and repeats."""
        chosen = [self.cleaned_data[name] for name in self.fields]
        return list(dict.fromkeys(code for code in chosen if code))


class TextSizeForm(forms.Form):
    text_size = forms.TypedChoiceField(
        label=_("Size of the letters"),
        # Translators: three sizes of letters, normal, larger, largest.
        choices=[(0, _("A")), (1, _("A+")), (2, _("A++"))],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a size."), "invalid_choice": _("Choose a size.")},
    )


class UnlockForm(forms.Form):
    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_pin = kind == User.SecretKind.PIN
        self.fields["pin"] = secret_field(_("PIN") if is_pin else _("Password"), is_pin=is_pin)
