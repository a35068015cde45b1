"""Addresses of quizzes and observed practice. ``q`` and ``p`` say nothing to a stranger."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from assessments import signing_views, talk_views, views
from curriculum.listening.playing import playing

MODULE = r"^(?P<module>[a-z]{1,2}[0-9]{1,2})"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

urlpatterns = [
    re_path(rf"{MODULE}/q/$", views.quiz, name="quiz"),
    re_path(rf"{MODULE}/q/practice/$", views.quiz_practice, name="quiz-practice"),
    re_path(rf"{MODULE}/q/try/$", views.quiz_start, name="quiz-start"),
    re_path(rf"{MODULE}/q/try/(?P<ticket>{UUID})/$", views.quiz_try, name="quiz-try"),
    re_path(rf"{MODULE}/q/result/(?P<client_uuid>{UUID})/$", views.quiz_result, name="quiz-result"),
    # The same to listen to.
    re_path(rf"{MODULE}/q/listen/$", playing(views.quiz), name="quiz-listen"),
    re_path(rf"{MODULE}/q/practice/listen/$", playing(views.quiz_practice), name="quiz-practice-listen"),
    re_path(rf"{MODULE}/q/try/(?P<ticket>{UUID})/listen/$", playing(views.quiz_try), name="quiz-try-listen"),
    re_path(
        rf"{MODULE}/q/result/(?P<client_uuid>{UUID})/listen/$", playing(views.quiz_result), name="quiz-result-listen"
    ),
    re_path(rf"{MODULE}/p/$", views.practice, name="practice"),
    # A page of a kept module; online there is the page of the practice, and an observer signs in.
    re_path(rf"{MODULE}/p/sign/$", RedirectView.as_view(pattern_name="practice"), name="practice-sign"),
    path("people/talks/", talk_views.talks, name="talks"),
    path("people/talks/<uuid:term>/<slug:module>/", talk_views.talk, name="talk"),
    path("signing/", signing_views.signing, name="signing"),
    path("record/<uuid:term>/practice/<slug:module>/", views.observe, name="observe"),
]
