"""A cohort with its trainer, and a sheet as a browser sends it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.test import Client

from people.models import User
from programme.models import Cohort, OrganisationUnit, PathwayVersion, Term
from tests.factories import as_user, give_consent, make_pathway_version, make_staff, make_term, make_unit, make_user


@dataclass
class Class:
    """A cohort of ``women`` who began twenty days ago at one site, and their ``trainer``."""

    cohort: Cohort
    women: list[Term]
    trainer: User
    facility: OrganisationUnit
    version: PathwayVersion
    today: date

    @property
    def browser(self) -> Client:
        return as_user(self.trainer)

    @property
    def days(self) -> str:
        return f"/en/people/cohorts/{self.cohort.pk}/days/"

    def sheet(self, half: str = "am", ago: int = 1) -> str:
        return f"{self.days}{self.today - timedelta(days=ago)}/{half}/"


def make_class(women: int = 2, role: str = "trainer") -> Class:
    version = make_pathway_version()
    programme = version.pathway.programme
    facility = make_unit(parent=programme.root_unit)
    today = facility.today()
    start_on = today - timedelta(days=20)
    cohort = Cohort.objects.create(programme=programme, unit=facility, code="spring", start_on=start_on)
    trainer = make_staff(facility, role)
    found = Class(cohort, [], trainer, facility, version, today)
    for number in range(women):
        found.women.append(add_woman(found, f"K7M-2Q{number}", f"Name {number}"))
    return found


def add_woman(of: Class, alias: str, name: str = "Wanjikũ", **fields: Any) -> Term:
    learner = make_user(alias=alias, name=name)
    give_consent(learner)
    return make_term(
        learner=learner,
        facility=of.facility,
        pathway_version=of.version,
        **{"start_on": of.cohort.start_on, "cohort": of.cohort} | fields,
    )


def hidden(response: Any) -> dict[str, str]:
    """What the sheet carries."""
    html = response.content.decode()
    return dict(re.findall(r'name="(client_uuid|mark)" value="([^"]*)"', html))


def take(
    browser: Client, address: str, there: list[Term], hours: str = "3", carried: dict[str, str] | None = None
) -> Any:
    """Open the sheet (or go on with what an older page of it carried), tick and save."""
    carried = carried or hidden(browser.get(address))
    return browser.post(address, {**carried, "hours": hours, "there": [str(term.uuid) for term in there]})
