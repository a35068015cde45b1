"""What people type about themselves, made into typed values."""

from __future__ import annotations

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Work name or phone, and PIN or password, in the two fields ``login`` and ``password``."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Work name")
        self.fields["password"].label = _("PIN")
