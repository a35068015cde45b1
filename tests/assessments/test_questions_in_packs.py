"""Questions of every kind come in from a pack's ``questions.gift`` and go out as they came."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assessments.gift.item_reading import read_items
from assessments.models import Question, QuestionSnippet, QuizText
from curriculum import packs
from curriculum.actions import export_pack, import_pack
from tests.curriculum.pack import FACTS, QUESTIONS, SWAHILI, write_pack

pytestmark = pytest.mark.django_db

MORE = (
    QUESTIONS
    + """
// [id:q2] [tag:multiple] [tag:certifying] [tag:lesson l1]
::X1-Q2:: What helps? Choose two. {
    // a
    ~%50% Time # Yes.
    // b
    ~%50% A chair # Yes.
    // c
    ~%-50% Noise # It is tiring.
    #### Quiet helps.
}

// [id:q3] [tag:certifying] [tag:lesson l2]
::X1-Q3:: How many minutes do you wait? {#
    =5:0
    =6..10
    // m1
    =%0%1:0 # That is short.
    #### Five is a good time.
}

// [id:q4] [tag:ordering] [tag:certifying] [tag:lesson l2]
::X1-Q4:: Put it in order. {
    // k7f2
    = Greet -> 1
    // b3mm
    = Wait -> 2
    // a9xy
    = Listen -> 3
    #### First a greeting.
}

// [id:q5] [tag:certifying] [tag:lesson l2]
::X1-Q5:: What goes together? {
    // m4rt # She hears it.
    = Voice -> Ear
    // c8zz
    = Light -> Eye
    // x2qq # Nobody smells it.
    =  -> Nose
    #### Ears hear, eyes see.
}

// [id:q6] [tag:scenario] [tag:certifying] [tag:lesson l1]
::X1-Q6:: Atieno stands at the gate.\\n\\nWhat do you do? {
    // a
    = Greet her # Yes.
    // b
    ~ Look away # She sees it.
    #### She came to you.
}
"""
)


@pytest.fixture
def pack(tmp_path: Path, settings: Any) -> Callable[[str], Path]:
    """``pack(gift)`` writes the small pack in one language with these questions in canonical form."""
    settings.MEDIA_ROOT = str(tmp_path / "media")

    def write(gift: str) -> Path:
        folder = write_pack(tmp_path, swahili={})
        (folder / "x1" / "questions.gift").write_text(gift)
        packs.fix(folder)
        return folder

    return write


def items_in(folder: Path) -> dict[str, Any]:
    reading = read_items((folder / "x1/questions.gift").read_bytes())
    assert reading.is_whole, list(map(str, reading.problems))
    return {item.id: item for item in reading.items}


def test_every_kind_comes_in_and_goes_out_as_it_came(pack: Callable[[str], Path]) -> None:
    folder = pack(MORE)
    before = (folder / "x1/questions.gift").read_bytes()
    kinds = {item.code: item.kind for item in items_in(folder).values()}
    assert sorted(kinds.values()) == ["matching", "multiple", "number", "ordering", "scenario", "single"]

    imported = import_pack(folder)

    assert imported.left_out == []
    assert dict(QuestionSnippet.objects.values_list("question__code", "kind")) == kinds
    assert import_pack(folder).published == 0
    QuestionSnippet.objects.filter(question__code="X1-Q6").update(why="Because she came.")
    assert export_pack(folder) == ["x1/questions.gift"]
    assert items_in(folder)["q6"].why == "Because she came."
    QuestionSnippet.objects.filter(question__code="X1-Q6").update(why="She came to you.")
    export_pack(folder)
    assert (folder / "x1/questions.gift").read_bytes() == before


def test_an_export_without_the_words_brings_all_of_them_back(pack: Callable[[str], Path]) -> None:
    folder = pack(MORE)
    before = (folder / "x1/questions.gift").read_text()
    import_pack(folder)
    forgotten = before
    for word in ("Time", "That is short", "Greet -> 1", "Ear\n", "Nose", "She hears it", "What helps", "Atieno stands"):
        assert word in forgotten, word
        forgotten = forgotten.replace(word, word.replace("e", "3"))
    (folder / "x1/questions.gift").write_text(forgotten)

    export_pack(folder)

    assert (folder / "x1/questions.gift").read_text() == before


def test_the_identity_of_a_step_follows_from_its_id_and_not_from_its_place(pack: Callable[[str], Path]) -> None:
    folder = pack(MORE)
    import_pack(folder)
    before = set(Question.objects.get(code="X1-Q4").choices.values_list("uuid", flat=True))
    path = folder / "x1/questions.gift"
    text = path.read_text()
    assert "Greet -> 1" in text
    path.write_text(
        text.replace("Greet -> 1", "Greet -> 9").replace("Wait -> 2", "Wait -> 1").replace("Greet -> 9", "Greet -> 2")
    )
    packs.fix(folder)

    import_pack(folder)

    assert set(Question.objects.get(code="X1-Q4").choices.values_list("uuid", flat=True)) == before
    steps = [block.value["text"] for block in QuestionSnippet.objects.get(question__code="X1-Q4").choices]
    assert steps == ["Wait", "Greet", "Listen"]


def test_a_missing_id_is_told_and_given(pack: Callable[[str], Path], tmp_path: Path) -> None:
    folder = write_pack(tmp_path, swahili={})
    path = folder / "x1/questions.gift"
    path.write_text(QUESTIONS.replace("[id:q1] ", "").replace("    // a\n", ""))
    assert {problem.is_fixable for problem in packs.open_pack(folder).errors} == {True}

    assert packs.fix(folder) == ["x1/questions.gift"]

    assert path.read_text() == QUESTIONS
    assert packs.open_pack(folder).errors == []


def test_a_question_whose_translation_is_stale_keeps_the_published_one(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    folder = write_pack(tmp_path)
    import_pack(folder)
    path = folder / "x1/questions.gift"
    path.write_text(path.read_text().replace("What comes first?", "What comes first of all?"))

    import_pack(folder)

    stems = dict(QuestionSnippet.objects.values_list("locale__language_code", "stem"))
    assert stems == {"en": "What comes first of all?", "sw": SWAHILI["q1.stem"]}


# --- an order whose steps are a country's ----------------------------------------------------------

TIMES = FACTS.replace(
    "\n[[values]]",
    """
[facts.test_times]
statement = "When."
kind = "times"

[[values]]
fact = "test_times"
country = "ZA"
mark = "sourced"
source = "a guideline"
valid_from_on = 2020-01-01
value = [{ point = "birth" }, { number = "10", unit = "week" }, { number = "6", unit = "month" }]

[[values]]""",
    1,
)
ORDER = """
// [id:q2] [tag:ordering] [tag:certifying] [tag:lesson l2] [tag:needs test_times] [tag:key test_times]
::X1-Q2:: Put the tests in the order of our country. {
    // py8f = The milk ends -> before the last test # There is still milk.
    // m1 ~ The last one before the milk ends.
    // otherwise # Think of the card.
    #### Our times: \\{test_times\\}
}
"""
SWAHILI_ORDER = {
    "q2.stem": "Panga vipimo.",
    "q2.py8f.text": "Maziwa yanaisha",
    "q2.py8f.feedback": "Bado kuna maziwa.",
    "q2.m1.idea": "Cha mwisho kabla.",
    "q2.otherwise": "Fikiria kadi.",
    "q2.why": "Nyakati zetu: {test_times}",
}


@pytest.fixture
def ordered(tmp_path: Path, settings: Any) -> Path:
    """A pack in two languages with an order whose steps are the country's times."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return write_pack(tmp_path, {QUESTIONS: QUESTIONS + ORDER}, swahili=SWAHILI | SWAHILI_ORDER, facts=TIMES)


def test_an_order_of_a_country_comes_in_and_goes_out_as_it_came(ordered: Path) -> None:
    files = ("x1/questions.gift", "x1/po/sw.po")
    before = {name: (ordered / name).read_text() for name in files}
    assert packs.open_pack(ordered).errors == []

    assert import_pack(ordered).left_out == []

    english, swahili = (QuizText.objects.get(language=language, country="ZA") for language in ("en", "sw"))
    [asked] = [item for item in english.version.structure["items"] if item.get("key_from")]
    said = [
        [text.content[asked["question"]]["choices"][step["id"]]["text"] for step in text.keys[asked["question"]]]
        for text in (english, swahili)
    ]
    assert said == [
        ["At birth", "10 weeks", "The milk ends", "6 months"],
        ["Wakati wa kuzaliwa", "Wiki 10", "Maziwa yanaisha", "Miezi 6"],
    ]
    assert QuizText.objects.get(language="en", country="KE").left_out == [asked["question"]]
    assert import_pack(ordered).published == 0
    for name, text in before.items():
        forgotten = text.replace("The milk ends ->", "It ends ->").replace("Maziwa yanaisha", "Yanaisha")
        (ordered / name).write_text(forgotten)
    export_pack(ordered)
    assert {name: (ordered / name).read_text() for name in files} == before


def test_another_place_of_a_step_at_the_desk_is_what_changes_in_the_file(ordered: Path) -> None:
    import_pack(ordered)
    before = (ordered / "x1/questions.gift").read_text()
    snippet = QuestionSnippet.objects.get(question__code="X1-Q2", locale__language_code="en")
    for block in snippet.choices:
        block.value["place"] = "after_last"
    snippet.save_revision().publish()

    export_pack(ordered)

    after = (ordered / "x1/questions.gift").read_text()
    assert after == before.replace("-> before the last test #", "-> after the last #")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("before the last test", "somewhere", "step py8f does not say where it stands"),
        ("[tag:key test_times]", "[tag:key bf_duration]", "only times can be put in order"),
    ],
)
def test_an_order_of_a_country_that_cannot_be_asked_is_told(ordered: Path, old: str, new: str, told: str) -> None:
    path = ordered / "x1/questions.gift"
    path.write_text(path.read_text().replace(old, new))
    [problem] = packs.open_pack(ordered).errors
    assert told in problem.what
