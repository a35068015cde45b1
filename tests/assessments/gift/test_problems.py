"""Everything wrong in a file is told with its line, all at once, and stops nothing else from being read."""

from __future__ import annotations

import pytest

from assessments.gift.blocks import MOST_BYTES
from assessments.gift.item_reading import read_items
from assessments.gift.problems import RULES
from assessments.gift.reading import read

GOOD = "\n\n::After:: Is this read? {TRUE}\n"


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("::Q::\nWhich? {= a ~ b", 2, "not_closed"),
        ("::Q:: Which? {\n= a\n~ b\n::R:: Next? {TRUE}", 1, "not_closed"),
        ("Which? = a }", 1, "not_opened"),
        ("Which? {= a ~ b} and }", 1, "not_opened"),
        ("Which {pep_window} is it? {= a ~ b}", 1, "second_block"),
        ("Which? {\n= a\n~ # only feedback\n}", 3, "empty_answer"),
        ("Which? {\nfirst\n= a\n~ b\n}", 2, "text_before_answers"),
        ("Which? {~%500% a ~ b}", 1, "weight"),
        ("Which? {=%5x% a =b}", 1, "weight"),
        ("Join. {= a -> b\n= c}", 2, "no_arrow"),
        ("Join. {= a -> b\n= c ->}", 2, "no_right_side"),
        ("Join. {a = c -> d}", 1, "text_before_answers"),
        ("How many? {#three}", 1, "not_a_number"),
        ("How many? {#1,5}", 1, "not_a_number"),
        ("How many? {#1e99}", 1, "not_a_number"),
        ("How many? {#" + "9" * 99 + "}", 1, "not_a_number"),
        ("How many? {#\n= 3\n= 5..4}", 3, "backwards_range"),
        ("How many? {#~ # No.}", 1, "no_numbers"),
    ],
)
def test_what_makes_a_question_unreadable(text, line, rule):
    reading = read((text + GOOD).encode())

    assert [(problem.line, problem.rule) for problem in reading.problems if problem.stops] == [(line, rule)]
    assert [question.title for question in reading.questions][-1] == "After"
    assert not reading.is_whole


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("Which? {\n= a\n\n~ b\n}", 3, "blank_line_inside"),
        ("Which? {= a ~ b}\n::R:: Next? {TRUE}", 2, "no_blank_line"),
        ("Which? {= a ~ b}\nNext? {TRUE}", 2, "no_blank_line"),
        ("$CATEGORY: Birds\nWhich? {= a ~ b}", 2, "no_blank_line"),
        ("::Q Which? {= a ~ b}", 1, "title_not_closed"),
        (r"Which \x? {= a ~ b}", 1, "unknown_escape"),
        ('Which? {= a ~ b}";', 1, "stray_tail"),
        ("Which? {= a{ ~ b}", 1, "brace_inside"),
        ("Which\x07? {= a ~ b}", 1, "control_characters"),
    ],
)
def test_what_is_read_all_the_same(text, line, rule):
    reading = read((text + GOOD).encode())

    assert [(problem.line, problem.rule) for problem in reading.problems] == [(line, rule)]
    assert reading.is_whole
    assert any(question.form == "choice" for question in reading.questions)


@pytest.mark.parametrize(
    ("data", "line", "rule"),
    [
        (b"Good {}\n\nBad \x81\xff {}", 3, "unknown_letters"),
        ("Which? {}".encode("utf-16"), 1, "utf16"),
        (b" " * (MOST_BYTES + 1), 1, "too_large"),
    ],
)
def test_files_that_are_no_text(data, line, rule):
    reading = read(data)

    assert ([(problem.line, problem.rule) for problem in reading.problems], reading.entries) == ([(line, rule)], ())


HEAD = "// [id:q1] [tag:practice]\n::M1-T1:: "
TWO = "Which? {\n// a\n= yes\n// b\n~ no\n}"


@pytest.mark.parametrize(
    ("text", "line", "rule"),
    [
        ("// [tag:practice]\n::M1-T1:: " + TWO, 2, "no_item_id"),
        ("// [id:Q one] [tag:practice]\n::M1-T1:: " + TWO, 2, "bad_id"),
        ("// [id:q1] [tag:practice]\n" + TWO, 2, "no_code"),
        ("// [id:q1]\n::M1-T1:: " + TWO, 2, "no_use"),
        ("// [id:q1] [tag:practice] [tag:certifying]\n::M1-T1:: " + TWO, 2, "tag_twice"),
        ("// [id:q1] [tag:practice] [tag:critcal]\n::M1-T1:: " + TWO, 2, "unknown_tag"),
        ("// [id:q1] [tag:practice] [tag:lesson 3]\n::M1-T1:: " + TWO, 2, "bad_id"),
        ("// [id:q1] [tag:practice] [tag:matching]\n::M1-T1:: " + TWO, 2, "wrong_form"),
        ("// [id:q1] [tag:practice] [tag:scenario]\n::M1-T1:: " + TWO, 2, "no_situation"),
        (HEAD + "Which? {}", 2, "not_a_kind"),
        (HEAD + "Which? {= hen}", 2, "not_a_kind"),
        (HEAD + "[html]" + TWO, 2, "not_plain"),
        (HEAD + "{\n// a\n= yes\n// b\n~ no\n}", 2, "no_stem"),
        (HEAD + "Which? {\n// a\n= yes\n~ no\n}", 5, "no_option_id"),
        (HEAD + "Which? {\n// a\n= yes\n// a\n~ no\n}", 2, "id_twice"),
        (HEAD + "Which? {\n// a\n= yes\n// b\n~ no\n// c\n}", 2, "id_of_nothing"),
        (HEAD + "Which? {\n// a\n= yes\n// b\n= no\n// c\n~ never\n}", 2, "several_right"),
        ("// [id:q1] [tag:practice] [tag:single]\n::M1-T1:: Which? {\n// a\n~ yes\n// b\n~ no\n}", 2, "no_right"),
        (HEAD + "Which? {\n// a\n= yes\n// b\n~%50% no\n}", 6, "half_right"),
        (HEAD + "Which? {\n// a\n~%100% yes\n}", 2, "few_answers"),
        (HEAD + "Which? {\n// a\n= yes\n// b # Why?\n~ no # Because.\n}", 6, "two_feedbacks"),
        (HEAD + "Which? {\n// a = 1\n= yes\n// b\n~ no\n}", 4, "lost_feedback"),
        (
            "// [id:q1] [tag:practice] [tag:ordering]\n::M1-T1:: Order.{\n// a\n= x -> 1\n// b\n= y -> 3\n}",
            2,
            "order_numbers",
        ),
        (HEAD + "How many? {#\n= 3 # Well done.\n}", 3, "lost_feedback"),
        (HEAD + "How many? {#\n= *\n= 3\n}", 3, "any_number"),
        (HEAD + "How many? {#\n// m1\n=%0% 3\n}", 2, "nothing_to_mark"),
        (HEAD + "How many? {#\n= 3\n// m1\n=%0% 4 # No.\n// m1\n=%0% 5 # Never.\n}", 7, "two_feedbacks"),
    ],
)
def test_what_makes_an_item_of_a_pack_unreadable(text, line, rule):
    good = "\n\n// [id:t9] [tag:practice]\n::M1-T9:: Is this read? {TRUE}\n"

    reading = read_items((text + good).encode())

    assert [(problem.line, problem.rule) for problem in reading.problems] == [(line, rule)]
    assert [item.id for item in reading.items] == ["t9"]


def test_all_problems_are_told_at_once_in_the_order_of_the_file():
    reading = read_items(
        b"// [id:q1]\n::M1-Q1:: Which? {= yes ~ no}\n\n::M1-Q2:: How many? {#many}\n\nWhere? {\n\n"
        b"// [id:q3] [tag:certifying]\n::M1-Q3:: Is it? {TRUE}\n\n"
        b"// [id:q3] [tag:certifying]\n::M1-Q4:: Is it? {TRUE}\n"
    )

    assert [(problem.line, problem.rule) for problem in reading.problems] == [
        (2, "no_use"),
        (2, "no_option_id"),
        (2, "no_option_id"),
        (4, "not_a_number"),
        (6, "not_closed"),
        (12, "id_twice"),
    ]
    assert [item.code for item in reading.items] == ["M1-Q3"]


def test_a_problem_says_its_line_and_what_to_do():
    (problem,) = read(b"How many? {#\n= three\n}").problems

    assert str(problem) == "line 2: “three” is no number. Please write 3, 2.5, 3:0.5 or 3..4."


def test_every_rule_can_be_filled_in():
    """A message with a hole that nobody fills would be an exception in front of its reader."""
    filled = dict.fromkeys(
        ("most", "escape", "text", "first", "second", "kind", "form", "format", "count", "least"), "x"
    )

    assert [rule for rule, message in RULES.items() if not message % filled] == []
