"""What a pack says about its questions beyond what GIFT itself has a form for."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from assessments.gift.item_reading import read_items
from assessments.gift.item_writing import write_items
from assessments.gift.items import (
    KINDS,
    ExtraRight,
    Item,
    Misconception,
    NumberRange,
    Option,
    Pair,
    Step,
)
from assessments.gift.questions import Choice, Essay, Matching
from assessments.gift.reading import read

GUIDE = Path(__file__).parents[3] / "docs" / "questions.md"
EXAMPLES = re.findall(r"```gift\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def only(text: str) -> Item:
    reading = read_items(text.encode())
    assert reading.problems == ()
    (item,) = reading.items
    return item


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split("::")[1])
def test_every_example_of_the_guide_is_read_and_comes_back_equal(example):
    item = only(example)

    assert only(write_items([item])) == item


def test_the_guide_shows_every_kind():
    assert {only(example).kind for example in EXAMPLES} == set(KINDS)


def test_the_examples_of_the_guide_stand_in_the_one_shape_there_is():
    """All but the scenario, which shows that a long line may be broken."""
    assert [only(example).code for example in EXAMPLES if write_items([only(example)]) != example] == ["D1-Q8"]


def test_what_stands_above_a_question():
    item = only(
        "// Asked at every induction.\n// [id:q2] [tag:certifying] [tag:critical] [tag:lesson l5] [tag:fact F37]"
        " [tag:fact F55] [tag:needs bf_duration]\n::M5-Q2:: How long? \\{bf_duration\\} {TRUE}"
    )

    assert item == Item(
        id="q2",
        code="M5-Q2",
        use="certifying",
        kind="true_false",
        stem="How long? {bf_duration}",
        is_critical=True,
        lesson="l5",
        facts=("F37", "F55"),
        needs=("bf_duration",),
        options=(Option("a", "True", True), Option("b", "False", False)),
        notes=("Asked at every induction.",),
    )
    assert item.placeholders() == {"bf_duration"}


def test_a_number_with_ranges_wrong_ideas_and_a_word_to_all_others():
    item = only(
        "// [id:q1] [tag:practice]\n::M1-T1:: Of 100? {#\n= 45\n= 40..45\n// m2 ~ rare\n=%0% 5 # More.\n"
        "// m2 ~ rare\n=%0% 1..3 # More.\n"
        "// m1 ~ all of them # Most do not.\n~ # Look again.\n}"
    )

    assert item.accepted == (NumberRange.exactly(45), NumberRange(Decimal(40), Decimal(45)))
    assert item.misconceptions == (
        Misconception("m2", "rare", "More.", (NumberRange.exactly(5), NumberRange(Decimal(1), Decimal(3)))),
        Misconception("m1", "all of them", "Most do not."),
    )
    assert item.otherwise == "Look again."


def test_a_number_of_the_country_is_an_open_question_to_moodle():
    item = Item(
        id="q5",
        code="M5-Q5",
        use="certifying",
        kind="number",
        stem="How many months?",
        key_from="final_outcome_rule",
        misconceptions=(Misconception("m1", "", "Too early.", (NumberRange.exactly(0),)), Misconception("m2", "never")),
        otherwise="Ask.",
        why="Our rule: {final_outcome_rule}",
    )

    text = write_items([item])

    assert only(text) == item
    assert read(text.encode()).questions[0].answers == Essay()


def test_an_ordering_is_a_matching_with_numbers_to_moodle():
    item = Item("q1", "P3-Q1", "practice", "ordering", "Order.", steps=(Step("b", "First"), Step("a", "Then")))

    (question,) = read(write_items([item]).encode()).questions

    assert isinstance(question.answers, Matching)
    assert [(pair.left.text, pair.right) for pair in question.answers.pairs] == [("First", "1"), ("Then", "2")]


def test_the_numbers_of_an_ordering_count_and_not_its_lines():
    item = only(
        "// [id:q1] [tag:practice] [tag:ordering]\n::P3-Q1:: Order. {\n// a\n= Then -> 2\n// b\n= First -> 1\n}"
    )

    assert item.steps == (Step("b", "First"), Step("a", "Then"))


def test_a_scenario_is_a_choice_to_moodle():
    item = Item(
        id="q1",
        code="P1-Q1",
        use="practice",
        kind="scenario",
        situation="She is late.\n\nShe is alone.",
        stem="What do you do?\n\nChoose one.",
        options=(Option("a", "Wait", True), Option("b", "Go", False, idea="Time is money.")),
    )

    text = write_items([item])
    (question,) = read(text.encode()).questions

    assert only(text) == item
    assert question.stem.text == "She is late.\n\nShe is alone.\n\nWhat do you do?\n\nChoose one."
    assert isinstance(question.answers, Choice) and question.answers.is_single


def test_matching_carries_feedback_and_extra_rights():
    item = only(
        "// [id:q1] [tag:practice]\n::P1-T1:: Who? {\n// a # Her work.\n"
        "= -\\> needle -> nurse -> or midwife\n// b\n= fare -> nobody\n"
        "// x # Not here.\n= -> driver\n}"
    )

    assert item.pairs == (Pair("a", "-> needle", "nurse -> or midwife", "Her work."), Pair("b", "fare", "nobody"))
    assert item.extra_rights == (ExtraRight("x", "driver", "Not here."),)


def test_true_and_false_may_have_other_words_and_ids():
    item = only(
        "// [id:q1] [tag:practice]\n::P1-T1:: Is it? {FALSE\n# Not so.\n# Right.\n// y = Yes ~ It is so.\n// n = No\n}"
    )

    assert item.options == (Option("y", "Yes", False, "Not so.", "It is so."), Option("n", "No", True, "Right."))


def test_missing_ids_are_given_out_and_standing_ones_kept():
    data = (
        b"// [id:q1] [tag:certifying]\n::M1-Q1:: Is it? {TRUE}\n\n"
        b"// [tag:practice]\n::M1-T1:: Which? {\n= yes\n// a\n~ no\n~ never\n}\n\n"
        b"// [tag:certifying]\n::M1-Q2:: How many? {#\n= 3\n=%0% 4 # No.\n}\n"
    )

    reading = read_items(data, mints_ids=True)

    assert reading.problems == ()
    assert [item.id for item in reading.items] == ["q1", "t1", "q2"]
    assert [option.id for option in reading.items[1].options] == ["b", "a", "c"]
    assert reading.items[2].misconceptions[0].id == "m1"
    assert not read_items(data).is_whole


def test_strings_to_translate_have_stable_keys_and_no_empty_texts():
    item = Item(
        id="q1",
        code="M1-Q1",
        use="practice",
        kind="single",
        stem="Which?",
        options=(Option("a", "yes", True, "Right."), Option("b", "no", False, idea="never")),
        misconceptions=(Misconception("m1", "an idea", "kindly"),),
        why="So.",
    )

    assert list(item.strings()) == [
        ("stem", "Which?"),
        ("a.text", "yes"),
        ("a.feedback", "Right."),
        ("b.text", "no"),
        ("b.idea", "never"),
        ("m1.idea", "an idea"),
        ("m1.feedback", "kindly"),
        ("why", "So."),
    ]


def test_signs_of_html_are_marked_as_plain_text_for_moodle():
    item = Item(
        "q1",
        "M1-Q1",
        "practice",
        "true_false",
        "Is 3 < 4?",
        options=(Option("a", "True", True), Option("b", "False", False)),
    )

    assert "::M1-Q1:: [plain]Is 3 < 4? {TRUE}" in write_items([item])


def test_the_category_and_the_lines_of_items_are_known():
    reading = read_items(b"$CATEGORY: M1\n\n// [id:q1] [tag:practice]\n::M1-Q1:: Is it? {TRUE}\n")

    assert (reading.category, reading.lines) == ("M1", {"q1": 4})
    assert write_items(reading.items, category=reading.category).startswith("$CATEGORY: M1\n\n// [id:q1]")


@pytest.mark.parametrize(("low", "high"), [("2", "1"), ("NaN", "1"), ("1", "Infinity")])
def test_a_range_refuses_what_is_none(low, high):
    with pytest.raises(ValueError, match="is no range"):
        NumberRange(Decimal(low), Decimal(high))
