"""This app's pages among stand-ins for those of the apps above, which it does not know."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.generic import RedirectView

from people.discretion import kept_through_lock

SECRET = "The lesson that nobody else may see"
stored: list[str] = []


@login_required
def content(request: HttpRequest, **_kwargs: str) -> HttpResponse:
    """A page of hers, with something on it that could leak."""
    return HttpResponse(f"<p>{SECRET}, {request.user.display_name}</p>")


def open_page(request: HttpRequest, **_kwargs: str) -> HttpResponse:
    """A page for everybody; says whom it sees."""
    return HttpResponse(f"<p>help for {request.user}</p>")


@kept_through_lock
def long_form(request: HttpRequest) -> HttpResponse:
    stored.append(request.POST["answer"])
    return redirect("/en/today/?result")


def short_form(request: HttpRequest) -> HttpResponse:
    stored.append(request.POST["answer"])
    return redirect("/en/today/")


def recording(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("sound", headers={"Cache-Control": "public, max-age=3600"})


def with_message(request: HttpRequest) -> HttpResponse:
    messages.success(request, SECRET)
    return redirect("/en/today/")


def desk_lock(request: HttpRequest) -> HttpResponse:
    """The writing desk locks texts, at addresses that have the name of ours in a namespace of their own."""
    stored.append("locked a text")
    return HttpResponse()


def nothing(_request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("admin/", content, name="wagtailadmin_home"),
    path("admin/pages/", include(([path("5/lock/", desk_lock, name="lock")], "wagtailadmin_pages"))),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login"), name="wagtailcore_login"),
    path("verify/", open_page, name="verify"),
    path("recording/", recording, name="recording"),
    path("", include("people.public_urls")),
    *i18n_patterns(
        path("", open_page, name="home"),
        path("", include("people.urls")),
        path("help/", open_page, name="help-for-me"),
        path("today/", content, name="today"),
        path("roster/", content, name="roster"),
        path("people/", content, name="people-list"),
        path("learn/", content, name="learn"),
        path("certificates/", content, name="my-certificates"),
        path("phones/", content, name="my-phones"),
        path("m4/l2/", content, name="lesson"),
        path("m4/q/", long_form, name="long-form"),
        path("record/end/", short_form, name="short-form"),
        path("message/", kept_through_lock(with_message), name="with-message"),
        path("base/", lambda request: render(request, "base.html"), name="verify-serial"),
        path("nothing/", nothing, name="nothing"),
        prefix_default_language=True,
    ),
]
