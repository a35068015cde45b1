"""The translators' room through its addresses: who may do what, and that no words are lost or overwritten."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import polib
import pytest
from django.test import Client

from curriculum.models import Article, EditorialRight, GlossaryMeaning, TranslatedSegment
from curriculum.translating.given_out import room_of
from curriculum.translating.segments import Segment, State, segments
from people.models import User
from programme.actions import give_role
from programme.models import Role
from tests.curriculum.admin_desk import make_person
from tests.curriculum.pack import SWAHILI
from tests.curriculum.test_import_over_edits import edit, page
from tests.factories import make_unit

pytestmark = pytest.mark.django_db
Bring = Callable[..., Any]
ROOM = "/admin/translations/sw/x1/"
NEW = "Tabasamu linafungua mlango."


def as_person(craft: str, **right: str) -> tuple[Client, User]:
    person, client = make_person(craft, **right), Client()
    client.force_login(person)
    return client, person


def key_message(language: str = "sw") -> Segment:
    path = f"body.{page().body[1].id}.text"
    return next(one for one in segments(["X1"], [language])[language] if one.text.path == path)


def post(client: Client, segment: Segment, words: str, *, script: bool = True, **more: str) -> Any:
    headers = {"Accept": "application/json"} if script else {}
    data = {"words": words, "seen": segment.seen, "part": "l1"} | more
    return client.post(f"{ROOM}{segment.mark}/", data, headers=headers)


@pytest.fixture
def stale(begin_with: Bring) -> None:
    """A whole module in Kiswahili; then one English sentence changes."""
    begin_with()
    edit("A smile opens the door.")


# ---------------------------------------------------------------- who


def test_a_translator_of_one_language_finds_nothing_of_another(stale: None) -> None:
    client, _person = as_person("translator", language="sw")
    french = key_message("fr")
    of_french = "/admin/translations/fr/x1/"

    assert client.get(ROOM).status_code == 200
    assert client.get("/admin/translations/?language=fr").status_code == 404
    for path in ("", "texts.po", "texts.xlsx", "bring-in/"):
        assert client.get(f"{of_french}{path}").status_code == 404, path
    for path in (f"{french.mark}/", "publish/", "read/", "bring-in/"):
        data = {"words": "Un sourire ouvre la porte.", "part": "all"}
        assert client.post(f"{of_french}{path}", data).status_code == 404, path
    assert key_message("fr").state is State.MISSING


def test_a_role_gives_exactly_its_language(begin_with: Bring) -> None:
    begin_with()
    user = make_person("translator", language="fr")
    EditorialRight.objects.get(language="fr").group.user_set.remove(user)
    give_role(
        user=user, role=Role.TRANSLATOR, unit=make_unit(), language="sw", from_on=date(2020, 1, 1), on=date(2026, 1, 1)
    )
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))

    assert client.get(ROOM).status_code == 200
    assert client.get("/admin/translations/fr/x1/").status_code == 404


def test_an_author_looks_and_changes_nothing(stale: None) -> None:
    client, _person = as_person("author")

    html = client.get(f"{ROOM}?part=l1").content.decode()

    assert ("<ins>smile " in html, "<textarea" in html) == (True, False)
    assert post(client, key_message(), NEW).status_code == 404
    assert client.post(f"{ROOM}publish/", {"part": "l1", "kind_of_change": "wording"}).status_code == 404
    assert client.get(f"{ROOM}bring-in/").status_code == 404


@pytest.mark.parametrize("path", ["/admin/translations/sw/zz9/", "/admin/translations/sw/x1/000000000000/"])
def test_what_is_not_there_is_not_there(stale: None, path: str) -> None:
    client, _person = as_person("translator", language="sw")

    assert client.post(path, {"words": "x"}).status_code in (404, 405)
    assert client.get("/admin/translations/sw/zz9/").status_code == 404


# ---------------------------------------------------------------- writing


def test_words_are_kept_and_not_published(stale: None) -> None:
    client, person = as_person("translator", language="sw")

    answer = post(client, key_message(), NEW)

    assert answer.json() | {"seen": ""} == {
        "kept": True,
        "state": "draft",
        "state_name": "Written, not published",
        "seen": "",
        "words": NEW,
        "warnings": [],
    }
    assert (key_message().words, key_message().written_by) == (NEW, person)
    html = Article.objects.get(path="x1/l1", language="sw", country="ZA").html
    assert ("inafungua mlango." in html, NEW in html) == (True, False)


def test_without_script_she_comes_back_to_the_text(stale: None) -> None:
    client, _person = as_person("translator", language="sw")
    segment = key_message()

    answer = post(client, segment, NEW, script=False)

    assert (answer.status_code, answer["Location"]) == (302, f"{ROOM}?part=l1#t{segment.mark}")
    assert NEW in client.get(f"{ROOM}?part=l1").content.decode()


def test_refused_words_stay_where_they_were_typed(begin_with: Bring) -> None:
    begin_with()
    client, _person = as_person("translator", language="sw")
    [segment] = [one for one in segments(["X1"], ["sw"])["sw"] if "{bf_duration}" in one.source]
    wrong = "Kwanza unamsalimia, mara 2."

    by_script = post(client, segment, wrong)
    answer = post(client, segment, wrong, script=False)

    assert (by_script.status_code, answer.status_code) == (400, 400)
    assert by_script.json()["refusals"] == [
        "Keep {bf_duration} as it is: the country's own rule is printed there. Here stands: –.",
        "The numbers differ. In the English: –. Here: 2.",
        "The English has 4 paragraphs or lines, here are 1. An empty line divides two.",
    ]
    assert f">{wrong}</textarea>" in answer.content.decode()
    assert segment in segments(["X1"], ["sw"])["sw"]


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(stale: None) -> None:
    one, _person = as_person("translator", language="sw")
    other, _person = as_person("translator", language="sw")
    seen = key_message()
    post(one, seen, NEW)

    answer = post(other, seen, "Kicheko kinafungua mlango.")

    assert answer.status_code == 409
    assert NEW in answer.json()["refusals"][0]
    assert key_message().words == NEW
    # She has read it now; what she decides counts.
    again = other.post(
        f"{ROOM}{seen.mark}/",
        {"words": "Kicheko kinafungua mlango.", "seen": answer.json()["seen"]},
        headers={"Accept": "application/json"},
    )
    assert (again.status_code, key_message().words) == (200, "Kicheko kinafungua mlango.")


def test_the_same_words_can_stand_for_the_new_english(stale: None) -> None:
    client, _person = as_person("translator", language="sw")

    post(client, key_message(), "Salamu inafungua mlango.")
    client.post(f"{ROOM}publish/", {"part": "l1", "kind_of_change": "wording"})

    assert key_message().state is State.CURRENT


def test_rich_text_is_written_as_it_is_shown(begin_with: Bring) -> None:
    begin_with(swahili={"title": "Kuzungumza vizuri"}, promised=False)
    client, _person = as_person("translator", language="sw")
    [segment] = [one for one in segments(["X1"], ["sw"])["sw"] if "{bf_duration}" in one.source]

    assert post(client, segment, SWAHILI["l1.tx.text"]).status_code == 200

    [segment] = [one for one in segments(["X1"], ["sw"])["sw"] if "{bf_duration}" in one.source]
    assert (segment.state, segment.words) == (State.DRAFT, SWAHILI["l1.tx.text"])


# ---------------------------------------------------------------- publishing


def test_publishing_goes_through_the_gate(begin_with: Bring) -> None:
    begin_with(swahili={"title": "Kuzungumza vizuri"}, promised=False)
    client, _person = as_person("translator", language="sw")
    post(client, key_message(), "Salamu inafungua mlango.")

    answer = client.post(f"{ROOM}publish/", {"part": "l1", "kind_of_change": "wording"}, follow=True)

    assert "Nothing was published: 9 sentences are not translated yet." in answer.content.decode()
    assert not Article.objects.filter(language="sw").exists()


def test_a_module_is_translated_from_nothing_to_published(begin_with: Bring) -> None:
    begin_with(swahili={}, promised=False)
    admin = make_person("translator", language="sw")
    client = Client()
    client.force_login(admin)
    # The shelves came in the language of the pack; here they are translated first, like everything else.
    for segment in segments([""], ["sw"])["sw"]:
        client.post(
            f"/admin/translations/sw/library/{segment.mark}/",
            {"words": "Maktaba" if segment.source == "Library" else "Kazi"},
            headers={"Accept": "application/json"},
        )
    client.post("/admin/translations/sw/library/publish/", {"part": "all"})
    for key, keyed in room_of("X1", "sw").keyed.items():
        for segment in keyed.segments:
            answer = post(client, segment, SWAHILI[key])
            assert answer.status_code == 200, (key, answer.content)
    answer = client.post(f"{ROOM}publish/", {"part": "all"}, follow=True)

    assert "Published: 5 texts." in answer.content.decode()
    states = {one.state for one in segments(["X1", ""], ["sw"])["sw"]}
    assert states == {State.CURRENT}
    assert Article.objects.filter(language="sw", path="x1/l2", is_stale=False).exists()
    assert GlossaryMeaning.objects.get(language="sw").word == "salamu"


def test_words_go_live_together_with_their_meaning(begin_with: Bring) -> None:
    begin_with()
    source = GlossaryMeaning.objects.get(language="en")
    client, _person = as_person("translator", language="fr")
    word = next(one for one in segments(["X1"], ["fr"])["fr"] if one.text.path == "word")
    room = "/admin/translations/fr/x1/"
    headers = {"Accept": "application/json"}
    client.post(f"{room}{word.mark}/", {"words": "salutation"}, headers=headers)

    half = client.post(f"{room}publish/", {"part": "words"}, follow=True)
    assert "one sentence is not translated yet" in half.content.decode()
    meaning = next(one for one in segments(["X1"], ["fr"])["fr"] if one.text.path == "meaning")
    client.post(f"{room}{meaning.mark}/", {"words": "Les premiers mots."}, headers=headers)
    client.post(f"{room}publish/", {"part": "words"})

    said = GlossaryMeaning.objects.get(entry=source.entry, language="fr")
    assert (said.word, said.meaning) == ("salutation", "Les premiers mots.")
    assert {one.state for one in segments(["X1"], ["fr"])["fr"] if one.original.kind == "word"} == {State.CURRENT}


# ---------------------------------------------------------------- reading


def sign(client: Client, *found: Segment) -> Any:
    data = {"read": [f"{one.mark}:{one.seen}" for one in found], "part": "l1"}
    return client.post(f"{ROOM}read/", data, follow=True)


def test_another_person_reads_and_signs_with_name_and_day(stale: None) -> None:
    writer, _writer = as_person("translator", language="sw")
    reader, _reader = as_person("translator", language="sw")
    post(writer, key_message(), NEW)

    assert '<input type="checkbox" form="sign"' in reader.get(f"{ROOM}?part=l1").content.decode()
    sign(reader, key_message())

    assert (key_message().state, key_message().read_by) == (State.DRAFT, "Translator")
    writer.post(f"{ROOM}publish/", {"part": "l1", "kind_of_change": "wording"})
    assert key_message().state is State.REVIEWED
    row = TranslatedSegment.objects.get(text=NEW)
    assert (row.reviewed_by, row.reviewed_on is not None) == ("Translator", True)


def test_nobody_signs_her_own_words(stale: None) -> None:
    client, _person = as_person("translator", language="sw")
    post(client, key_message(), NEW)
    client.post(f"{ROOM}publish/", {"part": "l1", "kind_of_change": "wording"})

    html = sign(client, key_message()).content.decode()

    assert "Some texts were left out" in html
    assert (key_message().state, key_message().read_by) == (State.CURRENT, "")


def test_a_signature_is_for_the_words_that_were_read(stale: None) -> None:
    writer, _writer = as_person("translator", language="sw")
    reader, _reader = as_person("translator", language="sw")
    post(writer, key_message(), NEW)
    shown = key_message()
    post(writer, shown, "Kicheko kinafungua mlango.")

    sign(reader, shown)
    assert key_message().read_by == ""
    sign(reader, key_message())
    post(writer, key_message(), NEW)
    assert key_message().read_by == ""


def test_stale_text_cannot_be_signed(stale: None) -> None:
    reader, _reader = as_person("translator", language="sw")

    sign(reader, key_message())

    assert (key_message().state, key_message().read_by) == (State.STALE, "")


@pytest.mark.parametrize("craft", ["author", "reviewer"])
def test_who_does_not_speak_it_by_her_role_signs_nothing(stale: None, craft: str) -> None:
    client, _person = as_person(craft)

    assert client.post(f"{ROOM}read/", {"read": ["x:y"]}).status_code == 404


# ---------------------------------------------------------------- the page


def test_the_editor_shows_what_changed_and_filters(stale: None) -> None:
    client, _person = as_person("translator", language="sw")

    html = client.get(f"{ROOM}?part=all&show=stale").content.decode()

    assert html.count('class="tr-line"') == 1
    assert "<del>greeting </del><ins>smile </ins>" in html
    assert "Nothing to show here." in client.get(f"{ROOM}?part=all&show=missing").content.decode()


def test_the_overview_counts_by_module(stale: None) -> None:
    client, _person = as_person("translator", language="sw")

    html = client.get("/admin/translations/").content.decode()

    assert "96 % is made from the English as it is now" in html
    assert "5 English words are left." in html
    assert '<a href="/admin/translations/sw/x1/?part=all&amp;show=stale">1</a>' in html
    author, _person = as_person("author")
    assert "5 words left" in author.get("/admin/translations/").content.decode()


def test_long_words_are_warned_of(stale: None) -> None:
    client, _person = as_person("translator", language="sw")

    answer = post(client, key_message(), "Tabasamu la upole na la kweli linafungua mlango wa kila nyumba.")

    assert answer.json()["warnings"] == ["This is 2.7 times as long as the English. Can it be said in fewer words?"]


# ---------------------------------------------------------------- files


def sheet_of(data: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows()]


def sent(client: Client, name: str, data: bytes) -> Any:
    file = io.BytesIO(data)
    file.name = name
    return client.post(f"{ROOM}bring-in/", {"file": file})


def test_po_goes_out_and_comes_back(stale: None) -> None:
    client, _person = as_person("translator", language="sw")
    out = client.get(f"{ROOM}texts.po")
    file = polib.pofile(out.content.decode())
    entry = next(one for one in file if one.msgctxt == "l1.km.text")

    assert out["Content-Disposition"] == 'attachment; filename="texts-x1-sw.po"'
    assert (entry.msgid, entry.previous_msgid, entry.msgstr, entry.fuzzy) == (
        "A smile opens the door.",
        "A greeting opens the door.",
        "Salamu inafungua mlango.",
        True,
    )
    entry.msgstr, entry.flags, entry.previous_msgid, entry.previous_msgctxt = NEW, [], None, None
    html = sent(client, "back.po", str(file).encode()).content.decode()

    assert "1 text was taken." in html
    assert (key_message().state, key_message().words) == (State.DRAFT, NEW)


def test_a_file_that_nobody_changed_changes_nothing(begin_with: Bring) -> None:
    begin_with()
    client, _person = as_person("translator", language="sw")
    before = [(one.words, one.state) for one in segments(["X1"], ["sw"])["sw"]]

    for kind in ("po", "xlsx"):
        html = sent(client, f"x.{kind}", client.get(f"{ROOM}texts.{kind}").content).content.decode()
        assert "0 texts were taken." in html
        assert "refused-heading" not in html

    assert [(one.words, one.state) for one in segments(["X1"], ["sw"])["sw"]] == before


def test_a_sheet_has_ids_and_two_columns_and_comes_back(stale: None) -> None:
    client, _person = as_person("translator", language="sw")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{ROOM}texts.xlsx").content))
    page_ = book.active
    rows = [[cell.value for cell in row] for row in page_.iter_rows()]

    assert (rows[0][0], rows[1]) == ("X1 sw", ["id", "English", "Kiswahili"])
    assert rows[2] == ["title", "Talking well", "Kuzungumza vizuri"]
    [number] = [place for place, row in enumerate(rows, start=1) if row[0] == "l1.km.text"]
    page_.cell(number, 3).value = NEW
    kept = io.BytesIO()
    book.save(kept)

    assert "1 text was taken." in sent(client, "back.xlsx", kept.getvalue()).content.decode()
    assert key_message().words == NEW


def test_refused_rows_are_told_with_their_place(stale: None) -> None:
    client, _person = as_person("translator", language="sw")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{ROOM}texts.xlsx").content))
    page_ = book.active
    places = {row[0].value: row[0].row for row in page_.iter_rows()}
    page_.cell(places["l1.tx.text"], 3).value = "Muda gani?"
    page_.cell(places["l1.title"], 1).value = "l9.title"
    page_.cell(places["l2.title"], 2).value = "Hearing"
    page_.cell(places["l2.ck.title"], 3).value = "=1+1"
    page_.cell(places["l2.rp.r1"], 3).value = "Hesabu hadi 10."
    page_.append(["l1.km.text", "A smile opens the door.", NEW])
    kept = io.BytesIO()
    book.save(kept)

    html = sent(client, "back.xlsx", kept.getvalue()).content.decode()

    def told(place: int, key: str, reason: str) -> bool:
        return f"<b>row {place}</b> <code>{key}</code> {reason}" in html

    assert told(places["l1.tx.text"], "l1.tx.text", "Keep {bf_duration} as it is")
    assert told(places["l1.title"], "l9.title", "There is no text with this id")
    assert told(places["l2.title"], "l2.title", "The English beside it is not the English of the module")
    assert told(places["l2.ck.title"], "l2.ck.title", "A formula stands there.")
    assert told(places["l2.rp.r1"], "l2.rp.r1", "The numbers differ. In the English: –. Here: 10.")
    assert told(len(places) + 1, "l1.km.text", "This id stands twice in the file.")
    assert "6 texts were not taken" in html
    assert {one.state for one in segments(["X1"], ["sw"])["sw"]} == {State.CURRENT, State.STALE}


def test_what_was_written_here_meanwhile_is_asked_about(stale: None) -> None:
    client, _person = as_person("translator", language="sw")
    file = polib.pofile(client.get(f"{ROOM}texts.po").content.decode())
    # The file says when it was given out; as if that had been yesterday.
    file.metadata["X-Given-Out"] = "2020-01-01T00:00:00+00:00"
    post(client, key_message(), NEW)
    entry = next(one for one in file if one.msgctxt == "l1.km.text")
    entry.msgstr, entry.flags = "Kicheko kinafungua mlango.", []
    entry.previous_msgid = entry.previous_msgctxt = None

    html = sent(client, "back.po", str(file).encode()).content.decode()

    assert "1 text was changed here meanwhile" in html
    assert key_message().words == NEW
    decide = {"words-l1.km.text": "Kicheko kinafungua mlango.", "seen-l1.km.text": key_message().seen}
    client.post(f"{ROOM}bring-in/", decide | {"decide-l1.km.text": "keep"})
    assert key_message().words == NEW
    client.post(f"{ROOM}bring-in/", decide | {"decide-l1.km.text": "replace", "seen-l1.km.text": "older"})
    assert key_message().words == NEW
    client.post(f"{ROOM}bring-in/", decide | {"decide-l1.km.text": "replace"})
    assert key_message().words == "Kicheko kinafungua mlango."


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("x.xlsx", b"no sheet", "This file cannot be read."),
        ("x.po", b"\xff\xfe", "This file is not UTF-8."),
        ("x.po", b'msgctxt "a"\nmsgid "b\nmsgstr', "Line 2:"),
        ("x.zip", b"PK", "Choose a file that ends with .po or .xlsx."),
    ],
)
def test_a_file_that_is_none_is_told(begin_with: Bring, name: str, data: bytes, sentence: str) -> None:
    begin_with()
    client, _person = as_person("translator", language="sw")

    answer = sent(client, name, data)

    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)


def test_a_sheet_of_another_language_is_told(begin_with: Bring) -> None:
    begin_with()
    client, _person = as_person("translator", language="fr")
    french = client.get("/admin/translations/fr/x1/texts.xlsx").content
    other, _person = as_person("translator", language="sw")

    assert "another module or language" in sent(other, "x.xlsx", french).content.decode()


def test_json_for_scripts_is_no_page(stale: None) -> None:
    client, _person = as_person("translator", language="sw")

    answer = post(client, key_message(), "")

    assert (answer.status_code, json.loads(answer.content)["refusals"]) == (400, ["There are no words yet."])
