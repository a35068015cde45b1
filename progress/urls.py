"""Her pages. The address of a lesson, such as ``m4/l2``, is neutral and never changes."""

from django.urls import path, re_path

from curriculum.listening.playing import playing
from progress import finding_views, update_views, views

MODULE = r"(?P<module>[a-z]{1,2}[0-9]{1,2})"
LESSON = r"(?P<lesson>l[0-9]{1,2})"

urlpatterns = [
    path("today/", views.today, name="today"),
    path("learn/", views.learn, name="learn"),
    path("find/", finding_views.finding, name="find"),
    path("words/", finding_views.words, name="words"),
    path("updates/<uuid:update>/", update_views.update, name="update"),
    re_path(rf"^{MODULE}/$", views.module, name="module"),
    re_path(rf"^{MODULE}/listen/$", playing(views.module), {"hear": True}, name="module-listen"),
    re_path(rf"^{MODULE}/{LESSON}/$", views.lesson, name="lesson"),
    re_path(rf"^{MODULE}/{LESSON}/listen/$", playing(views.listen), name="lesson-listen"),
    re_path(rf"^{MODULE}/{LESSON}/studied/$", views.studied, name="study-lesson"),
]
