"""The phone's own code in a real browser, against a real server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from tests.flows.devices import PHONE
from tests.flows.journey import go_in
from tests.flows.stage import Stage

MAKE = """
async (payload) => {
  const said = await hello();
  const tag = await tagOf(said.owner);
  return keepEntry({ owner: said.owner, tag, serverKey: said.key, kind: "study", payload });
}
"""
WAITING = "async () => (await read(['outbox'], ({ outbox }) => done(outbox.getAll()))).map(({ uuid }) => uuid)"
HAND_OVER = "() => handOver().catch((problem) => ({ why: problem.why || String(problem) }))"


def payload_of(stage: Stage) -> dict[str, str]:
    """A lesson of M4 as her phone names it."""
    uuid, digest = stage.rows(
        "SELECT l.uuid, a.content_hash FROM curriculum_article a JOIN curriculum_lesson l ON l.id = a.lesson_id"
        " WHERE a.path = 'm4/l1' AND a.language = 'en' AND a.country = 'KE'"
    )[0]
    dashed = f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"
    return {"lesson": dashed, "language": "en", "country": "KE", "content_hash": digest}


def stored(stage: Stage, uuid: str) -> int:
    sql = "SELECT count(*) FROM progress_lessonstudy WHERE client_uuid = ?"
    return int(stage.rows(sql, uuid.replace("-", ""))[0][0])


def shell_of(open_page: Callable[..., Page], name: str, **options: Any) -> Page:
    """A phone on which ``name`` has signed in, in the document that holds the outbox."""
    page = open_page(PHONE, **options)
    go_in(page, name)
    page.goto("/en/keep/")
    return page


def test_what_was_kept_is_handed_over_once_and_let_go(open_page: Callable[..., Page], stage: Stage) -> None:
    page = shell_of(open_page, "Wanjikũ")
    name = page.evaluate(MAKE, payload_of(stage))
    assert page.evaluate(WAITING) == [name]
    assert page.evaluate(HAND_OVER)["left"] == 0
    assert page.evaluate(WAITING) == []
    assert stored(stage, name) == 1


def test_without_network_everything_waits(open_page: Callable[..., Page], stage: Stage) -> None:
    page = shell_of(open_page, "Wanjikũ")
    name = page.evaluate(MAKE, payload_of(stage))
    page.context.set_offline(True)
    assert page.evaluate(HAND_OVER) == {"why": "network"}
    assert page.evaluate(WAITING) == [name]
    page.context.set_offline(False)
    page.reload()
    page.evaluate(f"async () => {{ while ((await ({WAITING})()).length) await new Promise(setTimeout); }}")  # by itself
    assert stored(stage, name) == 1


def test_another_womans_session_sends_nothing_of_hers(open_page: Callable[..., Page], stage: Stage) -> None:
    page = shell_of(open_page, "Wanjikũ")
    name = page.evaluate(MAKE, payload_of(stage))
    page.context.clear_cookies()
    page.goto("/")
    go_in(page, "Chiŵale")
    page.goto("/en/keep/")
    assert page.evaluate(HAND_OVER)["sent"] == 0
    assert page.evaluate(WAITING) == [name]
    assert stored(stage, name) == 0


def test_without_a_session_everything_waits(open_page: Callable[..., Page], stage: Stage) -> None:
    page = shell_of(open_page, "Wanjikũ")
    name = page.evaluate(MAKE, payload_of(stage))
    page.context.clear_cookies()
    assert page.evaluate(HAND_OVER) == {"why": "signin"}
    assert page.evaluate(WAITING) == [name]


def test_nothing_of_an_entry_can_be_read_on_the_phone(open_page: Callable[..., Page], stage: Stage) -> None:
    page = shell_of(open_page, "Wanjikũ")
    payload = payload_of(stage)
    page.evaluate(MAKE, payload)
    written = page.evaluate(
        "async () => JSON.stringify(await read(['outbox', 'phone', 'heard'], async (stores) =>"
        " Promise.all(Object.values(stores).map((store) => done(store.getAll())))),"
        " (_key, value) => value instanceof Uint8Array"
        " ? Array.from(value, (b) => String.fromCharCode(b)).join('') : value)"
    )
    for secret in (payload["lesson"], payload["content_hash"], "study", "WAN-101", "Wanjik"):
        assert secret not in written
