"""What a phone may keep of a module: pages of the site itself, and never the key of what certifies."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from assessments.actions import freeze_checklist, freeze_quiz
from assessments.kept import KeyWouldLeave, check_that_no_key_leaves, open_tries, tickets_of
from assessments.models import QuestionSnippet, QuizText, QuizVersion
from curriculum.freeze import freeze_module
from curriculum.models import Article, ModulePage, Recording
from offline import packs
from offline.models import Pack
from offline.sealing import from_text
from people.models import User
from progress import on_tap
from progress import packs as of_modules
from tests.assessments.making import make_module_page, make_question, practice_steps, quiz_items
from tests.factories import make_country, make_module, make_user
from tests.offline.library import make_reader, publish
from tests.progress.conftest import World, study
from tests.recorded import freeze_spoken, record

MAIN = re.compile(r"<main[^>]*>(.*)</main>", re.S)
HIDDEN = re.compile(r"<(p|a)\b[^>]*\bhidden>.*?</\1>", re.S)
"""What waits for a script, on the site and on her phone."""


@pytest.fixture
def reader(db: None) -> World:
    return make_reader(publish())


def pack_of(owner: User) -> dict[str, Any]:
    """Her one pack as her phone opens it."""
    with override(owner.reading_languages[0]):
        [offer] = packs.offers_to(owner)
    name = offer["name"]
    body = bytes(Pack.objects.get(name=name).body)
    opened = AESGCM(from_text(offer["key"])).decrypt(packs.NO_NONCE, body, name.encode())
    return json.loads(gzip.decompress(opened))


def name_of(owner: User) -> str:
    [offer] = packs.offers_to(owner)
    return offer["name"]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def inside_main(client: Client, address: str) -> str:
    found = MAIN.search(client.get(address).content.decode())
    assert found, address
    return words(HIDDEN.sub("", found[1]))


def test_pack_holds_the_module_for_everybody_who_reads_the_same(reader: World) -> None:
    lesson = Article.objects.get(kind="lesson")
    text = QuizText.objects.get()
    pack = pack_of(reader.learner)
    assert {name: pack[name] for name in ("v", "place", "language", "country", "title")} == {
        "v": 1,
        "place": "m4",
        "language": "en",
        "country": "KE",
        "title": "Feeding",
    }
    assert set(pack["pages"]) == {"", "listen", "l1", "l1/listen", "q", "p", "p/sign"}
    assert pack["lessons"] == {
        "l1": {
            "lesson": str(reader.lessons[0].uuid),
            "language": "en",
            "content_hash": lesson.content_hash,
            "next": "",
        }
    }
    [practised] = [item for item in text.version.structure["items"] if item["use"] == "practice"]
    words_of = text.content[practised["question"]]
    assert pack["practice"] == {
        "text": text.content_hash,
        "key": {
            practised["question"]: {
                "right": [choice["id"] for choice in practised["choices"] if choice["is_right"]],
                "why": words_of["why"],
                "choices": {choice: said["feedback"] for choice, said in words_of["choices"].items()},
            }
        },
        "sounds": {},
    }
    other = make_user(languages=["en"])
    assert packs.offers_to(other) == []  # without a term


def test_kept_pages_read_as_the_pages_of_the_site(reader: World, client: Client) -> None:
    """When this fails, ``offline/kept.html`` and the inside of <main> in ``base.html`` have come apart."""
    pages = pack_of(reader.learner)["pages"]
    client.force_login(reader.learner)
    # The site mixes the answers anew at each visit.
    assert sorted(words(pages["q"]).split()) == sorted(inside_main(client, "/en/m4/q/practice/").split())
    assert words(HIDDEN.sub("", pages["l1"])) == inside_main(client, "/en/m4/l1/")
    shown_to_her = pages[""].replace('data-next-row="l1" hidden', "")
    assert words(HIDDEN.sub("", shown_to_her)) == inside_main(client, "/en/m4/")
    seen = words('<h2 id="seen">What was seen</h2><p>Nobody has watched you yet. You choose the day together.</p>')
    own = re.sub(r"<section[^>]* hidden>.*?</section>|<a [^>]*p/sign/.*?</a>", "", pages["p"], flags=re.S)
    assert words(HIDDEN.sub("", own)) == inside_main(client, "/en/m4/p/").replace(seen, "").strip()


def test_kept_pages_need_nothing_of_the_server_and_name_what_the_shell_fills(reader: World) -> None:
    pages = pack_of(reader.learner)["pages"]
    everything = "".join(pages.values())
    for needed in ("csrf", "method=", "action=", "client_uuid", " src=", "?in=", "<html", "<main"):
        assert needed not in everything
    assert re.findall(r'data-lesson-row="(\w+)"', pages[""]) == ["l1", "q", "p"]
    assert re.findall(r'data-next-row="(\w+)"', pages[""]) == ["l1", "q", "p"]
    assert "aria-current" not in pages[""]
    assert '<form data-act="study" data-lesson="l1" data-when="not-studied">' in pages["l1"]
    assert f'data-act="practice" data-text="{QuizText.objects.get().content_hash}"' in pages["q"]
    assert 'href="/en/m4/"' in pages["l1"]


def test_pack_holds_nothing_of_her(reader: World) -> None:
    before = name_of(reader.learner)
    study(reader.term, reader.lessons[0], reader.today)
    assert name_of(reader.learner) == before
    text = json.dumps(pack_of(reader.learner))
    for hers in (reader.learner.display_name, reader.learner.alias, str(reader.learner.uuid), str(reader.term.uuid)):
        assert hers not in text


# --- no key --------------------------------------------------------------------------------------


def test_no_certifying_question_is_in_a_pack(reader: World) -> None:
    text = json.dumps(pack_of(reader.learner))
    for item in QuizVersion.objects.get().structure["items"]:
        for name in (item["question"], *(choice["id"] for choice in item["choices"])):
            assert (name in text) == (item["use"] == "practice")


def test_pack_with_a_certifying_key_is_not_built(reader: World, monkeypatch: pytest.MonkeyPatch) -> None:
    version = QuizVersion.objects.get()
    certifying = next(item for item in version.structure["items"] if item["use"] == "certifying")
    for name in (certifying["question"], certifying["choices"][0]["id"]):
        with pytest.raises(KeyWouldLeave):
            check_that_no_key_leaves(version, f'{{"key": "{name}"}}')
    monkeypatch.setattr(of_modules, "practice_key", lambda _text: {certifying["question"]: {}})
    assert packs.offers_to(reader.learner) == []
    assert not Pack.objects.exists()


def test_pack_that_must_not_leave_is_left_out_and_the_rest_of_her_state_comes(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world = make_reader(publish("M4"), publish("M5"))
    real = of_modules.check_that_no_key_leaves

    def check(version: QuizVersion, packed: str, *keys: Any) -> None:
        if version.quiz.module.code == "M5":
            raise KeyWouldLeave("a certifying question is among what may be practised")
        real(version, packed, *keys)

    monkeypatch.setattr(of_modules, "check_that_no_key_leaves", check)
    client.force_login(world.learner)
    answer = client.get("/sync/v1/state")
    assert answer.status_code == 200
    assert [offer["place"] for offer in answer.json()["parts"]["packs"]] == ["m4"]
    assert "m5 in en is offered to nobody" in caplog.text


def test_key_of_a_certifying_question_is_nowhere_in_what_comes_down(reader: World, client: Client) -> None:
    """Not in a pack, not in her state, with a try open: what is right, why, and what is said of each choice."""
    client.force_login(reader.learner)
    token = client.get("/sync/v1/hello").json()["token"]
    kept = client.post(
        "/sync/v1/keep", {"places": ["m4"]}, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert kept.status_code == 200
    state = client.get("/sync/v1/state").json()
    assert state["parts"]["tickets"]
    everything = json.dumps(state) + json.dumps(pack_of(reader.learner))
    text = QuizText.objects.get()
    for item in text.version.structure["items"]:
        if item["use"] != "practice":
            words = text.content[item["question"]]
            assert words["stem"] in everything
            for said in (words["why"], *(choice["feedback"] for choice in words["choices"].values())):
                assert said not in everything
    assert "is_right" not in everything


def test_question_that_is_practised_and_certifies_stops_the_pack() -> None:
    item = {"question": "q1", "choices": []}
    version = QuizVersion(structure={"items": [item | {"use": "practice"}, item | {"use": "certifying"}]})
    with pytest.raises(KeyWouldLeave):
        check_that_no_key_leaves(version, "{}")


# --- a new pack for anything new -----------------------------------------------------------------


def publish_another_question(world: World) -> None:
    module = world.module
    snippets = [snippet.question for snippet in QuestionSnippet.objects.all()]
    quiz = module.quiz
    page = quiz.pages.get()
    page.items = quiz_items([*snippets, make_question(module, use="practice", lesson=world.lessons[0])])
    page.save_revision().publish()
    freeze_quiz(quiz)


def publish_another_step(world: World) -> None:
    page = ModulePage.objects.get()
    page.practice = practice_steps(world.module, ("!Asks if it is private", "Listens", "Thanks her"))
    page.save_revision().publish()
    freeze_checklist(world.module)


CHANGES = {
    "a lesson's words": lambda world: Article.objects.filter(kind="lesson").update(content_hash="b" * 64),
    "the module's words": lambda world: Article.objects.filter(kind="module").update(content_hash="b" * 64),
    "a lesson that is approved": lambda world: Article.objects.filter(kind="lesson").update(is_approved=True),
    "a lesson that is older than its source": lambda world: Article.objects.filter(kind="lesson").update(is_stale=True),
    "a lesson's place": lambda world: Article.objects.filter(kind="lesson").update(position=2),
    "a lesson that goes": lambda world: Article.objects.filter(kind="lesson").delete(),
    "a question": publish_another_question,
    "a quiz that goes": lambda world: world.module.quiz.pages.get().unpublish(),
    "a step of the checklist": publish_another_step,
}


@pytest.mark.parametrize("change", CHANGES)
def test_pack_is_another_after(change: str, reader: World) -> None:
    before = [offer.signature for offer in of_modules.packs_for(reader.learner)]
    assert [offer.signature for offer in of_modules.packs_for(reader.learner)] == before
    CHANGES[change](reader)
    after = [offer.signature for offer in of_modules.packs_for(reader.learner)]
    assert len(after) == 1
    assert after != before


def test_pack_is_another_after_a_release(reader: World, monkeypatch: pytest.MonkeyPatch) -> None:
    [before] = of_modules.packs_for(reader.learner)
    monkeypatch.setattr(of_modules, "release", lambda _language: "another")
    [after] = of_modules.packs_for(reader.learner)
    assert after.signature != before.signature


def test_release_follows_templates_and_words() -> None:
    assert of_modules.release("en") != of_modules.release("sw")


def test_module_that_is_not_published_or_not_asked_for_is_not_offered(reader: World) -> None:
    publish("D1")
    assert [offer.place for offer in of_modules.packs_for(reader.learner)] == ["m4"]
    Article.objects.filter(kind="module", module=reader.module).delete()
    assert of_modules.packs_for(reader.learner) == []


def test_lesson_that_is_not_in_her_language_says_so(db: None) -> None:
    reader = make_reader(publish(), languages=("sw", "en"))
    pack = pack_of(reader.learner)
    assert (pack["language"], pack["lessons"]["l1"]["language"]) == ("sw", "en")
    assert "Kiswahili" in pack["pages"]["l1"]
    assert 'href="/sw/m4/"' in pack["pages"]["l1"]
    assert '<article class="article" lang="en">' in pack["pages"]["l1"]


# --- pictures ------------------------------------------------------------------------------------


def test_picture_is_listed_with_its_bytes_and_not_loaded(
    reader: World, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = FileSystemStorage(location=tmp_path)
    storage.save("images/a_cup.webp", ContentFile(b"x" * 1234))
    monkeypatch.setattr(on_tap, "default_storage", storage)
    picture = '<figure class="picture"><img src="/media/images/a_cup.webp" loading="lazy" alt="A cup"></figure>'
    elsewhere = '<img src="/media/images/gone.webp" alt="Gone">'
    Article.objects.filter(kind="lesson").update(html=f"<p>Before</p>{picture}{picture}{elsewhere}")
    [offer] = packs.offers_to(reader.learner)
    assert offer["files"] == [{"src": "/media/images/a_cup.webp", "kind": "picture", "bytes": 1234}]
    page = pack_of(reader.learner)["pages"]["l1"]
    assert page.count('<img data-src="/media/images/a_cup.webp" loading="lazy" alt="A cup" hidden>') == 2
    assert page.count("Show the picture (1 KB)") == 3  # one of them is not here any more
    assert ' src="' not in page


def test_address_outside_of_our_pictures_is_not_looked_up(reader: World) -> None:
    html = '<img src="/media/../env" alt=""><img src="/static/a.svg" alt="">'
    Article.objects.filter(kind="lesson").update(html=html)
    [offer] = packs.offers_to(reader.learner)
    assert offer["files"] == []


# --- sound ---------------------------------------------------------------------------------------


def sounds_in(offer: dict[str, Any]) -> list[str]:
    return [file["src"] for file in offer["files"] if file["kind"] == "audio"]


def said_in(pack: dict[str, Any]) -> set[str]:
    return set(re.findall(r'data-say="(/media/[^"]+)"', "".join(pack["pages"].values())))


def test_recordings_are_listed_once_with_their_bytes_and_stand_in_its_pages(reader: World) -> None:
    freeze_spoken()
    text = QuizText.objects.get()
    practised = next(item for item in text.version.structure["items"] if item["use"] == "practice")
    words_of = text.content[practised["question"]]
    lesson, stem, why = record(["Lesson en", words_of["stem"], words_of["why"]], size_bytes=4321)
    record(["nowhere"])
    [offer] = packs.offers_to(reader.learner)
    assert offer["files"] == sorted(
        ({"src": one.url, "kind": "audio", "bytes": 4321} for one in (lesson, stem, why)), key=lambda file: file["src"]
    )
    pack = pack_of(reader.learner)
    assert said_in(pack) == {lesson.url, stem.url}
    assert pack["practice"]["sounds"] == {words_of["why"]: why.url}
    assert "Listen (4 KB)" in pack["pages"]["l1"]
    assert 'href="/en/m4/l1/listen/"' in pack["pages"]["l1"]
    for page in pack["pages"].values():
        assert " src=" not in page
        assert "<audio" not in page


def test_words_of_certifying_questions_are_heard_and_what_is_said_of_them_stays(reader: World) -> None:
    freeze_spoken()
    text = QuizText.objects.get()
    heard, secret = [], []
    for item in text.version.structure["items"]:
        if item["use"] == "certifying":
            words_of = text.content[item["question"]]
            choices = words_of["choices"].values()
            heard += [words_of["stem"], *(choice["text"] for choice in choices)]
            secret += [words_of["why"], *(choice["feedback"] for choice in choices)]
    urls = {one.url for one in record(heard)}
    record(secret)
    [offer] = packs.offers_to(reader.learner)
    assert set(sounds_in(offer)) == urls
    assert said_in(pack_of(reader.learner)) == set()
    assert "/media/sound/" not in json.dumps(pack_of(reader.learner))


def test_try_that_is_open_can_be_heard(reader: World) -> None:
    text = QuizText.objects.get()
    certifying = next(item for item in text.version.structure["items"] if item["use"] == "certifying")
    (stem,) = record([text.content[certifying["question"]]["stem"]])
    open_tries(reader.learner, ["m4"])
    [ticket] = tickets_of(reader.learner)
    assert re.findall(r'data-say="(/media/[^"]+)"', ticket["html"]) == [stem.url]
    assert ticket["html"].count("data-say=") == 8  # two questions with three answers each


def test_read_again_is_another_pack_and_withdrawn_too(reader: World) -> None:
    freeze_spoken()
    (first,) = record(["Lesson en"])
    names = [name_of(reader.learner)]
    first.stopped_at, first.stop = timezone.now(), Recording.Stop.REPLACED
    first.save()
    names.append(name_of(reader.learner))
    [again] = record(["Lesson en"])
    again.name = "b" * 32
    again.save()
    names.append(name_of(reader.learner))
    assert len(set(names)) == 3
    assert sounds_in(packs.offers_to(reader.learner)[0]) == [f"/media/sound/{'b' * 32}.opus"]


# --- what it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_offers_that_have_not_changed_ask_six_queries(count: int, db: None, django_assert_num_queries) -> None:
    reader = make_reader(*(publish(f"M{number}") for number in range(1, count + 1)))
    assert len(packs.offers_to(reader.learner)) == count
    with django_assert_num_queries(6):
        assert len(packs.offers_to(reader.learner)) == count


def test_module_without_quiz_and_checklist_is_a_pack_of_lessons(db: None) -> None:
    make_country()
    module = make_module_page(make_module("M4")).module
    freeze_module(module)
    pack = pack_of(make_reader(module).learner)
    assert set(pack["pages"]) == {"", "listen", "l1", "l1/listen"}
    assert pack["practice"] is None
