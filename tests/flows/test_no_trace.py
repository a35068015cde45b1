"""What somebody finds on the phone who copies everything that the browser has written, and takes it all apart.

Nothing of either woman: not after the lock, not after she has removed everything and signed out, and not after the
browser was killed while her pages were open. The control proves that the search would find it.
"""

from __future__ import annotations

import gzip
import http.server
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.flows.disk import search
from tests.flows.journey import right_answers
from tests.flows.kept_phone import Phone, fill_in, open_lock, until
from tests.flows.stage import Stage

LATEST_WRITE = 12_000
"""Milliseconds after which a browser has written its history and its session file by itself."""

HAS_TOLD = "async () => !(await read(['phone'], ({ phone }) => done(phone.get('locked'))))"
"""The site has answered that her session is locked; its answer brings the cookie by which it knows her from now on."""

ON_THE_PAGE = """
() => {
  const walker = document.createTreeWalker(document.getElementById("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; (node = walker.nextNode()); ) {
    if (node.parentElement.closest("article.article, fieldset")) found.push(node.data);
  }
  return found.map((text) => text.trim()).filter((text) => text.length > 24);
}
"""
HER_KEYS = """
async ({ pin }) => {
  const tag = openTag();
  const row = await read(["vaults"], ({ vaults }) => done(vaults.get(tag)));
  const bytes = await openedByPin(row, pin);
  const said = await hello();
  const { secret, pin_tag } = await ask("vault", posted(said, { tag }));
  const packs = Object.values(await keptPlaces()).map(({ key }) => key);
  const slow = await slowBytes(pin, row.salt, row.rounds);
  return {
    bytes: [bytes.subarray(0, 32), fromText(secret), slow, ...packs.map(fromText)].map((each) => Array.from(each)),
    words: [openOwner(), secret, ...packs],
  };
}
"""


class Trace:
    """What was on the screen, typed, or in memory: nothing of it may be on the disk."""

    def __init__(self) -> None:
        self.secrets: set[str | bytes] = set()

    def read(self, page: Page) -> None:
        """All that she reads now."""
        found = page.evaluate(ON_THE_PAGE)
        assert found
        self.secrets |= set(found)

    def of_woman(self, stage: Stage, account: str, name: str) -> None:
        login = stage.accounts[account]["login"]
        self.secrets |= {name, login, login.lower(), login.replace("-", ""), stage.accounts[account]["secret"]}

    def cookie(self, phone: Phone) -> None:
        """By which the site knows her."""
        cookies = {each["name"]: each["value"] for each in phone.context.cookies()}
        self.secrets |= {cookies[settings.SESSION_COOKIE_NAME]}


def sign_in(page: Page, stage: Stage, account: str) -> None:
    """As she does it, letter by letter, and wrong the first time."""
    login, pin = stage.accounts[account]["login"], stage.accounts[account]["secret"]
    page.goto("/en/sign-in/?site")  # of the site, however slow it is
    for secret in (pin[::-1] + "1", pin):
        page.locator("[name=login]").fill("")
        page.locator("[name=login]").press_sequentially(login.lower())
        page.locator("[name=password]").press_sequentially(secret)
        with page.expect_navigation():
            page.locator("button[form=sign-in]").click()
    page.wait_for_url("**/today/")  # in whichever language is hers


def sign_out(page: Page) -> None:
    """Of the site. Without it the answer to what the worker is just sending could bring her session back.

    While the answer to a lock is under way the site knows nobody by her cookie, and may take it away: she is out then.
    """
    page.goto("/en/sign-out/?site")
    button = page.get_by_role("button", name="Sign out").first
    if button.count():
        with page.expect_navigation():
            button.click()


def use(phone: Phone, stage: Stage, trace: Trace, account: str, name: str, place: str) -> None:
    """Read and answer in the pages of the site, keep the module, and go on with what is kept."""
    page, right = phone.page, right_answers(stage, place.upper())
    trace.of_woman(stage, account, name)
    trace.secrets |= right
    sign_in(page, stage, account)
    page.goto(f"/en/{place}/l1/")
    trace.read(page)
    page.goto(f"/en/{place}/q/practice/")
    trace.read(page)
    with page.expect_navigation():  # not one answer yet: the page comes again
        page.locator("button[form=sheet]").click()
    fill_in(page, right)
    page.locator("button[form=sheet]").click()
    page.get_by_role("heading", name="You know all of these").wait_for()
    page.goto(f"/en/{place}/")
    page.get_by_role("link", name="Keep on this phone").click()
    card = page.locator("details[open]")
    card.get_by_label("Your PIN, once").press_sequentially(stage.accounts[account]["secret"])
    card.get_by_role("button", name="Keep on this phone").click()
    expect(page.locator("[data-id]").filter(has_text="last checked").first).to_be_attached()
    until(page, "async () => Boolean(await caches.match('/en/keep/'))")
    keys = page.evaluate(
        HER_KEYS, {"pin": stage.accounts[account]["secret"], "alias": stage.accounts[account]["login"]}
    )
    trace.secrets |= {bytes(each) for each in keys["bytes"]} | set(keys["words"])
    trace.cookie(phone)
    phone.context.set_offline(True)
    page.goto(f"/en/{place}/l2/")
    open_lock(page, stage, account)
    page.locator("article.article").wait_for()
    trace.read(page)
    page.goto(f"/en/{place}/q/practice/")
    open_lock(page, stage, account)
    fill_in(page, right)
    trace.read(page)
    page.locator("button[form=sheet]").click()
    page.get_by_role("heading", name="You know all of these").wait_for()
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("heading", name="Quiz", exact=True).wait_for()
    to_quiz = page.get_by_role("link", name="Go to the quiz")
    if to_quiz.is_visible():
        to_quiz.click()
        fill_in(page, right)  # a sheet half filled in
        trace.read(page)
        trace.secrets |= {"a sheet was half filled in"}


def half_fill(page: Page, stage: Stage, trace: Trace) -> None:
    """Without network, in what is kept: the pages of the first woman open, and a sheet begun."""
    page.goto("/en/d1/q/practice/")
    open_lock(page, stage, "learner")
    fill_in(page, right_answers(stage, "D1"))
    trace.read(page)


def test_nothing_of_either_woman(new_phone: Callable[[], Phone], stage: Stage) -> None:
    """A phone that two have used, one locked and one with her pages open: locked, killed, then all of hers removed."""
    phone, trace = new_phone(), Trace()
    use(phone, stage, trace, "learner_due", "Chiŵale", "m4")
    phone.page.get_by_role("button", name="Exit").click()
    phone.page.wait_for_url("**/pause/")
    phone.context.set_offline(False)
    sign_out(phone.page)
    phone.context.clear_cookies()
    use(phone, stage, trace, "learner", "Wanjikũ", "d1")
    assert "a sheet was half filled in" in trace.secrets
    assert len(trace.secrets) > 60

    phone.page.get_by_role("button", name="Exit").click()
    phone.page.wait_for_url("**/pause/")
    phone.page.wait_for_timeout(LATEST_WRITE)
    assert search(phone.profile, trace.secrets) == {}
    phone.close()
    assert search(phone.profile, trace.secrets) == {}

    phone.start()
    phone.context.set_offline(True)
    half_fill(phone.page, stage, trace)
    phone.page.wait_for_timeout(LATEST_WRITE)
    assert phone.page.evaluate("isOpen()")
    phone.kill()
    assert search(phone.profile, trace.secrets) == {}
    phone.start()  # what it restores, and moves into other files
    phone.page.goto("/en/keep/")
    phone.close()
    assert search(phone.profile, trace.secrets) == {}

    phone.start()
    sign_in(phone.page, stage, "learner")
    trace.cookie(phone)
    phone.context.set_offline(True)
    half_fill(phone.page, stage, trace)
    phone.context.set_offline(False)
    remove_everything(phone.page)
    sign_out(phone.page)
    phone.page.goto("/en/today/")
    assert "/sign-in/" in phone.page.url
    phone.close()
    assert search(phone.profile, trace.secrets) == {}


def remove_everything(page: Page) -> None:
    page.get_by_role("link", name="On this phone").click()
    page.locator("[data-slot=remove-all] summary").click()
    page.get_by_role("button", name="Remove everything of mine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Locked")
    until(page, HAS_TOLD)


# The control

PLANTED = {
    "in the log of a store ŵ": "IndexedDB",
    "in a table of a store, after it was compacted ŵ": "IndexedDB",
    "in the local storage ŵ": "Local Storage",
    "in the storage of a session": "Session Storage",
    "in a cache of a worker": "CacheStorage",
    "in a cache of a worker, packed with gzip": "CacheStorage",
    "in a cache of a worker, packed with brotli": "CacheStorage",
    "in a page that was sent with gzip": "Cache_Data",
    "in a page that was sent with brotli": "Cache_Data",
    "in the title of a page ŵ": "History",
    "typed into a form that remembers": "Web Data",
    "typed into a page that is open": "Sessions",
    "deleted from a database": "Deleted",
    "in an address ŵ": "History",
    "as base64 in a store": "IndexedDB",
}
PAGE = '<title>{}</title><form action="/sent" method="post"><input name="word"><button>Send</button></form>'
PLANT = """
async ([log, table, local, session, cached, gzipped, brotlied, encoded, addresses]) => {
  const base = await new Promise((resolve) => {
    const request = indexedDB.open("x", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("s");
    request.onsuccess = () => resolve(request.result);
  });
  const put = (value, key) => new Promise((resolve) => {
    const transaction = base.transaction("s", "readwrite", { durability: "strict" });
    transaction.objectStore("s").put(value, key);
    transaction.oncomplete = resolve;
  });
  await put({ said: table + " " + "again and again ".repeat(200) }, "a");
  const filling = crypto.getRandomValues(new Uint8Array(60000));
  for (let n = 0; n < 160; n += 1) await put({ filling, n }, "filling " + n);
  await put({ said: log }, "b");
  await put({ encoded }, "c");
  localStorage.setItem("a", local);
  sessionStorage.setItem("a", session);
  const cache = await caches.open("x");
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  await cache.put("/c1", new Response(cached));
  await cache.put("/c2", new Response(bytes(gzipped)));
  await cache.put("/c3", new Response(bytes(brotlied)));
  for (const address of addresses) await (await fetch(address)).text();
}
"""


class Planter(http.server.BaseHTTPRequestHandler):
    """Pages that hold what is to be found."""

    def log_message(self, *_words: object) -> None:
        """Not a word."""

    def do_GET(self) -> None:
        said = {
            "/gzip": gzip.compress(b"in a page that was sent with gzip " * 20),
            "/br": brotli.compress(b"in a page that was sent with brotli " * 20),
        }
        body = said.get(self.path, PAGE.format("in the title of a page ŵ").encode())
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if self.path in said:
            self.send_header("Content-Encoding", self.path[1:])
            self.send_header("Cache-Control", "max-age=3600")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET


class Elsewhere:
    """Stands where the gate stands: the address of the planter."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"


@pytest.fixture
def planter() -> Iterator[Elsewhere]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Planter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Elsewhere(server.server_port)
    server.shutdown()
    server.server_close()


def test_the_search_finds_what_was_planted(browser, planter: Elsewhere, tmp_path: Path) -> None:
    phone = Phone(browser, tmp_path / "control", planter)
    _plant(phone.page)
    phone.page.wait_for_timeout(LATEST_WRITE)
    assert phone.page.evaluate("document.title") == "in the title of a page ŵ"
    phone.kill()
    _plant_a_deleted_row(phone.profile / "Deleted")
    found = search(phone.profile, [*PLANTED, "was never written anywhere ŵ"])
    missing = {
        sentence for sentence, place in PLANTED.items() if not any(place in each for each in found.get(sentence, []))
    }
    assert missing == set()
    assert "was never written anywhere ŵ" not in found
    tables = found["in a table of a store, after it was compacted ŵ"]
    assert any(".ldb (table" in place for place in tables), tables
    assert any(".log (log" in place for place in found["in the log of a store ŵ"])


def _plant(page: Page) -> None:
    import base64

    def packed(raw: bytes) -> str:
        return base64.b64encode(raw).decode()

    said = list(PLANTED)
    page.goto("/")
    gzipped, brotlied = gzip.compress(said[5].encode() * 9), brotli.compress(said[6].encode() * 9)
    encoded = packed(b"before " + said[14].encode() + b" after")
    page.evaluate(PLANT, [*said[:5], packed(gzipped), packed(brotlied), encoded, ["/gzip", "/br"]])
    page.locator("[name=word]").press_sequentially(said[10])
    page.locator("button").click()
    page.wait_for_url("**/sent")
    page.goto(f"/?{said[13]}")
    page.locator("[name=word]").press_sequentially(said[11])
    time.sleep(1)


def _plant_a_deleted_row(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")  # some builds of SQLite overwrite, some do not
        connection.execute("CREATE TABLE t (said TEXT)")
        connection.executemany("INSERT INTO t VALUES (?)", [("deleted from a database",), ("stays",)])
        connection.commit()
        connection.execute("DELETE FROM t WHERE said LIKE 'deleted%'")
        connection.commit()
