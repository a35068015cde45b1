"""What our fonts can write, measured before anything is laid out."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from config import languages
from paper import engine, letters
from paper.engine import CannotPrint
from paper.letters import POINT, largest, lines_of, unprintable, width_of

ALPHABETS = {
    "venda and its neighbours": "ḓ ḽ ṅ ṋ ṱ š ŵ ŝ ê ô ẋ",
    "hausa and yoruba": "ɓ ɗ ƙ ƴ ẹ ọ ṣ ẹ́ ọ̀ ń",
    "kikuyu and kamba": "ĩ ũ Ĩ Ũ",
    "kinyarwanda and luganda": "ŋ Ŋ",
    "french and portuguese": "œ æ ç é è ê ë î ï ô ù û ü ã õ á í ó ú “ ” ’ – « »",
    "vietnamese, turkish, czech": "ế ộ ğ ı ş ř ů ž",
    "amharic": "ሀ ሁ ሂ ለ ጠ ጸ ፀ ፐ ፈ ቋ ፡ ። ፣",
}


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_every_alphabet_here_can_be_written(alphabet: str) -> None:
    signs = ALPHABETS[alphabet]
    assert unprintable(signs) == unprintable(unicodedata.normalize("NFD", signs)) == ""


def test_the_names_of_our_languages_can_be_written() -> None:
    assert unprintable("".join(name for _code, name in [*languages.COMPLETE, *languages.BEGINNING])) == ""


@pytest.mark.parametrize(
    ("text", "signs"), [("Ana 🌸🌸", "🌸"), ("❤️ Ana ✌🏽", "❤✌🏽"), ("سارة", "سارة"), ("李Ana", "李"), ("Ana\u200d", "")]
)
def test_signs_without_a_font_are_named_once_each(text: str, signs: str) -> None:
    assert unprintable(text) == signs


def test_width_grows_with_the_letters_and_the_size() -> None:
    one = width_of("Wanjikũ", 10)
    assert width_of("Wanjikũ", 20) == pytest.approx(2 * one)
    assert width_of("Wanjikũ" * 2, 10) == pytest.approx(2 * one)
    assert width_of("Wanjikũ", 10, "bold") > one
    assert width_of(unicodedata.normalize("NFD", "Wanjikũ"), 10) == one
    # Noto Sans Regular, advance of the digits: 572 of 1000.
    assert width_of("0000", 10) == pytest.approx(4 * 0.572 * 10 * POINT)


def test_lines_break_at_gaps() -> None:
    word = width_of("Amelia", 10)
    assert lines_of("Amelia Amelia", 10, word * 3) == 1
    assert lines_of("Amelia Amelia", 10, word * 1.5) == 2
    assert lines_of("Amelia", 10, word / 2) == 1
    assert largest("Amelia", (20, 10), word) == 10
    assert largest("Amelia", (20, 15), word) is None


def test_a_missing_font_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engine, "FONTS", tmp_path)
    letters._advances.cache_clear()
    with pytest.raises(CannotPrint) as refused:
        unprintable("Ana")
    letters._advances.cache_clear()
    assert str(refused.value) == (
        "Nothing was printed: this server has no font file NotoSansEthiopic-Regular.ttf. "
        "Put the program's own files back."
    )
