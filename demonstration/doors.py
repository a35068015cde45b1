"""The doors on the demonstration's home page: one sentence each, one tap to go in."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from demonstration import cast


@dataclass(frozen=True)
class Door:
    """A kind of work that can be tried. ``note``: what has to be typed there."""

    title: str | Promise
    sentence: str | Promise
    icon: str
    accounts: tuple[tuple[str, str | Promise], ...]
    note: str | Promise = ""


DOORS = (
    Door(
        _("Study"),
        _("Read a lesson on your phone, take its quiz and see where you are in your term."),
        "icons/book.svg",
        (
            ("learner", _("Wanjikũ, one quiz from her first certificate")),
            ("learner_new", _("Amélia, on her first day")),
            ("learner_due", _("Chiŵale, one practice short")),
        ),
        # Translators: on the demonstration's home page. {pin} is six digits.
        format_lazy(_("To keep a module on this phone, her PIN is {pin}."), pin=cast.PIN),
    ),
    Door(
        _("Write"),
        _("Change a lesson, translate it, and have it reviewed before it is approved."),
        "icons/pencil.svg",
        (
            ("trainer", _("Gathoni, who writes")),
            ("translator", _("Salma, who translates into Kiswahili")),
            ("reviewer", _("Dr Njeri, who reviews")),
        ),
    ),
    Door(
        _("Supervise"),
        _("See who needs you today, sign off a practice and check a certificate."),
        "icons/people.svg",
        (
            ("supervisor", _("Wambui, supervisor at one site")),
            ("nurse", _("Sister Atieno, nurse at the same site")),
            ("coordinator", _("Esther, who opens accounts and issues certificates")),
        ),
        format_lazy(
            # Translators: on the demonstration's home page. {name} is a work name, {pin} six digits.
            _("Wambui signs on a learner’s phone with her work name {name} and her signing PIN {pin}."),
            name="SUP-304",
            pin=cast.SIGNING_PIN,
        ),
    ),
    Door(
        _("Lead a district"),
        _("See how the sites are doing, without names where you need none."),
        "icons/globe.svg",
        (
            ("district_manager", _("Baraka, district manager")),
            ("programme_manager", _("Lerato, programme manager")),
            ("monitoring", _("Peter, monitoring: counts only")),
            ("privacy_officer", _("Naledi, privacy officer")),
        ),
    ),
)


SECOND_DOORS = (
    Door(
        _("Study"),
        _("Read a lesson on your phone, take its quiz and see where you are in your four weeks."),
        "icons/book.svg",
        (
            ("visitor", _("Thandiwe, on her first day")),
            ("visitor_due", _("Elsabé, one practice from her certificate")),
        ),
    ),
    Door(
        _("Lead a team"),
        _("See who needs you today, sign off a practice and check a certificate."),
        "icons/people.svg",
        (
            ("team_leader", _("Oupa Daniels, who leads two teams")),
            ("coordinator", _("Marlene, who opens accounts and issues certificates")),
            ("programme_manager", _("Ebrahim, programme manager")),
        ),
    ),
    Door(
        _("Write"),
        _("Change a lesson, and have it reviewed before it is approved."),
        "icons/pencil.svg",
        (("trainer", _("Beauty, who writes")),),
    ),
)
