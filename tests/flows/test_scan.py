"""Papers are checked by camera with no network at all: what each kind of code is told, and what a code survives."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from certificates.names import words_of
from tests.flows.devices import CHROMIUM, FLAGS, PHONE
from tests.flows.gate import Gate
from tests.flows.papers import Damage, as_png, film, photo_of
from tests.flows.stage import ROOT, Stage, manage

CAMERA = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
IN_A_HAND = Damage(blur=0.7, noise=0.1)
HOST = "HTTPS://THUTO.EXAMPLE/V/"
NAME = "Wanjikũ Amélia O'Neill"

VECTORS = json.loads((ROOT / "tests/certificates/statement_vectors.json").read_text())

KEPT = "caches.open('check').then((all) => all.keys()).then((keys) => keys.map((key) => key.url))"

MAKE_CODES = """
import json
from datetime import timedelta
from django.utils import timezone
from cryptography.hazmat.primitives.asymmetric import ec
from certificates import keys, statements
from certificates.keys import SigningKey
from certificates.models import Certificate, CertificateEvent, IssuerKey, new_serial
from people.models import User
from programme.models import Programme

now, today = timezone.now(), timezone.now().date()
programme = Programme.objects.filter(awards__isnull=False).distinct().order_by("pk").first()
award = programme.awards.first()

def code(signer, *, name_key=None, **changes):
    facts = dict(key=signer.key.short, serial=new_serial(), award=award.order, issued_on=today - timedelta(days=40),
        expires_on=today + timedelta(days=300), is_demonstration=False, salt=b"salt",
        name_digest=statements.name_digest(NAME, b"salt")) | changes
    return statements.as_text(statements.encoded(statements.Statement(**facts), signer))

lost = keys.signing_key(programme)
codes = {"lost": code(lost)}
keys.lose(key=lost.key, at=now)
keys.make_key(programme=programme, made_at=now)
retired = keys.signing_key(programme)
codes["retired"] = code(retired)
keys.rotate(programme=programme, at=now)
signer = keys.signing_key(programme)
stopped = Certificate.objects.filter(term__programme=programme).first()
CertificateEvent.objects.create(certificate=stopped, state="suspended", by=User.objects.first(), at=now)
nobody = IssuerKey(programme=programme, fingerprint="ab" * 32, made_at=now)
stranger = SigningKey(nobody, ec.generate_private_key(ec.SECP256R1()))
impostor = SigningKey(signer.key, stranger.private)
codes |= {
    "current": code(signer),
    "endless": code(signer, expires_on=None),
    "demonstration": code(signer, is_demonstration=True),
    "last day": code(signer, expires_on=today),
    "expired": code(signer, expires_on=today - timedelta(days=2)),
    "ahead": code(signer, issued_on=today + timedelta(days=9)),
    "stopped": code(signer, serial=stopped.serial),
    "other key": code(stranger),
    "impostor": code(impostor),
}
print(json.dumps({"codes": codes, "award": award.titles, "by": programme.issuing_name, "stopped": stopped.serial}))
"""


@pytest.fixture(scope="module")
def made(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Codes of every kind, made with the keys of the stage; the day is remembered with them."""
    stage.start_over()
    keys, kept = stage.database.parent / "issuer-keys", tmp_path_factory.mktemp("keys")
    shutil.copytree(keys, kept, dirs_exist_ok=True)
    said = manage(stage.database.parent, "shell", "--no-imports", "-c", f"NAME = {NAME!r}\n{MAKE_CODES}")
    stage.remember(".scan")
    shutil.copytree(kept, keys, dirs_exist_ok=True)  # the first day needs the key that was lost on this one
    return dict(json.loads(said.strip().splitlines()[-1]))


class Eye:
    """A phone whose camera sees what it is shown."""

    def __init__(self, context: BrowserContext, picture: Path, gate: Gate) -> None:
        self.context, self._picture, self.gate = context, picture, gate
        self.page: Page = context.pages[0] if context.pages else context.new_page()

    def visit(self, language: str = "en") -> None:
        """Open the page with a network, and wait until it is kept."""
        self.page.goto(f"/verify/scan/?language={language}")
        expect(self.page.locator("[data-kept]")).to_be_attached(timeout=20_000)

    def scan(self, text: str, damage: Damage = IN_A_HAND) -> None:
        """Hold it over a paper with the code ``text``, not quite still."""
        pictures = (photo_of(text, replace(damage, angle=damage.angle + turn)) for turn in (0, 3, -4))
        film(pictures, self._picture)
        self.page.goto("/verify/scan/")
        self.page.get_by_role("button", name="Scan with the camera").click()

    def type(self, text: str) -> None:
        self.page.get_by_label("Or type the number on the paper").fill(text)
        self.page.get_by_role("button", name="Check", exact=True).click()

    def photograph(self, picture: bytes) -> None:
        photo = {"name": "photo.png", "mimeType": "image/png", "buffer": picture}
        self.page.locator('[data-part="photo"]').set_input_files([photo])  # type: ignore[list-item]

    def again(self) -> None:
        self.page.get_by_role("button", name="Check another paper").click()

    def answer(self) -> str:
        result = self.page.locator('[data-part="result"]')
        expect(result).to_be_visible(timeout=15_000)
        return " ".join(result.inner_text().split())


@pytest.fixture
def eye(browser: Browser, gate: Gate, stage: Stage, made: dict[str, Any], tmp_path: Path) -> Iterator[Eye]:
    stage.start_over(".scan")
    picture = tmp_path / "camera.mjpeg"
    film([photo_of("HTTPS://EXAMPLE.ORG/", Damage())], picture)
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path / "profile"),
        executable_path=CHROMIUM,
        args=[*FLAGS, *CAMERA, f"--use-file-for-fake-video-capture={picture}"],
        base_url=gate.url,
        **PHONE,
    )
    context.set_default_timeout(15_000)
    yield Eye(context, picture, gate)
    context.close()


needs_decoder = pytest.mark.skipif(
    not (ROOT / "var/vendor/qr/decode.js").exists(), reason="the decoder was not fetched: script/setup.sh says why"
)


@needs_decoder
def test_codes_are_judged_by_camera_without_network(eye: Eye, made: dict[str, Any]) -> None:
    codes = made["codes"]
    eye.visit()
    eye.gate.shut()

    eye.scan(HOST + codes["current"])
    answer = eye.answer()
    assert answer.startswith("Current This paper is genuine, and current by the list on this phone.")
    assert made["award"]["en"] in answer
    assert made["by"] in answer
    for kind, begins in {
        "stopped": "Not current No current certificate has this number.",
        "expired": "Expired This certificate was genuine. Its time is over.",
        "other key": "Not known This phone does not know who made this code.",
        "impostor": "Not genuine This code is not as it was printed",
    }.items():
        eye.scan(HOST + codes[kind], Damage(blur=1, copies=1, angle=30))
        assert eye.answer().startswith(begins), kind
        assert made["award"]["en"] not in eye.answer() or kind == "expired"
    eye.scan("HTTPS://EXAMPLE.ORG/SOMETHING/ELSE")
    expect(eye.page.get_by_text("Not read yet. Go nearer")).to_be_visible(timeout=15_000)
    eye.page.get_by_role("button", name="Stop the camera").click()
    expect(eye.page.get_by_role("button", name="Scan with the camera")).to_be_visible()


@needs_decoder
def test_address_of_the_code_opens_the_page_without_network(eye: Eye, made: dict[str, Any]) -> None:
    """The phone's own camera app opens what the code says; nothing of it stays in the history."""
    eye.visit()
    eye.gate.shut()
    eye.page.goto(f"/V/{made['codes']['current']}")
    assert eye.answer().startswith("Current")
    assert eye.page.url.endswith("/verify/scan/")
    eye.page.goto(f"/verify/{made['stopped']}/")
    assert eye.answer().startswith("Not current")
    eye.page.goto("/verify/")
    expect(eye.page.get_by_role("heading", name="Scan the code")).to_be_visible()


def test_every_kind_of_text_is_told_without_a_camera(eye: Eye, made: dict[str, Any]) -> None:
    codes = made["codes"]
    eye.visit()
    eye.gate.shut()
    eye.context.set_offline(True)
    eye.page.goto("/verify/scan/")
    spaced = " ".join(codes["current"][start : start + 8] for start in range(0, 152, 8)).lower()
    for typed, begins in {
        spaced: "Current",
        codes["retired"]: "Current",
        codes["endless"]: "Current",
        codes["last day"]: "Current",
        codes["lost"]: "Ask the site Without a network nobody can tell",
        codes["ahead"]: "Look at the date The code is genuine. But this phone says that today is",
        "A" * 152: "Not known This code is of a newer kind.",
        "1" + codes["current"][1:]: "Another code",
        codes["current"][:-1]: "Another code",
        made["stopped"]: "Not current",
        "2345 6789 ABCD": "Not known Without a network the number alone says too little.",
        "https://example.org/x": "Another code",
        "rubbish": "Another code",
    }.items():
        eye.type(typed)
        answer = eye.answer()
        assert answer.startswith(begins), (typed, answer)
        eye.again()
        assert eye.page.locator('[data-part="result"]').inner_text() == ""
    eye.type(codes["demonstration"])
    assert "Demonstration: not a real certificate" in eye.answer()
    # Nothing of what was checked is on the phone.
    kept = eye.page.evaluate(KEPT)
    assert not [url for url in kept if codes["current"][:20] in url or made["stopped"] in url]
    assert eye.page.evaluate("JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage)])") in {
        "[[],[]]",
        '[["used"],[]]',
    }


def test_name_on_the_paper_is_compared_on_the_phone(eye: Eye, made: dict[str, Any]) -> None:
    eye.visit()
    eye.gate.shut()
    eye.type(made["codes"]["current"])
    for typed, is_right in {
        NAME: True,
        "O’NEILL, amelia wanjiku": True,
        "Amelia": False,
        "Wanjiku Amelia Oneill": False,
        "...": False,
    }.items():
        eye.page.get_by_label("The whole name on the paper").fill(typed)
        eye.page.get_by_role("button", name="Compare the name").click()
        right, wrong = eye.page.get_by_text("The name matches."), eye.page.get_by_text("The name does not match.")
        expect(right if is_right else wrong).to_be_visible()
        expect(wrong if is_right else right).to_have_count(0)


def test_phone_reads_names_as_python_does(eye: Eye) -> None:
    """Every sign that Unicode knows, between two others, but Cherokee: Python alone folds it to capitals."""
    eye.page.goto("/verify/scan/")
    every = (chr(code) for code in range(32, sys.maxunicode))
    letters = [
        letter
        for letter in every
        if unicodedata.category(letter) not in {"Cn", "Cs", "Co"} and "CHEROKEE" not in unicodedata.name(letter, "")
    ]
    asked = [f"a{letter}b" for letter in letters]
    said = eye.page.evaluate("(names) => names.map((name) => [...wordsOf(name)].sort().join(' '))", asked)
    differ = [
        (hex(ord(letter)), here, there)
        for letter, here, there in zip(letters, (" ".join(sorted(words_of(name))) for name in asked), said, strict=True)
        if here != there
    ]
    assert differ == []


def test_every_single_bit_of_a_code_counts(eye: Eye, made: dict[str, Any]) -> None:
    eye.visit()
    eye.gate.shut()
    eye.page.goto("/verify/scan/")
    told = eye.page.evaluate(
        """async (text) => {
          const list = await known;
          const said = [];
          for (let bit = -1; bit < 760; bit += 1) {
            const raw = fromBase32(text);
            if (bit >= 0) raw[bit >> 3] ^= 1 << (bit & 7);
            said.push((await verdict(raw, list, today(), numberLetters)).say);
          }
          return said;
        }""",
        made["codes"]["current"],
    )
    assert told[0] == "current"
    assert len(told) == 761
    assert set(told[1:]) == {"newer", "stranger", "changed"}


def test_published_examples_are_read_on_a_phone_as_everywhere(eye: Eye) -> None:
    """The same file that the site's own reader is tried with."""
    eye.page.goto("/verify/scan/")
    told = eye.page.evaluate(
        """(vectors) => Promise.all(vectors.map(async ({ text, key, name }) => {
          const raw = fromBase32(text);
          const facts = factsOf(raw, numberLetters);
          return {
            isGenuine: await isMadeBy(key, raw),
            key: facts.key, number: facts.number, award: facts.award, issued: facts.issued, expires: facts.expires,
            isDemonstration: facts.isDemonstration, digest: hexOf(facts.name),
            words: [...wordsOf(name)].sort(), isNameOf: await isNameOf(facts, name),
          };
        }))""",
        VECTORS,
    )
    first_day = date(1970, 1, 1)
    for vector, said in zip(VECTORS, told, strict=True):
        says = vector["says"]
        assert said == {
            "isGenuine": vector["is_genuine"],
            "key": says["key"],
            "number": says["number"],
            "award": says["award"],
            "issued": (date.fromisoformat(says["issued_on"]) - first_day).days,
            "expires": (date.fromisoformat(says["expires_on"]) - first_day).days if says["expires_on"] else 0,
            "isDemonstration": says["is_demonstration"],
            "digest": says["name_digest"],
            "words": vector["words"],
            "isNameOf": True,
        }, vector["what"]


def test_an_old_list_that_is_played_again_is_not_believed(eye: Eye, made: dict[str, Any]) -> None:
    """From a store on the way, or from whoever stands there; and what is no list takes no list away."""
    codes = made["codes"]
    eye.visit()
    newest = eye.page.evaluate("known")
    day = timedelta(days=1)
    at = datetime.fromisoformat(newest["made_at"])
    assert newest["not_current"]

    def hand_out(answer: Any) -> None:
        eye.page.unroute_all()
        eye.page.route("**/verify/list.json", lambda route: route.fulfill(json=answer))
        eye.page.goto("/verify/scan/")
        eye.type(codes["stopped"])

    without = newest | {"not_current": []}
    for answer in (without | {"made_at": (at - 3 * day).isoformat()}, {}, [], {"made_at": "soon"}, "sign in first"):
        hand_out(answer)
        assert eye.answer().startswith("Not current"), answer
    # A newer one is: somebody has restored it since.
    hand_out(without | {"made_at": (at + timedelta(seconds=1)).isoformat()})
    assert eye.answer().startswith("Current")
    # One from a wrong clock is told, and does not stay in the way of a right one.
    hand_out(without | {"made_at": (at + 30 * day).isoformat()})
    assert eye.answer().startswith("Look at the date")
    hand_out(newest)
    assert eye.answer().startswith("Not current")


def test_list_says_how_old_it_is_and_a_wrong_clock_is_told(eye: Eye, made: dict[str, Any]) -> None:
    eye.visit()
    eye.gate.shut()
    day = 86_400
    now = eye.page.evaluate("Date.now() / 1000")
    for later, says in {
        0: "The list on this phone is new",
        3: "The list on this phone is a few days old",
        20: "The list on this phone is more than a week old",
        60: "The list on this phone is more than a month old",
        800: "The list on this phone is more than a year old",
        -900: "Set the date of the phone.",
    }.items():
        eye.page.clock.set_fixed_time(now + later * day)
        eye.page.goto("/verify/scan/")
        expect(eye.page.locator('[data-part="age"]')).to_contain_text(says)
        eye.type(made["codes"]["endless"])
        answer = eye.answer()
        assert answer.startswith("Look at the date" if later < 0 else "Current"), later
        assert ("what happened since is not in it" in answer) == (later > 31)
    eye.page.clock.set_fixed_time(now + 301 * day)
    eye.page.goto("/verify/scan/")
    eye.type(made["codes"]["current"])
    assert eye.answer().startswith("Expired")


SURVIVES = {
    "turned": [Damage(angle=angle) for angle in range(0, 360, 30)],
    "blurred": [Damage(blur=blur, angle=angle) for blur in (1, 1.5, 2) for angle in (0, 33)],
    "copied": [
        Damage(copies=copies, blur=0.7, noise=0.1, angle=angle) for copies in (1, 2, 3) for angle in (0, 10, 45)
    ],
    "small": [Damage(side=side, blur=0.4, angle=angle) for side in (180, 220, 260) for angle in (0, 20)],
    "noisy": [Damage(noise=noise, blur=0.5, angle=angle) for noise in (0.3, 0.6) for angle in (0, 30)],
    "shaded": [Damage(shade=shade, noise=0.1, angle=angle) for shade in (0.5, 0.8) for angle in (0, 30)],
    "tilted": [Damage(tilt=0.1, blur=0.4, angle=angle) for angle in (0, 20, 90)],
}
AT_LEAST = {"turned": 12, "blurred": 6, "copied": 8, "small": 5, "noisy": 4, "shaded": 4, "tilted": 2}
"""How many of each must be read from one photo; the camera looks eight times a second."""


@needs_decoder
def test_what_a_code_survives(eye: Eye, made: dict[str, Any]) -> None:
    eye.visit()
    eye.gate.shut()
    read = {}
    for kind, damages in SURVIVES.items():
        read[kind] = 0
        for seed, damage in enumerate(damages):
            eye.photograph(as_png(photo_of(HOST + made["codes"]["current"], damage, seed=seed)))
            result = eye.page.locator('[data-part="result"], [data-part="hint"] .notice').locator("visible=true")
            result.wait_for()
            if eye.page.locator('[data-part="again"]').is_visible():
                assert eye.answer().startswith("Current")
                read[kind] += 1
                eye.again()
    assert {kind: count for kind, count in read.items() if count < AT_LEAST[kind]} == {}, read


def test_a_photo_of_something_else_is_told(eye: Eye) -> None:
    eye.visit()
    eye.photograph(as_png(photo_of("HTTPS://EXAMPLE.ORG/SOMETHING", Damage())))
    if (ROOT / "var/vendor/qr/decode.js").exists():
        assert eye.answer().startswith("Another code")
        eye.again()
        eye.photograph(b"no picture at all")
        expect(eye.page.get_by_text("No code was found in this photo.")).to_be_visible()
    else:
        expect(eye.page.get_by_text("This browser cannot read codes here.")).to_be_visible()


def test_browsers_own_reader_is_asked_first(eye: Eye, made: dict[str, Any]) -> None:
    eye.page.add_init_script(
        f"""self.BarcodeDetector = class {{
          static async getSupportedFormats() {{ return ["qr_code"]; }}
          async detect() {{ return [{{ rawValue: "{HOST + made["codes"]["expired"]}" }}]; }}
        }};"""
    )
    eye.visit()
    eye.gate.shut()
    eye.scan("HTTPS://EXAMPLE.ORG/")
    assert eye.answer().startswith("Expired")
    kept = eye.page.evaluate(KEPT)
    assert not [url for url in kept if "/qr/" in url]


def test_camera_that_is_refused_is_no_end(eye: Eye, made: dict[str, Any]) -> None:
    eye.page.add_init_script("navigator.mediaDevices.getUserMedia = async () => { throw new Error(); };")
    eye.visit("sw")
    eye.visit()
    eye.page.get_by_role("button", name="Scan with the camera").click()
    expect(
        eye.page.get_by_text("The camera was not opened.").or_(eye.page.get_by_text("cannot read codes here"))
    ).to_be_visible()
    eye.type(made["codes"]["current"])
    assert eye.answer().startswith("Current")


def test_number_is_asked_of_the_site_while_there_is_one(eye: Eye, made: dict[str, Any]) -> None:
    eye.visit()
    eye.type(made["stopped"])
    expect(eye.page.get_by_text("No current certificate has this number.")).to_be_visible()
    assert eye.page.url.startswith(f"{eye.gate.url}/verify/{made['stopped']}/")
