"""Where the code on a paper leads. The address is in capitals on it, which makes the code smaller; it never changes."""

from django.urls import path, re_path

from certificates import public_views

urlpatterns = [
    path("<str:text>", public_views.verify_code, name="verify-code"),
    re_path(r"^(?P<text>[^/]+)/$", public_views.verify_code),
]
