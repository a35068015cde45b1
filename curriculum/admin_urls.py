"""Addresses of the writing desk that are ours, and the guard before all of Wagtail's."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.defaults import page_not_found
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from curriculum import desk_meanings, desk_views
from curriculum.desk_guard import desk
from curriculum.desk_packs import views as desk_packs
from curriculum.desk_settings import DeskSettingsView
from curriculum.listening import views as listening
from curriculum.pasting import views as pasting
from curriculum.releases import views as releases
from curriculum.rules import views as rules
from curriculum.translating import file_views as translating_files
from curriculum.translating import views as translating

__all__ = ["urlpatterns"]


def nothing_here(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return page_not_found(request, Http404())


urlpatterns: list[URLPattern] = decorate_urlpatterns(
    decorate_urlpatterns(
        [
            path("translations/", translating.overview, name="desk_translations"),
            path("translations/<str:language>/<slug:folder>/", translating.room, name="desk_translating"),
            path(
                "translations/<str:language>/<slug:folder>/publish/",
                translating.publish,
                name="desk_translating_publish",
            ),
            path("translations/<str:language>/<slug:folder>/read/", translating.sign, name="desk_translating_sign"),
            path(
                "translations/<str:language>/<slug:folder>/bring-in/",
                translating_files.bring_in,
                name="desk_translating_bring_in",
            ),
            re_path(
                r"^translations/(?P<language>[A-Za-z-]+)/(?P<folder>[-\w]+)/texts\.(?P<kind>po|xlsx)$",
                translating_files.give_out,
                name="desk_translating_give_out",
            ),
            path(
                "translations/<str:language>/<slug:folder>/<slug:mark>/", translating.save, name="desk_translating_save"
            ),
            path("reviews/", desk_views.reviews, name="desk_reviews"),
            path("reviews/<int:task_state_id>/", desk_views.review, name="desk_review"),
            path("typos/", desk_meanings.typos, name="desk_typos"),
            path("typos/<int:said>/<str:country>/", desk_meanings.typo_looked_at, name="desk_typo_looked_at"),
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
            path("paste/", pasting.clean, name="desk_paste"),
            path("from-word/", pasting.from_word, name="desk_from_word"),
            path("releases/", releases.room, name="desk_releases"),
            path("releases/new/<str:country>/", releases.new, name="desk_release_new"),
            path("releases/<uuid:uuid>/", releases.release, name="desk_release"),
            path("releases/<uuid:uuid>/again/", releases.again, name="desk_release_again"),
            path("releases/<uuid:uuid>/document/", releases.document, name="desk_release_document"),
            path("releases/documents/<uuid:uuid>/", releases.read, name="desk_release_read"),
            path("releases/documents/<uuid:uuid>/paper/", releases.paper, name="desk_release_paper"),
            path("releases/documents/<uuid:uuid>/approve/", releases.approve, name="desk_release_approve"),
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
