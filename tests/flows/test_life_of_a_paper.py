"""The life of a paper: the next one, a whole cohort with their cards, the last of a term, one that two withdraw."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.flows.devices import DESK, PHONE
from tests.flows.journey import go_in, heading
from tests.flows.stage import Stage, manage
from tests.flows.test_access import violations

REMEMBERED = ".papers"
PIN, PASSWORD = "204060", "open the notebook"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

MORE_WOMEN = """
from django.utils import timezone
from certificates.actions import sign_off
from certificates.models import Award
from demonstration import cast, staging
from people.models import User
from programme.models import RoleAssignment, Term

today = timezone.now().date()
held = RoleAssignment.objects.filter(role="supervisor").select_related("unit", "user")
staff = staging.Staff({row.unit.short_code: row.user for row in held}, {"KE": User.objects.get(alias="COO-305")})
secrets, texts = staging.Secrets(), staging.Texts()

def part(alias, name, day, **fields):
    made = cast.Part(alias, name, "KE-11", day, languages=("en", "sw"), quizzes=cast.ALL, **fields)
    staging.stage_part(made, today, staff, texts, secrets)
    return Term.objects.get(learner__alias=alias)

def papers(days_ago):
    return {"practices": cast.ALL, "certificates": (("induction", days_ago + 60, ""), ("certified", days_ago, ""))}

# Certified ten months ago; three who have done their induction; and one whose term ends in ten days.
part("ZAW-501", "Zawadi", 400, extended_days=365, **papers(310))
for alias, name in (("AKI-502", "Akinyi"), ("MAK-503", "Makena"), ("CHE-504", "Chebet")):
    term = part(alias, name, 18, practices=("P2", "S1"))
    award = Award.objects.get(programme=term.programme, code="induction")
    sign_off(term=term, award=award, signed_by=staff.supervisors["KE-11"], on=today)
part("WAM-505", "Wamaitha", 355, **papers(200))
"""

WORK = """
from django_tasks_db.models import DBTaskResult
from certificates.batches import go_on

asked = DBTaskResult.objects.filter(task_path=go_on.module_path).latest("enqueued_at")
go_on.call(*asked.args_kwargs["args"])
"""

NUMBERS = (
    "SELECT c.serial FROM certificates_certificate c JOIN programme_term t ON t.id = c.term_id"
    " JOIN people_user u ON u.id = t.learner_id JOIN certificates_award a ON a.id = c.award_id"
    " WHERE u.alias = ? AND a.code = ? ORDER BY c.id"
)
COHORT = "SELECT count(*) FROM certificates_certificate c JOIN programme_term t ON t.id = c.term_id JOIN people_user u"
COHORT += " ON u.id = t.learner_id WHERE u.alias IN ('AKI-502', 'MAK-503', 'CHE-504')"


@pytest.fixture(scope="module")
def _more_women(stage: Stage) -> None:
    stage.start_over()
    manage(stage.database.parent, "shell", "--no-imports", "-c", MORE_WOMEN)
    stage.remember(REMEMBERED)


@pytest.fixture(autouse=True)
def _their_day(stage: Stage, _more_women: None, _first_day: None) -> None:
    stage.start_over(REMEMBERED)


@pytest.fixture
def signed_in(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Somebody who has no door of her own, by the form."""

    def _sign_in(alias: str, secret: str, device: dict[str, Any] = PHONE) -> Page:
        page = open_page(device)
        page.goto("/en/sign-in/?site")
        page.locator("[name=login]").fill(alias)
        page.locator("[name=password]").fill(secret)
        page.locator("button[form=sign-in]").click()
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        return page

    return _sign_in


def numbers(stage: Stage, alias: str, award: str) -> list[str]:
    return [serial for (serial,) in stage.rows(NUMBERS, alias, award)]


def work(stage: Stage, *, has_key: bool = True) -> None:
    """The background takes up the batch that was asked for last, and no other of its work."""
    begin = "" if has_key else "from django.conf import settings\nsettings.ISSUER_KEY_SECRET = ''\n"
    manage(stage.database.parent, "shell", "--no-imports", "-c", begin + WORK)


def open_award(page: Page, alias: str, title: str) -> None:
    """From the roster to her record, and on to one certificate."""
    page.goto(f"/en/roster/?q={alias}")
    page.locator("main table a").first.click()
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def check(stranger: Page, serial: str) -> str:
    """What anybody reads about a number."""
    stranger.goto("/verify/")
    stranger.get_by_label("Number on the paper").fill(serial)
    stranger.get_by_role("button", name="Check", exact=True).click()
    return stranger.locator("main .tag").first.inner_text().strip()


def watch(page: Page) -> None:
    page.get_by_label("Role play").check()
    for step in page.locator(".card > fieldset.options").all():
        step.get_by_label("Done well").check()
    page.get_by_label("What went well").fill("A calm voice.")
    page.get_by_label("The next step").fill("Leave a pause.")
    page.get_by_role("button", name="Sign this practice").click()
    expect(page.get_by_text("Saved: signed off.")).to_be_visible()


def test_the_next_paper_from_the_first_reminder_to_both_numbers(
    open_page: Callable[..., Page], signed_in: Callable[..., Page], stage: Stage
) -> None:
    her = signed_in("ZAW-501", PIN)
    note = her.locator("main .notice").filter(has_text="A paper of yours ends on")
    expect(note).to_contain_text("There is time to make the next one.")
    expect(note).not_to_contain_text("Competence")

    supervisor = open_page(PHONE)
    go_in(supervisor, "Wambui")
    line = supervisor.get_by_role("link").filter(has_text="Zawadi")
    expect(line).to_contain_text("Her certificate ends on")
    line.click()
    supervisor.get_by_role("link", name="Certificate of Competence").first.click()
    expect(supervisor.locator("main")).to_contain_text("No practice is signed off since")
    assert supervisor.get_by_role("button", name="Sign off the next one").count() == 0
    supervisor.get_by_text("Watch her and sign").click()
    supervisor.get_by_role("link", name="Watch M4 and sign").click()
    watch(supervisor)
    open_award(supervisor, "ZAW-501", "Certificate of Competence")
    supervisor.get_by_role("button", name="Sign off the next one").click()
    expect(supervisor.get_by_role("status")).to_contain_text("Signed off.")
    assert supervisor.evaluate(TOO_WIDE) == 0

    coordinator = open_page(DESK)
    go_in(coordinator, "Esther")
    open_award(coordinator, "ZAW-501", "Certificate of Competence")
    coordinator.get_by_role("button", name="Issue the next one").click()
    expect(coordinator.get_by_role("status")).to_contain_text("Issued.")
    expect(coordinator.locator("main")).to_contain_text("Earlier papers")

    old, new = numbers(stage, "ZAW-501", "certified")
    stranger = open_page(PHONE)
    assert (check(stranger, old), check(stranger, new)) == ("Current", "Current")
    assert [violations(each) for each in (supervisor, coordinator, stranger)] == [[], [], []]
    assert "Zawadi" not in stranger.content()
    her.goto("/en/certificates/")
    expect(her.get_by_text("A newer paper has taken over. This number stays good until its day.")).to_have_count(1)
    her.goto("/en/today/")
    expect(her.get_by_text("A paper of yours ends on")).to_have_count(0)


def test_a_cohort_stops_goes_on_and_gets_its_cards(
    open_page: Callable[..., Page], stage: Stage, tmp_path: Path
) -> None:
    page = open_page(PHONE)
    go_in(page, "Esther")
    page.goto("/en/roster/")
    page.get_by_role("link", name="Certificates: who can have one now").click()
    page.get_by_role("link", name="Certificate of Induction").first.click()
    expect(page.get_by_role("heading", name="3 can have it now")).to_be_visible()
    page.get_by_role("button", name="Issue all 3").dblclick()
    far = page.locator("#far")
    expect(far).to_have_text("0 of 3 made")

    work(stage, has_key=False)
    # The page looks again by itself; nobody has touched it.
    expect(page.locator("main .notice.warn")).to_contain_text("What is made stays made")
    expect(far).to_have_text("0 of 3 made")
    assert stage.rows(COHORT) == [(0,)]
    assert violations(page) == []
    assert page.evaluate(TOO_WIDE) == 0
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("3 wait. You can leave this page")).to_be_visible()
    work(stage)
    expect(far).to_have_text("3 of 3 made")
    expect(page.get_by_text("All done. Each of them sees hers on her page.")).to_be_visible()
    expect(page.locator("[role=status][data-told]")).to_have_text("3 of 3 made")
    assert stage.rows(COHORT) == [(3,)]
    assert violations(page) == []
    with page.expect_download() as taken:
        page.get_by_role("link", name="Cards to hand out (PDF)").click()
    taken.value.save_as(tmp_path / "cards.pdf")
    assert (tmp_path / "cards.pdf").read_bytes().startswith(b"%PDF-")
    # Whoever taps once more makes nothing more.
    page.goto("/en/awards/1/")
    expect(page.get_by_role("heading", name=re.compile("can have it now"))).to_have_count(0)


def test_the_last_paper_of_a_term(open_page: Callable[..., Page], signed_in: Callable[..., Page], stage: Stage) -> None:
    her = signed_in("WAM-505", PIN)
    her.goto("/en/certificates/")
    expect(her.get_by_role("heading", name="Your career passport")).to_be_visible()

    supervisor = open_page(PHONE)
    go_in(supervisor, "Wambui")
    open_award(supervisor, "WAM-505", "Career Passport")
    supervisor.get_by_role("button", name="Sign off").click()
    coordinator = open_page(DESK)
    go_in(coordinator, "Esther")
    open_award(coordinator, "WAM-505", "Career Passport")
    coordinator.get_by_role("button", name="Issue the certificate").click()
    expect(coordinator.get_by_role("link", name="Get the paper (PDF)")).to_be_visible()

    her.goto("/en/certificates/")
    expect(her.get_by_role("heading", name="Your career passport")).to_have_count(0)
    expect(her.get_by_role("heading", level=2).first).to_have_text("Career Passport")
    (serial,) = numbers(stage, "WAM-505", "passport")
    with her.expect_download() as taken:
        her.get_by_role("link", name="Get the paper (PDF)").first.click()
    assert taken.value.suggested_filename == f"{serial}.pdf"


def test_two_people_withdraw_one(open_page: Callable[..., Page], signed_in: Callable[..., Page], stage: Stage) -> None:
    (serial,) = numbers(stage, "ZAI-108", "certified")
    stranger = open_page(PHONE)
    assert check(stranger, serial) == "Current"
    first = open_page(PHONE)
    go_in(first, "Esther")
    open_award(first, "ZAI-108", "Certificate of Competence")
    first.get_by_text("Change this certificate").click()
    first.get_by_role("button", name="Ask somebody to withdraw it").click()
    expect(first.get_by_role("status")).to_contain_text("Nothing has changed yet")
    assert first.get_by_role("button", name="I agree").count() == 0
    assert check(stranger, serial) == "Current"

    second = signed_in("PRO-308", PASSWORD)
    open_award(second, "ZAI-108", "Certificate of Competence")
    second.get_by_role("button", name="I agree: withdraw it for good").click()
    expect(second.locator("main")).to_contain_text("Withdrawn for good by Lerato; Esther had asked for it.")
    assert second.evaluate(TOO_WIDE) == 0
    assert check(stranger, serial) == "Not current"
    assert [violations(each) for each in (first, second, stranger)] == [[], [], []]
    her = signed_in("ZAI-108", PIN)
    her.goto("/en/certificates/")
    heading(her, "My certificates")
    expect(her.get_by_text("It does not count any more. You can ask your coordinator why.")).to_be_visible()
