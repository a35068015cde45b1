"""Root addresses. Neutral words only: an address is seen by whoever holds the phone next."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    # Wagtail's own sign-in and password pages know neither our limits nor our one message.
    path("admin/login/", to_sign_in),
    re_path(r"^admin/password_reset/", to_sign_in),
    path("_util/login/", to_sign_in, name="wagtailcore_login"),
    path("admin/", include("curriculum.admin_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/", include("curriculum.public_urls")),
    path("", include("demonstration.public_urls")),
    path("", include("people.public_urls")),
    path("", include("programme.public_urls")),
    path("", include("offline.public_urls")),
    path("verify/", include("certificates.public_urls")),
    path("V/", include("certificates.code_urls")),
    path("v/", include("certificates.code_urls")),
    *i18n_patterns(
        path("", include("demonstration.urls")),
        path("", include("people.urls")),
        path("", include("offline.urls")),
        path("", include("programme.urls")),
        path("", include("supervision.urls")),
        path("", include("certificates.urls")),
        path("", include("assessments.urls")),
        path("", include("printing.urls")),
        path("", include("progress.urls")),
        prefix_default_language=True,
    ),
]
