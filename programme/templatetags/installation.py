"""What a page may say of this installation when it was drawn without a request."""

from __future__ import annotations

from django import template

from programme.models import Installation

register = template.Library()


@register.simple_tag
def is_known_demonstration() -> bool:
    """Whether this process knows that nothing here is real. Asks the database nothing."""
    return Installation.is_known_demo()
