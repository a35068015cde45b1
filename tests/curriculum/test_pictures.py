from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern

from curriculum import public_urls
from curriculum.models import Article
from curriculum.pictures import picture

resolver = URLResolver(RegexPattern(r"^/media/"), public_urls.urlpatterns)


def get(address: str) -> Any:
    match = resolver.resolve(address)
    return match.func(RequestFactory().get(address), **match.kwargs)


@pytest.mark.django_db
def test_the_picture_of_an_article_is_served_and_kept(begin_with: Callable[..., Any]) -> None:
    begin_with()
    assert "/media/original_images/x1-1.svg" in Article.objects.get(path="x1/l1", language="sw", country="KE").html

    response = get("/media/original_images/x1-1.svg")

    assert response.headers["Content-Type"] == "image/svg+xml"
    assert b"<rect" in b"".join(response.streaming_content)
    response.close()
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@pytest.mark.parametrize(
    "address", ["/media/", "/media/original_images/", "/media/original_images/../env", "/media/documents/x.pdf"]
)
def test_nothing_else_is_served(address: str, settings: Any) -> None:
    (Path(settings.MEDIA_ROOT) / "original_images").mkdir(parents=True)

    with pytest.raises((Http404, Resolver404)):
        get(address)


def test_a_picture_that_is_not_there_is_not_found() -> None:
    with pytest.raises(Http404):
        picture(RequestFactory().get("/"), path="original_images/none.svg")
