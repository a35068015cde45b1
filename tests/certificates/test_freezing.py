"""What is put into a row at issue: the title in a language that is said to be it, and the whole name."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from certificates import actions
from certificates.models import Certificate
from paper import engine, letters
from people.models import LONGEST_NAME, User
from tests.certificates.making import World


@pytest.mark.parametrize(
    ("reads", "titles", "languages", "title"),
    [
        # All other words of a paper are written in Kiswahili: the title alone stands in another language.
        (["sw"], {"en": "Title", "fr": "Titre"}, ["sw", "en"], "Title"),
        (["sw"], {"sw": "", "fr": "Titre"}, ["sw", "en"], "Titre"),
        (["sw"], {}, ["sw", "en"], "induction"),
        # She reads another one, in which the title is written too.
        (["sw", "fr"], {"en": "Title", "fr": "Titre"}, ["fr", "en"], "Titre"),
        # isiZulu has few words of its own: with a title in it the programme says that it wants it all the same.
        (["zu"], {"en": "Title"}, ["en"], "Title"),
        (["zu"], {"en": "Title", "zu": "Isihloko"}, ["zu", "en"], "Isihloko"),
    ],
)
def test_a_title_that_is_missing_is_another_language_s_and_never_empty(
    world: World, reads: list[str], titles: dict[str, str], languages: list[str], title: str
) -> None:
    world.learner.languages = reads
    world.learner.save()
    world.induction.titles = titles
    world.induction.save()
    world.earn("M4")
    made = world.certify()
    assert (made.language, made.languages, made.title) == (languages[0], languages, title)
    # Each title is kept under the language that it is in.
    assert made.titles == {code: words for code, words in titles.items() if words in (title, titles.get("en"))}


def test_a_name_of_ninety_letters_is_printed_whole(world: World) -> None:
    name = "Nomathamsanqa Thandolwethu Sibongakonke Mkhize-Zungu Dlamini Ntombizodwa Nkosazana Mthembu"
    assert len(name) == LONGEST_NAME == 90
    world.learner.display_name = name
    world.learner.full_clean(exclude=["password"])
    world.learner.save()
    world.earn("M4")
    made = world.certify()
    made.refresh_from_db()
    assert Certificate._meta.get_field("printed_name").clean(name, made) == name
    assert made.printed_name == name
    too_long = User(alias="AAA-222", display_name=name + "u")
    with pytest.raises(ValidationError, match="90"):
        too_long.clean_fields(exclude=["password"])


def test_the_migration_to_longer_names_left_every_refusal_standing(world: World) -> None:
    world.earn("M4")
    made = world.certify()
    with pytest.raises(DatabaseError, match=r"frozen|append-only"), transaction.atomic():
        Certificate.objects.filter(pk=made.pk).update(printed_name="Another")
    made.refresh_from_db()
    assert made.printed_name == world.learner.display_name


def test_without_a_font_nothing_is_issued_and_a_sentence_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world.earn("M4")
    world.sign_off()
    monkeypatch.setattr(engine, "FONTS", tmp_path)
    letters._advances.cache_clear()
    try:
        with pytest.raises(actions.NotEligible) as refused:
            world.issue()
    finally:
        monkeypatch.undo()
        letters._advances.cache_clear()
    (unmet,) = refused.value.unmet
    assert unmet.sentence.startswith("Nothing was printed: this server has no font file ")
    assert unmet.sentence.endswith(".ttf. Put the program's own files back.")
    assert Certificate.objects.count() == 0
    assert world.issue().printed_name == world.learner.display_name
