"""What is written is read as the same, whatever it says; what was read is written as the same, byte for byte."""

from __future__ import annotations

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from curriculum.packs import open_files, plain, prose, write
from curriculum.packs.model import Module, Pack, Problems
from curriculum.packs.reading import read
from tests.curriculum.packs import making

PATIENT = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def by_folder(pack: Pack) -> dict[str, Module]:
    return {module.folder: module for module in pack.all_modules()}


@PATIENT
@given(making.packs())
def test_a_pack_that_is_written_is_read_as_it_was(pack: Pack) -> None:
    problems = Problems()

    again = read(write(pack), problems)

    assert problems == []
    assert by_folder(again) == by_folder(pack)
    assert (again.code, again.name, again.languages) == (pack.code, pack.name, pack.languages)
    assert (again.library, again.strands) == (pack.library, pack.strands)


@PATIENT
@given(making.packs())
def test_files_in_canonical_form_are_written_as_they_were(pack: Pack) -> None:
    files = write(pack)

    assert write(read(files, Problems())) == files
    assert [problem for problem in open_files(files).problems if "canonical" in problem.what] == []


@settings(max_examples=400, deadline=None)
@given(making.anything)
@example('**"Hello"**you')
@example("*a***b**")
@example("- a\n\n  b")
@example("a\\\n- b")
@example("&amp;lt;")
@example("****{******🌿**")
def test_markdown_has_one_form_and_keeps_its_words(text: str) -> None:
    once = prose.canonical(text)

    assert prose.canonical(once) == once
    assert prose.pieces(prose.tree(once)) == prose.pieces(prose.tree(text))
    assert prose.html_of(prose.tree_of_html(prose.html_of(prose.tree(once)))) == prose.html_of(prose.tree(once))


@settings(max_examples=400, deadline=None)
@given(making.anything)
def test_plain_words_have_one_form_and_keep_every_sign(text: str) -> None:
    tidy = plain.tidy(text)

    assert plain.read(plain.written(text).split("\n")) == tidy
    assert plain.tidy(tidy) == tidy


rich = st.recursive(
    making.line.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inside: st.tuples(st.sampled_from(["b", "i"]), st.lists(inside, min_size=1, max_size=3)).map(
        lambda found: f"<{found[0]}>{''.join(found[1])}</{found[0]}>"
    ),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None)
@given(st.lists(rich, max_size=4).map("".join))
@example('<b>"Hi"</b>you')
@example("<b>a</b><i>b</i>")
@example("a<b> b </b>c")
@example("<b><i>a</i>b</b>")
@example("<i>a</i>b")
def test_rich_text_from_the_desk_keeps_its_words(html: str) -> None:
    nodes = prose.tree_of_html(f"<p>{html}</p>")

    again = prose.tree(prose.written(nodes))

    assert prose.pieces(again) == prose.pieces(nodes)
