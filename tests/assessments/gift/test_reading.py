"""Each form of the format, in the shapes in which people write it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assessments.gift.questions import (
    Answer,
    Category,
    Choice,
    Comment,
    Description,
    Essay,
    Matching,
    MatchingPair,
    Number,
    NumberAnswer,
    Question,
    ShortAnswer,
    Text,
    TrueFalse,
)
from assessments.gift.reading import read
from assessments.gift.writing import write


def only(text: str) -> Question:
    reading = read(text.encode())
    assert reading.problems == ()
    (question,) = reading.questions
    return question


def test_one_right_answer_with_feedback():
    question = only("::Fruit:: Which is sour? {\n= lemon # Yes!\n~ banana # It is sweet.\n~ mango\n#### Taste them.\n}")

    assert question == Question(
        Text("Which is sour?"),
        Choice(
            (
                Answer(Text("lemon"), Decimal(100), Text("Yes!")),
                Answer(Text("banana"), Decimal(0), Text("It is sweet.")),
                Answer(Text("mango")),
            )
        ),
        title="Fruit",
        general_feedback=Text("Taste them."),
    )


def test_several_answers_share_their_weights():
    question = only("Which two are sour? {~%50%lemon ~%50% lime ~%-33.33333%fig ~%0% %5% syrup}")

    assert question.answers == Choice(
        (
            Answer(Text("lemon"), Decimal(50)),
            Answer(Text("lime"), Decimal(50)),
            Answer(Text("fig"), Decimal("-33.33333")),
            Answer(Text("%5% syrup")),
        ),
        is_single=False,
    )


@pytest.mark.parametrize(
    ("said", "is_true"), [("T", True), ("TRUE", True), ("F", False), ("FALSE", False), ("true", True)]
)
def test_true_or_false(said, is_true):
    assert only(f"Salt melts ice. {{{said}}}").answers == TrueFalse(is_true)


def test_true_or_false_has_a_feedback_for_the_wrong_and_one_for_the_right_answer():
    question = only("Salt melts ice. {TRUE # Try it. # Right. #### On roads too.}")

    assert question.answers == TrueFalse(True, Text("Try it."), Text("Right."))
    assert question.general_feedback == Text("On roads too.")


def test_true_or_false_with_a_feedback_for_the_right_answer_alone():
    assert only("Salt melts ice. {TRUE##Right.}").answers == TrueFalse(True, None, Text("Right."))


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("3", "3", "3"),
        ("3:0.5", "2.5", "3.5"),
        ("3..4", "3", "4"),
        (" = 3 .. 4 ", "3", "4"),
        ("-4..-3.5", "-4", "-3.5"),
        (".5", "0.5", "0.5"),
        ("1e2", "100", "100"),
        ("12345678901234567890.1:0.1", "12345678901234567890", "12345678901234567890.2"),
    ],
)
def test_numbers(said, low, high):
    assert only(f"How many? {{#{said}}}").answers == Number((NumberAnswer(Decimal(low), Decimal(high)),))


def test_several_numbers_and_what_is_said_to_all_others():
    question = only("How many? {#\n=10 # Right.\n=%50%8..12 # Nearly.\n=%0%* # No.\n~#Count again.}")

    assert question.answers == Number(
        (
            NumberAnswer(Decimal(10), Decimal(10), feedback=Text("Right.")),
            NumberAnswer(Decimal(8), Decimal(12), Decimal(50), Text("Nearly.")),
            NumberAnswer(None, None, Decimal(0), Text("No.")),
        ),
        Text("Count again."),
    )


def test_matching_with_a_right_side_too_many():
    question = only("Join. {=hen -> egg =[html]<b>cow</b>->milk\n= -> wool}")

    assert question.answers == Matching(
        (
            MatchingPair(Text("hen"), "egg"),
            MatchingPair(Text("<b>cow</b>", "html"), "milk"),
            MatchingPair(Text(""), "wool"),
        )
    )


def test_short_answers():
    assert only("Who laid it? {=hen =%50%bird # Which?}").answers == ShortAnswer(
        (Answer(Text("hen"), Decimal(100)), Answer(Text("bird"), Decimal(50), Text("Which?")))
    )


def test_a_short_answer_without_a_sign():
    assert only("Who laid it? {hen}").answers == ShortAnswer((Answer(Text("hen"), Decimal(100)),))


def test_a_missing_word_has_a_tail():
    question = only("A hen lays {=eggs ~stones} every day.")

    assert (question.form, question.is_missing_word, question.tail) == ("choice", True, "every day.")


def test_a_full_stop_after_the_answers_is_no_missing_word():
    question = only("A hen lays {=eggs ~stones}.")

    assert (question.is_missing_word, question.tail) == (False, ".")


def test_an_open_question_and_a_text_to_read():
    reading = read(b"::Talk:: How was it? {}\n\n::Note:: Read this first.\n")

    assert [(entry.title, entry.answers) for entry in reading.questions] == [
        ("Talk", Essay()),
        ("Note", Description()),
    ]


def test_formats_are_inherited_from_the_question():
    question = only("[html]<i>Which?</i> {= a # b ~[plain]c # [markdown]*d*}")

    assert question.stem == Text("<i>Which?</i>", "html")
    assert question.answers == Choice(
        (
            Answer(Text("a", "html"), Decimal(100), Text("b", "html")),
            Answer(Text("c", "plain"), Decimal(0), Text("*d*", "markdown")),
        )
    )


def test_an_unknown_format_is_text():
    assert only("[note]Which? {}").stem == Text("[note]Which?")


def test_every_escape():
    question = only(r"\~ \= \# \{ \} \: a\nb c\\d \\n {=\~ \= \# \{x\} ~ -\> \: }")

    assert question.stem == Text("~ = # { } : a\nb c\\d \\n")
    assert question.answers == Choice((Answer(Text("~ = # {x}"), Decimal(100)), Answer(Text("-> :"))))


def test_line_breaks_of_the_file_are_kept_or_joined():
    data = b"First line,\nsecond line.\\nThird. {}"

    assert read(data).questions[0].stem.text == "First line,\nsecond line.\nThird."
    assert read(data, joins_lines=True).questions[0].stem.text == "First line, second line.\nThird."


def test_categories_comments_ids_and_tags():
    reading = read(
        b"// Birds of the yard\n\n$CATEGORY: $course$/Birds\n\n"
        b"// question: 7  name: Hen\n// [id:hen\\]1] [tag:easy] [tag:a b]\n"
        b"::Hen:: Who? {\n// best\n= hen\n~ cow\n// end\n}\n"
    )

    assert reading.entries == (
        Comment(("Birds of the yard",)),
        Category("$course$/Birds"),
        Question(
            Text("Who?"),
            Choice((Answer(Text("hen"), Decimal(100), comments=("best",)), Answer(Text("cow")))),
            title="Hen",
            id_number="hen]1",
            tags=("easy", "a b"),
            comments=("question: 7  name: Hen",),
            inner_comments=("end",),
        ),
    )


def test_windows_lines_a_byte_order_mark_and_old_encodings():
    assert read("\ufeffWhere? {}\r\n\r\nWhen? {}\r\n".encode()).encoding == "utf-8"
    assert len(read(b"Where? {}\r\n\r\nWhen? {}\r\n").questions) == 2
    old = read("Café? {}".encode("windows-1252"))
    assert (old.questions[0].stem.text, old.encoding, old.is_whole) == ("Café?", "windows-1252", True)
    assert [(problem.line, problem.rule) for problem in old.problems] == [(1, "windows_1252")]


def test_the_one_shape_in_which_questions_are_written():
    scruffy = (
        "::Fruit::Which is\nsour?{=lemon#Yes: it is!  ~banana\n~%50%lime####Taste {them}}".replace("{them}", "them")
        + "\n\n$CATEGORY:Birds\n\nSalt melts ice.{F#No.#Yes.}.\n\nHow many?{#3:1}"
    )

    assert write(read(scruffy.encode(), joins_lines=True).entries) == (
        "::Fruit:: Which is sour? {\n"
        "    = lemon # Yes: it is!\n"
        "    ~ banana\n"
        "    ~%50% lime\n"
        "    #### Taste them\n"
        "}\n"
        "\n"
        "$CATEGORY: Birds\n"
        "\n"
        "Salt melts ice. {FALSE\n"
        "    # No.\n"
        "    # Yes.\n"
        "}.\n"
        "\n"
        "How many? {#\n"
        "    = 2..4\n"
        "}\n"
    )
