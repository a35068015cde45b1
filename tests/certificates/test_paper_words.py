"""What a paper says in one language and in two, before anything is laid out."""

from __future__ import annotations

import json
import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from certificates.models import Certificate, CertificateFile
from certificates.paper_fit import size_class
from certificates.paper_words import both, languages_of, missing_titles, titles_of
from certificates.render import STYLE, SignsWithoutFont, cards_html, certificate_html, record_of
from curriculum.blocked_words import blocked_words_in
from paper.letters import unprintable
from tests.certificates.papers import AMHARIC, MARKS, PASSPORT, TITLES, ZULU, make_paper

Kind = CertificateFile.Kind


def test_hers_stands_first_and_the_working_language_small_beneath() -> None:
    html = certificate_html(make_paper("sw", "en"))
    assert '<html lang="sw">' in html
    assert 'kinatolewa kwa <span class="c" lang="en">· is given to</span>' in html
    assert '3 Machi 2026<span class="b" lang="en">3 March 2026</span>' in html
    assert f'<span class="b" lang="en">{TITLES["en"]}</span>' in html
    assert html.index("Ustadi wa kusikiliza") < html.index("Listening skills")


def test_one_language_is_said_once() -> None:
    html = certificate_html(make_paper("fr"))
    assert html.count("3 mars 2026") == html.count("3 mars 2027") == 1
    assert 'class="b"' not in html
    assert 'class="c"' not in html


def test_words_that_are_not_translated_stand_in_english_once_and_marked() -> None:
    """isiZulu has its dates and few words of its own: what is English says so to whoever listens."""
    paper = make_paper("en", language="zu", languages=["zu", "en"], titles={"zu": "Isitifiketi", "en": TITLES["en"]})
    html = certificate_html(paper)
    assert html.count("What was learned") == html.count("Listening skills") == 1
    assert '<span lang="en">is given to</span>' in html
    assert "Isitifiketi" in html


def test_a_paper_from_before_there_were_two_languages_has_one() -> None:
    paper = make_paper("sw", languages=[], titles={})
    assert languages_of(paper) == ["sw"]
    assert titles_of(paper).first == TITLES["sw"]
    assert "Cheti cha Umahiri" in certificate_html(paper)


def test_a_title_that_is_missing_is_left_out_and_named() -> None:
    paper = make_paper("sw", "en", titles={"sw": TITLES["sw"]})
    assert titles_of(paper).second == ""
    assert missing_titles({"sw": "Cheti", "en": ""}, ["sw", "en"]) == (
        "The title is not yet written in English. The paper says it in Kiswahili."
    )
    assert missing_titles({"en": "Certificate"}, ["sw", "fr", "sw"]) == (
        "The title is not yet written in Kiswahili, Français. The paper says it in English."
    )
    assert missing_titles({"sw": "Cheti", "en": "Certificate"}, ["sw", "en"]) == missing_titles({}, ["sw"]) == ""


def test_a_title_that_is_missing_in_hers_stands_in_the_working_language_and_says_so() -> None:
    """A reader of screens says an English title as English; the dates beside it are hers."""
    paper = make_paper("sw", "en", titles={"en": TITLES["en"]}, title=TITLES["en"])
    html = certificate_html(paper)
    assert re.search(r'<h1 [^>]*lang="en">Certificate of Competence <span', html)
    assert html.count("Certificate of Competence") == 1
    assert "3 Machi 2026" in html
    record = make_paper("sw", "en", titles={"en": TITLES["en"]}, title=TITLES["en"], is_record=True)
    assert f'<span lang="en">{TITLES["en"]}</span>' in certificate_html(record)
    assert re.search(r'<p class="title [^>]*lang="en">Certificate of Competence:', certificate_html(paper, Kind.CARD))


def test_a_module_without_a_title_in_hers_is_marked_as_what_it_is() -> None:
    paper = make_paper(
        "sw",
        "en",
        modules=[
            {
                "code": "M",
                "cover_title": "Strong minds",
                "cover_titles": {"en": "Strong minds"},
                "hours": 2,
                "is_practised": True,
            }
        ],
    )
    assert certificate_html(paper).count("Strong minds") == 1
    assert '<li><span lang="en">Strong minds</span></li>' in certificate_html(paper)


def test_a_second_language_that_says_the_same_is_left_out() -> None:
    assert both(["pt", "en"], lambda _language: "36").second == ""


def test_the_whole_list_goes_on_where_two_languages_do_not_fit() -> None:
    html = certificate_html(make_paper("sw", "en", count=16))
    assert 'class="next"' in html
    assert html.count("Ustadi wa kusikiliza") == 4 * 2
    assert html.count("Listening skills") == 4
    assert 'class="next"' not in certificate_html(make_paper("sw", count=16))
    assert 'class="next"' not in certificate_html(make_paper("sw", "en", count=9))


@pytest.mark.parametrize("name", ["Wanjikũ 🌸", "سارة", "美玲", "Ana ☺ Ana"])
def test_a_name_that_no_font_can_write_is_refused_in_a_sentence(name: str) -> None:
    signs = unprintable(name)
    with pytest.raises(SignsWithoutFont) as refused:
        certificate_html(make_paper(printed_name=name))
    assert str(refused.value) == (
        f"This name has a sign that cannot be printed: {' '.join(signs)}. Ask her to write her name with letters."
    )
    with pytest.raises(SignsWithoutFont):
        cards_html([make_paper(printed_name=name)])


@pytest.mark.parametrize("name", [ZULU, AMHARIC, MARKS, "N’Diaye Ọlá-Ọlúwa", "Đặng Thị Hiền", "Ʒoë ʻAnahí"])
def test_a_name_that_can_be_written_is_not_refused(name: str) -> None:
    assert unprintable(name) == ""


def test_a_passport_says_everything_that_was_done() -> None:
    html = certificate_html(make_paper("en", facts=PASSPORT))
    for words in ("1 February 2025 – 31 January 2027", "86.5", ">14<", "ABCD EFGH JKLM", "Talking with trust, step 15"):
        assert words in html
    assert html.count("<tbody>") == 4
    assert "Talking with trust" not in certificate_html(make_paper("en", facts={"kind": "certified"}))


def test_a_passport_without_hours_or_papers_leaves_their_places_out() -> None:
    html = certificate_html(make_paper("en", facts={"practices": [], "certificates": [], "attendance_hours": "0"}))
    assert html.count("<tbody>") == 2
    assert "Hours attended" not in html


def test_the_named_copy_has_the_full_name_and_nothing_else_that_differs() -> None:
    paper = make_paper(facts={"named_copy_name": "Thandi and Friends Peer Programme"})
    named, neutral = certificate_html(paper, Kind.NAMED), certificate_html(paper)
    assert named == neutral.replace("Family Learning Programme", "Thandi and Friends Peer Programme")
    assert "Thandi and Friends" not in json.dumps(record_of(paper))


def test_letterhead_in_two_languages() -> None:
    lines = {"sw": ["Jamhuri ya Kenya", "Wizara ya Afya"], "en": ["Republic of Kenya", "Ministry of Health"]}
    html = certificate_html(make_paper("sw", "en", letterhead=lines["sw"], facts={"letterheads": lines}))
    assert '<p class="c" lang="en">Republic of Kenya · Ministry of Health</p>' in html
    assert html.count("Ministry of Health") == 1


def test_a_certificate_that_follows_another_names_it() -> None:
    before = Certificate(pk=7, serial="ABCDEFGHJKLM")
    html = certificate_html(make_paper(replaces=before))
    assert "In place of number ABCD\xa0EFGH\xa0JKLM" in html  # never broken over two lines
    assert record_of(make_paper(replaces=before))["in_place_of"] == "ABCDEFGHJKLM"
    assert "In place of" not in certificate_html(make_paper())


def test_cards_stand_five_on_a_sheet() -> None:
    html = cards_html([make_paper("sw", "en")] * 6)
    assert html.count('class="cards-page n5"') == html.count('class="cards-page n1"') == 1
    assert "<title>K7M2 QXAB 9TRE + 5</title>" in html
    assert html.count("<img ") == 6
    assert certificate_html(make_paper(), Kind.CARD) == cards_html([make_paper()])


def test_the_record_holds_the_facts_of_the_row() -> None:
    paper = make_paper("sw", "en", facts=PASSPORT, curriculum_versions={"M0/sw": "abc"})
    record = record_of(paper)
    assert json.loads(json.dumps(record)) == record
    assert record["number"] == paper.serial
    assert record["name"] == paper.printed_name
    assert record["titles"] == {"sw": TITLES["sw"], "en": TITLES["en"]}
    assert (record["issued_on"], record["expires_on"]) == ("2026-03-03", "2027-03-03")
    assert record["modules"][0] == {
        "code": "M0",
        "titles": {"sw": "Ustadi wa kusikiliza", "en": "Listening skills"},
        "hours": 6,
        "is_practised": True,
    }
    assert record["facts"] == {name: value for name, value in PASSPORT.items() if name != "kind"}
    assert record_of(make_paper(expires_on=None))["expires_on"] is None


@pytest.mark.parametrize("language", ["en", "sw", "fr", "pt"])
def test_nothing_that_is_printed_discloses(language: str) -> None:
    paper = make_paper(language, facts={})
    shapes = [paper, make_paper(language, is_record=True), make_paper(language, facts=PASSPORT, is_demonstration=True)]
    for html in [certificate_html(each) for each in shapes] + [cards_html([paper])]:
        said = re.sub(r"<[^>]+>", " ", re.sub(r'"data:[^"]+"', "", html))
        assert blocked_words_in(said) == []


def test_every_size_that_is_chosen_has_its_class() -> None:
    from certificates import paper_fit

    places = (paper_fit.NAME, paper_fit.NAME_IN_RECORD, paper_fit.NAME_ON_CARD)
    sizes = {size for place in places for size in (*place.one, *place.two)}
    sizes |= {*paper_fit.TITLE_SIZES, *paper_fit.RECORD_TITLE_SIZES, *paper_fit.LIST_SIZES, *paper_fit.CARD_SIZES}
    style = STYLE.read_text()
    assert [size for size in sizes if f".{size_class(size)} {{ font-size: {size:g}pt; }}" not in style] == []


def test_the_language_in_force_changes_nothing() -> None:
    paper = make_paper("sw", "en")
    with translation.override("pt"):
        assert certificate_html(paper) == certificate_html(paper)
        there = certificate_html(paper)
    assert there == certificate_html(paper)
    assert "{{" not in there + render_to_string("certificates/print_leaf.html")
