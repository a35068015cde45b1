"""Her pages. The address of a lesson, such as ``m4/l2``, is neutral and never changes."""

from django.urls import path, re_path

from curriculum.listening.playing import playing
from progress import attendance_views, finding_views, logbook_views, update_views, views

MODULE = r"(?P<module>[a-z]{1,2}[0-9]{1,2})"
LESSON = r"(?P<lesson>l[0-9]{1,2})"
HALF_DAY = r"(?P<on>[0-9]{4}-[0-9]{2}-[0-9]{2})/(?P<half>am|pm)"

urlpatterns = [
    path("today/", views.today, name="today"),
    path("learn/", views.learn, name="learn"),
    path("find/", finding_views.finding, name="find"),
    path("words/", finding_views.words, name="words"),
    path("updates/<uuid:update>/", update_views.update, name="update"),
    path("logbook/", logbook_views.logbook, name="logbook"),
    path("logbook/<uuid:entry>/back/", logbook_views.logbook_back, name="logbook-back"),
    path("record/<uuid:term>/logbook/", logbook_views.logbook_signing, name="logbook-signing"),
    path("people/days/", attendance_views.my_cohorts, name="sheets-of-cohorts"),
    path("people/cohorts/<int:cohort>/days/", attendance_views.days, name="days"),
    path("people/cohorts/<int:cohort>/days/blank/", attendance_views.blank_sheet, name="blank-sheet"),
    path("people/cohorts/<int:cohort>/days/join/", attendance_views.join, name="join-cohort"),
    re_path(rf"^people/cohorts/(?P<cohort>[0-9]{{1,9}})/days/{HALF_DAY}/$", attendance_views.sheet, name="sheet"),
    re_path(rf"^{MODULE}/$", views.module, name="module"),
    re_path(rf"^{MODULE}/listen/$", playing(views.module), {"hear": True}, name="module-listen"),
    re_path(rf"^{MODULE}/{LESSON}/$", views.lesson, name="lesson"),
    re_path(rf"^{MODULE}/{LESSON}/listen/$", playing(views.listen), name="lesson-listen"),
    re_path(rf"^{MODULE}/{LESSON}/studied/$", views.studied, name="study-lesson"),
]
