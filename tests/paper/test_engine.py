"""What every printed document rests on: our fonts, nothing from outside, the same bytes again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from paper import engine
from paper.dates import country_name, long_date, number
from paper.engine import FONTS, CannotPrint, OutsideRefused, own_files_only, pdf_of

STYLE = Path(engine.__file__).resolve().parents[1] / "printing" / "print.css"
HTML = "<html lang=en><title>A</title><h1>A</h1><p>b</p><p style='break-before:page'>c</p></html>"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "3 March 2027"),
        ("sw", "3 Machi 2027"),
        ("fr", "3 mars 2027"),
        ("pt", "3 de março de 2027"),
        ("st", "3 Hlakubele 2027"),
        ("xx", "3 March 2027"),
    ],
)
def test_long_date_in_the_document_s_language(language: str, words: str) -> None:
    assert long_date(date(2027, 3, 3), language) == words


@pytest.mark.parametrize(
    "url",
    ["https://example.org/x.png", "http://127.0.0.1/", "file:///etc/passwd", f"{FONTS.parent.as_uri()}/engine.py"],
)
def test_fetcher_refuses_everything_outside(url: str) -> None:
    with pytest.raises(OutsideRefused):
        own_files_only().fetch(url)


def test_the_same_document_gives_the_same_bytes() -> None:
    made = [pdf_of(HTML, STYLE, identifier="one", variant="pdf/ua-1") for _again in range(2)]
    assert made[0] == made[1]
    assert made[0].startswith(b"%PDF-")


def test_pages_are_told_while_they_are_laid_out() -> None:
    told: list[int] = []
    pdf_of(HTML, STYLE, identifier="one", variant="pdf/ua-1", on_page=told.append)
    assert max(told) == 2


def test_a_document_that_asks_for_something_outside_gets_nothing() -> None:
    asked = HTML.replace("<p>b</p>", "<img alt='' src='http://127.0.0.1:1/x.png'>")
    assert pdf_of(asked, STYLE, identifier="one", variant="pdf/ua-1").startswith(b"%PDF-")


def test_a_server_without_our_fonts_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(engine, "FONTS", tmp_path)
    engine._setting.cache_clear()
    with pytest.raises(CannotPrint, match="NotoSans-Bold"):
        pdf_of(HTML, STYLE, identifier="one")
    engine._setting.cache_clear()


def test_a_server_without_pango_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without(name: str, *args: object, **kwargs: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    engine._weasyprint.cache_clear()
    engine._setting.cache_clear()
    with pytest.raises(CannotPrint, match="libpango"):
        pdf_of(HTML, STYLE, identifier="one")
    monkeypatch.undo()
    engine._weasyprint.cache_clear()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Kenya"), ("fr", "Afrique du Sud"), ("pt", "África do Sul"), ("sw", "Afrika Kusini")]
)
def test_a_country_has_a_name_in_the_language_of_the_document(language: str, words: str) -> None:
    assert country_name("KE" if language == "en" else "ZA", language) == words
    assert country_name("QX", language, "Elsewhere") == "Elsewhere"


def test_numbers_are_written_as_the_language_does() -> None:
    assert number(1250, "en") == "1,250"
    assert number(1250, "pt") == "1.250"
