"""The product's addresses, and ``/stock/``, where Wagtail serves its own pages as it comes out of the box."""

from __future__ import annotations

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.models import Page

from config.urls import urlpatterns as of_the_product
from curriculum.models import LessonPage

# Ours are for previews only: here a lesson page behaves like any page of Wagtail, with a plain template.
LessonPage.serve = Page.serve
LessonPage.get_context = Page.get_context
LessonPage.get_template = Page.get_template
LessonPage.template = "bench/stock_page.html"

urlpatterns = [path("stock/", include(wagtail_urls)), *of_the_product]
