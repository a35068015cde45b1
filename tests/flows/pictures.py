"""The README's pictures, made from the real pages of a freshly staged demonstration.

Run by ``script/pictures``; writes ``docs/pictures/``.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.flows.devices import CHROMIUM, DESK, FLAGS, PHONE
from tests.flows.journey import go_in
from tests.flows.stage import ROOT, Stage, staged

FOLDER = ROOT / "docs" / "pictures"
PAGES = (
    ("today-sw", "Wanjikũ", "/sw/today/", PHONE),
    ("lesson-sw", "Wanjikũ", "/sw/m4/l2/", PHONE),
    ("roster-en", "Wambui", "/en/roster/", DESK),
    ("writing-desk-en", "Gathoni", "/admin/", DESK),
)
PAPER = (
    "SELECT c.serial FROM certificates_certificate c JOIN programme_term t ON t.id = c.term_id"
    " JOIN people_user u ON u.id = t.learner_id JOIN certificates_award a ON a.id = c.award_id"
    " WHERE u.alias = 'ZAI-108' AND a.code = 'certified'"
)


def picture_pages(browser: Browser, stage: Stage) -> None:
    """One picture per page, as somebody sees it on her own screen."""
    for name, who, path, device in PAGES:
        context = browser.new_context(base_url=stage.url, color_scheme="light", **device)
        page = context.new_page()
        go_in(page, who)
        page.goto(path, wait_until="networkidle")
        page.screenshot(path=FOLDER / f"{name}.png")
        context.close()


def picture_paper(browser: Browser, stage: Stage, folder: Path) -> None:
    """The first page of a Swahili certificate."""
    ((serial,),) = stage.rows(PAPER)
    context = browser.new_context(base_url=stage.url, **DESK)
    page = context.new_page()
    go_in(page, "Esther")
    paper = folder / "paper.pdf"
    paper.write_bytes(page.request.get(f"/en/certificates/{serial}.pdf").body())
    picture = FOLDER / "certificate-sw"
    subprocess.run(["pdftoppm", "-r", "72", "-png", "-singlefile", paper, picture], check=True)
    context.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as temporary,
        staged(Path(temporary) / "stage") as stage,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        picture_pages(browser, stage)
        picture_paper(browser, stage, Path(temporary))
        browser.close()
    print(f"made {len(list(FOLDER.glob('*.png')))} pictures in docs/pictures/")  # noqa: T201 -- a command


if __name__ == "__main__":
    main()
