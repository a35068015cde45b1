"""Root addresses. Neutral words only: an address is seen by whoever holds the phone next."""

from __future__ import annotations

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("admin/login/", to_sign_in),
    re_path(r"^admin/password_reset/", to_sign_in),
    path("_util/login/", to_sign_in, name="wagtailcore_login"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
