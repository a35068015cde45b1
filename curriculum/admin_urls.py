"""Addresses of the writing desk that are ours, and the guard before all of Wagtail's."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.defaults import page_not_found
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from curriculum import desk_views
from curriculum.desk_guard import desk
from curriculum.desk_packs import views as desk_packs
from curriculum.desk_settings import DeskSettingsView
from curriculum.listening import views as listening
from curriculum.rules import views as rules

__all__ = ["urlpatterns"]


def nothing_here(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return page_not_found(request, Http404())


urlpatterns: list[URLPattern] = decorate_urlpatterns(
    decorate_urlpatterns(
        [
            path("translations/", desk_views.translations, name="desk_translations"),
            path("reviews/", desk_views.reviews, name="desk_reviews"),
            path("reviews/<int:task_state_id>/", desk_views.review, name="desk_review"),
            path("read/<int:page_id>/", desk_views.read_page, name="desk_read_page"),
            path("help-words/", desk_views.help_words, name="desk_help_words"),
            path("listening/", listening.room, name="desk_listening"),
            path("listening/<slug:language>/again/", listening.again, name="desk_listening_again"),
            path("listening/<slug:language>/keep/", listening.keep, name="desk_listening_keep"),
            path("listening/<slug:language>/stop/", listening.stop, name="desk_listening_stop"),
            path("listening/<slug:language>/read/<path:key>/", listening.sitting, name="desk_listening_read"),
            path("rules/", rules.rules, name="desk_rules"),
            path("rules/<slug:key>/", rules.rule, name="desk_rule"),
            path("rules/<slug:key>/<str:country>/change/", rules.change, name="desk_change"),
            path("updates/<uuid:uuid>/", rules.update, name="desk_update"),
            path("packs/", desk_packs.room, name="desk_packs"),
            path("packs/waiting/", desk_packs.waiting, name="desk_packs_waiting"),
            path("packs/put-away/", desk_packs.put_away, name="desk_packs_put_away"),
            path("packs/<slug:code>/", desk_packs.give_out, name="desk_packs_give_out"),
            path("packs/<slug:code>/<slug:folder>/", desk_packs.give_out, name="desk_packs_give_out_module"),
            path("account/", DeskSettingsView.as_view(), name="desk_settings"),
        ],
        require_admin_access,
    ),
    desk,
)
# People and their rights come from roles, on the coordinator's pages; an account made here would have
# no invitation, and could be given every right there is.
urlpatterns += [re_path(r"^users/", nothing_here)]

decorate_urlpatterns(wagtailadmin_urls.urlpatterns, desk)
