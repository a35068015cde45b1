"""A picture waits behind its price; the page that shows it at once is another page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import override

from progress.on_tap import on_tap

FIGURE = '<figure class="picture"><img src="/media/images/x-1.webp" loading="lazy" alt="A &quot;cup&quot;"></figure>'


def test_a_picture_names_its_price(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    default_storage.save("images/x-1.webp", ContentFile(bytes(12_400)))

    with override("sw"):
        page = on_tap(FIGURE)

    assert page == (
        '<figure class="picture"><a class="button quiet" href="?pictures=yes" data-tap>Onyesha picha (KB 12)</a>'
        '<img data-src="/media/images/x-1.webp" loading="lazy" alt="A &quot;cup&quot;" hidden></figure>'
    )


def test_the_way_to_the_pictures_keeps_the_language_of_the_text() -> None:
    assert 'href="?in=sw&amp;pictures=yes"' in on_tap(FIGURE, only="sw")


def test_a_picture_that_waits_already_is_the_same() -> None:
    assert on_tap(FIGURE.replace(" src=", " data-src=")) == on_tap(FIGURE)


def test_a_picture_from_elsewhere_costs_at_least_something() -> None:
    assert "(1 KB)" in on_tap('<img src="https://elsewhere.example/x.png">')


def test_text_without_pictures_stays_as_it_is() -> None:
    assert on_tap("<p>2 &lt; 3</p>") == "<p>2 &lt; 3</p>"
